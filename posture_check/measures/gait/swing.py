"""Arm swing: how far each arm goes fore and aft against the trunk, swing by swing, seen side-on.

Two readings of the arm: the whole arm (shoulder to wrist) and the upper arm (shoulder to elbow). An angle is taken in
the picture, where the landmark model is best, with the picture's tilt and the turn off side-on taken out.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures.angles import from_vertical
from posture_check.measures.body import Body
from posture_check.measures.gait.path import backwards
from posture_check.measures.gait.strides import Strides, find_strides
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint
from posture_check.measures.series import Series

Floats = NDArray[np.floating[Any]]
Side = Literal["LEFT", "RIGHT"]
Part = Literal["WRIST", "ELBOW"]
"""Where the arm ends: at the wrist the whole arm, at the elbow the upper arm."""

ARM_NAMES: dict[Part, str] = {"WRIST": "arm", "ELBOW": "upper_arm"}
SWINGS = 4
"""Fewest swings whose median is judged (the requirement on this measure)."""

GAIN: dict[Part, float] = {"WRIST": 1.06, "ELBOW": 1.15}
"""True over seen excursion. The landmark model's shoulder point lies high and goes along with the arm by a twentieth.
Near arm of 22 rendered walks of six bodies, 72-99 degrees around the person, excursions 10-71 degrees: 1.09 in the
median for the whole arm (5th to 95th percentile 1.03-1.20, the upper end at small swings) and 1.45 for the upper arm,
whose elbow point sleeves pull about (1.1-1.8); two real walks read by eye show 0.93 and 0.98, and 0.75. The figures
lie between, nearer the many."""
GAIN_ERROR: dict[Part, float] = {"WRIST": 0.06, "ELBOW": 0.28}
"""Half the way between the rendered and the real, share of the excursion."""
EXCURSION_ERROR_DEG: dict[Part, float] = {"WRIST": 1.3, "ELBOW": 2.0}
"""What remains at small excursions on the same walks."""
OFFSET_DEG: dict[Part, float] = {"WRIST": 4.5, "ELBOW": 4.0}
PEAK_ERROR_DEG: dict[Part, float] = {"WRIST": 2.5, "ELBOW": 4.5}
"""An arm is further forward than its points show, by so much and with that spread (same walks): the shoulder point lies
ahead of the joint."""

SMOOTH_S = 0.07
"""Width of the local parabola that reads the curve: of an arm's swing of a second it takes less than 1 %."""
TURN_BACK = 0.35
"""Share of the usual range by which a curve must turn back for an extreme."""
RESTING = 0.35
"""An end of the recording counts as an extreme where the arm has slowed to this share of its top speed: of a sine at
most 3 % of the excursion is missing then."""
SIDE_ON_AT_LEAST = 0.5
"""Sine of the yaw below which the fore-aft plane is too foreshortened."""


@dataclass(frozen=True, slots=True)
class Swings:
    """Swings of one arm.

    Attributes
    ----------
    at
        ``(n,)`` frames at which they end.
    excursion_deg
        ``(n,)`` from one extreme to the next.
    forward, forward_deg
        ``(m,)`` frames and angles of the forward extremes.
    backward, backward_deg
        ``(k,)`` frames of the backward extremes, and angles behind the trunk's axis.
    """

    at: NDArray[np.intp]
    excursion_deg: Floats
    forward: NDArray[np.intp]
    forward_deg: Floats
    backward: NDArray[np.intp]
    backward_deg: Floats


def arm_angle(body: Body, side: Side, part: Part) -> Floats:
    """Return the arm's angle against the trunk's axis as seen, ``(frames,)`` degrees, forward positive.

    The trunk's axis is its median over the walk, so that its own points' jitter does not add to the swing. No gain or
    offset of the landmark model is taken out.

    Parameters
    ----------
    body
        Person in a scene.
    side, part
        Which arm, down to where.
    """
    room = body.room
    arm = room[:, L[f"{side}_{part}"]] - room[:, L[f"{side}_SHOULDER"]]
    trunk = midpoint(room, L.LEFT_SHOULDER, L.RIGHT_SHOULDER) - midpoint(room, L.LEFT_HIP, L.RIGHT_HIP)
    turned = np.sin(np.radians(body.steady_yaw_deg))
    # Foreshortened by the turn off side-on; an arm towards the picture's left is forward when its left side is seen.
    forward = -1.0 / np.where(np.abs(turned) >= SIDE_ON_AT_LEAST, turned, np.nan)
    lean = from_vertical(trunk[:, 0] * forward, trunk[:, 1])
    known = np.isfinite(lean)
    upright = float(np.median(lean[known])) if known.any() else 0.0
    return np.asarray(from_vertical(arm[:, 0] * forward, -arm[:, 1]) + upright)


def find_swings(body: Body, side: Side, part: Part, strides: Strides | None = None) -> Swings:
    """Return an arm's swings as seen (no gain taken out), those of somebody who walks backwards left out.

    Extremes are where the curve turns back. An arm that hardly swings shows few: then the range within every stride is
    taken, so that a still arm has small swings rather than none.
    """
    time = body.track.time_s.astype(float)
    angle = arm_angle(body, side, part)
    angle[backwards(body)] = np.nan
    smooth, speed = _parabolas(time, angle)
    extremes = _extremes(time, smooth, speed)
    strides = strides or find_strides(body)
    at, size = _between(time, smooth, extremes, strides.step_s)
    forward = np.array([i for i, sign in extremes if sign > 0], np.intp)
    backward = np.array([i for i, sign in extremes if sign < 0], np.intp)
    seen = np.interp(strides.passing_s, time, np.isfinite(smooth).astype(float)) > 0.5 if len(time) else np.zeros(0)
    if len(at) < 0.6 * seen.sum():
        at, size = _within_strides(time, smooth, strides)
    return Swings(at, size, forward, smooth[forward], backward, -smooth[backward])


def _parabolas(time_s: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return value and slope of the local parabola at every frame, ``(frames,)`` each; NaN where there is no value."""
    known = np.flatnonzero(np.isfinite(values))
    value, slope = np.full(len(values), np.nan), np.full(len(values), np.nan)
    if len(known) < 5:
        return value, slope
    t, v = time_s[known], values[known]
    width = max(SMOOTH_S, float(np.median(np.diff(t))))
    off = t[None, :] - t[:, None]
    weight = np.exp(-0.5 * (off / width) ** 2)
    powers = np.stack([np.ones_like(off), off, off * off], axis=-1)
    left = np.einsum("ij,ijk,ijl->ikl", weight, powers, powers) + 1e-12 * np.eye(3)
    right = np.einsum("ij,ijk,j->ik", weight, powers, v)
    found = np.linalg.solve(left, right[..., None])[..., 0]
    value[known], slope[known] = found[:, 0], found[:, 1]
    return value, slope


def _extremes(time_s: Floats, curve: Floats, speed: Floats) -> list[tuple[int, int]]:
    """Return (frame, +1 high or -1 low) of the turning points of a curve, taking turns.

    The first and the last known frame are among them only where the curve all but rests there.
    """
    known = np.flatnonzero(np.isfinite(curve))
    if len(known) < 5:
        return []
    low, high = np.percentile(curve[known], (5, 95))
    back = TURN_BACK * (high - low)
    found: list[tuple[int, int]] = []
    top = bottom = int(known[0])
    for i in known.tolist():
        top, bottom = (i if curve[i] > curve[top] else top), (i if curve[i] < curve[bottom] else bottom)
        rising = found[-1][1] < 0 if found else None
        if rising is not False and curve[top] - curve[i] > back:
            found.append((top, 1))
            bottom = i
        elif rising is not True and curve[i] - curve[bottom] > back:
            found.append((bottom, -1))
            top = i
    if found:
        found.append((bottom, -1) if found[-1][1] > 0 else (top, 1))
    resting = RESTING * np.percentile(np.abs(speed[known]), 95)
    ends = (int(known[0]), int(known[-1]))
    return [(i, sign) for i, sign in found if i not in ends or abs(speed[i]) <= resting]


def _between(
    time_s: Floats, curve: Floats, extremes: list[tuple[int, int]], step_s: float
) -> tuple[NDArray[np.intp], Floats]:
    """Return the frames at which swings end and their sizes: neighbouring extremes about a step apart."""
    at, size = [], []
    for (a, first), (b, second) in itertools.pairwise(extremes):
        lasted = float(time_s[b] - time_s[a])
        plausible = not np.isfinite(step_s) or 0.45 * step_s < lasted < 1.8 * step_s
        if first != second and plausible and np.isfinite(curve[a : b + 1]).all():
            at.append(b)
            size.append(abs(float(curve[b] - curve[a])))
    return np.array(at, np.intp), np.array(size, float)


def _within_strides(time_s: Floats, curve: Floats, strides: Strides) -> tuple[NDArray[np.intp], Floats]:
    """Return per step the range of the curve over the stride of which it is the second half, its drift taken out."""
    at, size = [], []
    ends = strides.passing_s
    step = strides.step_s
    marks = np.concatenate([[ends[0] - step], ends, [ends[-1] + step]]) if len(ends) > 1 else ends
    for start, stop in zip(marks[:-2], marks[2:], strict=True):
        inside = (time_s >= start) & (time_s <= stop) & np.isfinite(curve)
        if inside.sum() >= 5 and np.ptp(time_s[inside]) >= 0.7 * (stop - start):
            drift = np.polyval(np.polyfit(time_s[inside] - start, curve[inside], 1), time_s[inside] - start)
            at.append(int(np.flatnonzero(inside)[-1]))
            size.append(float(np.ptp(curve[inside] - drift)))
    return np.array(at, np.intp), np.array(size, float)


def _sized(body: Body, side: Side, part: Part) -> Series:
    swings = find_swings(body, side, part)
    value = np.full(len(body), np.nan)
    value[swings.at] = GAIN[part] * swings.excursion_deg
    # The landmarks' jitter over the parabola at both extremes, then about five independent swings are judged together.
    ends = (L[f"{side}_SHOULDER"], L[f"{side}_{part}"])
    noise = np.sqrt(2) * GAIN[part] * body.noise_deg(_length(body, side, part), *ends)
    usual = float(np.median(value[swings.at])) if len(swings.at) else 0.0
    yaw = _yaw_share(body)
    return Series(value, noise / 2, np.hypot(EXCURSION_ERROR_DEG[part], usual * np.hypot(GAIN_ERROR[part], yaw)))


def _yaw_share(body: Body) -> float:
    """Return the error of the foreshortening that a yaw off by its own error makes, share of the excursion."""
    off = np.radians(90.0 - abs(body.typical_yaw_deg))
    return float(abs(np.tan(np.clip(off, -1.0, 1.0))) * np.radians(4.5))


def _length(body: Body, side: Side, part: Part) -> float:
    arm = body.room[:, L[f"{side}_{part}"]] - body.room[:, L[f"{side}_SHOULDER"]]
    return float(np.nanmedian(np.linalg.norm(arm, axis=-1)))


def _peak(body: Body, side: Side, part: Part, forward: bool) -> Series:
    swings = find_swings(body, side, part)
    usual = float(np.median(swings.excursion_deg)) if len(swings.at) else 0.0
    missed = (GAIN[part] - 1) / 2 * usual
    value = np.full(len(body), np.nan)
    if forward:
        value[swings.forward] = swings.forward_deg + OFFSET_DEG[part] + missed
    else:
        value[swings.backward] = swings.backward_deg - OFFSET_DEG[part] + missed
    return Series(value, 1.0, np.hypot(PEAK_ERROR_DEG[part], GAIN_ERROR[part] * usual / 2))


def _register(name: str, about: str, function: Callable[[Body], Series], needs: tuple[L, ...], events: int) -> None:
    """Register one measure of one arm; both arms have the same ones."""

    def measured(body: Body) -> Series:
        return function(body)

    measured.__name__, measured.__doc__ = name, about
    measure("deg", needs, events=events, min_seconds=1.0)(measured)


for _side in get_args(Side):
    for _part, _arm in ARM_NAMES.items():
        _of = f"{_side.lower()} {_arm.replace('_', ' ')}"
        _needs = (L[f"{_side}_SHOULDER"], L[f"{_side}_{_part}"])
        _register(
            f"{_arm}_swing_{_side.lower()}",
            f"Fore-aft excursion of the {_of} against the trunk in degrees, from one extreme to the next, per swing.",
            partial(_sized, side=_side, part=_part),
            _needs,
            SWINGS,
        )
        for _forward, _way in ((True, "forward"), (False, "backward")):
            _register(
                f"{_arm}_{_way}_{_side.lower()}",
                f"How far the {_of} goes {_way} of the trunk's axis in degrees, per swing; negative: not past it.",
                partial(_peak, side=_side, part=_part, forward=_forward),
                _needs,
                SWINGS // 2,
            )
