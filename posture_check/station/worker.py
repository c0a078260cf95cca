"""The parent's side of a child process: start it, talk to it without ever waiting for it, notice its end, end it."""

from __future__ import annotations

import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from posture_check.station.child import live

Hear = Callable[["Worker", tuple[Any, ...]], None]
"""Called in the worker's reading thread with each message; the last one is ``("end",)``."""

_GOODBYE_S = 1.5


class Worker:
    """One child process.

    Parameters
    ----------
    part
        Module of :mod:`posture_check.station` that it runs.
    settings
        Given to the module's ``run``.
    hear
        Told every message but heartbeats.

    Attributes
    ----------
    ready
        Whether it has said that it is at work.
    heard_s
        When it was last heard of, by the monotonic clock.
    """

    def __init__(self, part: str, settings: dict[str, Any], hear: Hear) -> None:
        self.part, self._settings, self._hear = part, settings, hear
        self.ready = False
        self.ended = False
        self.started_s = self.heard_s = time.monotonic()
        self._outbox: deque[Any] = deque()
        self._changed = threading.Condition()
        self._closing = False
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        self._pipe: Connection = ours
        self._process = context.Process(target=live, args=(theirs, part, settings), name=f"kiosk-{part}", daemon=True)
        _start_deaf_to_ctrl_c(self._process)
        theirs.close()  # else the pipe would stay open when the child dies
        self._threads = [
            threading.Thread(target=work, name=f"{part}-{name}", daemon=True)
            for name, work in (("hear", self._read), ("tell", self._write))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int | None:
        """Number of the process."""
        return self._process.pid

    @property
    def exitcode(self) -> int | None:
        """How it ended; None while it lives."""
        return self._process.exitcode

    def tell(self, *message: Any) -> None:
        """Send a message; returns at once."""
        with self._changed:
            self._outbox.append(message)
            self._changed.notify()

    def silent_s(self, now_s: float) -> float:
        """Return for how long nothing was heard of it."""
        return now_s - self.heard_s

    def ask_to_end(self) -> None:
        """Ask it to end; returns at once."""
        with self._changed:
            self._closing = True
            self._outbox.clear()
            self._changed.notify()

    def end(self, *, kill: bool = False) -> None:
        """End it: by asking, then by force; with ``kill``, or while it still starts, it is not asked."""
        self.ask_to_end()
        if self.ready and not kill:
            self._process.join(_GOODBYE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_GOODBYE_S)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(_GOODBYE_S)
        with suppress(OSError):
            self._pipe.close()

    def _read(self) -> None:
        try:
            while True:
                message = self._pipe.recv()
                self.heard_s = time.monotonic()
                if message[0] == "ready":
                    self.ready = True
                if message[0] != "beat":
                    self._hear(self, message)
        except (EOFError, OSError):
            pass
        except Exception as error:  # half a message of a process that was killed while it wrote
            self._hear(self, ("fault", f"{type(error).__name__}: {error}"))
        self.ended = True
        self._hear(self, ("end",))
        with self._changed:
            self._closing = True
            self._changed.notify()

    def _write(self) -> None:
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._outbox or self._closing)
                    closing, message = self._closing, self._outbox.popleft() if self._outbox else None
                self._pipe.send(message)
                if closing:
                    return
                del message  # a picture lives no longer than it must
        except (OSError, ValueError):
            return


def _start_deaf_to_ctrl_c(process: Any) -> None:
    """Start a process in which Ctrl-C is blocked from its first instruction on, where the system can do that."""
    if not hasattr(signal, "pthread_sigmask"):
        process.start()
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
