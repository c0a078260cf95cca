"""A walking person: feet that stay where they land, hips that follow, arms that swing.

Timing after common gait figures (Winter): a foot is in the air for about 40 % of its cycle, so both feet are
down for about a fifth of each step.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.simulate.blend import ease
from posture_check.simulate.body import Body
from posture_check.simulate.performance import Performance
from posture_check.simulate.pose import Arm, Foot, Planted, Pose
from posture_check.simulate.stance import Feet, stand_on, v_feet

Floats = NDArray[np.floating[Any]]

_SWING = 0.8
"""Share of a step's time that its foot is in the air."""
_OVER_FOOT = 0.6
"""Share of a step's time after landing when the hips pass over the foot."""
_LIFT_M = 0.05
_HEEL_OFF_DEG = 28.0
_TOES_UP_DEG = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How a person walks, from standing.

    Attributes
    ----------
    body
        Who walks.
    start_s
        When the first foot leaves the floor; before that the person stands.
    step_length_m, step_time_s
        From foot to foot; ``uneven`` makes every other step so much longer in time (a share).
    step_width_m
        Between the heels' middles across the path.
    foot_out_deg
        Toes turned out.
    arm_swing_deg
        Whole fore-aft excursion of each arm.
    lean_deg
        Trunk forward.
    turn_deg, turn_s
        How far the path turns to the left after the start, and in what time.
    duration_s
        Seconds.
    """

    body: Body = field(default_factory=Body)
    start_s: float = 0.0
    step_length_m: float = 0.62
    step_time_s: float = 0.55
    uneven: float = 0.0
    step_width_m: float = 0.11
    foot_out_deg: float = 7.0
    arm_swing_deg: float = 32.5
    lean_deg: float = 2.0
    turn_deg: float = 0.0
    turn_s: float = 1.2
    duration_s: float = 6.0

    def pose(self, time_s: Floats, feet: Feet | None = None) -> Pose:
        """Return the pose at given times, starting from where the feet stand (by default a V)."""
        time_s = np.asarray(time_s, float)
        path = _Path(self)
        feet = feet or v_feet(self.body)
        stand = stand_on(self.body, feet)
        hips_z = float(np.asarray(stand.pelvis_z))
        x, z, heading = path.at(time_s)
        moving = ease((time_s - self.start_s) / (2 * self.step_time_s))
        standing_height = float(self.body.figure(Pose(legs=stand)).pelvis[0, 1])
        legs = Planted(
            *_feet_over_time(self, path, feet, hips_z, time_s),
            pelvis_x=x,
            pelvis_z=z + hips_z,
            pelvis_height=standing_height,
        )
        swing = self.arm_swing_deg / 2 * moving * np.cos(np.pi * path.steps_at(time_s))
        arm = Arm(abduction=5.0, rotation=10.0, elbow=12.0, pronation=10.0)
        return Pose(
            legs=legs,
            heading=heading,
            trunk_flexion=self.lean_deg * moving,
            left_arm=replace(arm, flexion=swing),
            right_arm=replace(arm, flexion=-swing),
            head_yaw=0.0,
        )

    def performance(self) -> Performance:
        """Return the walk as a performance."""
        spread = self.step_time_s * np.array([1 + self.uneven, 1 - self.uneven])
        foot = self.body.size.foot * self.body.stature_m
        facts = {
            "step_length_m": self.step_length_m,
            "step_length_fl": self.step_length_m / foot,
            "step_time_mean_s": float(spread.mean()),
            "step_time_cv": float(spread.std() / spread.mean()),
            "cadence_spm": 60 / self.step_time_s,
            "step_width_cm": 100 * self.step_width_m,
            "heel_toe_gap_fl": (self.step_length_m - foot * np.cos(np.radians(self.foot_out_deg))) / foot,
            "speed_mps": self.step_length_m / self.step_time_s,
            "arm_left_whole_total_deg": self.arm_swing_deg,
            "arm_right_whole_total_deg": self.arm_swing_deg,
        }
        return Performance(
            self.pose,
            self.body,
            self.duration_s,
            stands=self.start_s > 0,
            # The heel of the first foot rises a little before the start.
            standing_until_s=max(0.0, self.start_s - 0.5 * self.step_time_s) or None,
            facts=facts,
        )


class _Path:
    """The line the hips follow, and when and where each foot lands."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        end = max(walk.duration_s, walk.start_s) + 4 * walk.step_time_s
        self._grid = np.arange(0.0, end, 0.01)
        since = self._grid - walk.start_s
        speed = walk.step_length_m / walk.step_time_s * ease(since / (1.5 * walk.step_time_s))
        self._heading = walk.turn_deg * ease(since / walk.turn_s)
        way = np.radians(self._heading)
        self._x = np.cumsum(speed * np.sin(way)) * 0.01
        self._z = np.cumsum(speed * np.cos(way)) * 0.01
        count = int((end - walk.start_s) / walk.step_time_s)
        even = np.arange(count) % 2 == 0
        self.landings = walk.start_s + walk.step_time_s * (np.arange(1, count + 1) + walk.uneven * even)

    def at(self, time_s: Floats) -> tuple[Floats, Floats, Floats]:
        """Hips' place and heading at given times."""
        return (
            np.interp(time_s, self._grid, self._x),
            np.interp(time_s, self._grid, self._z),
            np.interp(time_s, self._grid, self._heading),
        )

    def steps_at(self, time_s: Floats) -> Floats:
        """Landings so far as a continuous count; even at a landing of the right foot."""
        known = np.concatenate([[self._walk.start_s], self.landings])
        return np.asarray(np.interp(time_s, known, np.arange(-1.0, len(self.landings))))


def _feet_over_time(walk: Walk, path: _Path, feet: Feet, ahead: float, time_s: Floats) -> Feet:
    """Both feet over time: each stands, swings to its next landing, stands again."""
    found = []
    for side, (foot, sign) in enumerate(zip(feet, (1, -1), strict=True)):
        # The right foot goes first.
        landings = path.landings[1 - side :: 2]
        x, z, heading = path.at(landings + _OVER_FOOT * walk.step_time_s)
        way, half = np.radians(heading), sign * walk.step_width_m / 2
        back = ahead - 0.35 * walk.body.size.foot * walk.body.stature_m
        places = np.stack([x + half * np.cos(way) + back * np.sin(way), z - half * np.sin(way) + back * np.cos(way)])
        xs, zs = (np.concatenate([[first], rest]) for first, rest in zip((foot.x, foot.z), places, strict=True))
        yaws = np.concatenate([[float(foot.yaw)], heading + sign * walk.foot_out_deg])
        found.append(_swinging(walk, landings, xs, zs, yaws, time_s))
    return found[0], found[1]


def _swinging(walk: Walk, landings: Floats, xs: Floats, zs: Floats, yaws: Floats, time_s: Floats) -> Foot:
    swing = _SWING * walk.step_time_s
    # Number of the place the foot comes from: it stays there until it is lifted for the next landing.
    come_from = np.searchsorted(landings, time_s, side="right")
    to = np.minimum(come_from + 1, len(xs) - 1)
    landing = landings[np.minimum(come_from, len(landings) - 1)]
    phase = np.clip((time_s - (landing - swing)) / swing, 0, 1)
    share = ease(phase)
    before = np.clip((time_s - (landing - swing - 0.45 * walk.step_time_s)) / (0.45 * walk.step_time_s), 0, 1)
    landed = landings[np.maximum(come_from - 1, 0)]
    after = np.where(come_from > 0, np.clip((time_s - landed) / (0.2 * walk.step_time_s), 0, 1), 1)
    pitch = np.where(
        phase > 0,
        _HEEL_OFF_DEG - (_HEEL_OFF_DEG + _TOES_UP_DEG) * share,
        _HEEL_OFF_DEG * ease(before) - _TOES_UP_DEG * (1 - after),
    )
    return Foot(
        x=xs[come_from] + share * (xs[to] - xs[come_from]),
        z=zs[come_from] + share * (zs[to] - zs[come_from]),
        yaw=yaws[come_from] + share * (yaws[to] - yaws[come_from]),
        pitch=pitch,
        lift=_LIFT_M * np.sin(np.pi * phase) ** 2,
    )


def walking(**settings: Any) -> Performance:
    """Return a walking person; the settings are those of :class:`Walk`."""
    return Walk(**settings).performance()
