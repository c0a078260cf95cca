"""A process that is kept alive: watched, ended when it hangs, started again with patience."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from posture_check.station.timing import Backoff
from posture_check.station.worker import Worker

Heard = Callable[[tuple[Any, ...]], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """When a process is given up.

    Attributes
    ----------
    start_s
        It has this long to say that it is at work.
    idle_s
        It may do nothing of use for this long although it beats.
    silence_s
        Without a heartbeat for this long it is ended; that it is silent is told much sooner.
    start_silence_s
        While it starts, importing may hold up its heartbeat this long.
    """

    start_s: float = 60.0
    idle_s: float = 8.0
    silence_s: float = 5.0
    start_silence_s: float = 60.0


class Ward:
    """One part of the station whose process may die; :meth:`tend` is called by the station's thread alone.

    Parameters
    ----------
    part, settings
        As for :class:`Worker`.
    hear
        Told what the process says; of one process after another, never of one that has been given up.
    limits
        When it is given up.

    Attributes
    ----------
    restarts
        How often it was started anew.
    silent
        Whether it says nothing at the moment: it hangs, or the machine has no time for it.
    fault
        What it said last before it ended, or how it was found; None while all is well.
    """

    def __init__(self, part: str, settings: dict[str, Any], hear: Heard, limits: Limits) -> None:
        self.part, self._settings, self._hear, self._limits = part, settings, hear, limits
        self._worker: Worker | None = None
        self._backoff = Backoff()
        self._again_s: float | None = None
        self._lock = threading.Lock()
        self.restarts = 0
        self.silent = False
        self.fault: str | None = None

    @property
    def ready(self) -> bool:
        """Whether it is at work."""
        worker = self._worker
        return worker is not None and worker.ready and not worker.ended

    @property
    def lost(self) -> bool:
        """Whether it is silent, has ended or was given up, and is not yet back at work."""
        return self.silent or self._again_s is not None or (self.fault is not None and not self.ready)

    @property
    def pid(self) -> int | None:
        """Number of the process, None if there is none."""
        worker = self._worker
        return None if worker is None else worker.pid

    def wait_s(self, now_s: float) -> float | None:
        """Return how long until it is started again; None if that is not waited for."""
        again = self._again_s
        return None if again is None else max(0.0, again - now_s)

    def tell(self, *message: Any) -> None:
        """Send it a message if it is at work; one that starts later is told by whoever hears it is ready."""
        worker = self._worker
        if worker is not None and worker.ready:
            worker.tell(*message)

    def tend(self, now_s: float, patience_s: float, idle_s: float) -> None:
        """Start it, give it up, or start it again, as is due.

        Parameters
        ----------
        now_s
            Monotonic time.
        patience_s
            Silence after which a process at work counts as silent.
        idle_s
            For how long it has done nothing of use although it should.
        """
        worker = self._worker
        self.silent = worker is not None and worker.ready and worker.silent_s(now_s) > patience_s
        if worker is None:
            if self._again_s is None or now_s >= self._again_s:
                self.restarts += self._again_s is not None
                self._again_s = None
                self._worker = Worker(self.part, self._settings, self._heard)
            return
        how = self._wrong(worker, now_s, idle_s)
        if how is None:
            return
        self.fault = how if self.fault is None or not worker.ended else self.fault
        ran_s = now_s - worker.started_s
        self._worker, self.silent = None, False
        self._again_s = now_s + self._backoff.wait_s(ran_s)
        self._hear(("end",))
        # Waiting for a process to end must not keep the station from telling what it has to tell.
        threading.Thread(target=worker.end, kwargs={"kill": True}, name=f"{self.part}-end", daemon=True).start()

    def ask_to_end(self) -> None:
        """Ask it to end; returns at once."""
        if self._worker is not None:
            self._worker.ask_to_end()

    def end(self) -> None:
        """End it for good."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    def _wrong(self, worker: Worker, now_s: float, idle_s: float) -> str | None:
        limits = self._limits
        if worker.ended:
            return "the process ended"
        if worker.silent_s(now_s) > (limits.silence_s if worker.ready else limits.start_silence_s):
            return "the process hangs"
        if not worker.ready and now_s - worker.started_s > limits.start_s:
            return f"not ready after {limits.start_s:g} s"
        if worker.ready and idle_s > limits.idle_s:
            return "the process is stuck"
        return None

    def _heard(self, worker: Worker, message: tuple[Any, ...]) -> None:
        if self._worker is not None and worker is not self._worker:
            return  # given up
        if message[0] == "fault":
            self.fault = message[1]
        elif message[0] == "ready":
            self.fault = None
        if message[0] not in ("fault", "end"):
            self._hear(message)
