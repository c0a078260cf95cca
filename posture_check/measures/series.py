"""A measured quantity over time, and its summary with an honest error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

CORRELATION_S = 0.2
"""Jitter of neighbouring frames is not independent; about this much time must pass until it is."""


@dataclass(frozen=True, slots=True)
class Series:
    """One quantity per frame.

    Attributes
    ----------
    value
        ``(frames,)`` in the measure's unit, NaN where it cannot be seen.
    noise
        ``(frames,)`` or scalar: standard deviation of the jitter of a single frame; averages out over a hold.
    systematic
        ``(frames,)`` or scalar: standard error that stays however long one looks (landmark bias, camera, view).
    """

    value: Floats
    noise: Floats | float = 0.0
    systematic: Floats | float = 0.0

    def masked(self, keep: NDArray[np.bool_]) -> Series:
        """Return the series with NaN where ``keep`` is false."""
        return Series(np.where(keep, self.value, np.nan), self.noise, self.systematic)


@dataclass(frozen=True, slots=True)
class Value:
    """A quantity judged over a hold.

    Attributes
    ----------
    value
        Median over the hold.
    error
        One standard error.
    frames
        Number of frames it rests on.
    evidence
        Index of the frame whose value lies nearest the median.
    """

    value: float
    error: float
    frames: int
    evidence: int


def summarise(series: Series, time_s: Floats) -> Value | None:
    """Return the median over all frames that show the quantity, or None if none does.

    The standard error of a median of n independent normal values is 1.253 sd / sqrt(n) (Kenney and Keeping, Mathematics
    of Statistics, 1962); n counts independent frames, :data:`CORRELATION_S` apart.

    Parameters
    ----------
    series
        What was measured, ``(frames,)``.
    time_s
        ``(frames,)`` seconds.
    """
    value = np.asarray(series.value, float)
    seen = np.isfinite(value)
    frames = int(seen.sum())
    if frames == 0:
        return None
    middle = float(np.median(value[seen]))
    span = float(time_s[seen][-1] - time_s[seen][0]) if frames > 1 else 0.0
    independent = min(frames, 1 + span / CORRELATION_S)
    noise = _typical(series.noise, seen) * (1.253 if independent > 2 else 1.0) / np.sqrt(independent)
    error = float(np.hypot(noise, _typical(series.systematic, seen)))
    evidence = int(np.nanargmin(np.where(seen, np.abs(value - middle), np.nan)))
    return Value(middle, error, frames, evidence)


def _typical(error: Floats | float, seen: NDArray[np.bool_]) -> float:
    values = np.broadcast_to(np.asarray(error, float), seen.shape)[seen]
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else 0.0
