from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.landmarks.poses import Poses, body_distance, body_extent, same_body, without_duplicates
from tests.landmarks.bodies import standing, world


def poses(*images: np.ndarray) -> Poses:
    return Poses(np.stack(images), np.stack([world(image) for image in images]))


@given(dx=st.floats(-300, 300), scale=st.floats(0.3, 3))
def test_distance_is_in_bodies_not_pixels(dx: float, scale: float) -> None:
    a, b = standing(x=300), standing(x=300 + dx)
    far_a, far_b = a.copy(), b.copy()
    far_a[:, :2] *= scale
    far_b[:, :2] *= scale
    assert body_distance(far_a, far_b) == pytest.approx(body_distance(a, b), rel=1e-3, abs=1e-5)
    assert body_extent(far_a) == pytest.approx(scale * body_extent(a), rel=1e-3)


def test_two_poses_on_one_body_are_one_and_the_clearer_one_stays() -> None:
    clear, vague, other = standing(x=300), standing(x=306), standing(x=420)
    vague[:, 3] = 0.6
    kept = without_duplicates(poses(vague, clear, other))
    assert len(kept) == 2
    np.testing.assert_array_equal(kept.image[0], clear)


def test_a_pose_with_wild_legs_is_still_on_the_same_body() -> None:
    wild = standing()
    wild[25:, :2] += 150
    assert same_body(standing(), wild)


def test_people_shoulder_to_shoulder_are_two() -> None:
    assert not same_body(standing(x=300), standing(x=375))


def test_nobody() -> None:
    assert len(without_duplicates(Poses.none())) == 0
    assert len(Poses.joined([])) == 0
