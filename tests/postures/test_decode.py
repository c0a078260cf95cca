from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers

from posture_check.postures.decode import CHANGE, costs, most_likely

few = settings(deadline=None, max_examples=15)
STATES = ("a", "b", "c")
FREE = costs(STATES, never=())


def speaking(time_s: np.ndarray, *spans: tuple[float, float, int], strength: float = 3.0) -> np.ndarray:
    """Return evidence for state 0, but for others in the given spans of time."""
    speaks = np.full((len(time_s), len(STATES)), -strength)
    speaks[:, 0] = strength
    for start, stop, state in spans:
        within = (time_s >= start) & (time_s < stop)
        speaks[within] = -strength
        speaks[within, state] = strength
    return speaks


@few
@given(fps=floats(5, 60), seed=integers(0, 99))
def test_noise_does_not_flicker_at_any_frame_rate(fps, seed):
    time = np.arange(0, 8, 1 / fps)
    speaks = speaking(time, (3.0, 6.0, 1)) + np.random.default_rng(seed).normal(0, 2.0, (len(time), 3))
    path = most_likely(speaks, time, FREE)
    changes = np.flatnonzero(np.diff(path))
    assert list(path[[0, -1]]) == [0, 0]
    assert len(changes) == 2
    assert time[changes] == pytest.approx([3.0, 6.0], abs=0.45)


@few
@given(fps=floats(8, 60), gap=floats(0.05, 0.15))
def test_what_is_shorter_than_a_posture_takes_is_not_one(fps, gap):
    time = np.arange(0, 5, 1 / fps)
    assert set(most_likely(speaking(time, (2.0, 2.0 + gap, 1)), time, FREE)) == {0}


def test_what_lasts_is_one():
    time = np.arange(0, 5, 1 / 30)
    assert set(most_likely(speaking(time, (2.0, 3.0, 1)), time, FREE)) == {0, 1}


def test_frames_count_by_their_time_not_by_their_number():
    """A burst of frames that say something else weighs no more than the moment it lasts."""
    time = np.concatenate([np.arange(0, 2, 0.2), np.arange(2, 2.1, 0.001), np.arange(2.2, 4, 0.2)])
    assert set(most_likely(speaking(time, (2.0, 2.1, 1)), time, FREE)) == {0}


def test_impossible_changes_go_by_way_of_something_else():
    time = np.arange(0, 6, 1 / 10)
    never = costs(STATES, never=(("a", "b"),))
    path = most_likely(speaking(time, (2.0, 4.0, 1)), time, never)
    follows = {(int(x), int(y)) for x, y in itertools.pairwise(path) if x != y}
    assert not follows & {(0, 1), (1, 0)}
    assert never[0, 1] == np.inf
    assert never[0, 2] == CHANGE


def test_a_single_frame_says_what_it_says():
    assert list(most_likely(np.array([[-1.0, 2.0, 0.0]]), np.array([7.0]), FREE)) == [1]
