import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis.strategies import booleans, floats

from posture_check.calibrate.floor import fit_floor, rectangle
from posture_check.errors import InputError
from posture_check.measures.camera import Camera

SIZE = (1280, 720)
CAMERA = Camera(*SIZE, 62.0, 1.3, 14.0, 1.5)
MAT = rectangle(1.0, 0.8)


def seen(camera, ground, away=3.0, turn_deg=20.0, mirrored=False):
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    x, y = (ground - ground.mean(axis=0)).T
    y = -y if mirrored else y
    return camera.project(np.stack([c * x - s * y, 0 * x, away + s * x + c * y], axis=-1))


@settings(max_examples=15)
@given(
    hfov=floats(45, 85),
    height=floats(0.9, 2.5),
    pitch=floats(10, 40),
    roll=floats(-6, 6),
    turn=floats(-180, 180),
    mirrored=booleans(),
)
def test_exact_points_give_the_exact_camera(hfov, height, pitch, roll, turn, mirrored):
    camera = Camera(*SIZE, hfov, height, pitch, roll)
    away = min(height / np.tan(np.radians(pitch)) + 0.3, 4.5)
    points = seen(camera, MAT, away, turn, mirrored)
    assume(((points > 0) & (points < SIZE)).all())
    found = fit_floor(points, MAT, SIZE, (hfov, 0.5)).camera
    assert found.height_m == pytest.approx(height, abs=1e-3)
    assert found.pitch_deg == pytest.approx(pitch, abs=0.02)
    assert found.roll_deg == pytest.approx(roll, abs=0.02)


def test_marked_points_give_honest_errors():
    rng = np.random.default_rng(4)
    misses = []
    for _ in range(40):
        points = seen(CAMERA, MAT) + rng.normal(0, 1.5, (4, 2))
        camera = fit_floor(points, MAT, SIZE, (62.0 + rng.normal(0, 0.5), 0.5)).camera
        misses.append(
            [
                (camera.height_m - 1.3) / camera.height_error_m,
                (camera.pitch_deg - 14) / camera.pitch_error_deg,
                (camera.roll_deg - 1.5) / camera.roll_error_deg,
            ]
        )
        assert camera.pitch_error_deg < 1
        assert camera.height_error_m < 0.08
    assert np.mean(np.abs(misses) < 2) >= 0.93


def test_the_field_of_view_is_found_where_the_points_tell_it():
    assert fit_floor(seen(CAMERA, MAT), MAT, SIZE).camera.hfov_deg == pytest.approx(62, abs=0.05)
    far = Camera(*SIZE, 62.0, 1.0, 8.0)
    small = rectangle(0.3, 0.2)
    with pytest.raises(InputError, match=r"do not tell the field of view.*--hfov-deg"):
        fit_floor(seen(far, small, 6.0), small, SIZE)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (seen(CAMERA, MAT)[[0, 2, 1, 3]], "do not go round a rectangle"),
        (seen(CAMERA, MAT)[[1, 2, 3, 0]], "off those of such a rectangle|no camera above a floor"),
        (seen(CAMERA, rectangle(0.5, 1.6)), "off those of such a rectangle|no camera above a floor"),
        (np.array([[100, 500], [1100, 100], [1200, 600], [300, 700]], float), "off those of such|no camera above"),
    ],
)
def test_points_that_are_not_that_rectangle_are_refused(points, said):
    with pytest.raises(InputError, match=said) as told:
        fit_floor(points, MAT, SIZE, (62.0, 1.0))
    assert str(told.value).startswith("--points: ")
    assert "\n" not in str(told.value)


def test_centimetres_on_the_floor_follow():
    """What the calibration is for: a distance on the floor elsewhere is measured within its error."""
    rng = np.random.default_rng(1)
    camera = fit_floor(seen(CAMERA, MAT) + rng.normal(0, 1.0, (4, 2)), MAT, SIZE, (62.0, 0.5)).camera
    feet = np.array([[-0.2, 0, 3.6], [0.1, 0, 3.4]])
    on_floor = camera.on_plane(CAMERA.project(feet))
    assert np.linalg.norm(on_floor[0] - on_floor[1]) == pytest.approx(np.hypot(0.3, 0.2), abs=0.02)
