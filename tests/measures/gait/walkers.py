"""Simulated walks as a camera sees them, of which everything is known."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from posture_check.landmarks.names import L
from posture_check.landmarks.track import Track
from posture_check.measures import MEASURES
from posture_check.measures.body import Body
from posture_check.measures.camera import Camera
from posture_check.measures.scene import known_scene
from posture_check.measures.series import Value, summarise
from posture_check.simulate.body import Body as Build
from posture_check.simulate.pose import Pose
from posture_check.simulate.scenarios import Actor, Scene
from posture_check.simulate.view import Seen, view
from posture_check.simulate.walking import walking

CAMERA = Camera(width=1920, height=1080, hfov_deg=75.0, height_m=1.3, pitch_deg=4.0)
PASSING_DISTANCE_M, FACING_DISTANCE_M = 5.0, 7.5
LEGS = [(L[f"LEFT_{n}"], L[f"RIGHT_{n}"]) for n in ("KNEE", "ANKLE", "HEEL", "FOOT_INDEX")]


def walk(
    yaw_deg: float = 90.0, *, stature_m: float = 1.7, fps: float = 30.0, noise_px: float = 0.5, seed: int = 0,
    change: Callable[[Pose, np.ndarray], Pose] | None = None, **settings: Any,
) -> tuple[Body, Seen]:  # fmt: skip
    """Return somebody who walks past (or, from the front, up to) the camera, and what was seen.

    ``change`` makes of the walk's pose at given times another one. The same walk is seen once for all tests.
    """
    return _walk(yaw_deg, stature_m, fps, noise_px, seed, change, tuple(sorted(settings.items())))


@functools.lru_cache(64)
def _walk(
    yaw_deg: float, stature_m: float, fps: float, noise_px: float, seed: int,
    change: Callable[[Pose, np.ndarray], Pose] | None, settings: tuple[tuple[str, Any], ...],
) -> tuple[Body, Seen]:  # fmt: skip
    performance = walking(body=Build(stature_m), **({"duration_s": 4.0} | dict(settings)))
    if change is not None:
        walked = performance.motion
        performance = replace(performance, motion=lambda time_s: change(walked(time_s), time_s))
    # Who walks past begins half the way before the middle of the picture.
    way = performance.facts["speed_mps"] * performance.duration_s
    past = abs(np.sin(np.radians(yaw_deg)))
    scene = Scene((Actor(performance, z_m=-0.5 * way * past),), duration_s=performance.duration_s)
    distance = PASSING_DISTANCE_M if past > 0.5 else FACING_DISTANCE_M
    seen = view(scene, CAMERA, yaw_deg, distance, fps=fps, noise_px=noise_px, seed=seed)
    return Body(seen.track, known_scene(seen.camera, stature_m)), seen


def value_of(name: str, body: Body) -> Value | None:
    """Return a measure over the whole walk, its first second, in which the person sets off, left out."""
    start = int(np.searchsorted(body.track.time_s, 1.0))
    stretch = body.slice(start, len(body))
    value = summarise(MEASURES[name].function(stretch), stretch.track.time_s)
    return value if value is not None and value.frames >= MEASURES[name].events else None


def told(name: str, body: Body) -> Value:
    """Return a measure that must be told."""
    value = value_of(name, body)
    assert value is not None, name
    return value


def fact(seen: Seen, name: str) -> float:
    """Return an exact number of the walk."""
    return float(seen.people[0].performance.facts[name])


def backwards_in_time(body: Body) -> Body:
    """Return the walk played backwards: the person goes backwards."""
    track = body.track
    return Body(_with(track, image=track.image[::-1].copy(), world=track.world[::-1].copy()), body.scene)


def with_swapped_legs(body: Body, frames: slice) -> Body:
    """Return the walk with the legs taken for each other on some frames."""
    image, world = body.track.image.copy(), body.track.world.copy()
    for left, right in LEGS:
        image[frames, [left, right]] = image[frames, [right, left]]
        world[frames, [left, right]] = world[frames, [right, left]]
    return Body(_with(body.track, image=image, world=world), body.scene)


def _with(track: Track, **changed: Any) -> Track:
    return replace(track, **changed)
