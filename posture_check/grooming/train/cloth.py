"""Cloth of many patterns and a canvas in centimetres, to draw dress onto pictures of real people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Point = tuple[float, float]
Rng = np.random.Generator

_SHIFT = 4
"""Fraction bits of the places that OpenCV draws."""


class Canvas:
    """A picture that is drawn on, and the class of each of its pixels.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB.
    origin
        ``(x, y)`` in pixels of the place that drawings are measured from.
    px_per_cm
        Scale.
    light
        What the colours of drawn cloth are multiplied with, 1 by day.
    keep
        ``(height, width)`` where only what is no plain cloth (class 0) may be painted; none if not given.

    Attributes
    ----------
    classes
        ``(height, width)`` class of the last thing painted on each pixel, 255 where nothing was.
    """

    def __init__(
        self,
        image: NDArray[np.uint8],
        origin: Point,
        px_per_cm: float,
        light: float = 1.0,
        keep: NDArray[np.bool_] | None = None,
    ) -> None:
        self.keep = keep
        self.pixels = image.astype(np.float32)
        self.shape: tuple[int, int] = (image.shape[0], image.shape[1])
        self.origin = np.asarray(origin, float)
        self.px_per_cm = px_per_cm
        self.light = light
        self.classes = np.full(self.shape, 255, np.uint8)

    @property
    def image(self) -> NDArray[np.uint8]:
        """The picture as it is now, uint8 RGB."""
        return np.asarray(np.clip(self.pixels, 0, 255), np.uint8)

    def median(self, box_cm: tuple[float, float, float, float]) -> Floats:
        """Return the median colour of a rectangle (left, top, right, bottom)."""
        (left, top), (right, bottom) = self._px([box_cm[:2], box_cm[2:]]).astype(int)
        part = self.pixels[max(top, 0) : max(bottom, 1), max(left, 0) : max(right, 1)].reshape(-1, 3)
        return np.asarray(np.median(part, 0) if len(part) else np.array([170.0, 130, 110]))

    def paint(self, outline: Sequence[Point], fabric: Floats, kind: int, soft: float) -> None:
        """Fill an outline with cloth ``(height, width, 3)``, its edge ``soft`` centimetres wide."""
        cover = self._cover(outline, soft)
        if kind == 0 and self.keep is not None:
            cover[self.keep] = 0
        self.pixels += cover[..., None] * (fabric * self.light - self.pixels)
        self.classes[cover > 0.5] = kind

    def shadow(self, outline: Sequence[Point], soft: float, depth: float) -> None:
        """Darken around an outline, a little below it."""
        cover = self._cover([(x, y + 0.4 * soft) for x, y in outline], soft)
        self.pixels *= 1 - depth * cover[..., None]

    def line(self, places: Sequence[Point], wide: float, shade: float, colour: Floats | None = None) -> None:
        """Draw a line: what is there times ``shade``, or a colour; it changes no class unless it has a colour."""
        import cv2

        cover = np.zeros(self.shape, np.uint8)
        points = np.round(self._px(places) * 2**_SHIFT).astype(np.int32)
        thick = max(1, round(wide * self.px_per_cm))
        cv2.polylines(cover, [points], False, 255, thick, cv2.LINE_AA, _SHIFT)
        share = (cover / np.float32(255))[..., None] * min(1.0, wide * self.px_per_cm)
        if colour is None:
            self.pixels *= 1 + share * (shade - 1)
            return
        self.pixels += share * (colour * self.light * shade - self.pixels)
        self.classes[(share[..., 0] > 0.5)] = 0

    def disc(self, middle: Point, radius: float, colour: Floats, kind: int = 0) -> None:
        """Draw a disc of one colour."""
        turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        around = [(middle[0] + radius * np.cos(t), middle[1] + radius * np.sin(t)) for t in turns]
        self.paint(around, np.broadcast_to(np.asarray(colour, np.float32), (*self.shape, 3)), kind, 0.1)

    def uneven(self, rng: Rng, depth: float) -> Floats:
        """Return soft folds ``(height, width, 1)``: factors about 1."""
        return np.asarray(1 + depth * _noise(rng, self.shape, rng.uniform(2, 6) * self.px_per_cm)[..., None])

    def round_shade(self, x: float, lean: float, wide: float, rng: Rng) -> Floats:
        """Return the shade ``(height, width, 1)`` of a band about ``x`` that leans: lighter on one side."""
        rows, columns = np.mgrid[: self.shape[0], : self.shape[1]].astype(np.float32)
        off = (columns - self.origin[0]) / self.px_per_cm - x - lean * (rows - self.origin[1]) / self.px_per_cm
        side = np.clip(off / wide, -1, 1)
        return np.asarray((1 + rng.uniform(-0.4, 0.4) * side - rng.uniform(0, 0.5) * side**2)[..., None])

    def _cover(self, outline: Sequence[Point], soft: float) -> NDArray[np.float32]:
        import cv2

        cover = np.zeros(self.shape, np.uint8)
        points = np.round(self._px(outline) * 2**_SHIFT).astype(np.int32)
        cv2.fillPoly(cover, [points], 255, cv2.LINE_AA, _SHIFT)
        blurred = cv2.GaussianBlur(cover, (0, 0), max(0.3, soft * self.px_per_cm))
        return np.asarray(blurred.astype(np.float32) / 255)

    def _px(self, places: Sequence[Point]) -> Floats:
        return np.asarray(self.origin + self.px_per_cm * np.asarray(places, float))


def plain_colour(rng: Rng) -> Floats:
    """Return any colour ``(3,)`` RGB, dark and pale ones as often as bright ones."""
    base = rng.uniform(0, 255)
    return np.asarray(np.clip(base + rng.uniform(0, 1) * rng.normal(0, 80, 3), 3, 255))


def cloth(rng: Rng, shape: tuple[int, int], px_per_cm: float, use: str) -> NDArray[np.float32]:
    """Return cloth ``(height, width, 3)`` as worn for a use.

    Shirts and undershirts are mostly white, pale or plain, jackets mostly dark, ties and scarves of any pattern.
    """
    if use in ("shirt", "undershirt"):
        pale = np.clip(rng.uniform(190, 255) + rng.normal(0, 12, 3), 0, 255)
        colour = pale if rng.random() < 0.7 else plain_colour(rng)
        if use == "undershirt" and rng.random() < 0.4:
            colour = np.full(3, rng.uniform(10, 90))
        patterned = 0.25 if use == "shirt" else 0.0
    elif use == "jacket":
        dark = np.clip(rng.uniform(10, 80) + rng.normal(0, 15, 3), 0, 255)
        colour, patterned = (dark if rng.random() < 0.7 else plain_colour(rng)), 0.15
    else:
        colour, patterned = plain_colour(rng), 0.65
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / np.float32(px_per_cm)
    share = np.zeros(shape, np.float32)
    if rng.random() < patterned:
        share = _pattern(rng, rows, columns, px_per_cm, fine=use in ("shirt", "jacket"))
    second = plain_colour(rng) if use != "jacket" else colour + rng.normal(0, 25, 3)
    fabric = colour + share[..., None] * (second - colour)
    weave = 1 + rng.uniform(0, 0.06) * rng.standard_normal(shape)[..., None]
    folds = 1 + rng.uniform(0, 0.15) * _noise(rng, shape, rng.uniform(1, 8) * px_per_cm)[..., None]
    return np.asarray(fabric * weave * folds, np.float32)


def _pattern(rng: Rng, rows: Floats, columns: Floats, px_per_cm: float, fine: bool) -> NDArray[np.float32]:
    """Return the share of the second colour ``(height, width)``: stripes, checks, dots or blots."""
    period = rng.uniform(0.3, 1.5) if fine else float(np.exp(rng.uniform(np.log(0.5), np.log(5))))
    angle = rng.choice([0.0, 90.0]) if fine else rng.uniform(0, 180)
    turn = np.deg2rad(angle)
    along = (columns * np.cos(turn) + rows * np.sin(turn)) / period
    across = (rows * np.cos(turn) - columns * np.sin(turn)) / period
    kind = rng.choice(["stripes", "check", "dots", "blots"], p=[0.45, 0.2, 0.2, 0.15])
    filled = rng.uniform(0.15, 0.6)
    if kind == "stripes":
        return np.asarray((along % 1) < filled, np.float32)
    if kind == "check":
        return np.asarray(0.5 * ((along % 1) < filled) + 0.5 * ((across % 1) < filled), np.float32)
    if kind == "dots":
        return np.asarray(((along % 1) - 0.5) ** 2 + ((across % 1) - 0.5) ** 2 < (0.5 * filled + 0.08) ** 2, np.float32)
    return np.asarray(_noise(rng, rows.shape, period * px_per_cm) > 0, np.float32)


def _noise(rng: Rng, shape: tuple[int, ...], grain_px: float) -> NDArray[np.float32]:
    """Return smooth noise of deviation about 1 and the given grain."""
    import cv2

    grain = max(1.0, grain_px)
    small = (max(2, int(shape[1] / grain) + 2), max(2, int(shape[0] / grain) + 2))
    coarse = rng.standard_normal((small[1], small[0])).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC))
