"""The person whose dress is looked at: their picture, their landmarks, and frames of the head and of the trunk.

Both frames are in centimetres: y down along the head or the trunk, x square to it towards the right of the picture,
which is the person's left as they face the camera (and their right from behind).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import from_horizontal, wrap_deg

Floats = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]

EYE_RIGHT_OUTER, EYE_LEFT_OUTER, FACE_TOP, FACE_CHIN = 33, 263, 10, 152
"""Points of the face mesh: outer corners of the eyes, middle of the hairline, chin."""
BIOCULAR_CM = 9.0
"""Between the outer corners of the eyes: 8.8-9.4 cm in adults (Farkas, Anthropometry of the Head and Face, 1994)."""
EYE_MOUTH_CM = 6.8
"""From the line of the pupils down to the line of the mouth's corners, as landmarks lie (Farkas 1994: 6.5-7.2 cm)."""
TRUNK_CM = 50.0
"""From the middle of the shoulder landmarks to that of the hip landmarks, of an adult of 170 cm."""
_EYES = (L.LEFT_EYE, L.RIGHT_EYE)
_FACING_DEG = 60.0
"""Up to this turn of the head the face's own landmarks tell its size."""


@dataclass(frozen=True, slots=True)
class Axes:
    """A frame in the picture.

    Attributes
    ----------
    origin
        ``(2,)`` pixels.
    x, y
        ``(2,)`` unit vectors in the picture: to the right, and down along the part of the body.
    px_per_cm
        Scale.
    """

    origin: Floats
    x: Floats
    y: Floats
    px_per_cm: float

    def to_picture(self, points: Floats) -> Floats:
        """Return places ``(..., 2)`` in centimetres of this frame as pixels of the picture."""
        points = np.asarray(points, float)
        return np.asarray(self.origin + self.px_per_cm * (points[..., :1] * self.x + points[..., 1:2] * self.y))

    def from_picture(self, pixels: Floats) -> Floats:
        """Return pixels ``(..., 2)`` as centimetres of this frame."""
        off = np.linalg.solve(np.stack([self.x, self.y], -1), (np.asarray(pixels, float) - self.origin)[..., None])
        return np.asarray(off[..., 0] / self.px_per_cm)


@dataclass(frozen=True)
class Subject:
    """One person in one picture.

    Attributes
    ----------
    image
        ``(height, width, 3)`` uint8 RGB, upright.
    pose
        ``(33, 4)`` landmarks: x, y, z in pixels, visibility 0..1.
    world
        ``(33, 3)`` landmarks in metres, camera axes.
    face
        ``(468, 3)`` face mesh in pixels, NaN where no face was found.
    """

    image: Picture
    pose: Floats
    world: Floats
    face: Floats

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        return self.image.shape[1], self.image.shape[0]

    @property
    def has_face(self) -> bool:
        """Whether a face mesh was found."""
        return bool(np.isfinite(self.face[:, :2]).all())

    @cached_property
    def head_yaw_deg(self) -> float:
        """Turn of the head against the camera in degrees, positive where its left side shows (without a mesh: ears).

        0 faces the camera; about 180 is seen from behind.
        """
        if self.has_face:
            across = (self.face[EYE_LEFT_OUTER] - self.face[EYE_RIGHT_OUTER]).astype(float)
            return float(-np.degrees(np.arctan2(across[2], across[0])))
        ears = (self.world[L.LEFT_EAR] - self.world[L.RIGHT_EAR]).astype(float)
        return float(-np.degrees(np.arctan2(ears[2], ears[0])) if ears.any() else np.nan)

    @cached_property
    def trunk_yaw_deg(self) -> float:
        """Turn of the trunk against the camera in degrees, positive where its left side shows, from the shoulders."""
        across = (self.world[L.LEFT_SHOULDER] - self.world[L.RIGHT_SHOULDER]).astype(float)
        turned = np.asarray(from_horizontal(across[0], across[2]))
        return float(wrap_deg(-offsets.true_yaw_deg(turned, turned)))

    @cached_property
    def head(self) -> Axes:
        """The head's frame: origin between the eyes, y down the face.

        The scale is that of the eyes' outer corners, measured in depth too so that a turned head is no smaller; without
        a face mesh it is that of the pose's eyes and mouth.
        """
        if self.has_face:
            right, left = self.face[EYE_RIGHT_OUTER].astype(float), self.face[EYE_LEFT_OUTER].astype(float)
            down = (self.face[FACE_CHIN, :2] - self.face[FACE_TOP, :2]).astype(float)
            scale = float(np.linalg.norm(left - right)) / BIOCULAR_CM
            return _axes((left + right)[:2] / 2, down, scale)
        eyes = self._middle(*_EYES)
        down = self._middle(L.MOUTH_LEFT, L.MOUTH_RIGHT) - eyes
        length = float(np.linalg.norm(down))
        scale = length / EYE_MOUTH_CM
        if self.hips_shown and (not scale > 0 or abs(self.head_yaw_deg) > _FACING_DEG):
            scale = self._trunk_px / TRUNK_CM
        return _axes(eyes, down if length > 0 else np.array([0.0, 1.0]), scale)

    @cached_property
    def trunk(self) -> Axes:
        """The trunk's frame: origin between the shoulder landmarks, y down to the hips, else square to the shoulders.

        The scale is the head's where a face was found: what is worn is held against it, and hips are often cut off.
        """
        left, right = self.pose[L.LEFT_SHOULDER, :2].astype(float), self.pose[L.RIGHT_SHOULDER, :2].astype(float)
        middle = (left + right) / 2
        if self.hips_shown:
            down = self._middle(L.LEFT_HIP, L.RIGHT_HIP) - middle
        else:
            across = left - right
            down = np.array([-across[1], across[0]])
            down = down * np.sign(down[1]) if down[1] else np.array([0.0, 1.0])
        scale = self.head.px_per_cm if self.has_face or not self.hips_shown else self._trunk_px / TRUNK_CM
        return _axes(middle, down, scale)

    @cached_property
    def hips_shown(self) -> bool:
        """Whether both hips lie in the picture."""
        hips = self.pose[[L.LEFT_HIP, L.RIGHT_HIP], :2]
        return bool((hips >= 0).all() and (hips < self.size).all())

    @property
    def _trunk_px(self) -> float:
        return float(
            np.linalg.norm(self._middle(L.LEFT_HIP, L.RIGHT_HIP) - self._middle(L.LEFT_SHOULDER, L.RIGHT_SHOULDER))
        )

    def _middle(self, left: L, right: L) -> Floats:
        return np.asarray((self.pose[left, :2].astype(float) + self.pose[right, :2]) / 2)


def _axes(origin: Floats, down: Floats, scale: float) -> Axes:
    y = down / max(float(np.linalg.norm(down)), 1e-9)
    return Axes(np.asarray(origin, float), np.array([y[1], -y[0]]), y, scale)
