"""From documents to what is scored."""

from __future__ import annotations

import pytest

from bench.reading import clause_verdict, judged, passed_wrongly, readings, seen_in_nobody
from bench.truth import MEASURED

from .conftest import MakeOutcome, make_case, make_check


@pytest.mark.parametrize(
    ("verdicts", "together"),
    [
        (("pass", "pass"), "pass"),
        (("pass", "borderline"), "borderline"),
        (("borderline", "fail"), "fail"),
        (("not_assessed", "fail"), "fail"),
        (("pass", "not_assessed"), "not_assessed"),
    ],
)
def test_a_clause_is_as_good_as_its_rules(make_outcome: MakeOutcome, verdicts: tuple[str, str], together: str) -> None:
    checks = [make_check(f"ST-01.r{i}", verdict) for i, verdict in enumerate(verdicts)]
    result = make_outcome(make_case(), *checks).result
    assert result is not None
    assert clause_verdict(result, "ST-01", 0)[0] == together


def test_a_rule_that_cannot_be_seen_from_there_is_not_waited_for(make_outcome: MakeOutcome) -> None:
    side = make_check("ST-03.side", "pass")
    fore = make_check("ST-03.fore", "not_assessed", reason="view")
    result = make_outcome(make_case(), side, fore).result
    assert result is not None
    assert clause_verdict(result, "ST-03", 0) == ("pass", None)
    assert clause_verdict(result, "ST-03", 90) == ("not_assessed", "view")


def test_what_is_answered_by_hand_says_nothing(make_outcome: MakeOutcome) -> None:
    manual = make_check("ST-01.x", "not_assessed", reason="manual")
    result = make_outcome(make_case(), manual, make_check("ST-01.y", "pass")).result
    assert result is not None
    assert clause_verdict(result, "ST-01", 0) == ("pass", None)
    assert clause_verdict(result, "ST-14", 0) == ("not_assessed", None)


def test_alternatives_have_their_own_verdicts(make_outcome: MakeOutcome) -> None:
    feet = make_check("ST-08.gap", "pass", clause="ST-08", alternatives={"ST-07": "fail", "ST-09": "not_assessed"})
    result = make_outcome(make_case(), feet).result
    assert result is not None
    said = {clause: clause_verdict(result, clause, 0)[0] for clause in ("feet", "ST-07", "ST-08", "ST-09")}
    assert said == {"feet": "pass", "ST-07": "fail", "ST-08": "pass", "ST-09": "not_assessed"}


def test_a_variant_does_not_stand_in_for_the_plain_alternative(make_outcome: MakeOutcome) -> None:
    feet = make_check("ST-07.toes", "pass", clause="ST-07", alternatives={"ST-07": "fail", "ST-08": "fail"})
    result = make_outcome(make_case(), feet).result
    assert result is not None
    assert clause_verdict(result, "ST-07", 0)[0] == "fail"
    assert clause_verdict(result, "feet", 0)[0] == "pass"


def test_only_cases_with_a_known_truth_are_scored(make_outcome: MakeOutcome) -> None:
    known = make_outcome(make_case("a", labels={"ST-02": "fail"}, yaw_deg=0), make_check("ST-02", "pass"))
    unknown = make_outcome(make_case("b", labels={}, yaw_deg=0), make_check("ST-02", "pass"))
    (only,) = judged([known, unknown], "ST-02")
    assert (only.case, only.truth, only.verdict, only.in_view) == ("a", "fail", "pass", True)


def test_values_are_read_where_they_were_judged(make_outcome: MakeOutcome) -> None:
    tilt = next(m for m in MEASURED if m.rule == "ST-02")
    case = make_case(numbers={"shoulder_tilt_deg": 2.0}, yaw_deg=-12.0)
    good = make_outcome(case, make_check("ST-02", "pass", value=2.5, error=0.4))
    blind = make_outcome(case, make_check("ST-02", "not_assessed", reason="view"))
    ((yaw, reading),) = readings([good, blind], tilt)
    assert (yaw, reading.value, reading.truth, reading.error) == (-12.0, 2.5, 2.0, 0.4)


def test_whoever_must_not_pass_is_found(make_outcome: MakeOutcome) -> None:
    nobody = make_case("empty.jpg", "photos", must_not_pass="nobody to be seen")
    behind = make_case("back.jpg", "photos", must_not_pass="seen from behind")
    fine = make_case("fine.jpg", "photos")
    outcomes = [
        make_outcome(nobody, make_check("ST-02", "pass")),
        make_outcome(behind, make_check("ST-02", "pass"), verdict="pass"),
        make_outcome(fine, verdict="pass"),
    ]
    assert passed_wrongly(outcomes) == [("back.jpg", "seen from behind")]
    assert seen_in_nobody(outcomes) == [("empty.jpg", "ST-02")]
