"""What live pictures have in common: the newest one only, own clock, healing within a budget."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from posture_check.errors import InputError
from posture_check.sources.base import BaseSource, Image, Options, Shot, check_size, problem
from posture_check.sources.clock import Thinner
from posture_check.sources.frame import SourceInfo, SourceKind
from posture_check.sources.pump import Pump, Stalled


@dataclass(frozen=True, slots=True)
class RetryBudget:
    """How long a lost live source is sought before giving up.

    Attributes
    ----------
    tries
        Attempts to reopen it in a row.
    wait_s
        Pause before the first attempt, doubled before each further one, at most `longest_wait_s`.
    longest_wait_s
        Upper bound of the pause.
    steady_s
        The budget is full again after pictures came for this long.
    stall_s
        A source that hangs this long without an error is lost too.
    """

    tries: int = 5
    wait_s: float = 0.5
    longest_wait_s: float = 5.0
    steady_s: float = 5.0
    stall_s: float = 30.0


class Lost(Exception):
    """The live source broke off; the text says how."""


class _Gate:
    """Gives live pictures their time and decides which are delivered.

    Attributes
    ----------
    over
        Whether the wanted end has been reached.
    notes
        Sentences about interruptions.
    """

    def __init__(self, options: Options) -> None:
        self._start_s, self._end_s = options.start_s or 0.0, options.end_s or float("inf")
        self._thinner = Thinner(options.max_rate_hz)
        self._zero_s: float | None = None
        self._since_s: float | None = None
        self._last_s = -1.0
        self._interrupted = False
        self.over = False
        self.notes: list[str] = []

    def admit(self, taken_s: float) -> float | None:
        """Return seconds since the first picture, or None where this one is to be left out."""
        if self._zero_s is None:
            self._zero_s = taken_s
        now = round(taken_s - self._zero_s, 6)  # what is finer is noise of the subtraction
        if self._since_s is None:
            self._since_s = now
        if self._interrupted:
            self.notes.append(f"no picture from {self._last_s:.1f} s to {now:.1f} s (the connection was lost)")
            self._interrupted = False
        if now <= self._last_s:
            return None
        self._last_s = now
        self.over = now >= self._end_s
        return now if now >= self._start_s and self._thinner.keeps(now) else None

    @property
    def steady_s(self) -> float:
        """Seconds for which pictures came since the last interruption."""
        return 0.0 if self._since_s is None else self._last_s - self._since_s

    def interrupt(self) -> None:
        """Take note that the connection was lost."""
        self._since_s = None
        self._interrupted = self._zero_s is not None


class LiveSource(BaseSource):
    """Pictures as they come; a slow consumer gets the newest one and never an old one.

    Times are of this machine's monotonic clock, counted from the first picture delivered.

    Parameters
    ----------
    name
        The source as it is shown.
    kind
        Camera or stream.
    options
        Rate and part wanted.
    size
        Width and height in pixels of the upright picture.
    fps
        Nominal rate, None if not known.
    budget
        When to give up.
    """

    def __init__(
        self,
        name: str,
        kind: SourceKind,
        options: Options,
        size: tuple[int, int],
        fps: float | None,
        budget: RetryBudget,
    ) -> None:
        check_size(name, *size)
        super().__init__(SourceInfo(name, kind, *size))
        limit = options.max_rate_hz
        self.info.fps = min(fps, limit) if fps and limit else fps
        self._gate, self._budget = _Gate(options), budget
        self._pump: Pump[Shot] = Pump(self._run, newest_only=True)

    @abstractmethod
    def _pictures(self) -> Iterator[tuple[float, Callable[[], Image]]]:
        """Connect where necessary; yield each picture's monotonic time and how to get it; raise `Lost`."""

    @abstractmethod
    def _disconnect(self) -> None:
        """Let go of the device or connection; safe to call twice."""

    @abstractmethod
    def _cure(self) -> str:
        """Say what a person can do when it is lost."""

    def _shots(self) -> Iterator[Shot]:
        try:
            yield from self._pump.items(patience_s=self._budget.stall_s)
        except Stalled:
            what = f"no picture for {self._budget.stall_s:g} s"
            raise problem(self.info.path, what, self._cure()) from None
        finally:
            self.info.notes.extend(self._gate.notes)
            self._gate.notes = []

    def _run(self, stop: threading.Event) -> Generator[Shot, None, None]:
        """Read in the background thread; reconnect while the budget lasts."""
        budget, gate, failed = self._budget, self._gate, 0
        try:
            while True:
                how = yield from self._until_lost(stop)
                if stop.is_set() or gate.over:
                    return
                self._disconnect()
                failed = 1 if gate.steady_s > budget.steady_s else failed + 1
                if failed > budget.tries:
                    raise self._gone(how)
                gate.interrupt()
                stop.wait(min(budget.wait_s * 2 ** (failed - 1), budget.longest_wait_s))
        finally:
            self._disconnect()

    def _until_lost(self, stop: threading.Event) -> Generator[Shot, None, str]:
        """Deliver pictures until the connection ends; return how it ended."""
        try:
            for taken_s, picture in self._pictures():
                time_s = self._gate.admit(taken_s)
                if stop.is_set() or self._gate.over:
                    break
                if time_s is not None:
                    yield Shot(time_s, picture())
        except Lost as lost:
            return str(lost)
        return "it ended"

    def _gone(self, how: str) -> InputError:
        what = f"no more pictures ({how}); reopening it failed {self._budget.tries} times"
        return problem(self.info.path, what, self._cure())

    def close(self) -> None:
        """End the background thread and free the device."""
        self._pump.close()
        if not self._pump.started:
            self._disconnect()
