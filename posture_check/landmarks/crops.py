"""Square cut-outs of a picture, enlarged for a landmark model, and the way back to the picture's pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]

_TRUNK_AND_LEGS = (
    L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_ELBOW, L.RIGHT_ELBOW, L.LEFT_HIP, L.RIGHT_HIP,
    L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crop:
    """A square of a picture, resized.

    Attributes
    ----------
    centre
        x, y of its middle in pixels of the picture.
    side
        Its side in pixels of the picture.
    image
        ``(size, size, 3)`` uint8 RGB; black where the square leaves the picture.
    """

    centre: tuple[float, float]
    side: float
    image: NDArray[np.uint8]

    def to_picture(self, points: Floats) -> Floats:
        """Return points ``(n, 3)`` given in 0..1 of the crop as pixels of the picture; z is scaled like x."""
        corner = np.array([self.centre[0], self.centre[1], self.side / 2]) - self.side / 2
        return np.asarray(points * self.side + corner)


def cut(image: NDArray[np.uint8], centre: Floats, side: float, size: int) -> Crop:
    """Cut a square out of a picture and resize it.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB.
    centre
        x, y in pixels; may lie outside.
    side
        Side of the square in pixels.
    size
        Side of the result in pixels.
    """
    import cv2

    x, y = float(centre[0]), float(centre[1])
    scale = size / side
    # Pixel centres lie at half-integers of the continuous coordinates.
    shift = 0.5 * scale - 0.5
    to_crop = np.array([[scale, 0, size / 2 - scale * x + shift], [0, scale, size / 2 - scale * y + shift]])
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    found = cv2.warpAffine(image, to_crop, (size, size), flags=method)
    return Crop((x, y), side, np.asarray(found, np.uint8))


def pixels_per_metre(image: Floats, world: Floats) -> float:
    """Return the scale of a body in the picture.

    The ratio of the joints' spread in the picture to their spread in the landmark model's metres; a good
    few per cent off where the body is not of the height the model imagines.

    Parameters
    ----------
    image
        ``(33, 2 or more)`` pixels.
    world
        ``(33, 3)`` metres.
    """
    joints = list(_TRUNK_AND_LEGS)
    pixels, metres = image[joints, :2].var(axis=0).sum(), world[joints, :2].var(axis=0).sum()
    return float(np.sqrt(pixels / max(float(metres), 1e-6)))
