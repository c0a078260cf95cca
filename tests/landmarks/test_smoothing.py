from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture_check.landmarks.smoothing import OneEuro, frame_noise, reject_outliers, smooth_recording


def times(n: int, rate: float = 30.0, jitter: float = 0.0, seed: int = 0) -> np.ndarray:
    steps = 1 / rate * (1 + jitter * np.random.default_rng(seed).uniform(-1, 1, n))
    return np.cumsum(steps)


@settings(max_examples=30, deadline=None)
@given(
    rate=st.floats(24, 60),
    jitter=st.floats(0, 0.5),
    hz=st.floats(0.2, 1.5),
    shift=st.floats(-1000, 1000),
)
def test_slow_movement_passes_without_delay(rate: float, jitter: float, hz: float, shift: float) -> None:
    t = times(120, rate, jitter)
    true = 50 * np.sin(2 * np.pi * hz * t) + shift
    got = smooth_recording(t, true[:, None])[:, 0]
    assert np.abs(got - true)[10:-10].max() < 2.5


@pytest.mark.parametrize("jitter", [0.0, 0.4])
def test_noise_shrinks_and_the_mean_stays(jitter: float) -> None:
    rng = np.random.default_rng(1)
    t = times(600, 30, jitter)
    raw = 100 + rng.normal(0, 2, (600, 3))
    got = smooth_recording(t, raw)
    assert got.std() < 0.75 * raw.std()
    assert got.mean() == pytest.approx(raw.mean(), abs=0.05)


def test_cutoff_is_where_it_is_said_to_be() -> None:
    t = times(600, 60)
    at_cutoff = smooth_recording(t, np.sin(2 * np.pi * 6 * t)[:, None])[100:-100]
    assert np.abs(at_cutoff).max() == pytest.approx(np.sqrt(0.5), abs=0.03)


def test_a_long_gap_is_never_bridged_and_a_short_one_is() -> None:
    t = times(120)
    x = 100.0 + 30 * t[:, None]
    x[40:44] = np.nan  # 0.17 s between sightings
    x[80:90] = np.nan  # 0.37 s
    got = smooth_recording(t, x)
    assert np.abs(got[40:44, 0] - (100 + 30 * t[40:44])).max() < 0.5
    assert np.isnan(got[80:90]).all()
    assert np.isfinite(got[:80]).all()
    assert np.isfinite(got[90:]).all()


def test_a_jump_across_a_long_gap_does_not_leak() -> None:
    t = times(100)
    x = np.where(np.arange(100) < 50, 0.0, 500.0)[:, None]
    x[45:55] = np.nan
    got = smooth_recording(t, x)
    assert np.abs(got[:45]).max() < 1e-6
    assert np.abs(got[55:] - 500).max() < 1e-6


def test_slow_video_keeps_every_sighting() -> None:
    t = times(20, rate=4)
    x = np.random.default_rng(2).normal(0, 1, (20, 2)).cumsum(axis=0)
    assert np.isfinite(smooth_recording(t, x)).all()


@settings(max_examples=30, deadline=None)
@given(at=st.integers(0, 59), size=st.floats(30, 500), speed=st.floats(-200, 200))
def test_single_wild_frame_is_replaced(at: int, size: float, speed: float) -> None:
    t = times(60)
    true = 300 + speed * t + np.random.default_rng(at).normal(0, 0.3, 60)
    raw = true.copy()
    raw[at] += size
    got = reject_outliers(t, raw[:, None])[:, 0]
    assert abs(got[at] - true[at]) < 5
    assert np.abs(got - true).max() < 5


def test_a_quick_wave_is_no_outlier() -> None:
    t = times(90)
    wave = 80 * np.sin(2 * np.pi * 2.5 * t)[:, None]
    assert np.abs(reject_outliers(t, wave) - wave).max() < 12


@settings(max_examples=20, deadline=None)
@given(sd=st.floats(0.2, 20), rate=st.sampled_from([10.0, 25.0, 30.0, 60.0]), seed=st.integers(0, 99))
def test_noise_is_told_in_pixels(sd: float, rate: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    t = times(400, rate)
    raw = (200 * np.sin(t))[:, None, None] + rng.normal(0, sd, (400, 3, 2))
    got = frame_noise(t, raw, smooth_recording(t, raw))
    assert got == pytest.approx(sd, rel=0.25)


def test_noise_of_a_single_picture_is_unknown() -> None:
    one = np.ones((1, 33, 2))
    assert np.isnan(frame_noise(np.zeros(1), one, one)).all()


def test_one_euro_rests_still_and_follows_quickly() -> None:
    rng = np.random.default_rng(3)
    filter_ = OneEuro(beta=0.02)
    rest = np.array([filter_(i / 30, np.array([100 + rng.normal(0, 2)])) for i in range(150)])
    assert rest[30:].std() < 1.0
    moving = np.array([filter_(5 + i / 30, np.array([100.0 + 400 * i / 30])) for i in range(30)])
    assert 100 + 400 * 29 / 30 - moving[-1, 0] < 30


def test_one_euro_starts_afresh_after_a_gap() -> None:
    filter_ = OneEuro()
    filter_(0.0, np.array([0.0]))
    filter_(0.03, np.array([0.0]))
    assert filter_(2.0, np.array([500.0]))[0] == 500.0
