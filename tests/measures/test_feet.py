from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers, sampled_from

from posture_check.landmarks.names import L
from posture_check.measures.body import Body
from posture_check.measures.feet import foot_heading, foot_heading_error
from tests.measures.people import body_of, still, value_of

few = settings(deadline=None, max_examples=12)
SEEDS = integers(0, 2**31)


@few
@given(seed=SEEDS, opening=floats(5, 90), gap=floats(0, 8))
def test_the_opening_is_read_off_the_floor_from_any_camera(seed, opening, gap):
    shot = still(seed, feet_angle_deg=opening, heel_gap_cm=gap)
    shot = replace(shot, yaw_deg=float(np.clip(shot.yaw_deg, -20, 20)))
    found = value_of("feet_opening", body_of(shot))
    assert found.value == pytest.approx(opening, abs=1.5 * found.error)


@few
@given(seed=SEEDS, side=sampled_from(["LEFT", "RIGHT"]), out=floats(-10, 50))
def test_each_foot_points_where_it_points_from_the_camera(seed, side, out):
    shot = replace(still(seed, feet_angle_deg=2 * out), yaw_deg=0.0)
    body = body_of(shot)
    error = float(np.median(foot_heading_error(body, side)))
    assert np.median(foot_heading(body, side)) == pytest.approx(out, abs=2 * error)


def test_a_foot_that_points_sideways_shows_its_heading_badly():
    errors = [
        float(np.median(foot_heading_error(body_of(replace(still(1, feet_angle_deg=angle), yaw_deg=0.0)), "LEFT")))
        for angle in (0.0, 60.0, 100.0, 140.0)
    ]
    assert errors == sorted(errors)
    assert errors[-1] > 1.6 * errors[0]


def test_from_higher_up_the_opening_is_told_more_surely():
    shot = replace(still(2, feet_angle_deg=90.0), yaw_deg=0.0, distance_m=3.0)
    low, high = (
        replace(shot, camera=replace(shot.camera, width=1280, height=1280, height_m=lens, pitch_deg=pitch))
        for lens, pitch in ((0.8, 0.0), (2.2, 24.0))
    )
    assert value_of("feet_opening", body_of(high)).error < value_of("feet_opening", body_of(low)).error


@few
@given(seed=SEEDS, gap=floats(0, 14), opening=floats(0, 75))
def test_the_gap_between_the_heels(seed, gap, opening):
    shot = still(seed, feet_angle_deg=opening, heel_gap_cm=gap)
    found = value_of("heel_gap", body_of(shot))
    assert found.value == pytest.approx(gap, abs=2 * found.error)


@few
@given(seed=SEEDS, gap=floats(4, 25))
def test_the_gap_between_the_toes(seed, gap):
    shot = still(seed, feet="fist", toe_gap_cm=gap, heel_gap_cm=1.0)
    found = value_of("toe_gap", body_of(shot))
    assert found.value == pytest.approx(gap, abs=2 * found.error)


@few
@given(seed=SEEDS, gap=floats(0.3, 1.4))
def test_the_gap_between_the_ankles_in_shoulder_widths(seed, gap):
    shot = still(seed, feet="parallel", ankle_gap_over_shoulder=gap)
    found = value_of("ankle_gap", body_of(shot))
    assert found.value == pytest.approx(gap, abs=2 * found.error)


@few
@given(seed=SEEDS, front=sampled_from(["left", "right"]))
def test_a_t_stance_is_told_from_a_v_whichever_foot_is_in_front(seed, front):
    t = still(seed, feet="t", front_foot=front, feet_angle_deg=52.0)
    v = still(seed, feet="v", feet_angle_deg=60.0, heel_gap_cm=1.0)
    miss_t, miss_v = (value_of("t_stance_miss", body_of(shot)) for shot in (t, v))
    assert miss_t.value - 2 * miss_t.error < 8.5 < miss_v.value  # the stated error is one standard error


def test_feet_out_of_the_picture_have_no_opening():
    shot = still(5)
    track = shot.seen().track
    image = track.image.copy()
    image[:, L.LEFT_FOOT_INDEX, 1] = track.size[1] + 40
    for name in ("feet_opening", "heel_gap", "toe_gap", "ankle_gap", "t_stance_miss"):
        assert value_of(name, Body(replace(track, image=image), shot.scene())) is None, name


@few
@given(seed=SEEDS, name=sampled_from(["feet_opening", "heel_gap", "toe_gap", "t_stance_miss"]))
def test_an_uncertain_camera_makes_the_feet_less_certain(seed, name):
    shot = still(seed, feet_angle_deg=60.0)
    scene = shot.scene()
    rough = replace(scene, camera=replace(scene.camera, height_error_m=0.2, pitch_error_deg=4.0))
    track = shot.seen().track
    sure, unsure = (value_of(name, Body(track, known)) for known in (scene, rough))
    assert unsure.value == sure.value
    assert unsure.error >= sure.error
    assert unsure.error > 1.01 * sure.error or name == "feet_opening"
