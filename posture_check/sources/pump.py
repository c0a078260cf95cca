"""A background thread that decodes ahead, holding a few pictures at most, and that always ends."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")

DEPTH = 3
"""Pictures decoded ahead: enough to smooth out key frames, small enough to hold in memory."""

POLL_S = 0.2
"""Longest uninterrupted wait: on some systems Ctrl-C does not reach a thread inside a wait without an end."""


def _nothing(_: threading.Event) -> Generator[Any, None, None]:
    yield from ()


class Stalled(Exception):
    """No item came for longer than the consumer is willing to wait."""


class Pump(Generic[T]):
    """Runs a generator in a thread and hands over what it yields.

    An exception in the generator reaches the consumer, after the items made before it. The generator is
    closed in its own thread, so whatever it opened is freed there.

    Parameters
    ----------
    make
        Called in the thread with an event that is set when the pump closes; returns the generator to run.
    newest_only
        Keep only the newest item instead of queueing `depth` of them (live pictures: old ones are worthless).
    depth
        Items held at most.
    """

    def __init__(
        self,
        make: Callable[[threading.Event], Generator[T, None, None]],
        *,
        newest_only: bool = False,
        depth: int = DEPTH,
    ) -> None:
        self._make = make
        self._newest_only = newest_only
        self._items: deque[T] = deque(maxlen=1 if newest_only else None)
        self._depth = depth
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._done = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="posture-check-decode", daemon=True)

    def items(self, patience_s: float | None = None) -> Iterator[T]:
        """Start the thread and yield its items in order.

        Parameters
        ----------
        patience_s
            Longest wait for one item, None for no limit.

        Raises
        ------
        Stalled
            If no item came in time.
        """
        if not self._stop.is_set():
            self._thread.start()
        try:
            while True:
                item = self._take(patience_s)
                if item is None:
                    return
                yield item[0]
                del item  # the consumer alone decides how long a picture lives
        finally:
            self.close()

    def _take(self, patience_s: float | None) -> tuple[T] | None:
        waited = 0.0
        with self._changed:
            while not self._items and not self._done and not self._stop.is_set():
                if patience_s is not None and waited >= patience_s:
                    raise Stalled
                if not self._changed.wait(POLL_S):
                    waited += POLL_S
            if self._items and not self._stop.is_set():
                item = self._items.popleft()
                self._changed.notify_all()
                return (item,)
            if self._error is not None and not self._stop.is_set():
                raise self._error
        return None

    def _work(self) -> None:
        error: BaseException | None = None
        try:
            made = self._make(self._stop)
            try:
                for item in made:
                    if not self._put(item):
                        break
                    del item
            finally:
                made.close()
        except BaseException as caught:  # handed to the consumer, whatever it is
            error = caught
        with self._changed:
            self._error, self._done = error, True
            self._changed.notify_all()

    def _put(self, item: T) -> bool:
        with self._changed:
            while not self._newest_only and len(self._items) >= self._depth and not self._stop.is_set():
                self._changed.wait(POLL_S)
            if self._stop.is_set():
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    @property
    def started(self) -> bool:
        """Whether the thread was started, and so the generator owns what it uses."""
        return self._thread.ident is not None

    def close(self, timeout_s: float = 5.0) -> None:
        """Stop the thread and wait for it; a thread stuck in a driver is left behind as a daemon.

        Parameters
        ----------
        timeout_s
            Longest wait for the thread.
        """
        with self._changed:
            self._stop.set()
            self._items.clear()
            self._changed.notify_all()
        if self.started and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
        self._make = _nothing  # the source and its pump must not keep each other alive
