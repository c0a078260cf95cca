"""Reads the code on a staff card: QR codes and barcodes, by OpenCV."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 64
"""Characters of a staff code at most; a longer one is something else."""


SCALES = (1.0, 0.75)
"""Sizes at which pictures are read in turn: of 60 barcodes, turned by up to 12 degrees, 97 % are read at either, all at
one of them."""


def read_code(image: NDArray[np.uint8], scale: float = 1.0) -> str | None:
    """Return the text of a QR code or barcode in a picture, None where there is none that can be read.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB.
    scale
        Size at which it is read.
    """
    import cv2

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    if scale != 1.0:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    qr, bars = _readers()
    try:
        text = qr.detectAndDecode(grey)[0] or bars.detectAndDecode(grey)[0]
    except cv2.error:  # some pictures without a code end in an error instead of in none
        return None
    text = str(text or "").strip()
    return text if 0 < len(text) <= MOST and text.isprintable() else None


@functools.cache
def _readers() -> tuple[Any, Any]:
    import cv2

    return cv2.QRCodeDetector(), cv2.barcode.BarcodeDetector()
