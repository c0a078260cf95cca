"""The trunk and head of a seated person: leaning back or forward for a while, slumped, lying on the desk."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures.angles import from_vertical
from posture_check.measures.body import Body, Floats
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint
from posture_check.measures.series import Series
from posture_check.measures.sitting.over_time import held
from posture_check.measures.trunk import SHOULDERS, shoulder_tilt, trunk_lean_fore

UPRIGHT_MIDDLE_DEG = 6.75
"""Middle of what SI-11 permits (-6.5 to 20 degrees): the lean furthest from it is the worst."""
SLIGHT_LEAN_DEG, PERMITTED_LEAN_DEG = 8.0, 16.0
POKE_ERROR_DEG = 2.6
"""Spread of the nose's place over the shoulders, 19 rendered clips of six upright bodies seen side-on (35-48)."""
HEAD_HEIGHT_ERROR_CM = 2.5
SEATED_TILT_ERROR_DEG = 0.8
"""What sitting adds to the error of the shoulders' tilt: clothes ride up and arms rest unevenly. 13 rendered clips of
six bodies seen from the front spread by 1.1 degrees where standing ones do by 0.75."""


@measure("deg", needs=SHOULDERS)
def seated_shoulder_tilt(body: Body) -> Series:
    """Tilt of a seated person's shoulder line against the horizontal in degrees, left shoulder higher positive."""
    tilt = shoulder_tilt(body)
    return Series(tilt.value, tilt.noise, np.hypot(tilt.systematic, SEATED_TILT_ERROR_DEG))


@measure("deg", near=("SHOULDER", "HIP"))
def seated_lean_worst(body: Body) -> Series:
    """Forward lean of the trunk where it is worst for a second, in degrees, forward positive.

    One figure for the whole stretch, so every frame carries the same value.
    """
    lean = trunk_lean_fore(body)
    worst = held(lean.value, body.track.time_s, away_from=UPRIGHT_MIDDLE_DEG)
    return Series(np.where(np.isfinite(lean.value), worst, np.nan), lean.noise, lean.systematic)


@measure("deg", needs=(L.NOSE,), near=("SHOULDER", "EAR"))
def head_poke(body: Body) -> Series:
    """How far the nose is ahead of the shoulders seen side-on, in degrees from straight above them.

    A rounded back brings the shoulders forward but little; the neck then pokes forward and the face sinks, both of
    which this angle shows. A straight trunk that leans forward takes the level head along by half the lean: what goes
    beyond a slight lean is taken out, as far as leaning is permitted.
    """
    points = body.room
    neck = points[:, L.NOSE] - midpoint(points, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    seen = np.abs(np.sin(np.radians(body.yaw_deg)))
    forward = neck[:, 0] * body.facing_x / np.where(seen > 0.8, seen, np.nan)
    noise = body.noise_deg(np.maximum(np.hypot(neck[:, 0], neck[:, 1]), 0.05), L.NOSE, body.near("SHOULDER"))
    lean = np.nan_to_num(trunk_lean_fore(body).value)
    carried = 0.5 * np.clip(lean - SLIGHT_LEAN_DEG, 0, PERMITTED_LEAN_DEG - SLIGHT_LEAN_DEG)
    roll = body.scene.camera.roll_error_deg
    return Series(from_vertical(forward, neck[:, 1]) - carried, noise, np.hypot(POKE_ERROR_DEG, roll))


@measure("cm", needs=(L.NOSE, L.LEFT_SHOULDER, L.RIGHT_SHOULDER))
def head_height(body: Body) -> Series:
    """How high the ears are above the shoulders where it is worst for a second, in cm of a person of 1.70 m.

    Someone who lies on the desk has them at the shoulders' height or below.
    """
    height = _head_height(body)
    lowest = held(height, body.track.time_s, away_from=100.0)
    noise = 100 * body.noise_m(L.LEFT_EAR, L.RIGHT_EAR)
    return Series(np.where(np.isfinite(height), lowest, np.nan), noise, HEAD_HEIGHT_ERROR_CM)


def _head_height(body: Body) -> Floats:
    ears, shoulders = (midpoint(body.room, L[f"LEFT_{n}"], L[f"RIGHT_{n}"]) for n in ("EAR", "SHOULDER"))
    return np.asarray(170.0 * (ears - shoulders)[:, 1] / body.scene.stature_m)
