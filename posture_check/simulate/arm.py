"""Arms: from joint angles to joints, and from where a hand shall be to joint angles.

Everything here is a left arm in axes of the trunk; a right arm is the mirror image of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posture_check.simulate.hand import hand_points
from posture_check.simulate.pose import RELAXED_FINGERS, Arm, Value
from posture_check.simulate.proportions import Proportions
from posture_check.simulate.rotation import apply, turn, unit

Floats = NDArray[np.floating[Any]]

_REACH = 0.998
"""Share of the straight arm's length that a reach may use: beyond it the elbow's place is not defined."""


@dataclass(frozen=True, slots=True)
class ArmPoints:
    """Joints of a left arm about its shoulder, in statures, axes of the trunk.

    Attributes
    ----------
    elbow, wrist
        ``(frames, 3)``.
    hand
        ``(frames, 21, 3)``.
    """

    elbow: Floats
    wrist: Floats
    hand: Floats


def arm_points(arm: Arm, size: Proportions) -> ArmPoints:
    """Return the joints of an arm."""
    upper = turn("x", -_a(arm.flexion)) @ turn("z", arm.abduction) @ turn("y", -_a(arm.rotation))
    fore = upper @ turn("x", -_a(arm.elbow))
    hand = (
        fore @ turn("y", -_a(arm.pronation)) @ turn("z", -_a(arm.wrist_flexion)) @ turn("x", -_a(arm.wrist_deviation))
    )
    elbow = apply(upper, [0.0, -size.upper_arm, 0.0])
    wrist = elbow + apply(fore, [0.0, -size.forearm, 0.0])
    points = size.hand * hand_points(arm.fingers, arm.spread, arm.thumb_out)
    return ArmPoints(elbow, wrist, wrist[..., None, :] + points @ np.swapaxes(hand, -1, -2))


def reach(
    size: Proportions,
    wrist: ArrayLike,
    elbow_towards: ArrayLike,
    fingers_towards: ArrayLike | None = None,
    palm_towards: ArrayLike = (-1.0, 0.0, 0.0),
    fingers: tuple[Value, ...] = RELAXED_FINGERS,
) -> Arm:
    """Return the angles of an arm whose wrist is at a place.

    Parameters
    ----------
    size
        Proportions of the body.
    wrist
        Place of the wrist about the hips' midpoint in statures: outward (to the arm's own side), up, forward,
        in axes of the trunk.
    elbow_towards
        Direction the elbow points to, same axes.
    fingers_towards, palm_towards
        Direction of the straight fingers and of the palm, same axes; without the first the hand goes on along
        the forearm.
    fingers
        Flexion of the fingers, as in :class:`Arm`.
    """
    to_wrist = np.asarray(wrist, float) - shoulder_place(size)
    a, b = size.upper_arm, size.forearm
    distance = min(float(np.linalg.norm(to_wrist)), _REACH * (a + b))
    along = unit(to_wrist)
    side = np.asarray(elbow_towards, float)
    side = unit(side - (side @ along) * along)
    cos_shoulder = np.clip((a * a + distance**2 - b * b) / (2 * a * distance), -1, 1)
    elbow = a * (cos_shoulder * along + np.sqrt(1 - cos_shoulder**2) * side)
    upper_way, fore_way = unit(elbow), unit(distance * along - elbow)
    # The forearm bends in the plane of upper arm and wrist; the hinge is square to it.
    forward = unit(fore_way - (fore_way @ upper_way) * upper_way)
    upper = _frame(-upper_way, forward)
    flexion = np.degrees(np.arctan2(upper_way[2], -upper_way[1]))
    abduction = np.degrees(np.arcsin(np.clip(upper_way[0], -1, 1)))
    rest = (turn("x", -flexion) @ turn("z", abduction)).T @ upper
    bend = np.degrees(np.arccos(np.clip(upper_way @ fore_way, -1, 1)))
    fore = upper @ turn("x", -bend)
    way = fore_way if fingers_towards is None else unit(fingers_towards)
    pronation, wrist_flexion, deviation = _wrist_angles(fore, way, np.asarray(palm_towards, float))
    return Arm(
        flexion=float(flexion),
        abduction=float(abduction),
        rotation=float(-np.degrees(np.arctan2(rest[0, 2], rest[2, 2]))),
        elbow=float(bend),
        pronation=pronation,
        wrist_flexion=wrist_flexion,
        wrist_deviation=deviation,
        fingers=fingers,
    )


def shoulder_place(size: Proportions) -> Floats:
    """Return the left shoulder joint about the hips' midpoint in statures, axes of the trunk."""
    ahead = size.trunk * np.tan(np.radians(size.upright_lean_deg))
    return np.array([size.shoulder_half, size.trunk, ahead])


def _a(value: ArrayLike) -> Floats:
    return np.asarray(value, float)


def _frame(up: Floats, forward: Floats) -> Floats:
    return np.stack([np.cross(up, forward), up, forward], axis=-1)


def _wrist_angles(fore: Floats, fingers: Floats, palm: Floats) -> tuple[float, float, float]:
    """Pronation, flexion and deviation that bring the hand's axes to the fingers' and palm's directions."""
    palm = unit(palm - (palm @ fingers) * fingers)
    hand = np.stack([-palm, -fingers, np.cross(-palm, -fingers)], axis=-1)
    m = fore.T @ hand
    pronation = -np.arctan2(-m[2, 0], m[0, 0])
    flexion = -np.arcsin(np.clip(m[1, 0], -1, 1))
    deviation = -np.arctan2(-m[1, 2], m[1, 1])
    return float(np.degrees(pronation)), float(np.degrees(flexion)), float(np.degrees(deviation))
