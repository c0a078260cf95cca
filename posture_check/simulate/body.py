"""A parametric person: stature, proportions and a pose give every landmark in metres.

World axes: x to the left of a person of heading 0, y up, z forward, floor y = 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import HAND_LANDMARKS, POSE_LANDMARKS, H, L
from posture_check.simulate.arm import arm_points, shoulder_place
from posture_check.simulate.leg import LegPoints, hanging_legs, planted_legs
from posture_check.simulate.pose import Arm, Planted, Pose, frames_of
from posture_check.simulate.proportions import Proportions
from posture_check.simulate.rotation import MIRROR, apply, turn

Floats = NDArray[np.floating[Any]]

# Points of the head about the point it turns on (behind and a little below the ears), in statures, as
# measured on rendered people; they agree with the usual face lengths (eyes 6.2 cm apart, ear to nose tip 12.5
# cm).
_HEAD: dict[L, tuple[float, float, float]] = {
    L.NOSE: (0.0, -0.005, 0.084),
    L.LEFT_EYE_INNER: (0.009, 0.016, 0.062),
    L.LEFT_EYE: (0.018, 0.017, 0.061),
    L.LEFT_EYE_OUTER: (0.026, 0.016, 0.056),
    L.LEFT_EAR: (0.049, 0.012, 0.010),
    L.MOUTH_LEFT: (0.011, -0.023, 0.075),
}
_HEAD_TOP = (0.0, 0.081, 0.016)
_CHIN = (0.0, -0.052, 0.066)
_SKULL = (0.0, 0.024, 0.018)
_NECK_ABOVE_SHOULDERS = 0.030
_NECK = 0.071
_NECK_BACK = -0.004


@dataclass(frozen=True, slots=True)
class Figure:
    """The body over time, exactly.

    Attributes
    ----------
    points
        ``(frames, 33, 3)`` pose landmarks in metres, world axes.
    hands
        ``(frames, 2, 21, 3)`` hand landmarks, left hand first.
    head_top, chin, skull, neck, pelvis
        ``(frames, 3)``; ``skull`` is the middle of the head, ``neck`` its lower end, ``pelvis`` the hips'
        midpoint.
    heading
        ``(frames,)`` direction of the pelvis in degrees, to the left positive.
    trunk_axes, head_axes, pelvis_axes
        ``(frames, 3, 3)`` columns left, up, forward.
    """

    points: Floats
    hands: Floats
    head_top: Floats
    chin: Floats
    skull: Floats
    neck: Floats
    pelvis: Floats
    heading: Floats
    trunk_axes: Floats
    head_axes: Floats
    pelvis_axes: Floats

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.points)


@dataclass(frozen=True, slots=True)
class Body:
    """A person's build.

    Attributes
    ----------
    stature_m
        Height in metres, standing straight in shoes.
    size
        Proportions as fractions of stature.
    """

    stature_m: float = 1.72
    size: Proportions = field(default_factory=Proportions)

    def figure(self, pose: Pose, frames: int | None = None) -> Figure:
        """Return where every landmark is.

        Parameters
        ----------
        pose
            What the body does; arrays are ``(frames,)``.
        frames
            Number of frames; taken from the pose where it has arrays.
        """
        n = max(frames or 1, frames_of(pose))
        heading = np.broadcast_to(np.asarray(pose.heading, float), (n,))
        legs = self._legs(pose, heading)
        trunk = self._trunk_axes(pose, heading)
        points = np.empty((n, POSE_LANDMARKS, 3))
        for i, side in enumerate(("LEFT", "RIGHT")):
            for name in ("hip", "knee", "ankle", "heel"):
                points[:, L[f"{side}_{name.upper()}"]] = getattr(legs, name)[:, i]
            points[:, L[f"{side}_FOOT_INDEX"]] = legs.toe[:, i]
        points[:, L.LEFT_SHOULDER], points[:, L.RIGHT_SHOULDER] = self._shoulders(pose, legs.pelvis, trunk)
        hands = np.empty((n, 2, HAND_LANDMARKS, 3))
        self._put_arm(points, hands, 0, pose.left_arm, trunk)
        self._put_arm(points, hands, 1, pose.right_arm, trunk)
        head = self._head_axes(pose, heading)
        neck, skull = self._put_head(points, legs.pelvis, trunk, head)
        top, chin, middle = (skull + self.stature_m * apply(head, p) for p in (_HEAD_TOP, _CHIN, _SKULL))
        return Figure(points, hands, top, chin, middle, neck, legs.pelvis, heading, trunk, head, legs.pelvis_axes)

    def _legs(self, pose: Pose, heading: Floats) -> LegPoints:
        if isinstance(pose.legs, Planted):
            return planted_legs(pose.legs, heading, self.size, self.stature_m)
        return hanging_legs(pose.legs, heading, self.size, self.stature_m)

    def _trunk_axes(self, pose: Pose, heading: Floats) -> Floats:
        """Axes in which the lean of the hip-shoulder line is exactly the natural lean plus what was asked."""
        n, lateral = len(heading), np.asarray(pose.trunk_lateral, float)
        natural = self.size.upright_lean_deg
        wanted = np.radians(natural + np.asarray(pose.trunk_flexion, float))
        # Leaning sideways afterwards shortens the height and would make the forward lean look larger.
        flexion = np.degrees(np.arctan(np.tan(wanted) * np.cos(np.radians(lateral)))) - natural
        axes = turn("y", heading) @ _each(turn("z", -lateral), n) @ _each(turn("x", flexion), n)
        along = turn("x", natural)
        spin = along @ turn("y", pose.trunk_rotation) @ along.T
        return np.asarray(axes @ _each(spin, n))

    def _shoulders(self, pose: Pose, pelvis: Floats, trunk: Floats) -> tuple[Floats, Floats]:
        place = self.stature_m * shoulder_place(self.size)
        middle = pelvis + apply(trunk, place * [0, 1, 1])
        middle = middle + np.asarray(pose.shoulder_raise, float)[..., None] * trunk[..., :, 1]
        half = place[0] * (trunk @ _each(turn("z", pose.shoulder_tilt), len(trunk)))[..., :, 0]
        return middle + half, middle - half

    def _head_axes(self, pose: Pose, heading: Floats) -> Floats:
        yaw = turn("y", heading + np.asarray(pose.head_yaw, float))
        return np.asarray(yaw @ turn("x", pose.head_pitch) @ turn("z", -np.asarray(pose.head_roll, float)))

    def _put_head(self, points: Floats, pelvis: Floats, trunk: Floats, head: Floats) -> tuple[Floats, Floats]:
        ahead = shoulder_place(self.size)[2]
        base = [0.0, self.size.trunk + _NECK_ABOVE_SHOULDERS, ahead + _NECK_BACK]
        neck = pelvis + self.stature_m * apply(trunk, base)
        # The neck bends half as far as the head turns away from the trunk.
        skull = neck + self.stature_m * _NECK * 0.5 * (trunk[..., :, 1] + head[..., :, 1])
        for landmark, place in _HEAD.items():
            points[:, landmark] = skull + self.stature_m * apply(head, place)
            if "LEFT" in landmark.name:
                other = L[landmark.name.replace("LEFT", "RIGHT")]
                points[:, other] = skull + self.stature_m * apply(head, MIRROR @ place)
        return neck, skull

    def _put_arm(self, points: Floats, hands: Floats, side: int, arm: Arm, trunk: Floats) -> None:
        name = ("LEFT", "RIGHT")[side]
        joints = arm_points(arm, self.size)
        mirror = np.eye(3) if side == 0 else MIRROR
        shoulder = points[:, L[f"{name}_SHOULDER"]]
        points[:, L[f"{name}_ELBOW"]] = shoulder + self.stature_m * apply(trunk, joints.elbow @ mirror)
        hand = self.stature_m * (joints.hand @ mirror) @ np.swapaxes(trunk, -1, -2)
        hands[:, side] = shoulder[:, None] + hand
        for landmark, point in _HAND_LANDMARKS.items():
            points[:, L[f"{name}_{landmark}"]] = hands[:, side, point]


_HAND_LANDMARKS = {"WRIST": H.WRIST, "PINKY": H.PINKY_MCP, "INDEX": H.INDEX_MCP, "THUMB": H.THUMB_MCP}


def _each(rotation: Floats, n: int) -> Floats:
    return np.broadcast_to(rotation, (n, 3, 3))
