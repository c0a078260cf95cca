"""JPEG pictures on their way: read their size before anything is decoded, refuse what is none or is absurd."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_BYTES = 4 * 2**20
"""Of one picture; a 4K photograph takes less."""
MIN_SIDE_PX, MAX_SIDE_PX, MAX_PIXELS = 64, 4096, 4096 * 2304
LARGE_SIDE_PX = 2400
"""Pictures with a longer side are halved while decoding: no model profits from more, and it is four times as fast."""
QUALITY = 85

_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_FRAME_HEADERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class BadPicture(Exception):
    """Not a picture that can be used; the text says why."""


def looks_like_jpeg(data: bytes) -> bool:
    """Tell from length and first bytes whether this may be a JPEG picture of a permitted length."""
    return 128 <= len(data) <= MAX_BYTES and data[:3] == b"\xff\xd8\xff"


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height as the header says, without decoding.

    Raises
    ------
    BadPicture
        If it has no such header.
    """
    if not looks_like_jpeg(data):
        raise BadPicture("not a JPEG picture")
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in _STANDALONE:
            at += 2
        elif marker in _FRAME_HEADERS:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    raise BadPicture("a JPEG picture without a header")


def decode(data: bytes) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """Return an RGB picture ``(height, width, 3)`` and the size it was sent in.

    Raises
    ------
    BadPicture
        If it cannot be decoded or is larger or smaller than is permitted.
    """
    import cv2

    width, height = jpeg_size(data)
    if min(width, height) < MIN_SIDE_PX or max(width, height) > MAX_SIDE_PX or width * height > MAX_PIXELS:
        raise BadPicture(f"{width}x{height} pixels are not permitted")
    half = max(width, height) > LARGE_SIDE_PX
    # Browsers and cameras send upright pictures; a turning tag would be somebody's game.
    how = (cv2.IMREAD_REDUCED_COLOR_2 if half else cv2.IMREAD_COLOR_RGB) | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        image: Any = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error as error:
        raise BadPicture("a damaged JPEG picture") from error
    if image is None or image.ndim != 3:
        raise BadPicture("a damaged JPEG picture")
    if half:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    return np.asarray(image, np.uint8), (width, height)


def encode(image: NDArray[np.uint8]) -> bytes:
    """Return an RGB picture as JPEG."""
    import cv2

    good, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not good:
        raise BadPicture("cannot be encoded as JPEG")
    return bytes(data)
