"""One person in the newest frame, as a live picture shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.buffers import PersonBuffer
from posture_check.landmarks.names import L
from posture_check.landmarks.track import FACE_LANDMARKS

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One person in the newest frame.

    Attributes
    ----------
    person
        Number of the person while the frames are read.
    pose
        ``(33, 4)`` pixels and visibility, as :class:`posture_check.landmarks.track.Track` has them.
    world
        ``(33, 3)`` metres.
    hands, face
        ``(2, 21, 2)`` and ``(468, 2)`` pixels as last looked at, moved along with wrist and nose since; NaN where not
        found.
    """

    person: int
    pose: Floats
    world: Floats
    hands: Floats
    face: Floats


def glimpse(buffer: PersonBuffer, last: int) -> Glimpse:
    """Return a person of the newest frame; a detail is shown with the pose of now for as long as details last."""
    pose = buffer.image.rows[-1].astype(float)
    hands, face = np.full((2, 21, 2), np.nan), np.full((FACE_LANDMARKS, 2), np.nan)
    looked = len(buffer.details_at)
    if looked:
        row = int(np.searchsorted(buffer.at.rows, buffer.details_at.rows[-1]))
        moved = pose[:, :2] - buffer.image.rows[min(row, len(buffer.at) - 1), :, :2]
        for side, wrist in enumerate((L.LEFT_WRIST, L.RIGHT_WRIST)):
            hands[side] = buffer.hands.rows[-1][side, :, :2] + moved[wrist]
        full = np.flatnonzero(~buffer.glance.rows)
        if len(full) and full[-1] >= looked - 3:
            row = int(np.searchsorted(buffer.at.rows, buffer.details_at.rows[full[-1]]))
            moved = pose[L.NOSE, :2] - buffer.image.rows[min(row, len(buffer.at) - 1), L.NOSE, :2]
            face = buffer.face.rows[full[-1]][:, :2] + moved
    return Glimpse(buffer.number, pose, buffer.world.rows[-1].astype(float), hands, face)
