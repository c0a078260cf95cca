"""What is drawn over the picture, and the still that is kept as evidence where a site wants one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.checklist.messages import Skeleton
from posture_check.landmarks.glimpse import Glimpse
from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]

FACE_OUTLINE = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""Points of the face mesh along its outline."""
EYES_AND_MOUTH = (33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380, 61, 37, 0, 267, 291, 314, 17, 84)
_HEAD = (L.NOSE, L.LEFT_EYE, L.RIGHT_EYE, L.LEFT_EAR, L.RIGHT_EAR)
_BLOCKS = 6
_QUALITY = 85


def skeletons(people: Sequence[Glimpse], subject: int | None, size: tuple[int, int]) -> tuple[Skeleton, ...]:
    """Return everybody as shares of the picture; hands and face where they were found."""
    return tuple(_skeleton(person, subject, size) for person in people)


def evidence_jpeg(image: NDArray[np.uint8], people: Sequence[Glimpse], subject: int) -> bytes:
    """Return a picture as JPEG in which the heads of all others are made unrecognisable."""
    import cv2

    picture = image.copy()
    for person in people:
        if person.person != subject:
            _hide_head(picture, person.pose)
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return bytes(coded)


def _skeleton(person: Glimpse, subject: int | None, size: tuple[int, int]) -> Skeleton:
    pose = np.round(person.pose[:, [0, 1, 3]] / (*size, 1.0), 4)
    pose[:, 2] = np.clip(pose[:, 2], 0.0, 1.0)
    hands = tuple(_points(hand, size) for hand in person.hands if np.isfinite(hand).all())
    face = person.face[[*FACE_OUTLINE, *EYES_AND_MOUTH]]
    return Skeleton(
        person=person.person,
        subject=person.person == subject,
        pose=tuple((float(x), float(y), float(v)) for x, y, v in pose),
        hands=hands,
        face=_points(face, size) if np.isfinite(face).all() else (),
    )


def _points(points: Floats, size: tuple[int, int]) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in np.round(points / size, 4))


def _hide_head(picture: NDArray[np.uint8], pose: Floats) -> None:
    """Make a head a few large blocks, in place."""
    import cv2

    points = pose[list(_HEAD), :2]
    shoulders = pose[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], :2]
    neck = float(np.linalg.norm(points.mean(0) - shoulders.mean(0)))
    reach = 1.1 * max(neck, float(np.ptp(points, axis=0).max()))
    height, width = picture.shape[:2]
    x0, y0 = np.clip(points.mean(0) - reach, 0, (width, height)).astype(int)
    x1, y1 = np.clip(points.mean(0) + reach, 0, (width, height)).astype(int)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    small = cv2.resize(picture[y0:y1, x0:x1], (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
    picture[y0:y1, x0:x1] = cv2.resize(small, (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST)
