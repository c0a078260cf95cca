"""What the station's processes have in common: a pipe to the parent, a heartbeat, and an end when the parent is gone.

This file is what a new process loads first, so it imports nothing heavy.
"""

from __future__ import annotations

import importlib
import os
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from posture_check.errors import InputError

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Set to 1 in every child: browser, server and vision share few cores, and threads on top only fight for them."""

BEAT_S = 0.4
"""Time between heartbeats."""


class ParentGone(Exception):
    """The other end of the pipe has closed."""


class Line:
    """A child's end of the pipe; several threads may send.

    Attributes
    ----------
    gone
        Set when the parent has asked for the end, or is no more.
    """

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sending = threading.Lock()
        self.gone = threading.Event()

    def send(self, *message: Any) -> None:
        """Send a message.

        Raises
        ------
        ParentGone
            If nobody is there to read it.
        """
        try:
            with self._sending:
                self._pipe.send(message)
        except (OSError, ValueError) as error:
            self.gone.set()
            raise ParentGone from error

    def receive(self) -> tuple[Any, ...]:
        """Wait for a message.

        Raises
        ------
        ParentGone
            If there will be none any more.
        """
        try:
            message = self._pipe.recv()
        except (EOFError, OSError) as error:
            self.gone.set()
            raise ParentGone from error
        if message is None:
            self.gone.set()
            raise ParentGone
        assert isinstance(message, tuple)
        return message

    def waiting(self, timeout_s: float = 0.0) -> bool:
        """Tell whether a message, or the end, has come."""
        try:
            return self._pipe.poll(timeout_s)
        except (OSError, EOFError):
            return True

    def beat(self) -> None:
        """Send heartbeats from a thread until the parent is gone; then end this process, stuck or not."""
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def _beat(self) -> None:
        try:
            while not self.gone.wait(BEAT_S):
                self.send("beat")
        except ParentGone:
            pass
        # The main thread has a moment to free cameras and models; a driver that hangs must not keep the process.
        threading.Event().wait(_LAST_WORDS_S)
        os._exit(0)


_LAST_WORDS_S = 2.0


def live(pipe: Connection, part: str, settings: dict[str, Any]) -> None:
    """Live as a child: run ``posture_check.station.PART`` until the parent is gone.

    Parameters
    ----------
    pipe
        To the parent.
    part
        Module whose ``run(line, **settings)`` is the child's work.
    settings
        What it is given.
    """
    # Ctrl-C goes to the whole process group; the parent alone decides what then happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    line = Line(pipe)
    line.beat()
    try:
        importlib.import_module(f"posture_check.station.{part}").run(line, **settings)
    except ParentGone:
        pass
    except InputError as error:
        _last_words(line, str(error))
    except Exception as error:  # told by the parent; a traceback helps nobody in front of the screen
        _last_words(line, f"{type(error).__name__}: {error}")
    finally:
        line.gone.set()


def _last_words(line: Line, text: str) -> None:
    with suppress(ParentGone):
        line.send("fault", " ".join(text.split()))
