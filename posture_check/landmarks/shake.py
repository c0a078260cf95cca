"""How small patches of a person move from frame to frame: what the landmark model smooths away.

A video landmarker damps a knee that moves by 2 cm four times a second to a tenth of that, and what is left has another
rhythm. The pixels themselves show it: this module measures by how much the picture shifts in a small window around
each of a few landmarks. Only pixels that change count, so that the wall behind a leg does not hold it still.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import SHAKEN, L

Floats = NDArray[np.floating[Any]]

SHARE = 0.3
"""Half the side of a window in shank lengths: wide enough for the knee's outline."""
MIN_HALF_PX, MAX_HALF_PX = 10, 40
CHANGED = 6.0
"""Change of grey level from which a pixel has moved: above the noise of compressed video, below any edge."""
MIN_PIXELS = 8
DAMPING = 0.02
"""Share of the gradients' energy added to both axes: without it a straight edge would drift along itself."""
BLUR_PX = 1.0


@dataclass(slots=True)
class _Window:
    """A place that is watched; it moves only when its landmark leaves the middle."""

    x: int
    y: int
    half: int
    patch: Floats | None = None


class Shake:
    """Watches one person's patches, frame by frame; of a frame only the patches are kept."""

    def __init__(self) -> None:
        self._windows: dict[L, _Window] = {}

    def feed(self, image: NDArray[np.uint8], points: Floats) -> Floats:
        """Return by how many pixels each patch moved since the last frame.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8, RGB.
        points
            ``(33, 4)`` landmarks in pixels.

        Returns
        -------
        ``(len(SHAKEN), 2)``, NaN where there was no patch to compare with or the window leaves the picture.
        """
        shanks = points[[L.LEFT_KNEE, L.RIGHT_KNEE], :2] - points[[L.LEFT_ANKLE, L.RIGHT_ANKLE], :2]
        half = int(np.clip(SHARE * np.linalg.norm(shanks, axis=1).max(), MIN_HALF_PX, MAX_HALF_PX))
        return np.array([self._step(image, points[point, :2], point, half) for point in SHAKEN], np.float32)

    def _step(self, image: NDArray[np.uint8], at: Floats, point: L, half: int) -> tuple[float, float]:
        window = self._windows.get(point)
        if window is None or np.abs(at - [window.x, window.y]).max() > window.half / 3:
            window = self._windows[point] = _Window(round(float(at[0])), round(float(at[1])), half)
        before, window.patch = window.patch, _patch(image, window)
        if before is None or window.patch is None:
            return np.nan, np.nan
        return shift(before, window.patch)


def _patch(image: NDArray[np.uint8], window: _Window) -> Floats | None:
    left, top, size = window.x - window.half, window.y - window.half, 2 * window.half
    if left < 0 or top < 0 or left + size > image.shape[1] or top + size > image.shape[0]:
        return None
    grey = cv2.cvtColor(image[top : top + size, left : left + size], cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.GaussianBlur(grey.astype(np.float32), (0, 0), BLUR_PX))


def shift(before: Floats, after: Floats) -> tuple[float, float]:
    """Return by how many pixels what moves between two patches has moved, to the right and down.

    Least squares on the brightness constancy of the pixels that change (Lucas and Kanade, IJCAI 1981). What is not
    seen to move along one direction (a straight edge along itself) counts as still there.

    Parameters
    ----------
    before, after
        ``(n, n)`` grey levels.
    """
    middle = (before + after) / 2
    across = cv2.Sobel(middle, cv2.CV_32F, 1, 0, ksize=3) / 8
    down = cv2.Sobel(middle, cv2.CV_32F, 0, 1, ksize=3) / 8
    change = after - before
    moved = (np.abs(change) > CHANGED) & (across**2 + down**2 > 1)
    if moved.sum() < MIN_PIXELS:
        return 0.0, 0.0
    gx, gy, gt = across[moved], down[moved], change[moved]
    damping = DAMPING * float((gx * gx).sum() + (gy * gy).sum())
    a, b, c = float((gx * gx).sum()) + damping, float((gx * gy).sum()), float((gy * gy).sum()) + damping
    p, q = -float((gx * gt).sum()), -float((gy * gt).sum())
    determinant = a * c - b * b
    return (c * p - b * q) / determinant, (a * q - b * p) / determinant
