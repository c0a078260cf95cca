"""A walking person: feet that stay where they land, hips that follow, arms that swing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.simulate.blend import ease
from posture_check.simulate.performance import Performance
from posture_check.simulate.pose import Arm, Planted, Pose, Value
from posture_check.simulate.rotation import apply, turn
from posture_check.simulate.stance import Feet, stand_on, v_feet
from posture_check.simulate.steps import Gait, Path, feet_over_time
from posture_check.simulate.truth import Phase

Floats = NDArray[np.floating[Any]]

_HEEL_OFF = 0.25
"""Share of a step's time before the first foot leaves the floor in which its heel rises."""
_CLAMPED = Arm(flexion=-6.0, abduction=1.0, rotation=32.0, elbow=96.0, pronation=20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(Gait):
    """How a person walks: the steps of :class:`Gait`, and what the rest of the body does.

    Attributes
    ----------
    backward
        Whether the person walks backwards.
    arm_swing_deg, arm_left_swing_deg, arm_right_swing_deg
        Whole fore-aft excursion of both upper arms, or of one; with an unmoved elbow that of the whole arm too.
    elbow_deg, elbow_swing_deg
        Elbow flexion, and how much more there is at the foremost point of the swing.
    clamped
        The arm that holds something against the trunk and does not swing.
    lean_deg, head_pitch_deg
        Trunk forward against the natural upright, head down.
    look_deg, look_hz
        Head turning from side to side: range and frequency.
    head_yaw_deg, trunk_turn_deg
        Head and shoulders turned to the left of the way, as towards somebody walking there.
    sway_cm, shoulder_rock_deg
        Shoulders going from side to side with the steps, and their line tilting, both peak to peak.
    """

    backward: bool = False
    arm_swing_deg: float = 32.5
    arm_left_swing_deg: float | None = None
    arm_right_swing_deg: float | None = None
    elbow_deg: float = 12.0
    elbow_swing_deg: float = 0.0
    clamped: Literal["none", "left", "right"] = "none"
    lean_deg: float = 2.0
    head_pitch_deg: float = 0.0
    look_deg: float = 0.0
    look_hz: float = 0.4
    head_yaw_deg: float = 0.0
    trunk_turn_deg: float = 0.0
    sway_cm: float = 0.0
    shoulder_rock_deg: float = 0.0

    def strikes(self) -> tuple[tuple[str, float], ...]:
        """Return which foot lands when, in seconds."""
        if self.backward:
            raise ValueError("walking backwards: feet come down toes first; no strikes are told")
        landings = Path(self).landings
        return tuple(
            ("right" if i % 2 == 0 else "left", float(at)) for i, at in enumerate(landings) if at < self.duration_s
        )

    def pose(self, time_s: Floats, feet: Feet | None = None) -> Pose:
        """Return the pose at given times, starting from where the feet stand (by default a V)."""
        time_s = np.asarray(time_s, float)
        if self.backward:
            return self._reversed(time_s, feet)
        path = Path(self)
        feet = feet or v_feet(self.body)
        stand = stand_on(self.body, feet)
        hips_z = float(np.asarray(stand.pelvis_z))
        x, z, heading = path.at(time_s)
        moving = ease((time_s - self.start_s) / (2 * self.step_time_s))
        standing_height = float(self.body.figure(Pose(legs=stand)).pelvis[0, 1])
        legs = Planted(
            *feet_over_time(self, path, feet, hips_z, time_s),
            pelvis_x=x,
            pelvis_z=z + hips_z,
            pelvis_height=standing_height,
        )
        stride = np.pi * path.steps_at(time_s)
        trunk = self.body.size.trunk * self.body.stature_m
        aside = np.degrees(np.arcsin(self.sway_cm / 200 / trunk)) * moving * np.sin(stride)
        return Pose(
            legs=legs,
            heading=heading,
            trunk_flexion=self.lean_deg * moving,
            trunk_lateral=aside,
            # The tilt is asked against the horizontal, the pose takes it against the trunk.
            shoulder_tilt=aside + self.shoulder_rock_deg / 2 * moving * np.sin(stride),
            left_arm=self._arm("left", moving, np.cos(stride)),
            right_arm=self._arm("right", moving, -np.cos(stride)),
            head_pitch=self.head_pitch_deg,
            head_yaw=self.head_yaw_deg + self._looking(time_s),
            trunk_rotation=self.trunk_turn_deg,
        )

    def _arm(self, side: str, moving: Floats, beat: Floats) -> Arm:
        if self.clamped == side:
            return replace(_CLAMPED, flexion=_CLAMPED.flexion + 0.0 * beat)
        own = self.arm_left_swing_deg if side == "left" else self.arm_right_swing_deg
        swing = self.arm_swing_deg if own is None else own
        elbow: Value = self.elbow_deg + self.elbow_swing_deg * moving * (1 + beat) / 2
        return Arm(flexion=swing / 2 * moving * beat, abduction=5.0, rotation=10.0, elbow=elbow, pronation=10.0)

    def _reversed(self, time_s: Floats, feet: Feet | None) -> Pose:
        """Play a forward walk backwards: within what landmarks show, that is walking backwards."""
        forward = replace(self, backward=False, start_s=0.0, duration_s=self._played_s)
        at = self._played_s - np.maximum(time_s - self.start_s, 0.0)
        pose = forward.pose(at, feet)
        gone = float(Path(forward).at(np.array([self._played_s]))[1][0])
        assert isinstance(pose.legs, Planted)
        left, right = (replace(foot, z=foot.z - gone) for foot in (pose.legs.left, pose.legs.right))
        legs = replace(pose.legs, left=left, right=right, pelvis_z=pose.legs.pelvis_z - gone)
        return replace(pose, legs=legs, head_yaw=self.head_yaw_deg + self._looking(time_s))

    def _looking(self, time_s: Floats) -> Floats:
        return np.asarray(self.look_deg / 2 * np.sin(2 * np.pi * self.look_hz * time_s))

    @property
    def _played_s(self) -> float:
        return self.duration_s - self.start_s + 2 * self.step_time_s

    def performance(self) -> Performance:
        """Return the walk as a performance; its numbers are those of the walking once it is even."""
        stands = self.start_s > 0
        heel_off = max(0.0, self.start_s - _HEEL_OFF * self.step_time_s)
        phases = (Phase("standing", 0.0, heel_off),) if stands else ()
        performance = Performance(
            self.pose,
            self.body,
            self.duration_s,
            feet="v" if stands else "other",
            stands=stands,
            # The heel of the first foot rises a little before the start.
            standing_until_s=max(0.0, self.start_s - 0.5 * self.step_time_s) or None,
            held_s=None if stands else self.even_s,
            phases=(*phases, Phase("walking", heel_off if stands else 0.0, self.duration_s)),
            facts=self._facts(),
        )
        return replace(performance, facts={**performance.facts, **self._arm_facts(performance)})

    @property
    def even_s(self) -> tuple[float, float]:
        """From when to when the walk is even: neither starting nor at its end."""
        return min(self.start_s + 2 * self.step_time_s, 0.5 * self.duration_s), self.duration_s

    def _facts(self) -> dict[str, float]:
        spread = self.step_time_s * np.array([1 + self.uneven, 1 - self.uneven])
        foot = self.body.size.foot * self.body.stature_m
        return {
            "step_length_m": self.step_length_m,
            "step_length_fl": self.step_length_m / foot,
            "step_time_mean_s": float(spread.mean()),
            "step_time_cv": float(spread.std() / spread.mean()),
            "cadence_spm": 60 / self.step_time_s,
            "step_width_cm": 100 * self.step_width_m,
            "inner_edge_gap_cm": 100 * (self.step_width_m - self.body.size.heel_width * self.body.stature_m),
            "heel_toe_gap_fl": (self.step_length_m - foot * np.cos(np.radians(self.foot_out_deg))) / foot,
            "speed_mps": self.step_length_m / self.step_time_s,
            "flight_fraction": self.flight,
        }

    def _arm_facts(self, performance: Performance) -> dict[str, float]:
        """How far each arm swings, against the trunk (hips to shoulders) and against the vertical."""
        time_s = np.arange(*self.even_s, 1 / 120)
        if len(time_s) < 2:
            return {}
        figure, out = performance.figure(time_s), {}
        p, level = figure.points, turn("y", -figure.heading)
        spine = apply(level, (p[:, L.LEFT_SHOULDER] + p[:, L.RIGHT_SHOULDER]) / 2 - figure.pelvis)
        lean = np.degrees(np.arctan2(spine[:, 2], spine[:, 1]))
        for side in ("left", "right"):
            shoulder = p[:, L[f"{side.upper()}_SHOULDER"]]
            for name, end in (("upper", "ELBOW"), ("whole", "WRIST")):
                arm = apply(level, p[:, L[f"{side.upper()}_{end}"]] - shoulder)
                upright = np.degrees(np.arctan2(arm[:, 2], -arm[:, 1]))
                for about, angle in (("", upright + lean), ("_vert", upright)):
                    start = f"arm_{side}_{name}{about}"
                    out[f"{start}_forward_deg"] = float(angle.max())
                    out[f"{start}_backward_deg"] = float(-angle.min())
                    out[f"{start}_total_deg"] = float(np.ptp(angle))
        return out


def walking(**settings: Any) -> Performance:
    """Return a walking person; the settings are those of :class:`Walk`."""
    return Walk(**settings).performance()
