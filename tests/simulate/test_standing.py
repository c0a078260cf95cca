import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import booleans, builds, floats, sampled_from

from posture_check.landmarks.names import L
from posture_check.simulate.body import Body
from posture_check.simulate.stance import HANDS, arm_states
from posture_check.simulate.standing import Standing, standing

TIMES = np.arange(0, 3, 1 / 30)


@settings(deadline=None, max_examples=20)
@given(
    tilt=floats(-12, 12),
    fore=floats(-15, 20),
    side=floats(-10, 10),
    pitch=floats(-30, 40),
    yaw=floats(-60, 60),
    roll=floats(-25, 25),
    stature=floats(1.45, 2.0),
)
def test_trunk_shoulders_and_head_stand_as_asked(tilt, fore, side, pitch, yaw, roll, stature):
    asked = standing(
        body=Body(stature), shoulder_tilt_deg=tilt, trunk_flexion_deg=fore, trunk_lateral_deg=side,
        head_pitch_deg=pitch, head_yaw_deg=yaw, head_roll_deg=roll, sway_cm=0, sway_fore_cm=0,
    )  # fmt: skip
    found = asked.truth().numbers
    assert found["trunk_lean_fore_rel_deg"] == pytest.approx(fore, abs=1e-6)
    assert found["trunk_lean_side_deg"] == pytest.approx(side, abs=1e-6)
    # Lean and tilt are both asked exactly; together they are one turn after another.
    assert found["shoulder_tilt_deg"] == pytest.approx(tilt, abs=0.4 + 0.05 * abs(fore))
    assert found["head_pitch_deg"] == pytest.approx(pitch, abs=1e-6)
    assert found["head_yaw_deg"] == pytest.approx(yaw, abs=1e-6)
    assert found["head_roll_deg"] == pytest.approx(roll, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(angle=floats(0, 110), gap=floats(0, 15), left=floats(3, 40), stature=floats(1.45, 2.0))
def test_feet_and_knees_stand_as_asked(angle, gap, left, stature):
    asked = standing(
        body=Body(stature), feet_angle_deg=angle, heel_gap_cm=gap, knee_left_deg=left, knee_right_deg=left,
        sway_cm=0, sway_fore_cm=0,
    )  # fmt: skip
    found = asked.truth().numbers
    assert found["feet_angle_deg"] == pytest.approx(angle, abs=1e-6)
    assert found["heel_gap_cm"] == pytest.approx(gap, abs=1e-6)
    assert found["knee_left_deg"] == pytest.approx(180 - left, abs=0.05)


@settings(deadline=None, max_examples=20)
@given(ratio=floats(0.3, 1.5), angle=floats(0, 30))
def test_parallel_feet_are_as_far_apart_as_asked(ratio, angle):
    found = standing(feet="parallel", ankle_gap_over_shoulder=ratio, feet_angle_deg=angle).truth().numbers
    assert found["ankle_gap_over_shoulder"] == pytest.approx(ratio, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(gap=floats(5, 30))
def test_toes_are_as_far_apart_as_asked(gap):
    found = standing(feet="fist", toe_gap_cm=gap).truth().numbers
    assert found["toe_gap_cm"] == pytest.approx(gap, abs=1e-6)
    assert found["heel_gap_cm"] == pytest.approx(1.0, abs=1e-6)


def test_one_fist_between_the_toes_is_about_twenty_degrees():
    assert standing(feet="fist", toe_gap_cm=10).truth().numbers["feet_angle_deg"] == pytest.approx(18, abs=3)


def test_in_the_t_stance_the_front_heel_is_at_the_rear_arch():
    for front, rear in (("right", "left"), ("left", "right")):
        figure = standing(feet="t", front_foot=front).figure(np.zeros(1))
        rear_heel, rear_toe, front_heel = (
            figure.points[0, L[f"{side.upper()}_{part}"]]
            for side, part in ((rear, "HEEL"), (rear, "FOOT_INDEX"), (front, "HEEL"))
        )
        along = (front_heel - rear_heel) @ (rear_toe - rear_heel) / np.sum((rear_toe - rear_heel) ** 2)
        assert 0.2 < along < 0.6, "beside the middle of the rear foot"
        assert np.linalg.norm((front_heel - rear_heel)[[0, 2]]) < 0.15


settings_of_standing = builds(
    Standing,
    feet=sampled_from(["v", "fist", "parallel", "t"]),
    hands=sampled_from(sorted(HANDS)),
    knee_left_deg=floats(3, 40),
    knee_right_deg=floats(3, 40),
    hips_aside_cm=floats(-8, 8),
    sway_cm=floats(0, 10),
    trunk_lateral_deg=floats(-8, 8),
)


@settings(deadline=None, max_examples=20)
@given(asked=settings_of_standing)
def test_feet_stay_planted_on_the_floor_whatever_the_body_does(asked):
    points = asked.performance().figure(TIMES).points
    feet = points[:, [L.LEFT_HEEL, L.RIGHT_HEEL, L.LEFT_FOOT_INDEX, L.RIGHT_FOOT_INDEX]]
    assert np.ptp(feet, axis=0) == pytest.approx(np.zeros((4, 3)), abs=1e-9)
    assert 0 < feet[..., 1].min() < feet[..., 1].max() < 0.03


@given(pp=floats(0.5, 12), hz=floats(0.4, 1.2), lateral=booleans())
@settings(deadline=None, max_examples=20)
def test_sway_is_as_wide_and_as_fast_as_asked(pp, hz, lateral):
    found = standing(sway_cm=pp, sway_hz=hz, duration_s=6.0, trunk_lateral_deg=5.0 * lateral).truth().numbers
    assert found["sway_lateral_pp_cm"] == pytest.approx(pp, rel=0.05)
    assert found["sway_freq_hz"] == pytest.approx(hz, abs=0.1)


def test_a_shaking_knee_shakes_and_the_other_does_not():
    found = standing(knee_shake_cm=6).truth().numbers
    assert found["knee_osc_pp_cm_left"] == pytest.approx(6, abs=2)
    assert found["knee_osc_pp_cm_right"] < 1.5


@pytest.mark.parametrize("hands", sorted(HANDS))
def test_hands_go_where_their_name_says(hands):
    figure = standing(hands=hands, sway_cm=0, sway_fore_cm=0).figure(np.zeros(1))
    p, states = figure.points[0], arm_states(hands)
    for side, state, sign in (("LEFT", states[0], 1), ("RIGHT", states[1], -1)):
        wrist, elbow, hip = (p[L[f"{side}_{j}"]] for j in ("WRIST", "ELBOW", "HIP"))
        away = wrist - figure.pelvis[0]
        if state in ("hip", "pocket"):
            assert np.linalg.norm((wrist - hip)[:2]) < 0.2, "the wrist is at the hip"
            assert sign * (elbow - wrist)[0] > 0.03, "the elbow is out"
        elif state == "crossed":
            assert sign * away[0] < 0, "the wrist is across the midline"
            assert away[1] > 0.15
        elif hands.startswith("front"):
            assert away[2] > 0.12
            assert abs(away[0]) < 0.12
        elif hands == "behind":
            assert away[2] < -0.12
        else:
            assert sign * away[0] > 0.15
            assert abs(away[1]) < 0.12


@pytest.mark.parametrize(("hands", "upper"), [("front_right_over_left", 1), ("front_left_over_right", 0)])
def test_the_upper_hand_is_in_front_of_the_other(hands, upper):
    figure = standing(hands=hands).figure(np.zeros(1))
    assert figure.hands[0, upper, :, 2].mean() > figure.hands[0, 1 - upper, :, 2].mean()
    gap = figure.hands[0, 0].mean(0) - figure.hands[0, 1].mean(0)
    assert np.linalg.norm(gap[:2]) < 0.1, "the hands lie on one another"
