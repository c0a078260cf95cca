"""How much of the picture a person fills: a drawn stick figure has a skeleton but no body."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.landmarks.native import quiet_native_logs
from posture_check.landmarks.tasks import load_tasks

Floats = NDArray[np.floating[Any]]

_ENDS = [L.NOSE, L.LEFT_ANKLE, L.RIGHT_ANKLE, L.LEFT_FOOT_INDEX, L.RIGHT_FOOT_INDEX]
_MARGIN = 0.15
"""Room left around the body, in its own heights."""
_BODY = 0.5
_FIRST_LOOKS, _LOOKS_APART = 8, 60


def wants_look(looks: int) -> bool:
    """Return whether solidity is to be looked at after so many looks at details: at first, and now and then after."""
    return looks < _FIRST_LOOKS or looks % _LOOKS_APART == 0


class PersonMask:
    """The area of a person, by MediaPipe's person segmentation.

    Parameters
    ----------
    model
        Content of the ``selfie`` segmentation network.
    """

    def __init__(self, model: bytes) -> None:
        self._model = model
        self._segmenter: Any = None

    def solidity(self, image: NDArray[np.uint8], pose: Floats) -> float:
        """Return the person's area over the square of their height in the picture; NaN unless the whole body is in it.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8 RGB.
        pose
            ``(33, 4)`` landmarks in pixels.
        """
        height, width = image.shape[:2]
        points = pose[:, :2]
        ends = points[_ENDS]
        if not (np.isfinite(points).all() and (ends >= 0).all() and (ends < (width, height)).all()):
            return float("nan")
        tall = float(np.ptp(points[:, 1].astype(float)))
        across = max(float(np.ptp(points[:, 0].astype(float))), 0.5 * tall)
        middle = points.min(axis=0) / 2 + points.max(axis=0) / 2
        half = np.array([across / 2 + _MARGIN * tall, (0.5 + _MARGIN) * tall])
        left, top = np.maximum(middle - half, 0).astype(int)
        right, bottom = np.minimum(middle + half, (width, height)).astype(int)
        if right - left < 16 or bottom - top < 16:
            return float("nan")
        mask = self.mask(np.ascontiguousarray(image[top:bottom, left:right]))
        return float((mask > _BODY).sum() / tall**2)

    def mask(self, image: NDArray[np.uint8]) -> Floats:
        """Return the share of person ``(height, width)`` in 0..1 in each pixel of an RGB image."""
        tasks = load_tasks()
        if self._segmenter is not None:
            return self._segment(tasks.picture(image))
        with quiet_native_logs():  # MediaPipe writes log lines until the first picture is through
            options = tasks.vision.ImageSegmenterOptions(
                base_options=tasks.base_options(self._model), output_confidence_masks=True, output_category_mask=False
            )
            self._segmenter = tasks.vision.ImageSegmenter.create_from_options(options)
            return self._segment(tasks.picture(image))

    def close(self) -> None:
        """Free the memory; the segmenter is made again when next used."""
        if self._segmenter is not None:
            self._segmenter.close()
            self._segmenter = None

    def _segment(self, picture: Any) -> Floats:
        return np.asarray(self._segmenter.segment(picture).confidence_masks[0].numpy_view()).squeeze()
