"""Does the kiosk's memory stay flat? Checks one after the other for a long time, and every process watched."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.kiosk_load import Load
from bench.kiosk_page import kiosk_page, visit
from bench.kiosk_steps import Image, Size

VISIT_S = 12.0
SETTLED = 0.25
"""Share of the time at the beginning in which caches may still fill."""


@dataclass(slots=True)
class Soak:
    """Memory over time.

    Attributes
    ----------
    minutes
        How long.
    visits
        Checks that were begun.
    at_min, mb
        When, and how much each part had.
    """

    minutes: float
    visits: int = 0
    at_min: list[float] = field(default_factory=list)
    mb: dict[str, list[float]] = field(default_factory=dict)

    def levels(self, part: str) -> tuple[float, float]:
        """Return the median of the first and of the last third of the settled readings, MiB; nan if there are none."""
        settled = self.mb[part][int(len(self.at_min) * SETTLED) :]
        third = max(1, len(settled) // 3)
        if not settled:
            return float("nan"), float("nan")
        return float(np.median(settled[:third])), float(np.median(settled[-third:]))

    def growth(self, part: str) -> tuple[float, float]:
        """Return the slope of the settled part in MiB an hour, and its standard error."""
        start = int(len(self.at_min) * SETTLED)
        hours = np.array(self.at_min[start:]) / 60
        values = np.array(self.mb[part][start:])
        if len(hours) < 3:
            return float("nan"), float("nan")
        off = hours - hours.mean()
        slope = float((off * values).sum() / (off**2).sum())
        left = values - values.mean() - slope * off
        # Readings near in time are alike: the error is that of the means of twelve stretches.
        means = [float(chunk.mean()) for chunk in np.array_split(left, min(12, len(left)))]
        middle = [float(chunk.mean()) for chunk in np.array_split(off, min(12, len(off)))]
        return slope, float(np.std(means, ddof=2 if len(means) > 2 else 0) / np.sqrt(np.sum(np.square(middle))))


def soak(frames: Sequence[Image], size: Size, minutes: float) -> Soak:
    """Go through checks for so many minutes and watch the memory."""
    found = Soak(minutes)
    with kiosk_page(frames, "dress", size) as (kiosk, parts):
        load, start = Load(parts), time.monotonic()
        end = start + 60 * minutes
        while (now := time.monotonic()) < end:
            visit(kiosk, min(VISIT_S, end - now))
            found.visits += 1
            found.at_min.append((time.monotonic() - start) / 60)
            for part, mb in load.resident_mb().items():
                found.mb.setdefault(part, []).append(mb)
            if found.visits % 20 == 0:
                print(f"{found.at_min[-1]:.0f} min: {_said(found)}", file=sys.stderr)
    return found


def _said(found: Soak) -> str:
    return ", ".join(f"{part} {values[-1]:.0f} MiB" for part, values in found.mb.items())
