import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.simulate.body import Body
from posture_check.simulate.stance import HANDS
from posture_check.simulate.standing import standing
from posture_check.simulate.truth import measure, swap_left_right

TIMES = np.arange(0, 1, 1 / 30)


@settings(deadline=None, max_examples=20)
@given(
    stature=floats(1.4, 2.0), tilt=floats(-8, 8), side=floats(-8, 8), head=floats(-40, 40),
    hands=sampled_from(sorted(HANDS)), knee=floats(4, 30),
)  # fmt: skip
def test_what_is_true_of_the_mirrored_pose_is_the_mirrored_truth(stature, tilt, side, head, hands, knee):
    body = Body(stature)
    asked = standing(
        body=body, shoulder_tilt_deg=tilt, trunk_lateral_deg=side, head_yaw_deg=head, hands=hands,
        knee_right_deg=knee, hips_aside_cm=side / 2,
    )  # fmt: skip
    mirrored = measure(
        body.figure(asked.motion(TIMES).mirrored(), len(TIMES)), body, TIMES, hands=swap_left_right(hands)
    )
    expected = asked.truth(TIMES).mirrored()
    assert mirrored.hands == expected.hands
    assert mirrored.numbers == pytest.approx(expected.numbers, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(stature=floats(1.4, 2.0), angle=floats(10, 90), lean=floats(-10, 15), knee=floats(4, 30))
def test_angles_do_not_depend_on_stature(stature, angle, lean, knee):
    def angles(h):
        found = standing(
            body=Body(h), feet_angle_deg=angle, trunk_flexion_deg=lean, knee_left_deg=knee, hands="hips",
            heel_gap_cm=1.0 * h, sway_cm=0.5 * h, sway_fore_cm=0.5 * h,
        )  # fmt: skip
        return {k: v for k, v in found.truth(TIMES).numbers.items() if k.endswith("_deg")}

    assert angles(stature) == pytest.approx(angles(1.0), abs=1e-6)


def test_numbers_are_those_of_the_held_frames_only():
    body = Body()
    figure = body.figure(standing(head_yaw_deg=10).motion(TIMES), len(TIMES))
    held = TIMES < 0.5
    whole, part = measure(figure, body, TIMES), measure(figure, body, TIMES, held)
    assert part.numbers["sway_lateral_pp_cm"] < whole.numbers["sway_lateral_pp_cm"]
    assert len(part.series["head_yaw_deg"]) == len(TIMES)


@pytest.mark.parametrize(
    ("name", "swapped"),
    [
        ("knee_left_deg", "knee_right_deg"),
        ("front_right_over_left", "front_left_over_right"),
        ("hips", "hips"),
    ],
)
def test_left_and_right_change_places_in_names(name, swapped):
    assert swap_left_right(name) == swapped


def test_names_are_those_of_the_rendered_footage(footage):
    import json

    lines = (footage / "rendered" / "index.jsonl").read_text().splitlines()
    theirs = set(next(row for row in map(json.loads, lines) if row["family"] == "stand")["numbers"])
    ours = set(standing().truth(TIMES).numbers)
    shared = {
        "stature_m", "shoulder_width_m", "shoulder_tilt_deg", "trunk_lean_fore_rel_deg",
        "trunk_lean_side_deg", "head_pitch_deg", "head_yaw_deg", "head_roll_deg",
        "knee_left_deg", "knee_right_deg", "feet_angle_deg", "foot_out_left_deg",
        "heel_gap_cm", "toe_gap_cm", "ankle_gap_over_shoulder", "sway_lateral_pp_cm",
        "knee_osc_pp_cm_left", "elbow_left_deg", "wrist_gap_m", "facing_deg",
    }  # fmt: skip
    assert shared <= ours & theirs
