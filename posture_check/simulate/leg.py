"""Legs: from planted feet or joint angles to joints that stand on the floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posture_check.simulate.pose import Foot, Hanging, Held, Leg, Planted
from posture_check.simulate.proportions import Proportions
from posture_check.simulate.rotation import MIRROR, apply, turn, unit

Floats = NDArray[np.floating[Any]]

# Heights of the landmarks inside the shoe and places along it, in statures.
HEEL_HEIGHT = 0.013
_TOE_HEIGHT = 0.009
TOE_AHEAD = 0.150
_BALL_AHEAD = 0.112
_KNEE_FOLLOWS_FOOT = 0.7
"""Share of the foot's direction against the pelvis's in where the knee points."""


@dataclass(frozen=True, slots=True)
class LegPoints:
    """Joints of both legs, in metres, world axes; second axis left, right.

    Attributes
    ----------
    pelvis
        ``(frames, 3)`` midpoint of the hip joints.
    pelvis_axes
        ``(frames, 3, 3)`` columns left, up, forward.
    hip, knee, ankle, heel, toe
        ``(frames, 2, 3)``.
    """

    pelvis: Floats
    pelvis_axes: Floats
    hip: Floats
    knee: Floats
    ankle: Floats
    heel: Floats
    toe: Floats


def foot_points(foot: Foot, size: Proportions, stature: float, frames: int) -> tuple[Floats, Floats, Floats]:
    """Return ankle, heel and toe landmark ``(frames, 3)`` of a placed foot in metres."""
    pitch = np.broadcast_to(np.asarray(foot.pitch, float), (frames,))
    raised, tipped = turn("x", np.maximum(pitch, 0)), turn("x", np.minimum(pitch, 0))
    ball = np.array([0.0, 0.0, _BALL_AHEAD])
    about_ball = [
        apply(raised, p - ball) + ball for p in ([0.0, size.ankle, size.ankle_ahead], [0.0, HEEL_HEIGHT, 0.0])
    ]
    # Toes bend at the ball: they stay on the floor while the heel rises.
    ankle, heel, toe = (apply(tipped, p) for p in (*about_ball, [0.0, _TOE_HEIGHT, TOE_AHEAD]))
    axes = turn("y", np.broadcast_to(np.asarray(foot.yaw, float), (frames,)))
    origin = _columns(foot.x, foot.lift, foot.z, frames)
    placed = [origin + stature * apply(axes, p) for p in (ankle, heel, toe)]
    return placed[0], placed[1], placed[2]


def planted_legs(legs: Planted, heading: Floats, size: Proportions, stature: float) -> LegPoints:
    """Return legs that stand on given feet.

    Parameters
    ----------
    legs
        Where the feet stand.
    heading
        ``(frames,)`` direction of the pelvis in degrees.
    size
        Proportions of the body.
    stature
        Metres.
    """
    n = len(heading)
    feet = [_placed(leg, size, stature, n) for leg in (legs.left, legs.right)]
    ankle, heel, toe = (np.stack([feet[0][i], feet[1][i]], axis=1) for i in range(3))
    thigh, shank = size.thigh * stature, size.shank * stature
    if legs.pelvis_height is None:
        bend = np.radians(
            np.stack([np.broadcast_to(np.asarray(k, float), (n,)) for k in (legs.knee_left, legs.knee_right)], 1)
        )
        length = np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(bend))
    else:
        length = np.full((n, 2), (thigh + shank) * 0.9995)
    middle = _columns(legs.pelvis_x, 0.0, legs.pelvis_z, n)
    axes, half = turn("y", heading), size.hip_half * stature
    roll = np.zeros(n)
    for _ in range(6):
        hip = _hips(middle, axes @ turn("z", np.degrees(roll)), half)
        away = ((hip - ankle)[..., [0, 2]] ** 2).sum(-1)
        height = ankle[..., 1] + np.sqrt(np.maximum(length**2 - away, 0))
        if legs.pelvis_height is None:
            roll = np.arcsin(np.clip((height[:, 0] - height[:, 1]) / (2 * half), -0.5, 0.5))
            middle[:, 1] = height.mean(1)
        else:
            middle[:, 1] = np.minimum(np.asarray(legs.pelvis_height, float), height.min(1))
    axes = axes @ turn("z", np.degrees(roll))
    hip = _hips(middle, axes, half)
    points_at = (1 - _KNEE_FOLLOWS_FOOT) * axes[:, None, :, 2] + _KNEE_FOLLOWS_FOOT * unit(toe - heel)
    for side, leg in enumerate((legs.left, legs.right)):
        if leg.knee is not None:
            points_at[:, side] = _columns(*leg.knee, n)
    knee = _middle_joint(hip, ankle, unit(points_at), thigh, shank)
    for side, leg in enumerate((legs.left, legs.right)):
        if isinstance(leg, Held):
            heel[:, side], toe[:, side] = _foot_on_shank(
                leg, hip[:, side], knee[:, side], ankle[:, side], size, stature
            )
    return LegPoints(middle, axes, hip, knee, ankle, heel, toe)


def _placed(leg: Foot | Held, size: Proportions, stature: float, n: int) -> tuple[Floats, Floats, Floats]:
    if isinstance(leg, Foot):
        return foot_points(leg, size, stature, n)
    ankle = _columns(leg.x, leg.y, leg.z, n)
    return ankle, ankle, ankle


def _foot_on_shank(
    leg: Held, hip: Floats, knee: Floats, ankle: Floats, size: Proportions, stature: float
) -> tuple[Floats, Floats]:
    """Heel and toe ``(frames, 3)`` of a foot that goes on from its shank, toes to where the thigh goes."""
    up = unit(knee - ankle)
    thigh = knee - hip
    ahead = unit(thigh - (thigh * up).sum(-1, keepdims=True) * up)
    axes = np.stack([np.cross(up, ahead), up, ahead], axis=-1)
    axes = axes @ turn("x", -np.broadcast_to(np.asarray(leg.ankle, float), (len(hip),)))
    local = np.array([0.0, size.ankle, size.ankle_ahead])
    heel, toe = ([0.0, HEEL_HEIGHT, 0.0], [0.0, _TOE_HEIGHT, TOE_AHEAD])
    return ankle + stature * apply(axes, heel - local), ankle + stature * apply(axes, toe - local)


def hanging_legs(legs: Hanging, heading: Floats, size: Proportions, stature: float) -> LegPoints:
    """Return legs with given joint angles; parameters as :func:`planted_legs`."""
    n = len(heading)
    axes = turn("y", heading)
    joints = [_one_hanging(leg, size, n) for leg in (legs.left, legs.right)]
    knee, ankle, heel, toe, sole = (
        stature * np.stack([apply(axes, left), apply(axes, right @ MIRROR)], axis=1)
        for left, right in zip(*joints, strict=True)
    )
    middle = _columns(legs.pelvis_x, 0.0, legs.pelvis_z, n)
    middle[:, 1] = -sole[..., 1].min(1) if legs.pelvis_height is None else np.asarray(legs.pelvis_height, float)
    hip = _hips(middle, axes, size.hip_half * stature)
    return LegPoints(middle, axes, hip, hip + knee, hip + ankle, hip + heel, hip + toe)


def _one_hanging(leg: Leg, size: Proportions, n: int) -> tuple[Floats, ...]:
    """Knee, ankle, heel, toe and lowest sole point of a left leg about its hip: statures, pelvis axes."""

    def about(axis: str, degrees: ArrayLike) -> Floats:
        return turn(axis, np.broadcast_to(np.asarray(degrees, float), (n,)))

    upper = about("x", -np.asarray(leg.flexion)) @ about("z", leg.abduction) @ about("y", -np.asarray(leg.rotation))
    lower = upper @ about("x", leg.knee)
    foot = lower @ about("x", -np.asarray(leg.ankle))
    knee = apply(upper, [0.0, -size.thigh, 0.0])
    ankle = knee + apply(lower, [0.0, -size.shank, 0.0])
    local = np.array([0.0, size.ankle, size.ankle_ahead])
    heel = ankle + apply(foot, np.array([0.0, HEEL_HEIGHT, 0.0]) - local)
    toe = ankle + apply(foot, np.array([0.0, _TOE_HEIGHT, TOE_AHEAD]) - local)
    ends = np.stack([ankle + apply(foot, np.array([0.0, 0.0, z]) - local) for z in (0.0, size.foot)])
    lowest = np.take_along_axis(ends, ends[..., 1:2].argmin(0)[None], axis=0)[0]
    return knee, ankle, heel, toe, lowest


def _middle_joint(hip: Floats, ankle: Floats, forward: Floats, thigh: float, shank: float) -> Floats:
    line = ankle - hip
    distance = np.linalg.norm(line, axis=-1, keepdims=True)
    way = line / distance
    along = (thigh**2 - shank**2 + distance**2) / (2 * distance)
    out = np.sqrt(np.maximum(thigh**2 - along**2, 0))
    return np.asarray(hip + along * way + out * unit(forward - (forward * way).sum(-1, keepdims=True) * way))


def _hips(middle: Floats, axes: Floats, half: float) -> Floats:
    left = half * axes[..., :, 0]
    return np.stack([middle + left, middle - left], axis=1)


def _columns(x: ArrayLike, y: ArrayLike, z: ArrayLike, n: int) -> Floats:
    return np.stack([np.broadcast_to(np.asarray(v, float), (n,)) for v in (x, y, z)], axis=-1).copy()
