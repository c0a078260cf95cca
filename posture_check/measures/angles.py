"""Plane angles: degrees, signed, wrapped to (-180, 180]. The one place where that convention is made."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def wrap_deg(angle: Floats | float) -> Floats:
    """Return angles in degrees wrapped to (-180, 180]."""
    return np.asarray(-((180.0 - np.asarray(angle, float)) % 360.0) + 180.0)


def from_vertical(across: Floats, up: Floats) -> Floats:
    """Return the angle of a vector from straight up in degrees, positive where ``across`` is positive."""
    return np.asarray(np.degrees(np.arctan2(across, up)))


def from_horizontal(across: Floats, up: Floats) -> Floats:
    """Return the angle of a vector from the positive ``across`` axis in degrees, upward positive."""
    return np.asarray(np.degrees(np.arctan2(up, across)))


def at_joint(a: Floats, joint: Floats, b: Floats) -> Floats:
    """Return the angle at ``joint`` between ``a`` and ``b``, ``(..., n)`` points, 0..180 degrees."""
    u, v = a - joint, b - joint
    cross = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    return np.asarray(np.degrees(np.arctan2(np.abs(cross), (u * v).sum(-1))))
