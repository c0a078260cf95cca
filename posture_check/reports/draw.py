"""Lines, arcs and signs on a picture: sharp, and visible on any background."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import SKELETON, L
from posture_check.reports.text import Colour, Image, line_height, put_text, text_size
from posture_check.rules.result import Verdict

Floats = NDArray[np.floating[Any]]

COLOURS: dict[Verdict, Colour] = {
    Verdict.PASS: (63, 185, 80),
    Verdict.FAIL: (248, 81, 73),
    Verdict.BORDERLINE: (227, 160, 36),
    Verdict.NOT_ASSESSED: (139, 148, 158),
    Verdict.INCOMPLETE: (227, 160, 36),
}
"""RGB of each verdict; always together with its sign."""

WHITE: Colour = (240, 243, 246)
OUTLINE: Colour = (18, 21, 26)
BONES: Colour = (222, 230, 240)

LIKELY = 0.5
"""Visibility from which a landmark counts as seen; below it a bone is drawn thin, as a guess of the model."""

_SHIFT = 4  # cv2 draws with 1/16 pixel
_GLYPHS: dict[Verdict, tuple[tuple[float, float], ...]] = {
    Verdict.PASS: ((-0.48, 0.04), (-0.14, 0.38), (0.5, -0.36)),
    Verdict.BORDERLINE: (
        (-0.55, 0.12),
        (-0.38, -0.14),
        (-0.18, -0.14),
        (0.18, 0.14),
        (0.38, 0.14),
        (0.55, -0.12),
    ),
    Verdict.NOT_ASSESSED: ((-0.5, 0.0), (0.5, 0.0)),
    Verdict.INCOMPLETE: ((-0.5, 0.0), (0.5, 0.0)),
}


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws on one picture; every figure in pixels, points as ``(2,)`` arrays, NaN draws nothing.

    Attributes
    ----------
    image
        ``(height, width, 3)`` uint8, RGB, changed in place.
    unit
        Width of a fine line; everything else grows with it.
    """

    image: Image
    unit: float

    def line(self, a: Floats, b: Floats, colour: Colour, width: float = 1.6, *, outline: bool = True) -> None:
        """Draw a straight line, by default with a dark edge that keeps it visible on a bright picture."""
        if not (np.isfinite(a).all() and np.isfinite(b).all()):
            return
        if outline:
            self._stroke([a, b], OUTLINE, width + 1.4)
        self._stroke([a, b], colour, width)

    def path(self, points: Floats, colour: Colour, width: float = 1.6) -> None:
        """Draw a line through points of shape ``(n, 2)``."""
        points = points[np.isfinite(points).all(axis=-1)]
        if len(points) > 1:
            self._stroke(list(points), OUTLINE, width + 1.4)
            self._stroke(list(points), colour, width)

    def dashed(self, a: Floats, b: Floats, colour: Colour = WHITE, width: float = 1.0) -> None:
        """Draw a dashed line: what something is measured against."""
        length = float(np.linalg.norm(b - a))
        if not np.isfinite(length) or length < 1:
            return
        step = 10 * self.unit
        for start in np.arange(0, length, step):
            end = min(length, start + 0.5 * step)
            self.line(a + (b - a) * (start / length), a + (b - a) * (end / length), colour, width)

    def arc(self, centre: Floats, a: Floats, b: Floats, radius: float, colour: Colour, width: float = 1.6) -> None:
        """Draw the smaller arc about ``centre`` between the directions to ``a`` and ``b``."""
        directions = np.stack([a, b]) - centre
        if not np.isfinite(directions).all():
            return
        start, end = np.arctan2(directions[:, 1], directions[:, 0])
        sweep = (end - start + np.pi) % (2 * np.pi) - np.pi
        angles = start + np.linspace(0, sweep, max(2, int(abs(sweep) * 20)))
        self.path(centre + radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1), colour, width)

    def ring(self, centre: Floats, radius: float, colour: Colour, width: float = 1.8) -> None:
        """Draw a circle."""
        angles = np.linspace(0, 2 * np.pi, 48)
        self.path(centre + radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1), colour, width)

    def dot(self, centre: Floats, radius: float, colour: Colour) -> None:
        """Draw a filled circle with a dark edge; ``radius`` in units."""
        if np.isfinite(centre).all():
            self._disc(centre, (radius + 0.6) * self.unit, OUTLINE)
            self._disc(centre, radius * self.unit, colour)

    def skeleton(self, points: Floats, visibility: Floats) -> None:
        """Draw the bones and joints of one person.

        Parameters
        ----------
        points
            ``(33, 2)`` pixels of this picture, NaN where unknown.
        visibility
            ``(33,)`` in 0..1.
        """
        for a, b in SKELETON:
            sure = min(visibility[a], visibility[b]) >= LIKELY
            self.line(points[a], points[b], BONES, 1.3 if sure else 0.5, outline=sure)
        for joint in range(L.LEFT_SHOULDER, len(L)):
            small = L.LEFT_PINKY <= joint <= L.RIGHT_THUMB or joint >= L.LEFT_HEEL
            if visibility[joint] >= LIKELY:
                self.dot(points[joint], 1.1 if small else 1.8, WHITE)

    def _stroke(self, points: list[Floats], colour: Colour, width: float) -> None:
        fixed = np.round(np.asarray(points) * (1 << _SHIFT)).clip(-(1 << 24), 1 << 24).astype(np.int32)
        thickness = max(1, round(width * self.unit))
        cv2.polylines(self.image, [fixed], False, colour, thickness, cv2.LINE_AA, _SHIFT)

    def _disc(self, centre: Floats, radius: float, colour: Colour) -> None:
        x, y = (int(v) for v in np.round(centre * (1 << _SHIFT)))
        cv2.circle(self.image, (x, y), max(1, round(radius * (1 << _SHIFT))), colour, -1, cv2.LINE_AA, _SHIFT)


def draw_sign(image: Image, verdict: Verdict, centre: tuple[float, float], radius: float) -> None:
    """Draw a verdict's sign in a disc of its colour; drawn, not written, so that no font can lack it."""
    middle = np.asarray(centre, float)
    fixed = tuple(int(v) for v in np.round(middle * (1 << _SHIFT)))
    cv2.circle(image, fixed, round(radius * (1 << _SHIFT)), COLOURS[verdict], -1, cv2.LINE_AA, _SHIFT)
    crossed = ((-0.36, -0.36), (0.36, 0.36)), ((-0.36, 0.36), (0.36, -0.36))
    strokes = crossed if verdict is Verdict.FAIL else (_GLYPHS[verdict],)
    for stroke in strokes:
        points = np.round((middle + radius * np.asarray(stroke)) * (1 << _SHIFT)).astype(np.int32)
        cv2.polylines(image, [points], False, OUTLINE, max(1, round(radius * 0.24)), cv2.LINE_AA, _SHIFT)


def box(
    image: Image,
    at: tuple[int, int],
    size: tuple[int, int],
    fill: Colour,
    opacity: float = 1.0,
    radius: int = 0,
) -> None:
    """Fill a rectangle with rounded corners, cut off at the picture's edges.

    Parameters
    ----------
    image
        Changed in place.
    at, size
        Left and top, width and height in pixels.
    fill
        RGB.
    opacity
        0 (nothing) to 1 (covers).
    radius
        Of the corners in pixels.
    """
    left, top = max(0, at[0]), max(0, at[1])
    right, bottom = min(image.shape[1], at[0] + size[0]), min(image.shape[0], at[1] + size[1])
    if left >= right or top >= bottom:
        return
    cover = opacity * _rounded(size, radius)[top - at[1] : bottom - at[1], left - at[0] : right - at[0]]
    under = image[top:bottom, left:right]
    under[:] = (under + cover[..., None] * (np.asarray(fill, np.float32) - under) + 0.5).astype(np.uint8)


@lru_cache(maxsize=512)
def _rounded(size: tuple[int, int], radius: int) -> NDArray[np.float32]:
    """Return the coverage, ``(height, width)`` in 0..1, of a rectangle with rounded corners."""
    x, y = (np.arange(length) + 0.5 for length in size)
    # How far into the squares at the corners: zero along the straight edges.
    dx = np.maximum(radius - x, radius - (size[0] - x)).clip(0)
    dy = np.maximum(radius - y, radius - (size[1] - y)).clip(0)
    return np.asarray((max(radius, 1) + 0.5 - np.hypot(dx, dy[:, None])).clip(0, 1), np.float32)


def chip_size(text: str, px: int) -> tuple[int, int]:
    """Return the width and height of a :func:`draw_chip`."""
    return text_size(text, px, bold=True)[0] + round(2.7 * px), line_height(px) + round(0.5 * px)


def draw_chip(image: Image, verdict: Verdict, text: str, at: tuple[int, int], px: int) -> None:
    """Draw a label: the verdict's sign and a short text on a dark ground."""
    width, height = chip_size(text, px)
    edge = max(1, px // 9)
    box(
        image,
        (at[0] - edge, at[1] - edge),
        (width + 2 * edge, height + 2 * edge),
        COLOURS[verdict],
        1.0,
        height // 2,
    )
    box(image, at, (width, height), OUTLINE, 1.0, height // 2)
    draw_sign(image, verdict, (at[0] + height / 2, at[1] + height / 2), px * 0.55)
    top = at[1] + (height - line_height(px)) // 2
    put_text(image, text, (at[0] + round(1.95 * px), top), px, WHITE, bold=True)


def draw_tag(image: Image, text: str, at: tuple[int, int], px: int) -> None:
    """Draw a short text in white on a dark ground, its left and top at ``at``."""
    width, height = text_size(text, px, bold=True)
    pad = round(0.45 * px)
    box(image, (at[0] - pad, at[1]), (width + 2 * pad, height), OUTLINE, 0.85, height // 3)
    put_text(image, text, at, px, WHITE, bold=True)
