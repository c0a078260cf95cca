"""Small recordings made on the fly, whose every frame says which way up it is and which number it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

CORNERS = {"red": (220, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 220), "grey": (128, 128, 128)}


def quadrants(width: int = 64, height: int = 48) -> np.ndarray:
    """Return a picture with red, green above blue, grey: every turn and mirror of it looks different."""
    picture = np.empty((height, width, 3), np.uint8)
    for (y, x), colour in zip(((0, 0), (0, 1), (1, 0), (1, 1)), CORNERS.values(), strict=True):
        picture[y * height // 2 :, x * width // 2 :] = colour
    return picture


def corner_names(picture: np.ndarray) -> tuple[str, str, str, str]:
    """Name the colours of top left, top right, bottom left, bottom right."""
    height, width = picture.shape[:2]
    spots = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    names = list(CORNERS)
    table = np.array(list(CORNERS.values()), float)
    seen = [np.linalg.norm(table - picture[spot], axis=1) for spot in spots]
    assert all(distance.min() < 60 for distance in seen), "no such colour"
    return tuple(names[int(distance.argmin())] for distance in seen)  # type: ignore[return-value]


def numbered(count: int, width: int = 64, height: int = 48) -> list[np.ndarray]:
    """Return pictures whose brightness tells their number (up to 40)."""
    return [np.full((height, width, 3), 20 + 5 * i, np.uint8) for i in range(count)]


def number_of(picture: np.ndarray) -> int:
    """Read the number back."""
    return round((float(picture.mean()) - 20) / 5)


def write_video(
    path: Any,
    pictures: Sequence[np.ndarray],
    times_ms: Iterable[int] | None = None,
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    container: str | None = None,
    options: dict[str, str] | None = None,
    codec_options: dict[str, str] | None = None,
    prepare: Callable[[Any], None] | None = None,
    fps: int = 25,
) -> Any:
    """Write pictures at the given times (default: evenly at ``fps``) and return the path."""
    import av

    height, width = pictures[0].shape[:2]
    base = Fraction(1, 1000) if times_ms is not None else Fraction(1, fps)
    stamps = list(times_ms) if times_ms is not None else list(range(len(pictures)))
    target = str(path) if isinstance(path, Path) else path
    with av.open(target, "w", format=container, options=options or {}) as out:
        stream: Any = out.add_stream(codec, rate=1000 if times_ms is not None else fps, options=codec_options or {})
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.codec_context.time_base = base
        if prepare is not None:
            prepare(stream)
        for picture, stamp in zip(pictures, stamps, strict=True):
            form = {3: "rgb24", 4: "rgba"}[picture.shape[2]]
            frame = av.VideoFrame.from_ndarray(picture, format=form)
            frame.pts, frame.time_base = stamp, base
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path
