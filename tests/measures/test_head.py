from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers

from posture_check.measures.body import Body
from posture_check.measures.head import LIP_LOWER, LIP_UPPER, MIN_FACE_PX, head_axes
from tests.measures.people import body_of, draw, still, value_of

few = settings(deadline=None, max_examples=12)
SEEDS = integers(0, 2**31)


@few
@given(seed=SEEDS, pitch=floats(-25, 30), yaw=floats(-20, 20), roll=floats(-18, 18))
def test_nod_turn_and_tilt_are_told_apart(seed, pitch, yaw, roll):
    shot = still(seed, head_pitch_deg=pitch, head_yaw_deg=yaw, head_roll_deg=roll)
    body = body_of(shot)
    for name, true in (("head_pitch", pitch), ("head_yaw", yaw), ("head_roll", roll)):
        found = value_of(name, body)
        if found is not None:  # turned away from the camera by more than a face is found
            assert found.value == pytest.approx(true, abs=2 * found.error), name


@few
@given(seed=SEEDS, turn=floats(-30, 30))
def test_a_head_that_faces_where_the_body_faces_is_not_turned(seed, turn):
    """The person stands turned to the camera; nobody is blamed for where the camera is."""
    shot = replace(still(seed, head_yaw_deg=0.0, head_pitch_deg=0.0, head_roll_deg=0.0), yaw_deg=turn)
    found = value_of("head_yaw", body_of(shot))
    assert abs(found.value) < found.error + 1


@few
@given(seed=SEEDS, lens=floats(0.8, 2.6))
def test_a_camera_above_or_below_the_face_does_not_nod_it(seed, lens):
    shot = still(seed, head_yaw_deg=0.0, head_pitch_deg=5.0, head_roll_deg=0.0)
    pitch = np.degrees(np.arctan2(lens - 0.52 * shot.stature_m, shot.distance_m))
    shot = replace(shot, yaw_deg=0.0, camera=replace(shot.camera, height_m=lens, pitch_deg=float(pitch)))
    assert value_of("head_pitch", body_of(shot)).value == pytest.approx(5, abs=2)


@few
@given(seed=SEEDS)
def test_the_axes_of_the_head_are_a_rotation(seed):
    axes = head_axes(body_of(still(seed)))
    axes = axes[np.isfinite(axes).all((1, 2))]
    assert np.swapaxes(axes, 1, 2) @ axes == pytest.approx(np.broadcast_to(np.eye(3), axes.shape), abs=1e-5)


def test_an_open_mouth_is_read_from_a_large_face_only():
    shot = draw(np.random.default_rng(1), scale=3.0)
    shot = replace(shot, distance_m=3.0, yaw_deg=0.0)
    track = shot.seen().track
    face = track.details.face.copy()
    width = np.linalg.norm(face[:, 61, :2] - face[:, 291, :2], axis=-1)
    face[:, LIP_LOWER, :2] = face[:, LIP_UPPER, :2] + width[:, None] * [0.0, 0.4]
    talking = replace(track, details=replace(track.details, face=face))
    found = value_of("mouth_opening", Body(talking, shot.scene()))
    assert found.value == pytest.approx(0.4, abs=0.02)
    far = replace(shot, camera=replace(shot.camera, width=shot.camera.width // 6, height=shot.camera.height // 6))
    small = far.seen().track
    tall = np.linalg.norm(small.details.face[:, 10, :2] - small.details.face[:, 152, :2], axis=-1)
    assert (tall < MIN_FACE_PX).all()
    assert value_of("mouth_opening", Body(small, far.scene())) is None


@few
@given(seed=SEEDS)
def test_a_head_poked_forward_leans_more_from_either_side(seed):
    upright = still(seed, side=True, head_pitch_deg=0.0)
    poked = still(seed, side=True, head_pitch_deg=25.0)
    for yaw in (80.0, -80.0):
        lean = [value_of("neck_lean", body_of(replace(shot, yaw_deg=yaw))).value for shot in (upright, poked)]
        assert lean[1] > lean[0] + 2


@few
@given(seed=SEEDS, yaw=floats(60, 120))
def test_a_person_not_quite_side_on_has_the_same_neck(seed, yaw):
    shot = still(seed, side=True)
    across = value_of("neck_lean", body_of(replace(shot, yaw_deg=90.0)))
    turned = value_of("neck_lean", body_of(replace(shot, yaw_deg=yaw)))
    assert turned.value == pytest.approx(across.value, abs=turned.error)


def test_without_a_face_the_head_has_no_angles():
    shot = still(4)
    track = shot.seen().track
    blank = replace(track, details=replace(track.details, face=np.full_like(track.details.face, np.nan)))
    for name in ("head_pitch", "head_yaw", "head_roll", "mouth_opening"):
        assert value_of(name, Body(blank, shot.scene())) is None, name
