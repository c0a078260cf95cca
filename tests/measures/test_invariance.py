"""What must not matter does not: mirror, roll, size of the picture, frame rate, time of day, side of the wrap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis.strategies import booleans, floats, integers, sampled_from

from posture_check.landmarks.names import L
from posture_check.landmarks.track import Track
from posture_check.measures import MEASURES, offsets
from posture_check.measures.body import Body
from posture_check.measures.camera import Camera
from posture_check.measures.scene import known_scene
from posture_check.rules.gates import view_of
from tests.measures.people import SIDE_VIEW, SIDED, STANDING, Shot, draw, value_of, wider

few = settings(deadline=None, max_examples=12)

FRONT = tuple(name for name in STANDING if name not in SIDE_VIEW)
SEEDS = integers(0, 2**31)


def shot_from(seed: int, **fixed: object) -> Shot:
    """Return a noiseless person of that seed, who moves a little and has both hands before the body."""
    rng = np.random.default_rng(seed)
    usual = {"duration_s": 2.2, "feet_angle_deg": rng.uniform(10, 75), "hands": "front_right_over_left"}
    shot = draw(rng, **(usual | fixed))
    camera = replace(shot.camera, roll_deg=0.0)
    return replace(shot, camera=camera, fps=10.0, noise_px=0.0, yaw_deg=np.clip(shot.yaw_deg, -118, 118))


def values(track: Track, camera: Camera, stature_m: float, names: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    body = Body(track, known_scene(camera, stature_m))
    found = {name: value_of(name, body) for name in names}
    return {name: (value.value, value.error) for name, value in found.items() if value is not None}


def names_of(side: bool) -> tuple[str, ...]:
    return SIDE_VIEW if side else FRONT


def assert_same(got: dict[str, tuple[float, float]], wanted: dict[str, tuple[float, float]], errors: float) -> None:
    assert set(got) == set(wanted)
    for name, (value, error) in wanted.items():
        assert got[name][0] == pytest.approx(value, abs=errors * error + 1e-4), name


@few
@given(seed=SEEDS, side=booleans())
def test_the_mirror_image_flips_what_is_sided_and_nothing_else(seed, side):
    shot = shot_from(seed, side=side)
    plain = values(shot.seen().track, shot.camera, shot.stature_m, names_of(side))
    seen = shot.seen(mirror=True)
    mirrored = values(seen.track, seen.camera, shot.stature_m, names_of(side))
    # In the mirror the other hand is on top.
    plain = {name: ((-v if name in SIDED else v), e) for name, (v, e) in plain.items() if name != "right_hand_on_top"}
    mirrored.pop("right_hand_on_top", None)
    # The landmark model itself sees people turn a little less to one side than to the other.
    assert_same(mirrored, plain, 0.6)


@few
@given(seed=SEEDS)
def test_the_mirror_image_has_the_other_hand_on_top(seed):
    shot = shot_from(seed)
    plain, mirrored = shot.seen(), shot.seen(mirror=True)
    right, left = (
        value_of("right_hand_on_top", Body(seen.track, known_scene(seen.camera, shot.stature_m)))
        for seen in (plain, mirrored)
    )
    assume(right is not None and left is not None)
    assert right.value > 0.5 > left.value
    assert right.value + left.value == pytest.approx(1, abs=1e-6)


@few
@given(seed=SEEDS, side=booleans(), roll=floats(-12, 12))
def test_a_rolled_camera_that_is_known_to_be_rolled_changes_nothing(seed, side, roll):
    shot = shot_from(seed, side=side)
    rolled = replace(shot, camera=replace(shot.camera, roll_deg=roll))
    # Turned about the middle of the picture, head and feet would leave a narrow one.
    wide = [replace(s, camera=wider(s.camera)) for s in (shot, rolled)]
    level, turned = (values(s.seen().track, s.camera, s.stature_m, names_of(side)) for s in wide)
    assert_same(turned, level, 0.5)


@few
@given(seed=SEEDS, side=booleans(), factor=floats(0.6, 3))
def test_the_size_of_the_picture_changes_nothing(seed, side, factor):
    shot = shot_from(seed, side=side)
    track, camera = shot.seen().track, shot.camera
    width, height = round(factor * camera.width), round(factor * camera.height)
    factor = max(width, height) / max(camera.width, camera.height)
    d = track.details
    larger = replace(
        track,
        image=track.image * np.array([factor, factor, factor, 1], np.float32),
        noise=track.noise * np.float32(factor),
        size=(width, height),
        details=replace(d, hands=d.hands * factor, face=d.face * factor, shoulders=d.shoulders * factor),
    )
    names = tuple(name for name in names_of(side) if name != "mouth_opening")  # it asks for a face of 120 px
    before = values(track, camera, shot.stature_m, names)
    after = values(larger, replace(camera, width=width, height=height), shot.stature_m, names)
    assert_same(after, before, 0.05)
    for name, (_, error) in before.items():
        assert after[name][1] == pytest.approx(error, rel=0.03), name


@few
@given(seed=SEEDS, side=booleans(), fps=sampled_from([12.0, 25.0, 29.97, 60.0]))
def test_the_frame_rate_changes_nothing(seed, side, fps):
    shake = {} if side else {"knee_shake_cm": 3.0, "knee_shake_hz": 1.5}
    shot = shot_from(seed, side=side, **shake)
    slow, fast = (values(shot.seen(fps=f).track, shot.camera, shot.stature_m, names_of(side)) for f in (10.0, fps))
    assert_same(fast, slow, 0.5)


@few
@given(seed=SEEDS, side=booleans(), noise=floats(0.3, 2))
def test_more_frames_of_the_same_noise_never_make_the_error_larger(seed, side, noise):
    shot = replace(shot_from(seed, side=side, sway_cm=0.0, sway_fore_cm=0.0), noise_px=noise)
    few_frames, many = (
        values(shot.seen(fps=f).track, shot.camera, shot.stature_m, names_of(side)) for f in (8.0, 32.0)
    )
    for name, (_, error) in few_frames.items():
        if name in many and not MEASURES[name].min_seconds:
            assert many[name][1] <= 1.1 * error, name


@few
@given(seed=SEEDS, side=booleans(), later=floats(0.1, 20000))
def test_when_it_happens_changes_nothing(seed, side, later):
    shot = shot_from(seed, side=side)
    track = shot.seen().track
    shifted = replace(track, time_s=track.time_s + later, frame=track.frame + 5000)
    before = values(track, shot.camera, shot.stature_m, names_of(side))
    assert_same(values(shifted, shot.camera, shot.stature_m, names_of(side)), before, 1e-3)


@few
@given(turn=floats(-70, 70), noise=floats(0, 1.5), seed=integers(0, 1000))
def test_seen_from_behind_the_yaw_does_not_jump_at_the_wrap(turn, noise, seed):
    rng = np.random.default_rng(seed)
    shot = replace(draw(rng), yaw_deg=float((180 + turn + 180) % 360 - 180), noise_px=noise, fps=10.0)
    body = Body(shot.seen().track, shot.scene())
    off = (body.steady_yaw_deg - shot.yaw_deg + 180) % 360 - 180
    assert np.abs(off).max() < 12
    assert abs((body.typical_yaw_deg - shot.yaw_deg + 180) % 360 - 180) < 6
    if abs(turn) < 40:
        assert view_of(body.typical_yaw_deg) == "back"


@few
@given(at=floats(150, 210), shake=floats(1, 25))
def test_a_yaw_that_straddles_the_wrap_is_steady(at, shake):
    """Frames alternate on both sides of 180 degrees; a plain mean of them would face the camera."""
    shot = shot_from(7)
    track = shot.seen().track
    swing = at + shake * (-1.0) ** np.arange(len(track))
    turn = np.radians(swing)
    world = track.world.copy()
    for left, right, half in ((L.LEFT_SHOULDER, L.RIGHT_SHOULDER, 0.18), (L.LEFT_HIP, L.RIGHT_HIP, 0.1)):
        side = half * np.stack([np.cos(turn), np.zeros(len(turn)), -np.sin(turn)], axis=-1)
        world[:, left], world[:, right] = side, -side
    body = Body(replace(track, world=world.astype(np.float32)), shot.scene())
    off = (np.append(body.steady_yaw_deg, body.typical_yaw_deg) - at + 180) % 360 - 180
    assert np.abs(off).max() <= shake + abs(offsets.YAW_OFFSET_DEG) + 0.01
