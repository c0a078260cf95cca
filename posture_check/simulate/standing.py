"""A standing person, every deviation from the model posture a figure of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from posture_check.simulate.body import Body
from posture_check.simulate.performance import Performance
from posture_check.simulate.pose import Pose, Value
from posture_check.simulate.stance import (
    HANDS,
    Feet,
    fist_feet,
    parallel_feet,
    stand_on,
    t_feet,
    v_feet,
)

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a person stands; the defaults are the model posture.

    Attributes
    ----------
    body
        Whose posture.
    feet
        Kind of stance; ``front_foot`` is the forward one of the T.
    feet_angle_deg, heel_gap_cm
        Opening of the feet and gap between the heels (edge to edge), for ``v``; the angle also for ``t`` and
        ``parallel``. None is the usual angle of the stance.
    toe_gap_cm
        Gap between the toes (edge to edge), for ``fist``.
    ankle_gap_over_shoulder
        Gap between the ankles in shoulder widths, for ``parallel``.
    hands
        A name of ``stance.HANDS``.
    shoulder_tilt_deg
        Left shoulder higher positive, against the horizontal.
    trunk_flexion_deg, trunk_lateral_deg
        Lean forward against the natural upright, and to the person's left.
    head_pitch_deg, head_yaw_deg, head_roll_deg
        Down, to the left, to the left positive.
    knee_left_deg, knee_right_deg
        Knee flexion, 0 = straight; a relaxed stance has about 5.
    hips_aside_cm
        Hips off the middle of the feet, to the person's left.
    leaning
        Whether the person leans on something.
    sway_cm, sway_hz
        Sideways sway of the shoulders, peak to peak, and its frequency.
    sway_fore_cm
        The same fore and aft.
    knee_shake_cm, knee_shake_hz
        The left knee shaking, fore and aft, peak to peak.
    duration_s
        Seconds.
    """

    body: Body = field(default_factory=Body)
    feet: Literal["v", "fist", "parallel", "t"] = "v"
    front_foot: Literal["left", "right"] = "right"
    feet_angle_deg: float | None = None
    heel_gap_cm: float = 1.0
    toe_gap_cm: float = 10.0
    ankle_gap_over_shoulder: float = 0.85
    hands: str = "sides"
    shoulder_tilt_deg: float = 0.0
    trunk_flexion_deg: float = 0.0
    trunk_lateral_deg: float = 0.0
    head_pitch_deg: float = 0.0
    head_yaw_deg: float = 0.0
    head_roll_deg: float = 0.0
    knee_left_deg: float = 5.0
    knee_right_deg: float = 5.0
    hips_aside_cm: float = 0.0
    leaning: bool = False
    sway_cm: float = 0.8
    sway_hz: float = 0.35
    sway_fore_cm: float = 0.6
    knee_shake_cm: float = 0.0
    knee_shake_hz: float = 4.0
    duration_s: float = 3.0

    def placed_feet(self) -> Feet:
        """Return where the feet stand."""
        angle = self.feet_angle_deg
        if self.feet == "fist":
            return fist_feet(self.body, self.toe_gap_cm / 100, self.heel_gap_cm / 100)
        if self.feet == "parallel":
            return parallel_feet(self.body, self.ankle_gap_over_shoulder, 8.0 if angle is None else angle)
        if self.feet == "t":
            return t_feet(self.body, self.front_foot, 52.0 if angle is None else angle)
        return v_feet(self.body, 60.0 if angle is None else angle, self.heel_gap_cm / 100)

    def pose(self, time_s: Floats) -> Pose:
        """Return the pose at given times."""
        side = self._swing(time_s, self.sway_cm, self.sway_hz)
        fore = self._swing(time_s, self.sway_fore_cm, 0.7 * self.sway_hz)
        size, h = self.body.size, self.body.stature_m
        leg = (size.hip - size.ankle) * h
        # A standing body sways as an inverted pendulum: hips and shoulders together, about the ankles.
        legs = stand_on(
            self.body,
            self.placed_feet(),
            knee_left=self.knee_left_deg + self._shake(time_s),
            knee_right=self.knee_right_deg,
            shift_x=self.hips_aside_cm / 100 + leg * np.sin(np.radians(side)),
            shift_z=leg * np.sin(np.radians(fore)),
        )
        left_arm, right_arm = HANDS[self.hands](size)
        return Pose(
            legs=legs,
            left_arm=left_arm,
            right_arm=right_arm,
            trunk_flexion=self.trunk_flexion_deg + fore,
            trunk_lateral=self.trunk_lateral_deg + side,
            # The tilt is asked against the horizontal, the pose takes it against the trunk.
            shoulder_tilt=self.shoulder_tilt_deg + self.trunk_lateral_deg + side,
            head_pitch=self.head_pitch_deg,
            head_yaw=self.head_yaw_deg,
            head_roll=self.head_roll_deg,
        )

    def performance(self) -> Performance:
        """Return the posture as a performance."""
        return Performance(
            self.pose,
            self.body,
            self.duration_s,
            hands=self.hands,
            feet=self.feet,
            leaning=self.leaning,
        )

    def _swing(self, time_s: Floats, peak_to_peak_cm: float, hz: float) -> Floats:
        """Lean of the pendulum in degrees over time."""
        size, h = self.body.size, self.body.stature_m
        arm = (size.hip - size.ankle + size.trunk) * h
        swing = np.arcsin(np.clip(peak_to_peak_cm / 200 / arm, -1, 1))
        return np.asarray(np.degrees(swing) * np.sin(2 * np.pi * hz * np.asarray(time_s, float)))

    def _shake(self, time_s: Floats) -> Value:
        if not self.knee_shake_cm:
            return 0.0
        size, h = self.body.size, self.body.stature_m
        # The knee stands out of the hip-ankle line by about half a shank length times the flexion.
        bend = np.degrees(self.knee_shake_cm / 100 / (0.5 * size.shank * h))
        return np.asarray(bend / 2 * (1 - np.cos(2 * np.pi * self.knee_shake_hz * np.asarray(time_s, float))))


def standing(**settings: Any) -> Performance:
    """Return a standing person; the settings are those of :class:`Standing`."""
    return Standing(**settings).performance()
