"""Steps: how long they take and how evenly they follow, how long and how wide they are, and how fast it goes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.body import Body, scene_error
from posture_check.measures.feet import FEET
from posture_check.measures.gait.path import ankles_on_floor, backwards, forward_speed, goes_backwards, path_of
from posture_check.measures.gait.strides import LONGEST_STEP, Strides, find_strides, stature_px
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

Floats = NDArray[np.floating[Any]]

PASSING_ERROR_S = 0.015
STEP_TIME_ERROR_S = 0.008
"""Of one passing of the legs (it averages out), and of the mean step time: medians over 30 rendered walks are 4 ms off,
at most 17 ms."""
FEWEST_STRIDES, FEWEST_STEPS = 2, 3
VARIATION_ERROR = 0.03
"""The hidden leg's landings come a little early or late against the near one's: spread of the coefficient of variation
on 22 rendered side-on walks."""
TOES_AHEAD = 1.07
GAP_ERROR = 0.08
"""The gap between the feet is the step's length less this many feet (22 rendered side-on walks, residual 0.07): a foot
and what it still rolls on."""
APART_SHORT = 0.63
APART_ERROR = 0.13
"""The same from the ankles' greatest distance, which the rear heel's rising shortens (same walks, residual 0.09)."""
FOLLOWED_BY = 0.4
"""Where the way over the picture gives steps shorter by so many feet than the ankles are apart, the camera goes along
and only the ankles tell; where it gives longer ones, neither is believed."""
FOOT_LENGTH_SPREAD = 0.035
"""Spread of foot length over stature between people (Drillis and Contini 1966; 0.145-0.154 on the rendered ones)."""
WIDTH_OFFSET_CM, INNER_OFFSET_CM = 2.0, 9.0
WIDTH_ERROR_CM = 1.4
"""Ankles are further apart across the way than the heels and the inner edges of the shoes are; spread over 6 rendered
walks towards the camera, step widths 4-22 cm."""
SHORTEST_WAY_M = 0.8
"""Least way from which its direction is told: about a step."""
SPEED_ERROR = 0.05
"""Of a known camera: the ankle's height above the floor and its point's place (30 rendered walks read 1-7 % high)."""


@measure("s", near=("ANKLE",), events=FEWEST_STRIDES, min_seconds=1.0)
def step_time(body: Body) -> Series:
    """Time from one step to the next in seconds: half the stride that ends with each step, from passing to passing.

    Over a stride, since the hidden leg passes a little early or late against the near one.
    """
    ends, halves = _half_strides(find_strides(body))
    return Series(_at(body, ends, halves), PASSING_ERROR_S / np.sqrt(2), STEP_TIME_ERROR_S)


@measure("steps/min", near=("ANKLE",), events=FEWEST_STRIDES, min_seconds=1.0)
def cadence(body: Body) -> Series:
    """Cadence in steps per minute, from the times between steps."""
    ends, halves = _half_strides(find_strides(body))
    usual = float(np.median(halves)) if len(halves) else 1.0
    per_s = 60 / usual**2
    return Series(_at(body, ends, 60 / halves), PASSING_ERROR_S / np.sqrt(2) * per_s, STEP_TIME_ERROR_S * per_s)


def _half_strides(strides: Strides) -> tuple[Floats, Floats]:
    """Return the ends of the strides and half their lengths, both in seconds; those that miss a step left out."""
    halves = (strides.passing_s[2:] - strides.passing_s[:-2]) / 2
    whole = halves < LONGEST_STEP * strides.step_s
    return strides.passing_s[2:][whole], halves[whole]


@measure("ratio", near=("ANKLE",), events=FEWEST_STEPS, min_seconds=1.5)
def step_time_variation(body: Body) -> Series:
    """Coefficient of variation of the step time, from landing to landing: 0 is perfectly even.

    One figure for the whole walk. What the landings' own error adds is taken out.
    """
    strides = find_strides(body)
    lengths = strides.landing_times()[1]
    count = len(lengths)
    if count < FEWEST_STEPS or goes_backwards(body):
        return Series(np.full(len(body), np.nan))
    error_s = np.sqrt(2) * strides.landing_error_s
    spread = np.sqrt(max(0.0, float(lengths.var()) - error_s**2 * (count - 1) / count))
    mean = float(lengths.mean())
    error = np.hypot(VARIATION_ERROR, error_s / mean / np.sqrt(count - 1))
    return Series(np.full(len(body), spread / mean), 0.0, error)


@measure("ratio", near=("ANKLE", "HIP", "EYE"), events=2, min_seconds=1.0)
def heel_toe_gap(body: Body) -> Series:
    """Gap between the leading foot's heel and the trailing foot's toe at landing, in lengths of the person's own foot.

    From how far the hips get in a step against the person's height in the picture, so that neither camera nor stature
    is needed; checked against how far the ankles are apart.
    """
    strides = find_strides(body)
    blank = np.full(len(body), np.nan)
    if len(strides.passing_s) < 3 or goes_backwards(body):
        return Series(blank)
    side_on = float(np.abs(np.sin(np.radians(body.typical_yaw_deg))))
    foot_px = offsets.FOOT_LENGTH * _own_stature_px(body, strides) * max(side_on, 0.3)
    ends, gaps = _advances(body, strides, foot_px)
    by_apart = strides.apart / offsets.FOOT_LENGTH / max(side_on, 0.3) - APART_SHORT
    if not len(gaps) or float(np.median(gaps)) > by_apart + FOLLOWED_BY:
        return Series(blank)
    error = GAP_ERROR
    if float(np.median(gaps)) < by_apart - FOLLOWED_BY:
        gaps, error = np.full(len(ends), by_apart), APART_ERROR
    steps = float(np.median(gaps)) + TOES_AHEAD
    turned = np.tan(np.radians(min(60.0, abs(90.0 - abs(body.typical_yaw_deg))))) * np.radians(offsets.YAW_ERROR_DEG)
    return Series(_at(body, ends, gaps), 0.1, np.hypot(error, steps * np.hypot(FOOT_LENGTH_SPREAD, turned)))


def _advances(body: Body, strides: Strides, foot_px: float) -> tuple[Floats, Floats]:
    """Return the ends of the steps in seconds and how far the hips get in each, less the foot, in feet."""
    ends, lengths = strides.step_times()
    hips = body.middle(L.LEFT_HIP, L.RIGHT_HIP)[:, 0].astype(float)
    known = np.isfinite(hips)
    time = body.track.time_s[known]
    way = np.interp(ends, time, hips[known]) - np.interp(ends - lengths, time, hips[known])
    return ends, np.abs(way) / foot_px - TOES_AHEAD


def _own_stature_px(body: Body, strides: Strides) -> float:
    """Return the person's height in the picture from the eyes to the lower ankle while the legs pass, in pixels.

    Steadier between builds than the trunk's length; where the ankles are out of the picture the trunk must do.
    """
    eyes = body.middle(L.LEFT_EYE, L.RIGHT_EYE)[:, 1].astype(float)
    ankles = np.fmax(body.xy[:, L.LEFT_ANKLE, 1], body.xy[:, L.RIGHT_ANKLE, 1]).astype(float)
    tall = (ankles - eyes) / (offsets.EYE_HEIGHT - offsets.ANKLE_HEIGHT)
    near = np.abs(body.track.time_s[:, None] - strides.passing_s).min(1) <= 0.1 * strides.step_s
    told = tall[near & np.isfinite(tall)]
    return float(np.median(told)) if len(told) else float(np.nanmedian(stature_px(body)))


@measure("cm", needs=FEET[:2], min_seconds=1.5)
def step_width(body: Body) -> Series:
    """Distance of the footsteps across the way in cm, left foot to the left positive, from the floor plane."""
    return _across_the_way(body, WIDTH_OFFSET_CM)


@measure("cm", needs=FEET[:2], min_seconds=1.5)
def inner_edge_gap(body: Body) -> Series:
    """Distance of the inner edges of the shoes across the way in cm; negative where the lines overlap."""
    return _across_the_way(body, INNER_OFFSET_CM)


def _across_the_way(body: Body, less_cm: float) -> Series:
    if len(find_strides(body).passing_s) < FEWEST_STEPS or goes_backwards(body):
        return Series(np.full(len(body), np.nan))

    def quantity(other: Body) -> Floats:
        return _ankles_across_cm(other) - less_cm

    return Series(quantity(body), 0.0, np.hypot(WIDTH_ERROR_CM, scene_error(body, quantity)))


def _ankles_across_cm(body: Body) -> Floats:
    """Return how far the ankles are apart across the way, ``(frames,)``: one figure, NaN where they are not seen.

    The median over the frames on which the feet are far apart along the way: then both are about the floor, and left
    and right steps in turn cancel an error of the way's direction.
    """
    path = path_of(body)
    lasting = float(body.track.time_s[-1] - body.track.time_s[0])
    if path is None or path.speed_mps * lasting < SHORTEST_WAY_M:
        return np.full(len(body), np.nan)
    ankles = ankles_on_floor(body)
    apart = ankles[:, 0] - ankles[:, 1]
    along, across = np.abs(apart @ path.along), 100 * (apart @ path.across)
    known = np.isfinite(across)
    far = known & (along >= np.median(along[known])) if known.any() else known
    steps = np.sign(apart @ path.along)
    sides = [float(np.median(across[far & (steps == sign)])) for sign in (1, -1) if (far & (steps == sign)).any()]
    return np.where(known, np.mean(sides) if sides else np.nan, np.nan)


@measure("m/s", near=("ANKLE", "HIP"), min_seconds=1.0)
def walking_speed(body: Body) -> Series:
    """Speed along the person's facing in m/s, averaged over about a stride; backwards negative.

    NaN without steps, and where the ankles make steps that the way over the picture does not: the camera goes along.
    """
    speed = forward_speed(body)
    strides = find_strides(body)
    if len(strides.passing_s) < FEWEST_STEPS:
        return Series(np.full(len(body), np.nan))
    side_on = float(np.abs(np.sin(np.radians(body.typical_yaw_deg))))
    if side_on > 0.7:
        step_m = float(np.nanmedian(np.abs(speed))) * strides.step_s
        if step_m < 0.5 * strides.apart * body.scene.stature_m:
            speed = np.full(len(body), np.nan)
    relative = float(np.abs(np.nanmedian(speed))) if np.isfinite(speed).any() else 0.0
    return Series(speed, 0.05, np.hypot(SPEED_ERROR * relative, scene_error(body, forward_speed)))


def _at(body: Body, times_s: Floats, values: Floats) -> Floats:
    """Return values per event as a series: at the frames nearest their times, but not while walking backwards."""
    out = np.full(len(body), np.nan)
    time = body.track.time_s
    if len(times_s):
        frames = np.abs(time[:, None] - times_s).argmin(0)
        out[frames] = values
        out[backwards(body)] = np.nan
    return out
