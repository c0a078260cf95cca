"""Time per stage: the program's own parts, with a clock around each."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from posture_check.landmarks.detectors import Detectors
from posture_check.sources import Frame, Source


class Stopwatch:
    """Seconds and calls by stage; a stage inside another one is counted in the inner one only."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time until the block ends to a stage."""
        self._switch()
        self._open.append(name)
        self.calls[name] += 1
        try:
            yield
        finally:
            self._switch()
            self._open.pop()

    def _switch(self) -> None:
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now


class TimedSource:
    """A source whose decoding is timed."""

    def __init__(self, source: Source, watch: Stopwatch) -> None:
        self._source, self._watch = source, watch
        self.info = source.info

    def __iter__(self) -> Iterator[Frame]:
        """Deliver the frames; the time that the reader takes between them is not counted."""
        frames = iter(self._source)
        while True:
            with self._watch.stage("decode"):
                frame = next(frames, None)
            if frame is None:
                return
            yield frame

    def close(self) -> None:
        """Free the source."""
        self._source.close()

    def __enter__(self) -> TimedSource:
        """Return the source."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Close the source."""
        self.close()


class TimedDetectors(Detectors):
    """Landmarkers with a clock around each; ``watch`` may be changed between sources."""

    def __init__(self, watch: Stopwatch) -> None:
        super().__init__()
        self.watch = watch

    def pose(self, *, video: bool) -> Any:
        """Return the timed pose finder."""
        return _Timed(super().pose(video=video), "find", "pose", self)

    @property
    def hands(self) -> Any:
        """The timed hand finder."""
        return _Timed(super().hands, "find", "hands", self)

    @property
    def face(self) -> Any:
        """The timed face finder."""
        return _Timed(super().face, "find", "face", self)

    @property
    def arms(self) -> Any:
        """The timed arm classifier."""
        return _Timed(super().arms, "judge", "arms", self)


class _Timed:
    """Something whose one method is timed; everything else is passed through."""

    def __init__(self, inner: Any, method: str, stage: str, owner: TimedDetectors) -> None:
        self._inner, self._method, self._stage, self._owner = inner, method, stage, owner

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._inner, name)
        if name != self._method:
            return inner

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self._owner.watch.stage(self._stage):
                return inner(*args, **kwargs)

        return timed


@contextmanager
def timed_measures(watch: Stopwatch) -> Iterator[None]:
    """Count the time of every measure to the stage ``measures`` until the block ends."""
    from posture_check.measures import MEASURES

    before = dict(MEASURES)

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            with watch.stage("measures"):
                return function(*args, **kwargs)

        return run

    MEASURES.update({name: replace(m, function=timed(m.function)) for name, m in before.items()})
    try:
        yield
    finally:
        MEASURES.update(before)
