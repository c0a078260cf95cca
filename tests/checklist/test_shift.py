"""The flow of a shift-start check: whatever happens in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture_check.checklist.loader import load_checklist
from posture_check.checklist.schema import Checklist, ManualStep
from posture_check.checklist.shift import Person, ShiftState, items_of
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Check, Reason, Text, Verdict

BOOK = load_rules()
CHECKLIST = load_checklist(book=BOOK)
CAMERA = [step.id for step in CHECKLIST.steps_for("A", "usual") if step.kind == "camera"]


def check(verdict: Verdict = Verdict.PASS, *, required: bool = True, rule: str = "ST-02") -> Check:
    reason = Reason.OCCLUDED if verdict is Verdict.NOT_ASSESSED else None
    return Check(
        clause=rule.split(".")[0],
        rule=rule,
        person=0,
        posture="standing",
        title=Text(zh="一", en="x"),
        required=required,
        verdict=verdict,
        reason=reason,
    )


def begun(role: str = "A", **changes: Any) -> ShiftState:
    person = Person(number="7", name="Li", role=role)  # type: ignore[arg-type]
    checklist = CHECKLIST.model_copy(update=changes) if changes else CHECKLIST
    return ShiftState(checklist=checklist).start("t", 0.0).identify(person, 1.0, consented=True)


def through(state: ShiftState, verdicts: dict[str, Verdict] | None = None, *, ok: bool = True) -> ShiftState:
    """Do every step that is left: optional ones are skipped, camera steps come to the given verdict or a pass."""
    for _ in range(50):
        step = state.step
        if step is None:
            return state
        if step.optional:
            state = state.step_skipped(step.id, 2.0)
        elif isinstance(step, ManualStep):
            for rule in items_of(step, BOOK, "A"):
                state = state.answer(rule.id, ok, BOOK, 2.0)
            state = state.answers_done(BOOK, 2.0)
        else:
            state = state.step_done(step.id, [check((verdicts or {}).get(step.id, Verdict.PASS))], 2.0)
    raise AssertionError("no end")


def test_a_check_in_which_all_is_well_passes_and_clears_itself() -> None:
    state = through(begun())
    assert state.phase == "result"
    assert state.verdict() is Verdict.PASS
    assert not state.may_retry
    done = state.finish(10.0)
    assert done.phase == "done"
    assert done.tick(10.0 + CHECKLIST.result_s - 0.1) == done
    cleared = done.tick(10.0 + CHECKLIST.result_s)
    assert cleared.phase == "attract"
    assert cleared.person is None
    assert cleared.attempts == ()


def test_who_never_consented_is_asked_first() -> None:
    state = ShiftState(checklist=CHECKLIST).start("t", 0.0).identify(Person(name="Li"), 1.0)
    assert state.phase == "consent"
    assert state.step is None
    assert state.consent(2.0).phase == "step"


def test_only_what_failed_is_tried_again_and_the_latest_go_counts() -> None:
    state = through(begun(), {"side": Verdict.FAIL})
    assert state.verdict() is Verdict.FAIL
    again = state.retry(3.0)
    assert again.todo == ("side",)
    assert again.attempt == 2
    assert through(again).verdict() is Verdict.PASS


def test_the_latest_go_counts_when_it_is_worse_too() -> None:
    state = through(begun(), {"side": Verdict.NOT_ASSESSED}).retry(3.0)
    assert through(state, {"side": Verdict.FAIL}).verdict() is Verdict.FAIL


def test_retries_have_an_end() -> None:
    state = through(begun(), {"front": Verdict.FAIL})
    for _ in range(CHECKLIST.retries):
        assert state.may_retry
        state = through(state.retry(3.0), {"front": Verdict.FAIL})
    assert not state.may_retry
    assert state.retry(4.0) == state


def test_an_item_that_is_not_in_order_fails_but_a_matter_of_taste_is_advice() -> None:
    assert through(begun(), ok=False).verdict() is Verdict.FAIL
    state = begun()
    while not isinstance(state.step, ManualStep):
        assert state.step is not None
        state = state.step_done(state.step.id, [check()], 2.0)
    for rule in items_of(state.step, BOOK, "A"):
        state = state.answer(rule.id, rule.id not in state.step.advice, BOOK, 2.0)
    assert through(state.answers_done(BOOK, 3.0)).verdict() is Verdict.PASS


def test_an_item_without_an_answer_is_not_assessed_and_an_answer_can_be_changed() -> None:
    state = begun()
    while not isinstance(state.step, ManualStep):
        assert state.step is not None
        state = state.step_done(state.step.id, [check()], 2.0)
    state = state.answer("HY-01", False, BOOK, 2.0).answer("HY-01", True, BOOK, 2.0)
    state = through(state.answers_done(BOOK, 3.0))
    by_rule = {c.rule: c for c in state.checks()}
    assert by_rule["HY-01"].verdict is Verdict.PASS
    assert by_rule["SU-03"].verdict is Verdict.NOT_ASSESSED
    assert by_rule["SU-03"].reason is Reason.MANUAL
    assert state.verdict() is Verdict.INCOMPLETE


def test_a_supervisors_word_ends_the_check_and_leaves_its_verdict() -> None:
    state = through(begun(), {"front": Verdict.FAIL}).ask_override(4.0)
    assert state.override("", "late", 5.0).phase == "override"
    assert state.back(5.0).phase == "result"
    done = state.override("boss", "new shoes are ordered", 5.0)
    assert done.phase == "done"
    assert done.overridden is not None
    assert done.verdict() is Verdict.FAIL


def test_a_required_step_cannot_be_skipped_and_a_missing_one_makes_it_incomplete() -> None:
    state = begun()
    assert state.step_skipped("front", 2.0) == state
    only = state.step_done("front", [check()], 2.0)
    assert only.verdict() is Verdict.INCOMPLETE
    assert only.missing()


def test_a_seated_person_does_other_steps() -> None:
    person = Person(name="Li", variant="seated")
    state = ShiftState(checklist=CHECKLIST).start("t", 0.0).identify(person, 1.0, consented=True)
    assert state.step is not None
    assert state.step.id == "seated_front"
    assert "front" not in {step.id for step in state.steps}


def test_somebody_who_goes_away_clears_the_screen_and_somebody_who_stays_does_not() -> None:
    state = begun()
    assert state.tick(30.9).phase == "step"
    assert state.tick(31.0).phase == "attract"
    assert state.touch(25.0).tick(50.0).phase == "step"


@pytest.mark.parametrize(
    "phase_of", [begun, lambda: through(begun()), lambda: through(begun(), {"front": Verdict.FAIL})]
)
def test_a_state_goes_through_json_whole(phase_of: Any) -> None:
    state = phase_of()
    assert ShiftState.model_validate_json(state.model_dump_json()) == state


EVENTS = st.one_of(
    st.tuples(st.just("start"), st.sampled_from(["a", "b"])),
    st.tuples(st.just("identify"), st.sampled_from(["A", "B"]), st.sampled_from(["usual", "seated"]), st.booleans()),
    st.tuples(st.just("consent")),
    st.tuples(
        st.just("step_done"),
        st.sampled_from([*CAMERA, "by_hand", "nonsense", "present", "present", "present"]),
        st.sampled_from([Verdict.PASS, Verdict.FAIL, Verdict.BORDERLINE, Verdict.NOT_ASSESSED]),
    ),
    st.tuples(st.just("step_skipped"), st.sampled_from(["walk", "front", "present", "present"])),
    st.tuples(st.just("answer"), st.sampled_from(["HY-01", "SU-03", "ST-02", "nonsense"]), st.booleans()),
    st.tuples(st.just("answers_done")),
    st.tuples(st.just("retry")),
    st.tuples(st.just("ask_override")),
    st.tuples(st.just("override"), st.sampled_from(["", "boss"]), st.sampled_from(["", "late"])),
    st.tuples(st.just("back")),
    st.tuples(st.just("finish")),
    st.tuples(st.just("touch")),
    st.tuples(st.just("tick")),
)


def happened(state: ShiftState, event: tuple[Any, ...], now_s: float) -> ShiftState:
    name, *given_ = event
    present = state.step.id if state.step else "front"
    match name:
        case "start":
            return state.start(given_[0], now_s)
        case "identify":
            role, variant, consented = given_
            return state.identify(Person(name="x", role=role, variant=variant), now_s, consented=consented)
        case "step_done":
            step = present if given_[0] == "present" else given_[0]
            return state.step_done(step, [check(given_[1])], now_s)
        case "step_skipped":
            return state.step_skipped(present if given_[0] == "present" else given_[0], now_s)
        case "answer":
            return state.answer(given_[0], given_[1], BOOK, now_s)
        case "answers_done":
            return state.answers_done(BOOK, now_s)
        case "override":
            return state.override(*given_, now_s)
        case _:
            moved: ShiftState = getattr(state, name)(now_s)
            return moved


def consistent(state: ShiftState, checklist: Checklist) -> None:
    assert (state.phase in ("step", "manual")) == (state.step is not None)
    assert state.retries <= checklist.retries
    assert (state.person is None) == (state.phase in ("attract", "identify"))
    if state.verdict() is Verdict.PASS:
        done = {a.step for a in state.attempts}
        assert all(step.id in done for step in state.steps if not step.optional)
        assert all(c.verdict in (Verdict.PASS, Verdict.BORDERLINE) for c in state.checks() if c.required)


@settings(max_examples=100)
@given(events=st.lists(st.tuples(EVENTS, st.floats(0, 12)), max_size=40), restarted=st.integers(0, 40))
def test_no_order_of_events_crashes_or_passes_what_was_not_seen(
    events: list[tuple[tuple[Any, ...], float]], restarted: int
) -> None:
    state, now_s = ShiftState(checklist=CHECKLIST), 0.0
    for i, (event, passed) in enumerate(events):
        now_s += passed
        state = happened(state, event, now_s)
        if i == restarted:
            state = ShiftState.model_validate_json(state.model_dump_json())
        consistent(state, CHECKLIST)


@settings(max_examples=40)
@given(events=st.lists(EVENTS, max_size=30))
def test_what_was_done_is_never_lost_until_the_screen_clears(events: list[tuple[Any, ...]]) -> None:
    state = begun()
    for event in events:
        if event[0] in ("tick", "start"):
            continue
        after = happened(state, event, 2.0)
        assert after.attempts[: len(state.attempts)] == state.attempts
        state = after
