"""Ways in which a camera, a lamp or a file spoils a picture, to be ready for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Rng = np.random.Generator


def degrade(image: Bytes, rng: Rng) -> Bytes:
    """Return a picture ``(height, width, 3)`` RGB under other light, less sharp, noisy and compressed, at random."""
    import cv2

    height, width = image.shape[:2]
    found = image
    if rng.random() < 0.4:  # as if taken from further away
        share = rng.uniform(0.35, 0.9)
        small = (max(8, int(width * share)), max(8, int(height * share)))
        found = np.asarray(cv2.resize(found, small, interpolation=cv2.INTER_AREA), np.uint8)
        found = np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    if rng.random() < 0.3:
        found = np.asarray(cv2.GaussianBlur(found, (0, 0), rng.uniform(0.4, 1.3)), np.uint8)
    cast = np.exp(rng.normal(0, 0.06, 3) + rng.normal(0, 0.22))
    curve = 255 * np.linspace(0, 1, 256)[:, None] ** np.exp(rng.normal(0, 0.25)) * cast
    found = np.asarray(cv2.LUT(found, np.clip(curve, 0, 255).astype(np.uint8)[None]), np.uint8)
    pale = rng.uniform(0, 0.5)
    mix = (1 - pale) * np.eye(3) + pale / 3
    found = np.asarray(cv2.transform(found, mix), np.uint8)
    if rng.random() < 0.5:
        grain = rng.standard_normal(found.shape, np.float32) * np.float32(rng.uniform(1, 10))
        found = np.asarray(np.clip(found + grain, 0, 255), np.uint8)
    if rng.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(25, 90))]
        found = np.asarray(cv2.imdecode(cv2.imencode(".jpg", found, quality)[1], cv2.IMREAD_COLOR), np.uint8)
    return found
