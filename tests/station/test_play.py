import pytest
from hypothesis import given
from hypothesis.strategies import floats

from posture_check.errors import InputError
from posture_check.station.play import FAULTS, read_play


@given(start=floats(0, 1e3), length=floats(0.1, 100), at=floats(0, 2e3))
def test_windows_are_from_their_beginning_to_before_their_end(start, length, at):
    start, end = round(start, 2), round(start + length, 2)
    play = read_play(f"simulate:shift?lost={start:.2f}-{end:.2f}")
    assert play.happens("lost", at) == (start <= at < end)
    assert not play.happens("frozen", at)


def test_people_come_and_go():
    play = read_play("simulate:shift?two=5-8&away=7-9&away=20-")
    assert [play.people(at) for at in (0, 5, 7, 8.5, 9, 20, 1e6)] == [1, 2, 0, 0, 1, 0, 0]
    assert read_play("simulate:shift?people=0").people(3) == 0


def test_faults_are_named_by_clause():
    assert read_play("simulate:shift?fault=ST-10,TI-01&fault=SI-09").faults == ("ST-10", "TI-01", "SI-09")
    assert set(FAULTS) >= {"ST-02", "ST-10", "WA-02", "GE-04", "BD-01"}


@pytest.mark.parametrize(
    ("camera", "says"),
    [
        ("simulate:nobody_knows", "no such scene"),
        ("simulate:shift?fault=ST-99", "fault=ST-99"),
        ("simulate:shift?lost=9-4", "must end after it begins"),
        ("simulate:shift?away=soon", "FROM-TO"),
        ("simulate:shift?people=3", "from 0 to 2"),
        ("simulate:shift?fps=nan", "from 1 to 60"),
        ("simulate:shift?speed=3", "no setting 'speed'"),
        ("simulate:shift?code=<script>", "staff number"),
        ("simulate:standing_v60?speed=3", "no setting 'speed'"),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_line(camera, says):
    with pytest.raises(InputError, match=says) as error:
        read_play(camera)
    assert "\n" not in str(error.value)
