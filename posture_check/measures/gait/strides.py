"""Strides from the ankles: when the legs pass each other, when a foot lands, how far the ankles are apart.

Only the distance between the two ankles is used, along the direction in the picture in which it swings most: side-on
that is the way across the picture, from the front the way up and down. It needs no camera, it does not mind from where
the person is seen, and a leg taken for the other changes its sign but not its size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.body import Body

Floats = NDArray[np.floating[Any]]

APART = 0.4
"""Share of their usual greatest distance from which the ankles count as apart."""
SHORTEST_APART_S = 0.1
"""The ankles stay apart longer than this in any step; shorter is a leg taken for the other."""
SMALLEST_STEP, OVER_JITTER = 0.02, 5.0
"""Smallest greatest distance of the ankles, share of stature, and in standard deviations of their jitter: less is no
step (shifting weight). Who walks straight away ten metres off shows 0.03 to a lens at the height of the chest."""
HALF_SWINGS_S: Floats = np.arange(0.08, 0.42, 0.02)
OFF_S: Floats = np.arange(-0.16, 0.165, 0.01)
"""Searched half durations of a foot's swing, and shifts of its middle."""
SHORTEST_HALF_SWING_S = 0.09
"""No foot swings by the other faster than this, even running (0.14 on a rendered run, 0.1 in the quickest of uneven
steps): legs that change places faster were taken for each other."""
LANDS_AT = 1.0
"""A foot lands this share of the half swing after its middle. On 24 rendered side-on walks of six bodies landings so
found lie 13 ms from the true ones (robust standard deviation, a constant lag apart)."""
MISFIT = 0.06
"""Largest mean deviation from a swing's smooth course, share of its size: more is a leg taken for the other."""
LANDING_ERROR_S, LANDING_ERROR_PER_MISFIT_S = 0.012, 0.6
"""Error of a landing that follows the smooth course, and what a misfit (a share) adds: 0.02 is usual, 0.01 the best."""
LONGEST_STEP = 1.7
"""Intervals longer than this many usual ones miss a step between them."""


@dataclass(frozen=True, slots=True)
class Strides:
    """Steps of a walk.

    Attributes
    ----------
    passing_s
        ``(steps,)`` times at which the legs pass each other.
    half_swing_s
        ``(steps,)`` half the time that the swinging foot is under way.
    misfit
        ``(steps,)`` mean deviation from the smooth course of a step, share of its size.
    apart
        Usual greatest distance of the ankles in the picture along the way, share of stature.
    """

    passing_s: Floats
    half_swing_s: Floats
    misfit: Floats
    apart: float

    @property
    def landing_s(self) -> Floats:
        """``(steps,)`` times at which a foot lands, a constant lag apart; NaN where they cannot be told."""
        return np.where(self.misfit <= MISFIT, self.passing_s + LANDS_AT * self.half_swing_s, np.nan)

    @property
    def landing_error_s(self) -> float:
        """Usual error of one landing's time."""
        told = self.misfit[self.misfit <= MISFIT]
        typical = float(np.sqrt(np.mean(told**2))) if len(told) else MISFIT
        return float(np.hypot(LANDING_ERROR_S, LANDING_ERROR_PER_MISFIT_S * typical))

    def step_times(self) -> tuple[Floats, Floats]:
        """Return the end times and the lengths in seconds of the steps between neighbouring passings, ``(n,)`` each."""
        return _intervals(self.passing_s)

    def landing_times(self) -> tuple[Floats, Floats]:
        """Return the end times and the lengths in seconds between neighbouring landings, ``(n,)`` each."""
        return _intervals(self.landing_s)

    @property
    def step_s(self) -> float:
        """Usual step time; NaN with fewer than two steps."""
        lengths = self.step_times()[1]
        return float(np.median(lengths)) if len(lengths) else float("nan")


NOBODY = Strides(np.zeros(0), np.zeros(0), np.zeros(0), float("nan"))


def find_strides(body: Body) -> Strides:
    """Return the steps of a walking person; none where the ankles do not step.

    Found once for a body: every measure of a walk asks for them.
    """
    kept = vars(body)
    if "_strides" not in kept:
        kept["_strides"] = _find_strides(body)
    found: Strides = kept["_strides"]
    return found


def _find_strides(body: Body) -> Strides:
    time = body.track.time_s.astype(float)
    gap = ankle_gap(body)
    known = np.isfinite(gap)
    if known.sum() < 8:
        return NOBODY
    time, gap = time[known], gap[known]
    lobes = _lobes(time, gap)
    if len(lobes) >= 3:
        # Perspective shows one foot ahead of the other by a little that changes over the way: the middle line.
        peaks = np.array([[time[a:b].mean(), _level(gap[a:b])] for _, a, b in lobes])
        middle = (peaks[1:] + peaks[:-1]) / 2
        gap = gap - np.interp(time, middle[:, 0], middle[:, 1])
        lobes = _lobes(time, gap)
    if len(lobes) < 2:
        return NOBODY
    levels = np.array([_level(gap[a:b]) for _, a, b in lobes])
    usual = float(np.median(np.abs(levels[1:-1] if len(levels) > 3 else levels)))
    if usual < max(SMALLEST_STEP, OVER_JITTER * _jitter(body)):
        return NOBODY
    # A step cut by an end of the recording does not show how far it would have gone.
    for end, inner in ((0, 1), (-1, -2)):
        if abs(levels[end]) < abs(levels[inner]):
            levels[end] = -levels[inner]
    passing, half, misfit = _passings(time, gap, lobes, levels)
    swung = half > SHORTEST_HALF_SWING_S
    return Strides(passing[swung], half[swung], misfit[swung], usual)


def ankle_gap(body: Body) -> Floats:
    """Return the distance of the ankles where it swings most, ``(frames,)`` shares of stature."""
    apart = (body.xy[:, L.LEFT_ANKLE] - body.xy[:, L.RIGHT_ANKLE]).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = apart / stature_px(body)[:, None]
    known = np.isfinite(apart).all(1)
    if known.sum() < 8:
        return np.full(len(body), np.nan)
    time = body.track.time_s.astype(float)
    line = np.polyfit(time[known], apart[known], 1)
    swinging = apart - (time[:, None] * line[0] + line[1])
    _, _, axes = np.linalg.svd(swinging[known], full_matrices=False)
    return np.asarray(swinging @ axes[0])


def stature_px(body: Body) -> Floats:
    """Return the apparent stature from the trunk's length, ``(frames,)`` pixels; needs no camera."""
    return np.asarray(body.trunk_px.astype(float) / offsets.TRUNK_LENGTH)


def _jitter(body: Body) -> float:
    """Return the standard deviation of the ankles' distance from frame to frame, share of stature; 0 if unknown."""
    noise = float(np.hypot(*body.track.noise[[L.LEFT_ANKLE, L.RIGHT_ANKLE]]))
    return noise / float(np.nanmedian(stature_px(body))) if np.isfinite(noise) else 0.0


def _level(values: Floats) -> float:
    """Return how far the ankles are apart in a step with its sign: a high percentile, not the one wildest frame."""
    return float(np.sign(np.median(values)) * np.percentile(np.abs(values), 70))


def _lobes(time_s: Floats, gap: Floats) -> list[tuple[float, int, int]]:
    """Return (sign, start, stop) of the stretches on which the ankles are apart, signs taking turns."""
    usual = np.percentile(np.abs(gap), 80)
    signs = np.where(np.abs(gap) > APART * usual, np.sign(gap), 0.0)
    edges = np.flatnonzero(np.diff(signs)) + 1
    starts, stops = np.concatenate([[0], edges]), np.concatenate([edges, [len(gap)]])
    found: list[tuple[float, int, int]] = []
    for a, b in zip(starts.tolist(), stops.tolist(), strict=True):
        inside = a > 0 and b < len(gap)
        if signs[a] == 0 or b - a < 2 or (inside and time_s[b - 1] - time_s[a] < SHORTEST_APART_S):
            continue
        if found and found[-1][0] == signs[a]:
            found[-1] = (found[-1][0], found[-1][1], b)
        else:
            found.append((float(signs[a]), a, b))
    return found


def _passings(
    time_s: Floats, gap: Floats, lobes: list[tuple[float, int, int]], levels: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the middle, the half duration and the misfit of every swing between two lobes, ``(lobes - 1,)`` each.

    A swinging foot starts and ends at rest: its way is taken as 3 x^2 - 2 x^3, the lowest polynomial that does.
    """
    middles = [float(time_s[a] + time_s[b - 1]) / 2 for _, a, b in lobes]
    # The first and the last are cut by the ends of the recording, or begin and end with steps of their own.
    middles[0], middles[-1] = float(time_s[lobes[0][1]]), float(time_s[lobes[-1][2] - 1])
    found = []
    for k in range(len(lobes) - 1):
        near = (time_s >= middles[k]) & (time_s <= middles[k + 1])
        about = float(time_s[lobes[k][2] - 1] + time_s[lobes[k + 1][1]]) / 2
        way = (time_s[near] - about - OFF_S[:, None, None]) / HALF_SWINGS_S[None, :, None]
        way = np.clip((way + 1) / 2, 0, 1)
        course = levels[k] + (levels[k + 1] - levels[k]) * way * way * (3 - 2 * way)
        miss = np.abs(course - gap[near]).mean(-1) / abs(levels[k + 1] - levels[k])
        i, j = np.unravel_index(int(miss.argmin()), miss.shape)
        found.append((about + OFF_S[i], HALF_SWINGS_S[j], miss[i, j]))
    out = np.array(found)
    return out[:, 0], out[:, 1], out[:, 2]


def _intervals(times_s: Floats) -> tuple[Floats, Floats]:
    lengths = np.diff(times_s)
    known = np.isfinite(lengths)
    if known.any():
        known &= np.where(known, lengths, 0.0) < LONGEST_STEP * np.median(lengths[known])
    return times_s[1:][known], lengths[known]
