"""The printed sheets: the chessboard with markers, the floor mat, the seat marker; and finding them in pictures.

All use one dictionary of markers, with different numbers, so that none is taken for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import cv2

Floats = NDArray[np.floating[Any]]
Image = NDArray[np.uint8]

COLUMNS, ROWS = 5, 7
SQUARE_MM, BOARD_MARKER_MM = 36.0, 27.0
"""The board fills an A4 sheet; its squares are 4 x 4 bit markers' size and half as much again."""
MAT_IDS = (40, 41, 42, 43)
MAT_MARKER_MM = 180.0
"""Numbers of the mat's sheets: front left, front right, back right, back left. Each sheet's outer corner is the
corner of the marker with the same index as its number."""
MAT_OUTER = (3, 2, 1, 0)
"""Which corner of each mat marker (from its top left, clockwise) lies outermost, seen with the sheets' tops at the
back."""
SEAT_ID = 45
SEAT_MARKER_MM = 120.0
FOUND_ERROR_PX = 0.4
"""A corner of a printed pattern is found within this (drawn through known cameras with camera noise: 0.1 to 0.3)."""
PIXEL_MIDDLE = 0.5
"""OpenCV counts from the middle of the first pixel, this program from its edge."""
_ENLARGE_BELOW = 1100
"""Smaller pictures are searched at twice their size as well: far markers have few pixels per bit."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """Corners of the board in one picture.

    Attributes
    ----------
    corners
        ``(n, 2)`` pixels.
    board_m
        ``(n, 2)`` the same corners on the board, metres.
    """

    corners: Floats
    board_m: Floats


@cache
def dictionary() -> cv2.aruco.Dictionary:
    """Return the markers' dictionary (50 markers of 4 x 4 bits: the coarsest, seen from furthest)."""
    import cv2

    return cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)


def board(square_mm: float = SQUARE_MM) -> cv2.aruco.CharucoBoard:
    """Return the board whose printed squares measure ``square_mm``."""
    import cv2

    share = BOARD_MARKER_MM / SQUARE_MM
    return cv2.aruco.CharucoBoard((COLUMNS, ROWS), square_mm / 1000, square_mm / 1000 * share, dictionary())


def find_board(image: Image, square_mm: float = SQUARE_MM) -> BoardView | None:
    """Find the board's inner corners.

    Parameters
    ----------
    image
        ``(height, width, 3)`` RGB.
    square_mm
        Side of a printed square, measured with a ruler.

    Returns
    -------
    BoardView | None
        None where fewer than four corners are found, or they lie on one line.
    """
    import cv2

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    printed = board(square_mm)
    corners, ids, _, _ = cv2.aruco.CharucoDetector(printed).detectBoard(grey)
    if ids is None or len(ids) < 4:
        return None
    places = np.asarray(printed.getChessboardCorners(), float)[np.asarray(ids).ravel(), :2]
    if np.linalg.matrix_rank(places - places.mean(axis=0), tol=1e-6) < 2:
        return None
    return BoardView(np.asarray(corners, float).reshape(-1, 2) + PIXEL_MIDDLE, places)


def find_markers(image: Image) -> dict[int, Floats]:
    """Find single markers.

    Parameters
    ----------
    image
        ``(height, width, 3)`` RGB.

    Returns
    -------
    dict[int, Floats]
        Number of each marker, and its corners ``(4, 2)`` in pixels from its own top left, clockwise.
    """
    import cv2

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    detector = cv2.aruco.ArucoDetector(dictionary(), settings)
    found: dict[int, Floats] = {}
    for scale in (1, 2) if max(grey.shape) < _ENLARGE_BELOW * 2 else (1,):
        larger = grey if scale == 1 else cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        corners, ids, _ = detector.detectMarkers(larger)
        for marker, number in zip(corners, [] if ids is None else np.asarray(ids).ravel(), strict=False):
            found.setdefault(int(number), (np.asarray(marker, float).reshape(4, 2) + PIXEL_MIDDLE) / scale)
    return found


def mat_corners(markers: dict[int, Floats]) -> Floats:
    """Return the outer corners ``(4, 2)`` of the mat in pixels: front left, front right, back right, back left."""
    return np.array([markers[number][corner] for number, corner in zip(MAT_IDS, MAT_OUTER, strict=True)])


def mat_ground(width_cm: float, depth_cm: float) -> Floats:
    """Return where the corners of :func:`mat_corners` lie on the floor, ``(4, 2)`` metres."""
    return np.array([[0.0, 0.0], [width_cm, 0.0], [width_cm, depth_cm], [0.0, depth_cm]]) / 100
