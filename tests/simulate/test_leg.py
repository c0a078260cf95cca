import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats

from posture_check.simulate.leg import foot_points, hanging_legs, planted_legs
from posture_check.simulate.pose import Foot, Hanging, Leg, Planted
from posture_check.simulate.proportions import Proportions
from posture_check.simulate.rotation import angle_between

SIZE, STATURE, AHEAD = Proportions(), 1.7, np.zeros(1)


def flexion(legs, side):
    hip, knee, ankle = (getattr(legs, j)[0, side] for j in ("hip", "knee", "ankle"))
    return 180 - float(angle_between(hip - knee, ankle - knee))


@settings(deadline=None, max_examples=20)
@given(left=floats(2, 25), right=floats(2, 25), out=floats(0, 45), aside=floats(-0.05, 0.05))
def test_planted_legs_bend_as_asked_and_keep_their_feet(left, right, out, aside):
    feet = Foot(0.05, 0.0, out), Foot(-0.05, 0.0, -out)
    legs = planted_legs(
        Planted(*feet, pelvis_x=aside, pelvis_z=0.03, knee_left=left, knee_right=right), AHEAD, SIZE, STATURE
    )
    assert flexion(legs, 0) == pytest.approx(left, abs=0.05)
    assert flexion(legs, 1) == pytest.approx(right, abs=0.05)
    assert legs.ankle[..., 1] == pytest.approx(SIZE.ankle * STATURE)
    assert np.linalg.norm(legs.hip[:, 0] - legs.hip[:, 1]) == pytest.approx(2 * SIZE.hip_half * STATURE)


def test_the_pelvis_drops_on_the_side_of_the_bent_knee():
    feet = Foot(0.05, 0.0), Foot(-0.05, 0.0)
    legs = planted_legs(Planted(*feet, knee_left=5, knee_right=25), AHEAD, SIZE, STATURE)
    assert legs.hip[0, 0, 1] > legs.hip[0, 1, 1]


def test_a_seat_bends_the_knees_and_a_pelvis_too_high_comes_down_to_the_legs():
    feet = Foot(0.1, 0.3), Foot(-0.1, 0.3)
    seated = planted_legs(Planted(*feet, pelvis_z=-0.1, pelvis_height=0.47), AHEAD, SIZE, STATURE)
    assert seated.pelvis[0, 1] == pytest.approx(0.47)
    assert 60 < flexion(seated, 0) < 110
    stretched = planted_legs(Planted(*feet, pelvis_height=2.0), AHEAD, SIZE, STATURE)
    assert flexion(stretched, 0) < 6
    assert stretched.ankle[..., 1] == pytest.approx(SIZE.ankle * STATURE)


@settings(deadline=None, max_examples=20)
@given(hip=floats(-20, 100), knee=floats(0, 120), ankle=floats(-20, 20))
def test_hanging_legs_stand_on_their_lowest_sole(hip, knee, ankle):
    legs = hanging_legs(Hanging(Leg(flexion=hip, knee=knee, ankle=ankle), Leg()), AHEAD, SIZE, STATURE)
    lowest = min(legs.heel[..., 1].min(), legs.toe[..., 1].min())
    assert -0.02 < lowest < 0.03
    assert flexion(legs, 0) == pytest.approx(knee, abs=1e-4)


def test_a_raised_heel_leaves_the_toes_on_the_floor():
    flat, raised = (foot_points(Foot(0, 0, pitch=p), SIZE, STATURE, 1) for p in (0.0, 30.0))
    assert raised[1][0, 1] > flat[1][0, 1] + 0.05
    assert raised[2] == pytest.approx(flat[2])


def test_raised_toes_leave_the_heel_on_the_floor():
    ankle, heel, toe = foot_points(Foot(0, 0, pitch=-20.0), SIZE, STATURE, 1)
    assert toe[0, 1] > 0.05
    assert heel[0, 1] < 0.03
    assert np.linalg.norm(ankle - heel) > 0.05
