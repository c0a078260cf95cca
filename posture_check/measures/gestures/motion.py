"""GE-06 and GE-11: how far the hands travel, and the bow."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import from_vertical
from posture_check.measures.body import Body, Floats
from posture_check.measures.gestures.arm import WRISTS, in_use
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint
from posture_check.measures.series import Series

TRUNK = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP)
TRAVEL_S = 1.0
STEP_S = 0.1
"""A way is taken in steps of this time: shorter ones add up the jitter, longer ones cut the corners of a fast wave."""
UNSEEN_S = 0.3
"""A hand in use that is out of the picture for longer may have travelled any way."""
TRAVEL_ERROR_M = 0.12
"""What the picture plane and the stature leave uncertain of a second's way."""
SIDE_ON = 0.5
"""Sine of the yaw from which a lean fore and aft is seen."""
BOW_ERROR_DEG = 2.5
"""Lean against the same person's own upright: the offset of the landmarks falls out, the yaw's error stays."""


@measure("m", needs=TRUNK, min_seconds=1.0)
def hand_travel(body: Body) -> Series:
    """Way of the busier hand in the second in which it travels most, metres, hand raised or stretched out.

    One figure for the stretch. Steps of :data:`STEP_S` follow the motion and
    leave out the jitter; the way towards the camera is not seen.
    """
    time = body.track.time_s
    if len(time) < 2:
        return Series(np.full(len(body), np.nan))
    return Series(np.full(len(body), _travel(body, time)), 0.0, TRAVEL_ERROR_M)


def _travel(body: Body, time: Floats) -> float:
    ahead = np.searchsorted(time, time + STEP_S - 1e-6)
    whole = np.flatnonzero(ahead < len(time))
    ahead = ahead[whole]
    wrists = body.xy[:, WRISTS].astype(float)
    seen = body.inside[:, WRISTS]
    speed = np.linalg.norm(wrists[ahead] - wrists[whole], axis=-1) * body.m_per_px[whole, None]
    speed = speed / (time[ahead] - time[whole])[:, None]
    used = in_use(body)
    step = np.gradient(time)[whole, None]
    used = used[whole] | used[ahead]
    seen = seen[whole] & seen[ahead]
    if (step * (used & ~seen)).sum(axis=0).max() > UNSEEN_S:
        return float("nan")
    speed = np.where(seen & used, speed, 0.0)
    way = np.vstack([np.zeros((1, 2)), np.cumsum(np.nan_to_num(speed) * step, axis=0)])
    last = np.searchsorted(time[whole], time[whole] + TRAVEL_S - 1e-6)
    return float((way[np.minimum(last, len(whole))] - way[:-1]).max(initial=0.0))


def fore_lean_deg(body: Body) -> Floats:
    """Return the trunk's forward lean with the landmarks' own offset, ``(frames,)`` degrees; NaN where not side-on."""
    points = body.room
    trunk = midpoint(points, L.LEFT_SHOULDER, L.RIGHT_SHOULDER) - midpoint(points, L.LEFT_HIP, L.RIGHT_HIP)
    turn = np.radians(body.typical_yaw_deg)
    seen = np.abs(np.sin(turn))
    if not seen > SIDE_ON:
        return np.full(len(body), np.nan)
    return from_vertical(-np.sign(turn) * trunk[:, 0] / seen, trunk[:, 1])


@measure("deg", near=("SHOULDER", "HIP"), min_seconds=0.5)
def bow_lean(body: Body) -> Series:
    """Forward lean of the trunk at the deepest of a bow against the same person before and after it, degrees.

    One figure for the stretch, which must show the upright before or after; seen side-on or at an angle.
    """
    lean = fore_lean_deg(body)
    known = lean[np.isfinite(lean)]
    if not len(known):
        return Series(lean)
    deepest = float(np.percentile(known, 97) - np.percentile(known, 5))
    yaw_error = deepest * np.radians(offsets.YAW_ERROR_DEG) / np.abs(np.tan(np.radians(body.typical_yaw_deg)))
    return Series(np.full(len(body), deepest), 0.0, np.hypot(BOW_ERROR_DEG, yaw_error))
