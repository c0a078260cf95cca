"""Ways to place the feet and the arms of a standing person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from posture_check.simulate.arm import reach
from posture_check.simulate.body import Body
from posture_check.simulate.leg import TOE_AHEAD
from posture_check.simulate.pose import FIST, STRAIGHT_FINGERS, Arm, Foot, Planted, Value
from posture_check.simulate.proportions import Proportions

Feet = tuple[Foot, Foot]

_HIPS_BEHIND_ANKLES = 0.012
"""In statures: a relaxed person's hip joints stand so far behind the ankles' midpoint (rendered people)."""


def v_feet(body: Body, angle_deg: float = 60.0, heel_gap_m: float = 0.01) -> Feet:
    """Return feet with the heels so far apart (edge to edge) and opened by an angle."""
    apart = heel_gap_m + body.size.heel_width * body.stature_m
    return Foot(apart / 2, 0.0, angle_deg / 2), Foot(-apart / 2, 0.0, -angle_deg / 2)


def fist_feet(body: Body, toe_gap_m: float = 0.10, heel_gap_m: float = 0.01) -> Feet:
    """Return feet with so much room between the heels and between the toes (edge to edge).

    Raises
    ------
    ValueError
        If the feet are too short to open that far.
    """
    h = body.stature_m
    across = (toe_gap_m - heel_gap_m + (body.size.toe_width - body.size.heel_width) * h) / (2 * TOE_AHEAD * h)
    if not -1 < across < 1:
        raise ValueError(f"toe gap of {toe_gap_m} m: the feet are too short for it")
    return v_feet(body, 2 * float(np.degrees(np.arcsin(across))), heel_gap_m)


def parallel_feet(body: Body, ankle_gap_over_shoulder: float = 0.85, angle_deg: float = 8.0) -> Feet:
    """Return feet beside one another, ankles so many shoulder widths apart (joint centres)."""
    size, h = body.size, body.stature_m
    ankles = ankle_gap_over_shoulder * 2 * size.shoulder_half * h
    heels = ankles - 2 * size.ankle_ahead * h * np.sin(np.radians(angle_deg / 2))
    return v_feet(body, angle_deg, float(heels) - size.heel_width * h)


def t_feet(body: Body, front: Literal["left", "right"] = "right", angle_deg: float = 52.0) -> Feet:
    """Return feet in a T: the heel of the front foot at the arch of the rear foot, which is turned out."""
    h = body.stature_m
    rear = Foot(-0.011 * h, -0.063 * h, angle_deg - 4.0)
    ahead = Foot(0.017 * h, 0.0, -4.0)
    if front == "right":
        return rear, ahead
    return _mirrored(ahead), _mirrored(rear)


def stand_on(
    body: Body,
    feet: Feet,
    knee_left: Value = 5.0,
    knee_right: Value = 5.0,
    shift_x: Value = 0.0,
    shift_z: Value = 0.0,
) -> Planted:
    """Return legs that stand on placed feet, the hips over their middle but for a shift in metres."""
    ahead = body.size.ankle_ahead * body.stature_m
    yaws = [np.radians(foot.yaw) for foot in feet]
    x = sum(foot.x + ahead * np.sin(yaw) for foot, yaw in zip(feet, yaws, strict=True)) / 2
    z = sum(foot.z + ahead * np.cos(yaw) for foot, yaw in zip(feet, yaws, strict=True)) / 2
    return Planted(
        *feet,
        pelvis_x=x + shift_x,
        pelvis_z=z - _HIPS_BEHIND_ANKLES * body.stature_m + shift_z,
        knee_left=knee_left,
        knee_right=knee_right,
    )


def _mirrored(foot: Foot) -> Foot:
    return Foot(-foot.x, foot.z, -foot.yaw, foot.pitch, foot.lift)


# Places (outward, up, forward, about the hips' midpoint) and directions were read off rendered people and
# moved to the proportions of this body.


def _side(size: Proportions) -> Arm:
    return Arm(flexion=0.0, abduction=5.0, rotation=10.0, elbow=10.0, pronation=10.0)


def _in_front(size: Proportions, upper: bool) -> Arm:
    place = (0.045, 0.048, 0.122) if upper else (0.045, 0.040, 0.104)
    return reach(size, place, (1, -0.6, -0.5), (-1, -0.3, 0.0), (0, 0, -1), STRAIGHT_FINGERS)


def _behind(size: Proportions, upper: bool) -> Arm:
    place = (0.034, 0.045, -0.112) if upper else (0.034, 0.040, -0.095)
    return reach(size, place, (1, 0.1, -0.8), (-1, -0.4, 0.0), (0, 0, -1))


def _on_hip(size: Proportions) -> Arm:
    return reach(size, (0.128, 0.082, 0.012), (1, 0.1, -0.35), (-0.45, -0.3, 0.85), (-1, -0.3, -0.2))


def _in_pocket(size: Proportions) -> Arm:
    return reach(size, (0.112, 0.028, 0.037), (0.7, 0.0, -1), (-0.35, -0.9, 0.1), (-1, 0.2, 0.1), FIST)


def _crossed(size: Proportions, upper: bool) -> Arm:
    place = (-0.045, 0.150, 0.140) if upper else (-0.045, 0.170, 0.116)
    return reach(size, place, (0.4, -1, 0.2), (-1, 0.5, -0.25), (0, -0.2, -1))


Arms = tuple[Arm, Arm]
HANDS: dict[str, Callable[[Proportions], Arms]] = {
    "sides": lambda s: (_side(s), _side(s)),
    "front_right_over_left": lambda s: (_in_front(s, False), _in_front(s, True)),
    "front_left_over_right": lambda s: (_in_front(s, True), _in_front(s, False)),
    "behind": lambda s: (_behind(s, False), _behind(s, True)),
    "hips": lambda s: (_on_hip(s), _on_hip(s)),
    "hip_left": lambda s: (_on_hip(s), _side(s)),
    "hip_right": lambda s: (_side(s), _on_hip(s)),
    "crossed": lambda s: (_crossed(s, False), _crossed(s, True)),
    "pockets": lambda s: (_in_pocket(s), _in_pocket(s)),
    "pocket_left": lambda s: (_in_pocket(s), _side(s)),
    "pocket_right": lambda s: (_side(s), _in_pocket(s)),
}
"""Where the hands are: left and right arm for a body of given proportions."""


def arm_states(hands: str) -> tuple[str, str]:
    """Return the true state of the left and the right arm (``landmarks.track.ARM_STATES``)."""
    kind, _, only = hands.partition("_")
    state = {"hips": "hip", "hip": "hip", "pockets": "pocket", "pocket": "pocket", "crossed": "crossed"}.get(
        kind, "free"
    )
    return ("free" if only == "right" else state, "free" if only == "left" else state)
