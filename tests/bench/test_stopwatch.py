"""The stopwatch counts every moment once."""

from __future__ import annotations

import time

import pytest

from bench.stopwatch import Stopwatch


def test_time_inside_an_inner_stage_is_not_the_outer_ones() -> None:
    watch = Stopwatch()
    began = time.perf_counter()
    with watch.stage("outer"):
        time.sleep(0.02)
        for _ in range(2):
            with watch.stage("inner"):
                time.sleep(0.03)
    whole = time.perf_counter() - began
    assert watch.calls == {"outer": 1, "inner": 2}
    assert watch.seconds["inner"] >= 0.06
    assert 0.02 <= watch.seconds["outer"] < watch.seconds["inner"]
    assert sum(watch.seconds.values()) == pytest.approx(whole, abs=0.005)


def test_a_stage_that_fails_is_closed() -> None:
    watch = Stopwatch()
    with pytest.raises(RuntimeError), watch.stage("a"):
        raise RuntimeError
    with watch.stage("b"):
        time.sleep(0.01)
    assert watch.seconds["b"] >= 0.01
    assert watch.seconds["a"] < 0.01
