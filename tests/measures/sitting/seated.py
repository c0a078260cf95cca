"""Simulated people on a chair, as a body in its scene."""

from __future__ import annotations

import functools
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np

from posture_check.measures import MEASURES
from posture_check.measures.body import Body
from posture_check.measures.camera import Camera
from posture_check.measures.scene import known_scene
from posture_check.measures.series import Value, summarise
from posture_check.simulate.performance import Performance
from posture_check.simulate.sitting import sitting
from posture_check.simulate.view import view


def camera_at(height_m: float = 1.2, distance_m: float = 2.8, hfov_deg: float = 62.0) -> Camera:
    """Return a camera that looks at the middle of a seated person."""
    return Camera(1280, 720, hfov_deg, height_m, float(np.degrees(np.arctan2(height_m - 0.65, distance_m))))


def seen(performance: Performance, yaw_deg: float, camera: Camera | None = None, **look: Any) -> Body:
    """Return a performance as a calibrated camera sees it, with the chair marked."""
    camera = camera or camera_at()
    found = view(performance, camera, yaw_deg, 2.8, **({"fps": 30.0, "noise_px": 0.4, "seed": 1} | look))
    person = found.people[0]
    return Body(person.track, replace(known_scene(camera), chair=person.chair))


def seated(yaw_deg: float = 0.0, **posture: Any) -> Body:
    """Return somebody who sits; a body of its own each time, which may be changed."""
    body = _seated(yaw_deg, tuple(sorted(posture.items())))
    return Body(deepcopy(body.track), body.scene)


@functools.cache
def _seated(yaw_deg: float, posture: tuple[tuple[str, Any], ...]) -> Body:
    return seen(sitting(**({"duration_s": 1.2} | dict(posture))), yaw_deg)


def value_of(name: str, body: Body) -> Value | None:
    """Return a measure over all frames on which what it needs is seen."""
    measure = MEASURES[name]
    shown = body.seen[:, measure.landmarks(body)].all(1)
    return summarise(measure.function(body).masked(shown), body.track.time_s)


def told(name: str, body: Body) -> float:
    found = value_of(name, body)
    assert found is not None, name
    return found.value
