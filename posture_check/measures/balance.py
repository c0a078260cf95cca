"""Balance: where the weight is, whether something holds the person up, and how still they stand."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures.body import Body, Floats, scene_error
from posture_check.measures.feet import FEET
from posture_check.measures.present import present
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint
from posture_check.measures.series import Series
from posture_check.measures.trunk import TRUNK

HEAD_MASS, TRUNK_MASS, LEG_MASS = 0.081, 0.497, 0.161
ARM_MASS = 0.050
"""Shares of body mass (Winter, Biomechanics and Motor Control of Human Movement, table 4.1)."""
FOOT_HALF_WIDTH_M = 0.045
"""Half the width of a shoe's sole: the base of support reaches this far beyond the ankles."""
COM_ERROR_M = 0.02
SWAY_ERROR_CM = 0.35
KNEE_ERROR_CM, KNEE_ERROR_SHARE = 0.6, 0.15


def centre_of_mass(body: Body) -> Floats:
    """Return the centre of mass in the room, ``(frames, 3)`` metres, from head, trunk, arms and legs."""
    points = body.room

    def middle(name: str) -> Floats:
        return midpoint(points, L[f"LEFT_{name}"], L[f"RIGHT_{name}"])

    head, shoulders, hips = middle("EAR"), middle("SHOULDER"), middle("HIP")
    arms = (middle("SHOULDER") + 2 * middle("ELBOW") + middle("WRIST")) / 4
    legs = (middle("HIP") + 2 * middle("KNEE") + middle("ANKLE")) / 4
    trunk = 0.44 * hips + 0.56 * shoulders
    total = HEAD_MASS * head + TRUNK_MASS * trunk + 2 * ARM_MASS * arms + 2 * LEG_MASS * legs
    return np.asarray(total / (HEAD_MASS + TRUNK_MASS + 2 * ARM_MASS + 2 * LEG_MASS))


@measure("ratio", needs=(*TRUNK, L.LEFT_ANKLE, L.RIGHT_ANKLE))
def weight_offset(body: Body) -> Series:
    """Sideways place of the hips over the feet: 0 midway between them, 1 at the outer edge of a sole, left positive."""
    ankles, hips = (
        midpoint(body.room, L.LEFT_ANKLE, L.RIGHT_ANKLE),
        midpoint(body.room, L.LEFT_HIP, L.RIGHT_HIP),
    )
    half = np.abs(body.room[:, L.LEFT_ANKLE, 0] - body.room[:, L.RIGHT_ANKLE, 0]) / 2 + FOOT_HALF_WIDTH_M
    offset = hips[:, 0] - ankles[:, 0]
    noise = body.noise_m(L.LEFT_HIP, L.RIGHT_HIP, L.LEFT_ANKLE, L.RIGHT_ANKLE) / half
    tilt = np.tan(np.radians(body.scene.camera.roll_error_deg)) * 0.5 * body.scene.stature_m
    return Series(offset / half, noise, np.hypot(COM_ERROR_M, tilt) / half)


@measure("cm", near=("SHOULDER", "HIP", "KNEE", "ANKLE"))
def support_overhang(body: Body) -> Series:
    """How far the centre of mass lies outside the feet's base of support in the picture plane, in cm; inside negative.

    Nobody can keep it outside for long without being held: a sustained overhang is leaning on something.
    """
    centre = centre_of_mass(body)[:, 0]
    frontal = np.abs(np.cos(np.radians(body.yaw_deg)))
    ends = body.room[:, FEET, 0]
    reach = FOOT_HALF_WIDTH_M * frontal
    low, high = ends.min(1) - reach, ends.max(1) + reach
    overhang = 100 * np.maximum(low - centre, centre - high)
    tilt = np.tan(np.radians(body.scene.camera.roll_error_deg)) * 0.55 * body.scene.stature_m
    noise = 100 * body.noise_m(*TRUNK, *FEET[:2])
    return Series(overhang, noise, 100 * np.hypot(COM_ERROR_M, tilt))


@measure("cm", near=("SHOULDER",), min_seconds=2.0)
def sway(body: Body) -> Series:
    """Sway of the shoulders' middle across the picture in cm, peak to peak (5th to 95th percentile).

    One figure for the whole hold, so every frame carries the same value.
    """
    noise = 0.5 * present(np.nanmedian, 100 * body.noise_m(L.LEFT_SHOULDER, L.RIGHT_SHOULDER))
    return Series(_sway(body), 0.0, np.hypot(np.hypot(SWAY_ERROR_CM, noise), scene_error(body, _sway)))


def _sway(body: Body) -> Floats:
    shoulders = midpoint(body.room, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)[:, 0]
    return np.where(np.isfinite(shoulders), peak_to_peak(100 * shoulders), np.nan)


@measure("cm", needs=(L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE), min_seconds=2.0)
def knee_oscillation(body: Body) -> Series:
    """Movement of the more restless knee across the picture in cm, peak to peak.

    The landmark model's knees bend less than real ones, so that a large movement reads small.
    """
    knees = 100 * body.room[:, [L.LEFT_KNEE, L.RIGHT_KNEE], 0]
    value = max(peak_to_peak(knees[:, 0]), peak_to_peak(knees[:, 1]))
    error = np.hypot(KNEE_ERROR_CM, KNEE_ERROR_SHARE * value)
    return Series(np.where(np.isfinite(knees).all(1), value, np.nan), 0.0, error)


def peak_to_peak(values: Floats) -> float:
    """Return the peak-to-peak range without outliers; NaN if there are no values.

    The 5th and 95th percentiles of a sine lie at cos(5 % of a half period) = 0.988 of its amplitude; the factor takes
    that back.
    """
    seen = values[np.isfinite(values)]
    if len(seen) == 0:
        return float("nan")
    low, high = np.percentile(seen, (5, 95))
    return float(1.012 * (high - low))
