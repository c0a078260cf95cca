"""What the simulated person does, in anatomical terms.

Every figure is a number or an array ``(frames,)``: a pose is a movement as well. Angles are in degrees,
lengths in metres. World axes: x to the left of a person of heading 0, y up, z forward, the floor is y = 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Value = float | Floats
Way = tuple[Value, Value, Value]
"""A direction or a place: left, up, forward."""

RELAXED_FINGERS: tuple[float, ...] = (20.0, 22.0, 24.0, 26.0, 28.0)
STRAIGHT_FINGERS: tuple[float, ...] = (5.0, 3.0, 3.0, 3.0, 3.0)
FIST: tuple[float, ...] = (35.0, 80.0, 80.0, 80.0, 80.0)


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm; everything zero is an arm hanging straight down with the thumb forward.

    Attributes
    ----------
    flexion
        Upper arm forward.
    abduction
        Upper arm out to its own side, out of the plane that ``flexion`` moves it in.
    rotation
        Upper arm about itself, inward positive.
    elbow
        Elbow flexion, 0 = straight.
    pronation
        Forearm about itself from thumb forward, palm backward positive.
    wrist_flexion
        Hand towards its palm.
    wrist_deviation
        Hand towards its thumb.
    fingers
        Flexion of each joint of thumb, index, middle, ring and little finger.
    spread
        Angle between neighbouring fingers.
    thumb_out
        Thumb away from the index finger, more than a relaxed thumb is.
    """

    flexion: Value = 0.0
    abduction: Value = 0.0
    rotation: Value = 0.0
    elbow: Value = 0.0
    pronation: Value = 0.0
    wrist_flexion: Value = 0.0
    wrist_deviation: Value = 0.0
    fingers: tuple[Value, ...] = RELAXED_FINGERS
    spread: Value = 3.0
    thumb_out: Value = 0.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg by its joint angles; everything zero is a straight leg with the foot flat.

    Attributes
    ----------
    flexion, abduction, rotation
        Hip: thigh forward; out to its own side; about itself, inward positive.
    knee
        Knee flexion, 0 = straight.
    ankle
        Toes up positive.
    """

    flexion: Value = 0.0
    abduction: Value = 0.0
    rotation: Value = 0.0
    knee: Value = 0.0
    ankle: Value = 0.0


@dataclass(frozen=True, slots=True)
class Foot:
    """One foot placed in the world.

    Attributes
    ----------
    x, z
        Rearmost point of the heel on the floor, metres.
    yaw
        Direction of the foot, to the person's left positive (for either foot).
    pitch
        Heel raised about the ball of the foot (positive) or toes raised about the heel (negative).
    lift
        Height of the sole above the floor, metres.
    knee
        World direction the knee points to from the hip: left, up, forward. None: about where the foot points.
    """

    x: Value
    z: Value
    yaw: Value = 0.0
    pitch: Value = 0.0
    lift: Value = 0.0
    knee: Way | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """One leg held in the air by a seated person; the foot goes on from the shank.

    Attributes
    ----------
    x, y, z
        Ankle joint, metres.
    knee
        World direction the knee points to from the hip: left, up, forward.
    ankle
        Toes towards the shin positive; 0 has the foot square to the shank.
    """

    x: Value
    y: Value
    z: Value
    knee: Way = (0.0, 0.0, 1.0)
    ankle: Value = 0.0


@dataclass(frozen=True, slots=True)
class Planted:
    """Legs by where the feet stand; hips and knees follow.

    Attributes
    ----------
    left, right
        The feet, or legs held in the air.
    knee_left, knee_right
        Knee flexion; it decides how high each hip is, so unequal knees drop one side of the pelvis. Not used
        where ``pelvis_height`` is given.
    pelvis_x, pelvis_z
        Midpoint of the hip joints over the floor, metres.
    pelvis_height
        Height of the hip joints, metres; lowered as far as the legs need to reach the feet.
    """

    left: Foot | Held
    right: Foot | Held
    pelvis_x: Value = 0.0
    pelvis_z: Value = 0.0
    knee_left: Value = 5.0
    knee_right: Value = 5.0
    pelvis_height: Value | None = None


@dataclass(frozen=True, slots=True)
class Hanging:
    """Legs by their joint angles; the pelvis is as high as the lower foot needs, or as given (a seat).

    Attributes
    ----------
    left, right
        The legs.
    pelvis_x, pelvis_z
        Midpoint of the hip joints over the floor, metres.
    pelvis_height
        Height of the hip joints, metres; None puts the lowest foot on the floor.
    """

    left: Leg = field(default_factory=Leg)
    right: Leg = field(default_factory=Leg)
    pelvis_x: Value = 0.0
    pelvis_z: Value = 0.0
    pelvis_height: Value | None = None


@dataclass(frozen=True, slots=True)
class Pose:
    """A whole body over time.

    Attributes
    ----------
    heading
        Direction the pelvis faces, to the left positive.
    trunk_flexion, trunk_lateral
        Lean of the line from the hips' to the shoulders' midpoint against the body's natural upright:
        forward, to the person's left.
    trunk_rotation
        Shoulders against the pelvis about the trunk, to the left positive.
    shoulder_tilt
        Shoulder line against the trunk, left shoulder higher positive.
    shoulder_raise
        Both shoulders lifted, metres.
    head_pitch, head_yaw, head_roll
        Head against a level head facing along the heading: down, to the left, to the left positive; applied
        as yaw, then pitch, then roll.
    left_arm, right_arm
        The arms, against the trunk.
    legs
        The legs.
    """

    legs: Planted | Hanging
    left_arm: Arm = field(default_factory=Arm)
    right_arm: Arm = field(default_factory=Arm)
    heading: Value = 0.0
    trunk_flexion: Value = 0.0
    trunk_lateral: Value = 0.0
    trunk_rotation: Value = 0.0
    shoulder_tilt: Value = 0.0
    shoulder_raise: Value = 0.0
    head_pitch: Value = 0.0
    head_yaw: Value = 0.0
    head_roll: Value = 0.0

    def mirrored(self) -> Pose:
        """Return the pose that a mirror shows: left and right exchanged."""
        flipped = {name: _minus(getattr(self, name)) for name in _SIDEWAYS}
        return replace(self, legs=mirrored_legs(self.legs), left_arm=self.right_arm, right_arm=self.left_arm, **flipped)


_SIDEWAYS = ("heading", "trunk_lateral", "trunk_rotation", "shoulder_tilt", "head_yaw", "head_roll")


def _minus(value: Value) -> Value:
    return -value


def mirrored_legs(legs: Planted | Hanging) -> Planted | Hanging:
    """Return the legs that a mirror shows."""
    if isinstance(legs, Hanging):
        return replace(legs, left=legs.right, right=legs.left, pelvis_x=_minus(legs.pelvis_x))
    left, right = (_mirrored_foot(foot) for foot in (legs.right, legs.left))
    return replace(
        legs,
        left=left,
        right=right,
        pelvis_x=_minus(legs.pelvis_x),
        knee_left=legs.knee_right,
        knee_right=legs.knee_left,
    )


def _mirrored_foot(foot: Foot | Held) -> Foot | Held:
    knee = None if foot.knee is None else (_minus(foot.knee[0]), foot.knee[1], foot.knee[2])
    if isinstance(foot, Held):
        assert knee is not None
        return replace(foot, x=_minus(foot.x), knee=knee)
    return replace(foot, x=_minus(foot.x), yaw=_minus(foot.yaw), knee=knee)


def frames_of(pose: Pose) -> int:
    """Return the number of frames of a pose, 1 if every figure is a number.

    Raises
    ------
    ValueError
        If its arrays differ in length.
    """
    lengths = {np.shape(v)[0] for v in _values(pose) if np.ndim(v)}
    if len(lengths - {1}) > 1:
        raise ValueError(f"pose: arrays of different lengths {sorted(lengths)}")
    return max(lengths, default=1)


def _values(part: Any) -> list[Any]:
    out: list[Any] = []
    for f in fields(part):
        value = getattr(part, f.name)
        if isinstance(value, (Arm, Leg, Foot, Held, Planted, Hanging)):
            out += _values(value)
        elif isinstance(value, tuple):
            out += value
        elif value is not None:
            out.append(value)
    return out
