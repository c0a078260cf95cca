"""Errors of simulated landmarks: jitter from frame to frame and slow wandering."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import POSE_LANDMARKS

Floats = NDArray[np.floating[Any]]

_WAVES = 6
_SLOWEST_HZ, _FASTEST_HZ = 0.15, 1.2


def jitter(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Return white noise of variance 1, ``(*shape, 2)``."""
    return rng.standard_normal((*shape, 2))


def drift(rng: np.random.Generator, time_s: Floats) -> Floats:
    """Return slow noise of variance 1, ``(frames, 33, 2)``: a function of time, whatever the frame rate."""
    shape = (POSE_LANDMARKS, 2, _WAVES)
    frequency = np.exp(rng.uniform(np.log(_SLOWEST_HZ), np.log(_FASTEST_HZ), shape))
    phase, size = rng.uniform(0, 2 * np.pi, shape), rng.rayleigh(1 / np.sqrt(_WAVES), shape)
    out = np.zeros((len(time_s), POSE_LANDMARKS, 2))
    for i in range(_WAVES):
        out += size[..., i] * np.cos(2 * np.pi * frequency[..., i] * time_s[:, None, None] + phase[..., i])
    return out
