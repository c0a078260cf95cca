"""Rules of grooming: findings of a track against limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posture_check.landmarks.findings import Finding, missing
from posture_check.measures import MEASURES
from posture_check.measures.body import Body
from posture_check.measures.scene import known_scene
from posture_check.rules.evaluate import judge_dress, overall
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Check, Reason, Verdict
from posture_check.simulate.standing import standing
from posture_check.simulate.view import DEFAULT_CAMERA, view

BOOK = load_rules()
TRACK = view(standing(), DEFAULT_CAMERA, 0.0, 3.0, fps=5.0, duration_s=1.0).track
DRESSED = {
    "A": {
        "forehead_covered": 0.05, "ears_covered": 0.1, "hair_above_collar": 2.0, "bald": 0.02, "hair_unnatural": 0.03,
        "beard": 0.02, "tie_worn": 0.98, "knot_offset": 0.2, "tie_tip": -1.0, "badge_worn": 0.97, "badge_side": 9.0,
        "badge_tilt": 1.0, "badge_front": 0.9, "forearm_bare": 0.02, "upper_arm_bare": 0.0, "leg_bare": 0.0,
        "shoe_black": 0.95,
    },
    "B": {
        "ears_covered": 0.1, "long_hair_down": 0.05, "hair_tied": 0.3, "hair_unnatural": 0.03, "scarf_worn": 0.95,
        "bow_worn": 0.02, "badge_worn": 0.97, "badge_side": 9.0, "badge_tilt": 1.0, "badge_front": 0.9,
        "forearm_bare": 0.02, "upper_arm_bare": 0.0, "shoe_black": 0.95,
    },
}  # fmt: skip
"""What grooming reads of somebody dressed by the book."""
ERRORS = {"probability": 0.1, "share": 0.05, "cm": 0.3, "deg": 1.5, "L*": 3.0}


def dressed(role: str, **other: float | Finding) -> Body:
    values = DRESSED[role] | other
    findings = missing("not_enrolled", "issued_tie", "issued_scarf", "issued_badge", "issued_uniform") | {
        name: value if isinstance(value, Finding) else Finding(value, ERRORS[MEASURES[name].unit], evidence_s=0.4)
        for name, value in values.items()
    }
    return Body(replace(TRACK, findings=findings), known_scene(DEFAULT_CAMERA, 1.72))


def checks_of(role: str, **other: float | Finding) -> dict[str, Check]:
    return {check.rule: check for check in judge_dress(BOOK, role, dressed(role, **other))}


@pytest.mark.parametrize("role", ["A", "B"])
def test_whoever_is_dressed_by_the_book_passes(role):
    checks = list(checks_of(role).values())
    assert overall(checks) is Verdict.PASS
    assert {c.reason for c in checks if c.verdict is Verdict.NOT_ASSESSED} == {Reason.MANUAL, Reason.NOT_ENROLLED}


@pytest.mark.parametrize(
    ("role", "measure", "value", "rule"),
    [
        ("A", "forehead_covered", 0.5, "HA-01"),
        ("A", "ears_covered", 0.6, "HA-02"),
        ("A", "hair_above_collar", -2.0, "HA-03"),
        ("A", "bald", 0.9, "HA-05"),
        ("B", "hair_unnatural", 0.9, "HA-06"),
        ("A", "beard", 0.9, "BE-01"),
        ("A", "tie_worn", 0.03, "TI-01"),
        ("A", "knot_offset", -2.0, "TI-02"),
        ("A", "tie_tip", 6.0, "TI-03"),
        ("B", "badge_worn", 0.05, "BD-01.worn"),
        ("B", "badge_side", -9.0, "BD-01.side"),
        ("A", "badge_tilt", -15.0, "BD-01.upright"),
        ("A", "badge_front", 0.1, "BD-01.front"),
        ("A", "forearm_bare", 0.8, "SU-02"),
        ("A", "leg_bare", 0.7, "SU-04.legs"),
        ("B", "shoe_black", 0.1, "SH-01"),
    ],
)
def test_each_fault_fails_its_rule_and_says_what_to_do(role, measure, value, rule):
    checks = checks_of(role, **{measure: value})
    assert checks[rule].verdict is Verdict.FAIL
    assert checks[rule].required
    assert checks[rule].value == pytest.approx(value)
    assert checks[rule].evidence_s == pytest.approx(0.4)
    assert checks[rule].fix is not None
    assert overall(list(checks.values())) is Verdict.FAIL
    assert {r for r, check in checks.items() if check.verdict is Verdict.FAIL} == {rule}


def test_hair_tied_up_or_short_with_free_ears_will_do():
    loose = checks_of("B", long_hair_down=0.95, hair_tied=0.05)
    assert loose["HA-04.loose"].verdict is Verdict.FAIL
    assert loose["HA-04.loose"].alternatives == {"HA-04.tied": Verdict.FAIL}
    tied = {c.clause: c for c in checks_of("B", long_hair_down=0.05, hair_tied=0.95, ears_covered=0.9).values()}
    assert tied["HA-04"].verdict is Verdict.PASS


def test_a_bow_will_do_for_a_scarf_and_neither_will_not():
    assert overall(list(checks_of("B", scarf_worn=0.02, bow_worn=0.95).values())) is Verdict.PASS
    assert overall(list(checks_of("B", scarf_worn=0.02, bow_worn=0.03).values())) is Verdict.FAIL


def test_what_could_not_be_told_is_not_assessed_for_the_same_reason_and_keeps_its_value():
    checks = checks_of("A", tie_worn=Finding(0.55, 0.2, "uncertain"), beard=Finding(reason="too_small"))
    assert (checks["TI-01"].verdict, checks["TI-01"].reason) == (Verdict.NOT_ASSESSED, Reason.UNCERTAIN)
    assert checks["TI-01"].value == pytest.approx(0.55)
    assert (checks["BE-01"].reason, checks["BE-01"].value) == (Reason.TOO_SMALL, None)
    assert overall(list(checks.values())) is Verdict.INCOMPLETE


def test_a_tip_under_a_jacket_and_shoes_out_of_the_picture_do_not_count_but_poor_light_does():
    hidden = {"tie_tip": Finding(reason="occluded"), "shoe_black": Finding(reason="out_of_frame")}
    checks = checks_of("A", **hidden)
    assert not checks["TI-03"].required
    assert not checks["SH-01"].required
    assert overall(list(checks.values())) is Verdict.PASS
    dark = checks_of("A", shoe_black=Finding(reason="too_dark"))
    assert overall(list(dark.values())) is Verdict.INCOMPLETE


def test_a_picture_nobody_looked_at_passes_nothing():
    body = Body(TRACK, known_scene(DEFAULT_CAMERA, 1.72))
    checks = judge_dress(BOOK, "A", body)
    assert {check.verdict for check in checks} == {Verdict.NOT_ASSESSED}
    assert {check.reason for check in checks} == {Reason.NO_PICTURE, Reason.MANUAL}
    assert overall(checks) is Verdict.INCOMPLETE


def test_roles_have_their_own_items():
    a, b = ({check.clause for check in checks_of(role).values()} for role in "AB")
    assert {"TI-01", "BE-01", "HA-01"} <= a
    assert not {"TI-01", "BE-01", "HA-01"} & b
    assert {"SC-01", "HA-04"} <= b
    assert not {"SC-01", "HA-04"} & a
