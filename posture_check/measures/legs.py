"""The legs: how straight the knees are."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import from_vertical, wrap_deg
from posture_check.measures.body import Body, Floats
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

LEGS = (L.LEFT_HIP, L.RIGHT_HIP, L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE)


def knee_flexion(body: Body, side: str) -> Floats:
    """Return the apparent flexion of a knee in the picture plane, ``(frames,)`` degrees, 0 straight, bent positive.

    Means something side-on only, where the picture plane is the sagittal plane.
    """
    hip, knee, ankle = (body.room[:, L[f"{side}_{name}"]] for name in ("HIP", "KNEE", "ANKLE"))
    thigh = from_vertical((hip - knee)[:, 0] * body.facing_x, (hip - knee)[:, 1])
    shank = from_vertical((knee - ankle)[:, 0] * body.facing_x, (knee - ankle)[:, 1])
    return np.asarray(wrap_deg(shank - thigh))


@measure("deg", near=("HIP", "KNEE", "ANKLE"))
def knee_angle(body: Body) -> Series:
    """Angle of the knees in degrees, 180 straight, from the side.

    The landmark model's hips and ankles make bent knees look straighter; gain and offset are taken out
    (:data:`~posture_check.measures.offsets.KNEE_FLEXION_GAIN`). The far leg is hidden by the near one and is believed
    only where both agree within the error, else the near knee counts.
    """
    near = knee_flexion(body, body.near_side)
    far = knee_flexion(body, "RIGHT" if body.near_side == "LEFT" else "LEFT")
    together = np.abs(far - near) < 2 * offsets.KNEE_ERROR_DEG
    seen = np.abs(np.sin(np.radians(body.yaw_deg)))
    flexion = np.where(together, (near + far) / 2, near) / np.where(seen > 0.5, seen, np.nan)
    flexion = offsets.KNEE_FLEXION_GAIN * flexion + offsets.KNEE_FLEXION_OFFSET_DEG
    shank = 0.25 * body.scene.stature_m
    noise = offsets.KNEE_FLEXION_GAIN * np.sqrt(2) * body.noise_deg(shank, *LEGS)
    return Series(180.0 - flexion, noise, offsets.KNEE_ERROR_DEG)
