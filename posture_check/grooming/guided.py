"""A smooth map fitted to the edges of a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def guided(plane: Floats, image: NDArray[np.uint8], reach_px: int, contrast: float) -> Floats:
    """Return a plane smoothed within areas of one colour and kept sharp between them.

    In every window the plane is taken for a linear function of red, green and blue (the guided filter: He, Sun and
    Tang, Guided Image Filtering, IEEE TPAMI 35(6), 2013, equations 14-16).

    Parameters
    ----------
    plane
        ``(height, width)`` what to smooth; it may leave its range a little.
    image
        ``(height, width, 3)`` uint8 RGB.
    reach_px
        Half the width of a window.
    contrast
        Differences of colour below it, as a share of the whole range, are no edge.
    """
    import cv2

    window = (2 * reach_px + 1, 2 * reach_px + 1)
    given = np.asarray(plane, np.float32)
    r, g, b = colours = [np.asarray(part, np.float32) / 255 for part in cv2.split(image)]

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.boxFilter(values, -1, window, borderType=cv2.BORDER_REFLECT))

    mr, mg, mb = means = [mean(part) for part in colours]
    middle = mean(given)
    noise = np.float32(contrast**2)
    rr, gg, bb = (mean(part * part) - m * m + noise for part, m in zip(colours, means, strict=True))
    rg, rb, gb = mean(r * g) - mr * mg, mean(r * b) - mr * mb, mean(g * b) - mg * mb
    x, y, z = (mean(part * given) - m * middle for part, m in zip(colours, means, strict=True))
    # Cramer's rule: the matrices are 3 x 3, symmetric and positive.
    c0, c1, c2 = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    whole = rr * c0 + rg * c1 + rb * c2
    slopes = (
        (c0 * x + c1 * y + c2 * z) / whole,
        (c1 * x + (rr * bb - rb * rb) * y + (rg * rb - rr * gb) * z) / whole,
        (c2 * x + (rg * rb - rr * gb) * y + (rr * gg - rg * rg) * z) / whole,
    )
    offset = middle - sum(slope * m for slope, m in zip(slopes, means, strict=True))
    return np.asarray(mean(offset) + sum(mean(slope) * part for slope, part in zip(slopes, colours, strict=True)))
