"""Files that Chromium shows in place of a camera, made on the fly from clips, pictures and drawn people.

Chromium reads a ``.y4m`` file frame by frame and starts again at its end. All clips written into one
:class:`FakeCamera` have the same size and length, so that a clip can be exchanged in place while Chromium reads: what
the camera shows changes, and the page sees an ordinary camera all the time.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from posture_check.simulate.source import PREFIX, simulated_frames
from posture_check.sources import open_source
from posture_check.sources.frame import Frame

Picture = NDArray[np.uint8]
Size = tuple[int, int]

GREY = (96, 96, 96)
FRAME_MARK = b"FRAME\n"


def letterboxed(picture: Picture, size: Size) -> Picture:
    """Return an RGB picture scaled to fit into ``size`` (width, height), centred on grey."""
    width, height = size
    scale = min(width / picture.shape[1], height / picture.shape[0])
    inner = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    scaled = picture if inner == picture.shape[1::-1] else cv2.resize(picture, inner, interpolation=how)
    out = np.full((height, width, 3), GREY, np.uint8)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    out[top : top + inner[1], left : left + inner[0]] = scaled
    return out


def looped(pictures: Sequence[Picture], count: int, *, back: bool = True) -> list[Picture]:
    """Return exactly ``count`` pictures that can be shown over and over.

    Parameters
    ----------
    pictures
        At least one.
    count
        How many are wanted.
    back
        Play forwards, then backwards, so that the loop has no jump; a shorter recording is slowed down. Without it,
        only forwards, cut off or repeated.
    """
    if not back:
        return [pictures[i % len(pictures)] for i in range(count)]
    last = min(len(pictures) - 1, count // 2)
    way = np.abs(np.arange(count) / count * 2 - 1)  # from 1 down to 0 and up again
    return [pictures[round(float(part) * last)] for part in 1 - way]


def alive(picture: Picture, count: int, noise: float = 2.0) -> list[Picture]:
    """Return a still as a camera sees it: no two pictures are the same, since its sensor is noisy."""
    random = np.random.default_rng(7)
    shape = (*picture.shape[:2], 1)
    return [
        np.clip(picture + random.normal(0, noise, shape).astype(np.float32), 0, 255).astype(np.uint8)
        for _ in range(count)
    ]


def side_by_side(left: Sequence[Picture], right: Sequence[Picture]) -> list[Picture]:
    """Return the middle halves of two recordings beside each other, as if both people stood there."""

    def middle(picture: Picture) -> Picture:
        quarter = picture.shape[1] // 4
        return picture[:, quarter : 3 * quarter]

    return [np.hstack([middle(a), middle(b)]) for a, b in zip(left, right, strict=False)]


def clip_pictures(source: Path | str, fps: float, start_s: float = 0.0, end_s: float | None = None) -> list[Picture]:
    """Return the RGB pictures of a photo, a recording or a ``simulate:`` scene, ``fps`` of them a second.

    Each is the last one shown at its time, so that nothing is blended or drawn anew.
    """
    if str(source).startswith(PREFIX):
        frames: Iterable[Frame] = simulated_frames(str(source))
    else:
        frames = open_source(source, max_rate_hz=None, start_s=start_s or None, end_s=end_s)
    out: list[Picture] = []
    begin: float | None = None
    before: Picture | None = None
    for frame in frames:
        begin = frame.time_s if begin is None else begin
        while before is not None and len(out) / fps < frame.time_s - begin - 1e-6:
            out.append(before)
        before = frame.image
    assert before is not None, f"{source}: no pictures"
    return [*out, before]


def y4m_header(size: Size, fps: int) -> bytes:
    """Return the first line of a YUV4MPEG2 file of this size and rate."""
    return f"YUV4MPEG2 W{size[0]} H{size[1]} F{fps}:1 Ip A1:1 C420mpeg2\n".encode()


def y4m_frame(picture: Picture) -> bytes:
    """Return one frame of a YUV4MPEG2 file; sides must be even."""
    return FRAME_MARK + cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).tobytes()


def write_y4m(path: Path, pictures: Iterable[Picture], size: Size, fps: int) -> Path:
    """Write pictures, letterboxed, as a YUV4MPEG2 file that Chromium takes for a camera."""
    with path.open("wb") as out:
        out.write(y4m_header(size, fps))
        for picture in pictures:
            out.write(y4m_frame(letterboxed(picture, size)))
    return path


def write_mjpeg(path: Path, pictures: Iterable[Picture], size: Size, quality: int = 90) -> Path:
    """Write pictures, letterboxed, as bare JPEGs one after the other: smaller, and Chromium takes it at 30 a second."""
    with path.open("wb") as out:
        for picture in pictures:
            bgr = cv2.cvtColor(letterboxed(picture, size), cv2.COLOR_RGB2BGR)
            done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
            assert done
            out.write(data.tobytes())
    return path


class FakeCamera:
    """A camera file whose pictures can be exchanged while Chromium shows it.

    Parameters
    ----------
    folder
        Where the files lie: ``camera.y4m`` and, beside it, what was made before.
    size
        Width and height, both even.
    fps
        Pictures a second.
    seconds
        Length of the loop.
    noise
        Of stills, in grey levels.
    """

    def __init__(
        self, folder: Path, size: Size = (1280, 720), fps: int = 15, seconds: float = 4.0, noise: float = 2.0
    ) -> None:
        self.path = folder / "camera.y4m"
        self.noise = noise
        self.size, self.fps, self.count = size, fps, round(seconds * fps)
        self._made: dict[str, Path] = {}
        self.show_nothing()

    def show(self, source: Path | str, start_s: float = 0.0, end_s: float | None = None, *, back: bool = True) -> None:
        """Show a photo, a recording or a ``simulate:`` scene from now on, over and over."""
        name = f"{source} {start_s} {end_s} {back}"
        if name not in self._made:
            self._make(name, clip_pictures(source, self.fps, start_s, end_s), back=back)
        self._show(name)

    def show_pictures(self, name: str, pictures: Sequence[Picture]) -> None:
        """Show pictures of one's own from now on, there and back; ``name`` stands for them."""
        if name not in self._made:
            self._make(name, pictures)
        self._show(name)

    def show_picture(self, name: str, picture: Picture) -> None:
        """Show one still picture from now on, with the noise of a camera; ``name`` stands for it."""
        self.show_pictures(name, [picture])

    def show_nothing(self) -> None:
        """Show an empty grey room from now on."""
        self.show_picture("nothing", np.full((self.size[1], self.size[0], 3), GREY, np.uint8))

    def _make(self, name: str, pictures: Sequence[Picture], back: bool = True) -> None:
        made = self.path.with_name(f"made-{len(self._made)}.y4m")
        if len(pictures) == 1:
            loop = alive(letterboxed(pictures[0], self.size), self.count, self.noise)
        else:
            loop = looped(pictures, self.count, back=back)
        self._made[name] = write_y4m(made, loop, self.size, self.fps)

    def _show(self, name: str) -> None:
        """Overwrite the file in place: its length never changes, so a reader never meets its end by surprise."""
        with self._made[name].open("rb") as source, self.path.open("r+b" if self.path.exists() else "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
