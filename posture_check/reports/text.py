"""Text on pictures, Chinese included, on every machine.

OpenCV 5 carries its own fonts, with Simplified Chinese among them, so no font of the machine is needed and
a picture looks the same everywhere. An older OpenCV has none: then Pillow draws with the machine's Chinese
font, and where there is no such font either the caller is told to write English.

Every text is drawn once, as a mask of coverage, and kept: on a video most texts come back on every frame.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from posture_check.fonts import DEBIAN_FONT_PACKAGE, find_cjk_font

Image = NDArray[np.uint8]
Mask = NDArray[np.float32]
Colour = tuple[int, int, int]

NO_CHINESE = (
    "no font on this machine draws Chinese, so the picture is in English: "
    "upgrade opencv-contrib-python to 5 or later, or install a font "
    f"(Debian, Ubuntu: 'apt-get install {DEBIAN_FONT_PACKAGE}')"
)

_PROBE = "站姿"
_BOLD = 700
_REGULAR = 400


@cache
def draws_chinese() -> bool:
    """Return whether Chinese can be drawn: two characters must give two different shapes."""
    if not _opencv_has_fonts():
        return find_cjk_font() is not None
    first, second = (_opencv_mask(c, 32, bold=False) for c in _PROBE)
    return bool(first.any()) and (first.shape != second.shape or bool((first != second).any()))


def text_size(text: str, px: int, *, bold: bool = False) -> tuple[int, int]:
    """Return the width and height in pixels that a text takes."""
    mask = text_mask(text, px, bold=bold)
    return mask.shape[1], mask.shape[0]


@lru_cache(maxsize=2048)
def text_mask(text: str, px: int, *, bold: bool = False) -> Mask:
    """Return the coverage of a text, ``(height, width)`` in 0..1; the height depends on ``px`` alone.

    Parameters
    ----------
    text
        One line.
    px
        Size of the font in pixels.
    bold
        Heavier strokes (where the font has them).
    """
    if not text:
        return np.zeros((line_height(px), 0), np.float32)
    return _opencv_mask(text, px, bold=bold) if _opencv_has_fonts() else _pillow_mask(text, px)


def line_height(px: int) -> int:
    """Return the height in pixels of a line of text of size ``px``."""
    return round(px * 1.42)


def put_text(image: Image, text: str, at: tuple[int, int], px: int, colour: Colour, *, bold: bool = False) -> int:
    """Draw a line of text into a picture, cut off at its edges.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8, RGB, changed in place.
    text
        What to write.
    at
        Left and top in pixels.
    px
        Size of the font in pixels.
    colour
        RGB.
    bold
        Heavier strokes.

    Returns
    -------
    int
        The x at which the text ends.
    """
    mask = text_mask(text, px, bold=bold)
    height, width = mask.shape
    x, y = at
    left, top = max(0, x), max(0, y)
    right, bottom = min(image.shape[1], x + width), min(image.shape[0], y + height)
    if left < right and top < bottom:
        part = mask[top - y : bottom - y, left - x : right - x, None]
        under = image[top:bottom, left:right]
        under[:] = (under + part * (np.asarray(colour, np.float32) - under) + 0.5).astype(np.uint8)
    return int(x + width)


def wrap(text: str, px: int, width: int, lines: int = 2) -> list[str]:
    """Break a text into at most ``lines`` lines of ``width`` pixels; what does not fit ends in an ellipsis.

    Lines break between words and, as Chinese does, between any two Chinese characters.
    """
    found: list[str] = []
    line = ""
    for piece in _pieces(text):
        if text_size((line + piece).rstrip(), px)[0] <= width or not line:
            line += piece
            continue
        found.append(line.strip())
        line = piece.lstrip()
    found.append(line.strip())
    if len(found) > lines:
        found = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    return [shorten(line, px, width) for line in found if line]


def shorten(text: str, px: int, width: int, *, bold: bool = False) -> str:
    """Return a text that fits ``width`` pixels, ending in an ellipsis if it was cut."""
    if text_size(text, px, bold=bold)[0] <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_size(text[:middle].rstrip() + "…", px, bold=bold)[0] <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def _pieces(text: str) -> list[str]:
    """Split a text where a line may end; Chinese punctuation stays with the character before it."""
    pieces: list[str] = []
    for c in text:
        wide = c >= "\u2e80"
        joins = pieces and (
            c in "，。；：、！？）》”" or (not wide and not pieces[-1].endswith(" ") and pieces[-1][-1] < "\u2e80")
        )
        if joins:
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


@cache
def _opencv_has_fonts() -> bool:
    import cv2

    return hasattr(cv2, "FontFace")


def _opencv_mask(text: str, px: int, *, bold: bool) -> Mask:
    import cv2

    face = cv2.FontFace("sans")
    weight = _BOLD if bold else _REGULAR
    height = line_height(px)
    baseline = round(px * 1.06)
    room = np.zeros((height, px * (len(text) + 2), 3), np.uint8)
    end, _ = cv2.putText(room, text, (0, baseline), (255, 255, 255), face, px, weight)
    return np.asarray(room[:, : max(1, end[0] + 1), 0] / np.float32(255), np.float32)


@lru_cache(maxsize=64)
def _pillow_font(px: int) -> object:
    from PIL import ImageFont

    path = find_cjk_font()
    return ImageFont.load_default(px) if path is None else ImageFont.truetype(str(path), px)


def _pillow_mask(text: str, px: int) -> Mask:
    from PIL import Image as Pillow
    from PIL import ImageDraw

    font = _pillow_font(px)
    room = Pillow.new("L", (px * (len(text) + 2), line_height(px)))
    pen = ImageDraw.Draw(room)
    pen.text((0, round(px * 1.06)), text, fill=255, font=font, anchor="ls")  # type: ignore[arg-type]  # cached as object
    width = int(pen.textlength(text, font=font)) + 1  # type: ignore[arg-type]  # as above
    return np.asarray(np.asarray(room)[:, :width] / 255, np.float32)
