"""Values against limits, alternatives, and what it all comes to. Nothing that was not seen ever passes."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis.strategies import booleans, builds, floats, lists, none, one_of, permutations, sampled_from

from posture_check.measures.body import Body
from posture_check.measures.scene import known_scene
from posture_check.measures.series import Value
from posture_check.rules.evaluate import (
    Outcome,
    checks_of,
    judge_posture,
    judge_rule,
    judge_value,
    overall,
    rules_of,
    unseen,
    worst,
    worst_of_option,
)
from posture_check.rules.loader import RuleBook, load_rules
from posture_check.rules.result import Check, Limit, Reason, Text, Verdict
from posture_check.rules.schema import Option
from posture_check.simulate.standing import standing
from posture_check.simulate.view import DEFAULT_CAMERA, view
from tests.rules.files import changed, shipped

BOOK = load_rules()
PASS, FAIL, BORDERLINE, NOT_ASSESSED = Verdict.PASS, Verdict.FAIL, Verdict.BORDERLINE, Verdict.NOT_ASSESSED


@functools.cache
def _body(yaw: float, seconds: float, settings_: tuple[tuple[str, Any], ...]) -> Body:
    seen = view(standing(**dict(settings_)), yaw_deg=yaw, fps=10.0, duration_s=seconds)
    return Body(seen.track, known_scene(DEFAULT_CAMERA, 1.72))


def person(yaw: float = 0.0, seconds: float = 3.0, **posture: Any) -> Body:
    return _body(yaw, seconds, tuple(sorted(posture.items())))


def on_stretches(bodies: list[Body], role: str = "A", book: RuleBook = BOOK) -> list[Check]:
    """Return the checks of somebody who stands on each of these stretches."""
    rules = rules_of(book, "standing", role)
    return checks_of(
        book, "standing", role, 0, [{rule.id: judge_rule(rule, body) for rule in rules} for body in bodies]
    )


def judged(body: Body, role: str = "A", book: RuleBook = BOOK) -> dict[str, Check]:
    """Return the checks of one stretch: choices by their title's name, the others by their rule."""
    choices = {choice.title.en: choice.id for choice in book.choices}
    return {choices.get(c.title.en, c.rule): c for c in on_stretches([body], role, book)}


def value(at: float, error: float) -> Value:
    return Value(at, error, 10, 0)


# ---------------------------------------------------------------- a value against its limit


@given(end=floats(-100, 100), error=floats(0.01, 10), off=floats(-30, 30), upper=booleans())
def test_one_end_is_borderline_within_one_error_of_it_and_decided_beyond(end, error, off, upper):
    assume(abs(abs(off) - error) > 1e-9)
    limit = Limit(max=end) if upper else Limit(min=end)
    verdict, reason = judge_value(value(end + off, error), limit)
    inside = off < 0 if upper else off > 0
    assert reason is None
    assert verdict is (BORDERLINE if abs(off) < error else PASS if inside else FAIL)


@given(size=floats(0.5, 100), share=floats(0.01, 0.99), at=floats(-200, 200))
def test_two_ends_are_borderline_within_one_error_of_either(size, share, at):
    error = size * share
    assume(abs(abs(abs(at) - size) - error) > 1e-9)
    verdict, reason = judge_value(value(at, error), Limit(min=-size, max=size))
    assert reason is None
    near = abs(abs(at) - size) < error
    assert verdict is (BORDERLINE if near else PASS if abs(at) < size else FAIL)


def test_exactly_one_error_from_the_end_is_still_borderline():
    limit = Limit(min=-4.0, max=4.0)
    assert [judge_value(value(at, 0.5), limit)[0] for at in (3.4, 3.5, 4.0, 4.5, 4.6)] == [
        PASS, BORDERLINE, BORDERLINE, BORDERLINE, FAIL,
    ]  # fmt: skip
    assert [judge_value(value(-at, 0.5), limit)[0] for at in (3.5, 4.5, 4.6)] == [BORDERLINE, BORDERLINE, FAIL]


@given(size=floats(0.1, 100), more=floats(1, 50), at=floats(-1e3, 1e3), calibrated=booleans())
def test_an_error_that_swallows_the_permitted_range_decides_nothing(size, more, at, calibrated):
    verdict, reason = judge_value(value(at, size * more), Limit(min=-size, max=size), calibrated)
    assert verdict is NOT_ASSESSED
    assert reason is (Reason.UNCERTAIN if calibrated else Reason.NOT_CALIBRATED)


# ---------------------------------------------------------------- one rule on one stretch


def test_an_outcome_says_when_and_where_it_shows_best():
    outcome = judge_rule(BOOK.rule("ST-02"), person(shoulder_tilt_deg=7.0))
    assert outcome.verdict is FAIL
    assert outcome.value.value == pytest.approx(7, abs=2 * outcome.value.error)
    assert (outcome.start_s, outcome.end_s) == (0.0, pytest.approx(2.9))
    assert 0 <= outcome.evidence_s <= 2.9


def test_what_is_wrong_decides_what_to_do():
    rule = BOOK.rule("ST-02")
    for tilt, said in ((8.0, rule.fix.high), (-8.0, rule.fix.low)):
        assert judged(person(shoulder_tilt_deg=tilt))["ST-02"].fix == said
    assert judged(person())["ST-02"].fix is None


def test_a_rule_with_one_end_is_worded_for_it():
    assert judged(person(yaw=90.0, knee_left_deg=30.0, knee_right_deg=30.0))["ST-05"].fix == BOOK.rule("ST-05").fix
    gap = judged(person(heel_gap_cm=12.0))["feet"]
    assert isinstance(gap.fix, Text)


def test_a_check_carries_value_error_unit_and_limit():
    check = judged(person(trunk_lateral_deg=7.0))["ST-03.side"]
    assert check.verdict is FAIL
    assert check.value == pytest.approx(7, abs=1.5)
    assert check.unit == "deg"
    assert 0 < check.error < 2
    assert check.limit == Limit(min=-4, max=4)


# ---------------------------------------------------------------- what is required


@pytest.mark.parametrize(("yaw", "asked"), [(0.0, False), (90.0, True)])
def test_a_rule_required_in_view_is_asked_for_only_where_the_view_shows_it(yaw, asked):
    for rule in ("ST-03.fore", "ST-05", "ST-01.neck"):
        assert judged(person(yaw=yaw))[rule].required is asked, rule


def test_a_rule_required_in_view_is_asked_for_only_where_it_lasts_long_enough():
    assert judged(person(seconds=3.0))["ST-14.sway"].required
    short = judged(person(seconds=1.0))["ST-14.sway"]
    assert short.reason is Reason.TOO_SHORT
    assert not short.required


def test_an_ordinary_rule_is_asked_for_from_any_view():
    check = judged(person(yaw=90.0))["ST-02"]
    assert check.reason is Reason.VIEW
    assert check.required


def test_what_is_switched_off_is_listed_and_not_asked_for():
    check = judged(person(), book=changed(BOOK, "ST-02", enabled=False))["ST-02"]
    assert (check.verdict, check.reason, check.required) == (NOT_ASSESSED, Reason.SWITCHED_OFF, False)


# ---------------------------------------------------------------- several stretches


def outcome(verdict: Verdict, at: float = 0.0) -> Outcome:
    reason = Reason.VIEW if verdict is NOT_ASSESSED else None
    return Outcome(BOOK.rule("ST-02"), verdict, reason=reason, start_s=at)


OUTCOMES = lists(builds(outcome, sampled_from([PASS, FAIL, BORDERLINE, NOT_ASSESSED]), floats(0, 100)), min_size=1)


@given(OUTCOMES)
def test_the_worst_stretch_counts(stretches):
    verdicts = {o.verdict for o in stretches}
    found = worst(stretches).verdict
    if verdicts == {NOT_ASSESSED}:
        assert found is NOT_ASSESSED
    else:
        assert found is next(v for v in (FAIL, BORDERLINE, PASS) if v in verdicts)


def test_one_broken_hold_is_enough_whenever_it_was():
    good, bad = person(), person(shoulder_tilt_deg=8.0)
    for stretches in ([good, bad, good], [bad, good], [good, good, bad]):
        checks = on_stretches(stretches)
        assert {c.rule: c.verdict for c in checks}["ST-02"] is FAIL
        assert overall(checks) is FAIL


def test_a_stretch_that_shows_nothing_does_not_undo_one_that_does():
    checks = on_stretches([person(), person(yaw=180.0)])
    assert {c.rule: c.verdict for c in checks}["ST-02"] is PASS


# ---------------------------------------------------------------- alternatives


@pytest.mark.parametrize(
    ("posture", "clause", "others"),
    [
        ({}, "ST-07", {"ST-08"}),
        ({"feet": "parallel"}, "ST-08", {"ST-07"}),
    ],
)
def test_the_stance_that_is_recognised_names_the_check(posture, clause, others):
    check = judged(person(**posture))["feet"]
    assert (check.clause, check.verdict) == (clause, PASS)
    assert set(check.alternatives) == others
    assert all(v is FAIL for v in check.alternatives.values())


def test_where_no_stance_holds_the_sites_default_is_named():
    odd = person(feet_angle_deg=100.0, heel_gap_cm=14.0)
    assert judged(odd)["feet"].clause == "ST-07"
    other = RuleBook(
        BOOK.rules,
        tuple(c.model_copy(update={"default": "ST-08"}) if c.id == "feet" else c for c in BOOK.choices),
        BOOK.sha256,
        BOOK.path,
    )
    check = judged(odd, book=other)["feet"]
    assert (check.clause, check.verdict) == ("ST-08", FAIL)


def test_the_t_stance_is_for_role_b():
    t = person(feet="t", hands="front_right_over_left")
    assert "ST-09" not in judged(t, "A")["feet"].alternatives
    check = judged(t, "B")["feet"]
    assert {check.clause: check.verdict, **check.alternatives}["ST-09"] in (PASS, BORDERLINE)


def test_hands_behind_the_back_are_for_role_a():
    behind = person(hands="behind")
    check = judged(behind, "A")["hands"]
    assert (check.verdict, check.rule.split(".")[1]) == (PASS, "behind")
    check = judged(behind, "B")["hands"]
    assert check.verdict is FAIL
    assert not any("behind" in name for name in check.alternatives)


@pytest.mark.parametrize("role", ["A", "B"])
def test_joined_hands_want_the_right_one_on_top(role):
    right, left = (judged(person(hands=f"front_{h}"), role)["hands"] for h in ("right_over_left", "left_over_right"))
    assert right.verdict is PASS
    assert right.alternatives["ST-06.sides"] is FAIL
    assert left.verdict is FAIL


@pytest.mark.parametrize(("hands", "clause"), [("hips", "ST-10"), ("crossed", "ST-11"), ("pockets", "ST-12")])
def test_a_forbidden_place_breaks_its_own_clause_and_the_choice(hands, clause):
    found = judged(person(hands=hands))
    assert found[clause].verdict is FAIL
    assert found["hands"].verdict is FAIL
    assert {c for c in ("ST-10", "ST-11", "ST-12") if found[c].verdict is FAIL} == {clause}


def test_the_site_may_read_the_v_by_the_fist(tmp_path):
    text = "    measure: toe_gap\n    limit: {min: 8, max: 12}\n    views: [front]\n    required: false\n    enabled: "
    fist = shipped(tmp_path, (text + "false", text + "true"))
    wide = changed(fist, "ST-07.toes", limit=fist.rule("ST-07.toes").limit.model_copy(update={"min": 4.0, "max": 16.0}))
    check = judged(person(feet="fist", toe_gap_cm=10.0), book=wide)["feet"]
    assert (check.clause, check.rule, check.verdict) == ("ST-07", "ST-07.toes", PASS)
    assert "ST-07.fist" not in judged(person(feet="fist"))["feet"].alternatives


@pytest.mark.parametrize("role", ["A", "B"])
def test_a_choice_of_which_everything_is_switched_off_is_off(role):
    book = BOOK
    for rule in ("ST-07.opening", "ST-07.heels", "ST-08.gap", "ST-08.parallel", "ST-09"):
        book = changed(book, rule, enabled=False)
    check = judged(person(feet_angle_deg=100.0), role, book)["feet"]
    assert (check.verdict, check.reason, check.required) == (NOT_ASSESSED, Reason.SWITCHED_OFF, False)
    assert {c.reason for c in unseen(book, "standing", role, 0, Reason.NO_PERSON)} == {
        Reason.NO_PERSON, Reason.SWITCHED_OFF,
    }  # fmt: skip


@given(verdicts=lists(sampled_from([PASS, FAIL, BORDERLINE, NOT_ASSESSED]), min_size=1, max_size=4))
def test_all_rules_of_an_option_must_hold(verdicts):
    rules = [f"ST-0{i + 1}" for i in range(len(verdicts))]
    option = Option(id="ST-07", rules=tuple(rules))
    found = worst_of_option(option, {rule: outcome(v) for rule, v in zip(rules, verdicts, strict=True)}).verdict
    assert found is next(v for v in (FAIL, NOT_ASSESSED, BORDERLINE, PASS) if v in verdicts)


@settings(deadline=None, max_examples=10)
@given(order=permutations(range(3)))
def test_an_option_that_was_not_seen_keeps_the_choice_from_failing(order):
    """Feet that cannot be judged may still stand well."""
    unsure = person(yaw=60.0)
    checks = on_stretches([(unsure, person(yaw=90.0), person(yaw=120.0))[i] for i in order])
    feet = next(c for c in checks if c.title == next(x.title for x in BOOK.choices if x.id == "feet"))
    assert (feet.verdict, feet.reason) == (NOT_ASSESSED, Reason.VIEW)


# ---------------------------------------------------------------- what it all comes to


def check_of(verdict: Verdict, required: bool) -> Check:
    reason = Reason.OCCLUDED if verdict is NOT_ASSESSED else None
    title = Text(zh="要求", en="asked")
    return Check(
        clause="ST-02", rule="ST-02", person=0, posture="standing", title=title, required=required, verdict=verdict,
        reason=reason,
    )  # fmt: skip


CHECKS = lists(builds(check_of, sampled_from([PASS, FAIL, BORDERLINE, NOT_ASSESSED]), booleans()), max_size=12)


@settings(max_examples=300)
@given(CHECKS)
def test_nothing_that_was_not_seen_ever_passes(checks):
    required = [c.verdict for c in checks if c.required]
    found = overall(checks)
    assert found in (PASS, FAIL, Verdict.INCOMPLETE)
    assert (found is PASS) == (bool(required) and set(required) <= {PASS, BORDERLINE})
    assert (found is FAIL) == (FAIL in required)


@pytest.mark.parametrize("reason", [Reason.NO_PERSON, Reason.POSTURE_NOT_SEEN, Reason.NOT_A_PERSON])
@pytest.mark.parametrize("role", ["A", "B"])
def test_what_is_not_there_is_listed_whole_and_never_passes(role, reason):
    checks = unseen(BOOK, "standing", role, 0, reason)
    assert {c.verdict for c in checks} == {NOT_ASSESSED}
    assert {c.reason for c in checks} <= {reason, Reason.SWITCHED_OFF}
    assert overall(checks) is Verdict.INCOMPLETE
    seen = {c.title.en for c in on_stretches([person()], role)}
    assert {c.title.en for c in checks} == seen


def test_no_stretch_is_a_posture_not_seen():
    assert judge_posture(BOOK, "standing", "A", person(), []) == unseen(
        BOOK, "standing", "A", 0, Reason.POSTURE_NOT_SEEN
    )


@settings(deadline=None, max_examples=25)
@given(
    gone=lists(sampled_from(range(33)), min_size=1, max_size=6, unique=True),
    how=sampled_from(["hidden", "outside", "nan"]),
    frames=one_of(none(), sampled_from([5, 16, 25])),
    hands=sampled_from(["sides", "front_right_over_left"]),
)
def test_hiding_parts_of_a_person_never_turns_a_check_to_the_better(gone, how, frames, hands):
    """A check of a hidden part may become unassessed, and the document incomplete: never a pass it was not."""
    body = person(hands=hands, shoulder_tilt_deg=7.0)
    image = body.track.image.copy()
    until = slice(frames)
    if how == "hidden":
        image[until, gone, 3] = 0.1
    elif how == "outside":
        image[until, gone, 1] = -40.0
    else:
        image[until, gone] = np.nan
    before, after = judged(body), judged(Body(replace(body.track, image=image), body.scene))
    for name, check in after.items():
        if check.verdict is PASS:
            assert before[name].verdict in (PASS, BORDERLINE), name
    assert overall(list(after.values())) is not PASS
