"""Arm geometry: anatomy, not sides or sizes."""

from __future__ import annotations

import numpy as np
import pytest

from posture_check.landmarks.arm_geometry import (
    FEATURES,
    arm_features,
    crossed_likelihood,
    elbow_angle,
    hip_likelihood,
    in_body,
)
from posture_check.landmarks.names import L


def person(left_wrist: tuple[float, float], left_elbow: tuple[float, float]) -> np.ndarray:
    """Return a front view in trunk lengths times 100 whose left arm is given as (outward, up) of the hips."""
    points = np.full((33, 4), 0.9)
    put = {
        L.LEFT_SHOULDER: (0.33, 1.0),
        L.RIGHT_SHOULDER: (-0.33, 1.0),
        L.LEFT_HIP: (0.18, 0.0),
        L.RIGHT_HIP: (-0.18, 0.0),
        L.LEFT_ELBOW: left_elbow,
        L.LEFT_WRIST: left_wrist,
        L.RIGHT_ELBOW: (-0.4, 0.5),
        L.RIGHT_WRIST: (-0.42, 0.0),
    }
    for landmark, (out, up) in put.items():
        points[landmark, :2] = 300 + 100 * out, 400 - 100 * up
    return points


def test_a_hand_on_the_hip_and_one_that_hangs() -> None:
    """A flared elbow with the wrist at the crest is a hand on the hip; a hanging arm is not."""
    assert hip_likelihood(person((0.4, 0.38), (0.75, 0.7)), 0) > 0.8
    assert hip_likelihood(person((0.42, 0.0), (0.4, 0.5)), 0) < 0.05
    assert hip_likelihood(person((0.4, 0.38), (0.75, 0.7)), 1) < 0.05


def test_one_arm_across_is_not_crossed() -> None:
    """Crossed arms need both wrists beyond the middle."""
    assert crossed_likelihood(person((-0.2, 0.5), (0.3, 0.5))) < 0.05


def test_body_axes_follow_a_leaning_body() -> None:
    """Turning the whole picture changes neither place nor angle."""
    points = person((0.4, 0.38), (0.75, 0.7))
    turn = np.radians(25)
    turned = points.copy()
    turned[:, :2] = points[:, :2] @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    for seen in (points, turned):
        assert in_body(seen, seen[L.LEFT_WRIST, :2], 0) == pytest.approx([0.4, 0.38], abs=1e-6)
    assert elbow_angle(turned, 0) == pytest.approx(elbow_angle(points, 0), abs=1e-6)


def test_features_of_a_missing_hand_are_marked() -> None:
    """A hand that was not found is told by zeros and minus ones, never by NaN."""
    row = arm_features(person((0.4, 0.3), (0.5, 0.6)), np.full((2, 21, 3), np.nan), np.zeros(2), 0)
    assert row.shape == (FEATURES,)
    assert np.isfinite(row).all()
    assert (row[-7:] == -1).all()
