import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis.strategies import floats, tuples

from posture_check.simulate.arm import arm_points, reach, shoulder_place
from posture_check.simulate.pose import Arm
from posture_check.simulate.proportions import Proportions
from posture_check.simulate.rotation import unit

SIZE = Proportions()
directions = tuples(floats(-1, 1), floats(-1, 1), floats(-1, 1)).map(np.array)


def test_an_arm_of_zeros_hangs_straight_down_with_the_thumb_forward():
    found = arm_points(Arm(fingers=(0.0,) * 5), SIZE)
    assert found.elbow == pytest.approx([0, -SIZE.upper_arm, 0])
    assert found.wrist == pytest.approx([0, -SIZE.upper_arm - SIZE.forearm, 0])
    thumb, pinky = found.hand[2], found.hand[17]
    assert thumb[2] > pinky[2]


@pytest.mark.parametrize(
    ("arm", "elbow", "wrist"),
    [
        (Arm(flexion=90), (0, 0, 1), (0, 0, 1)),
        (Arm(abduction=90), (1, 0, 0), (1, 0, 0)),
        (Arm(elbow=90), (0, -1, 0), (0, 0, 1)),
        (Arm(elbow=90, rotation=90), (0, -1, 0), (-1, 0, 0)),
    ],
    ids=["forward", "sideways", "elbow bent", "turned inward across the body"],
)
def test_anatomical_angles_move_the_arm_where_they_say(arm, elbow, wrist):
    found = arm_points(arm, SIZE)
    assert unit(found.elbow) == pytest.approx(elbow, abs=1e-9)
    assert unit(found.wrist - found.elbow) == pytest.approx(wrist, abs=1e-9)


def test_pronation_turns_the_thumb_inward_and_supination_outward():
    inward, outward = (arm_points(Arm(pronation=p), SIZE).hand[2, 0] for p in (90.0, -90.0))
    assert inward < 0 < outward


@settings(deadline=None, max_examples=20)
@given(place=directions, towards=directions, share=floats(0.2, 0.95))
def test_reach_puts_the_wrist_where_it_was_asked(place, towards, share):
    assume(np.linalg.norm(place) > 0.1)
    assume(np.linalg.norm(np.cross(unit(place), towards)) > 0.05)
    target = shoulder_place(SIZE) + share * (SIZE.upper_arm + SIZE.forearm) * unit(place)
    found = arm_points(reach(SIZE, target, towards), SIZE)
    assert shoulder_place(SIZE) + found.wrist == pytest.approx(target, abs=1e-6)
    assert np.linalg.norm(found.elbow) == pytest.approx(SIZE.upper_arm)


def test_reach_turns_fingers_and_palm_where_they_were_asked():
    arm = reach(SIZE, (0.05, 0.05, 0.12), (1, -1, 0), (-1, -0.5, 0), (0, 0, -1), fingers=(0.0,) * 5)
    hand = arm_points(arm, SIZE).hand
    assert unit(hand[12] - hand[9]) == pytest.approx(unit([-1, -0.5, 0]), abs=1e-6)
    curled = arm_points(reach(SIZE, (0.05, 0.05, 0.12), (1, -1, 0), (-1, -0.5, 0), (0, 0, -1)), SIZE).hand
    assert curled[12, 2] < hand[12, 2], "bent fingers go towards the palm"


def test_a_place_out_of_reach_stretches_the_arm_towards_it():
    found = arm_points(reach(SIZE, (2.0, 0.288, 0.01), (0, -1, 0)), SIZE)
    assert np.linalg.norm(found.wrist) == pytest.approx(SIZE.upper_arm + SIZE.forearm, rel=0.01)
    assert unit(found.wrist)[0] > 0.99
