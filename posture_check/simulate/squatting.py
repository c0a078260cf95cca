"""A person who squats to pick something up, once or again and again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from posture_check.simulate.blend import blend, ease, smooth
from posture_check.simulate.body import Body
from posture_check.simulate.leg import foot_points
from posture_check.simulate.performance import Performance
from posture_check.simulate.pose import Arm, Foot, Planted, Pose
from posture_check.simulate.stance import HANDS, stand_on
from posture_check.simulate.truth import Phase

Floats = NDArray[np.floating[Any]]

_FEET_FIRST = 0.45
"""Share of the way down in which the front foot steps forward; the hips start after a third of that."""
_STEP_LIFT_M = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Squat:
    """How a person squats; the defaults are the model posture.

    Attributes
    ----------
    body
        Who squats.
    foot_offset_cm
        Front ankle ahead of the rear one; 0 keeps the feet side by side.
    front_foot
        Which one steps forward.
    feet_apart_cm
        Ankles apart across.
    front_heel_pitch_deg, rear_heel_pitch_deg
        How far each heel is raised about the ball of its foot.
    front_shank_deg
        Front shank from vertical, knee ahead of the ankle positive.
    hip_minus_knee_cm
        Hips above the front knee.
    trunk_lean_deg
        Of the hip-shoulder line from vertical, at the lowest point.
    head_pitch_deg
        Looking down at what is picked up.
    start_s, down_s, hold_s, up_s, pause_s
        Standing before, going down, staying down, coming up, standing after (also between two squats).
    count
        How often.
    """

    body: Body = field(default_factory=Body)
    foot_offset_cm: float = 33.0
    front_foot: Literal["left", "right"] = "left"
    feet_apart_cm: float = 18.0
    front_heel_pitch_deg: float = 0.0
    rear_heel_pitch_deg: float = 38.0
    front_shank_deg: float = 14.0
    hip_minus_knee_cm: float = -10.0
    trunk_lean_deg: float = 22.0
    head_pitch_deg: float = 30.0
    start_s: float = 1.5
    down_s: float = 1.3
    hold_s: float = 1.0
    up_s: float = 1.3
    pause_s: float = 1.5
    count: int = 1

    @property
    def period_s(self) -> float:
        """From one squat to the next."""
        return self.down_s + self.hold_s + self.up_s + self.pause_s

    @property
    def times(self) -> tuple[tuple[float, float], ...]:
        """From when to when each squat lasts, from upright to upright."""
        whole = self.down_s + self.hold_s + self.up_s
        starts = [self.start_s + i * self.period_s for i in range(self.count)]
        return tuple((start, start + whole) for start in starts)

    @property
    def duration_s(self) -> float:
        """Seconds."""
        return self.start_s + self.count * self.period_s

    def pose(self, time_s: Floats) -> Pose:
        """Return the pose at given times."""
        time_s = np.asarray(time_s, float)
        feet, hips = self._shares(time_s)
        upright, low = self._upright(), self._low()
        mixed = blend(upright, low, hips)
        assert isinstance(upright.legs, Planted)
        assert isinstance(low.legs, Planted)
        assert isinstance(mixed.legs, Planted)
        left, right = (
            self._stepping(getattr(upright.legs, side), getattr(low.legs, side), feet, hips)
            for side in ("left", "right")
        )
        legs = replace(mixed.legs, left=left, right=right)
        return replace(mixed, legs=legs)

    def performance(self) -> Performance:
        """Return the squat as a performance; its numbers are those of the lowest stretches."""
        low = [(start + self.down_s, stop - self.up_s) for start, stop in self.times]
        middle = self.start_s + self.down_s + self.hold_s / 2
        facts = {
            "squat_count": float(self.count),
            "squat_key_s": middle,
            "trunk_lean_key_deg": self.trunk_lean_deg,
        }
        return Performance(
            self.pose,
            self.body,
            self.duration_s,
            feet="other",
            stands=False,
            held_s=low[0] if self.hold_s > 0 else (middle - 0.01, middle + 0.01),
            phases=self._phases(),
            facts=facts,
        )

    def _phases(self) -> tuple[Phase, ...]:
        out, at = [], 0.0
        for start, stop in self.times:
            out += [Phase("standing", at, start), Phase("squatting", start, stop)]
            at = stop
        return (*out, Phase("standing", at, self.duration_s))

    def _shares(self, time_s: Floats) -> tuple[Floats, Floats]:
        """How far the feet and how far the hips have gone, ``(frames,)`` each."""
        feet, hips = np.zeros_like(time_s), np.zeros_like(time_s)
        for start, stop in self.times:
            down, up = (time_s - start) / self.down_s, (stop - time_s) / self.up_s
            gone = np.minimum(down, up)
            feet = np.maximum(feet, ease(gone / _FEET_FIRST))
            late = _FEET_FIRST / 3 if self.foot_offset_cm else 0.0
            hips = np.maximum(hips, smooth((gone - late) / (1 - late)))
        return feet, hips

    def _stepping(self, upright: Foot, low: Foot, feet: Floats, hips: Floats) -> Foot:
        foot = blend(upright, low, feet)
        moved = abs(float(np.asarray(low.z)) - float(np.asarray(upright.z))) > 1e-6
        knee = blend(upright, low, hips).knee
        pitch = blend(upright, low, hips).pitch
        return replace(foot, lift=_STEP_LIFT_M * moved * np.sin(np.pi * feet) ** 2, knee=knee, pitch=pitch)

    def _feet(self, offset_m: float) -> tuple[Foot, Foot]:
        """Left and right foot, the front one ahead; both flat."""
        half = self.feet_apart_cm / 200
        ahead = (offset_m, 0.0) if self.front_foot == "left" else (0.0, offset_m)
        return Foot(half, ahead[0], 5.0, knee=(0.0, 0.0, 1.0)), Foot(-half, ahead[1], -5.0, knee=(0.0, 0.0, 1.0))

    def _upright(self) -> Pose:
        legs = stand_on(self.body, self._feet(0.0))
        height = float(self.body.figure(Pose(legs=legs)).pelvis[0, 1])
        left, right = HANDS["sides"](self.body.size)
        return Pose(legs=replace(legs, pelvis_height=height), left_arm=left, right_arm=right)

    def _low(self) -> Pose:
        """Work out the lowest pose: shank, hip height and heels are as asked, the rest follows."""
        size, h = self.body.size, self.body.stature_m
        feet = list(self._feet(self.foot_offset_cm / 100))
        front = 0 if self.front_foot == "left" else 1
        feet[front] = replace(feet[front], pitch=self.front_heel_pitch_deg)
        feet[1 - front] = replace(feet[1 - front], pitch=self.rear_heel_pitch_deg)
        ankles = [foot_points(foot, size, h, 1)[0][0] for foot in feet]
        # Raised heels bring the ankles forward; the offset is asked between the ankles.
        ahead = ankles[front][2] - ankles[1 - front][2] - self.foot_offset_cm / 100
        feet[1 - front] = replace(feet[1 - front], z=float(np.asarray(feet[1 - front].z)) + ahead)
        ankles = [foot_points(foot, size, h, 1)[0][0] for foot in feet]
        lean = np.radians(self.front_shank_deg)
        knee = ankles[front] + size.shank * h * np.array([0.0, np.cos(lean), np.sin(lean)])
        sign = 1 if front == 0 else -1
        across = knee[0] - sign * size.hip_half * h
        rise = self.hip_minus_knee_cm / 100
        behind = np.sqrt(max((size.thigh * h) ** 2 - across**2 - rise**2, 0.0))
        hips = np.array([0.0, knee[1] + rise, knee[2] - behind])
        way = knee - hips - [sign * size.hip_half * h, 0, 0]
        feet[front] = replace(feet[front], knee=(float(way[0]), float(way[1]), float(way[2])))
        if not self.foot_offset_cm:
            feet[1 - front] = replace(feet[1 - front], knee=(-float(way[0]), float(way[1]), float(way[2])))
        legs = Planted(feet[0], feet[1], pelvis_z=float(hips[2]), pelvis_height=float(hips[1]))
        natural = self.body.size.upright_lean_deg
        # The arms hang down to the thing on the floor.
        arm = Arm(flexion=self.trunk_lean_deg + 24.0, abduction=6.0, rotation=15.0, elbow=14.0, pronation=25.0)
        return Pose(
            legs=legs,
            left_arm=arm,
            right_arm=arm,
            trunk_flexion=self.trunk_lean_deg - natural,
            head_pitch=self.head_pitch_deg,
        )


def squatting(**settings: Any) -> Performance:
    """Return a person who squats; the settings are those of :class:`Squat`."""
    return Squat(**settings).performance()
