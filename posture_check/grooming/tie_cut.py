"""The outline of a tie, cut out by colour once its knot is known.

The network knows where a tie hangs but blurs its end; cloth of one pattern against a shirt has a sharp one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

_SURE, _SURE_OTHER = 0.8, 0.6
"""Share of the network's map from which a cell is certainly tie, and certainly trousers."""
_KNOT_CM = (0.8, 1.0)
"""Half the width and height of what is certainly knot."""
_ABOVE_CM, _BELOW_CM = 4.0, 62.0
_NEAR, _FAR = (3.2, 0.16), (5.0, 0.2)
"""Half the width in which a tie may hang, at the knot and per cm below it: where it probably does, and beyond which it
does not (12 degrees aslant, and half a blade)."""
_WIDEST_CM = 12.0
"""No blade is wider: what is has run into other cloth."""
_BESIDE_CM = 6.0
"""Trousers are certainly no tie beyond this from the knot's line: over them the network may overlook a tie."""
_ROUNDS = 3


def cut_out(
    image: NDArray[np.uint8], inside: Bools, tie: Floats, lower: Floats, knot: tuple[float, float], px_per_cm: float
) -> Floats:
    """Return the share ``(rows, columns)`` of tie in each cell of 4 x 4 pixels.

    Parameters
    ----------
    image
        ``(4 rows, 4 columns, 3)`` upper rows of a neck patch, uint8 RGB.
    inside
        ``(rows, columns)`` which cells lie in the picture.
    tie, lower
        ``(rows, columns)`` the network's share of tie, and of trousers or skirt.
    knot
        Its middle ``(x, y)`` in cells.
    px_per_cm
        Scale of the patch.
    """
    import cv2

    small = np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    guess = _guess(small.shape[:2], _doubled(inside), knot, px_per_cm / 2)
    aside = abs(np.arange(guess.shape[1]) - (2 * knot[0] + 0.5)) * 2 / px_per_cm
    guess[_doubled(lower > _SURE_OTHER) & _doubled(tie < 1 - _SURE_OTHER) & (aside > _BESIDE_CM)] = cv2.GC_BGD
    guess[_doubled(tie > _SURE)] = cv2.GC_FGD
    cv2.setRNGSeed(0)
    inner, outer = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, guess, (0, 0, 1, 1), inner, outer, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    mask = (guess == cv2.GC_FGD) | (guess == cv2.GC_PR_FGD)
    mask = _without_leaks(mask, _WIDEST_CM * px_per_cm / 2)
    return np.asarray(mask.reshape(len(inside), 2, -1, 2).mean((1, 3)))


def _doubled(cells: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.kron(cells, np.ones((2, 2), cells.dtype)))


def _guess(shape: tuple[int, ...], inside: Bools, knot: tuple[float, float], scale: float) -> NDArray[np.uint8]:
    import cv2

    rows, columns = np.mgrid[: shape[0], : shape[1]]
    down = (rows - (2 * knot[1] + 0.5)) / scale
    aside = abs(columns - (2 * knot[0] + 0.5)) / scale
    hang = np.clip(down, 0, None)
    guess = np.full(shape, cv2.GC_BGD, np.uint8)
    reach = (down > -_ABOVE_CM) & (down < _BELOW_CM) & inside
    guess[reach & (aside < _FAR[0] + _FAR[1] * hang)] = cv2.GC_PR_BGD
    guess[reach & (down > -_ABOVE_CM / 2) & (aside < _NEAR[0] + _NEAR[1] * hang)] = cv2.GC_PR_FGD
    guess[inside & (aside < _KNOT_CM[0]) & (abs(down) < _KNOT_CM[1])] = cv2.GC_FGD
    return guess


def _without_leaks(mask: Bools, widest: float) -> Bools:
    """Return the mask without what lies below the row in which it becomes wider than any blade."""
    import cv2

    count, piece, _, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count > 1:
        sizes = np.bincount(piece.ravel())
        mask = mask & np.isin(piece, np.flatnonzero((sizes > 6) & (np.arange(count) > 0)))
    wide = np.flatnonzero(mask.sum(1) > widest)
    if len(wide):
        mask = mask.copy()
        mask[wide[0] :] = False
    return mask
