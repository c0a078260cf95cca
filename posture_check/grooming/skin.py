"""A person's own skin, read off their face in the picture's light, so that other parts can be held against it.

Nothing is assumed about what colour skin is: cheeks, nose and forehead tell, each picture by itself. Shade changes how
much light skin sends back but hardly its chromaticity, so the two are kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.subject import Subject

Floats = NDArray[np.floating[Any]]

CHEEK_RIGHT = (117, 118, 101, 36, 205, 50)
CHEEK_LEFT = (346, 347, 330, 266, 425, 280)
NOSE = (6, 197, 195, 5, 4)
FOREHEAD = (109, 10, 338, 337, 151, 108)
"""Outlines on the face mesh: below each eye out to the cheekbone, the ridge of the nose, and the middle forehead."""
MIN_PIXELS = 30
"""Fewer pixels of cheek and forehead than this are no sample."""
_SHADOW = 2.0
"""Linear light in 8 bit counts that is added before logarithms: below it a camera shows noise, not colour."""


@dataclass(frozen=True, slots=True)
class Skin:
    """How a person's skin looks in one picture.

    Attributes
    ----------
    tone
        ``(3,)`` median of :func:`tones` over the face.
    spread
        ``(3,)`` their robust spread over the face (1.48 times the median distance from the median).
    luminance
        Linear luminance of the median pixel, 0..1.
    """

    tone: Floats
    spread: Floats
    luminance: float

    def off(self, pixels: NDArray[np.uint8]) -> Floats:
        """Return how far pixels ``(..., 3)`` RGB are from this skin, in :func:`tones`."""
        return np.asarray(tones(pixels) - self.tone)


def linear(pixels: NDArray[np.uint8]) -> Floats:
    """Return linear light 0..1 of sRGB pixels ``(..., 3)`` (IEC 61966-2-1)."""
    share = np.arange(256) / 255.0
    table = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return np.asarray(table[pixels])


def tones(pixels: NDArray[np.uint8]) -> Floats:
    """Return log luminance and two log chromaticities, red against green and blue against green, of RGB ``(..., 3)``.

    Shading, and how far skin is lit, moves the first alone.
    """
    light = linear(pixels) + _SHADOW / 255 / 12.92
    red, green, blue = np.log(light[..., 0]), np.log(light[..., 1]), np.log(light[..., 2])
    bright = np.log(light @ np.array([0.2126, 0.7152, 0.0722], np.float32))
    return np.stack([bright, red - green, blue - green], -1)


def area(image: NDArray[np.uint8], outline: Floats) -> NDArray[np.uint8]:
    """Return the pixels ``(n, 3)`` of a picture inside an outline ``(points, 2)``."""
    import cv2

    low = np.maximum(np.floor(outline.min(0)).astype(int), 0)
    high = np.minimum(np.ceil(outline.max(0)).astype(int) + 1, image.shape[1::-1])
    if (high <= low).any():
        return np.empty((0, 3), np.uint8)
    part = image[low[1] : high[1], low[0] : high[0]]
    inside = np.zeros(part.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.round(outline - low).astype(np.int32)], 1)
    return np.asarray(part[inside > 0])


def skin_of(subject: Subject) -> Skin | None:
    """Return the skin of a person's face; None without a face mesh or with too few pixels of it."""
    if not subject.has_face:
        return None
    at = subject.face[:, :2].astype(float)
    parts = [area(subject.image, at[list(part)]) for part in (CHEEK_RIGHT, CHEEK_LEFT, NOSE, FOREHEAD)]
    pixels = np.concatenate(parts)
    if len(pixels) < MIN_PIXELS:
        return None
    tone = tones(pixels)
    # Glasses, glints and strands of hair are outliers of brightness: the middle half of the face is kept.
    low, high = np.percentile(tone[:, 0], [25, 75])
    kept = tone[(tone[:, 0] >= low) & (tone[:, 0] <= high)]
    middle = np.median(kept, 0)
    spread = 1.48 * np.median(np.abs(tone - middle), 0)
    return Skin(middle, spread, float(np.exp(middle[0])))
