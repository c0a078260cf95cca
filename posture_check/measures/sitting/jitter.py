"""Restlessness of a seated person: jittering legs, rocking, swivelling, shaking the head."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import SHAKEN, L
from posture_check.measures.body import Body, Floats
from posture_check.measures.present import present
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint
from posture_check.measures.series import Series
from posture_check.measures.sitting.over_time import MIN_WINDOW_S, NO_RHYTHM, Rhythm, rhythm

JITTER_HZ = (2.0, 8.0)
"""A leg that jitters does so 2-8 times a second."""
ROCKING_HZ, SWIVEL_HZ, SHAKING_HZ = (0.3, 3.0), (0.3, 2.0), (0.6, 4.0)
SHAKE_GAIN, SHAKE_ERROR_SHARE = 1.75, 0.2
"""A patch holds more than the knee itself, and what is plain does not show its movement: the true movement of a knee
over what its patch shows (1.64 and 2.1 in two rendered clips, plain dark trousers), and the error once corrected."""
SHAKE_ERROR_CM = 0.15
ROCKING_ERROR_CM, ROCKING_ERROR_SHARE = 0.5, 0.15
SWIVEL_ERROR_DEG = 4.0

LEGS = (L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE)
STILL = (L.NOSE, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
"""What tells a camera that shakes: it shakes head and shoulders alike."""


@measure("cm", near=("KNEE", "ANKLE"), needs_shake=True, min_seconds=MIN_WINDOW_S)
def leg_jitter(body: Body) -> Series:
    """How far the more restless leg jitters at 2-8 Hz, in cm peak to peak, in its worst three seconds.

    From how the picture moves at knees and ankles; the landmark model smooths it away. One figure for the whole
    stretch, so every frame carries the same value.
    """
    value = _jitter(body).range
    return Series(_everywhere(body, value), 0.0, np.hypot(SHAKE_ERROR_CM, SHAKE_ERROR_SHARE * value))


@measure("Hz", near=("KNEE", "ANKLE"), needs_shake=True, min_seconds=MIN_WINDOW_S)
def leg_jitter_rate(body: Body) -> Series:
    """How often a second the leg jitters; NaN where it keeps still."""
    found = _jitter(body)
    hz = found.hz if found.range > 2 * SHAKE_ERROR_CM else np.nan
    return Series(_everywhere(body, hz), 0.0, found.hz_error)


def _jitter(body: Body) -> Rhythm:
    """Return the strongest jitter of knees and ankles, in cm."""
    shake = body.track.shake
    if not np.isfinite(shake).any():
        return NO_RHYTHM
    way = np.nancumsum(np.nan_to_num(shake), axis=0)
    way[~np.isfinite(shake)] = np.nan
    way[0] = 0.0
    camera = present(np.nanmedian, way[:, [SHAKEN.index(point) for point in STILL]], axis=1)
    cm_per_px = SHAKE_GAIN * 100 * float(np.nanmedian(body.m_per_px))
    found = []
    for point in LEGS:
        for axis in (0, 1):
            leg = cm_per_px * way[:, SHAKEN.index(point), axis]
            # A camera that shakes, shakes the leg against the room; shoulders that move, move it against them alone.
            both = [rhythm(leg - shaken, body.track.time_s, JITTER_HZ) for shaken in (0.0, cm_per_px * camera[:, axis])]
            found.append(min(both, key=lambda each: np.nan_to_num(each.range, nan=np.inf)))
    known = [each for each in found if np.isfinite(each.range)]
    return max(known, key=lambda each: each.range) if known else NO_RHYTHM


@measure("cm", needs=(L.LEFT_SHOULDER, L.RIGHT_SHOULDER), min_seconds=2.5)
def rocking(body: Body) -> Series:
    """How far the trunk rocks across the picture or up and down at 0.3-3 Hz, in cm peak to peak."""
    shoulders = 100 * midpoint(body.room, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    value = _widest(body, shoulders, ROCKING_HZ)
    return Series(_everywhere(body, value), 0.0, np.hypot(ROCKING_ERROR_CM, ROCKING_ERROR_SHARE * value))


@measure("cm", needs=(L.NOSE, L.LEFT_SHOULDER, L.RIGHT_SHOULDER), min_seconds=1.9)
def head_shaking(body: Body) -> Series:
    """How far the nose swings against the shoulders at 0.6-4 Hz, in cm peak to peak: shaking or nodding the head."""
    nose = 100 * (body.room[:, L.NOSE] - midpoint(body.room, L.LEFT_SHOULDER, L.RIGHT_SHOULDER))
    value = _widest(body, nose, SHAKING_HZ)
    return Series(_everywhere(body, value), 0.0, np.hypot(ROCKING_ERROR_CM, ROCKING_ERROR_SHARE * value))


@measure("deg", needs=(L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP), min_seconds=2.5)
def swivelling(body: Body) -> Series:
    """How far the person turns to and fro at 0.3-2 Hz, in degrees peak to peak."""
    turned = np.degrees(np.unwrap(np.radians(np.nan_to_num(body.yaw_deg, nan=body.typical_yaw_deg))))
    value = rhythm(turned, body.track.time_s, SWIVEL_HZ).range
    return Series(_everywhere(body, value), 0.0, np.hypot(SWIVEL_ERROR_DEG, ROCKING_ERROR_SHARE * value))


def _widest(body: Body, points: Floats, band_hz: tuple[float, float]) -> float:
    """Return the larger of a point's swings across and up and down; NaN if neither can be told."""
    found = [rhythm(points[:, axis], body.track.time_s, band_hz).range for axis in (0, 1)]
    return float(np.nanmax(found)) if np.isfinite(found).any() else float("nan")


def _everywhere(body: Body, value: float) -> Floats:
    seen = np.isfinite(body.xy[:, L.LEFT_SHOULDER, 0])
    return np.where(seen, value, np.nan)
