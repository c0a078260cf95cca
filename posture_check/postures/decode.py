"""The most likely sequence of postures: Viterbi decoding with costs that depend on time, not on frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.measures.series import CORRELATION_S

Floats = NDArray[np.floating[Any]]

CHANGE = 4.0
"""What a change of posture costs (log-likelihood). At full evidence a posture must last
``2 x CHANGE / (3 / CORRELATION_S)`` = 0.53 s to be one: nobody sits, walks or squats for less."""


def most_likely(speaks: Floats, time_s: Floats, change: Floats) -> NDArray[np.intp]:
    """Return the most likely state of each frame.

    Parameters
    ----------
    speaks
        ``(frames, states)`` log-likelihoods of a frame.
    time_s
        ``(frames,)`` seconds. A frame counts for the time until the next one, at most as one independent look
        (:data:`~posture_check.measures.series.CORRELATION_S`), so that the frame rate does not matter.
    change
        ``(states, states)`` cost of going from one state (row) to another (column).
    """
    frames, states = speaks.shape
    gaps = np.diff(time_s, append=time_s[-1] + (np.median(np.diff(time_s)) if frames > 1 else CORRELATION_S))
    weighted = speaks * np.minimum(gaps / CORRELATION_S, 1.0)[:, None]
    came_from = np.zeros((frames, states), np.intp)
    best = weighted[0].copy()
    columns = np.arange(states)
    for i in range(1, frames):
        by_way = best[:, None] - change
        came_from[i] = by_way.argmax(0)
        best = by_way[came_from[i], columns] + weighted[i]
    path = np.zeros(frames, np.intp)
    path[-1] = int(best.argmax())
    for i in range(frames - 1, 0, -1):
        path[i - 1] = came_from[i, path[i]]
    return path


def costs(states: tuple[str, ...], never: tuple[tuple[str, str], ...]) -> Floats:
    """Return the cost of every change; those of ``never`` are impossible in either direction."""
    change = np.full((len(states), len(states)), CHANGE)
    np.fill_diagonal(change, 0.0)
    for a, b in never:
        i, j = states.index(a), states.index(b)
        change[i, j] = change[j, i] = np.inf
    return change
