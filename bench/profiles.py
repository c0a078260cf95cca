"""Calibration profiles of what is true of a rendered clip's place: its camera, its chair."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.footage import Case
from posture_check.calibrate.profile import CameraProfile, ChairProfile, Profile, save_profile
from posture_check.sources.frame import SourceInfo

Truth = Mapping[str, Any]
Point = tuple[float, float]


def profiles(case: Case, source: SourceInfo, folder: Path) -> dict[str, Path]:
    """Write the profiles of a clip and return their paths by setting: ``camera``, and ``chair`` where there is one.

    Parameters
    ----------
    case
        A case; without a known camera there are none.
    source
        Size of its picture.
    folder
        Where to write.
    """
    if case.camera is None:
        return {}
    stem = case.path.stem
    plain = Profile(name="true camera", camera=CameraProfile(**case.camera))
    found = {"camera": folder / f"{stem}.yaml"}
    save_profile(plain, found["camera"])
    chair = true_chair(case) if case.family == "rendered-sitting" else None
    if chair is not None:
        found["chair"] = folder / f"{stem}-chair.yaml"
        marked = chair_profile(chair, (source.width, source.height))
        save_profile(plain.model_copy(update={"chair": marked}), found["chair"])
    return found


def true_chair(case: Case) -> Truth | None:
    """Return the chair of a rendered clip, None without one."""
    if case.truth is None or not case.truth.exists():
        return None
    with gzip.open(case.truth, "rt", encoding="utf-8") as file:
        chair: Truth | None = json.load(file).get("chair")
    return chair


def seat_corners(chair: Truth) -> tuple[Point, Point, Point, Point]:
    """Return the image points of a seat's top as one marks them: front left and right, back right and left.

    Left and right are the sitter's; the truth lists each edge from the sitter's right to their left.
    """
    front, back = chair["seat_front_edge_2d"], chair["seat_back_edge_2d"]
    return _point(front[1]), _point(front[0]), _point(back[0]), _point(back[1])


def _point(xy: list[float]) -> Point:
    return float(xy[0]), float(xy[1])


def chair_profile(chair: Truth, size: tuple[int, int]) -> ChairProfile:
    """Return the chair as it is calibrated: its seat marked in the picture, its depth and height by the ruler."""
    return ChairProfile(
        seat=seat_corners(chair),
        depth_cm=100 * chair["seat_depth_m"],
        height_cm=100 * chair["seat_height_m"],
        size=size,
    )
