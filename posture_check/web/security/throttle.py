"""Tries that cost time: after a few that fail, each further one has to wait twice as long as the one before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

FREE_TRIES = 4
"""Slips of the finger that cost nothing."""
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 900.0
ACCOUNT_WAIT_S = 60.0
"""Longest wait of an account from any address: it stops guessing, and lets nobody lock a colleague out for long."""
FORGET_S = 3600.0
"""A key without a failure for so long starts anew."""
MOST_KEYS = 10_000
"""So many accounts and addresses are remembered; beyond, those that failed longest ago are forgotten."""


@dataclass(slots=True)
class _Tries:
    failed: int = 0
    last_s: float = 0.0


class Throttle:
    """Counts failed tries per key, such as an account's name and a machine's address.

    A try counts as failed from the moment it starts, so that many at once gain nothing; :meth:`succeeded` takes it
    back. Kept in memory: a restart forgets, and only somebody at the machine can restart the server.

    Parameters
    ----------
    clock
        Seconds that never run backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: dict[str, _Tries] = {}
        self._lock = threading.Lock()

    def start(self, keys: Mapping[str, float]) -> float:
        """Begin a try.

        Parameters
        ----------
        keys
            What it is counted by, each with the longest wait that it may come to, in seconds.

        Returns
        -------
        float
            0 if it may go on; else the seconds to wait, and the try is not counted.
        """
        now = self._clock()
        with self._lock:
            mine = {key: self._known(key, now) for key in keys}
            wait = max((_left(tries, now, keys[key]) for key, tries in mine.items()), default=0.0)
            if wait > 0:
                return wait
            for key, tries in mine.items():
                tries.failed += 1
                tries.last_s = now
                self._tries[key] = tries
            self._tidy()
        return 0.0

    def succeeded(self, clear: Iterable[str], keep: Iterable[str] = ()) -> None:
        """End a try that was right.

        Parameters
        ----------
        clear
            Keys that start anew: the account's own.
        keep
            Keys of which only this try is taken back: the address, from which others may be guessing.
        """
        with self._lock:
            for key in clear:
                self._tries.pop(key, None)
            for key in keep:
                if key in self._tries:
                    self._tries[key].failed -= 1

    def _known(self, key: str, now: float) -> _Tries:
        tries = self._tries.get(key)
        return _Tries() if tries is None or now - tries.last_s > FORGET_S else tries

    def _tidy(self) -> None:
        if len(self._tries) > MOST_KEYS:
            oldest = sorted(self._tries, key=lambda key: self._tries[key].last_s)
            for key in oldest[: MOST_KEYS // 10]:
                del self._tries[key]


def wait_after(failed: int, longest_s: float = LONGEST_WAIT_S) -> float:
    """Return how long the next try has to wait after so many that failed, in seconds."""
    if failed < FREE_TRIES:
        return 0.0
    return min(FIRST_WAIT_S * 2.0 ** min(failed - FREE_TRIES, 30), longest_s)


def _left(tries: _Tries, now: float, longest_s: float) -> float:
    return max(0.0, tries.last_s + wait_after(tries.failed, longest_s) - now)
