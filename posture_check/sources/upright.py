"""From decoded frames to upright RGB pictures with square pixels."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from posture_check.sources.base import Image

if TYPE_CHECKING:
    from av import VideoFrame
    from av.filter import Graph

Turn = tuple[tuple[str, str | None], ...]
"""Filters, in order, that put a frame upright; empty where it is already."""

SANE_ASPECT = (Fraction(1, 4), Fraction(4))
"""Pixel shapes outside this range are damaged headers, not anamorphic video (which stays within 2:1)."""

SIDEWAYS = "transpose"


class Upright:
    """Applies rotation and mirror tags, pixel shape and colours; every picture comes out in one size.

    Belongs to one thread: the converters inside are reused from frame to frame, which halves their cost.

    Parameters
    ----------
    first
        The first frame, which sets the size of all.
    pixel_aspect
        Width of a pixel over its height as the container gives it, None if it does not.

    Attributes
    ----------
    width, height
        Pixels of the pictures delivered.
    notes
        Sentences about what had to be mended.
    """

    def __init__(self, first: VideoFrame, pixel_aspect: Fraction | None) -> None:
        from av.video.reformatter import VideoReformatter

        self.notes: list[str] = []
        self._aspect = self._sane(pixel_aspect)
        self._turns: dict[int, Turn] = {}
        self.width, self.height = self._size(first, self._turn(first))
        self._convert = VideoReformatter()
        self._graph: Graph | None = None
        self._graph_key: tuple[object, ...] = ()

    def _sane(self, aspect: Fraction | None) -> Fraction:
        if not aspect:
            return Fraction(1)
        if not SANE_ASPECT[0] <= aspect <= SANE_ASPECT[1]:
            self.notes.append(f"an impossible pixel shape in the file ({aspect}) was ignored")
            return Fraction(1)
        return aspect

    def _turn(self, frame: VideoFrame) -> Turn:
        """Return how to put a frame upright; the matrix is looked at once for each angle."""
        angle = frame.rotation
        if angle not in self._turns:
            self._turns[angle] = turn_of(frame)
        return self._turns[angle]

    def _size(self, frame: VideoFrame, turn: Turn) -> tuple[int, int]:
        """Return the upright size: the longer side of a pixel is stretched to, so that no detail is lost."""
        width, height = frame.width, frame.height
        if self._aspect > 1:
            width = round(width * self._aspect)
        elif self._aspect < 1:
            height = round(height / self._aspect)
        return (height, width) if any(name == SIDEWAYS for name, _ in turn) else (width, height)

    def __call__(self, frame: VideoFrame) -> Image:
        """Return the frame as an upright picture.

        Parameters
        ----------
        frame
            A decoded frame in any pixel format.

        Returns
        -------
        Image
            ``(height, width, 3)`` uint8 RGB; transparent parts on white.
        """
        turn = self._turn(frame)
        size = self._size(frame, turn)
        if turn:
            frame = self._turned(frame, turn)
        if size == (self.width, self.height):
            return self._rgb(frame, *size)
        return self._fitted(frame, *size)

    def _rgb(self, frame: VideoFrame, width: int, height: int) -> Image:
        alpha = any(part.is_alpha for part in frame.format.components)
        out = self._convert.reformat(frame, width, height, "rgba" if alpha else "rgb24", threads=1)
        picture: Image = out.to_ndarray()  # type: ignore[assignment]  # rgb24: uint8
        return on_white(picture) if alpha else np.ascontiguousarray(picture)

    def _fitted(self, frame: VideoFrame, width: int, height: int) -> Image:
        """Scale a frame of another size into the first one's, shape kept, black around it."""
        note = "the picture size changes within the recording; later frames were scaled to the first size"
        if note not in self.notes:
            self.notes.append(note)
        scale = min(self.width / width, self.height / height)
        inner_w = min(self.width, max(1, round(width * scale)))
        inner_h = min(self.height, max(1, round(height * scale)))
        picture = np.zeros((self.height, self.width, 3), np.uint8)
        x, y = (self.width - inner_w) // 2, (self.height - inner_h) // 2
        picture[y : y + inner_h, x : x + inner_w] = self._rgb(frame, inner_w, inner_h)
        return picture

    def _turned(self, frame: VideoFrame, turn: Turn) -> VideoFrame:
        """Turn through the decoder's filters: on its planes it costs a tenth of turning the RGB picture."""
        key = (frame.width, frame.height, frame.format.name, turn)
        if self._graph is None or key != self._graph_key:
            self._graph, self._graph_key = _turning_graph(frame, turn), key
        self._graph.push(frame)
        turned: VideoFrame = self._graph.pull()  # type: ignore[assignment]  # a video graph
        return turned


def on_white(rgba: Image) -> Image:
    """Lay a picture with transparency on white.

    Parameters
    ----------
    rgba
        ``(height, width, 4)`` uint8, straight alpha.

    Returns
    -------
    Image
        ``(height, width, 3)`` uint8.
    """
    alpha = rgba[..., 3:]
    if alpha.min() == 255:
        return np.ascontiguousarray(rgba[..., :3])
    weighted = rgba[..., :3].astype(np.uint16) * alpha + np.uint16(255) * (255 - alpha.astype(np.uint16))
    return ((weighted + 127) // 255).astype(np.uint8)


def turn_of(frame: VideoFrame) -> Turn:
    """Return how to put a frame upright, from its display matrix.

    Follows the autorotation of the ffmpeg program (``fftools/ffmpeg_filter.c``), to which recordings are
    made.

    Parameters
    ----------
    frame
        A decoded frame.
    """
    clockwise = round(-frame.rotation / 90) * 90 % 360
    matrix = _display_matrix(frame)
    if clockwise == 90:
        return ((SIDEWAYS, "cclock_flip" if matrix is not None and matrix[3] > 0 else "clock"),)
    if clockwise == 270:
        return ((SIDEWAYS, "clock_flip" if matrix is not None and matrix[3] < 0 else "cclock"),)
    if matrix is None:
        return (("hflip", None), ("vflip", None)) if clockwise == 180 else ()
    across = (("hflip", None),) if clockwise == 180 and matrix[0] < 0 else ()
    return (*across, ("vflip", None)) if matrix[4] < 0 else across


def _display_matrix(frame: VideoFrame) -> tuple[int, ...] | None:
    # In PyAV 18 a frame whose side data was touched refers to itself and stays in memory until the next
    # collection of cycles. A tiny copy carries the same side data.
    tiny = frame.reformat(16, 16, "gray")
    try:
        data = tiny.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV 18 stumbles over kinds of side data it has no name for (EXIF in motion JPEG)
        return None
    return None if data is None else tuple(np.frombuffer(cast(Any, data), np.int32).tolist())


def _turning_graph(frame: VideoFrame, turn: Turn) -> Graph:
    from av.filter import Graph

    graph = Graph()
    graph.threads = 1
    last = graph.add_buffer(
        width=frame.width,
        height=frame.height,
        format=frame.format,
        time_base=frame.time_base or Fraction(1, 1000),
    )
    for name, argument in turn:
        step = graph.add(name, argument)
        last.link_to(step)
        last = step
    last.link_to(graph.add("buffersink"))
    graph.configure()
    return graph
