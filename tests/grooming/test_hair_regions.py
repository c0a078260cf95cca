"""Where forehead, ears and crown lie on a head of known shape."""

from __future__ import annotations

import numpy as np
import pytest

from posture_check.grooming.hair_regions import crown, ear, ears_in_view, forehead, turned
from tests.grooming.heads import subject


def test_the_forehead_lies_between_brows_and_hairline():
    person = subject()
    at = person.head.from_picture(forehead(person.face))
    np.testing.assert_allclose([at[:, 0].min(), at[:, 0].max()], [-5.5, 5.5], atol=0.3)
    assert at[:, 1].max() == pytest.approx(-2.5, abs=0.2)
    assert at[:, 1].min() < -6


@pytest.mark.parametrize(("yaw", "seen"), [(0, {"left", "right"}), (25, {"left"}), (-25, {"right"}), (50, {"left"})])
def test_the_ears_that_face_the_camera_are_looked_at(yaw, seen):
    assert set(ears_in_view(subject(yaw))) == seen


def test_no_ear_is_looked_for_from_behind():
    assert ears_in_view(subject(170.0, face=False)) == ()


def test_the_ears_lie_beside_the_face_at_the_height_of_the_eyes_to_the_nose():
    person = subject()
    left, right = (person.head.from_picture(ear(person, side)) for side in ("left", "right"))
    assert left[:, 0].min() > 6.9
    assert left[:, 0].max() < 9.5
    np.testing.assert_allclose(left * [-1, 1], right, atol=0.05)
    assert 0 < left[:, 1].min() < 3
    assert 5 < left[:, 1].max() < 8


def test_an_ear_turned_to_the_camera_grows_wider():
    def width(yaw):
        return np.ptp(ear(subject(yaw), "left")[:, 0])

    assert width(50) > 1.5 * width(0)


@pytest.mark.parametrize("facing", [1, -1])
def test_from_the_side_the_ear_lies_behind_the_poses_landmark(facing):
    person = subject(90.0 * facing, face=False)
    pose = person.pose.copy()
    pose[:, 0] = 500.0
    pose[0, 0] = 500 - 80 * facing  # the nose
    person = type(person)(person.image, pose, person.world, person.face)
    side = "left" if facing > 0 else "right"
    assert ((ear(person, side)[:, 0] - 500) * facing > 0).all()


def test_the_crown_rises_above_the_forehead():
    person = subject()
    at = person.head.from_picture(crown(person.face, 1.0, 4.0))
    np.testing.assert_allclose([at[:, 1].max(), at[:, 1].min()], [-8.0, -11.0], atol=0.3)


@pytest.mark.parametrize("yaw", [-40, 0, 40])
def test_a_turned_head_keeps_its_scale_and_square_axes(yaw):
    axes = turned(subject(yaw, px_per_cm=6.0).face)
    assert axes.px_per_cm == pytest.approx(6.0)
    basis = np.stack([axes.across, axes.down, axes.back])
    np.testing.assert_allclose(basis @ basis.T, np.eye(3), atol=1e-9)
    assert axes.back[2] > 0
