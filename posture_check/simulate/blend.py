"""From one pose to another: movements as mixtures of poses, share by share over time."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posture_check.simulate.pose import Arm, Foot, Held, Planted, Pose

Floats = NDArray[np.floating[Any]]
_Part = TypeVar("_Part", Pose, Planted, Foot, Held, Arm)


def ease(x: ArrayLike) -> Floats:
    """Return 0..1 from 0..1, slowly at both ends (a cubic); outside it stays at the ends."""
    u = np.clip(np.asarray(x, float), 0, 1)
    return np.asarray(u * u * (3 - 2 * u))


def smooth(x: ArrayLike) -> Floats:
    """Return 0..1 from 0..1 without a jolt: the path of least jerk, as of human reaching (Flash & Hogan 1985)."""
    u = np.clip(np.asarray(x, float), 0, 1)
    return np.asarray(u**3 * (10 - 15 * u + 6 * u * u))


def during(time_s: Floats, start_s: float, stop_s: float, in_s: float, out_s: float | None = None) -> Floats:
    """Return 0 before and after a stretch of time, 1 within, with smooth flanks inside the stretch."""
    time_s = np.asarray(time_s, float)
    out_s = in_s if out_s is None else out_s
    rise = smooth((time_s - start_s) / max(in_s, 1e-9))
    fall = smooth((stop_s - time_s) / max(out_s, 1e-9))
    return np.minimum(rise, fall)


def blend(first: _Part, second: _Part, share: ArrayLike) -> _Part:
    """Return a mixture of two poses (or of the same part of them), figure by figure.

    Parameters
    ----------
    first, second
        What they look like at share 0 and at share 1; legs must be planted, feet of the same kind.
    share
        ``(frames,)`` or one number.

    Raises
    ------
    TypeError
        If their parts are of different kinds.
    """
    changed = {f.name: _mixed(getattr(first, f.name), getattr(second, f.name), share) for f in fields(first)}
    return replace(first, **changed)


def _mixed(a: Any, b: Any, share: ArrayLike) -> Any:
    if type(a) is not type(b) and not (np.isscalar(a) or np.isscalar(b)):
        raise TypeError(f"blend: {type(a).__name__} and {type(b).__name__} do not mix")
    if a is None:
        return None
    if isinstance(a, tuple):
        return tuple(_mixed(x, y, share) for x, y in zip(a, b, strict=True))
    if isinstance(a, (Pose, Planted, Foot, Held, Arm)):
        return blend(a, b, share)
    s = np.asarray(share, float)
    return (1 - s) * np.asarray(a, float) + s * np.asarray(b, float)


def chosen(first: Pose, second: Pose, take_second: NDArray[np.bool_]) -> Pose:
    """Return the second pose in the frames where it is asked for, else the first."""
    return blend(first, second, take_second.astype(float))
