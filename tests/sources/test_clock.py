import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.sources.clock import RATE_SLACK, Thinner, Timeline, believable_fps

BASES = st.sampled_from([Fraction(1, 90000), Fraction(1, 1000), Fraction(1001, 30000), Fraction(1, 25)])


@given(
    base=BASES,
    first=st.integers(-(10**6), 10**9),
    gaps=st.lists(st.integers(1, 10**5), min_size=1, max_size=50),
)
def test_good_stamps_are_taken_as_they_are(base, first, gaps):
    stamps = first + np.concatenate([[0], np.cumsum(gaps)])
    line = Timeline(base, int(stamps[0]), 30.0)
    got = [line.at(int(stamp)) for stamp in stamps]
    assert got == [float((int(stamp) - first) * base) for stamp in stamps]
    assert line.notes() == []


@given(base=BASES, stamps=st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=1, max_size=60))
def test_time_never_runs_backwards_whatever_the_stamps(base, stamps):
    line = Timeline(base, stamps[0], None)
    got = np.array([line.at(stamp) for stamp in stamps])
    assert got[0] == 0.0
    assert (np.diff(got) > 0).all()
    mended = sum(stamp is None for stamp in stamps) > 0 or any(b <= a for a, b in itertools.pairwise(stamps))
    assert bool(line.notes()) == mended


def test_a_doubled_stamp_does_not_shift_the_rest():
    line = Timeline(Fraction(1, 1000), 0, 25.0)
    got = [line.at(stamp) for stamp in (0, 40, 80, 80, 120, 160)]
    assert got == pytest.approx([0.0, 0.04, 0.08, 0.1, 0.12, 0.16])
    assert line.notes() == ["1 frame had a timestamp not after the frame before; times were mended"]


def test_frames_that_all_claim_the_same_time_are_spaced_at_the_nominal_rate():
    line = Timeline(Fraction(1, 1000), 500, 20.0)
    got = [line.at(500) for _ in range(10)]
    assert np.diff(got)[1:] == pytest.approx(0.05)


def test_a_restarted_clock_goes_on_from_the_frame_before():
    line = Timeline(Fraction(1, 1000), 0, 25.0)
    got = [line.at(stamp) for stamp in (0, 40, 5000, 5040, 0, 40, 80)]
    assert got == pytest.approx([0.0, 0.04, 5.0, 5.04, 5.08, 5.12, 5.16])
    assert "jumped back once" in line.notes()[0]


def test_stamps_that_begin_late_take_over_from_even_spacing():
    line = Timeline(Fraction(1, 1000), None, 10.0)
    assert [line.at(stamp) for stamp in (None, None, 700, 750)] == pytest.approx([0.0, 0.1, 0.2, 0.25])


@pytest.mark.parametrize(
    ("fps", "kept_fps"),
    [(24, 24), (29.97, 29.97), (30, 30), (32, 32), (50, 25), (59.94, 29.97), (60, 30), (120, 30)],
)
@pytest.mark.parametrize("tick", [0.0, 0.001])
def test_thinning_to_30_a_second_keeps_an_even_share(fps, kept_fps, tick):
    times = np.arange(0, 20, 1 / fps)
    times = np.round(times / tick) * tick if tick else times
    thin = Thinner(30.0)
    kept = [time for time in times if thin.keeps(time)]
    assert (len(kept) - 1) / (kept[-1] - kept[0]) == pytest.approx(kept_fps, rel=0.01)


@given(
    gaps=st.lists(st.floats(0.001, 0.5), min_size=1, max_size=80),
    rate=st.floats(0.5, 120),
    start=st.floats(0, 1e4),
)
def test_kept_frames_are_never_closer_than_the_rate_allows(gaps, rate, start):
    times = start + np.concatenate([[0.0], np.cumsum(gaps)])
    thin = Thinner(rate)
    kept = np.array([time for time in times if thin.keeps(time)])
    assert kept[0] == times[0]
    assert (np.diff(kept) >= (1 - RATE_SLACK) / rate - 1e-9).all()
    dropped = set(times) - set(kept)
    assert all(time - kept[kept < time][-1] < 1 / rate for time in dropped)


def test_no_limit_keeps_everything():
    thin = Thinner(None)
    assert all(thin.keeps(time) for time in (0.0, 1e-6, 2e-6))


def test_only_rates_a_camera_can_have_are_believed():
    assert believable_fps(None, Fraction(90000), Fraction(30000, 1001)) == pytest.approx(29.97, abs=0.001)
    assert believable_fps(0, None) is None
