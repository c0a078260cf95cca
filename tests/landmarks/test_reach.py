from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.landmarks.reach import hands_reach
from tests.landmarks.bodies import standing, walking


def with_wrist(side: str, across: float, up: float) -> np.ndarray:
    """A standing figure with one wrist so many trunk lengths outward of its shoulder and over its hips."""
    pose = standing()
    trunk = pose[L.LEFT_HIP, 1] - pose[L.LEFT_SHOULDER, 1]
    out = 1.0 if side == "LEFT" else -1.0
    pose[L[f"{side}_WRIST"], 0] = pose[L[f"{side}_SHOULDER"], 0] + out * across * trunk
    pose[L[f"{side}_WRIST"], 1] = pose[L.LEFT_HIP, 1] - up * trunk
    return pose


def test_hanging_and_swinging_hands_are_at_rest():
    assert not hands_reach(standing()).any()
    assert not hands_reach(walking(np.arange(0, 2, 0.05))).any()


def test_hands_joined_before_the_abdomen_are_at_rest():
    for up in (-0.1, 0.1, 0.35):
        assert not hands_reach(with_wrist("LEFT", -0.3, up)).any()


def test_a_raised_or_stretched_hand_is_told_by_its_side():
    for across, up in ((0.0, 0.6), (0.7, 0.2), (0.1, 1.2)):
        assert hands_reach(with_wrist("LEFT", across, up)).tolist() == [True, False]
        assert hands_reach(with_wrist("RIGHT", across, up)).tolist() == [False, True]


def test_an_unknown_arm_does_not_reach():
    pose = with_wrist("LEFT", 0.0, 0.6)
    pose[L.LEFT_WRIST] = np.nan
    assert not hands_reach(pose).any()
    assert hands_reach(np.full((5, 33, 4), np.nan)).shape == (5, 2)
