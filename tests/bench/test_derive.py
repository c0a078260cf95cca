"""The derived clips show what they say."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from bench.derive import SOURCES, derived_cases


@pytest.mark.slow
def test_upper_bodies_are_cut_and_tiny_people_are_tiny(footage: Path, tmp_path: Path) -> None:
    cases = {case.name: case for case in derived_cases(footage, tmp_path)}
    assert len(cases) == 2 * len(SOURCES)
    assert all(case.must_not_pass for case in cases.values())
    with av.open(str(cases["derived/upper-d_stand_V_01.mp4"].path)) as upper:
        stream = upper.streams.video[0]
        assert (stream.width, stream.frames) == (1280, 60)
        assert 300 < stream.height < 500  # of 720: the hips are near the middle
    with av.open(str(cases["derived/tiny-d_stand_V_01.mp4"].path)) as tiny:
        picture = next(tiny.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    changed = abs(picture - picture[0, 0]).max(axis=2) > 40
    assert changed.any(axis=1).sum() < 120  # the shrunken picture; the person in it is 50 px
    before = (tmp_path / "tiny-d_stand_V_01.mp4").stat().st_mtime_ns
    derived_cases(footage, tmp_path)
    assert (tmp_path / "tiny-d_stand_V_01.mp4").stat().st_mtime_ns == before
