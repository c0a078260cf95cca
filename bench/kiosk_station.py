"""Server part: from a JPEG in the server's hands to the sight of it, at a camera's pace and with a page's patience."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.kiosk_load import Load
from bench.kiosk_steps import Size, bench_step
from posture_check.checklist.messages import Begin, Sight
from posture_check.station.jpeg import encode
from posture_check.station.station import Station

UNDER_WAY = 2
"""Pictures that a page lets be under way."""
CAMERA_HZ = 30.0
_SETTLE_S = 3.0
_READY_S = 120.0


@dataclass(slots=True)
class Run:
    """One measurement.

    Attributes
    ----------
    kind, size
        What was looked for, in pictures of which size.
    sent
        In which size the page sent them: it chooses by what the machine can carry.
    delays_ms
        From frame to sight, or to overlay.
    fps
        Sights a second.
    took_ms
        Of it, in the vision process.
    offered, dropped, skipped
        Pictures sent; overtaken by newer ones in the server; not sent because two were under way.
    cores
        Cores kept busy, by part.
    """

    kind: str
    size: Size
    sent: Size
    delays_ms: list[float] = field(default_factory=list)
    fps: float = 0.0
    took_ms: list[float] = field(default_factory=list)
    offered: int = 0
    dropped: int = 0
    skipped: int = 0
    cores: dict[str, float] = field(default_factory=dict)

    def share(self, percent: float) -> float:
        """Return a percentile of the delays."""
        return float(np.percentile(self.delays_ms, percent)) if self.delays_ms else float("nan")


class _Page:
    """Offers the newest picture whenever fewer than two are under way, as the page does."""

    def __init__(self, station: Station, jpegs: Sequence[bytes]) -> None:
        self._station, self._jpegs = station, jpegs
        self._lock = threading.Lock()
        self._sent: dict[int, float] = {}
        self.run: Run | None = None
        self.seq = 0
        station.on_sight(self._sight)

    def _sight(self, sight: Sight, still: bytes | None) -> None:
        now = time.perf_counter()
        with self._lock:
            self._sent = {seq: at for seq, at in self._sent.items() if seq > sight.seq}
            if self.run is not None and sight.people:
                self.run.delays_ms.append(1000 * now - sight.captured_ms)
                self.run.took_ms.append(sight.took_ms)

    def play(self, seconds: float, run: Run | None) -> None:
        """Be a page for some seconds."""
        with self._lock:
            self.run = run
        start, count = time.perf_counter(), 0
        while (now := time.perf_counter()) - start < seconds:
            count += 1
            with self._lock:
                # A picture nobody answers, such as one that was overtaken, is forgotten after a while.
                self._sent = {seq: at for seq, at in self._sent.items() if now - at < 1.5}
                free = len(self._sent) < UNDER_WAY
                if free:
                    self.seq += 1
                    self._sent[self.seq] = now
                if run is not None:
                    run.offered += free
                    run.skipped += not free
            if free:
                self._station.offer(self.seq, 1000 * now, self._jpegs[self.seq % len(self._jpegs)])
            time.sleep(max(0.0, start + count / CAMERA_HZ - time.perf_counter()))
        with self._lock:
            self.run = None


def measure(frames: Sequence[np.ndarray], kinds: Sequence[str], size: Size, seconds: float) -> list[Run]:
    """Measure a station with the browser's camera for every kind of step."""
    jpegs = [encode(image) for image in frames]
    runs = []
    with Station("browser") as station:
        page = _Page(station, jpegs)
        until = time.monotonic() + _READY_S
        while station.health.vision != "ok" and time.monotonic() < until:
            time.sleep(0.1)
        for number, kind in enumerate(kinds):
            station.begin(Begin(run=number + 1, task="step", step=bench_step(kind)))
            page.play(_SETTLE_S, None)
            run = Run(kind, size, size)
            dropped = station.dropped
            load = Load({"vision": station.pids()["vision"], "server": os.getpid()})
            page.play(seconds, run)
            run.cores = load.cores()
            run.dropped = station.dropped - dropped
            run.fps = len(run.delays_ms) / seconds
            runs.append(run)
    return runs
