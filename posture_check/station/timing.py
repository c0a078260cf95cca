"""Clocks and patience: when a picture was taken, when to try again, whether a camera stands still."""

from __future__ import annotations

import zlib
from typing import Any


class PictureClock:
    """Puts times of another clock, such as a page's, on this machine's monotonic one.

    The shortest way a picture ever took is taken as the rule, so that jitter of the way does not become jitter of the
    times. A clock that jumps (a page was loaded anew) is followed.
    """

    _JUMP_S = 1.0
    _DRIFT = 1e-4
    """A clock may run this much faster or slower: 0.1 s in a quarter of an hour."""

    def __init__(self) -> None:
        self._ahead_s: float | None = None
        self._last_s = self._last_now_s = float("-inf")

    def time_s(self, captured_ms: float, now_s: float) -> float:
        """Return when a picture that arrives now was taken; always later than the one before."""
        ahead = now_s - captured_ms / 1000
        passed = max(0.0, now_s - self._last_now_s) if self._ahead_s is not None else 0.0
        if self._ahead_s is None or abs(ahead - self._ahead_s) > self._JUMP_S + self._DRIFT * passed:
            self._ahead_s = ahead
        else:
            self._ahead_s = min(ahead, self._ahead_s + self._DRIFT * passed)
        taken = min(captured_ms / 1000 + self._ahead_s, now_s)
        self._last_s, self._last_now_s = max(taken, self._last_s + 1e-3), now_s
        return self._last_s


class Backoff:
    """How long to wait before something that ended is started again.

    Parameters
    ----------
    first_s, longest_s
        The first wait, doubled by each further one up to the longest.
    well_s
        After running this long it is as if nothing had ever happened.
    """

    def __init__(self, first_s: float = 0.5, longest_s: float = 10.0, well_s: float = 30.0) -> None:
        self._first_s, self._longest_s, self._well_s = first_s, longest_s, well_s
        self._next_s = first_s

    def wait_s(self, ran_s: float) -> float:
        """Return how long to wait now, given how long it ran well."""
        if ran_s >= self._well_s:
            self._next_s = self._first_s
        wait = self._next_s
        self._next_s = min(2 * wait, self._longest_s)
        return wait


class Stillness:
    """Notices a camera that sends the same picture over and over: real ones never repeat one bit for bit.

    Parameters
    ----------
    after_s
        Identical for this long is frozen.
    """

    def __init__(self, after_s: float = 1.5) -> None:
        self._after_s = after_s
        self._mark: int | None = None
        self._since_s = 0.0

    def frozen(self, picture: Any, now_s: float) -> bool:
        """Take a picture (bytes, or an array laid out as such) and tell whether the camera stands still."""
        mark = zlib.crc32(picture)
        if mark != self._mark:
            self._mark, self._since_s = mark, now_s
        return now_s - self._since_s >= self._after_s
