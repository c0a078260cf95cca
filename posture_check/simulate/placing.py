"""Arms whose hands are at a place of the world, whatever the trunk does."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posture_check.simulate.arm import reach
from posture_check.simulate.body import Body, Figure
from posture_check.simulate.pose import RELAXED_FINGERS, Arm, Value

Floats = NDArray[np.floating[Any]]


class Place(NamedTuple):
    """Wrist in metres, and where elbow, fingers and palm point to: world axes, but x outward, to the arm's own side."""

    wrist: Floats
    elbow: ArrayLike
    fingers: ArrayLike
    palm: ArrayLike
    shape: tuple[Value, ...] = RELAXED_FINGERS


def placed_arm(place: Place, side: str, body: Body, still: Figure) -> Arm:
    """Return the angles of an arm whose hand is at a place.

    Parameters
    ----------
    place
        Where, and how it is held.
    side
        ``LEFT`` or ``RIGHT``.
    body
        Whose arm.
    still
        The body without that arm, one frame.
    """
    outward = np.array([1.0 if side == "LEFT" else -1.0, 1.0, 1.0])
    trunk, hips = still.trunk_axes[0], still.pelvis[0]

    def in_trunk(way: ArrayLike) -> Floats:
        return np.asarray((np.asarray(way, float) * outward) @ trunk * outward)

    wrist = (place.wrist * outward - hips) @ trunk * outward / body.stature_m
    return reach(body.size, wrist, in_trunk(place.elbow), in_trunk(place.fingers), in_trunk(place.palm), place.shape)
