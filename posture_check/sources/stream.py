"""Live network streams: RTSP cameras, motion JPEG and HLS over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from posture_check.errors import InputError
from posture_check.sources.address import without_password
from posture_check.sources.base import BaseSource, Image, Options, Shot, problem
from posture_check.sources.clock import believable_fps
from posture_check.sources.decode import CHECK_ADDRESS, Health, decoded, open_container, pick_stream
from posture_check.sources.live import LiveSource, Lost, RetryBudget
from posture_check.sources.upright import Upright
from posture_check.sources.video import VideoSource

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer


class StreamSource(LiveSource):
    """A live network stream (RTSP camera, MJPEG or HLS over HTTP).

    Within a connection the stream's own timestamps are used, from one connection to the next this machine's
    clock.

    Parameters
    ----------
    url
        The address, with its password.
    name
        The source as it is shown, without.
    options
        Rate and part wanted.
    container
        The stream, already opened.
    budget
        When to give up.

    Raises
    ------
    InputError
        If no picture comes; while reading, if the stream is lost for good.
    """

    def __init__(
        self,
        url: str,
        name: str,
        options: Options,
        container: InputContainer,
        budget: RetryBudget | None = None,
    ) -> None:
        self._url, self._name = url, name
        self._container: InputContainer | None = container
        try:
            frames = self._decode(container)
            first = next(frames, None)
            if first is None:
                raise problem(name, "the stream gives no pictures", self._cure())
            self._opened: tuple[VideoFrame, Iterator[VideoFrame]] | None = (first, frames)
            self._upright = Upright(first, self._stream.sample_aspect_ratio)
            fps = believable_fps(self._stream.average_rate, self._stream.guessed_rate)
            size = (self._upright.width, self._upright.height)
            super().__init__(name, "stream", options, size, fps, budget or RetryBudget())
        except BaseException:
            self._disconnect()
            raise

    def _shots(self) -> Iterator[Shot]:
        try:
            yield from super()._shots()
        finally:
            self.info.notes.extend(self._upright.notes)

    def _cure(self) -> str:
        return CHECK_ADDRESS

    def _decode(self, container: InputContainer) -> Iterator[VideoFrame]:
        self._stream = pick_stream(container, self._name)
        return decoded(container, self._stream, Health())

    def _pictures(self) -> Iterator[tuple[float, Callable[[], Image]]]:
        if self._opened is None:
            try:
                self._container = open_container(self._url, self._name, None)
                frames = self._decode(self._container)
            except InputError as error:
                raise Lost(str(error).removeprefix(f"{self._name}: ").split(";")[0]) from None
            first = next(frames, None)
            if first is None:
                raise Lost("it gives no pictures")
        else:
            (first, frames), self._opened = self._opened, None
        zero_s, zero = time.monotonic(), first.pts
        tick = float(self._stream.time_base or 0)
        for frame in _chain(first, frames):
            stamped = frame.pts is not None and zero is not None
            taken_s = zero_s + (frame.pts - zero) * tick if stamped else time.monotonic()  # type: ignore[operator]  # stamped
            if abs(taken_s - time.monotonic()) > DRIFT_S:  # a stream whose clock jumps
                zero_s, zero = time.monotonic(), frame.pts
                taken_s = zero_s
            yield taken_s, lambda frame=frame: self._upright(frame)  # type: ignore[misc]  # as in camera
        raise Lost("it ended")

    def _disconnect(self) -> None:
        self._opened = None
        container, self._container = self._container, None
        if container is not None:
            container.close()


DRIFT_S = 30.0
"""Streams deliver in bursts of some seconds; a stamp further than this from the clock is wrong."""


def _chain(first: VideoFrame, rest: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    yield first
    yield from rest


def open_stream(url: str, options: Options, budget: RetryBudget | None = None) -> BaseSource:
    """Open a network address: live, or a recording that a web server holds.

    Parameters
    ----------
    url
        Address, with user and password if the camera wants them.
    options
        Rate and part wanted.
    budget
        When to give up a live stream that was lost.

    Raises
    ------
    InputError
        If nothing answers there or it gives no pictures.
    """
    name = without_password(url)
    container = open_container(url, name, None)
    if is_live(url, container):
        return StreamSource(url, name, options, container, budget)
    return VideoSource(url, name, options, path=None, container=container)


def is_live(url: str, container: InputContainer) -> bool:
    """Whether new pictures come as time passes, rather than lying ready on a server.

    Parameters
    ----------
    url
        Address.
    container
        What was opened there.
    """
    if not url.lower().startswith(("http://", "https://")):
        return True
    if container.duration:
        return False
    return container.format.name.startswith("hls") or container.size <= 0
