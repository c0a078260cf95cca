"""Repeating a clip, and what is said about memory."""

from __future__ import annotations

import gc
from pathlib import Path

import av
import numpy as np
import pytest

from bench.memory import Memory, repeat, resident_mb


def _times(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.time) for frame in container.decode(video=0)]


def test_a_repeated_clip_keeps_its_rate(examples: Path, tmp_path: Path) -> None:
    clip = examples / "standing-v.mp4"
    once = _times(clip)
    long = _times(repeat(clip, 3 * (once[-1] + 1 / 30), tmp_path / "long.mp4"))
    assert len(long) == 3 * len(once)
    assert np.diff(long) == pytest.approx(1 / 30, abs=1e-4)


def test_growth_counts_from_the_settled_state() -> None:
    memory = Memory(21.0, start_mb=300, settled_mb=400, end_mb=440, judged_mb=500, tracks_mb=42)
    assert memory.growth_mb_per_minute == pytest.approx(2.0)
    assert memory.tracks_mb_per_minute == pytest.approx(2.0)


def test_resident_memory_sees_an_allocation() -> None:
    gc.collect()  # what earlier tests left must not be given back meanwhile
    before = resident_mb()
    block = np.ones(32 * 2**20)  # 256 MiB, touched
    assert resident_mb() - before > 0.8 * block.nbytes / 2**20
