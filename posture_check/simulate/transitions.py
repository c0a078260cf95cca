"""Stands, sits down, sits, rises, stands still, walks off: one performance with the times of each part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.simulate.blend import blend, chosen, smooth
from posture_check.simulate.body import Body
from posture_check.simulate.performance import Performance
from posture_check.simulate.pose import Foot, Planted, Pose
from posture_check.simulate.seat import Seat
from posture_check.simulate.sitting import Sitting
from posture_check.simulate.stance import HANDS, Feet, stand_on
from posture_check.simulate.truth import Phase
from posture_check.simulate.walking import Walk

Floats = NDArray[np.floating[Any]]

_DROP_POWER = 2.0
"""A body that lets itself fall covers the way as the square of time and is fastest when it meets the seat."""
_IMPACT_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class SitAndRise:
    """How a person sits down and leaves again; a part of no duration is left out.

    Without sitting down the person sits from the start; without rising they stay seated.

    Attributes
    ----------
    body, seat
        Who, on what chair.
    sitting
        How the person sits; its legs must stand on the floor. None is the model posture.
    stand_s, down_s, sit_s, rise_s, still_s, walk_s
        Seconds of standing before the chair, sitting down, sitting, rising, standing still, walking off.
    down, up
        ``smooth``, or ``drop`` (lets itself fall onto the seat) and ``jerk`` (springs up).
    bend_deg
        How far the trunk bends forward on the way, more than while sitting.
    turn_deg
        How far the path turns to the left when walking off.
    still_sway_cm
        Swaying while standing still after rising, side to side.
    """

    body: Body = field(default_factory=Body)
    seat: Seat = field(default_factory=Seat)
    sitting: Sitting | None = None
    stand_s: float = 1.5
    down_s: float = 1.8
    sit_s: float = 3.0
    rise_s: float = 1.6
    still_s: float = 1.5
    walk_s: float = 2.5
    down: Literal["smooth", "drop"] = "smooth"
    up: Literal["smooth", "jerk"] = "smooth"
    bend_deg: float = 30.0
    turn_deg: float = 0.0
    still_sway_cm: float = 0.6

    @property
    def phases(self) -> tuple[Phase, ...]:
        """What is done, from when to when."""
        parts = (
            ("standing", self.stand_s),
            ("sitting_down", self.down_s),
            ("sitting", self.sit_s),
            ("rising", self.rise_s),
            ("standing", self.still_s),
            ("walking", self.walk_s),
        )
        out, at = [], 0.0
        for what, seconds in parts:
            if seconds > 0:
                out.append(Phase(what, at, at + seconds))
            at += max(seconds, 0.0)
        return tuple(out)

    @property
    def duration_s(self) -> float:
        """Seconds."""
        return self.phases[-1].stop_s

    def pose(self, time_s: Floats) -> Pose:
        """Return the pose at given times."""
        time_s = np.asarray(time_s, float)
        sits = self._sitting()
        seated, upright = sits.pose(time_s), self._upright(sits, time_s)
        share, bend = self._path(time_s)
        pose = blend(upright, seated, share)
        flexion, pitch = np.asarray(pose.trunk_flexion, float), np.asarray(pose.head_pitch, float)
        pose = replace(pose, trunk_flexion=flexion + self.bend_deg * bend, head_pitch=pitch + 8.0 * bend)
        if self.walk_s <= 0:
            return pose
        begins = self.duration_s - self.walk_s
        # Walking begins with the heel of the first foot, a quarter of a step before that foot leaves the floor.
        step = Walk().step_time_s
        walk = Walk(
            body=self.body, start_s=begins + 0.25 * step, duration_s=self.duration_s + step, turn_deg=self.turn_deg
        )
        walked = _knees_ahead(walk.pose(time_s, self._feet(sits)))
        return chosen(pose, walked, time_s >= begins)

    def performance(self) -> Performance:
        """Return it all as a performance; its numbers are those of the sitting part."""
        sat = [p for p in self.phases if p.what == "sitting"]
        return Performance(
            self.pose,
            self.body,
            self.duration_s,
            hands=self._sitting().hands,
            feet="other",
            stands=False,
            held_s=(sat[0].start_s, sat[0].stop_s) if sat else None,
            phases=self.phases,
            seat=self.seat,
            facts=self._facts(),
        )

    def _facts(self) -> dict[str, float]:
        """How fast the hips go down and up, from the skeleton itself."""
        time_s = np.arange(0.0, self.duration_s, 1 / 240)
        height = self.body.figure(self.pose(time_s), len(time_s)).points[:, [L.LEFT_HIP, L.RIGHT_HIP], 1].mean(1)
        speed = np.gradient(height, time_s)
        out = {"still_before_walk_s": self.still_s} if self.walk_s > 0 and self.rise_s > 0 else {}
        for phase in self.phases:
            within = (time_s >= phase.start_s) & (time_s < phase.stop_s)
            if phase.what == "sitting_down":
                last = within & (time_s >= phase.stop_s - _IMPACT_S)
                out |= {
                    "sit_down_s": self.down_s,
                    "sit_down_peak_mps": float(-speed[within].min()),
                    "sit_down_impact_mps": float(-speed[last].min()),
                }
            elif phase.what == "rising":
                out |= {"rise_s": self.rise_s, "rise_peak_mps": float(speed[within].max())}
        return out

    def _sitting(self) -> Sitting:
        return replace(self.sitting or Sitting(), body=self.body, seat=self.seat)

    def _feet(self, sits: Sitting) -> Feet:
        """Return the feet on which the person sits, flat, to stand on."""
        legs = sits.legs(np.zeros(1))
        found = []
        for foot in (legs.left, legs.right):
            if not isinstance(foot, Foot):
                raise TypeError("sitting: legs that are crossed cannot rise; leave 'crossed' at 'none'")
            found.append(replace(foot, pitch=0.0, knee=(0.0, 0.0, 1.0)))
        return found[0], found[1]

    def _upright(self, sits: Sitting, time_s: Floats) -> Pose:
        legs = stand_on(self.body, self._feet(sits))
        height = float(self.body.figure(Pose(legs=legs)).pelvis[0, 1])
        left, right = HANDS["sides"](self.body.size)
        sway = np.sin(2 * np.pi * 0.35 * time_s) * self.still_sway_cm / 200
        moved = Planted(legs.left, legs.right, legs.pelvis_x + sway, legs.pelvis_z, pelvis_height=height)
        return Pose(legs=moved, left_arm=left, right_arm=right)

    def _path(self, time_s: Floats) -> tuple[Floats, Floats]:
        """How far down the person is, and how far bent on the way, ``(frames,)`` each."""
        down = np.clip((time_s - self.stand_s) / max(self.down_s, 1e-9), 0, 1)
        begins = self.stand_s + self.down_s + self.sit_s
        up = np.clip((time_s - begins) / max(self.rise_s, 1e-9), 0, 1)
        sinking = down**_DROP_POWER if self.down == "drop" else smooth(down)
        lifting = up * (2 - up) if self.up == "jerk" else smooth(up)
        share = (sinking if self.down_s > 0 else 1.0) * (1 - lifting if self.rise_s > 0 else 1.0)
        bend = np.sin(np.pi * down) ** 2 * (self.down_s > 0) + np.sin(np.pi * up) ** 2 * (self.rise_s > 0)
        return np.broadcast_to(share, time_s.shape), np.broadcast_to(bend, time_s.shape)


def _knees_ahead(pose: Pose) -> Pose:
    """Return the pose with knees that point where the person goes, said as the seated legs say it."""
    assert isinstance(pose.legs, Planted)
    way = np.radians(np.asarray(pose.heading, float))
    knee = (np.sin(way), np.zeros_like(way), np.cos(way))
    legs = replace(pose.legs, left=replace(pose.legs.left, knee=knee), right=replace(pose.legs.right, knee=knee))
    return replace(pose, legs=legs)


def sit_and_rise(**settings: Any) -> Performance:
    """Return a person who sits down and leaves again; the settings are those of :class:`SitAndRise`."""
    return SitAndRise(**settings).performance()
