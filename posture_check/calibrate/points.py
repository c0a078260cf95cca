"""Points and sizes as people type them on the command line."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError

Floats = NDArray[np.floating[Any]]


def parse_points(text: str, option: str, count: int = 4) -> Floats:
    """Read points of a picture.

    Parameters
    ----------
    text
        ``x,y x,y …`` in pixels, x to the right, y down.
    option
        Where it was given, for the message.
    count
        How many there must be.

    Returns
    -------
    Floats
        ``(count, 2)`` pixels.

    Raises
    ------
    InputError
        If it is not ``count`` pairs of finite numbers, or two points are the same.
    """
    pairs = [pair.split(",") for pair in re.split(r"[\s;]+", text.strip().replace("，", ",")) if pair]
    try:
        points = np.array([[float(x), float(y)] for x, y in pairs])
    except ValueError:
        raise InputError(
            f'{option} {text!r}: not points: write {count} of them as "x,y x,y …" in pixels',
            zh=f"{text!r} 不是点的坐标：请在画面上标记 {count} 个点",
        ) from None
    if len(points) != count:
        raise InputError(
            f'{option}: {len(points)} points given: write {count} of them as "x,y x,y …" in pixels',
            zh=f"标记了 {len(points)} 个点：需要 {count} 个",
        )
    if not np.isfinite(points).all():
        raise InputError(
            f"{option} {text!r}: not finite numbers: write pixels of the picture",
            zh=f"{text!r} 不是像素坐标：请在画面上重新标记",
        )
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1) + np.eye(count) * 1e9
    if apart.min() < 1.0:
        i, j = sorted(int(k) for k in np.unravel_index(apart.argmin(), apart.shape))
        raise InputError(
            f"{option}: points {i + 1} and {j + 1} are the same: mark four different corners",
            zh=f"点 {i + 1} 和点 {j + 1} 相同：请标记四个不同的角",
        )
    return points


def parse_size(text: str, option: str) -> tuple[int, int]:
    """Read a picture's size, ``WxH`` in pixels.

    Raises
    ------
    InputError
        If it is not two whole numbers from 16 to 20000.
    """
    found = re.fullmatch(r"\s*(\d{2,5})\s*[xX×]\s*(\d{2,5})\s*", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(16 <= side <= 20000 for side in size):
        raise InputError(f"{option} {text}: not a size in pixels: write width and height as 1280x720")
    return size


def parse_lengths(text: str, option: str) -> tuple[float, float]:
    """Read two lengths, ``WxH`` in centimetres.

    Raises
    ------
    InputError
        If it is not two numbers from 1 to 2000.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*[xX×]\s*(\d+(?:\.\d+)?)\s*", text)
    lengths = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if not all(1 <= length <= 2000 for length in lengths):
        raise InputError(f"{option} {text}: not two lengths in centimetres: write them as 100x80")
    return lengths


def turns_clockwise(points: Floats) -> bool:
    """Say whether points ``(n, 2)`` of a picture go round clockwise, as one sees it (y down)."""
    x, y = points[:, 0], points[:, 1]
    return bool(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) > 0)


def is_convex(points: Floats) -> bool:
    """Say whether four points ``(4, 2)`` go round a quadrangle with no crossing and no dent."""
    edges = np.roll(points, -1, axis=0) - points
    following = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
    return bool((turns > 0).all() or (turns < 0).all())
