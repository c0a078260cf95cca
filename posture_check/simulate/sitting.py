"""A person on a chair, every deviation from the model posture a figure of its own.

The middle of the seat's front edge is over x = 0, z = 0; the person faces along z.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from posture_check.simulate.body import Body
from posture_check.simulate.leg import foot_points
from posture_check.simulate.performance import Performance
from posture_check.simulate.pose import Arm, Foot, Held, Planted, Pose, Way, mirrored_legs
from posture_check.simulate.rotation import unit
from posture_check.simulate.seat import Seat
from posture_check.simulate.seated_hands import seated_arms
from posture_check.simulate.truth import BUTTOCKS_BEHIND_HIPS, HIPS_ABOVE_SEAT, KNEE_WIDTH, Phase

Floats = NDArray[np.floating[Any]]

_TUCKED_DEG = -8.0
"""Shanks further back than this have their heels off the floor: ankles do not bend further."""
_STRETCHED_DEG = 24.0
"""Shanks further forward than this rest on their heels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """How a person sits; the defaults are the model posture of role A.

    Attributes
    ----------
    body, seat
        Whose posture, on what chair.
    seat_fraction
        From the seat's front edge to the rearmost point of the buttocks, over the seat's depth.
    trunk_flexion_deg, trunk_lateral_deg
        Lean forward against the natural upright, and to the person's left.
    shoulder_tilt_deg
        Left shoulder higher positive, against the horizontal.
    head_pitch_deg, head_yaw_deg, head_roll_deg
        Down, to the left, to the left positive.
    knee_gap_cm
        Between the knees, edge to edge.
    shank_forward_deg
        Shanks from vertical along the seat: feet forward positive, tucked under the chair negative; one number, or
        left and right.
    shank_slant_deg
        Both shanks slanted, feet to the person's left positive.
    foot_out_deg
        Toes turned out.
    crossed
        ``knee``: one thigh over the other; ``figure4``: one ankle on the other knee.
    over
        The leg that lies over the other.
    hands
        A name of ``seated_hands.SEATED_HANDS``.
    jitter_cm, jitter_hz, jitter_leg
        A leg bouncing on the ball of its foot: movement of the knee, peak to peak, and frequency.
    rock_deg, rock_hz
        Trunk rocking fore and aft, peak to peak.
    swivel_deg, swivel_hz
        Chair and person swivelling, peak to peak.
    head_shake_deg, head_shake_hz
        Head turning to and fro, peak to peak.
    duration_s
        Seconds.
    """

    body: Body = field(default_factory=Body)
    seat: Seat = field(default_factory=Seat)
    seat_fraction: float = 0.66
    trunk_flexion_deg: float = 2.0
    trunk_lateral_deg: float = 0.0
    shoulder_tilt_deg: float = 0.0
    head_pitch_deg: float = 0.0
    head_yaw_deg: float = 0.0
    head_roll_deg: float = 0.0
    knee_gap_cm: float = 12.0
    shank_forward_deg: float | tuple[float, float] = 2.0
    shank_slant_deg: float = 0.0
    foot_out_deg: float = 6.0
    crossed: Literal["none", "knee", "figure4"] = "none"
    over: Literal["left", "right"] = "right"
    hands: str = "knees"
    jitter_cm: float = 0.0
    jitter_hz: float = 4.5
    jitter_leg: Literal["left", "right", "both"] = "right"
    rock_deg: float = 0.0
    rock_hz: float = 0.8
    swivel_deg: float = 0.0
    swivel_hz: float = 0.5
    head_shake_deg: float = 0.0
    head_shake_hz: float = 1.5
    duration_s: float = 4.0

    @property
    def hips(self) -> Floats:
        """``(3,)`` midpoint of the hip joints, metres."""
        h, seat = self.body.stature_m, self.seat
        behind = self.seat_fraction * seat.depth_m - BUTTOCKS_BEHIND_HIPS * h
        return np.array([0.0, seat.height_m + HIPS_ABOVE_SEAT * h, -behind])

    def legs(self, time_s: Floats) -> Planted:
        """Return where the legs are."""
        left, right = (self._foot(sign, time_s) for sign in (1, -1))
        x, y, z = (float(v) for v in self.hips)
        legs = Planted(left, right, pelvis_x=x, pelvis_z=z, pelvis_height=y)
        if self.crossed == "none":
            return legs
        if self.over == "left":
            # Worked out as the right leg over the left, on the mirror image.
            other = replace(self, over="right", shank_slant_deg=-self.shank_slant_deg, jitter_leg="right")
            if not isinstance(self.shank_forward_deg, float | int):
                other = replace(other, shank_forward_deg=self.shank_forward_deg[::-1])
            found = mirrored_legs(other.legs(time_s))
            assert isinstance(found, Planted)
            return found
        return replace(legs, right=self._over_the_knee() if self.crossed == "knee" else self._on_the_knee())

    def pose(self, time_s: Floats) -> Pose:
        """Return the pose at given times."""
        time_s = np.asarray(time_s, float)
        rocking = _wave(time_s, self.rock_deg, self.rock_hz)
        pose = Pose(
            legs=self.legs(time_s),
            trunk_flexion=self.trunk_flexion_deg,
            trunk_lateral=self.trunk_lateral_deg,
            # The tilt is asked against the horizontal, the pose takes it against the trunk.
            shoulder_tilt=self.shoulder_tilt_deg + self.trunk_lateral_deg,
            head_pitch=self.head_pitch_deg,
            head_yaw=self.head_yaw_deg + _wave(time_s, self.head_shake_deg, self.head_shake_hz),
            head_roll=self.head_roll_deg,
        )
        left, right = self.arms()
        return replace(
            pose,
            left_arm=left,
            right_arm=right,
            trunk_flexion=self.trunk_flexion_deg + rocking,
            heading=_wave(time_s, self.swivel_deg, self.swivel_hz),
        )

    def arms(self) -> tuple[Arm, Arm]:
        """Return both arms, hands where they are asked to be while nothing moves."""
        still = Pose(
            legs=self.legs(np.zeros(1)),
            trunk_flexion=self.trunk_flexion_deg,
            trunk_lateral=self.trunk_lateral_deg,
            shoulder_tilt=self.shoulder_tilt_deg + self.trunk_lateral_deg,
            head_pitch=self.head_pitch_deg,
            head_yaw=self.head_yaw_deg,
            head_roll=self.head_roll_deg,
        )
        return seated_arms(self.hands, self.body, self.body.figure(still), self.seat)

    def performance(self) -> Performance:
        """Return the posture as a performance."""
        return Performance(
            self.pose,
            self.body,
            self.duration_s,
            hands=self.hands,
            feet="other",
            stands=False,
            phases=(Phase("sitting", 0.0, self.duration_s),),
            seat=self.seat,
        )

    def _hip(self, sign: int) -> Floats:
        aside = sign * self.body.size.hip_half * self.body.stature_m
        return np.asarray(self.hips + np.array([aside, 0.0, 0.0]))

    def _knee(self, sign: int) -> Floats:
        """Knee of a leg whose shank is as asked: the ankle is where the foot stands flat."""
        return self._ankle_and_knee(sign)[1]

    def _ankle_and_knee(self, sign: int) -> tuple[Floats, Floats]:
        size, h = self.body.size, self.body.stature_m
        forward, sideways = np.tan(np.radians([self._shank(sign), self.shank_slant_deg]))
        down = size.shank * h / np.sqrt(1 + forward**2 + sideways**2)
        ankle_y = float(foot_points(self._flat(sign), size, h, 1)[0][0, 1])
        hip = self._hip(sign)
        across, up = sign * self._half_gap_m - hip[0], ankle_y + down - hip[1]
        ahead = np.sqrt(max((size.thigh * h) ** 2 - across**2 - up**2, 1e-6))
        knee = hip + np.array([across, up, ahead])
        return knee + down * np.array([sideways, -1.0, forward]), knee

    @property
    def _half_gap_m(self) -> float:
        return (self.knee_gap_cm / 100 + KNEE_WIDTH * self.body.stature_m) / 2

    def _shank(self, sign: int) -> float:
        both = self.shank_forward_deg
        return float(both) if isinstance(both, float | int) else float(both[0] if sign > 0 else both[1])

    def _flat(self, sign: int) -> Foot:
        """Return the foot's tilt; its place is found afterwards."""
        shank = self._shank(sign)
        pitch = max(0.0, 0.9 * (_TUCKED_DEG - shank)) - max(0.0, 0.6 * (shank - _STRETCHED_DEG))
        return Foot(0.0, 0.0, yaw=sign * self.foot_out_deg, pitch=pitch)

    def _foot(self, sign: int, time_s: Floats) -> Foot:
        ankle, knee = self._ankle_and_knee(sign)
        foot = self._flat(sign)
        size, h = self.body.size, self.body.stature_m
        placed = foot_points(foot, size, h, 1)[0][0]
        hip = self._hip(sign)
        foot = replace(foot, x=float(ankle[0] - placed[0]), z=float(ankle[2] - placed[2]), knee=_way(knee - hip))
        if not self.jitter_cm or self.jitter_leg not in ("both", "left" if sign > 0 else "right"):
            return foot
        # The heel bounces about the ball of the foot, and the knee rides on the shank.
        flat, raised = (
            float(foot_points(replace(foot, pitch=float(np.asarray(foot.pitch)) + by), size, h, 1)[0][0, 1])
            for by in (0.0, 1.0)
        )
        bounce = self.jitter_cm / 100 / (raised - flat)
        beat = (1 - np.cos(2 * np.pi * self.jitter_hz * np.asarray(time_s, float))) / 2
        return replace(foot, pitch=foot.pitch + bounce * beat)

    def _over_the_knee(self) -> Held:
        """Return the right thigh over the left knee, its shank hanging (rendered people with crossed legs)."""
        size, h = self.body.size, self.body.stature_m
        hip = self._hip(-1)
        under = self._knee(1)
        knee = hip + size.thigh * h * unit(under + np.array([-0.020, 0.088, 0.0]) * h - hip)
        ankle = knee + size.shank * h * unit([0.16, -0.78, 0.60])
        return Held(float(ankle[0]), float(ankle[1]), float(ankle[2]), knee=_way(knee - hip), ankle=-22.0)

    def _on_the_knee(self) -> Held:
        """Return the right ankle on the left knee, the right knee out."""
        h, hip = self.body.stature_m, self._hip(1)
        on = hip + 0.86 * (self._knee(1) - hip)
        ankle = on + np.array([-0.015, 0.068, 0.0]) * h
        return Held(float(ankle[0]), float(ankle[1]), float(ankle[2]), knee=(-1.0, 0.10, 0.62), ankle=-8.0)


def sitting(**settings: Any) -> Performance:
    """Return a seated person; the settings are those of :class:`Sitting`."""
    return Sitting(**settings).performance()


def _way(vector: Floats) -> Way:
    return float(vector[0]), float(vector[1]), float(vector[2])


def _wave(time_s: Floats, peak_to_peak: float, hz: float) -> Floats | float:
    if not peak_to_peak:
        return 0.0
    return np.asarray(peak_to_peak / 2 * np.sin(2 * np.pi * hz * time_s))
