"""The chair of a rendered clip as one would calibrate it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.footage import all_cases
from bench.profiles import profiles, seat_corners, true_chair
from posture_check.calibrate.profile import load_profile
from posture_check.sources.frame import SourceInfo

from .conftest import make_case


def test_corners_are_named_as_the_sitter_sees_them() -> None:
    # Seen from in front, the sitter's left is on the right of the picture and the front edge is lower.
    chair = {"seat_front_edge_2d": [[100, 300], [200, 300]], "seat_back_edge_2d": [[110, 250], [190, 250]]}
    assert seat_corners(chair) == ((200, 300), (100, 300), (110, 250), (190, 250))


def test_without_a_camera_there_is_no_profile(tmp_path: Path) -> None:
    assert profiles(make_case(), SourceInfo("a.mp4", "video", 1280, 720), tmp_path) == {}


def test_the_marked_seat_is_the_true_one(footage: Path, tmp_path: Path) -> None:
    case = next(c for c in all_cases(footage) if c.name.endswith("d_sit_frac_01.mp4"))
    chair = true_chair(case)
    assert chair is not None
    found = profiles(case, SourceInfo(case.name, "video", 1280, 720), tmp_path)
    assert set(found) == {"camera", "chair"}
    profile = load_profile(found["chair"])
    assert profile.chair is not None
    camera = profile.camera.camera(1280, 720)
    seat = camera.on_plane(np.array(profile.chair.seat), chair["seat_height_m"])
    depth = np.linalg.norm(seat[[0, 1]].mean(0) - seat[[2, 3]].mean(0))
    width = np.linalg.norm(seat[0] - seat[1])
    assert depth == pytest.approx(chair["seat_depth_m"], abs=0.01)
    assert width == pytest.approx(0.46, abs=0.01)
