"""From container timestamps to seconds that never run backwards, and to no more frames than wanted."""

from __future__ import annotations

from fractions import Fraction

FALLBACK_FPS = 25.0
"""Assumed where a file gives neither timestamps nor a believable rate."""

JUMP_S = 1.0
"""A step backwards longer than this is a restarted clock, a shorter one a misplaced stamp."""

RATE_SLACK = 0.10
"""Share of the period by which a frame may come early and still be kept: stamps are rounded to their time
base (1 ms in WebM, 10 ms in GIF) and phones jitter by a few per cent around their rate."""


def believable_fps(*rates: Fraction | float | None) -> float | None:
    """Return the first rate a camera can have (0.1 to 1000 frames per second), else None."""
    for rate in rates:
        if rate is not None and 0.1 <= rate <= 1000:
            return float(rate)
    return None


class Timeline:
    """Seconds since the first frame, strictly increasing whatever the container says.

    Parameters
    ----------
    time_base
        Seconds per tick of the timestamps.
    first
        Timestamp of the source's first frame in ticks, None if it has none.
    fps
        Nominal rate, for frames without a usable timestamp; None if not known.
    """

    def __init__(self, time_base: Fraction, first: int | None, fps: float | None) -> None:
        self._tick = (time_base.numerator, time_base.denominator)
        self._first = first
        self._period = 1.0 / (fps or FALLBACK_FPS)
        self._offset = 0.0
        self._last: float | None = None
        self._misplaced_run = 0
        self._missing = self._misplaced = self._restarts = 0

    def at(self, stamp: int | None) -> float:
        """Return the time of the next frame.

        Parameters
        ----------
        stamp
            Its timestamp in ticks, None if it has none.

        Returns
        -------
        float
            Seconds since the first frame, later than any time returned before.
        """
        if stamp is None:
            self._missing += 1
            time = 0.0 if self._last is None else self._last + self._period
        else:
            if self._first is None:
                # Frames without a stamp came first: the clock takes over where they left off.
                self._first = stamp
                self._offset = 0.0 if self._last is None else self._last + self._period
            time = (stamp - self._first) * self._tick[0] / self._tick[1] + self._offset
            time = self._forwards(time)
        self._last = time
        return time

    def _forwards(self, time: float) -> float:
        if self._last is None or time > self._last:
            self._misplaced_run = 0
            return time
        if time < self._last - JUMP_S:
            self._restarts += 1
            mended = self._last + self._period
            self._offset += mended - time
            return mended
        self._misplaced += 1
        self._misplaced_run += 1
        # Half a period lets a single doubled stamp keep the next frame's true time; in a run nothing is true.
        return self._last + self._period * (0.5 if self._misplaced_run == 1 else 1.0)

    def notes(self) -> list[str]:
        """Return a sentence for each kind of repair that was needed."""
        notes = []
        if self._missing:
            rate = f"{1 / self._period:.4g} per second"
            notes.append(f"{_frames(self._missing)} had no timestamp and were spaced evenly at {rate}")
        if self._misplaced:
            count = _frames(self._misplaced)
            notes.append(f"{count} had a timestamp not after the frame before; times were mended")
        if self._restarts:
            count = "once" if self._restarts == 1 else f"{self._restarts} times"
            notes.append(f"the recording's clock jumped back {count}; times continue from the frame before")
        return notes


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"


class Thinner:
    """Leaves out frames that follow the kept one before sooner than the wanted rate allows, by true time.

    Parameters
    ----------
    max_rate_hz
        Highest wanted rate, None to keep all frames.
    """

    def __init__(self, max_rate_hz: float | None) -> None:
        self._least_gap = 0.0 if max_rate_hz is None else (1.0 - RATE_SLACK) / max_rate_hz
        self._last: float | None = None

    def keeps(self, time_s: float) -> bool:
        """Say whether the frame at this time (s, not before the one asked about last) is kept."""
        if self._last is not None and time_s - self._last < self._least_gap:
            return False
        self._last = time_s
        return True
