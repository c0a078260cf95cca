"""Patches warped out of a picture: a part of the body, upright, at a known scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.subject import Axes, Picture

Floats = NDArray[np.floating[Any]]

_OUTSIDE = (127, 127, 127)


@dataclass(frozen=True, slots=True)
class Patch:
    """A rectangle of the picture, upright and resized.

    Attributes
    ----------
    image
        ``(height, width, 3)`` uint8 RGB; grey where the rectangle leaves the picture.
    inside
        ``(height, width)`` whether a pixel lies in the picture.
    to_patch
        ``(2, 3)`` affine map from pixels of the picture to pixels of the patch.
    px_per_cm
        Scale of the patch.
    source_px_per_cm
        Scale of the picture it was cut from: the patch holds no more detail than that.
    """

    image: Picture
    inside: NDArray[np.bool_]
    to_patch: Floats
    px_per_cm: float
    source_px_per_cm: float

    @property
    def shown(self) -> float:
        """Share of the patch that lies in the picture."""
        return float(self.inside.mean())

    def to_picture(self, points: Floats) -> Floats:
        """Return points ``(..., 2)`` in pixels of the patch (centres at whole numbers) as pixels of the picture."""
        turn, shift = self.to_patch[:, :2], self.to_patch[:, 2]
        return np.asarray((np.asarray(points, float) - shift) @ np.linalg.inv(turn).T)

    def from_picture(self, points: Floats) -> Floats:
        """Return points ``(..., 2)`` in pixels of the picture as pixels of the patch."""
        return np.asarray(np.asarray(points, float) @ self.to_patch[:, :2].T + self.to_patch[:, 2])


def warp(
    image: Picture,
    axes: Axes,
    corner_cm: tuple[float, float],
    size_cm: tuple[float, float],
    size_px: tuple[int, int],
) -> Patch:
    """Cut a rectangle out of a picture along a frame's axes.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB.
    axes
        The frame.
    corner_cm
        Upper left corner (of the patch, so the smaller x) in the frame.
    size_cm
        Width and height in centimetres.
    size_px
        Width and height of the patch in pixels.
    """
    import cv2

    width, height = size_px
    scale = np.array([width / size_cm[0], height / size_cm[1]])
    basis = np.stack([axes.x, axes.y], -1) * axes.px_per_cm  # cm -> px of the picture
    turn = np.diag(scale) @ np.linalg.inv(basis)
    shift = -turn @ axes.origin - scale * np.asarray(corner_cm) - 0.5
    to_patch = np.concatenate([turn, shift[:, None]], 1)
    # A patch much smaller than its part of the picture is made from a reduced picture, else it would alias.
    shrink = float(np.sqrt(abs(np.linalg.det(turn))))
    method = cv2.INTER_CUBIC if shrink > 1 else cv2.INTER_LINEAR
    source, to_source = image, to_patch
    if shrink < 0.5:
        step = 2 ** int(np.floor(np.log2(1 / shrink)))
        part, low = _around(image, np.linalg.inv(turn), shift, size_px, step)
        small = (max(1, part.shape[1] // step), max(1, part.shape[0] // step))
        source = np.asarray(cv2.resize(part, small, interpolation=cv2.INTER_AREA), np.uint8)
        ratio = np.array([part.shape[1] / small[0], part.shape[0] / small[1]])
        grown = turn * ratio
        to_source = np.concatenate([grown, (shift + turn @ (low + ratio / 2 - 0.5))[:, None]], 1)
    # Repeating the edge would draw stripes downward from a collar, and a tie with them.
    found = cv2.warpAffine(source, to_source, (width, height), flags=method, borderValue=_OUTSIDE)
    ones = np.ones(source.shape[:2], np.uint8)
    inside = cv2.warpAffine(ones, to_source, (width, height), flags=cv2.INTER_NEAREST)
    return Patch(np.asarray(found, np.uint8), inside > 0, to_patch, float(np.sqrt(scale.prod())), axes.px_per_cm)


def _around(
    image: Picture, back: Floats, shift: Floats, size_px: tuple[int, int], step: int
) -> tuple[Picture, NDArray[np.int_]]:
    """Return the part of a picture that a patch shows, in blocks of ``step`` pixels, and its upper left corner."""
    width, height = size_px
    corners = np.array([(-1, -1), (width, -1), (width, height), (-1, height)])
    at = (corners - shift) @ back.T
    size = np.array(image.shape[1::-1])
    low = np.clip((np.floor(at.min(0)).astype(int) // step - 1) * step, 0, (size - 1) // step * step)
    high = np.clip((np.ceil(at.max(0)).astype(int) // step + 2) * step, low + 1, size)
    return image[low[1] : high[1], low[0] : high[0]], low
