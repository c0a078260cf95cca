"""What labels, masks and exact truth say, and what they leave open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.grooming_cases import Case, all_cases, case_of
from bench.grooming_masks import CCP_SKIN, HEAD_PARTS, answers, numbers
from bench.grooming_truth import Rendered, clauses
from bench.grooming_truth import answers as rendered_answers
from posture_check.grooming.train.footage import RENDERED, Example, LandmarkCache
from posture_check.landmarks.names import L
from posture_check.measures import MEASURES
from posture_check.rules.loader import load_rules


def photo(family: str, **labels: Any) -> Case:
    name = f"grooming/{family}/a.jpg"
    return case_of(Example(Path(name), name, family, {"labels": labels}, Path(), LandmarkCache()))


def still(role: str = "A", yaw: float = 0.0, neck: Any = None, badge: Any = None, hair: Any = None) -> Rendered:
    truth = {
        "neckwear": {"kind": "tie", "knot_offset_cm": 0.2, "blade_tilt_deg": 1.0, "tip_minus_belt_cm": 0.0,
                     "knot_px": [450, 300], "tip_px": [450, 800], **(neck or {})},
        "badge": {"present": True, "kind": "pin_wide", "side": "left", "tilt_deg": 1.0, "visible_share": 1.0,
                  "fully_in_picture": True, "reversed": False, **(badge or {})},
        "hair": {"bald": False, "tied": False, "dyed": False, "forehead_covered_in_image": 0.05,
                 "ear_left_covered_in_image": 0.1, "ear_right_covered_in_image": 0.15,
                 "lowest_minus_collar_back_cm": 3.0, "lowest_minus_shoulder_line_cm": 8.0, **(hair or {})},
        "sleeves": "long",
        "belt_in_picture": True,
        "points_px": {"left_elbow": [600, 700], "left_wrist": [620, 950],
                      "right_elbow": [20, 700], "right_wrist": [-9, 950]},
    }  # fmt: skip
    return Rendered({"role": role, "view_yaw_deg": yaw, "size": "900x1200", "truth": truth})


def test_a_label_that_is_absent_is_unknown_not_false() -> None:
    assert photo("congress", tie=True, necktie=True).answers == {"tie": True, "badge": False}
    assert photo("fr_parl").answers == {}
    assert "lanyard" not in photo("idcard_prince", badge=False, lanyard=False, tie=False).answers


def test_a_bow_is_no_tie_and_neckwear_that_nobody_looked_at_again_is_unknown() -> None:
    assert photo("ccp", tie=True, necktie=False, bow_tie=True).answers == {"tie": False, "bow": True}
    assert photo("ccp", tie=True).answers == {}
    assert photo("ccp", tie=False).answers == {"tie": False, "bow": False}


@pytest.mark.parametrize(
    ("beard", "moustache", "expected"), [(True, None, True), (False, False, False), (False, None, None)]
)
def test_a_moustache_counts_and_half_an_answer_does_not(beard, moustache, expected) -> None:
    assert photo("congress", beard=beard, moustache=moustache).answers.get("beard") is expected


def test_somebody_dressed_by_the_book_passes_every_clause() -> None:
    assert set(clauses(still()).values()) == {"pass"}
    assert set(clauses(still("B", neck={"kind": "bow"})).values()) == {"pass"}


@pytest.mark.parametrize(
    ("role", "change", "clause", "verdict"),
    [
        ("A", {"neck": {"kind": "bow"}}, "TI-01", "fail"),
        ("A", {"neck": {"knot_offset_cm": -2.0}}, "TI-02", "fail"),
        ("A", {"neck": {"knot_offset_cm": 1.2}}, "TI-02", None),
        ("A", {"neck": {"tip_minus_belt_cm": -7.0}}, "TI-03", "fail"),
        ("A", {"neck": {"tip_minus_belt_cm": -4.0}}, "TI-03", None),
        ("A", {"neck": {"tip_minus_belt_cm": None}}, "TI-03", None),
        ("A", {"badge": {"side": "right"}}, "BD-01", "fail"),
        ("A", {"badge": {"tilt_deg": -13.0}}, "BD-01", "fail"),
        ("A", {"badge": {"tilt_deg": 8.0}}, "BD-01", None),
        ("A", {"badge": {"visible_share": 0.4}}, "BD-01", None),
        ("A", {"badge": {"kind": "lanyard_reversed", "side": "centre", "reversed": True}}, "BD-01", "fail"),
        ("A", {"badge": {"present": False, "kind": "none"}}, "BD-01", "fail"),
        ("A", {"hair": {"ear_right_covered_in_image": 0.7}}, "HA-02", "fail"),
        ("A", {"hair": {"ear_left_covered_in_image": None, "ear_right_covered_in_image": None}}, "HA-02", None),
        ("A", {"hair": {"lowest_minus_collar_back_cm": -3.0}}, "HA-03", "fail"),
        ("B", {"hair": {"lowest_minus_shoulder_line_cm": -9.0}}, "HA-04", "fail"),
        ("B", {"hair": {"lowest_minus_shoulder_line_cm": -9.0, "tied": True}}, "HA-04", "pass"),
        ("B", {"hair": {"ear_left_covered_in_image": 0.9}}, "HA-04", None),
        ("B", {}, "SC-01", "fail"),
        ("A", {"yaw": 160.0}, "TI-01", None),
    ],
)
def test_verdicts_follow_from_truth_unless_it_lies_near_the_limit(role, change, clause, verdict) -> None:
    assert clauses(still(role, **change)).get(clause) == verdict


def test_a_badge_that_is_half_hidden_is_no_question_and_one_that_is_not_there_is() -> None:
    assert rendered_answers(still(badge={"visible_share": 0.3}))["badge"] is None
    gone = {"present": False, "kind": "none"}
    assert rendered_answers(still(badge=gone))["badge"] is False
    assert rendered_answers(still(badge=gone))["lanyard"] is None


def test_masks_tell_beards_hats_and_bare_limbs() -> None:
    pose = np.zeros((33, 4))
    head = np.zeros((100, 100, 3), np.uint8)
    assert answers("nprportrait", head, pose) == {"beard": False, "headwear": False}
    head[:3, :, :] = HEAD_PARTS["beard"]
    head[50:, :, :] = HEAD_PARTS["headwear"]
    assert answers("nprportrait", head, pose) == {"beard": True, "headwear": True}

    pose[[L.LEFT_ELBOW, L.LEFT_WRIST], :2] = (20, 20), (20, 80)
    pose[[L.RIGHT_ELBOW, L.RIGHT_WRIST], :2] = (80, 20), (80, 80)
    body = np.zeros((100, 100), np.uint8)
    body[:, 10:30] = CCP_SKIN
    body[:50, 10:30] = 0
    assert numbers("ccp", body, pose)["forearm_bare"] == pytest.approx(7 / 13)
    assert "bare_forearm" not in answers("ccp", body, pose)
    body[:, 10:30] = CCP_SKIN
    assert answers("ccp", body, pose)["bare_forearm"] is True
    pose[:, 1] += 200  # out of the picture
    assert numbers("ccp", body, pose) == {}


def test_every_question_and_clause_is_about_a_measure_and_a_rule_that_exist(footage: Path) -> None:
    cases = all_cases(footage)
    assert {name for case in cases for name in case.numbers} <= set(MEASURES)
    clause_ids = {rule.clause for rule in load_rules().rules}
    assert {clause for case in cases for clause in case.clauses} <= clause_ids
    assert {case.family for case in cases} >= {"congress", RENDERED}
    for clause in ("HA-01", "HA-02", "HA-04", "TI-01", "TI-02", "TI-03", "BD-01", "SC-01"):
        assert {case.clauses.get(clause) for case in cases} >= {"pass", "fail"}, clause
