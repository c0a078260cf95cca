"""Ratios, and the report that holds them."""

from __future__ import annotations

import pytest

from bench.memory import Memory
from bench.speed_write import STAGES, VARIANTS, Timing, report
from bench.stopwatch import Stopwatch


def _timing(*wall_s: float) -> Timing:
    return Timing(100, list(wall_s), [2 * s for s in wall_s], [Stopwatch()])


def test_a_turn_in_which_the_machine_is_busy_does_not_change_the_ratio() -> None:
    bare = _timing(2.0, 2.0, 8.0)
    ours = _timing(2.5, 2.5, 10.0)
    assert ours.against(bare) == (pytest.approx(0.8), pytest.approx(0.8))
    assert ours.fps == pytest.approx(40.0)
    assert ours.fps_per_core == pytest.approx(20.0)


def test_the_report_has_every_variant_and_stage() -> None:
    timings = {name: _timing(2.0) for name in VARIANTS}
    timings["all"] = _timing(1.0)
    (watch,) = timings["all"].watches
    watch.seconds["hands"], watch.calls["hands"] = 0.5, 10
    text = report(timings, Memory(20.0, 300, 400, 420, 430, 15))
    assert "2.0 times as fast as the plain loop by the clock" in text
    assert "| hands | 0.00 | 5.00 | 10 | 50.00 |" in text
    assert all(title in text for title in VARIANTS.values())
    assert all(f"| {stage} |" in text for stage in STAGES)
    assert "Growth 1.05 MiB a minute" in text
