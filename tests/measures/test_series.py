import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers, lists

from posture_check.measures.series import CORRELATION_S, Series, summarise

nan = np.nan


def test_nothing_seen_is_no_value():
    assert summarise(Series(np.array([nan, nan])), np.array([0.0, 0.1])) is None
    assert summarise(Series(np.array([])), np.array([])) is None


@given(lists(floats(-1e3, 1e3), min_size=1, max_size=40))
def test_the_value_is_the_median_of_what_was_seen(values):
    frames = np.repeat(values, 2)
    frames[::2] = nan
    found = summarise(Series(frames), np.arange(len(frames)) / 30)
    assert found.value == pytest.approx(np.median(values))
    assert found.frames == len(values)
    seen = np.abs(frames - found.value)
    assert seen[found.evidence] == np.nanmin(seen)


def test_one_outlier_in_a_hold_changes_nothing_much():
    frames = np.full(30, 2.0)
    frames[7] = 500
    assert summarise(Series(frames, 0.5), np.arange(30) / 30).value == 2.0


def test_what_is_systematic_stays_however_long_one_looks():
    error = [summarise(Series(np.zeros(n), 1.0, 2.0), np.arange(n) / 30).error for n in (1, 30, 3000)]
    assert error[0] == pytest.approx(np.sqrt(5))
    assert error[0] > error[1] > error[2] > 2.0
    assert error[2] == pytest.approx(2.0, abs=0.02)


def test_more_frames_in_the_same_time_are_not_more_evidence():
    """Jitter of neighbouring frames is much the same jitter."""
    at_30, at_300 = (summarise(Series(np.zeros(n), 1.0), np.arange(n) / (n / 2)).error for n in (60, 600))
    assert at_300 == pytest.approx(at_30, rel=0.02)


@settings(deadline=None, max_examples=10)
@given(seed=integers(0, 1000))
def test_the_stated_error_is_that_of_the_median(seed):
    rng = np.random.default_rng(seed)
    time = np.arange(40) * CORRELATION_S
    medians = np.median(rng.normal(0, 3, (4000, len(time))), axis=1)
    stated = summarise(Series(np.zeros(len(time)), 3.0), time).error
    assert medians.std() == pytest.approx(stated, rel=0.08)


def test_errors_are_those_of_the_frames_that_were_seen():
    series = Series(np.array([1.0, nan, 1.0]), 0.0, np.array([0.5, 99.0, 0.5]))
    assert summarise(series, np.arange(3) / 3).error == pytest.approx(0.5)


def test_masked_frames_are_not_seen():
    series = Series(np.array([1.0, 5.0, 9.0])).masked(np.array([True, False, True]))
    assert summarise(series, np.arange(3.0)).frames == 2
