"""The edges of a badge, found in the picture itself: surer than what a network says of its corners.

A badge stands out from the cloth round about it. Where that is so, its outline is cut out by colour and a line is laid
along each side; where it is not (patterned cloth, an edge under a lapel), the network's corners stand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]

_CLOTHS = 3
"""Colours that the surroundings may have: jacket, shirt, tie."""
_OVERLAP = 0.55
"""A cut-out that shares less with the network's outline is something else."""
_FULL = 0.88
"""A cut-out that fills less of its convex hull has run into the cloth."""


def sharpened(image: Picture, corners: Floats) -> Floats | None:
    """Return the corners of a badge from its edges; None where they cannot be told.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB about the badge.
    corners
        ``(4, 2)`` pixels, roughly: upper left, upper right, lower right, lower left.

    Returns
    -------
    array or None
        ``(4, 2)`` pixels, in the same order.
    """
    import cv2

    apart = _apart_from_cloth(image, corners)
    near = _filled(image.shape[:2], _scaled(corners, 1.5, 6.0))
    values = np.clip(apart[near > 0], 0, 255).astype(np.uint8)
    if not len(values):
        return None
    limit, _ = cv2.threshold(values, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = ((apart > max(float(limit), 6.0)) & (near > 0)).astype(np.uint8)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    outline = _outline(np.asarray(closed, np.uint8), corners)
    return None if outline is None else _sides(outline, corners)


def _scaled(corners: Floats, share: float, more: float = 0.0) -> Floats:
    middle = corners.mean(0)
    away = corners - middle
    length = np.linalg.norm(away, axis=1, keepdims=True)
    return np.asarray(middle + away * share + away / np.maximum(length, 1e-6) * more)


def _filled(shape: tuple[int, ...], corners: Floats) -> NDArray[np.uint8]:
    import cv2

    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
    return mask


def _apart_from_cloth(image: Picture, corners: Floats) -> Floats:
    """Return how far ``(height, width)`` the colour of each pixel is from all those round about the badge (CIE Lab)."""
    import cv2

    lab = np.asarray(cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
    ring = _filled(image.shape[:2], _scaled(corners, 1.5, 10.0)) > _filled(image.shape[:2], _scaled(corners, 1.1, 4.0))
    samples = lab[ring][:: max(1, int(ring.sum()) // 600)]
    if len(samples) < 4 * _CLOTHS:
        return np.zeros(image.shape[:2])
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 8, 1.0)
    cv2.setRNGSeed(0)
    start = np.zeros((len(samples), 1), np.int32)
    _, which, cloths = cv2.kmeans(samples, _CLOTHS, start, stop, 1, cv2.KMEANS_PP_CENTERS)
    common = [cloth for i, cloth in enumerate(cloths) if (which == i).mean() > 0.12]
    return np.asarray(np.min([np.linalg.norm(lab - cloth, axis=2) for cloth in common], axis=0) * 2)


def _outline(mask: NDArray[np.uint8], corners: Floats) -> Floats | None:
    """Return the outline ``(n, 2)`` of the piece of a mask that is the badge; None without one."""
    import cv2

    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not found:
        return None
    thought = _filled(mask.shape, corners)
    best = max(found, key=lambda one: int((_filled_contour(mask.shape, one) & thought).sum()))
    piece = _filled_contour(mask.shape, best)
    shared = float((piece & thought).sum()) / max(float((piece | thought).sum()), 1.0)
    hull = cv2.convexHull(best)
    full = float(cv2.contourArea(best)) / max(float(cv2.contourArea(hull)), 1.0)
    return np.asarray(best[:, 0, :], float) if shared >= _OVERLAP and full >= _FULL else None


def _filled_contour(shape: tuple[int, ...], contour: Any) -> NDArray[np.uint8]:
    import cv2

    mask = np.zeros(shape, np.uint8)
    cv2.drawContours(mask, [contour], -1, 1, -1)
    return mask


def _sides(outline: Floats, corners: Floats) -> Floats | None:
    """Return where the lines along the four sides of an outline meet, in the order of the corners they are nearest."""
    import cv2

    box = np.asarray(cv2.boxPoints(cv2.minAreaRect(outline.astype(np.float32))), float)
    start = min(range(4), key=lambda i: float(np.linalg.norm(np.roll(box, -i, 0) - corners, axis=1).sum()))
    box = np.roll(box, -start, 0)
    lines = []
    for a, b in zip(box, np.roll(box, -1, 0), strict=True):
        along = (b - a) / max(float(np.linalg.norm(b - a)), 1e-6)
        depth = max(2.5, 0.16 * min(np.linalg.norm(box[1] - box[0]), np.linalg.norm(box[2] - box[1])))
        off = outline - a
        place, side = off @ along / max(float(np.linalg.norm(b - a)), 1e-6), abs(off @ np.array([-along[1], along[0]]))
        points = outline[(place > 0.14) & (place < 0.86) & (side < depth)]
        if len(points) < 4:
            return None
        lines.append(cv2.fitLine(points.astype(np.float32), cv2.DIST_L1, 0, 0.01, 0.01).ravel())
    met = [_meeting(lines[i - 1], lines[i]) for i in range(4)]
    if any(point is None for point in met):
        return None
    found = np.array(met, float)
    far = np.linalg.norm(found - box, axis=1).max() > 0.35 * np.linalg.norm(box[2] - box[0])
    return None if far else found


def _meeting(one: Floats, other: Floats) -> Floats | None:
    ways = np.array([[one[0], -other[0]], [one[1], -other[1]]], float)
    if abs(np.linalg.det(ways)) < 0.2:
        return None
    step = np.linalg.solve(ways, np.asarray(other[2:] - one[2:], float))
    return np.asarray(one[2:] + step[0] * one[:2], float)
