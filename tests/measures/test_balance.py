from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers

from posture_check.measures.balance import centre_of_mass, peak_to_peak
from posture_check.measures.body import Body
from tests.measures.people import body_of, still, value_of

few = settings(deadline=None, max_examples=12)
SEEDS = integers(0, 2**31)


@few
@given(seed=SEEDS, aside=floats(-8, 8))
def test_hips_over_the_left_foot_are_positive(seed, aside):
    shot = still(seed, hips_aside_cm=aside, feet="parallel", ankle_gap_over_shoulder=0.8)
    found = value_of("weight_offset", body_of(shot))
    half_cm = 100 * (0.8 * 0.208 * shot.stature_m / 2 + 0.045)
    assert found.value == pytest.approx(aside / half_cm, abs=2 * found.error)


def test_a_rolled_camera_that_is_not_measured_makes_the_weight_uncertain():
    shot = still(1)
    rough = replace(shot.scene(), camera=replace(shot.camera, roll_error_deg=3.0))
    sure, unsure = (value_of("weight_offset", Body(shot.seen().track, scene)) for scene in (shot.scene(), rough))
    assert unsure.error > 2 * sure.error


@few
@given(seed=SEEDS)
def test_who_stands_alone_has_the_centre_of_mass_over_the_feet(seed):
    for shot in (still(seed, feet_angle_deg=60.0), still(seed, side=True)):
        found = value_of("support_overhang", body_of(shot))
        if found is not None:
            assert found.value < found.error


@few
@given(seed=SEEDS, aside=floats(22, 35))
def test_who_hangs_over_the_feet_is_held_by_something(seed, aside):
    shot = replace(still(seed, hips_aside_cm=aside, trunk_lateral_deg=12.0, feet_angle_deg=30.0), yaw_deg=0.0)
    found = value_of("support_overhang", body_of(shot))
    assert found.value > 2 + found.error


def test_the_centre_of_mass_of_a_standing_person_is_at_the_navel():
    shot = still(2)
    height = centre_of_mass(body_of(shot))[:, 1] / shot.stature_m
    assert height == pytest.approx(np.full(len(height), 0.57), abs=0.03)


@few
@given(seed=SEEDS, sway=floats(0.5, 9))
def test_sway_is_read_from_peak_to_peak(seed, sway):
    shot = replace(still(seed, sway_cm=sway, sway_hz=0.5, duration_s=4.0), yaw_deg=0.0)
    found = value_of("sway", body_of(shot))
    assert found.value == pytest.approx(sway, abs=2 * found.error)


@few
@given(seed=SEEDS)
def test_a_shaking_knee_is_seen_where_the_foot_does_not_point(seed):
    quiet, shaking = (
        replace(still(seed, knee_shake_cm=shake, duration_s=2.5, feet_angle_deg=60.0), yaw_deg=-30.0)
        for shake in (0.0, 12.0)
    )
    one, two = (value_of("knee_oscillation", body_of(shot)).value for shot in (quiet, shaking))
    assert one < 1.5
    assert two > one + 3


@given(size=floats(0.1, 100), phase=floats(0, 6.3), centre=floats(-1e3, 1e3))
def test_peak_to_peak_of_a_sine_is_its_height(size, phase, centre):
    wave = centre + size / 2 * np.sin(np.linspace(0, 20 * np.pi, 2000) + phase)
    assert peak_to_peak(wave) == pytest.approx(size, rel=0.01)


def test_peak_to_peak_leaves_outliers_and_gaps_out():
    wave = np.sin(np.linspace(0, 20 * np.pi, 2000))
    wave[3], wave[500:520] = 50.0, np.nan
    assert peak_to_peak(wave) == pytest.approx(2, rel=0.02)
    assert np.isnan(peak_to_peak(np.full(5, np.nan)))
