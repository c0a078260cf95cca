"""What all sources share: the protocol, the bookkeeping of what was delivered, and one-line errors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError
from posture_check.sources.frame import Frame, SourceInfo

MIN_SIDE_PX = 16
"""Smaller pictures hold no person and make some decoders and models fail."""

Image = NDArray[np.uint8]


@runtime_checkable
class Source(Protocol):
    """Frames in order of time, and facts about where they come from.

    A source is read once. Before that, ``info`` holds what the header promises. Iterating fills ``info.frames``,
    ``info.duration_s``, ``info.fps`` and ``info.notes`` as it goes. Leaving the loop early, or ``close()``, frees the
    file, the camera and the background thread.
    """

    info: SourceInfo

    def __iter__(self) -> Iterator[Frame]:
        """Deliver the frames."""
        ...

    def close(self) -> None:
        """Free everything; safe to call twice."""
        ...

    def __enter__(self) -> Self:
        """Return the source itself."""
        ...

    def __exit__(self, *exc: object) -> None:
        """Close the source."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """How a source is to be read; every factory gets these.

    Attributes
    ----------
    max_rate_hz
        Frames that follow the one before sooner than this rate allows are left out; None keeps all.
    start_s, end_s
        Seconds since the first frame of the source: frames with ``start_s <= time < end_s`` are delivered,
        and keep their time in the whole source.

    Raises
    ------
    InputError
        If a number makes no sense.
    """

    max_rate_hz: float | None = 30.0
    start_s: float | None = None
    end_s: float | None = None

    def __post_init__(self) -> None:
        if self.max_rate_hz is not None and not 0 < self.max_rate_hz < float("inf"):
            raise InputError(
                f"max rate {self.max_rate_hz}: must be above 0 frames per second; leave it out to keep all"
            )
        if self.start_s is not None and not 0 <= self.start_s < float("inf"):
            raise InputError(f"start {self.start_s} s: must be 0 or more seconds into the source")
        if self.end_s is not None and not self.end_s > (self.start_s or 0.0):
            raise InputError(f"end {self.end_s} s: must lie after the start ({self.start_s or 0.0:g} s)")


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture on its way from a decoder to the consumer.

    Attributes
    ----------
    time_s
        Seconds since the first frame of the source.
    image
        ``(height, width, 3)`` uint8, upright RGB.
    """

    time_s: float
    image: Image


class BaseSource(ABC):
    """Numbers the frames, keeps ``info`` up to date, and closes when the loop ends for whatever reason."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info
        self._started = False
        self._first_s = 0.0

    def __iter__(self) -> Iterator[Frame]:
        """Deliver the frames; a source can be read once.

        Raises
        ------
        InputError
            If the source turns out to be unreadable or is lost for good.
        RuntimeError
            If it is iterated a second time.
        """
        if self._started:
            raise RuntimeError(f"{self.info.path}: a source is read once; open it again")
        self._started = True
        return self._deliver()

    def _deliver(self) -> Iterator[Frame]:
        try:
            for shot in self._shots():
                frame = Frame(self.info.frames, shot.time_s, shot.image)
                self._count(shot.time_s)
                del shot  # so that the picture lives no longer than the consumer wants it
                yield frame
                del frame
        finally:
            self.close()

    def _count(self, time_s: float) -> None:
        info = self.info
        if info.frames == 0:
            self._first_s = time_s
        info.frames += 1
        if info.kind == "image":
            return
        if time_s > self._first_s:
            info.fps = (info.frames - 1) / (time_s - self._first_s)
        info.duration_s = time_s + (1.0 / info.fps if info.fps else 0.0)

    @abstractmethod
    def _shots(self) -> Iterator[Shot]:
        """Yield the pictures in order of time."""

    @abstractmethod
    def close(self) -> None:
        """Free everything; safe to call twice."""

    def __enter__(self) -> Self:
        """Return the source itself."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Close the source."""
        self.close()


def problem(name: str, what: str, cure: str) -> InputError:
    """Return the error ``name: what; cure`` as one printable line."""
    return InputError(" ".join(printable(f"{name}: {what}; {cure}").split()))


def printable(name: str) -> str:
    """Return a name with ``?`` for what no terminal and no JSON file takes (bytes that are not UTF-8)."""
    return name.encode("utf-8", "replace").decode("utf-8")


def check_size(name: str, width: int, height: int) -> None:
    """Refuse pictures too small to hold anyone.

    Parameters
    ----------
    name
        The source, as the user named it.
    width, height
        Pixels, after rotation.

    Raises
    ------
    InputError
        If a side is under `MIN_SIDE_PX`.
    """
    if min(width, height) < MIN_SIDE_PX:
        raise problem(
            name,
            f"too small ({width}x{height} pixels)",
            f"nobody can be seen under {MIN_SIDE_PX}x{MIN_SIDE_PX}, use the original recording",
        )
