import numpy as np
import pytest

from posture_check.landmarks.names import L
from tests.measures.sitting.seated import seated, told


@pytest.mark.parametrize("crossed", ["knee", "figure4"])
@pytest.mark.parametrize("over", ["left", "right"])
@pytest.mark.parametrize("yaw", [0, 20])
def test_crossed_legs_raise_a_foot_across_the_other_leg(crossed, over, yaw):
    assert told("leg_crossed", seated(yaw, crossed=crossed, over=over)) > 12


@pytest.mark.parametrize("posture", [{}, {"knee_gap_cm": 0}, {"knee_gap_cm": 35}, {"shank_forward_deg": (20, -10)}])
def test_feet_on_the_floor_are_not_crossed(posture):
    assert told("leg_crossed", seated(10, **posture)) < 8


def test_wider_knees_read_wider_in_centimetres_and_against_the_shoulders():
    bodies = [seated(0, knee_gap_cm=gap) for gap in (0, 10, 20, 35)]
    for name in ("knee_gap", "knee_gap_over_shoulders"):
        found = [told(name, body) for body in bodies]
        assert (np.diff(found) > 0).all(), name
    assert told("knee_gap", bodies[2]) == pytest.approx(20, abs=5)


def test_the_gap_does_not_depend_on_how_far_the_person_sits_turned():
    assert told("knee_gap", seated(25, knee_gap_cm=20)) == pytest.approx(
        told("knee_gap", seated(0, knee_gap_cm=20)), abs=3
    )


@pytest.mark.parametrize("yaw", [90, -80, 65])
def test_stretched_and_tucked_feet_are_told_from_feet_below_the_knees(yaw):
    stretched, upright, tucked = (told("seated_shank", seated(yaw, shank_forward_deg=deg)) for deg in (40, 2, -28))
    assert stretched > 32
    assert -10 < upright < 14
    assert tucked < -18


def test_a_foot_that_is_held_up_does_not_change_how_far_the_other_stands():
    body = seated(0, crossed="knee")
    from posture_check.measures.sitting.legs import feet_depth_m

    assert np.median(feet_depth_m(body)) == pytest.approx(np.median(feet_depth_m(seated(0))), rel=0.05)
    lower = np.argmax(np.median(body.xy[:, [L.LEFT_ANKLE, L.RIGHT_ANKLE], 1], axis=0))
    assert lower == 0  # the right leg lies over the left
