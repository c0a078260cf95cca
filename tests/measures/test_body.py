from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers

from posture_check.landmarks.names import L
from posture_check.measures.body import SINGLE_FRAME_NOISE, Body, scene_error
from posture_check.measures.camera import Camera
from posture_check.measures.scene import known_scene
from tests.measures.people import draw

few = settings(deadline=None, max_examples=15)
SEEDS = integers(0, 2**31)


def body_of(seed, **fixed):
    knowledge = fixed.pop("knowledge", "exact")
    shot = draw(np.random.default_rng(seed), knowledge, **fixed)
    seen = shot.seen()
    return shot, seen, Body(seen.track, shot.scene(knowledge, seen.track))


@few
@given(seed=SEEDS)
def test_the_distance_is_told_from_where_the_feet_stand(seed):
    shot, _, body = body_of(seed)
    assert np.median(body.depth_m) == pytest.approx(shot.distance_m, rel=0.06)


@few
@given(seed=SEEDS)
def test_without_feet_the_distance_is_told_from_the_size_of_the_trunk(seed):
    shot, seen, _ = body_of(seed)
    image = seen.track.image.copy()
    image[:, [L.LEFT_ANKLE, L.RIGHT_ANKLE], :2] = -50
    body = Body(replace(seen.track, image=image), shot.scene())
    assert np.median(body.depth_m) == pytest.approx(shot.distance_m, rel=0.2)


@few
@given(seed=SEEDS)
def test_the_yaw_is_that_of_the_person_against_the_camera(seed):
    shot, _, body = body_of(seed)
    assert body.typical_yaw_deg == pytest.approx(shot.yaw_deg, abs=6)


@few
@given(seed=SEEDS)
def test_the_side_towards_the_camera_and_where_the_person_looks(seed):
    shot, seen, body = body_of(seed, side=True)
    assert body.near_side == ("LEFT" if shot.yaw_deg > 0 else "RIGHT")
    nose_ahead = np.median(seen.track.xy[:, L.NOSE, 0] - (seen.track.xy[:, 7, 0] + seen.track.xy[:, 8, 0]) / 2)
    assert np.median(body.facing_x) == np.sign(nose_ahead)


@few
@given(seed=SEEDS)
def test_the_stature_in_pixels_is_what_the_person_would_take(seed):
    shot, _, body = body_of(seed)
    top, bottom = shot.camera.project(np.array([[0, shot.stature_m, shot.distance_m], [0, 0, shot.distance_m]]))
    assert np.median(body.stature_px) == pytest.approx(np.linalg.norm(top - bottom), rel=0.25)


def test_a_landmark_out_of_the_picture_or_not_visible_is_not_seen():
    _, seen, _ = body_of(1)
    image = seen.track.image.copy()
    image[:, L.LEFT_WRIST, 0] = -1
    image[:, L.RIGHT_WRIST, 3] = 0.3
    image[:, L.LEFT_ELBOW, :] = np.nan
    body = Body(replace(seen.track, image=image), known_scene(Camera(*seen.track.size, 60, 1.3, 5)))
    assert not body.inside[:, L.LEFT_WRIST].any()
    assert body.inside[:, L.RIGHT_WRIST].all()
    assert not body.seen[:, [L.LEFT_WRIST, L.RIGHT_WRIST, L.LEFT_ELBOW]].any()


def test_a_single_picture_has_the_usual_jitter_and_a_clip_its_own():
    shot, seen, body = body_of(2)
    noise = float(np.median(body.noise_m(L.LEFT_HIP)))
    assert noise == pytest.approx(shot.noise_px * float(np.median(body.m_per_px)), rel=1e-3)
    unknown = Body(replace(seen.track, noise=np.full(33, np.nan, np.float32)), body.scene)
    assert float(np.median(unknown.noise_m(L.LEFT_HIP))) == pytest.approx(SINGLE_FRAME_NOISE * shot.stature_m, rel=0.05)


def test_jitter_turns_a_short_line_more_than_a_long_one():
    body = body_of(3)[2]
    short, long = (float(np.median(body.noise_deg(length, L.LEFT_KNEE))) for length in (0.1, 0.5))
    assert short == pytest.approx(5 * long)


@few
@given(seed=SEEDS, slope=floats(0.5, 4))
def test_an_uncertain_camera_adds_what_it_changes(seed, slope):
    """A quantity that is a multiple of the tilt errs by that multiple of the tilt's error."""
    _, _, body = body_of(seed, knowledge="profile")
    error = scene_error(body, lambda b: np.full(len(b), slope * b.scene.camera.pitch_deg))
    assert error == pytest.approx(slope * body.scene.camera.pitch_error_deg)


def test_a_quantity_nowhere_seen_has_no_scene_error():
    body = body_of(4, knowledge="profile")[2]
    assert scene_error(body, lambda b: np.full(len(b), np.nan)) == 0
