"""Tracks are found once, and again only when something they depend on changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench import tracks
from bench.footage import Case
from bench.tracks import TrackCache, content_key, fill, recall
from posture_check.errors import InputError


def test_a_refused_file_is_remembered(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\x00" * 100)
    case = Case("broken.mp4", broken, "videos")
    done: list[tuple[int, int, str]] = []
    for _ in range(2):
        assert fill(tmp_path, [case], 1, lambda *step: done.append(step)) == {}
    assert done == [(1, 1, "broken.mp4")]
    with pytest.raises(InputError, match=r"broken\.mp4"):
        recall(tmp_path, broken)


def test_the_key_is_the_content_and_the_kind_of_file(tmp_path: Path) -> None:
    for name, content in (("a.jpg", b"1"), ("b.jpg", b"1"), ("c.jpg", b"2"), ("d.mp4", b"1")):
        (tmp_path / name).write_bytes(content)
    a, b, c, d = (content_key(tmp_path / name) for name in ("a.jpg", "b.jpg", "c.jpg", "d.mp4"))
    assert a == b
    assert len({a, c, d}) == 3


def test_only_the_newest_versions_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for age, version in enumerate(("v1", "v2", "v3", "v4", "v5")):
        monkeypatch.setattr(tracks, "code_key", lambda version=version: version)
        folder = TrackCache(tmp_path).open()
        os.utime(folder / "used", (1000 + age, 1000 + age))
    (tmp_path / "derived").mkdir()
    monkeypatch.setattr(tracks, "code_key", lambda: "v5")
    assert TrackCache(tmp_path).open() == tmp_path / "v5"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["derived", "v3", "v4", "v5"]
