"""Badges of many designs, drawn flat: pinned bars, cards, and the blank backs of cards.

Few photographs show a pinned badge, so a network learns them from drawings on photographs of real clothes. Sizes are
those on sale for staff: bars of 6-8 x 1.8-3 cm and cards of about 5.4 x 8.6 cm (ISO/IEC 7810 ID-1) in a holder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]
Rng = np.random.Generator
Colour = tuple[float, float, float]

ART_PX_PER_CM = 20
"""Scale at which badges are drawn before they are laid onto clothes."""
_SKIN = ((236, 196, 170), (214, 168, 136), (176, 124, 92), (130, 86, 62), (88, 58, 42))
_HAIR = ((30, 26, 24), (60, 42, 30), (110, 80, 50), (150, 145, 140))
_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX_SMALL)


@dataclass(frozen=True, slots=True)
class Art:
    """A badge seen square on.

    Attributes
    ----------
    image
        ``(height, width, 3)`` uint8 RGB at :data:`ART_PX_PER_CM`.
    alpha
        ``(height, width)`` float32 0..1.
    printed
        Whether its front shows: writing, a picture, or bands.
    """

    image: Picture
    alpha: Floats
    printed: bool

    @property
    def size_cm(self) -> tuple[float, float]:
        """Width and height in centimetres."""
        return self.image.shape[1] / ART_PX_PER_CM, self.image.shape[0] / ART_PX_PER_CM


def xy(x: float, y: float) -> Floats:
    """Return a place or a step ``(2,)``."""
    return np.array([x, y], float)


def colour(rng: Rng, low: float = 0, high: float = 255) -> Colour:
    """Return a random colour, half of them vivid."""
    if rng.random() < 0.5:
        hsv = np.array([[[rng.integers(180), rng.integers(110, 256), rng.integers(70, 256)]]], np.uint8)
        red, green, blue = (float(v) for v in cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0])
        return red, green, blue
    base = rng.uniform(low, high)
    red, green, blue = (float(v) for v in np.clip(base + rng.normal(0, 12, 3), 0, 255))
    return red, green, blue


def contrast(rng: Rng, ground: Colour) -> Colour:
    """Return an ink that shows on a ground."""
    dark = sum(ground) / 3 < 128
    if rng.random() < 0.7:
        base = rng.uniform(200, 255) if dark else rng.uniform(0, 60)
        return base, base, base
    for _ in range(8):
        ink = colour(rng)
        if abs(sum(ink) - sum(ground)) > 240:
            return ink
    return (250.0, 250.0, 250.0) if dark else (10.0, 10.0, 10.0)


def bar(rng: Rng) -> Art:
    """Return a name bar."""
    image, alpha = _sheet(
        rng, rng.uniform(5.8, 8.2), rng.uniform(1.7, 3.1), _ground(rng), corner_cm=rng.uniform(0, 0.6)
    )
    printed = rng.random() < 0.93
    ground = _mean(image)
    if rng.random() < 0.6:
        image = _brushed(rng, image)
    if rng.random() < 0.5:
        _frame(rng, image)
    if printed:
        height, width = image.shape[:2]
        left = 0.08 * width
        if rng.random() < 0.45:
            left += _logo(rng, image, left, 0.15 * height, 0.7 * height) + 0.04 * width
        lines = int(rng.integers(1, 3))
        for at in range(lines):
            top = height * (0.18 + at * 0.7 / lines)
            write(rng, image, left, top, 0.94 * width, 0.62 * height / lines, contrast(rng, ground))
    return Art(image, alpha, printed)


def card(rng: Rng, blank: bool = False) -> Art:
    """Return a card, in a holder or bare; its back when ``blank``."""
    tall = rng.random() < 0.8
    width, height = rng.uniform(5.2, 6.6), rng.uniform(8.0, 9.6)
    if rng.random() < 0.15:
        width, height = width * 1.25, height * 1.2
    if not tall:
        width, height = height, width
    image, alpha = _sheet(rng, width, height, _paper(rng), corner_cm=rng.uniform(0.0, 0.5))
    if blank:
        _back(rng, image)
    else:
        _front(rng, image, tall)
    if rng.random() < 0.55:
        image, alpha = _holder(rng, image, alpha)
    return Art(image, alpha, not blank)


def write(rng: Rng, image: Picture, left: float, top: float, right: float, height: float, ink: Colour) -> None:
    """Write a line of letters or of characters made of strokes into a picture, in place."""
    size = max(3.0, height * rng.uniform(0.6, 1.0))
    if rng.random() < 0.4:
        _characters(rng, image, left, top, right, size, ink)
        return
    letters = "ABCDEFGHIJKLMNOPRSTUVWYabcdefghiklmnoprstuvy  0123456789"
    text = "".join(rng.choice(list(letters), int(rng.integers(4, 16))))
    font = int(rng.choice(_FONTS))
    thick = 2 if size > 12 and rng.random() < 0.6 else 1
    (width, tall), _ = cv2.getTextSize(text, font, 1.0, thick)
    scale = min(size / max(tall, 1), (right - left) / max(width, 1))
    spare = max(0.0, right - left - scale * width)
    at = (int(left + rng.uniform(0, spare)), int(top + height))
    cv2.putText(image, text, at, font, scale, ink, thick, cv2.LINE_AA)


def _characters(rng: Rng, image: Picture, left: float, top: float, right: float, size: float, ink: Colour) -> None:
    at = left
    for _ in range(int(rng.integers(2, 9))):
        if at + size > right:
            return
        for _ in range(int(rng.integers(4, 8))):
            ends = rng.random((2, 2)) * size
            if rng.random() < 0.8:
                axis = int(rng.integers(2))
                ends[1, axis] = ends[0, axis]
            (x0, y0), (x1, y1) = ends + xy(at, top)
            cv2.line(image, (int(x0), int(y0)), (int(x1), int(y1)), ink, 1, cv2.LINE_AA)
        at += size * 1.15


def _sheet(rng: Rng, width_cm: float, height_cm: float, ground: Colour, corner_cm: float) -> tuple[Picture, Floats]:
    width, height = int(width_cm * ART_PX_PER_CM), int(height_cm * ART_PX_PER_CM)
    image = np.empty((height, width, 3), np.uint8)
    image[:] = np.clip(ground, 0, 255)
    alpha = np.zeros((height, width), np.uint8)
    r = int(corner_cm * ART_PX_PER_CM)
    if rng.random() < 0.06:
        cv2.ellipse(alpha, (width // 2, height // 2), (width // 2 - 1, height // 2 - 1), 0, 0, 360, 255, -1)
    else:
        cv2.rectangle(alpha, (r, 0), (width - 1 - r, height - 1), 255, -1)
        cv2.rectangle(alpha, (0, r), (width - 1, height - 1 - r), 255, -1)
        for x in (r, width - 1 - r):
            for y in (r, height - 1 - r):
                cv2.circle(alpha, (x, y), r, 255, -1)
    return image, alpha.astype(np.float32) / 255


def _mean(image: Picture) -> Colour:
    red, green, blue = (float(v) for v in image.reshape(-1, 3).mean(0))
    return red, green, blue


def _ground(rng: Rng) -> Colour:
    kinds: tuple[Colour, ...] = ((206, 170, 96), (222, 196, 130), (196, 198, 202), (236, 238, 240), (30, 30, 34))
    if rng.random() < 0.65:
        base = np.asarray(kinds[int(rng.integers(len(kinds)))], float) + rng.normal(0, 8, 3)
        red, green, blue = (float(v) for v in np.clip(base, 0, 255))
        return red, green, blue
    return colour(rng)


def _paper(rng: Rng) -> Colour:
    if rng.random() < 0.75:
        base = rng.uniform(205, 255)
        red, green, blue = (float(v) for v in np.clip(base + rng.normal(0, 5, 3), 0, 255))
        return red, green, blue
    return colour(rng, 60)


def _brushed(rng: Rng, image: Picture) -> Picture:
    rows = rng.normal(0, 6, (image.shape[0], 1, 1))
    slope = np.linspace(rng.uniform(-40, 40), rng.uniform(-40, 40), image.shape[1])[None, :, None]
    return np.clip(image + rows + slope, 0, 255).astype(np.uint8)


def _frame(rng: Rng, image: Picture) -> None:
    inset = int(rng.integers(0, 4))
    height, width = image.shape[:2]
    ink = contrast(rng, _mean(image))
    cv2.rectangle(image, (inset, inset), (width - 1 - inset, height - 1 - inset), ink, int(rng.integers(1, 3)))


def _logo(rng: Rng, image: Picture, left: float, top: float, size: float) -> float:
    centre, r = (int(left + size / 2), int(top + size / 2)), int(size / 2)
    kind = rng.integers(3)
    if kind == 0:
        cv2.circle(image, centre, r, colour(rng), -1 if rng.random() < 0.6 else 3, cv2.LINE_AA)
    elif kind == 1:
        cv2.rectangle(image, (centre[0] - r, centre[1] - r), (centre[0] + r, centre[1] + r), colour(rng), -1)
    else:
        corners = np.asarray(centre) + r * np.array([(0, -1), (0.9, 0.6), (-0.9, 0.6)])
        cv2.fillPoly(image, [corners.astype(np.int32)], colour(rng), cv2.LINE_AA)
    if rng.random() < 0.5:
        cv2.circle(image, centre, max(1, r // 2), colour(rng), -1, cv2.LINE_AA)
    return size


def _front(rng: Rng, image: Picture, tall: bool) -> None:
    height, width = image.shape[:2]
    top = 0.06 * height
    if rng.random() < 0.7:
        band = rng.uniform(0.1, 0.3) * height
        ground = colour(rng)
        at = 0.0 if rng.random() < 0.75 else height - band
        cv2.rectangle(image, (0, int(at)), (width, int(at + band)), ground, -1)
        if rng.random() < 0.8:
            write(rng, image, 0.08 * width, at + 0.25 * band, 0.92 * width, 0.5 * band, contrast(rng, ground))
        top = band + 0.05 * height if at == 0 else top
    ink = contrast(rng, _mean(image[int(0.4 * height) : int(0.8 * height)]))
    if tall:
        if rng.random() < 0.8:
            wide = rng.uniform(0.35, 0.6) * width
            left = rng.choice([(width - wide) / 2, 0.08 * width])
            _portrait(rng, image, left, top, wide, wide * rng.uniform(1.0, 1.3))
            top += wide * 1.25
        lines = int(rng.integers(2, 6))
        step = max(8.0, (0.95 * height - top) / lines)
        for at in np.arange(top, 0.93 * height - 0.5 * step, step):
            write(rng, image, 0.08 * width, at, 0.92 * width, 0.55 * min(step, 0.12 * height), ink)
        return
    left = 0.06 * width
    if rng.random() < 0.7:
        wide = rng.uniform(0.22, 0.34) * width
        _portrait(rng, image, left, top + 0.05 * height, wide, min(wide * 1.25, 0.85 * height - top))
        left += wide + 0.05 * width
    for at in np.arange(top + 0.08 * height, 0.85 * height, rng.uniform(0.14, 0.24) * height):
        write(rng, image, left, at, 0.95 * width, 0.1 * height, ink)


def _portrait(rng: Rng, image: Picture, left: float, top: float, width: float, height: float) -> None:
    x0, y0, x1, y1 = int(left), int(top), int(left + width), int(top + height)
    cv2.rectangle(image, (x0, y0), (x1, y1), colour(rng, 120), -1)
    part = image[y0:y1, x0:x1]
    tall, wide = part.shape[:2]
    if min(tall, wide) < 4:
        return
    cv2.ellipse(part, (wide // 2, tall), (int(0.45 * wide), int(0.3 * tall)), 0, 0, 360, colour(rng), -1)
    face = _SKIN[int(rng.integers(len(_SKIN)))]
    cv2.circle(part, (wide // 2, int(0.38 * tall)), int(0.27 * wide), _HAIR[int(rng.integers(len(_HAIR)))], -1)
    cv2.ellipse(part, (wide // 2, int(0.46 * tall)), (int(0.19 * wide), int(0.26 * tall)), 0, 0, 360, face, -1)


def _back(rng: Rng, image: Picture) -> None:
    height, width = image.shape[:2]
    if rng.random() < 0.15:  # a magnetic stripe
        at = int(rng.uniform(0.1, 0.3) * height)
        cv2.rectangle(image, (0, at), (width, at + int(0.14 * height)), (40, 40, 42), -1)
    smudge = cv2.resize(rng.normal(0, 6, (3, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    image[:] = np.clip(image + smudge[..., None], 0, 255)


def _holder(rng: Rng, image: Picture, alpha: Floats) -> tuple[Picture, Floats]:
    """Put the card into a clear or coloured holder with a slot at its top."""
    rim, head = int(rng.uniform(0.1, 0.5) * ART_PX_PER_CM), int(rng.uniform(0.3, 1.3) * ART_PX_PER_CM)
    clear = rng.random() < 0.6
    edge = 0.25 if clear else 1.0
    ground = (225.0, 228.0, 230.0) if clear else colour(rng)
    wide = cv2.copyMakeBorder(image, head, rim, rim, rim, cv2.BORDER_CONSTANT, value=ground)
    full = cv2.copyMakeBorder(alpha, head, rim, rim, rim, cv2.BORDER_CONSTANT, value=edge)
    inner = cv2.copyMakeBorder(np.ones_like(alpha), head, rim, rim, rim, cv2.BORDER_CONSTANT, value=0.0)
    corner = (inner > 0) & (full < edge)
    full[corner] = edge
    wide[corner] = ground
    middle, slot = wide.shape[1] // 2, int(0.6 * ART_PX_PER_CM)
    cv2.rectangle(wide, (middle - slot, head // 3), (middle + slot, head // 2), (70, 70, 72), -1)
    return np.asarray(wide, np.uint8), np.asarray(full, np.float32)
