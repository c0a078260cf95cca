"""The head of a seated person: nod and tilt, less sure where a hand is on the face."""

from __future__ import annotations

import numpy as np

from posture_check.measures.body import Body, Floats
from posture_check.measures.gestures.face_touch import hand_distance_cm
from posture_check.measures.head import HEAD, head_pitch, head_roll
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

TOUCHING_CM = 4.0
"""A hand this near the head covers some of the face: touching, within twice the error of that distance."""
COVERED_PITCH_ERROR_DEG, COVERED_ROLL_ERROR_DEG = 8.0, 3.0
"""What that adds to the errors: a chin in a hand or a hand on the face in six rendered clips of five bodies moved the
nod by 1 to 17 degrees (7.6 root mean square, and more for so few clips) and the tilt by up to 7 (3.2)."""


@measure("deg", needs=HEAD, needs_face=True)
def seated_head_pitch(body: Body) -> Series:
    """Nod of the head in degrees against the upright, looking down positive."""
    return _less_sure(body, head_pitch(body), COVERED_PITCH_ERROR_DEG)


@measure("deg", needs=HEAD, needs_face=True)
def seated_head_roll(body: Body) -> Series:
    """Tilt of the head to a shoulder in degrees, to the person's left positive."""
    return _less_sure(body, head_roll(body), COVERED_ROLL_ERROR_DEG)


def _less_sure(body: Body, series: Series, more_deg: float) -> Series:
    added = np.where(_covered(body), more_deg, 0.0)
    return Series(series.value, series.noise, np.hypot(series.systematic, added))


def _covered(body: Body) -> Floats:
    """Return whether a hand is on the face, ``(frames,)``."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.minimum(*(hand_distance_cm(body, side) for side in (0, 1))) < TOUCHING_CM)
