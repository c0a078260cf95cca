"""What a value does over time: how long it is held, and whether it swings."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

HELD_S = 1.0
"""A fault that is kept up this long is no passing movement."""
WINDOW_S = 3.0
"""Restlessness comes in bursts: it is looked for in windows of about this time, and the worst counts."""
MIN_WINDOW_S = 1.5
MIN_RATE_HZ = 12.0
"""Fewer frames a second than this do not show a rhythm of some hertz."""


class Rhythm(NamedTuple):
    """The strongest swing of a value.

    Attributes
    ----------
    hz
        Its frequency; NaN if nothing swings.
    range
        Peak to peak, in the value's unit; NaN if it could not be looked for.
    hz_error
        Standard error of the frequency.
    """

    hz: float
    range: float
    hz_error: float


NO_RHYTHM = Rhythm(np.nan, np.nan, np.nan)


def held(values: Floats, time_s: Floats, *, away_from: float) -> float:
    """Return the value furthest from ``away_from`` that is held for a second; the furthest at all if shorter.

    Parameters
    ----------
    values
        ``(frames,)``, NaN where not seen.
    time_s
        ``(frames,)`` seconds.
    away_from
        Where the value should be.
    """
    seen = np.isfinite(values)
    if not seen.any():
        return float("nan")
    shown, times = values[seen], time_s[seen]
    whole = float(times[-1] - times[0])
    if whole <= HELD_S:
        return float(np.median(shown))
    # Every quarter of a second is often enough for something held for one.
    starts = np.arange(times[0], times[-1] - HELD_S + 1e-9, HELD_S / 4)
    kept = [shown[(times >= a - 1e-9) & (times <= a + HELD_S + 1e-9)] for a in starts]
    middles = np.array([np.median(part) for part in kept if len(part)])
    return float(middles[np.argmax(np.abs(middles - away_from))])


def rhythm(values: Floats, time_s: Floats, band_hz: tuple[float, float]) -> Rhythm:
    """Return the strongest swing within a band of frequencies, in the worst window of about three seconds.

    The spectrum of a Hann window shows a sine's amplitude at its peak whatever its phase. A peak at the band's edge is
    the skirt of a slower movement and does not count.

    Parameters
    ----------
    values
        ``(frames,)``, NaN where not seen.
    time_s
        ``(frames,)`` seconds.
    band_hz
        Lowest and highest frequency.
    """
    seen = np.isfinite(values)
    if seen.sum() < MIN_WINDOW_S * MIN_RATE_HZ or seen.mean() < 0.8:
        return NO_RHYTHM
    span = float(time_s[-1] - time_s[0])
    rate = (len(time_s) - 1) / span if span > 0 else 0.0
    if span < MIN_WINDOW_S or rate < MIN_RATE_HZ:
        return NO_RHYTHM
    grid = np.linspace(time_s[0], time_s[-1], len(time_s))
    even = np.interp(grid, time_s[seen], values[seen])
    width = min(len(even), round(WINDOW_S * rate))
    starts = range(0, len(even) - width + 1, max(1, width // 3))
    found = [_strongest(even[a : a + width], rate, band_hz) for a in (*starts, len(even) - width)]
    return max(found, key=lambda each: each.range)


def _strongest(values: Floats, rate_hz: float, band_hz: tuple[float, float]) -> Rhythm:
    n = len(values)
    place = np.linspace(-1, 1, n)
    still = values - np.polyval(np.polyfit(place, values, 2), place)
    window = np.hanning(n)
    points = 8 * n
    spectrum = 2 * np.abs(np.fft.rfft(still * window, points)) / window.sum()
    hz = np.fft.rfftfreq(points, 1 / rate_hz)
    inside = np.flatnonzero((hz >= band_hz[0]) & (hz <= min(band_hz[1], 0.45 * rate_hz)))
    if len(inside) < 3:
        return NO_RHYTHM
    edge = np.minimum(np.maximum(inside, 1), len(hz) - 2)
    peak = (spectrum[edge] >= spectrum[edge - 1]) & (spectrum[edge] >= spectrum[edge + 1])
    if not peak.any():
        return Rhythm(np.nan, 0.0, np.nan)
    best = edge[peak][np.argmax(spectrum[edge[peak]])]
    # A tone is told to a fraction of the spectrum's resolution, which is one over the window's time.
    return Rhythm(float(hz[best]), float(2 * spectrum[best]), 0.25 * rate_hz / n)
