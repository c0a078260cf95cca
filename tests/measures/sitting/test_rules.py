"""Each clause of sitting on a person who keeps it and on one who breaks it, judged by the shipped rules."""

from dataclasses import replace

import pytest

from posture_check.measures.body import Body
from posture_check.postures.segment import Stretch
from posture_check.rules.evaluate import judge_posture
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Check, Reason, Verdict
from posture_check.simulate.visibility import HIDDEN_BY_THING
from tests.measures.sitting.seated import seated
from tests.measures.sitting.test_transitions import part

BOOK = load_rules(None)
LEGS = range(25, 33)


def checks_of(body: Body, role: str = "A", posture: str = "sitting") -> dict[str, Check]:
    found = judge_posture(BOOK, "sitting", role, body, [Stretch(posture, 0, len(body))])
    return {check.rule: check for check in found}


def verdicts(body: Body, clause: str, role: str = "A") -> set[Verdict]:
    found = checks_of(body, role).values()
    return {check.verdict for check in found if check.clause == clause} - {Verdict.NOT_ASSESSED}


FAULTS = [
    ("SI-02", "A", 90, {"seat_fraction": 0.4}),
    ("SI-02", "A", 60, {"seat_fraction": 0.95}),
    ("SI-03", "A", 90, {"trunk_flexion_deg": -16}),
    ("SI-03", "A", -90, {"trunk_flexion_deg": 26}),
    ("SI-04", "A", 0, {"head_pitch_deg": 24}),
    ("SI-04", "A", 10, {"head_roll_deg": 15}),
    ("SI-05", "A", 0, {"shoulder_tilt_deg": 7}),
    ("SI-05", "B", -10, {"shoulder_tilt_deg": -7}),
    ("SI-06", "A", 0, {"hands": "chin_right"}),
    ("SI-07", "A", 0, {"knee_gap_cm": 45}),
    ("SI-07", "B", 0, {"knee_gap_cm": 15, "hands": "lap_right_over_left"}),
    ("SI-08", "A", 0, {"crossed": "figure4"}),
    ("SI-08", "B", 15, {"crossed": "knee"}),
    ("SI-08", "B", 0, {"crossed": "knee", "hands": "round_knee"}),
    ("SI-09", "A", 0, {"knee_gap_cm": 45}),
    ("SI-09", "A", 0, {"hands": "between_thighs"}),
    ("SI-10", "A", 90, {"shank_forward_deg": 45}),
    ("SI-10", "A", -90, {"shank_forward_deg": -30}),
    ("SI-11", "A", 90, {"trunk_flexion_deg": -16}),
    ("SI-11", "A", 0, {"hands": "chin_left"}),
    ("SI-12", "A", 0, {"jitter_cm": 4.0, "duration_s": 3.5}),
    ("SI-12", "A", 0, {"swivel_deg": 50, "duration_s": 3.5}),
    ("SI-12", "A", 0, {"head_shake_deg": 40, "duration_s": 3.5}),
    ("SI-12", "A", 90, {"rock_deg": 14, "duration_s": 3.5}),
]


@pytest.mark.parametrize(("clause", "role", "yaw", "posture"), FAULTS)
def test_a_fault_fails_its_clause(clause, role, yaw, posture):
    assert Verdict.FAIL in verdicts(seated(yaw, **posture), clause, role)


@pytest.mark.parametrize("yaw", [0, 15, 90, -90])
@pytest.mark.parametrize("role", ["A", "B"])
def test_the_model_posture_fails_nothing(yaw, role):
    posture = {"duration_s": 3.5, "seat_fraction": 0.67, "shank_forward_deg": 0}
    posture |= {"knee_gap_cm": 0, "hands": "lap_right_over_left"} if role == "B" else {}
    found = checks_of(seated(yaw, **posture), role)
    assert not [check.rule for check in found.values() if check.verdict is Verdict.FAIL]
    assert sum(check.verdict is Verdict.PASS for check in found.values()) >= 6


@pytest.mark.parametrize("hands", ["knees", "armrests", "desk"])
def test_any_proper_place_of_the_hands_will_do(hands):
    assert verdicts(seated(0, hands=hands), "SI-06") == {Verdict.PASS}


def test_without_a_chair_the_seat_is_not_calibrated():
    body = seated(90)
    check = checks_of(Body(body.track, replace(body.scene, chair=None)))["SI-02"]
    assert (check.verdict, check.reason) == (Verdict.NOT_ASSESSED, Reason.NOT_CALIBRATED)


@pytest.mark.parametrize("yaw", [0, 90])
def test_legs_behind_a_desk_never_pass(yaw):
    body = seated(yaw, duration_s=3.5)
    body.track.image[:, LEGS, 3] = HIDDEN_BY_THING
    found = checks_of(Body(body.track, body.scene), "B")
    for rule in ("SI-07.together", "SI-08.crossed", "SI-09.wide", "SI-10", "SI-12.leg"):
        assert found[rule].verdict is Verdict.NOT_ASSESSED, rule
        assert found[rule].reason in (Reason.OCCLUDED, Reason.VIEW), rule


@pytest.mark.parametrize("rule", ["SI-02", "SI-03.fore", "SI-10", "SI-11.lean"])
def test_what_only_the_side_shows_is_not_judged_from_the_front(rule):
    assert checks_of(seated(0))[rule].reason is Reason.VIEW


@pytest.mark.parametrize("rule", ["SI-04.roll", "SI-05", "SI-07.shoulders", "SI-09.wide"])
def test_what_only_the_front_shows_is_not_judged_from_the_side(rule):
    assert checks_of(seated(90))[rule].reason is Reason.VIEW


def test_sitting_down_and_rising_are_judged_on_their_own_stretches():
    settled, dropped = part("sitting_down", 90, down_s=2.0), part("sitting_down", 90, down="drop", down_s=0.7)
    assert checks_of(settled, posture="sitting_down")["SI-01.landing"].verdict is Verdict.PASS
    assert checks_of(dropped, posture="sitting_down")["SI-01.landing"].verdict is Verdict.FAIL
    leaves = part("rising", 90, after_s=4, still_s=0.0)
    waits = part("rising", 90, after_s=4, still_s=1.5)
    assert checks_of(leaves, posture="rising")["SI-13.still"].verdict is Verdict.FAIL
    assert checks_of(waits, posture="rising")["SI-13.still"].verdict is Verdict.PASS
    assert checks_of(settled, posture="sitting_down")["SI-05"].reason is Reason.POSTURE_NOT_SEEN
