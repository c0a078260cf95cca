"""Whether somebody is still there: what keeps a check from being cleared, and how long it still has."""

from __future__ import annotations

import time
from collections.abc import Callable

from posture_check.checklist.messages import Health
from posture_check.checklist.shift import ShiftState

WARN_S = 10.0
"""Seconds before the screen clears at which the page begins to count down."""
UNWELL_S = 120.0
"""Seconds for which a station that is not well keeps a check from being cleared."""
SEEN_EVERY_S = 0.5
"""A person in the picture is taken note of at most so often."""


class Presence:
    """Who is seen, who cannot be seen, and the countdown; times are monotonic but where a state's own are meant."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._unwell_s: float | None = clock()
        self._seen_s = float("-inf")
        self._told: int | None = None

    def health(self, health: Health) -> bool:
        """Take note of how the station is; True where it has just become well again."""
        if health.vision != "ok" or health.camera not in ("ok", "browser"):
            if self._unwell_s is None:
                self._unwell_s = self._clock()
            return False
        was_unwell, self._unwell_s = self._unwell_s is not None, None
        return was_unwell

    def sees(self) -> bool:
        """Take note of a person in the picture; False where that was done just before."""
        now = self._clock()
        if now - self._seen_s < SEEN_EVERY_S:
            return False
        self._seen_s = now
        return True

    def waits_for_us(self) -> bool:
        """Whether the station is at fault that nobody is seen: who waits for it has not gone."""
        return self._unwell_s is not None and self._clock() - self._unwell_s < UNWELL_S

    def forget_countdown(self) -> None:
        """Let the countdown be told again, to a page that is new."""
        self._told = None

    def countdown(self, state: ShiftState, now_s: float) -> tuple[bool, int | None]:
        """Return whether the countdown changed, and the seconds until the screen clears (None: not soon)."""
        left = state.patience_s - (now_s - state.touched_s)
        seconds = max(0, round(left)) if state.phase != "attract" and left <= WARN_S else None
        changed, self._told = seconds != self._told, seconds
        return changed, seconds
