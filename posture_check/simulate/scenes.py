"""The named scenes of every posture but standing: sitting, sitting down and rising, squatting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from posture_check.simulate.body import Body
from posture_check.simulate.gestures import WILD, What, gesturing, usual
from posture_check.simulate.pairs import guiding, handing, receiving
from posture_check.simulate.performance import Performance
from posture_check.simulate.scene import Actor, Scenario, Scene, Viewpoint
from posture_check.simulate.sitting import Sitting, sitting
from posture_check.simulate.squatting import squatting
from posture_check.simulate.transitions import sit_and_rise
from posture_check.simulate.walking import walking

SCENES: dict[str, Scenario] = {}
"""Named scenes of one or two people who do something else than stand."""

_SIDE = Viewpoint(yaw_deg=90, height_m=1.1, pitch_deg=5)
_FRONT = Viewpoint(height_m=1.1, pitch_deg=5)
_OBLIQUE = Viewpoint(yaw_deg=40, height_m=1.2, pitch_deg=7)


def add(
    name: str, about: str, play: Callable[..., Performance], viewpoint: Viewpoint, z_m: float = 0.0, **settings: Any
) -> None:
    """Put a scene of one person on the list; they start so many metres ahead of where the camera looks."""

    def make(body: Body) -> Scene:
        performance = play(body=body, **settings)
        return Scene((Actor(performance, z_m=z_m),), viewpoint, performance.duration_s)

    SCENES[name] = Scenario(name, about, make)


_B: dict[str, Any] = {"hands": "lap_right_over_left", "knee_gap_cm": 2.0}

add("sitting_side", "model posture on a chair, seen from the left side", sitting, _SIDE)
add("sitting_front", "model posture on a chair, seen from the front", sitting, _FRONT)
add("sitting_oblique", "model posture on a chair, seen from 40 degrees to the left", sitting, _OBLIQUE)
add("sitting_b", "model posture of role B: knees together, hands stacked on the lap", sitting, _FRONT, **_B)
add("sitting_slanted", "role B, shanks slanted to the left", sitting, _FRONT, **_B, shank_slant_deg=12.0)
add("sitting_armrests", "hands on the armrests", sitting, _OBLIQUE, hands="armrests")
add("sitting_desk", "forearms crossed on a desk before the chest", sitting, _FRONT, hands="desk")
add("sitting_edge", "on the very edge of the seat", sitting, _SIDE, seat_fraction=0.42)
add("sitting_far_back", "against the backrest", sitting, _SIDE, seat_fraction=0.95)
add("sitting_leaning_back", "leaning back", sitting, _SIDE, seat_fraction=0.9, trunk_flexion_deg=-14.0)
add("sitting_leaning_forward", "tipped forward", sitting, _SIDE, trunk_flexion_deg=30.0)
add("sitting_slumped", "slumped, head hanging", sitting, _SIDE, trunk_flexion_deg=27.0, head_pitch_deg=32.0)
add("sitting_head_down", "head bowed", sitting, _FRONT, head_pitch_deg=25.0)
add("sitting_head_tilted", "head tilted to the left", sitting, _FRONT, head_roll_deg=15.0)
add("sitting_shoulder_tilt", "left shoulder high", sitting, _FRONT, shoulder_tilt_deg=8.0)
add("sitting_knees_wide", "legs flung apart", sitting, _FRONT, knee_gap_cm=36.0)
add("sitting_stretched", "legs stretched far out", sitting, _SIDE, shank_forward_deg=45.0)
add("sitting_tucked", "feet tucked under the chair", sitting, _SIDE, shank_forward_deg=-28.0)
add("sitting_crossed", "one leg over the other", sitting, _OBLIQUE, crossed="knee")
add("sitting_crossed_front", "one leg over the other, from the front", sitting, _FRONT, crossed="knee", over="left")
add("sitting_figure4", "ankle on the other knee", sitting, _FRONT, crossed="figure4")
add("sitting_clasped_knee", "legs crossed, hands clasped round the knee", sitting, _OBLIQUE, crossed="knee",
    hands="round_knee")  # fmt: skip
add("sitting_hands_between", "hands between the thighs", sitting, _FRONT, hands="between_thighs")
add("sitting_hands_under", "hands under the thighs", sitting, _OBLIQUE, hands="under_thighs")
add("sitting_chin", "chin in the right hand", sitting, _FRONT, hands="chin_right", trunk_flexion_deg=12.0)
add("sitting_jitter", "the right leg bouncing", sitting, _FRONT, jitter_cm=3.0)
add("sitting_rocking", "rocking to and fro", sitting, _SIDE, rock_deg=9.0)
add("sitting_swivelling", "swivelling on the chair", sitting, _FRONT, swivel_deg=30.0)
add("sitting_head_shake", "shaking the head", sitting, _FRONT, head_shake_deg=30.0)

add("sit_down_and_rise", "stands, sits down, rises, stands still, walks off", sit_and_rise,
    Viewpoint(yaw_deg=90, distance_m=4.2, height_m=1.2, pitch_deg=5), walk_s=1.2)  # fmt: skip
add("sit_down_dropping", "lets itself fall onto the chair", sit_and_rise, Viewpoint(yaw_deg=90, distance_m=3.6),
    down="drop", down_s=0.7, rise_s=0.0, still_s=0.0, walk_s=0.0)  # fmt: skip
add("rise_and_leave_at_once", "rises and walks off without standing still", sit_and_rise,
    Viewpoint(yaw_deg=90, distance_m=4.2), stand_s=0.0, down_s=0.0, still_s=0.0, rise_s=1.0, walk_s=1.5)  # fmt: skip
add("sit_role_b", "role B sits down and stays", sit_and_rise, Viewpoint(yaw_deg=60, distance_m=3.8),
    sitting=Sitting(**_B), rise_s=0.0, still_s=0.0, walk_s=0.0)  # fmt: skip

add("squat_pick_up", "squats with one foot forward to pick something up", squatting, _SIDE)
add("squat_flat", "squats with the feet side by side and flat", squatting, _SIDE, foot_offset_cm=0.0,
    rear_heel_pitch_deg=0.0, front_shank_deg=34.0, trunk_lean_deg=46.0)  # fmt: skip
add("squat_bent", "bends from the waist with the hips high", squatting, _SIDE, foot_offset_cm=0.0,
    rear_heel_pitch_deg=0.0, front_shank_deg=8.0, hip_minus_knee_cm=40.0, trunk_lean_deg=75.0)  # fmt: skip
add("squat_front_heel_up", "squats on the balls of both feet", squatting, _SIDE, front_heel_pitch_deg=25.0,
    front_shank_deg=42.0, hip_minus_knee_cm=6.0)  # fmt: skip
add("squats", "five squats, feet side by side", squatting, _FRONT, count=5, foot_offset_cm=0.0, feet_apart_cm=34.0,
    rear_heel_pitch_deg=0.0, front_shank_deg=30.0, trunk_lean_deg=38.0, hold_s=0.3, down_s=1.0, up_s=1.0,
    pause_s=0.5)  # fmt: skip

_PAST = Viewpoint(yaw_deg=90, distance_m=4.5)
_TOWARDS = Viewpoint(distance_m=7.5, pitch_deg=3)

# Where they start, so that they pass the middle of the picture.
for _name, _about, _start, _asked in (
    ("swing_small", "arms swing too little", -2.0, {"arm_swing_deg": 18.0}),
    ("swing_wide", "arms swing too far", -2.0, {"arm_swing_deg": 52.0}),
    ("swing_one", "only the left arm swings", -2.0, {"arm_right_swing_deg": 6.0}),
    ("clamped", "something clamped under the left arm", -2.0, {"clamped": "left"}),
    ("uneven", "uneven steps", -2.0, {"uneven": 0.16}),
    ("short_steps", "short steps", -1.3, {"step_length_m": 0.40}),
    ("leaning", "the trunk leans forward", -2.0, {"lean_deg": 14.0}),
    ("backward", "walks backwards", 2.0, {"backward": True}),
    ("running", "runs", -2.5, {"flight": 0.25, "step_length_m": 1.0, "step_time_s": 0.36, "elbow_deg": 85.0,
                               "lean_deg": 8.0, "duration_s": 2.2}),
):  # fmt: skip
    add(f"walking_{_name}", _about, walking, _PAST, _start, **({"duration_s": 4.0} | _asked))
for _name, _about, _asked in (
    ("looking_around", "looks around while walking", {"look_deg": 60.0}),
    ("wide", "feet far apart", {"step_width_m": 0.24}),
    ("swaying", "shoulders sway with the steps", {"sway_cm": 12.0, "shoulder_rock_deg": 8.0}),
):
    add(f"walking_{_name}", _about, walking, _TOWARDS, **({"duration_s": 5.0} | _asked))

_NEAR = Viewpoint(yaw_deg=10, distance_m=2.6)


def _gesture(name: str, about: str, what: What, viewpoint: Viewpoint = _NEAR, **settings: Any) -> None:
    def play(body: Body) -> Performance:
        return gesturing(usual(what, **settings), body=body)

    add(name, about, play, viewpoint)


_gesture("showing_the_way", "shows the way with the flat hand", "pointing")
_gesture("showing_left", "shows the way with the left hand", "pointing", side="left")
_gesture("pointing_finger", "points with one finger", "pointing", hand="index", palm_up_deg=-12.0)
_gesture("pointing_palm_down", "points with the palm down", "pointing", palm_up_deg=-85.0)
_gesture("pointing_spread", "shows the way with spread fingers", "pointing", hand="spread")
_gesture("inviting_to_sit", "invites to sit", "inviting")
_gesture("handing_over_both", "hands over with both hands", "handing_over", Viewpoint(yaw_deg=35, distance_m=2.6))
_gesture("handing_over_one", "hands over with one hand", "handing_over", Viewpoint(yaw_deg=35, distance_m=2.6),
         side="right")  # fmt: skip
_gesture("tray", "carries a tray, elbows square", "tray", Viewpoint(yaw_deg=50, distance_m=2.8))
_gesture("tray_low", "carries a tray too low", "tray", Viewpoint(yaw_deg=50, distance_m=2.8), elbow_deg=140.0)
_gesture("waving_at_ear", "greets somebody far away with a small wave", "waving")
_gesture("waving_wildly", "waves wildly", "waving", **WILD)
_gesture("touching_face", "touches the face", "touching_face")
_gesture("bowing", "bows by 25 degrees", "bow", _SIDE)
_gesture("bowing_oblique", "bows, seen from 45 degrees", "bow", Viewpoint(yaw_deg=45))


def _two(name: str, about: str, make: Callable[..., Scene], **settings: Any) -> None:
    SCENES[name] = Scenario(name, about, lambda body: make(body, Body(0.97 * body.stature_m, body.size), **settings))


_two("guiding", "guides a customer, ahead on their left", guiding)
_two("guiding_right", "guides a customer on their right", guiding, left_m=-0.6)
_two("guiding_far_ahead", "hurries ahead of the customer", guiding, ahead_m=1.6, speed_mps=1.35, customer_speed_mps=1.1)
_two("guiding_turning", "turns to the customer while guiding them", guiding, turn_to_customer_deg=50.0)
_two("receiving", "receives a visitor at 75 cm, turned by 45 degrees", receiving)
_two("receiving_near", "receives a visitor too near and squarely", receiving, distance_m=0.5, turn_deg=0.0)
_two("receiving_far", "receives a visitor from too far away", receiving, distance_m=1.6)
_two("handing_to_visitor", "hands a visitor something with both hands", handing)
