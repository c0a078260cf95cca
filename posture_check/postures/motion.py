"""How a person gets about: how fast a foot travels, how fast the whole body, whether the feet pass one another.

Every signal is told in seconds and metres, whatever the frame rate, and works on unevenly spaced frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.body import Body

Floats = NDArray[np.floating[Any]]

PACE_S = 1.0
CALM_S = 0.15
"""Feet are averaged over this time: frame by frame, jitter would add up to a walk."""
SETTLE_S = 0.5
"""Shorter recordings do not tell whether anything moves."""
GRID_S = 0.05
"""Slow signals are taken at even times this far apart."""
APART_S, MEAN_S = 1.0, 0.5
"""The body's way is from its mean place over ``MEAN_S`` to that ``APART_S`` later: two steps of a usual walk, in which
the sway of a standing person averages out."""
PASSING_S = 1.4
"""Time in which both feet are ahead once: a stride takes 0.9-1.3 s (Winter, Biomechanics of Human Movement)."""
FEET = (L.LEFT_ANKLE, L.RIGHT_ANKLE)


@dataclass(frozen=True, slots=True)
class Footwork:
    """How the feet go in the picture, on average in a second around each frame; every field has ``(frames,)``.

    Attributes
    ----------
    apart
        Speed of one foot against the other in m/s: a camera that moves, or a body that is carried, adds nothing to it.
    most, least
        Speed of the foot that is faster at the time, and of the slower one, in m/s.
    lift
        How far each foot in turn is above the other in the picture within a stride's time, the lesser of both, in trunk
        lengths.
    aside
        How much the feet's distance sideways in the picture changes within a stride's time, in trunk lengths.
    """

    apart: Floats
    most: Floats
    least: Floats
    lift: Floats
    aside: Floats


def footwork(body: Body) -> Footwork:
    """Return how the feet of a body go; all zero where the recording is too short to tell."""
    time = body.track.time_s
    if time[-1] - time[0] < SETTLE_S:
        return Footwork(*np.zeros((5, len(time))))
    grid = _grid(time)
    feet = _even(body.xy[:, FEET].reshape(len(time), 4), time, grid).reshape(-1, 2, 2)
    between = feet[:, 0] - feet[:, 1]
    metres = np.interp(grid, time, metres_per_px(body))
    each = np.linalg.norm(np.gradient(feet, GRID_S, axis=0), axis=-1) * metres[:, None]
    apart = np.linalg.norm(np.gradient(between, GRID_S, axis=0), axis=-1) * metres
    speeds = uniform_filter1d(np.stack([apart, each.max(1), each.min(1)]), _width(PACE_S), axis=1, mode="nearest")
    most, least = _extremes(between / np.interp(grid, time, np.maximum(body.trunk_px, 1.0))[:, None])
    told = [*speeds, np.minimum(most[:, 1], -least[:, 1]), most[:, 0] - least[:, 0]]
    return Footwork(*(np.interp(time, grid, values) for values in told))


def metres_per_px(body: Body) -> Floats:
    """Return what a pixel spans at the person, ``(frames,)`` metres.

    Where the camera is a guess from the person's own typical pose, the trunk's size tells it: the guess is no good for
    somebody who sits or squats most of the time.
    """
    if body.scene.calibrated:
        return body.m_per_px
    return np.asarray(offsets.TRUNK_LENGTH * body.scene.stature_m / np.maximum(body.trunk_px, 1.0))


def feet_drift(body: Body) -> Floats:
    """Return how fast the middle of the ankles travels in the picture, ``(frames, 2)`` m/s, x to the right and y up."""
    return _drift(body, body.middle(*FEET)) * [1.0, -1.0]


def trunk_drift(body: Body) -> Floats:
    """Return how fast the trunk travels, ``(frames, 3)`` m/s: across the picture, up, and away by its shrinking.

    For people whose feet are not seen.
    """
    shoulders, hips = body.middle(L.LEFT_SHOULDER, L.RIGHT_SHOULDER), body.middle(L.LEFT_HIP, L.RIGHT_HIP)
    across = np.linalg.norm(body.xy[:, L.LEFT_SHOULDER] - body.xy[:, L.RIGHT_SHOULDER], axis=-1)
    size = np.log(np.maximum(np.hypot(across, np.linalg.norm(shoulders - hips, axis=-1)), 1.0))
    flat = _drift(body, shoulders) * [1.0, -1.0]
    away = -_drift(body, np.asarray(size)[:, None], scale=body.depth_m)
    return np.concatenate([flat, away], axis=1)


def passing(body: Body) -> Floats:
    """Return how far each foot gets ahead of the other within a stride's time, the lesser of both, ``(frames,)``.

    In trunk lengths, from the world landmarks along where the hips face: it tells a walk that the camera follows, or
    one on a treadmill, from swaying and from stepping to the side.
    """
    world = body.track.world.astype(float)
    left = (world[:, L.LEFT_HIP] - world[:, L.RIGHT_HIP])[:, [0, 2]]
    ahead = np.stack([left[:, 1], -left[:, 0]], axis=1) / np.maximum(np.linalg.norm(left, axis=1), 1e-6)[:, None]
    trunk = np.linalg.norm(world[:, [L.LEFT_SHOULDER, L.RIGHT_SHOULDER]].mean(1), axis=-1)
    lead = ((world[:, L.LEFT_ANKLE] - world[:, L.RIGHT_ANKLE])[:, [0, 2]] * ahead).sum(1) / np.maximum(trunk, 0.1)
    time = body.track.time_s
    if time[-1] - time[0] < SETTLE_S:
        return np.zeros(len(time))
    grid = _grid(time)
    most, least = _extremes(_even(lead[:, None], time, grid))
    return np.asarray(np.interp(time, grid, np.minimum(most, -least)[:, 0]))


def turning(body: Body, angle_deg: Floats) -> Floats:
    """Return how fast an angle ``(frames,)`` changes, degrees a second without sign, over about a third of a second."""
    time = body.track.time_s
    if time[-1] - time[0] < SETTLE_S:
        return np.zeros(len(time))
    grid = _grid(time)
    smooth = uniform_filter1d(np.interp(grid, time, angle_deg), _width(0.3), mode="nearest")
    return np.asarray(np.interp(time, grid, np.abs(np.gradient(smooth, GRID_S))))


def _drift(body: Body, place: Floats, scale: Floats | None = None) -> Floats:
    """Return how fast a place ``(frames, axes)`` moves in units of ``scale`` (default: metres of pixels) a second."""
    time = body.track.time_s
    if time[-1] - time[0] < SETTLE_S:
        return np.zeros((len(time), place.shape[1]))
    grid = _grid(time)
    scale = np.interp(grid, time, metres_per_px(body) if scale is None else scale)
    even = np.stack([np.interp(grid, time, axis) for axis in place.T.astype(float)], axis=1)
    mean = uniform_filter1d(even, _width(MEAN_S), axis=0, mode="nearest")
    half = min(_width(APART_S) // 2, (len(grid) - 1) // 2)
    speed = (mean[2 * half :] - mean[: len(mean) - 2 * half]) / (2 * half * GRID_S) if half else np.zeros_like(mean)
    # What the ends of the recording do is what is done next to them.
    speed = np.concatenate([np.repeat(speed[:1], half, 0), speed, np.repeat(speed[-1:], half, 0)])
    speed = speed * uniform_filter1d(scale, _width(MEAN_S), mode="nearest")[:, None]
    return np.stack([np.interp(time, grid, axis) for axis in speed.T], axis=1)


def _even(values: Floats, time: Floats, grid: Floats) -> Floats:
    """Return values ``(frames, n)`` at even times, without their jitter."""
    even = np.stack([np.interp(grid, time, column) for column in values.T.astype(float)], axis=1)
    return np.asarray(uniform_filter1d(even, _width(CALM_S), axis=0, mode="nearest"))


def _extremes(signal: Floats) -> tuple[Floats, Floats]:
    """Return the most and the least of even signals ``(times, n)`` within a stride's time around each."""
    width = _width(PASSING_S)
    most = maximum_filter1d(signal, width, axis=0, mode="nearest")
    return most, minimum_filter1d(signal, width, axis=0, mode="nearest")


def _grid(time_s: Floats) -> Floats:
    return np.arange(time_s[0], time_s[-1] + GRID_S, GRID_S)


def _width(seconds: float) -> int:
    return max(1, round(seconds / GRID_S))
