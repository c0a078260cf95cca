import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers

from posture_check.calibrate.chair import fit_profile_seat, fit_seat, likely_fit
from posture_check.calibrate.profile import CameraProfile, ChairProfile, Profile
from posture_check.errors import InputError
from posture_check.measures.camera import Camera

CAMERA = CameraProfile(hfov_deg=62, height_m=1.2, pitch_deg=10)
SIZE = (1280, 720)


def corners(yaw_deg, away_m=2.8, width=0.46, depth=0.44, height=0.45):
    """Return the seat's corners in the room as the camera stands ``yaw_deg`` towards the sitter's left."""
    turn = np.radians(yaw_deg)
    forward = np.array([-np.sin(turn), 0, -np.cos(turn)])
    left = np.array([np.cos(turn), 0, -np.sin(turn)])
    front = np.array([0.1, height, away_m]) + forward * depth / 2
    half = left * width / 2
    back = front - forward * depth
    return np.array([front + half, front - half, back - half, back + half])


def marked(camera, seat, **more):
    return ChairProfile(seat=camera.project(seat).tolist(), depth_cm=44, height_cm=45, **more)


def placed(fit):
    chair = fit.chair
    return np.array([chair.front_left, chair.front_right, chair.back_right, chair.back_left])


@settings(max_examples=15)
@given(
    yaw=floats(-125, 125),
    away=floats(2, 5),
    height=floats(0.8, 2.5),
    roll=floats(-5, 5),
    hfov=floats(45, 85),
)
def test_exact_points_give_the_exact_seat(yaw, away, height, roll, hfov):
    pitch = float(np.degrees(np.arctan2(height - 0.7, away)))
    camera = CameraProfile(hfov_deg=hfov, height_m=height, pitch_deg=pitch, roll_deg=roll).camera(*SIZE)
    seat = corners(yaw, away)
    fit = fit_seat(camera, marked(camera, seat))
    assert np.allclose(placed(fit), seat, atol=1e-4)
    assert fit.implied_depth_m == pytest.approx(0.44, abs=1e-4)
    assert fit.chair.depth_m == pytest.approx(0.44, abs=1e-4)
    assert fit.width_m == pytest.approx(0.46, abs=1e-4)
    bearing = np.degrees(np.arctan2(0.1, away))
    assert fit.facing_deg == pytest.approx(yaw - bearing, abs=3)
    assert 0.1 < fit.chair.error_m * 100 < 15


@settings(max_examples=15)
@given(seed=integers(0, 10_000), yaw=floats(45, 110))
def test_the_ruler_mends_a_camera_that_is_off_within_its_errors(seed, yaw):
    """The seat keeps its depth, its corners stay where they were marked, and nothing is off by four errors."""
    rng = np.random.default_rng(seed)
    truth = CAMERA.camera(*SIZE)
    off = replace(
        truth,
        hfov_deg=62 + rng.normal(0, 1.0),
        height_m=1.2 + rng.normal(0, 0.02),
        pitch_deg=10 + rng.normal(0, 0.5),
        roll_deg=rng.normal(0, 0.4),
    )
    pixels = truth.project(corners(yaw)) + rng.normal(0, 2.0, (4, 2))
    fit = fit_seat(off, ChairProfile(seat=pixels.tolist(), depth_cm=44, height_cm=45))
    edge = [np.linalg.norm((placed(fit)[[0, 1]] - placed(fit)[[3, 2]]).mean(axis=0))]
    assert edge[0] == pytest.approx(fit.chair.depth_m, abs=1e-3)
    assert fit.chair.depth_m == pytest.approx(0.44, abs=0.015)
    assert np.abs(fit.camera.project(placed(fit)) - pixels).max() < 6
    assert fit.off_sigma < 4
    assert abs(fit.camera.pitch_deg - off.pitch_deg) < 2


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ([1, 0, 3, 2], "wrong way"),
        ([3, 2, 1, 0], "wrong way"),
        ([0, 2, 1, 3], "do not go round the seat"),
        ([2, 3, 0, 1], "behind the sitter"),
    ],
)
def test_points_in_another_order_are_refused(order, said):
    camera = CAMERA.camera(*SIZE)
    seat = marked(camera, corners(30))
    wrong = seat.model_copy(update={"seat": tuple(seat.seat[i] for i in order)})
    with pytest.raises(InputError, match=said):
        fit_seat(camera, wrong)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pitch_deg": 4}, "deep, not 44|wide, which no chair is"),
        ({"hfov_deg": 110}, "deep, not 44|wide, which no chair is"),
        ({"height_m": 0.47}, "does not look down"),
        ({"pitch_deg": -30}, "above the horizon"),
    ],
)
def test_another_camera_is_noticed_by_the_depth(change, said):
    seat = marked(CAMERA.camera(*SIZE), corners(90))
    with pytest.raises(InputError, match=said) as told:
        fit_seat(CAMERA.model_copy(update=change).camera(*SIZE), seat)
    assert "\n" not in str(told.value)


def test_a_seat_that_was_marked_in_larger_pictures_is_scaled():
    large = CAMERA.camera(1920, 1080)
    chair = marked(large, corners(80), size=(1920, 1080))
    fit = fit_profile_seat(Profile(name="a", camera=CAMERA, chair=chair), SIZE)
    assert np.allclose(placed(fit), corners(80), atol=1e-3)
    with pytest.raises(InputError, match="marked in a picture of 1920x1080, this one is 640x480"):
        fit_profile_seat(Profile(name="a", camera=CAMERA, chair=chair), (640, 480))


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (1920, 1080)])
def test_the_size_of_a_picture_is_told_from_the_depth_of_the_seat(size):
    seat = marked(CAMERA.camera(*size), corners(85))
    found, fit = likely_fit(Profile(name="a", camera=CAMERA), seat)
    assert fit.off_sigma <= 2
    assert found == size or np.allclose(placed(fit), corners(85), atol=0.1)


def test_a_moved_camera_keeps_the_seat_in_the_picture_and_its_depth():
    before = CAMERA.camera(*SIZE)
    chair = fit_seat(before, marked(before, corners(85))).chair
    after = replace(before, pitch_deg=10.5)
    moved = chair.seen_by(before, after)
    there = np.array([chair.front_left, chair.back_right])
    here = np.array([moved.front_left, moved.back_right])
    assert np.allclose(after.project(here), before.project(there), atol=0.01)
    assert np.abs(here - there).max() > 0.01
    front, back = moved.front_left + moved.front_right, moved.back_left + moved.back_right
    assert np.linalg.norm(front - back) / 2 == pytest.approx(0.44, abs=1e-3)


def test_chairs_of_rendered_rooms_come_out_within_a_centimetre(footage):
    """Corners of the chairs in the rendered clips, marked within two pixels, cameras known within their errors."""
    rows = [json.loads(line) for line in (footage / "rendered" / "index.jsonl").open()]
    off = []
    for i, row in enumerate(r for r in rows if r["family"] == "sit" and abs(r["camera"]["yaw_deg_rel_person"]) > 40):
        with gzip.open(footage / "rendered" / "truth" / f"{row['clip']}.json.gz") as packed:
            truth = json.load(packed)
        chair, camera = truth["chair"], truth["camera"]
        (right, left), (back_right, back_left) = chair["seat_front_edge_2d"], chair["seat_back_edge_2d"]
        exact = np.array([left, right, back_right, back_left])
        given = {name: camera[name] for name in ("hfov_deg", "height_m", "pitch_deg", "roll_deg")}
        profile = CameraProfile(**given)
        ruler = {"depth_cm": chair["seat_depth_m"] * 100, "height_cm": chair["seat_height_m"] * 100}
        known = fit_seat(profile.camera(camera["w"], camera["h"]), ChairProfile(seat=exact.tolist(), **ruler))
        assert known.implied_depth_m == pytest.approx(chair["seat_depth_m"], abs=0.005)
        assert known.width_m == pytest.approx(0.46, abs=0.005)
        marks = exact + np.random.default_rng(i).normal(0, 2, (4, 2))
        fit = fit_seat(profile.camera(camera["w"], camera["h"]), ChairProfile(seat=marks.tolist(), **ruler))
        forward = (placed(known)[[0, 1]] - placed(known)[[3, 2]]).mean(axis=0) / chair["seat_depth_m"]
        edge = (placed(fit)[[0, 1]] - placed(known)[[0, 1]]).mean(axis=0) @ forward
        off.append((edge, fit.chair.error_m))
    edges, errors = np.array(off).T
    assert len(off) > 15
    assert np.median(np.abs(edges)) < 0.01
    assert np.mean(np.abs(edges) < 3 * errors) > 0.7  # the sight line's part is told by the camera's errors


def test_the_axes_are_those_of_the_camera():
    """A sitter who faces the camera has their left on the picture's right."""
    camera = Camera(1280, 720, 62, 1.2, 10, 0, 1, 0.02, 0.5, 0.4)
    seen = camera.project(corners(0))
    assert seen[0, 0] > seen[1, 0]
    assert seen[0, 1] > seen[3, 1]
