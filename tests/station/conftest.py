"""A station that runs, and what it says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from posture_check.checklist.messages import Begin, Health, Sight
from posture_check.station.station import Station


class Listener:
    """Keeps what a station says, with the time it was said."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.sights: list[tuple[float, Sight]] = []
        self.healths: list[tuple[float, Health]] = []
        self.pictures: list[tuple[float, int]] = []
        self.threads: set[str] = set()
        self._said = threading.Condition()
        station.on_sight(lambda sight, still: self._note(self.sights, sight))
        station.on_health(lambda health: self._note(self.healths, health))
        station.on_picture(lambda seq, ms, jpeg: self._note(self.pictures, seq))

    def _note(self, where: list, what: object) -> None:
        with self._said:
            where.append((time.monotonic(), what))
            self.threads.add(threading.current_thread().name)
            self._said.notify_all()

    def wait(self, what: Callable[[], object], within_s: float = 60.0) -> float:
        """Wait until something holds; return how long it took."""
        start = time.monotonic()
        with self._said:
            assert self._said.wait_for(what, within_s), (self.station.health, self.sights[-1:])
        return time.monotonic() - start

    def well(self) -> bool:
        """Tell whether camera and vision are well."""
        health = self.station.health
        return health.camera in ("ok", "browser") and health.vision == "ok"

    def begin(self, begin: Begin) -> None:
        """Begin, and forget what was said before."""
        with self._said:
            self.sights.clear()
        self.station.begin(begin)


@pytest.fixture
def listen() -> Iterator[Callable[[str], Listener]]:
    """Return a function that starts a station; all of them are stopped at the end."""
    started: list[Station] = []

    def start(camera: str) -> Listener:
        station = Station(camera)
        listener = Listener(station)
        started.append(station)
        station.start()
        return listener

    yield start
    for station in started:
        station.stop()
