import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats, integers, lists

from posture_check.station.timing import Backoff, PictureClock, Stillness


@given(late=lists(floats(0, 0.4), min_size=20, max_size=60), ahead=floats(-1e6, 1e6))
def test_times_of_another_clock_are_as_even_as_they_were_taken(late, ahead):
    clock, late[0] = PictureClock(), 0.0
    taken = 100.0 + np.arange(len(late)) / 25
    told = [clock.time_s(1000 * (t + ahead), t + way) for t, way in zip(taken, late, strict=True)]
    assert np.diff(told) == pytest.approx(1 / 25, abs=2e-3)
    assert all(told[i] <= taken[i] + late[i] + 2e-3 for i in range(len(told)))


def test_a_page_that_is_loaded_anew_is_followed_and_time_never_runs_back():
    clock = PictureClock()
    before = [clock.time_s(1e6 + 40 * i, 50 + i / 25) for i in range(25)]
    after = [clock.time_s(40.0 * i, 51 + i / 25) for i in range(25)]
    assert (np.diff([*before, *after]) > 0).all()
    assert after[-1] == pytest.approx(51 + 24 / 25, abs=0.01)


def test_a_clock_that_runs_slow_is_followed_too():
    clock = PictureClock()
    told = [clock.time_s(1000 * (i / 5) * (1 - 5e-5), 10 + i / 5) for i in range(5 * 3600)]
    assert told[-1] == pytest.approx(10 + (5 * 3600 - 1) / 5, abs=0.02)


@given(ran=lists(floats(0, 29), min_size=8, max_size=20))
def test_waits_double_up_to_ten_seconds_and_begin_anew_after_being_well(ran):
    backoff = Backoff()
    waits = [backoff.wait_s(seconds) for seconds in ran]
    assert waits[:6] == [0.5, 1, 2, 4, 8, 10]
    assert set(waits[6:]) == {10.0}
    assert backoff.wait_s(30.0) == 0.5


@given(seed=integers(0, 1000))
def test_one_bit_that_changes_is_enough_for_a_camera_to_live(seed):
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 256, (9, 16, 3), np.uint8)
    still = Stillness(1.5)
    assert not any(still.frozen(picture, i / 10) for i in range(15))
    assert still.frozen(picture, 1.5)
    picture[rng.integers(9), rng.integers(16), 0] ^= 1
    assert not still.frozen(picture, 1.6)
