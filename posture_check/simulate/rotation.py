"""Small rotation helpers over frames: x to the person's left, y up, z forward; right-handed; degrees."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]

MIRROR = np.diag([-1.0, 1.0, 1.0])
"""Left becomes right: the reflection in the person's midplane."""

_AXES = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}


def turn(axis: str, degrees: ArrayLike) -> Floats:
    """Return matrices ``(..., 3, 3)`` that turn about x, y or z by the right-hand rule.

    About x the up axis falls forward, about y the forward axis swings to the left, about z the left axis
    rises.
    """
    angle = np.radians(np.asarray(degrees, float))
    a, b = _AXES[axis]
    out = np.zeros((*angle.shape, 3, 3))
    out[...] = np.eye(3)
    out[..., a, a] = out[..., b, b] = np.cos(angle)
    out[..., b, a] = np.sin(angle)
    out[..., a, b] = -np.sin(angle)
    return out


def apply(rotation: Floats, vector: ArrayLike) -> Floats:
    """Rotate vectors ``(..., 3)`` by matrices ``(..., 3, 3)``; leading axes broadcast."""
    return np.asarray((rotation @ np.asarray(vector, float)[..., None])[..., 0])


def unit(vector: ArrayLike) -> Floats:
    """Return vectors ``(..., 3)`` scaled to length 1; a vector of no length stays as it is."""
    v = np.asarray(vector, float)
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    return np.asarray(v / np.where(length > 0, length, 1.0))


def angle_between(a: ArrayLike, b: ArrayLike) -> Floats:
    """Return the angle between vectors ``(..., 3)`` in degrees, 0..180."""
    ua, ub = unit(a), unit(b)
    cross = np.linalg.norm(np.cross(ua, ub), axis=-1)
    return np.asarray(np.degrees(np.arctan2(cross, (ua * ub).sum(-1))))
