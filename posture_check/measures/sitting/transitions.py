"""Sitting down and rising: how fast the hips come down, how hard they land, and standing still before leaving."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures.body import Body, Floats
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint
from posture_check.measures.series import Series

HIPS = (L.LEFT_HIP, L.RIGHT_HIP)
KNEES = (L.LEFT_KNEE, L.RIGHT_KNEE)
ANKLES = (L.LEFT_ANKLE, L.RIGHT_ANKLE)
SPEED_S = 0.2
"""Speeds are slopes over this time; one frame's jitter is no speed."""
LANDING_SHARE = 0.15
"""The last share of the hips' way down on which they land."""
MIN_WAY_M = 0.15
"""Hips that come down or up by less than this neither sit down nor rise."""
RISEN_SHARE = 0.98
"""Share of the upright height of hips over knees from which a person has risen."""
SPEED_ERROR_M_S, SPEED_ERROR_SHARE = 0.05, 0.2
SEATED_SHARE = 0.7
"""Hips less high over the knees than this share of upright are still rising."""
STEP_M, STEP_LASTS_S, STEP_EARLY_S = 0.04, 0.2, 0.3
"""A foot that is this far from its place for so long has stepped; it may do so before the person has wholly risen."""
HIDDEN_STEP_M = 0.10
"""A foot behind the other wanders in the landmark model's mind: it must be further off."""
STEP_SEEN_LATE_S = 0.45
"""How much sooner, before a step is seen and after the hips seem to be up, the person stood still no more or not yet:
0.45-0.55 side-on and at 45 degrees on simulated people who start to walk. From the front it is twice as much."""
STILL_ERROR_S = 0.2


def hip_height_m(body: Body) -> Floats:
    """Return how high the hips are in the picture, ``(frames,)`` metres above where they are lowest.

    Told at the person's median size. From the front hips that go back onto a seat look up to a sixth less high before
    and after than they are, which the error of the speeds holds.
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


@measure("s", near=("HIP", "KNEE", "ANKLE"), min_seconds=1.0)
def still_before_leaving(body: Body) -> Series:
    """How long a person who has risen stands before the first step, in seconds.

    Needs to see some seconds after the rising. Whoever has not left by then has stood at least as long as is seen; if
    that is less than a second it cannot be told.
    """
    time, straight = body.track.time_s, _straightness(body)
    known = np.isfinite(straight)
    if not known.any():
        return Series(np.full(len(body), np.nan))
    up = np.flatnonzero(known & (straight >= RISEN_SHARE * np.nanpercentile(straight, 90)))
    low = np.flatnonzero(known & (straight < SEATED_SHARE * np.nanpercentile(straight, 90)))
    up = up[up > low[0]] if len(low) else up
    if not len(low) or not len(up):
        return Series(np.full(len(body), np.nan))
    risen = float(time[up[0]])
    steps = _steps(body, risen)
    if np.isfinite(steps):
        return _figure(body, max(0.0, steps - risen), STILL_ERROR_S)
    stood = float(time[known][-1]) - risen
    return _figure(body, stood if stood >= 1.0 else float("nan"), STILL_ERROR_S)


def _straightness(body: Body) -> Floats:
    """Return how high the hips are over the knees in trunk lengths, ``(frames,)``, whatever view and distance."""
    hips, knees = midpoint(body.xy, *HIPS), midpoint(body.xy, *KNEES)
    return np.asarray((knees - hips)[:, 1] / np.maximum(body.trunk_px, 1.0))


def _steps(body: Body, risen_s: float) -> float:
    """Return when a foot first leaves its place for good, in seconds; NaN if none does.

    Its place is where it stands while the person rises.
    """
    time = body.track.time_s
    before = time <= risen_s
    first = np.inf
    for ankle in ANKLES:
        place = body.xy[:, ankle] * float(np.nanmedian(body.m_per_px[before]))
        away = np.linalg.norm(place - np.nanmedian(place[before], axis=0), axis=-1)
        hidden = body.seen[before, ankle].mean() < 0.5
        off = np.nan_to_num(away) > (HIDDEN_STEP_M if hidden else STEP_M)
        for i in np.flatnonzero(off & (time > risen_s - STEP_EARLY_S)):
            later = (time >= time[i]) & (time <= time[i] + STEP_LASTS_S)
            if off[later].all():
                first = min(first, float(time[i]))
                break
    return first - STEP_SEEN_LATE_S if np.isfinite(first) else float("nan")


def _figure(body: Body, value: float, error: float | None = None) -> Series:
    systematic = np.hypot(SPEED_ERROR_M_S, SPEED_ERROR_SHARE * value) if error is None else error
    return Series(np.where(np.isfinite(body.xy[:, L.LEFT_HIP, 0]), value, np.nan), 0.0, systematic)
