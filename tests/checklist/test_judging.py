"""Which rules a step judges, and that they are judged as in a recording."""

from __future__ import annotations

import pytest

from posture_check.checklist.judging import Judge, covers, step_choices, step_rules
from posture_check.checklist.messages import Begin
from posture_check.checklist.schema import CameraStep
from posture_check.pipeline import Options, find_tracks, judge
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Check, Reason, Text
from posture_check.simulate.source import simulated_known

BOOK = load_rules()
WORDS = Text(zh="一", en="x")


def step(**fields: object) -> CameraStep:
    return CameraStep.model_validate({"id": "x", "title": WORDS, "say": WORDS, "postures": ("standing",), **fields})


def test_a_clause_names_its_rules_and_no_others() -> None:
    assert covers("ST-03", "ST-03.side")
    assert covers("ST-03.side", "ST-03.side")
    assert not covers("ST-03.side", "ST-03.fore")
    assert not covers("ST-1", "ST-10")


def test_without_clauses_all_that_the_view_can_show_is_judged() -> None:
    found = {rule.id for rule in step_rules(step(view="side"), BOOK, "A")}
    assert {"ST-05", "ST-03.fore"} <= found
    assert "ST-02" not in found


def test_a_step_has_the_choices_whose_options_it_names() -> None:
    assert [c.id for c in step_choices(step(clauses=("ST-07",)), BOOK, "A")] == ["feet"]
    assert step_choices(step(clauses=("ST-10", "ST-11")), BOOK, "A") == ()


@pytest.mark.parametrize("name", ["standing_v60", "hands_on_hips"])
def test_a_stretch_is_judged_as_the_pipeline_judges_it(name: str) -> None:
    spec = f"simulate:{name}"
    options = Options(posture=("standing",))
    found = find_tracks(spec, options)
    whole = judge(found, options).checks
    asked = step(clauses=("ST-02", "ST-04", "ST-06", "ST-07", "ST-10", "ST-11"))
    mine = Judge.of(Begin(run=1, task="step", step=asked), simulated_known(spec)).verdict(found.tracks, 0, 0.0)

    def key(check: Check) -> str:
        return check.title.en if check.alternatives is not None else check.rule

    by_key = {key(check): check for check in whole}
    assert len(mine) == 6
    for check in mine:
        assert check.model_dump() == by_key[key(check)].model_dump()


def test_nobody_there_is_nothing_passed() -> None:
    asked = step(clauses=("ST-02", "ST-10"))
    checks = Judge.of(Begin(run=1, task="step", step=asked)).verdict([], 0, 0.0)
    assert {c.reason for c in checks} == {Reason.TOO_SHORT}


def test_a_chair_that_was_never_calibrated_fails_nobody() -> None:
    asked = step(postures=("sitting",), view="any", clauses=("SI-02",))
    found = find_tracks("simulate:sitting_side", Options(posture=("sitting",)))
    (check,) = Judge.of(Begin(run=1, task="step", step=asked)).verdict(found.tracks, 0, 0.0)
    assert check.reason is Reason.NOT_CALIBRATED
    assert not check.required
