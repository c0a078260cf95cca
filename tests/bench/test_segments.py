"""What is done when: counted in time, not in frames of luck."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.reading import Outcome
from bench.segments import covered, gestures, longest, overlaps, pairwise_order, real_times, squat_truth, timings, turns
from posture_check.rules.result import Segment

from .conftest import MakeOutcome, make_case


def _segments(*spans: tuple[str, float, float]) -> list[Segment]:
    return [Segment(posture=posture, person=0, start_s=a, end_s=b) for posture, a, b in spans]


def _with(outcome: Outcome, *spans: tuple[str, float, float]) -> Outcome:
    assert outcome.result is not None
    return replace(outcome, result=outcome.result.model_copy(update={"segments": _segments(*spans)}))


def test_the_share_is_of_the_time(make_outcome: MakeOutcome) -> None:
    case = make_case(family="rendered-sitting")
    outcome = _with(make_outcome(case), ("sitting", 0.0, 1.4), ("standing", 1.5, 1.99))  # of two seconds
    timing = timings([outcome])["rendered-sitting"]
    assert timing.share == pytest.approx(0.72, abs=0.02)
    assert timing.changes == 1
    assert timing.wrong == [("rendered/a.mp4", pytest.approx(0.72, abs=0.02), "standing")]


def test_the_ways_between_postures_are_no_flicker() -> None:
    assert turns(_segments(("standing", 0, 1), ("sitting_down", 1, 2), ("sitting", 2, 5))) == 1
    assert turns(_segments(("walking", 0, 1), ("other", 1, 1.2), ("walking", 1.2, 2))) == 1
    assert turns(_segments(("walking", 0, 2))) == turns([]) == 0


def test_whoever_bends_is_down_with_the_hips_up(tmp_path: Path) -> None:
    way = np.concatenate([np.full(10, 1.4), np.linspace(1.4, 0.9, 11), np.full(10, 0.9)])
    joints = {f"{side}_shoulder": [[0.0, float(y), 0.0] for y in way] for side in ("left", "right")}
    path = tmp_path / "clip.json.gz"
    with gzip.open(path, "wt") as file:
        json.dump({"joints_3d": joints}, file)
    known = squat_truth(make_case(family="rendered-squatting", truth=path))
    assert known is not None
    assert known["standing"][:10].all()
    assert known["squatting"][-10:].all()
    assert not (known["standing"] & known["squatting"]).any()
    assert not (known["standing"] | known["squatting"]).all()


def test_a_gesture_is_found_once_by_its_name(make_outcome: MakeOutcome) -> None:
    pointing = make_case("p", "rendered-gesture", scenario="gest_show")
    bow = make_case("b", "rendered-gesture", scenario="gest_bow")
    still = make_case("s", "rendered-standing", scenario="stand_V")
    outcomes = [
        _with(make_outcome(pointing), ("standing", 0, 2), ("inviting", 0.5, 1)),
        _with(make_outcome(bow), ("standing", 0, 2), ("bow", 0.5, 1), ("bow", 1.2, 1.5)),
        _with(make_outcome(still), ("standing", 0, 2)),
    ]
    assert [(g.case, g.right) for g in gestures(outcomes)] == [("p", True), ("b", False), ("s", True)]


def test_real_files_count_where_their_label_is_a_posture(make_outcome: MakeOutcome) -> None:
    walks = make_case("walks.mp4", "videos", postures=("walking",))
    runs = make_case("runs.mp4", "videos", postures=("running",))
    found = _with(make_outcome(walks), ("walking", 0.0, 1.0), ("standing", 1.0, 2.0))
    (row,) = real_times([found, _with(make_outcome(runs), ("walking", 0, 1))])
    assert (row.case, row.share) == ("walks.mp4", pytest.approx(0.5))


def test_times_are_joined_and_cut() -> None:
    spans = longest(
        _segments(("walking", 0, 1), ("walking", 1.1, 2), ("standing", 2, 3), ("walking", 5, 6)), "walking", 0.2
    )
    assert spans == [(0.0, 2.0), (5.0, 6.0)]
    assert overlaps(spans, 1.5, 5.5) == pytest.approx(1.0)
    assert covered(_segments(("walking", 1.0, 2.0)), "walking", np.array([0.9, 1.0, 2.0, 2.1])).tolist() == [
        False, True, True, False,
    ]  # fmt: skip


def test_order_of_groups() -> None:
    assert pairwise_order([[-10], [1, 3], [12]]) == 1.0
    assert pairwise_order([[2], [1, 3]]) == 0.5
    assert pairwise_order([[], [1]]) is None
