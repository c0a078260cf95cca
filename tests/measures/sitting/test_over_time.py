import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures.sitting.over_time import held, rhythm

BAND = (2.0, 8.0)


@settings(max_examples=15)
@given(
    hz=floats(2.4, 7.6), size=floats(0.5, 5), phase=floats(0, 6.28), fps=sampled_from([24, 30, 60]), drift=floats(-5, 5)
)
def test_a_swing_is_told_by_frequency_and_size_whatever_its_phase_and_a_slow_drift(hz, size, phase, fps, drift):
    time = np.arange(int(4 * fps)) / fps
    found = rhythm(size / 2 * np.sin(2 * np.pi * hz * time + phase) + drift * time, time, BAND)
    assert found.hz == pytest.approx(hz, abs=2 * found.hz_error)
    assert found.range == pytest.approx(size, rel=0.1)


def test_a_burst_of_two_seconds_is_found_in_a_long_quiet_time():
    time = np.arange(600) / 30
    burst = (time > 8) & (time < 11)
    found = rhythm(np.where(burst, np.sin(2 * np.pi * 5 * time), 0), time, BAND)
    assert found.range > 1.7
    assert found.hz == pytest.approx(5, abs=0.2)


def test_a_slow_movement_is_no_swing_of_the_band():
    time = np.arange(150) / 30
    assert rhythm(10 * np.sin(2 * np.pi * 0.3 * time), time, BAND).range < 0.5


@pytest.mark.parametrize(("seconds", "fps"), [(1.0, 30), (4.0, 8)])
def test_too_short_or_too_few_frames_tell_nothing(seconds, fps):
    time = np.arange(int(seconds * fps)) / fps
    assert np.isnan(rhythm(np.sin(30 * time), time, BAND).range)


def test_what_is_held_for_a_second_counts_and_a_moment_does_not():
    time = np.arange(150) / 30
    value = np.full(150, 5.0)
    value[40:75] = -20  # 1.2 s
    value[100:110] = 60  # 0.3 s
    assert held(value, time, away_from=5) == -20
    assert held(value[80:], time[80:], away_from=5) == 5


def test_of_a_single_picture_its_value_is_held():
    assert held(np.array([7.0]), np.zeros(1), away_from=0) == 7
    assert np.isnan(held(np.array([np.nan]), np.zeros(1), away_from=0))
