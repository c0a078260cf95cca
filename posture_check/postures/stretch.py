"""A stretch: what a recording is cut into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames ``start`` to ``stop`` (exclusive) of a track in which one posture is held or one thing done."""

    posture: str
    start: int
    stop: int
