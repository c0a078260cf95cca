import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats

from posture_check.landmarks.names import L
from posture_check.simulate.walking import walking

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
