import numpy as np
import pytest

from posture_check.landmarks.names import L
from posture_check.measures import MEASURES
from posture_check.measures.registry import measure
from posture_check.measures.series import Series
from tests.measures.people import Shot, draw


def test_two_measures_cannot_share_a_name():
    def shoulder_tilt(body):
        return Series(np.zeros(len(body)))

    with pytest.raises(ValueError, match="shoulder_tilt"):
        measure("deg")(shoulder_tilt)


def test_every_measure_has_a_unit_a_docstring_and_what_it_needs():
    for name, found in MEASURES.items():
        assert found.name == name
        assert found.unit in {"deg", "cm", "m", "m/s", "s", "Hz", "steps/min", "ratio", "share", "probability", "L*"}
        assert len(found.function.__doc__) > 30
        # What was read from the picture brings its own reasons along.
        assert bool(found.needs or found.near) != found.of_picture


def test_the_near_side_is_asked_for_by_its_own_landmarks():
    shot: Shot = draw(np.random.default_rng(3), side=True)
    body = _body(shot)
    side = "LEFT" if shot.yaw_deg > 0 else "RIGHT"
    assert set(MEASURES["knee_angle"].landmarks(body)) == {L[f"{side}_{n}"] for n in ("HIP", "KNEE", "ANKLE")}


def test_every_measure_gives_one_value_per_frame_and_never_a_negative_error():
    body = _body(draw(np.random.default_rng(5), hands="front_right_over_left", duration_s=2.3))
    for name, found in MEASURES.items():
        series = found.function(body)
        assert series.value.shape == (len(body),), name
        for error in (series.noise, series.systematic):
            assert np.shape(error) in ((), (len(body),)), name
            assert (np.nan_to_num(error) >= 0).all(), name


def _body(shot: Shot):
    from posture_check.measures.body import Body

    return Body(shot.seen().track, shot.scene())
