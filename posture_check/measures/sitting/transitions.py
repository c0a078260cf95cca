"""Sitting down and rising: how fast the hips come down, how hard they land, and standing still before leaving."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures.body import Body, Floats
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint
from posture_check.measures.series import Series

HIPS = (L.LEFT_HIP, L.RIGHT_HIP)
ANKLES = (L.LEFT_ANKLE, L.RIGHT_ANKLE)
SPEED_S = 0.2
"""Speeds are slopes over this time; one frame's jitter is no speed."""
LANDING_SHARE = 0.15
"""The last share of the hips' way down on which they land."""
MIN_WAY_M = 0.15
"""Hips that come down or up by less than this neither sit down nor rise."""
RISEN_SHARE = 0.95
SPEED_ERROR_M_S, SPEED_ERROR_SHARE = 0.05, 0.12
STEPPING_M_S = 0.2
"""Speed of an ankle over half a second from which a foot steps, as in :mod:`posture_check.postures.segment`."""
STEP_S = 0.5
STILL_ERROR_S = 0.15


def hip_height_m(body: Body) -> Floats:
    """Return how high the hips are in the picture, ``(frames,)`` metres above where they are lowest.

    Told at the person's median size: the height of hips that come down on the spot, whatever the view.
    """
    hips = midpoint(body.xy, *HIPS)[:, 1].astype(float)
    return np.asarray((np.nanmax(hips) - hips) * np.nanmedian(body.m_per_px))


def _speed(values: Floats, time_s: Floats, over_s: float) -> Floats:
    """Return slopes over a time centred on each frame, ``(frames,)`` per second."""
    if len(values) < 2:
        return np.full(len(values), np.nan)
    early = np.interp(time_s - over_s / 2, time_s, values)
    late = np.interp(time_s + over_s / 2, time_s, values)
    span = np.minimum(time_s + over_s / 2, time_s[-1]) - np.maximum(time_s - over_s / 2, time_s[0])
    return np.asarray((late - early) / np.maximum(span, 1e-6))


@measure("m/s", near=("HIP",), min_seconds=0.3)
def sit_down_speed(body: Body) -> Series:
    """Greatest speed at which the hips come down, in m/s. One figure for the whole stretch."""
    return _figure(body, _descent(body)[0])


@measure("m/s", near=("HIP",), min_seconds=0.3)
def sit_down_landing(body: Body) -> Series:
    """Mean speed of the hips on the last of their way down, in m/s: dropping onto the seat or settling on it."""
    return _figure(body, _descent(body)[1])


def _descent(body: Body) -> tuple[float, float]:
    height, time = hip_height_m(body), body.track.time_s
    way = float(np.nanmax(height) - np.nanmin(height)) if np.isfinite(height).any() else 0.0
    if way < MIN_WAY_M:
        return float("nan"), float("nan")
    fastest = -float(np.nanmin(_speed(height, time, SPEED_S)))
    # From the last frame above that share of the way until the hips are all but down.
    share = (height - np.nanmin(height)) / way
    above = np.flatnonzero(share > LANDING_SHARE)
    begins = int(above[-1]) if len(above) else 0
    down = np.flatnonzero((np.arange(len(share)) > begins) & (share < 0.03))
    ends = int(down[0]) if len(down) else len(share) - 1
    took = float(time[ends] - time[begins])
    if took <= 0:
        return fastest, float("nan")
    return fastest, float((height[begins] - height[ends]) / took)


@measure("m/s", near=("HIP",), min_seconds=0.3)
def rising_speed(body: Body) -> Series:
    """Greatest speed at which the hips rise, in m/s. One figure for the whole stretch."""
    height = hip_height_m(body)
    way = float(np.nanmax(height) - np.nanmin(height)) if np.isfinite(height).any() else 0.0
    fastest = float(np.nanmax(_speed(height, body.track.time_s, SPEED_S))) if way >= MIN_WAY_M else float("nan")
    return _figure(body, fastest)


@measure("s", near=("HIP",), needs=ANKLES, min_seconds=1.0)
def still_before_leaving(body: Body) -> Series:
    """How long a person who has risen stands before the first step, in seconds.

    Needs to see some seconds after the rising. Whoever has not left by then has stood at least as long as is seen; if
    that is less than a second it cannot be told.
    """
    height, time = hip_height_m(body), body.track.time_s
    feet = 1.0 * body.xy[:, ANKLES] * float(np.nanmedian(body.m_per_px))
    way = float(np.nanmax(height) - np.nanmin(height)) if np.isfinite(height).any() else 0.0
    if way < MIN_WAY_M:
        return Series(np.full(len(body), np.nan))
    share = (height - np.nanmin(height)) / np.percentile(height - np.nanmin(height), 95)
    up = np.flatnonzero(share >= RISEN_SHARE)
    risen = float(time[up[0]])
    moves = np.max([np.hypot(*(_speed(feet[:, i, axis], time, STEP_S) for axis in (0, 1))) for i in (0, 1)], axis=0)
    low = np.flatnonzero(share < 0.3)
    begins = float(time[low[-1]]) if len(low) else float(time[0])
    steps = np.flatnonzero((moves > STEPPING_M_S) & (time > begins))
    if len(steps):
        # The slope sees a step coming by half the time it is taken over.
        return _figure(body, max(0.0, float(time[steps[0]]) + STEP_S / 4 - risen), STILL_ERROR_S)
    stood = float(time[-1]) - risen
    return _figure(body, stood if stood >= 1.0 else float("nan"), STILL_ERROR_S)


def _figure(body: Body, value: float, error: float | None = None) -> Series:
    systematic = np.hypot(SPEED_ERROR_M_S, SPEED_ERROR_SHARE * value) if error is None else error
    return Series(np.where(np.isfinite(body.xy[:, L.LEFT_HIP, 0]), value, np.nan), 0.0, systematic)
