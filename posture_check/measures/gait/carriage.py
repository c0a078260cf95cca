"""How the body is carried while walking: looking around, shoulders that sway, something clamped under an arm."""

from __future__ import annotations

from functools import partial
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures.angles import at_joint
from posture_check.measures.balance import peak_to_peak
from posture_check.measures.body import Body, scene_error
from posture_check.measures.gait.path import backwards, goes_backwards
from posture_check.measures.gait.strides import find_strides, stature_px
from posture_check.measures.gait.swing import GAIN, Side, arm_angle, find_swings
from posture_check.measures.registry import measure
from posture_check.measures.series import Series
from posture_check.measures.trunk import trunk_lean_fore

Floats = NDArray[np.floating[Any]]

DEG_PER_STATURE = 1000.0
"""Turn of the head for a shift of the nose against the ears by one stature: 800 up to 27 degrees to one side (20
rendered people), 1250 over 76 degrees from side to side (2 of them), where the model's nose stays behind."""
TURNING_SHARE, TURNING_ERROR_DEG = 0.25, 3.0
"""What remains, a share of the range and what a still head shows: 2-7 degrees over 6 rendered walks."""
FACING_AT_LEAST = 0.5
"""Cosine of the yaw below which the nose's shift is too foreshortened."""
SWAY_ERROR_CM = 1.2
"""Of the sway about the line walked: rendered walks of 4-8 cm read 1-3 cm low once the line is taken out."""
SWAY_GAIN = 1.4
FEWEST_STEPS = 3
"""A walk is judged from three steps on: setting off and turning lean and sway in their own way."""
STILL_DEG, SWINGING_DEG = 6.0, 18.0
"""Excursions of the upper arm: below the first it hangs still (landmark jitter alone shows 2-4), above the second it
swings as in any walk (the permitted whole-arm excursion of 30 and half of that for the upper arm of a bent arm)."""
PRESSED_DEG = 25.0
"""An upper arm further from the trunk's axis than this is not pressed against it."""
ELBOW_ERROR_DEG = 10.0


@measure("deg", needs=(L.NOSE, L.LEFT_EAR, L.RIGHT_EAR), min_seconds=1.5)
def head_turning(body: Body) -> Series:
    """Range over which the head turns from side to side in degrees, over the whole stretch.

    From where the nose stands between the ears, frame by frame: quick looks count, too. One figure for all frames.
    """
    nose = body.xy[:, L.NOSE, 0].astype(float)
    ears = body.middle(L.LEFT_EAR, L.RIGHT_EAR)[:, 0].astype(float)
    facing = abs(float(np.cos(np.radians(body.typical_yaw_deg))))
    if facing < FACING_AT_LEAST:
        return Series(np.full(len(body), np.nan))
    # Who walks past is seen more and more from the side without turning: by as much as the sight line turns.
    sight = body.scene.camera.rays(np.stack([ears, body.middle(L.LEFT_EAR, L.RIGHT_EAR)[:, 1]], axis=-1))
    turned = DEG_PER_STATURE * (nose - ears) / stature_px(body) / facing
    turned = turned - np.degrees(np.arctan2(sight[:, 0], sight[:, 2]))
    span = peak_to_peak(turned)
    return Series(np.where(np.isfinite(turned), span, np.nan), 0.0, np.hypot(TURNING_ERROR_DEG, TURNING_SHARE * span))


@measure("cm", needs=(L.LEFT_SHOULDER, L.RIGHT_SHOULDER), min_seconds=1.5)
def shoulder_sway(body: Body) -> Series:
    """Sway of the shoulders' middle from side to side about the line walked, in cm peak to peak; one figure.

    For a person who walks towards the camera or away from it.
    """
    # Where it cannot be told at all the scene need not be moved about.
    value = _shoulder_sway(body)
    if not np.isfinite(value).any():
        return Series(value)
    usual = float(np.nanmedian(value))
    return Series(value, 0.0, np.hypot(np.hypot(SWAY_ERROR_CM, 0.15 * usual), scene_error(body, _shoulder_sway)))


@measure("deg", near=("SHOULDER", "HIP", "ANKLE"), events=2, min_seconds=1.0)
def walking_lean(body: Body) -> Series:
    """Forward lean of the trunk over each stride in degrees against a person's natural upright, seen side-on.

    As :func:`~posture_check.measures.trunk.trunk_lean_fore`; a camera that is guessed, and looks down steeply, adds to
    the error.
    """
    lean = trunk_lean_fore(body)
    strides = find_strides(body)
    value = np.full(len(body), np.nan)
    time = body.track.time_s
    for start, stop in zip(strides.passing_s[:-2], strides.passing_s[2:], strict=True):
        inside = np.flatnonzero((time >= start) & (time <= stop) & np.isfinite(lean.value))
        if len(inside):
            value[inside[-1]] = np.mean(lean.value[inside])
    value[backwards(body)] = np.nan
    systematic = np.hypot(np.asarray(lean.systematic), scene_error(body, lambda other: trunk_lean_fore(other).value))
    return Series(value, lean.noise, systematic)


def _shoulder_sway(body: Body) -> Floats:
    across = 100 * (body.room[:, L.LEFT_SHOULDER, 0] + body.room[:, L.RIGHT_SHOULDER, 0]) / 2
    known = np.isfinite(across)
    if known.sum() < 8 or len(find_strides(body).passing_s) < FEWEST_STEPS or goes_backwards(body):
        return np.full(len(body), np.nan)
    time = body.track.time_s - body.track.time_s[0]
    about = across - np.polyval(np.polyfit(time[known], across[known], 2), time)
    return np.where(known, SWAY_GAIN * peak_to_peak(about), np.nan)


def _clamped(body: Body, side: Side) -> Series:
    """Return how far the elbow is bent while the upper arm hangs still at the trunk, degrees; 0 where it swings."""
    upper = arm_angle(body, side, "ELBOW")
    strides = find_strides(body)
    swings = find_swings(body, side, "ELBOW", strides)
    blank = np.full(len(body), np.nan)
    if len(strides.passing_s) < 3 or not len(swings.at) or not np.isfinite(upper).any():
        return Series(blank)
    swing = GAIN["ELBOW"] * float(np.median(swings.excursion_deg))
    still = np.clip((SWINGING_DEG - swing) / (SWINGING_DEG - STILL_DEG), 0.0, 1.0)
    shoulder, elbow, wrist = (body.room[:, L[f"{side}_{name}"], :2] for name in ("SHOULDER", "ELBOW", "WRIST"))
    bent = 180.0 - at_joint(shoulder, elbow, wrist)
    pressed = np.abs(upper) <= PRESSED_DEG
    return Series(np.where(np.isfinite(bent), np.where(pressed, still * bent, 0.0), np.nan), 5.0, ELBOW_ERROR_DEG)


for _side in get_args(Side):
    _measured = partial(_clamped, side=_side)

    def _named(body: Body, _function: partial[Series] = _measured) -> Series:
        return _function(body)

    _named.__name__ = f"arm_clamped_{_side.lower()}"
    _named.__doc__ = (
        f"Bend of the {_side.lower()} elbow in degrees while that upper arm hangs still at the trunk, else 0."
    )
    measure("deg", tuple(L[f"{_side}_{name}"] for name in ("SHOULDER", "ELBOW", "WRIST")), min_seconds=1.5)(_named)
