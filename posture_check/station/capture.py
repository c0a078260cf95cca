"""The capture process: reads one camera, keeps the newest picture only, and says when the camera stands still.

A camera driver that hangs or dies takes this process with it and nothing else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from posture_check.checklist.messages import Begin
from posture_check.errors import InputError
from posture_check.station.child import Line, ParentGone
from posture_check.station.jpeg import encode
from posture_check.station.timing import Stillness

RATE_HZ = 30.0
REST_S = 0.5
"""While nobody is looked at, a picture in so many seconds is passed on: it shows that the camera lives."""
SIMULATION = "simulate:"


class Taken(Protocol):
    """A picture of a camera."""

    image: NDArray[np.uint8]
    time_s: float
    simulated: Any
    """What a simulated camera knows of the people in it; None of a real one."""


class _Picture:
    __slots__ = ("image", "simulated", "time_s")

    def __init__(self, image: NDArray[np.uint8], time_s: float) -> None:
        self.image, self.time_s, self.simulated = image, time_s, None


class Cue:
    """What the station wants to see now, as far as the one before the camera is to know."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begins: list[Begin] = []
        self._resting = False

    def put(self, begin: Begin) -> None:
        """Take what has been begun."""
        with self._lock:
            self._begins.append(begin)
            self._resting = begin.task == "rest"

    @property
    def resting(self) -> bool:
        """Whether nobody is looked at."""
        return self._resting

    def take(self) -> list[Begin]:
        """Return what has been begun since this was last called."""
        with self._lock:
            begins, self._begins = self._begins, []
        return begins


def run(line: Line, camera: str, since_s: float) -> None:
    """Send ``("picture", seq, captured_ms, jpeg, simulated)`` and ``("frozen", yes)`` until the parent is gone.

    Parameters
    ----------
    line
        To the parent.
    camera
        Any source of pictures, or ``simulate:…``.
    since_s
        When the station was started, by the system's clock: what a simulated camera goes through is counted from
        then, however often its process starts anew.

    Raises
    ------
    InputError
        If the camera cannot be opened or is lost.
    """
    cue = Cue()
    threading.Thread(target=_listen, args=(line, cue), name="listen", daemon=True).start()
    still, was_frozen, sent_s = Stillness(), False, -REST_S
    for seq, taken in enumerate(_pictures(camera, cue, since_s)):
        if line.gone.is_set():
            return
        if seq == 0:
            line.send("ready")
        # Every eighth row is enough to tell two pictures of a real sensor apart.
        frozen = still.frozen(np.ascontiguousarray(taken.image[::8]), time.monotonic())
        if frozen != was_frozen:
            line.send("frozen", frozen)
            was_frozen = frozen
        if cue.resting and taken.time_s - sent_s < REST_S:
            continue
        sent_s = taken.time_s
        line.send("picture", seq, taken.time_s * 1000, encode(taken.image), taken.simulated)
        del taken
    if not line.gone.is_set():
        raise InputError("the camera gives no more pictures")


def _listen(line: Line, cue: Cue) -> None:
    try:
        while True:
            what, *rest = line.receive()
            if what == "begin":
                cue.put(rest[0])
    except ParentGone:
        return


def _pictures(camera: str, cue: Cue, since_s: float) -> Iterator[Taken]:
    if camera.startswith(SIMULATION):
        from posture_check.station.actor import perform

        yield from perform(camera, cue, since_s)
        return
    from posture_check.sources import open_source

    while True:
        source = open_source(camera, max_rate_hz=RATE_HZ)
        recorded = source.info.kind in ("video", "image")
        with source:
            start_s = time.monotonic()
            for frame in source:
                # A recording plays as fast as a camera would, and again and again.
                ahead_s = frame.time_s - (time.monotonic() - start_s)
                if recorded and ahead_s > 0:
                    time.sleep(min(ahead_s, 5.0))
                yield _Picture(frame.image, time.monotonic())
                del frame
        if not recorded:
            return
        time.sleep(0.02)
