"""Holds leave nothing out; gestures are taken out of the postures they happen in."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis.strategies import floats, lists

from posture_check.landmarks.track import Track
from posture_check.postures.parts import HOLD_S, MIN_QUIET_S, holds, without_gestures
from posture_check.postures.stretch import Stretch


def timed(times: list[float]) -> Track:
    n = len(times)
    return Track(
        0, np.arange(n, dtype=np.int32), np.array(times), np.zeros((n, 33, 4), np.float32),
        np.zeros((n, 33, 3), np.float32), np.zeros(33, np.float32), (1280, 720),
    )  # fmt: skip


@given(lists(floats(0.01, 1.0), min_size=1, max_size=200))
def test_holds_are_short_whatever_the_frame_rate_and_leave_nothing_out(steps):
    times = np.cumsum(steps)
    cut = [(s.start, s.stop) for s in holds(timed(list(times)), Stretch("standing", 0, len(times)))]
    assert cut[0][0] == 0
    assert cut[-1][1] == len(times)
    assert all(b == c for (_, b), (c, _) in itertools.pairwise(cut))
    for a, b in cut:
        assert b > a
        assert times[b - 1] - times[a] <= HOLD_S["standing"] + 1e-9


def test_holds_of_a_part_are_counted_from_its_own_frames():
    cut = [(s.start, s.stop) for s in holds(timed([0.1 * i for i in range(400)]), Stretch("standing", 100, 350))]
    assert (cut[0][0], cut[-1][1]) == (100, 350)
    assert len(cut) == 3


def test_a_gesture_is_taken_out_of_the_posture_it_happens_in():
    track = timed([0.1 * i for i in range(100)])
    pointing = Stretch("pointing", 40, 60)
    found = without_gestures(track, [Stretch("standing", 0, 100), pointing])
    assert found == [Stretch("standing", 0, 36), Stretch("standing", 64, 100), pointing]


def test_what_lasts_too_little_between_gestures_is_no_hold():
    track = timed([0.1 * i for i in range(60)])
    first, second = Stretch("pointing", 8, 25), Stretch("bow", 35, 60)
    found = without_gestures(track, [Stretch("standing", 0, 60), first, second])
    assert found == [first, second]
    assert track.time_s[8 - 4] < MIN_QUIET_S


def test_a_walk_and_a_picture_stay_as_they_are():
    track = timed([0.1 * i for i in range(100)])
    walk = [Stretch("walking", 0, 100), Stretch("waving", 10, 30)]
    assert without_gestures(track, walk) == walk
    picture = [Stretch("standing", 0, 1), Stretch("tray", 0, 1)]
    assert without_gestures(timed([0.0]), picture) == picture
