"""Looking around, leaning, swaying, and an arm that holds something to the body."""

from dataclasses import replace

import numpy as np
import pytest

from posture_check.simulate.pose import Arm, Pose
from tests.measures.gait.walkers import told, value_of, walk


def looking_around(amplitude_deg: float):  # type: ignore[no-untyped-def]
    def change(pose: Pose, time_s: np.ndarray) -> Pose:
        return replace(pose, head_yaw=amplitude_deg * np.sin(2 * np.pi * 0.5 * time_s))

    return change


@pytest.mark.parametrize("yaw", [0.0, 15.0, -30.0])
def test_looking_around_is_told_from_a_still_head(yaw: float) -> None:
    still, around = (told("head_turning", walk(yaw, change=looking_around(a))[0]) for a in (0.0, 30.0))
    assert still.value + still.error < 31 < around.value - around.error


def test_head_turning_is_not_told_side_on() -> None:
    assert value_of("head_turning", walk(90.0)[0]) is None


@pytest.mark.parametrize("lean", [-8.0, 0.0, 12.0])
def test_lean_over_strides(lean: float) -> None:
    value = told("walking_lean", walk(90.0, lean_deg=lean)[0])
    assert value.value == pytest.approx(lean, abs=2 * value.error)


def test_sway_about_the_line_walked() -> None:
    def swaying(pose: Pose, time_s: np.ndarray) -> Pose:
        return replace(pose, trunk_lateral=10 * np.sin(2 * np.pi * time_s / 1.1))

    steady, swinging = told("shoulder_sway", walk(0.0)[0]), told("shoulder_sway", walk(0.0, change=swaying)[0])
    assert steady.value + steady.error < 11 < swinging.value - swinging.error


def test_an_arm_that_holds_something_to_the_body() -> None:
    def clamped(pose: Pose, time_s: np.ndarray) -> Pose:
        return replace(pose, left_arm=Arm(abduction=4.0, elbow=85.0))

    free, held = (
        told("arm_clamped_left", walk(90.0)[0]),
        told("arm_clamped_left", walk(90.0, change=clamped)[0]),
    )
    assert free.value + free.error < 45 < held.value - held.error
