"""Pictures and videos written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from posture_check.errors import InputError
from posture_check.reports.text import Image

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg")
VIDEO_SUFFIXES = (".mp4",)

_TICK = Fraction(1, 60000)
"""Time base of written videos: exact for 24 to 60 fps and 29.97, as fine as MPEG-4 part 2 allows."""

_CODECS: tuple[tuple[str, dict[str, str]], ...] = (
    ("libx264", {"crf": "20", "preset": "veryfast"}),
    ("mpeg4", {"qscale": "3"}),
)


def check_target(out: Path, suffixes: tuple[str, ...], option: str) -> None:
    """Refuse, before any work is done, a file that could not be written in the end.

    Parameters
    ----------
    out
        File to be written.
    suffixes
        Names it may end in.
    option
        Where the user named it, for the message.

    Raises
    ------
    InputError
        If the suffix is unknown, or the folder is missing or cannot be written.
    """
    if out.suffix.lower() not in suffixes:
        raise InputError(f"{option} {out}: unknown kind of file: let its name end in {' or '.join(suffixes)}")
    if out.is_dir():
        raise InputError(f"{option} {out}: is a folder: name a file in it")
    folder = out.parent
    if not folder.is_dir():
        raise InputError(f"{option} {out}: no folder {folder}: make it first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{option} {out}: the folder {folder} cannot be written: choose another")


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """Give a file beside ``out`` to write; it takes the name ``out`` in the end, and vanishes on any error.

    Raises
    ------
    InputError
        If it cannot be written (disk full, no permission).
    """
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(out)
    except OSError as error:
        raise InputError(
            f"{out}: cannot be written ({error.strerror or error}): free space or choose another"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def write_picture(out: Path, image: Image) -> None:
    """Write one RGB picture as PNG or JPEG, by the suffix of ``out``.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    import cv2

    # Encoded in memory: cv2.imwrite cannot write to names outside the system's code page on Windows.
    suffix = out.suffix.lower()
    quality = [] if suffix == ".png" else [cv2.IMWRITE_JPEG_QUALITY, 92]
    done, content = cv2.imencode(suffix, image[..., ::-1], quality)
    if not done:
        raise InputError(f"{out}: the picture cannot be encoded: name a .png file")
    with whole_file(out) as part:
        part.write_bytes(content.tobytes())


class VideoWriter:
    """Writes RGB frames with their true times as an MP4: H.264 where the codec is there, else MPEG-4 part 2.

    Used as a context manager; leaving it by an exception leaves no file.

    Parameters
    ----------
    out
        File to write.
    fps
        Nominal rate, for players; the frames' own times count.
    """

    def __init__(self, out: Path, fps: float | None) -> None:
        self._whole = whole_file(out)
        self._fps = Fraction(fps or 25.0).limit_denominator(1001)
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._last = -1

    def __enter__(self) -> Self:
        """Open the file."""
        import av

        part = self._whole.__enter__()
        try:
            self._container = av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"})
        except OSError as error:
            self._whole.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def write(self, image: Image, time_s: float) -> None:
        """Write one frame.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8, RGB, of even size, the same for all frames.
        time_s
            Seconds since the first frame; rising.
        """
        import av

        assert self._container is not None
        if self._stream is None:
            self._stream = _add_stream(self._container, self._fps, image)
        frame: Any = av.VideoFrame.from_ndarray(image, format="rgb24")
        self._last = max(self._last + 1, round(Fraction(time_s) / _TICK))
        frame.pts, frame.time_base = self._last, _TICK
        self._container.mux(self._stream.encode(frame))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file, or remove it if something went wrong."""
        assert self._container is not None
        try:
            if kind is None and self._stream is not None:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()
            self._whole.__exit__(kind, error, trace)


def _add_stream(container: OutputContainer, fps: Fraction, image: Image) -> VideoStream:
    from av.codec import codecs_available

    name, options = next((name, options) for name, options in _CODECS if name in codecs_available)
    stream: Any = container.add_stream(name, rate=fps, options=options)
    stream.height, stream.width = image.shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = _TICK
    return stream  # type: ignore[no-any-return]  # add_stream is typed by the codec's literal name
