"""What the scenes of the simulated person were made to show, clause by clause.

The labels of people who only stand follow from their numbers and come with the scene. These are the other scenes; a
clause that is not named is not claimed.
"""

from __future__ import annotations

from collections.abc import Mapping

from bench.footage import Role

P, F = "pass", "fail"

SHOWN: Mapping[str, Mapping[str, str]] = {
    "sitting_side": {"SI-02": P, "SI-03": P, "SI-10": P, "SI-11": P},
    "sitting_front": {"SI-04": P, "SI-05": P, "SI-06": P, "SI-07": P, "SI-08": P, "SI-09": P, "SI-12": P},
    "sitting_b": {"SI-06": P, "SI-07": P, "SI-08": P, "SI-09": P},
    "sitting_slanted": {"SI-07": P, "SI-08": P},
    "sitting_armrests": {"SI-06": P},
    "sitting_desk": {"SI-06": P},
    "sitting_edge": {"SI-02": F},
    "sitting_far_back": {"SI-02": F},
    "sitting_leaning_back": {"SI-03": F, "SI-11": F},
    "sitting_leaning_forward": {"SI-03": F, "SI-11": F},
    "sitting_slumped": {"SI-11": F},
    "sitting_head_down": {"SI-04": F},
    "sitting_head_tilted": {"SI-04": F},
    "sitting_shoulder_tilt": {"SI-05": F},
    "sitting_knees_wide": {"SI-07": F, "SI-09": F},
    "sitting_stretched": {"SI-10": F},
    "sitting_tucked": {"SI-10": F},
    "sitting_crossed": {"SI-08": F},
    "sitting_crossed_front": {"SI-08": F},
    "sitting_figure4": {"SI-08": F},
    "sitting_clasped_knee": {"SI-08": F},
    "sitting_hands_between": {"SI-09": F},
    "sitting_hands_under": {"SI-09": F},
    "sitting_chin": {"SI-11": F},
    "sitting_jitter": {"SI-12": F},
    "sitting_rocking": {"SI-12": F},
    "sitting_swivelling": {"SI-12": F},
    "sitting_head_shake": {"SI-12": F},
    "sit_down_and_rise": {"SI-01": P, "SI-13": P},
    "sit_down_dropping": {"SI-01": F},
    "rise_and_leave_at_once": {"SI-13": F},
    "squat_pick_up": {"SQ-01": P, "SQ-02": P, "SQ-03": P, "SQ-04": P},
    "squat_flat": {"SQ-01": F, "SQ-03": F},
    "squat_bent": {"SQ-01": F, "SQ-03": F, "SQ-04": F},
    "squat_front_heel_up": {"SQ-02": F},
    "walking_side": {"WA-01": P, "WA-03": P, "WA-06": P, "WA-07": P, "WA-08": P},
    "walking_front": {"WA-01": P, "WA-06": P, "WA-07": P},
    "walking_backward": {},
    "walking_swing_one": {"WA-02": F},
    "sit_role_b": {},
    "squats": {},
    "walking_swing_small": {"WA-02": F},
    "walking_swing_wide": {"WA-02": F},
    "walking_clamped": {"WA-08": F},
    "walking_uneven": {"WA-03": F},
    "walking_short_steps": {"WA-04": F},
    "walking_leaning": {"WA-06": F},
    "walking_running": {"WA-07": F},
    "walking_looking_around": {"WA-01": F},
    "walking_wide": {"WA-05": F},
    "walking_swaying": {"WA-06": F},
    "showing_the_way": {"GE-01": P, "GE-04": P, "GE-05": P, "GE-06": P, "GE-07": P},
    "showing_left": {"GE-01": P, "GE-04": P, "GE-05": P},
    "pointing_finger": {"GE-04": F},
    "pointing_palm_down": {"GE-05": F},
    "pointing_spread": {"GE-01": F},
    "inviting_to_sit": {"GE-03": P},
    "tray": {"GE-09": P},
    "tray_low": {"GE-09": F},
    "waving_at_ear": {"GE-10": P},
    "waving_wildly": {"GE-06": F},
    "touching_face": {"GE-07": F},
    "bowing": {"GE-11": P},
    "bowing_oblique": {"GE-11": P},
    "guiding": {"WA-09": P},
    "guiding_right": {"WA-09": F},
    "guiding_far_ahead": {"WA-09": F},
    "guiding_turning": {"WA-09": P},
    "receiving": {"GE-12": P},
    "receiving_near": {"GE-12": F},
    "receiving_far": {"GE-12": F},
}  # fmt: skip

ROLE: Mapping[str, Role] = {"sitting_b": "B", "sitting_slanted": "B", "sit_role_b": "B", "standing_t": "B"}
"""Scenes made for one role."""
