from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.landmarks.detectors import Detectors
from posture_check.landmarks.names import L
from posture_check.landmarks.outline import caps_of_mask, shoulder_caps
from tests.landmarks.bodies import standing

SIZE = 256


def drawn(
    pose: np.ndarray, *, raised: float = 0.0, turned_deg: float = 0.0, arm_out: float = 0.0
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return a soft mask of a trunk with round shoulders, its middle and its side in pixels.

    ``raised`` lifts the left shoulder and ``arm_out`` spreads the left arm, in trunk lengths; all turns about the
    middle of the shoulders.
    """
    middle = pose[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], :2].mean(0)
    trunk = float(np.linalg.norm(pose[[L.LEFT_HIP, L.RIGHT_HIP], :2].mean(0) - middle))
    centre, side = middle - [0, 0.1 * trunk], 1.58 * trunk
    grid = (np.stack(np.meshgrid(*2 * [np.arange(SIZE) + 0.5]), -1) / SIZE - 0.5) * side + centre
    turn = np.radians(turned_deg)
    x, y = np.moveaxis((grid - middle) / trunk, -1, 0)
    x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    inside = np.full(x.shape, -np.inf)
    for sign, lift, out in ((1, raised, arm_out), (-1, 0.0, 0.0)):
        u, v = sign * x, y + lift
        cap = 0.2 - np.hypot(u - 0.26, v - 0.1)
        arm = np.minimum(np.minimum(0.46 + out * (v - 0.1) - u, v - 0.1), u)
        neck = np.minimum(v + 0.2 - 0.4 * u, 0.26 - u)
        inside = np.maximum.reduce([inside, cap, arm, np.where(u >= 0, neck, -np.inf)])
    head = 0.18 - np.hypot(x, y + 0.5)
    inside = np.maximum(inside, head)
    return np.clip(0.5 + inside * trunk / side * SIZE / 2, 0, 1).astype(np.float32), centre, side


def tilt_deg(caps: np.ndarray) -> float:
    (left_x, left_y), (right_x, right_y) = caps
    return float(np.degrees(np.arctan2(right_y - left_y, abs(left_x - right_x))))


@given(st.floats(-8, 8), st.floats(140, 900))
def test_shoulders_that_tilt_as_a_whole_give_that_tilt(tilt: float, height: float) -> None:
    pose = standing(height=height)
    found = caps_of_mask(*drawn(pose, turned_deg=tilt), pose)
    assert tilt_deg(found) == pytest.approx(tilt, abs=0.5)


@given(st.floats(-0.08, 0.08))
def test_a_shoulder_raised_alone_is_seen_although_the_landmarks_stay(raised: float) -> None:
    pose = standing()
    left, right = caps_of_mask(*drawn(pose, raised=raised), pose)
    trunk = 0.31 * 300
    assert right[1] - left[1] == pytest.approx(raised * trunk, abs=0.6)


def test_the_persons_left_comes_first_seen_from_behind_too() -> None:
    pose = standing()
    mirrored = pose.copy()
    mirrored[:, 0] = 640 - mirrored[:, 0]
    left, right = caps_of_mask(*drawn(pose, raised=0.05), pose)
    assert left[0] > right[0]
    flipped = drawn(mirrored)
    left, right = caps_of_mask(*flipped, mirrored)
    assert left[0] < right[0]


def test_arms_that_stand_off_unevenly_spoil_it() -> None:
    pose = standing()
    assert np.isnan(caps_of_mask(*drawn(pose, arm_out=1.2), pose)).all()


@pytest.mark.parametrize("fill", [0.0, 1.0])
def test_no_outline_no_shoulders(fill: float) -> None:
    pose = standing()
    _, centre, side = drawn(pose)
    assert np.isnan(caps_of_mask(np.full((SIZE, SIZE), fill, np.float32), centre, side, pose)).all()


class Unasked:
    """A segmenter that must not be run."""

    def mask(self, image: np.ndarray) -> np.ndarray:
        raise AssertionError("looked at the picture")


def changed(**points: tuple[float, float]) -> np.ndarray:
    pose = standing()
    for name, place in points.items():
        pose[L[name], :2] = place
    return pose


@pytest.mark.parametrize(
    "pose",
    [
        standing(height=90.0),
        changed(LEFT_ELBOW=(430.0, 150.0)),
        changed(LEFT_SHOULDER=(328.0, 157.0), RIGHT_SHOULDER=(312.0, 157.0)),
        changed(LEFT_HIP=(np.nan, np.nan)),
    ],
    ids=["too small", "arm raised", "side-on", "hip unknown"],
)
def test_what_cannot_show_shoulders_is_not_looked_at(pose: np.ndarray) -> None:
    assert np.isnan(shoulder_caps(Unasked(), np.zeros((480, 640, 3), np.uint8), pose)).all()  # type: ignore[arg-type]


def test_a_real_picture_shows_both_shoulders(detectors: Detectors, standing_picture: np.ndarray) -> None:
    pose = detectors.pose(video=False).find(standing_picture, 0.0).image[0]
    caps = shoulder_caps(detectors.person, standing_picture, pose)
    joints = pose[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], :2]
    width = np.linalg.norm(joints[0] - joints[1])
    assert np.linalg.norm(caps - joints, axis=1).max() < 0.4 * width
    assert abs(tilt_deg(caps)) < 2.0
