import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats

from posture_check.measures.scene import Neutral, own_offset


def test_without_calibration_nothing_is_taken_out():
    assert own_offset(None, "lean_fore_deg", 1.9, 1.2) == (0.0, 1.9)
    assert own_offset(Neutral(lean_side_deg=3.0), "lean_fore_deg", 1.9, 1.2) == (0.0, 1.9)


@settings(max_examples=15)
@given(value=floats(-10, 10), usual=floats(0.5, 5), repeat=floats(0.1, 5), error=floats(0, 3))
def test_a_calibration_never_takes_out_more_than_it_saw_nor_makes_the_error_larger(value, usual, repeat, error):
    own, left = own_offset(Neutral(head_pitch_deg=value, error_deg=error), "head_pitch_deg", usual, repeat)
    assert abs(own) <= abs(value) + 1e-9
    assert own * value >= 0
    assert left <= max(usual, repeat) + 1e-9


def test_where_people_differ_and_repeat_themselves_all_of_it_is_their_own():
    own, left = own_offset(Neutral(lean_fore_deg=4.0, error_deg=0.0), "lean_fore_deg", 3.0, 0.01)
    assert own == pytest.approx(4.0, abs=0.01)
    assert left < 0.03
