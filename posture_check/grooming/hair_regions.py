"""Where hair is looked for: forehead, ears and crown of a head, and the lines of collar and shoulders below it.

All of them are laid out from the face mesh in three dimensions, so that they turn with the head; from the side, where
no mesh is found, the ear is placed from the pose. The mesh's topmost points lie on the forehead, below the hairline, so
that what hair hides between them and the brows is a fringe and never a low hairline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.subject import BIOCULAR_CM, EYE_LEFT_OUTER, EYE_RIGHT_OUTER, FACE_CHIN, FACE_TOP, Subject
from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]
Side = Literal["left", "right"]

BROWS = (300, 293, 334, 296, 336, 9, 107, 66, 105, 63, 70)
TEMPLES_AND_TOP = (54, 103, 67, 109, 10, 338, 297, 332, 284)
"""Points of the face mesh: upper edge of the brows from the wearer's left to right, and the upper edge of the mesh."""
EAR_ROOT: dict[Side, tuple[int, int, int]] = {"right": (127, 234, 93), "left": (356, 454, 323)}
"""Edge of the face mesh in front of each ear, downward."""

_FOREHEAD_CM = 1.2
"""How far above the mesh's upper edge a forehead is bare in people without a fringe: of 500 portraits 2 % have a
quarter of what is so bounded under hair, some of them truly."""
_RECEDES = 0.4
"""How far a forehead and the skull above it curve back for each cm that they rise."""
_EAR = np.array([(0.0, 0.4, 0.3), (-0.3, 2.4, 1.1), (1.7, 3.0, 1.5), (3.4, 2.6, 1.3), (4.8, 1.4, 0.8), (5.0, 0.4, 0.3)])
"""Outline of an ear in cm from the middle of its root: down the face, back along the head, out from it. An adult's ear
is 6.3 cm high and 3.5 cm wide and stands off by some 25 degrees (Farkas, Anthropometry of the Head and Face, 1994); the
outline keeps inside of that and leaves out its top, since hair lies all around and on it."""
_EAR_FROM_SIDE = np.array([(0.2, -2.0), (2.0, -2.7), (3.2, -1.2), (2.8, 0.8), (1.6, 2.2), (0.2, 1.6)])
"""The same from the side without a mesh, in cm from the pose's ear landmark, which lies at its front: back, down."""
EAR_TURNS_AWAY_DEG = 9.0
"""Beyond this turn of the head the far ear is behind the cheek (rendered heads: the last one shows at 9 degrees)."""
SIDE_DEG = (62.0, 125.0)
"""Turn of the head that counts as a side view. Up to the first, faces carry a mesh."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A head's own axes in the picture, in three dimensions.

    Attributes
    ----------
    across, down, back
        ``(3,)`` unit vectors: to the wearer's left, down the face, and away through the back of the head; x and y in
        the picture, z away from the camera.
    px_per_cm
        Scale.
    """

    across: Floats
    down: Floats
    back: Floats
    px_per_cm: float


def turned(face: Floats) -> Turned:
    """Return the axes of a head from its face mesh ``(468, 3)`` in pixels."""
    across = (face[EYE_LEFT_OUTER] - face[EYE_RIGHT_OUTER]).astype(float)
    length = float(np.linalg.norm(across))
    across /= max(length, 1e-9)
    down = (face[FACE_CHIN] - face[FACE_TOP]).astype(float)
    down -= across * (across @ down)
    down /= max(float(np.linalg.norm(down)), 1e-9)
    (a, b, c), (d, e, f) = across, down
    back = np.array([b * f - c * e, c * d - a * f, a * e - b * d])  # np.cross takes ten times as long
    return Turned(across, down, back, length / BIOCULAR_CM)


def forehead(face: Floats) -> Floats:
    """Return the outline ``(n, 2)`` in pixels of the forehead: from the brows to a little above the mesh's upper edge.

    An adult's hairline is another 1-2 cm up, so that a low one does not count as a fringe.
    """
    axes = turned(face)
    edge = face[list(TEMPLES_AND_TOP)].astype(float)
    top = edge + axes.px_per_cm * _FOREHEAD_CM * (_RECEDES * axes.back - axes.down)
    return np.asarray(np.concatenate([top, face[list(BROWS)]])[:, :2])


def crown(face: Floats, low_cm: float, high_cm: float) -> Floats:
    """Return the outline ``(n, 2)`` in pixels of the strip that lies so many cm above the forehead's upper edge.

    The skull curves back as it rises.
    """
    axes = turned(face)
    edge = face[list(TEMPLES_AND_TOP[1:-1])].astype(float)
    up = axes.px_per_cm * (_RECEDES * axes.back - axes.down)
    return np.asarray(np.concatenate([edge + low_cm * up, (edge + high_cm * up)[::-1]])[:, :2])


def ear(subject: Subject, side: Side) -> Floats:
    """Return the outline ``(n, 2)`` in pixels of where an ear is."""
    if subject.has_face:
        axes = turned(subject.face)
        out = axes.across if side == "left" else -axes.across
        root = subject.face[list(EAR_ROOT[side])].astype(float).mean(0)
        steps = np.stack([axes.down, axes.back, out])
        return np.asarray((root + axes.px_per_cm * _EAR @ steps)[:, :2])
    index = L.LEFT_EAR if side == "left" else L.RIGHT_EAR
    at = subject.pose[index, :2].astype(float)
    axes2 = subject.head
    towards_nose = float((subject.pose[L.NOSE, :2] - at) @ axes2.x)
    back = -axes2.x if towards_nose > 0 else axes2.x
    return np.asarray(at + axes2.px_per_cm * _EAR_FROM_SIDE @ np.stack([back, axes2.y]))


def ears_in_view(subject: Subject) -> tuple[Side, ...]:
    """Return the ears that face the camera, the nearer first; none from behind."""
    yaw = subject.head_yaw_deg
    if not np.isfinite(yaw) or abs(yaw) > SIDE_DEG[1]:
        return ()
    ears: tuple[Side, Side] = ("left", "right") if yaw > 0 else ("right", "left")
    return ears if abs(yaw) <= EAR_TURNS_AWAY_DEG else ears[:1]
