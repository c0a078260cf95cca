"""Whether a hand is raised or stretched out, so that it is worth looking at more often."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]

RAISED = 0.45
"""Height of a wrist over the hips from which it is raised, in trunk lengths. Hands that hang, lie in the lap or are
joined before the lower abdomen stay below it (ST-06: at most 18 cm over the hips, 0.35 trunks)."""
STRETCHED = 0.5
"""Distance of a wrist beyond the trunk's outermost point from which it is stretched out, in trunk lengths. An arm of
one trunk's length that swings by 17 degrees either way, as in a walk, reaches 0.3 and at most 0.4."""
_TRUNK = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP)


def hands_reach(pose: Floats) -> NDArray[np.bool_]:
    """Return whether the left and the right hand are raised or stretched out.

    Parameters
    ----------
    pose
        ``(..., 33, 2 or more)`` landmarks in pixels, y down.

    Returns
    -------
    ``(..., 2)``, person's left first; False where the arm or the trunk is not known.
    """
    trunk = pose[..., _TRUNK, :2]
    hips = trunk[..., 2:, :].mean(axis=-2)
    length = np.linalg.norm(trunk[..., :2, :].mean(axis=-2) - hips, axis=-1)[..., None]
    wrists = pose[..., (L.LEFT_WRIST, L.RIGHT_WRIST), :2]
    up = hips[..., None, 1] - wrists[..., 1]
    low, high = trunk[..., 0].min(axis=-1)[..., None], trunk[..., 0].max(axis=-1)[..., None]
    beyond = np.maximum(low - wrists[..., 0], wrists[..., 0] - high)
    with np.errstate(invalid="ignore"):
        return np.asarray((up > RAISED * length) | (beyond > STRETCHED * length))
