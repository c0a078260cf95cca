"""The simulated person as a source: ``simulate:NAME?yaw=20&height=1.3``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl

from posture_check.errors import InputError
from posture_check.landmarks.track import TrackSet
from posture_check.measures.camera import Camera
from posture_check.measures.scene import Scene as KnownScene
from posture_check.measures.scene import known_scene
from posture_check.simulate.body import Body
from posture_check.simulate.scenarios import scenario
from posture_check.simulate.scene import Scene, Viewpoint
from posture_check.simulate.view import Look, Seen, view
from posture_check.sources.frame import Frame

PREFIX = "simulate:"

SETTINGS: dict[str, tuple[float | None, float, float, str]] = {
    "yaw": (
        None,
        -180.0,
        180.0,
        "degrees from the person's front to the camera, towards their left positive",
    ),
    "height": (None, 0.05, 6.0, "height of the lens in metres"),
    "pitch": (None, -60.0, 80.0, "degrees the camera looks down"),
    "roll": (0.0, -45.0, 45.0, "degrees the camera is turned clockwise"),
    "distance": (None, 0.3, 100.0, "metres from the camera to the person"),
    "hfov": (65.0, 10.0, 150.0, "field of view along the longer side in degrees"),
    "width": (1280, 64, 8192, "width of the picture in pixels"),
    "lines": (720, 64, 8192, "height of the picture in pixels"),
    "fps": (30.0, 0.0, 240.0, "frames a second; 0 is a single picture"),
    "duration": (None, 0.02, 3600.0, "seconds"),
    "stature": (1.72, 0.8, 2.4, "the person's height in metres"),
    "noise": (1.0, 0.0, 50.0, "jitter of the landmarks in pixels"),
    "drift": (None, 0.0, 50.0, "slow wandering of the landmarks in pixels; half the noise if not given"),
    "seed": (0, 0, 2**31, "of the noise"),
    "mirror": (0, 0, 1, "1 flips the picture"),
    "bias": (1, 0, 1, "0 puts landmarks at the joint centres rather than where the landmark model puts them"),
}
"""Settings after the question mark: default (None: the scene's own), least, most, meaning."""


def is_simulation(spec: str) -> bool:
    """Tell whether a source names a simulated scene."""
    return spec.startswith(PREFIX)


def simulated_scene(spec: str) -> Seen:
    """Return a scene as its camera saw it.

    Parameters
    ----------
    spec
        ``simulate:NAME`` and settings, see :data:`SETTINGS`.

    Raises
    ------
    InputError
        If there is no such scene or setting, or a setting is out of bounds.
    """
    name, _, query = spec.removeprefix(PREFIX).partition("?")
    known = scenario(name)
    given = _settings(spec, query)
    scene = known.make(Body(_number(given, "stature")))
    camera, viewpoint = _camera(given, scene)
    fps = _number(given, "fps")
    look = Look(
        noise_px=_number(given, "noise"),
        drift_px=given.get("drift"),
        model_bias=bool(_number(given, "bias")),
        mirror=bool(_number(given, "mirror")),
        seed=int(_number(given, "seed")),
    )
    return view(
        scene,
        camera,
        viewpoint.yaw_deg,
        viewpoint.distance_m,
        fps=fps or None,
        duration_s=given.get("duration"),
        look=look,
    )


def simulated_tracks(spec: str) -> tuple[TrackSet, Camera]:
    """Return a scene's tracks and its true camera; parameters and errors as :func:`simulated_scene`."""
    seen = simulated_scene(spec)
    return seen.tracks(spec), seen.camera


def simulated_known(spec: str, stature_m: float | None = None) -> KnownScene:
    """Return what an exact calibration of a scene knows: its camera and the subject's chair; errors as above.

    Parameters
    ----------
    spec
        As for :func:`simulated_scene`.
    stature_m
        The person's height, if it is to be known.
    """
    seen = simulated_scene(spec)
    return replace(known_scene(seen.camera, stature_m), chair=seen.chair)


def simulated_frames(spec: str) -> Iterator[Frame]:
    """Deliver drawn pictures of a simulated scene; parameters and errors as :func:`simulated_scene`."""
    from posture_check.simulate.draw import draw

    return draw(simulated_scene(spec))


def _settings(spec: str, query: str) -> dict[str, float]:
    out = {}
    for key, text in parse_qsl(query, keep_blank_values=True):
        if key not in SETTINGS:
            raise InputError(f"{spec}: no setting {key!r}; choose from {', '.join(SETTINGS)}")
        _, least, most, meaning = SETTINGS[key]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise InputError(f"{spec}: {key}={text}: must be a number from {least:g} to {most:g} ({meaning})")
        out[key] = value
    return out


def _number(given: dict[str, float], key: str) -> float:
    default = SETTINGS[key][0]
    assert default is not None
    return given.get(key, default)


def _camera(given: dict[str, float], scene: Scene) -> tuple[Camera, Viewpoint]:
    usual = scene.viewpoint
    viewpoint = Viewpoint(
        yaw_deg=given.get("yaw", usual.yaw_deg),
        distance_m=given.get("distance", usual.distance_m),
        height_m=given.get("height", usual.height_m),
        pitch_deg=given.get("pitch", usual.pitch_deg),
    )
    camera = Camera(
        width=round(_number(given, "width")),
        height=round(_number(given, "lines")),
        hfov_deg=_number(given, "hfov"),
        height_m=viewpoint.height_m,
        pitch_deg=viewpoint.pitch_deg,
        roll_deg=_number(given, "roll"),
    )
    return camera, viewpoint
