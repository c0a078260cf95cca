"""Recorded video, from a file or from a web address that serves one."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from posture_check.errors import InputError
from posture_check.sources.base import BaseSource, Options, Shot, check_size, problem
from posture_check.sources.clock import FALLBACK_FPS, Thinner, Timeline, believable_fps
from posture_check.sources.decode import Health, decoded, is_cut_avi, open_container, pick_stream
from posture_check.sources.frame import SourceInfo, SourceKind
from posture_check.sources.pump import Pump
from posture_check.sources.upright import Upright

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

SEEK_FROM_S = 2.0
"""Starts later than this are sought; earlier ones are reached as fast by decoding."""

MISSING_S = 0.5
MISSING_SHARE = 0.02
"""A recording that ends this much (and this share) before its header says so is called cut short."""


class VideoSource(BaseSource):
    """Frames of a recording, decoded ahead in a background thread.

    The first frame is decoded on opening, so that what cannot be used is refused at once and the size is
    true.

    Parameters
    ----------
    url
        What the decoder opens.
    name
        The source as the user named it.
    options
        Rate and part wanted.
    path
        The file behind it, None for a web address.
    container
        The source already opened (a web address that turned out to be a recording), None to open it.

    Raises
    ------
    InputError
        If it holds no picture that can be decoded, or only tiny ones.
    """

    def __init__(
        self,
        url: str,
        name: str,
        options: Options,
        *,
        path: Path | None,
        container: InputContainer | None = None,
    ) -> None:
        self._url, self._name, self._options, self._path = url, name, options, path
        self._health = Health()
        self._container: InputContainer | None = container or open_container(url, name, path)
        try:
            self._begin(self._container)
        except BaseException:
            self._container.close()
            raise
        self._pump: Pump[Shot] = Pump(self._run)
        self._ended_by_itself = False

    def _begin(self, container: InputContainer) -> None:
        """Decode the first frame and read from it and the header what is known beforehand."""
        self._stream = pick_stream(container, self._name)
        self._frames = decoded(container, self._stream, self._health)
        first = next(self._frames, None)
        if first is None:
            why = "its pictures are damaged or missing" if self._health.lost else "it holds no pictures"
            raise problem(self._name, f"not one frame could be decoded ({why})", "copy or export the video again")
        self._first: VideoFrame | None = first
        self._stamp = _stamp(first)
        self._upright = Upright(first, self._stream.sample_aspect_ratio)
        check_size(self._name, self._upright.width, self._upright.height)
        self._rate = believable_fps(self._stream.average_rate, self._stream.guessed_rate)
        self._expected_s = _expected_s(container, self._stream, self._stamp)
        self._health.broken_off |= self._path is not None and is_cut_avi(self._path)
        kind: SourceKind = "stream" if self._path is None else "video"
        self.info = SourceInfo(self._name, kind, self._upright.width, self._upright.height)
        super().__init__(self.info)
        limit = self._options.max_rate_hz
        self.info.fps = min(self._rate, limit) if self._rate and limit else self._rate
        # What the header says, for progress bars; the true figure replaces it with the first frame delivered.
        self.info.duration_s = min(max(self._expected_s or 0.0, 0.0), self._options.end_s or float("inf"))

    def _shots(self) -> Iterator[Shot]:
        yield from self._pump.items()
        if not self._ended_by_itself:
            return
        self.info.notes.extend(note for note in self._notes if note not in self.info.notes)
        if self.info.frames == 0:
            raise self._nothing_in_range()

    def _nothing_in_range(self) -> InputError:
        start, end = self._options.start_s or 0.0, self._options.end_s
        wanted = f"after {start:g} s" if end is None else f"from {start:g} s to {end:g} s"
        return problem(self._name, f"no frame {wanted} (it lasts {self._reached_s:.1f} s)", "choose another part")

    def _run(self, stop: threading.Event) -> Generator[Shot, None, None]:
        """Decode, in the background thread, which owns the container from here on."""
        try:
            yield from self._decode(stop)
        finally:
            self._close_container()

    def _decode(self, stop: threading.Event) -> Generator[Shot, None, None]:
        options = self._options
        start, end = options.start_s or 0.0, options.end_s or float("inf")
        thinner = Thinner(options.max_rate_hz)
        cut_off = False
        self._reached_s = 0.0
        timeline = Timeline(self._stream.time_base or 1, self._stamp, self._rate)  # type: ignore[arg-type]  # None or Fraction
        for frame in self._from(start):
            if stop.is_set():
                return
            time = timeline.at(_stamp(frame))
            if time >= end:
                cut_off = True
                break
            self._reached_s = time + self._length_of(frame)
            if time >= start and thinner.keeps(time):
                yield Shot(time, self._upright(frame))
        self._notes = [*self._upright.notes, *timeline.notes(), *self._damage(to_the_end=not cut_off)]
        self._ended_by_itself = True

    def _from(self, start_s: float) -> Iterator[VideoFrame]:
        """Yield frames from the start, or from shortly before ``start_s`` where the file can be sought."""
        first, self._first = self._first, None
        if start_s < SEEK_FROM_S or self._stamp is None:
            if first is not None:
                yield first
                del first
            yield from self._frames
            return
        sought = self._sought(start_s)
        landed = next(sought, None) if sought is not None else None
        if sought is not None and landed is not None and self._time_of(landed) <= start_s:
            self._frames.close()
            yield landed
            del landed
            yield from sought
            return
        # The index is missing or wrong: read from the start instead.
        self._close_container()
        self._container = open_container(self._url, self._name, self._path)
        self._stream = pick_stream(self._container, self._name)
        self._health = Health(broken_off=self._health.broken_off)
        yield from decoded(self._container, self._stream, self._health)

    def _sought(self, start_s: float) -> Iterator[VideoFrame] | None:
        import av

        assert self._container is not None
        ticks = (self._stamp or 0) + round((start_s - 0.5) / float(self._stream.time_base or 1))
        try:
            self._container.seek(ticks, stream=self._stream, backward=True)
        except av.FFmpegError:
            return None
        self._health = Health(sought=True, broken_off=self._health.broken_off)
        return decoded(self._container, self._stream, self._health)

    def _length_of(self, frame: VideoFrame) -> float:
        """Return how long a frame is shown, in seconds; the last one of a GIF may stand for long."""
        stated = float((frame.duration or 0) * (self._stream.time_base or 0))
        return max(stated, 1.0 / (self._rate or FALLBACK_FPS))

    def _time_of(self, frame: VideoFrame) -> float:
        stamp = _stamp(frame)
        if stamp is None or self._stamp is None:
            return float("inf")
        return (stamp - self._stamp) * float(self._stream.time_base or 1)

    def _damage(self, *, to_the_end: bool) -> list[str]:
        """Return what is to be said about parts that could not be read."""
        health, notes = self._health, []
        expected_s, known = self._expected_s or 0.0, 0 if health.sought else self._stream.frames
        late = expected_s - self._reached_s > max(MISSING_S, MISSING_SHARE * expected_s)
        short = to_the_end and late and not 0 < known <= health.frames
        if short:
            count = f"{health.frames} of {known} frames, " if known else ""
            notes.append(
                "the recording is damaged or cut short: "
                f"{count}{self._reached_s:.1f} of {expected_s:.1f} s could be read"
            )
        elif to_the_end and health.broken_off:
            notes.append(f"the recording is damaged or cut short: it could be read up to {self._reached_s:.1f} s")
        if health.lost and not notes:
            notes.append(f"{health.lost} damaged part{'s' if health.lost > 1 else ''} of the video left out")
        return notes

    def _close_container(self) -> None:
        if self._container is not None:
            self._frames.close()
            self._container.close()
            self._container = None
            self._first = None

    def close(self) -> None:
        """End the background thread and free the file."""
        self._pump.close()
        if not self._pump.started:
            self._close_container()


def _stamp(frame: VideoFrame) -> int | None:
    return frame.pts if frame.pts is not None else frame.dts


def _expected_s(container: InputContainer, stream: VideoStream, first: int | None) -> float | None:
    """Return how long the header says the pictures last at least, in seconds."""
    tick = stream.time_base or Fraction(0)
    whole = container.duration / 1e6 if container.duration else float("inf")
    if stream.duration and tick:
        # The stream's own figure counts what an edit list hides, the container's counts sound.
        whole = min(float(stream.duration * tick), whole)
    elif container.streams.audio:
        return None
    # Some formats count from the first picture, some from zero.
    return None if whole == float("inf") else whole - max(0.0, float((first or 0) * tick))
