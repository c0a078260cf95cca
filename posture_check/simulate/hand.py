"""The 21 hand points from the flexion of the fingers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posture_check.landmarks.names import HAND_LANDMARKS
from posture_check.simulate.rotation import apply, turn, unit

Floats = NDArray[np.floating[Any]]

# In hand lengths, left hand hanging: fingers down, thumb forward (z), palm to the right (-x). Proportions of
# the palm and the phalanges after the usual figures of hand anthropometry (third finger half the hand's
# length).
_KNUCKLES = np.array([[0.0, -0.50, 0.13], [0.0, -0.50, 0.03], [0.0, -0.47, -0.06], [0.0, -0.42, -0.14]])
_PHALANGES = np.array([[0.225, 0.130, 0.100], [0.250, 0.145, 0.105], [0.235, 0.135, 0.100], [0.180, 0.100, 0.090]])
_FAN = np.array([1.0, 0.0, -1.0, -2.0])
_THUMB_ROOT = np.array([-0.05, -0.12, 0.13])
_THUMB_BONES = (0.22, 0.165, 0.13)
_THUMB_WAY = unit([-0.35, -0.80, 0.50])


def hand_points(fingers: Sequence[ArrayLike], spread: ArrayLike, thumb_out: ArrayLike = 0.0) -> Floats:
    """Return ``(..., 21, 3)`` points of a left hand about its wrist, in hand lengths.

    Parameters
    ----------
    fingers
        Flexion of each joint of thumb, index, middle, ring and little finger in degrees, each ``(...)``.
    spread
        Angle between neighbouring fingers in degrees, ``(...)``.
    thumb_out
        Thumb away from the index finger, more than a relaxed thumb is, in degrees.
    """
    bends = [np.asarray(f, float) for f in fingers]
    fan, out_by = np.asarray(spread, float), np.asarray(thumb_out, float)
    shape = np.broadcast_shapes(*(b.shape for b in bends), fan.shape, out_by.shape)
    out = np.zeros((*shape, HAND_LANDMARKS, 3))
    out[..., 1, :] = _THUMB_ROOT
    opened = apply(turn("x", -out_by), _THUMB_WAY)
    for joint, bone in enumerate(_THUMB_BONES):
        # The thumb folds across the palm, about the axis of the fingers.
        way = apply(turn("y", -bends[0] * joint * 0.6), opened)
        out[..., 2 + joint, :] = out[..., 1 + joint, :] + bone * way
    for i in range(4):
        at = np.broadcast_to(_KNUCKLES[i], (*shape, 3))
        out[..., 5 + 4 * i, :] = at
        for joint in range(3):
            bend = np.radians(bends[i + 1] * (joint + 1))
            straight = np.stack([-np.sin(bend), -np.cos(bend), np.zeros_like(bend)], axis=-1)
            at = at + _PHALANGES[i, joint] * apply(turn("x", -fan * _FAN[i]), straight)
            out[..., 6 + 4 * i + joint, :] = at
    return out
