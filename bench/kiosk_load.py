"""Processor time and memory of the processes that make a kiosk."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import psutil


@dataclass(slots=True)
class Load:
    """Processor time by part, over some seconds.

    Parameters
    ----------
    parts
        Process number by part; with ``tree`` parts their children count too.
    tree
        Parts of many processes, such as a browser.
    """

    parts: Mapping[str, int]
    tree: tuple[str, ...] = ("browser",)
    _since_s: float = field(default_factory=time.perf_counter)
    _before: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the first reading."""
        self._before = self._cpu_s()

    def cores(self) -> dict[str, float]:
        """Return how many cores each part has kept busy since the beginning."""
        passed = time.perf_counter() - self._since_s
        now = self._cpu_s()
        return {part: (now[part] - self._before.get(part, 0.0)) / passed for part in now}

    def resident_mb(self) -> dict[str, float]:
        """Return the memory of each part in MiB, that of shared pages shared out where the system tells it."""
        return {part: sum(_memory_mb(p) for p in self._of(part)) for part in self.parts}

    def _cpu_s(self) -> dict[str, float]:
        out = {}
        for part in self.parts:
            total = 0.0
            for process in self._of(part):
                try:
                    times = process.cpu_times()
                except psutil.Error:
                    continue
                total += times.user + times.system
            out[part] = total
        return out

    def _of(self, part: str) -> list[psutil.Process]:
        try:
            process = psutil.Process(self.parts[part])
            return [process, *(process.children(recursive=True) if part in self.tree else [])]
        except psutil.Error:
            return []


def _memory_mb(process: psutil.Process) -> float:
    try:
        full = process.memory_full_info()
        return float(getattr(full, "pss", full.uss)) / 2**20
    except psutil.Error:
        return 0.0
