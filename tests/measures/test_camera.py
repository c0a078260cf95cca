from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import builds, floats, just, sampled_from

from posture_check.measures.camera import Camera

CAMERAS = builds(
    Camera,
    width=sampled_from([640, 1280]),
    height=sampled_from([480, 720, 1280]),
    hfov_deg=floats(40, 100),
    height_m=floats(0.3, 3),
    pitch_deg=floats(-20, 50),
    roll_deg=floats(-20, 20),
    hfov_error_deg=just(0.0),
)
AHEAD = floats(1.5, 10)


@settings(deadline=None)
@given(camera=CAMERAS, x=floats(-2, 2), y=floats(0, 2.5), z=AHEAD)
def test_a_point_is_found_again_at_its_depth(camera, x, y, z):
    point = np.array([x, y, z])
    pixel = camera.project(point)
    if np.isfinite(pixel).all():
        assert camera.at_depth(pixel, z) == pytest.approx(point, abs=1e-6)


@settings(deadline=None)
@given(camera=CAMERAS, x=floats(-2, 2), z=AHEAD, level=floats(0, 0.2))
def test_a_point_on_the_floor_is_found_again_on_the_floor(camera, x, z, level):
    point = np.array([x, level, z])
    pixel = camera.project(point)
    if np.isfinite(pixel).all():
        assert camera.on_plane(pixel, level) == pytest.approx(point, abs=1e-5)


def test_nothing_above_the_horizon_stands_on_the_floor():
    camera = Camera(1280, 720, 65, 1.3, 0.0)
    assert np.isnan(camera.on_plane(np.array([640.0, 300.0]))).all()
    assert np.isfinite(camera.on_plane(np.array([640.0, 420.0]))).all()


def test_what_is_behind_the_camera_has_no_pixel():
    assert np.isnan(Camera(1280, 720, 65, 1.3, 0.0).project(np.array([0.0, 1.0, -2.0]))).all()


@given(camera=CAMERAS)
def test_the_axes_of_the_camera_are_a_rotation(camera):
    turn = camera.rotation()
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-9)
    # Room axes are left-handed (x right, y up, z away), camera axes right-handed.
    assert np.linalg.det(turn) == pytest.approx(-1)


def test_a_camera_that_looks_down_has_the_far_floor_higher_in_the_picture():
    camera = Camera(1280, 720, 65, 1.3, 10.0)
    near, far = camera.project(np.array([[0.0, 0.0, 2.5], [0.0, 0.0, 5.0]]))
    assert far[1] < near[1]
    level = replace(camera, pitch_deg=0.0)
    assert camera.project(np.array([0.0, 1.3, 3.0]))[1] < level.project(np.array([0.0, 1.3, 3.0]))[1]


def test_a_camera_turned_clockwise_turns_the_picture_anticlockwise():
    upright = np.array([[0.0, 0.5, 3.0], [0.0, 2.0, 3.0]])
    foot, head = Camera(1280, 720, 65, 1.3, 0.0, 10.0).project(upright)
    assert np.degrees(np.arctan2(head[0] - foot[0], foot[1] - head[1])) == pytest.approx(-10, abs=1e-6)


def test_the_field_of_view_is_along_the_longer_side():
    wide, tall = Camera(1280, 720, 65, 1.3, 0.0), Camera(720, 1280, 65, 1.3, 0.0)
    assert wide.focal_px == tall.focal_px == pytest.approx(640 / np.tan(np.radians(32.5)))
