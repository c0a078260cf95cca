"""The simulated scenes by name: who is there and does what, and from where they are seen."""

from __future__ import annotations

from posture_check.errors import InputError
from posture_check.simulate.body import Body
from posture_check.simulate.scene import Actor, Scenario, Scene, Viewpoint
from posture_check.simulate.scenes import SCENES
from posture_check.simulate.standing import standing
from posture_check.simulate.walking import walking

SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str) -> Scenario:
    """Return a scenario by name.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in SCENARIOS:
        raise InputError(f"simulate:{name}: no such scene; choose one of {', '.join(SCENARIOS)}")
    return SCENARIOS[name]


def _alone(name: str, about: str, view: Viewpoint | None = None, **settings: object) -> None:
    def make(body: Body) -> Scene:
        performance = standing(body=body, **settings)
        return Scene((Actor(performance),), view or Viewpoint(), performance.duration_s)

    SCENARIOS[name] = Scenario(name, about, make)


def _walk(name: str, about: str, view: Viewpoint, **settings: object) -> None:
    def make(body: Body) -> Scene:
        performance = walking(body=body, **settings)
        return Scene((Actor(performance),), view, performance.duration_s)

    SCENARIOS[name] = Scenario(name, about, make)


_SIDE = Viewpoint(yaw_deg=90)

_alone("standing_v60", "model posture: V stance of 60 degrees, arms at the sides")
_alone("standing_v25", "V stance opened too little (25 degrees)", feet_angle_deg=25)
_alone("standing_v95", "V stance opened too far (95 degrees)", feet_angle_deg=95)
_alone("standing_v_gap", "V stance with the heels 9 cm apart", heel_gap_cm=9)
_alone("standing_fist", "V stance by the other reading: toes one fist apart", feet="fist")
_alone("standing_parallel", "feet parallel, a little less than shoulder width apart", feet="parallel")
_alone("standing_wide", "feet parallel, wider than the shoulders", feet="parallel", ankle_gap_over_shoulder=1.35)
_alone("standing_t", "T stance, right heel at the left arch", feet="t", hands="front_right_over_left")
_alone("hands_front_right_over_left", "hands before the abdomen, right on top", hands="front_right_over_left")
_alone("hands_front_left_over_right", "hands before the abdomen, left on top", hands="front_left_over_right")
_alone("hands_behind", "hands behind the back", hands="behind", feet="parallel", ankle_gap_over_shoulder=0.7)
_alone("hands_on_hips", "both hands on the hips", hands="hips")
_alone("hand_on_hip_left", "left hand on the hip", hands="hip_left")
_alone("arms_crossed", "arms crossed in front of the chest", hands="crossed")
_alone("hands_in_pockets", "both hands in the pockets", hands="pockets")
_alone("hand_in_pocket_right", "right hand in the pocket", hands="pocket_right")
_alone("leaning", "leaning aside on something, weight off the feet",
       hips_aside_cm=24, trunk_lateral_deg=15, shoulder_tilt_deg=-2, leaning=True)  # fmt: skip
_alone("swaying", "swaying from side to side", sway_cm=8, sway_hz=0.6, duration_s=5.0)
# The knee moves along its foot, so it is seen from where that foot does not point.
_alone("knee_shaking", "left knee shaking, seen from 30 degrees to the right", Viewpoint(yaw_deg=-30), knee_shake_cm=15)
_alone("shoulder_tilt", "left shoulder 7 degrees higher", shoulder_tilt_deg=7)
_alone("trunk_lean_forward", "trunk 12 degrees forward, seen from the left side", _SIDE, trunk_flexion_deg=12)
_alone("trunk_lean_back", "trunk 11 degrees backward, seen from the left side", _SIDE, trunk_flexion_deg=-11)
_alone("trunk_lean_side", "trunk 8 degrees to the left", trunk_lateral_deg=8, shoulder_tilt_deg=-6)
_alone(
    "knees_bent",
    "knees bent by 28 degrees, seen from the left side",
    _SIDE,
    knee_left_deg=28,
    knee_right_deg=28,
)
_alone("one_leg_relaxed", "right knee bent, the hip dropped on that side", knee_right_deg=24)
_alone("head_down", "head bowed by 22 degrees", head_pitch_deg=22)
_alone("head_turned", "head turned 28 degrees to the left", head_yaw_deg=28)
_alone("head_tilted", "head tilted 13 degrees to the right", head_roll_deg=-13)
_alone("standing_side", "model posture seen from the left side", _SIDE)
_alone("standing_oblique", "model posture seen from 35 degrees to the left", Viewpoint(yaw_deg=35))
_alone("standing_back", "model posture seen from behind", Viewpoint(yaw_deg=180))
_alone("tiny", "model posture, far too far away", Viewpoint(distance_m=28, pitch_deg=0))
_alone("upper_body_only", "model posture, only the upper body in the picture",
       Viewpoint(distance_m=1.15, height_m=1.45, pitch_deg=3))  # fmt: skip
_alone("short", "model posture for a third of a second", duration_s=0.34)
_walk("standing_then_walk", "stands in the model posture, then walks away",
Viewpoint(distance_m=3.6),
      start_s=3.0, turn_deg=150, duration_s=6.5)  # fmt: skip
_walk("walking_side", "walks past from right to left", Viewpoint(yaw_deg=90, distance_m=4.5), duration_s=4.0)
_walk("walking_front", "walks towards the camera", Viewpoint(distance_m=7.5, pitch_deg=3), duration_s=4.0)


def _nobody(body: Body) -> Scene:
    return Scene(())


def _two(body: Body) -> Scene:
    other = Body(0.95 * body.stature_m, body.size)
    performers = standing(body=body), standing(body=other, hands="hips")
    places = Actor(performers[0], x_m=0.55), Actor(performers[1], x_m=-0.65, z_m=-0.5, heading_deg=10.0)
    return Scene(places, Viewpoint(distance_m=3.6))


SCENARIOS["no_person"] = Scenario("no_person", "an empty room", _nobody)
SCENARIOS["two_people"] = Scenario("two_people", "one in the model posture, another with hands on hips", _two)

SCENARIOS |= SCENES

__all__ = ["SCENARIOS", "Actor", "Scenario", "Scene", "Viewpoint", "scenario"]
