import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures.sitting.jitter import SHAKE_GAIN
from tests.measures.sitting.seated import seated, told, value_of


@settings(max_examples=8)
@given(hz=floats(2.5, 7.5), size=floats(2.0, 4.0), yaw=sampled_from([0, 30, 90, -80]))
def test_a_jittering_leg_is_told_by_its_frequency(hz, size, yaw):
    leg = "left" if yaw > 0 else "right"
    body = seated(yaw, jitter_cm=size, jitter_hz=hz, jitter_leg=leg, duration_s=3)
    assert told("leg_jitter_rate", body) == pytest.approx(hz, abs=0.3)
    assert told("leg_jitter", body) > 0.5 * size


def test_still_legs_do_not_jitter_and_have_no_rate():
    body = seated(0, duration_s=3)
    assert told("leg_jitter", body) < 0.3
    assert value_of("leg_jitter_rate", body) is None


def test_a_shaking_camera_is_no_jitter():
    body = seated(0, duration_s=3)
    shaking = np.diff(3 * np.sin(2 * np.pi * 5 * body.track.time_s), prepend=0)
    body.track.shake[:, :, 1] += shaking[:, None].astype(np.float32)
    assert told("leg_jitter", body) < 0.3


def test_the_size_is_that_of_the_patches_times_what_they_miss():
    body = seated(0, duration_s=3)
    knee = 4
    way_px = 0.01 / np.median(body.m_per_px) * np.sin(2 * np.pi * 4 * body.track.time_s)  # 2 cm peak to peak
    body.track.shake[:, knee, 1] = np.diff(way_px, prepend=0)
    assert told("leg_jitter", body) == pytest.approx(2 * SHAKE_GAIN, rel=0.1)


def test_a_track_whose_picture_was_not_watched_tells_nothing():
    body = seated(0, jitter_cm=3, duration_s=3)
    body.track.shake[:] = np.nan
    assert value_of("leg_jitter", body) is None


def test_rocking_swivelling_and_shaking_the_head_are_told_from_sitting_still():
    still = seated(0, duration_s=4)
    assert told("rocking", still) < 1
    assert told("swivelling", still) < 5
    assert told("head_shaking", still) < 1
    assert told("rocking", seated(90, rock_deg=12, duration_s=4)) > 5
    assert told("swivelling", seated(0, swivel_deg=45, duration_s=4)) > 25
    assert told("head_shaking", seated(0, head_shake_deg=35, duration_s=4)) > 6
