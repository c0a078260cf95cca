"""The lens: the field of view from several pictures of the printed board.

The camera everywhere in this program is a pinhole with square pixels, whose axis meets the middle of the picture; only
the focal length is fitted (Zhang's method as in OpenCV). Lens distortion is left out on purpose: within the middle of
the picture, where people stand, that of webcams and phones moves a point by a pixel or two, less than landmarks are
off. How far it goes is measured once more with one radial term and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.calibrate.boards import SQUARE_MM, BoardView, find_board
from posture_check.errors import InputError
from posture_check.sources.frame import Frame

Floats = NDArray[np.floating[Any]]

MIN_VIEWS, MAX_VIEWS = 3, 40
MIN_CORNERS = 8
"""Of the board's 24 corners, in one picture: with fewer its tilt is too loosely known."""
MOVED_SHARE = 0.03
"""A picture of a video counts when the board has moved by this share of the picture's width since the last."""
MAX_REPROJECTION_PX = 2.0
"""Per 1000 pixels of the picture's width; sharp pictures of a flat board give 0.1 to 0.5, a bent board or a fisheye
more."""
MAX_HFOV_ERROR_DEG = 1.5
"""Worse is no better than the figure on the camera's data sheet."""
MIN_TILT_DEG = 12.0
"""Two views at least must be tilted by so much: a board seen straight on looks the same through any lens."""
HFOV_RANGE_DEG = (15.0, 140.0)
LEAST_RESIDUAL_PX = 0.2
"""Corners are not found better than this, whatever the fit says."""
LEAST_HFOV_ERROR_DEG = 0.2
"""Autofocus alone changes the field of view by so much."""


@dataclass(frozen=True, slots=True)
class LensFit:
    """The field of view and how well it is known.

    Attributes
    ----------
    size
        Width and height of the pictures.
    hfov_deg, error_deg
        Along the longer side, and its standard error.
    views, corners
        What it rests on.
    reprojection_px
        Root mean square distance of the corners from the model's.
    bend_px
        How far one radial term would move the middle of the picture's short edge; for information.
    """

    size: tuple[int, int]
    hfov_deg: float
    error_deg: float
    views: int
    corners: int
    reprojection_px: float
    bend_px: float


def board_views(frames: Iterable[Frame], square_mm: float = SQUARE_MM) -> Iterator[tuple[tuple[int, int], BoardView]]:
    """Yield the size of the picture and the board's corners of every frame that shows it well and anew.

    Parameters
    ----------
    frames
        Of one picture or one video.
    square_mm
        Side of a printed square.
    """
    last: Floats | None = None
    for frame in frames:
        height, width = frame.image.shape[:2]
        view = find_board(frame.image, square_mm)
        if view is None or len(view.corners) < MIN_CORNERS:
            continue
        box = np.concatenate([view.corners.min(axis=0), view.corners.max(axis=0)])
        if last is None or np.abs(box - last).max() > MOVED_SHARE * width:
            last = box
            yield (width, height), view


def fit_lens(seen: list[tuple[tuple[int, int], BoardView]], where: str = "pictures") -> LensFit:
    """Find the field of view from views of the board.

    Parameters
    ----------
    seen
        Size of the picture and corners, of every view.
    where
        The pictures, for messages.

    Raises
    ------
    InputError
        If the views are too few, too alike, of several sizes, or do not fit a flat board before a pinhole camera.
    """
    if len(seen) < MIN_VIEWS:
        raise InputError(
            f"{where}: the board is seen well in {len(seen)} of the pictures, {MIN_VIEWS} are needed: take 10 of the "
            "whole board, near, sharp, each tilted another way",
            zh=f"{where}：只有 {len(seen)} 张画面看清了标定板，需要 {MIN_VIEWS} 张："
            "请近距离拍 10 张，整板、清晰、每张倾斜不同",
        )
    sizes = sorted({size for size, _ in seen})
    if len(sizes) > 1:
        told = ", ".join("{}x{}".format(*size) for size in sizes)
        raise InputError(
            f"{where}: pictures of several sizes ({told}): take them all in the mode that will be used",
            zh=f"{where}：画面大小不一（{told}）：请全部用实际使用的模式拍摄",
        )
    size = sizes[0]
    views = [view for _, view in seen]
    views = [views[i] for i in np.unique(np.linspace(0, len(views) - 1, MAX_VIEWS).round().astype(int))]
    _check_tilts(views, size, where)
    focal, residual, _ = _fitted(views, size, where)
    if residual > MAX_REPROJECTION_PX * max(size) / 1000:
        raise InputError(
            f"{where}: the corners are {residual:.1f} pixels off a flat board's: glue the board on something stiff, "
            "take sharp pictures, switch off wide-angle and stabilisation modes",
            zh=f"{where}：角点偏离平板 {residual:.1f} 像素：请把标定板贴在硬板上，拍清晰，关闭广角和防抖",
        )
    straight, _, bent = _fitted(views, size, where, bend=True)
    bend = abs(bent) * (max(size) / 2 / straight) ** 3 * straight
    hfov = float(np.degrees(2 * np.arctan(max(size) / 2 / focal)))
    corners = sum(len(view.corners) for view in views)
    # How much worse a focal length a tenth off would fit tells how well it is known; half of what leaving the bend out
    # changes is added.
    steps = [_fitted(views, size, where, focal=focal * off)[1] for off in (0.9, 1.1)]
    worse = 2 * corners * (min(steps) ** 2 - residual**2) / max(residual, LEAST_RESIDUAL_PX) ** 2
    spread = 0.1 * focal / np.sqrt(max(worse, 1e-6))
    slope = np.degrees(max(size) / (focal**2 + (max(size) / 2) ** 2))
    error = float(slope * np.hypot(spread, (straight - focal) / 2))
    if not (error <= MAX_HFOV_ERROR_DEG and HFOV_RANGE_DEG[0] < hfov < HFOV_RANGE_DEG[1]):
        raise _too_alike(where, len(views))
    return LensFit(size, hfov, max(error, LEAST_HFOV_ERROR_DEG), len(views), corners, residual, bend)


def _fitted(
    views: list[BoardView], size: tuple[int, int], where: str, focal: float | None = None, bend: bool = False
) -> tuple[float, float, float]:
    """Return focal length, root mean square in pixels, and radial term; the focal length is kept if it is given."""
    found = _calibrated(views, size, where, focal, bend)
    return float(found[1][0, 0]), float(found[0]), float(np.ravel(found[2])[0])


def _calibrated(
    views: list[BoardView], size: tuple[int, int], where: str, focal: float | None = None, bend: bool = False
) -> Any:
    import cv2

    boards = [np.concatenate([v.board_m, np.zeros((len(v.board_m), 1))], 1).astype(np.float32) for v in views]
    corners = [v.corners.astype(np.float32) for v in views]
    start = np.array([[focal or max(size), 0, size[0] / 2], [0, focal or max(size), size[1] / 2], [0, 0, 1]], float)
    fixed = (
        cv2.CALIB_USE_INTRINSIC_GUESS
        | cv2.CALIB_FIX_PRINCIPAL_POINT
        | cv2.CALIB_FIX_ASPECT_RATIO
        | cv2.CALIB_ZERO_TANGENT_DIST
        | cv2.CALIB_FIX_K2
        | cv2.CALIB_FIX_K3
        | (0 if bend else cv2.CALIB_FIX_K1)
        | (cv2.CALIB_FIX_FOCAL_LENGTH if focal else 0)
    )
    try:
        return cv2.calibrateCamera(boards, corners, size, start, np.zeros(5), flags=fixed)
    except cv2.error as refused:
        raise InputError(
            f"{where}: no camera sees a flat board so: take them again, sharp and whole",
            zh=f"{where}：没有摄像机会这样看到平板：请重拍，要清晰、完整",
        ) from refused


def _check_tilts(views: list[BoardView], size: tuple[int, int], where: str) -> None:
    """Refuse views from straight ahead alone: near and small look like far and large then."""
    import cv2

    usual = max(size) / 2 / np.tan(np.radians(31))
    turns = [cv2.Rodrigues(turn)[0] for turn in _calibrated(views, size, where, float(usual))[3]]
    tilts = [float(np.degrees(np.arccos(np.clip(abs(turn[2, 2]), 0, 1)))) for turn in turns]
    if sum(tilt > MIN_TILT_DEG for tilt in tilts) < 2:
        raise _too_alike(where, len(views))


def _too_alike(where: str, views: int) -> InputError:
    return InputError(
        f"{where}: {views} views are too alike to tell the field of view: take more, with the board near and tilted "
        "by 30 "
        "to 45° towards every side",
        zh=f"{where}：{views} 张画面太相似，看不出视角：请再拍，标定板要近，向各个方向倾斜 30 到 45°",
    )
