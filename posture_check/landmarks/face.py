"""Find a person's face mesh in a cut-out around the head; in the whole picture the face is too small."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.crops import cut, pixels_per_metre
from posture_check.landmarks.names import L
from posture_check.landmarks.tasks import Landmarker
from posture_check.landmarks.track import FACE_LANDMARKS

Floats = NDArray[np.floating[Any]]

HEAD_M = 0.24
"""Height of a head."""
CROP_HEADS = 2.0
"""Side of the cut-out in heads."""
_CROP_PX = 256
_MIN_CROP_PX = 24.0
_CONFIDENCE = 0.4
_FACE = slice(L.NOSE, L.MOUTH_RIGHT + 1)


class FaceFinder:
    """The face of a person whose pose is known.

    Parameters
    ----------
    model
        Content of the face bundle.
    """

    def __init__(self, model: bytes) -> None:
        self._landmarker = Landmarker(
            "Face",
            model,
            num_faces=1,
            min_face_detection_confidence=_CONFIDENCE,
            min_face_presence_confidence=_CONFIDENCE,
        )

    def find(self, image: NDArray[np.uint8], pose: Floats, world: Floats) -> Floats:
        """Look for the face.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8 RGB.
        pose
            ``(33, 4)`` landmarks in pixels.
        world
            ``(33, 3)`` landmarks in metres.

        Returns
        -------
        ``(468, 3)`` pixels, z scaled like x and smaller nearer the camera; NaN where no face was found.
        """
        nothing = np.full((FACE_LANDMARKS, 3), np.nan, np.float32)
        side = CROP_HEADS * HEAD_M * pixels_per_metre(pose, world)
        if side < _MIN_CROP_PX:
            return nothing
        crop = cut(image, pose[_FACE, :2].mean(axis=0), side, _CROP_PX)
        result = self._landmarker.detect(crop.image)
        if not result.face_landmarks:
            return nothing
        points = np.array([(p.x, p.y, p.z) for p in result.face_landmarks[0][:FACE_LANDMARKS]])
        return np.asarray(crop.to_picture(points), np.float32)

    def close(self) -> None:
        """Free the landmarker."""
        self._landmarker.close()
