"""Where the hands of a seated person are: on knees, lap, armrests, at the chin, between the thighs, round a knee."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posture_check.errors import InputError
from posture_check.landmarks.names import L
from posture_check.simulate.body import Body, Figure
from posture_check.simulate.placing import Place, placed_arm
from posture_check.simulate.pose import FIST, STRAIGHT_FINGERS, Arm
from posture_check.simulate.seat import Seat

Floats = NDArray[np.floating[Any]]

SEATED_HANDS = (
    "knees",
    "lap_right_over_left",
    "lap_left_over_right",
    "armrests",
    "between_thighs",
    "under_thighs",
    "chin_right",
    "chin_left",
    "round_knee",
    "desk",
)
"""On the knees; stacked on the lap; on armrests; between or under the thighs; one hand at the chin, the other on its
knee; clasped round the upper knee; forearms crossed on a desk before the chest."""

_ARMREST_HEIGHT_M = 0.22
"""Above the seat (EN 1335-1: 20-25 cm)."""


def seated_arms(hands: str, body: Body, still: Figure, seat: Seat) -> tuple[Arm, Arm]:
    """Return left and right arm of a seated person whose legs, trunk and head are known.

    Parameters
    ----------
    hands
        A name of :data:`SEATED_HANDS`.
    body
        Whose arms.
    still
        The body as it sits, one frame.
    seat
        Its chair.

    Raises
    ------
    InputError
        If there is no such name.
    """
    if hands not in SEATED_HANDS:
        raise InputError(f"hands {hands!r}: no such place for seated hands; choose one of {', '.join(SEATED_HANDS)}")
    left, right = (
        placed_arm(_place(hands, side, body.stature_m, still, seat), side, body, still) for side in ("LEFT", "RIGHT")
    )
    return left, right


def _place(hands: str, side: str, h: float, still: Figure, seat: Seat) -> Place:
    outward = np.array([1.0 if side == "LEFT" else -1.0, 1.0, 1.0])
    knee, hips = still.points[0, L[f"{side}_KNEE"]] * outward, still.pelvis[0]
    flat = STRAIGHT_FINGERS
    kind, _, which = hands.partition("_")

    def at(x: float, y: float, z: float, about: ArrayLike = hips) -> Floats:
        return np.asarray(about, float) + h * np.array([x, y, z])

    if kind == "lap":
        above = 0.014 if which.startswith(side.lower()) else 0.0
        return Place(
            at(0.040, 0.062 + above, 0.112), (1, -0.5, -0.4), (-1, -0.15, 0.45), (0, -1, -0.25), STRAIGHT_FINGERS
        )
    if kind == "armrests":
        high = seat.height_m + _ARMREST_HEIGHT_M + 0.025
        return Place(
            np.array([0.150 * h, high, hips[2] + 0.130 * h]), (0.4, -1, -0.6), (-0.05, -0.25, 1), (0, -1, -0.2)
        )
    if kind == "between":
        return Place(at(0.014, 0.012, 0.150), (1, -0.4, -0.5), (-0.1, -0.75, 0.65), (-1, 0, 0), flat)
    if kind == "under":
        return Place(at(0.085, -0.020, 0.085), (1, 0, -0.6), (0, -0.35, 1), (0, -1, 0), flat)
    if kind == "round":
        upper = still.points[0, [L.LEFT_KNEE, L.RIGHT_KNEE]]
        clasped = upper[upper[:, 1].argmax()]
        about = clasped * outward
        return Place(at(0.048, -0.018, 0.018, about), (1, -0.5, 0), (-1, -0.1, 0.35), (-0.3, 0, -1))
    if kind == "desk":
        nearer = 0.0 if side == "RIGHT" else 0.03
        return Place(at(-0.045, 0.135, 0.165 + nearer), (1, -0.6, 0), (-1, -0.1, 0.25), (0, -1, 0), flat)
    if kind == "chin" and which == side.lower():
        chin = still.chin[0] * outward
        return Place(at(0.012, -0.066, -0.006, chin), (0.35, -1, 0.25), (0, 0.95, -0.2), (-0.2, 0.3, -1), FIST)
    # On the knee, as rendered people have it: behind and above the kneecap, a little inward.
    return Place(at(-0.022, 0.068, -0.088, knee), (0.6, -0.7, -0.6), (-0.05, -0.25, 1), (0, -1, -0.2))
