"""Lines and track files of single sources."""

from __future__ import annotations

import json
import os

from hypothesis import given
from hypothesis import strategies as st

from posture_check.audit.job import error_line, track_name


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_track_names_are_unique_short_and_safe(a: str, b: str) -> None:
    assert (track_name(a) == track_name(b)) == (a == b)
    name = track_name(a)
    assert "/" not in name
    assert "\\" not in name
    assert not name.startswith((".", "-"))
    assert len(name.encode()) <= 240


def test_same_stem_in_two_folders_keeps_the_stem_and_differs() -> None:
    first, second = track_name("周一/站姿.mp4"), track_name("周二/站姿.mp4")
    assert first != second
    assert first.startswith("站姿-")
    assert second.startswith("站姿-")


def test_an_error_line_is_one_line_of_valid_json_for_any_path() -> None:
    spec = os.fsdecode(b"caf\xe9.mp4")  # a name in another encoding, as old archives have
    line = error_line(spec, f"{spec}: not a\nvideo")
    assert "\n" not in line
    document = json.loads(line.encode())
    assert document["source"]["path"] == "caf\\udce9.mp4"
    assert document["error"] == "caf\\udce9.mp4: not a video"
