"""Verdicts by family, by name, and without the chair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.families import differing, judged_as_another, uncalibrated_seat
from bench.reading import clause_verdict, judged
from bench.scenes import ROLE, SHOWN
from bench.score import score
from bench.simulated import simulated_cases
from bench.truth import clause_label, right_view
from bench.views import judged_from
from posture_check.simulate.scenarios import SCENARIOS

from .conftest import MakeOutcome, make_case, make_check

LABELS = {"WA-02": "fail", "WA-02_left": "fail", "WA-02_right": "pass"}


@pytest.mark.parametrize(("yaw", "near", "far"), [(90, "fail", "pass"), (-90, "pass", "fail")])
def test_each_arm_has_its_own_label_and_verdict(make_outcome: MakeOutcome, yaw: float, near: str, far: str) -> None:
    assert clause_label("WA-02.near", LABELS, {}, yaw) == near
    assert clause_label("WA-02.far", LABELS, {}, yaw) == far
    left, right = make_check("WA-02.left", "fail"), make_check("WA-02.right", "not_assessed", reason="occluded")
    result = make_outcome(make_case(), left, right).result
    assert result is not None
    said = {arm: clause_verdict(result, arm, yaw)[0] for arm in ("WA-02.near", "WA-02.far")}
    assert set(said.values()) == {"fail", "not_assessed"}
    assert said["WA-02.near"] == ("fail" if yaw > 0 else "not_assessed")


def test_the_far_arm_is_never_expected() -> None:
    assert not any(right_view("WA-02.far", yaw) for yaw in (-90, 0, 45, 90))
    assert not right_view("WA-02.near", 0)


def test_views_are_the_rules_own() -> None:
    assert judged_from("ST-02", 20)
    assert not judged_from("ST-02", 90)
    assert not judged_from("ST-02", 36)  # measured a little off, it would be another view
    assert judged_from("ST-03.fore", -90)
    assert not judged_from("NO-99", 0)


def test_the_seat_is_only_asked_for_where_it_is_known(make_outcome: MakeOutcome) -> None:
    case = make_case("s", "rendered-sitting", labels={"SI-02": "pass"}, yaw_deg=90.0)
    blind = make_check("SI-02", "not_assessed", reason="not_calibrated")
    without = make_outcome(case, blind)
    assert score(judged([without], "SI-02")).in_view == 0
    assert uncalibrated_seat([without]) == (["s"], [])
    assert uncalibrated_seat([make_outcome(case, make_check("SI-02", "pass"))]) == ([], ["s"])
    assert uncalibrated_seat([make_outcome(case, make_check("SI-02", "pass"), setting="chair")]) == ([], [])


def test_asking_by_name_is_held_against_auto(make_outcome: MakeOutcome) -> None:
    case = make_case("w", "rendered-walking", labels={"WA-03": "fail"}, yaw_deg=90.0)
    auto = make_outcome(case, make_check("WA-03", "not_assessed", reason="posture_not_seen"))
    named = make_outcome(case, make_check("WA-03", "fail"))
    (found,) = differing([replace(auto, named=named.result)])
    assert (found.clause, found.truth, found.auto, found.named) == ("WA-03", "fail", "not_assessed", "fail")
    assert differing([replace(named, named=named.result)]) == []


def test_whoever_sits_is_not_judged_as_standing(make_outcome: MakeOutcome) -> None:
    sits = make_case("s", "rendered-sitting")
    stands = make_case("t", "rendered-standing")
    said = make_check("ST-02", "pass")
    unseen = make_check("ST-02", "not_assessed", reason="posture_not_seen")
    found = judged_as_another([make_outcome(sits, said), make_outcome(sits, unseen), make_outcome(stands, said)])
    assert found == [("s", "standing (1 checks, none)")]


def test_simulated_people_are_cases() -> None:
    names = ("shoulder_tilt", "no_person", "tiny", "standing_t", "sitting_b")
    cases = {case.scenario or case.name: case for case in simulated_cases(names)}
    assert cases["shoulder_tilt"].labels["ST-02"] == "fail"
    assert cases["simulate:no_person"].must_not_pass
    assert cases["tiny"].labels == {}
    assert cases["standing_t"].role == "B"
    assert cases["sitting_b"].labels["SI-07"] == "pass"


def test_every_labelled_scene_exists() -> None:
    assert (SHOWN.keys() | ROLE.keys()) <= SCENARIOS.keys()
