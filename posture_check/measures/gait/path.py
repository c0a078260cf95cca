"""The way a person goes over the floor: which direction, how fast, and whether forwards or backwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.body import Body, Floats

BACKWARDS_M_PER_S = 0.2
"""Who goes faster than this against their facing walks backwards (slower is a person shifting on the spot)."""
OVER_S = 1.0
"""Speed is taken over about a stride: within one the ankles' middle hastens and waits."""


@dataclass(frozen=True, slots=True)
class Path:
    """The line a person walks.

    Attributes
    ----------
    along, across
        ``(2,)`` unit vectors on the floor (x to the camera's right, z away): where the person goes, and to the left of
        that.
    speed_mps
        Mean speed along the line.
    """

    along: Floats
    across: Floats
    speed_mps: float


def ankles_on_floor(body: Body) -> Floats:
    """Return where both ankles are over the floor, ``(frames, 2, 2)`` metres: left and right, x and z of the room."""
    height = offsets.ANKLE_HEIGHT * body.scene.stature_m
    seen = body.xy[:, [L.LEFT_ANKLE, L.RIGHT_ANKLE]].astype(float)
    return np.asarray(body.scene.camera.on_plane(seen, height)[..., [0, 2]])


def path_of(body: Body) -> Path | None:
    """Return the straight line that the ankles' middle follows, or None where it cannot be told.

    Least squares over all frames: the feet's own to and fro averages out over the steps.
    """
    middle = ankles_on_floor(body).mean(1)
    known = np.isfinite(middle).all(1)
    if known.sum() < 3:
        return None
    time = body.track.time_s[known]
    slope = np.polyfit(time - time.mean(), middle[known], 1)[0]
    speed = float(np.hypot(*slope))
    if speed < 1e-6:
        return None
    along = slope / speed
    # Left of the way on a floor seen from above with x to the right and z away.
    return Path(along, np.array([-along[1], along[0]]), speed)


def forward_speed(body: Body) -> Floats:
    """Return the speed along the person's facing, ``(frames,)`` m/s, averaged over about a stride; backwards negative.

    Seen side-on, the way across the picture counts; towards or away from the camera the floor tells.
    """
    time = body.track.time_s.astype(float)
    facing = np.radians(body.steady_yaw_deg)
    # x by the apparent size is steadier than by the feet on the floor, where they may be hidden; z is the floor's.
    hips = (body.room[:, L.LEFT_HIP, 0] + body.room[:, L.RIGHT_HIP, 0]) / 2
    away = ankles_on_floor(body)[..., 1].mean(1)
    speed = -np.sin(facing) * _slope(time, hips) - np.cos(facing) * np.nan_to_num(_slope(time, away))
    return np.asarray(speed)


def backwards(body: Body) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return whether the person walks backwards, ``(frames,)``."""
    with np.errstate(invalid="ignore"):
        return np.asarray(forward_speed(body) < -BACKWARDS_M_PER_S)


def goes_backwards(body: Body) -> bool:
    """Return whether the person walks backwards for most of the time."""
    return bool(backwards(body).mean() > 0.5) if len(body) else False


def _slope(time_s: Floats, values: Floats) -> Floats:
    """Return the slope of the least-squares line through about a second around every frame, ``(frames,)``."""
    known = np.isfinite(values)
    if known.sum() < 3:
        return np.full(len(values), np.nan)
    t, v = time_s[known] - time_s[known][0], values[known]
    sums = np.cumsum(np.stack([np.ones_like(t), t, v, t * t, t * v]), axis=1)
    sums = np.concatenate([np.zeros((5, 1)), sums], axis=1)
    now = time_s - time_s[known][0]
    low, high = np.searchsorted(t, now - OVER_S / 2), np.searchsorted(t, now + OVER_S / 2, side="right")
    n, st, sv, stt, stv = sums[:, high] - sums[:, low]
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = (n * stv - st * sv) / (n * stt - st * st)
    return np.where((n >= 3) & (high > low), slope, np.nan)
