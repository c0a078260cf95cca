"""Reads the code on a staff card: QR codes, Data Matrix and barcodes of all usual kinds, by ZXing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST = 64
"""Characters of a staff code at most; a longer one is something else."""


def read_code(image: NDArray[np.uint8]) -> str | None:
    """Return the text of a QR code or barcode in a picture, None where there is none that can be read.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB.
    """
    import cv2
    import zxingcpp

    found = zxingcpp.read_barcodes(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
    texts = (code.text.strip() for code in found)
    return next((text for text in texts if 0 < len(text) <= MOST and text.isprintable()), None)
