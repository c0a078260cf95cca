"""Smooth landmarks over time: One Euro while it happens, zero-phase for recordings; and how noisy they were.

Pure functions on arrays. Not a number means not seen; what was not seen for longer than `BRIDGE_S` stays
so, and no filter reaches across it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

CUTOFF_HZ = 6.0
"""Low-pass: 4-6 Hz suits gait (Winter, Biomechanics and Motor Control of Human Movement, 2009)."""
BRIDGE_S = 0.2
"""Longest time without a sighting that is filled in."""
OUTLIER_MADS = 4.0
"""A point further than this many robust standard deviations from its neighbours' line is not believed."""
_HALF_WINDOW_S = 0.12
_SHORTEST_RUN = 6


def smooth_recording(time_s: Floats, values: Floats, *, cutoff_hz: float = CUTOFF_HZ) -> Floats:
    """Return values without outliers and low-passed without delay.

    Parameters
    ----------
    time_s
        ``(frames,)`` seconds, strictly rising, not necessarily even.
    values
        ``(frames, ...)``; NaN where not seen.
    cutoff_hz
        Frequency above which movement counts as noise. Where the frame rate does not reach twice this, only
        outliers are removed.

    Returns
    -------
    ``(frames, ...)`` of the values' type. Sightings missing for up to `BRIDGE_S` are filled in.
    """
    columns = values.reshape(len(values), -1)
    out = columns.copy()
    for start, stop, known in _runs(time_s, columns):
        out[start:stop] = _smooth_run(time_s[start:stop], columns[start:stop], known, cutoff_hz)
    return np.asarray(out.reshape(values.shape))


def reject_outliers(time_s: Floats, values: Floats) -> Floats:
    """Return values with those far off their neighbours replaced by what the neighbours suggest.

    A Hampel filter on the residual to a robust local line: the prediction for a frame is the median of the
    lines through pairs of frames on either side of it, so that a steady movement is no outlier.

    Parameters
    ----------
    time_s
        ``(frames,)`` seconds.
    values
        ``(frames, columns)`` without NaN.
    """
    n = len(values)
    if n < _SHORTEST_RUN:
        return values
    step = float(np.median(np.diff(time_s)))
    half = max(2, min(round(_HALF_WINDOW_S / step), (n - 1) // 2))
    index = np.arange(n)
    guesses = []
    for k in range(1, half + 1):
        before, after = np.clip(index - k, 0, n - 1), np.clip(index + k, 0, n - 1)
        # At the ends a pair lies on one side; the line through it is carried on.
        before = np.where(index - k < 0, index + k, before)
        after = np.where(index - k < 0, np.minimum(index + 2 * k, n - 1), after)
        after = np.where(index + k > n - 1, index - k, after)
        before = np.where(index + k > n - 1, np.maximum(index - 2 * k, 0), before)
        share = ((time_s - time_s[before]) / (time_s[after] - time_s[before]))[:, None]
        guesses.append(values[before] + share * (values[after] - values[before]))
    guess = np.median(np.stack(guesses), axis=0)
    residual = np.abs(values - guess)
    scale = 1.4826 * np.median(residual, axis=0)
    # Where the movement itself bends, neighbours disagree about the line: that much deviation is no fault.
    bend = np.median(np.abs(np.stack(guesses) - guess), axis=0)
    wrong = residual > OUTLIER_MADS * (scale + bend) + 1e-9
    return np.asarray(np.where(wrong, guess, values))


def frame_noise(time_s: Floats, raw: Floats, smooth: Floats, *, cutoff_hz: float = CUTOFF_HZ) -> Floats:
    """Return the standard deviation of the frame-to-frame jitter of each point, per axis.

    Robust (median absolute residual), and corrected for the share of white noise that the low-pass lets
    through. Where the frame rate is too low for the low-pass, third differences stand in for the residual.

    Parameters
    ----------
    time_s
        ``(frames,)`` seconds.
    raw, smooth
        ``(frames, points, axes)`` before and after `smooth_recording`.

    Returns
    -------
    ``(points,)`` in the values' unit, NaN where fewer than `_SHORTEST_RUN` frames are known.
    """
    points = raw.shape[1]
    if len(time_s) < _SHORTEST_RUN:
        return np.full(points, np.nan)
    rate = 1.0 / float(np.median(np.diff(time_s)))
    passed = _passed_share(rate, cutoff_hz)
    if passed is None:
        residual = np.diff(raw, n=3, axis=0) / np.sqrt(20.0)
        left = 1.0
    else:
        residual, left = raw - smooth, passed
    known = np.isfinite(residual).all(axis=2).sum(axis=0) >= _SHORTEST_RUN
    out = np.full(points, np.nan)
    chosen = residual[:, known].astype(float)
    deviation = 1.4826 * np.nanmedian(np.abs(chosen), axis=0)
    out[known] = np.sqrt((deviation**2).mean(axis=1) / left)
    return out


class OneEuro:
    """The One Euro filter (Casiez, Roussel, Vogel, CHI 2012) on an array: smooth at rest, quick in motion.

    Parameters
    ----------
    min_cutoff_hz
        Low-pass at rest.
    beta
        How much the cut-off rises with speed, in hertz per (value units a second).
    speed_cutoff_hz
        Low-pass of the speed.
    """

    def __init__(self, *, min_cutoff_hz: float = 1.5, beta: float = 0.05, speed_cutoff_hz: float = 1.0) -> None:
        self.min_cutoff_hz, self.beta, self.speed_cutoff_hz = min_cutoff_hz, beta, speed_cutoff_hz
        self._time_s = -np.inf
        self._value: Floats | None = None
        self._speed: Floats | None = None

    def __call__(self, time_s: float, value: Floats) -> Floats:
        """Return the smoothed value; after more than `BRIDGE_S` without one it starts afresh.

        Parameters
        ----------
        time_s
            Seconds, rising from call to call.
        value
            Any shape, the same in each call.
        """
        passed = time_s - self._time_s
        if self._value is None or self._speed is None or not 0 < passed <= BRIDGE_S:
            self._time_s, self._value, self._speed = time_s, value.astype(float), np.zeros(value.shape)
            return value
        weight = _euro_weight(np.float64(self.speed_cutoff_hz), passed)
        self._speed = weight * (value - self._value) / passed + (1 - weight) * self._speed
        weight = _euro_weight(self.min_cutoff_hz + self.beta * np.abs(self._speed), passed)
        self._value = np.asarray(weight * value + (1 - weight) * self._value)
        self._time_s = time_s
        return np.asarray(self._value, value.dtype)


def _euro_weight(cutoff_hz: Any, passed_s: float) -> Any:
    r = 2 * np.pi * cutoff_hz * passed_s
    return r / (r + 1)


def _runs(time_s: Floats, columns: Floats) -> list[tuple[int, int, NDArray[np.bool_]]]:
    """Return (start, stop, known) of the stretches without a gap longer than `BRIDGE_S`."""
    known: NDArray[np.bool_] = np.asarray(np.isfinite(columns).all(axis=1))
    seen = np.flatnonzero(known)
    if not len(seen):
        return []
    # A sighting at every frame of an ordinary slow video is no gap.
    step = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    breaks = np.flatnonzero(np.diff(time_s[seen]) > max(BRIDGE_S, 1.5 * step))
    starts, stops = [seen[0], *seen[breaks + 1]], [*seen[breaks], seen[-1]]
    return [(int(a), int(b) + 1, known[a : b + 1]) for a, b in zip(starts, stops, strict=True)]


def _smooth_run(time_s: Floats, values: Floats, known: NDArray[np.bool_], cutoff_hz: float) -> Floats:
    filled = values.astype(float)
    filled[known] = reject_outliers(time_s[known], filled[known])
    if not known.all():
        filled = _interpolated(time_s[known], filled[known], time_s)
    if len(time_s) < _SHORTEST_RUN:
        return filled
    rate = (len(time_s) - 1) / float(time_s[-1] - time_s[0])
    if rate <= 2.2 * cutoff_hz:
        return filled
    steps = np.diff(time_s)
    even = bool(steps.max() - steps.min() < 0.1 * np.median(steps))
    grid = time_s if even else np.linspace(time_s[0], time_s[-1], len(time_s))
    on_grid = filled if even else _interpolated(time_s, filled, grid)
    reach = min(len(grid) - 1, round(rate / cutoff_hz * 2))
    low = _forth_and_back(on_grid, _low_pass(rate, cutoff_hz), reach)
    return np.asarray(low if even else _interpolated(grid, low, time_s))


def _low_pass(rate_hz: float, cutoff_hz: float) -> tuple[float, float, float]:
    """Return b0, a1, a2 of a second-order Butterworth low-pass (b1 = 2 b0, b2 = b0), by the bilinear transform."""
    # Run forth and back, the filter damps twice: the cut-off is moved so that both together have it at 3 dB.
    moved = min(cutoff_hz / (np.sqrt(2) - 1) ** 0.25, 0.49 * rate_hz)
    k = np.tan(np.pi * moved / rate_hz)
    norm = 1 / (1 + np.sqrt(2) * k + k * k)
    return float(k * k * norm), float(2 * (k * k - 1) * norm), float((1 - np.sqrt(2) * k + k * k) * norm)


def _forth_and_back(values: Floats, low_pass: tuple[float, float, float], reach: int) -> Floats:
    """Run a low-pass over ``(frames, columns)`` in both directions, so that nothing is delayed.

    The same as SciPy's ``sosfiltfilt``, whose import takes longer than filtering a clip. The ends are continued by
    ``reach`` frames, turned by 180 degrees about the last value.
    """
    head, tail = values[reach:0:-1], values[-2 : -reach - 2 : -1]
    longer = np.concatenate([2 * values[0] - head, values, 2 * values[-1] - tail])
    once = _run_filter(longer, low_pass)
    return _run_filter(once[::-1], low_pass)[::-1][reach : reach + len(values)]


def _run_filter(values: Floats, low_pass: tuple[float, float, float]) -> Floats:
    """Run a low-pass over ``(frames, columns)``, starting as if the first value had always been there."""
    b0, a1, a2 = low_pass
    out = np.empty_like(values)
    later = (b0 - a2) * values[0]
    soon = (2 * b0 - a1) * values[0] + later
    for t, value in enumerate(b0 * values):
        now = value + soon
        soon = 2 * value - a1 * now + later
        later = value - a2 * now
        out[t] = now
    return out


def _passed_share(rate_hz: float, cutoff_hz: float) -> float | None:
    """Return the share of white noise's variance left in raw minus smooth; None without a low-pass."""
    if rate_hz <= 2.2 * cutoff_hz:
        return None
    b0, a1, a2 = _low_pass(rate_hz, cutoff_hz)
    z = np.exp(-1j * np.pi * (np.arange(512) + 0.5) / 512)
    response = b0 * (1 + z) ** 2 / (1 + a1 * z + a2 * z * z)
    return float(((1 - np.abs(response) ** 2) ** 2).mean())


def _interpolated(at: Floats, values: Floats, wanted: Floats) -> Floats:
    return np.stack([np.interp(wanted, at, column) for column in values.T], axis=1)
