import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats

from posture_check.landmarks.names import L
from posture_check.simulate.walking import Walk, walking
from tests.simulate.moving import assert_is_a_body

TIMES = np.arange(0, 5, 1 / 60)


def test_a_foot_on_the_floor_does_not_slide():
    figure = walking(duration_s=5).figure(TIMES)
    for side in ("LEFT", "RIGHT"):
        toe, heel = figure.points[:, L[f"{side}_FOOT_INDEX"]], figure.points[:, L[f"{side}_HEEL"]]
        flat = (toe[:, 1] < 0.018) & (heel[:, 1] < 0.025)
        moved = np.linalg.norm(np.diff(heel[:, [0, 2]], axis=0), axis=1)[flat[1:] & flat[:-1]]
        assert flat.mean() > 0.2
        assert moved.max() < 0.004


@settings(deadline=None, max_examples=20)
@given(step=floats(0.45, 0.75), seconds=floats(0.45, 0.7), width=floats(0.05, 0.2))
def test_steps_are_as_long_wide_and_quick_as_asked(step, seconds, width):
    walk = walking(step_length_m=step, step_time_s=seconds, step_width_m=width, duration_s=5.0)
    heels = walk.figure(TIMES).points[:, [L.LEFT_HEEL, L.RIGHT_HEEL]]
    standing = np.abs(np.gradient(heels[..., 2], TIMES, axis=0)) < 0.02
    places = [np.unique(np.round(heels[standing[:, i], i, 2], 2)) for i in (0, 1)]
    strides = np.concatenate([np.diff(p[(p > 1.0) & (p < 3.5)]) for p in places])
    assert np.median(strides[strides > 0.3]) == pytest.approx(2 * step, abs=0.04)
    late = TIMES > 3
    assert np.median(heels[late, 0, 0]) - np.median(heels[late, 1, 0]) == pytest.approx(width, abs=0.02)
    assert walk.facts["speed_mps"] == pytest.approx(step / seconds)


@settings(deadline=None, max_examples=20)
@given(swing=floats(10, 60))
def test_each_arm_swings_through_the_asked_excursion_and_against_the_other(swing):
    series = walking(arm_swing_deg=swing, duration_s=5.0).truth(TIMES).series
    late = TIMES > 2.0
    left, right = (series[f"arm_{side}_whole_deg"][late] for side in ("left", "right"))
    assert np.ptp(left) == pytest.approx(swing, rel=0.03)
    assert np.corrcoef(left, right)[0, 1] < -0.99


def test_the_right_arm_goes_forward_with_the_left_foot():
    walk = walking(duration_s=5.0)
    series, p = walk.truth(TIMES).series, walk.figure(TIMES).points
    ahead = p[:, L.LEFT_ANKLE, 2] - p[:, L.RIGHT_ANKLE, 2]
    late = TIMES > 2.0
    assert np.corrcoef(series["arm_right_whole_deg"][late], ahead[late])[0, 1] > 0.8


def test_knees_bend_only_forward_and_the_hips_do_not_jump():
    figure = walking(duration_s=5.0).figure(TIMES)
    speed = np.diff(figure.pelvis[:, 1]) * 60
    assert np.abs(speed).max() < 1.0
    for side in ("LEFT", "RIGHT"):
        hip, knee, ankle = (figure.points[:, L[f"{side}_{j}"], 2] for j in ("HIP", "KNEE", "ANKLE"))
        assert (knee > np.minimum(hip, ankle) - 0.02).all()


def test_who_stands_first_stands_still_first_and_is_gone_at_the_end():
    walk = walking(start_s=2.0, turn_deg=150, duration_s=6.0)
    points = walk.figure(TIMES).points
    before = walk.standing_until_s > TIMES
    assert np.ptp(points[before], axis=0).max() < 0.02
    assert walk.figure(np.array([6.0])).pelvis[0, 2] < -1.5, "away from where the person faced"


def test_uneven_steps_have_the_variation_that_was_asked():
    assert walking(uneven=0.15).facts["step_time_cv"] == pytest.approx(0.15)


@settings(deadline=None, max_examples=10)
@given(left=floats(5, 50), right=floats(5, 50), bend=floats(0, 25), lean=floats(0, 10))
def test_each_arm_has_its_own_swing_and_the_facts_are_what_the_skeleton_does(left, right, bend, lean):
    walk = walking(
        arm_left_swing_deg=left, arm_right_swing_deg=right, elbow_swing_deg=bend, lean_deg=lean, duration_s=4.0
    )
    for side, asked in (("left", left), ("right", right)):
        assert walk.facts[f"arm_{side}_upper_total_deg"] == pytest.approx(asked, abs=0.4)
        whole = walk.facts[f"arm_{side}_whole_total_deg"]
        assert whole == pytest.approx(asked + bend * 0.44, abs=0.15 * bend + 0.5), "the forearm adds to it"
        parts = walk.facts[f"arm_{side}_whole_forward_deg"] + walk.facts[f"arm_{side}_whole_backward_deg"]
        assert parts == pytest.approx(whole, abs=0.2)
        tilted = walk.facts[f"arm_{side}_whole_forward_deg"] - walk.facts[f"arm_{side}_whole_vert_forward_deg"]
        assert tilted == pytest.approx(lean + 2.0, abs=0.3), "against the trunk, which leans"


def test_a_clamped_arm_stays_at_the_trunk():
    walk = walking(clamped="left", duration_s=4.0)
    assert walk.facts["arm_left_whole_total_deg"] < 1
    assert walk.facts["arm_right_whole_total_deg"] > 30
    p, late = walk.figure(TIMES).points, TIMES > 2
    assert np.linalg.norm((p[late, L.LEFT_ELBOW] - p[late, L.LEFT_HIP])[:, [0, 2]], axis=-1).max() < 0.2


@pytest.mark.parametrize("flight", [0.0, 0.1, 0.3])
def test_no_foot_is_on_the_floor_for_the_share_of_flight(flight):
    walk = walking(flight=flight, step_length_m=0.9, step_time_s=0.36, duration_s=5.0)
    p = walk.figure(TIMES).points[TIMES > 2.0]
    feet = p[:, [L.LEFT_HEEL, L.RIGHT_HEEL, L.LEFT_FOOT_INDEX, L.RIGHT_FOOT_INDEX]]
    # A foot that pushes off moves along the floor only from when it leaves it.
    speed = np.abs(np.gradient(feet[..., 2], 1 / 60, axis=0)).reshape(len(feet), 2, 2).min(1)
    still = (speed < 0.3).any(-1)
    assert walk.facts["flight_fraction"] == flight
    assert 1 - still.mean() == pytest.approx(flight, abs=0.09)


def test_walking_backwards_goes_backwards_and_faces_forwards():
    walk = walking(backward=True, duration_s=4.0)
    time_s = TIMES[TIMES < 4.0]
    figure = walk.figure(time_s)
    assert figure.pelvis[0, 2] == pytest.approx(0, abs=0.1)
    assert (np.diff(figure.pelvis[:, 2]) < 1e-9).all()
    assert figure.pelvis[-1, 2] < -3
    assert figure.points[:, L.NOSE, 2].mean() > figure.points[:, L.LEFT_EAR, 2].mean()
    with pytest.raises(ValueError, match="backwards"):
        Walk(backward=True).strikes()


def test_looking_around_sway_and_rocking_shoulders_are_as_wide_as_asked():
    found = walking(look_deg=50, sway_cm=8, shoulder_rock_deg=6, duration_s=6.0).truth().numbers
    assert found["head_yaw_range_deg"] == pytest.approx(50, abs=1)
    assert found["sway_lateral_pp_cm"] == pytest.approx(8, abs=0.5)
    walk = walking(shoulder_rock_deg=6, duration_s=6.0)
    assert np.ptp(walk.truth(TIMES).series["shoulder_tilt_deg"][TIMES > 2]) == pytest.approx(6, abs=0.3)


def test_feet_strike_in_turn_where_the_skeleton_comes_to_rest():
    walk = Walk(uneven=0.1, duration_s=5.0)
    strikes = walk.strikes()
    assert [side for side, _ in strikes[:4]] == ["right", "left", "right", "left"]
    heels = walk.performance().figure(TIMES).points[:, [L.LEFT_HEEL, L.RIGHT_HEEL], 2]
    for side, at in strikes[2:]:
        i = 0 if side == "left" else 1
        before, after = (np.interp([at + d, at + d + 0.02], TIMES, heels[:, i]) for d in (-0.08, 0.01))
        if at + 0.03 < TIMES[-1]:
            assert np.ptp(before) > 3 * np.ptp(after)


@pytest.mark.parametrize("asked", [{}, {"flight": 0.25, "step_length_m": 1.0, "step_time_s": 0.36}, {"backward": True}])
def test_walking_bodies_are_bodies(asked):
    assert_is_a_body(walking(duration_s=3.0, **asked), fastest=14)
