"""The one thing to say now."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.checklist import guidance
from posture_check.checklist.guidance import LEAST_S, Prompter, said, to_fix, to_show, to_view
from posture_check.rules.evaluate import unseen
from posture_check.rules.gates import view_of
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Check, Reason, Text, Verdict

BOOK = load_rules()


def failing(rule_id: str, **changes: object) -> Check:
    rule = BOOK.rule(rule_id)
    fix = rule.fix if isinstance(rule.fix, Text) else rule.fix.high
    check = Check(
        clause=rule.clause,
        rule=rule.id,
        person=0,
        posture=rule.posture,
        title=rule.title,
        required=True,
        verdict=Verdict.FAIL,
        fix=fix,
    )
    return check.model_copy(update=changes)


@given(yaw=st.floats(-180, 180), side=st.booleans())
def test_turning_as_told_brings_the_wanted_view(yaw: float, side: bool) -> None:
    views = ("left", "right") if side else ("front",)
    turned, steps = yaw, 0
    while view_of(turned) not in views:
        told = to_view(turned, views)  # type: ignore[arg-type]
        # Turning to the left lets the camera, as the person sees it, go to the right.
        turned += -10.0 if told.turn == "left" else 10.0
        turned = (turned + 180) % 360 - 180
        steps += 1
        assert steps <= 19
    assert steps <= np.ceil(180 / 10) / (2 if side else 1) + 1


def test_a_single_fault_goes_before_the_choice_it_is_part_of() -> None:
    choice = failing("ST-06.sides", alternatives={"ST-06.front": Verdict.FAIL})
    told = to_fix([choice, failing("ST-10")], BOOK)
    assert told is not None
    assert told.clause == "ST-10"
    assert told.marks


def test_dress_that_cannot_be_changed_here_is_not_waited_for() -> None:
    assert to_fix([failing("SH-01"), failing("TI-01")], BOOK) is None
    told = to_fix([failing("BD-01.upright")], BOOK)
    assert told is not None


def test_what_need_not_be_put_right_is_not_said() -> None:
    assert to_fix([failing("ST-02", required=False), failing("ST-02", verdict=Verdict.BORDERLINE)], BOOK) is None


def test_what_cannot_be_seen_is_said_how_to_show() -> None:
    cut = [c for c in unseen(BOOK, "standing", "A", 0, Reason.OUT_OF_FRAME) if c.required]
    told = to_show(cut, "body")
    assert told is not None
    assert told.code == "feet_cut"
    dress = [c for c in unseen(BOOK, "grooming", "A", 0, Reason.TOO_SMALL) if c.required]
    assert to_show(dress, "body") is None
    near = to_show(dress, "upper")
    assert near is not None
    assert near.code == "far"
    assert to_show(unseen(BOOK, "standing", "A", 0, Reason.UNCERTAIN), "body") is None
    small = [c for c in unseen(BOOK, "standing", "A", 0, Reason.TOO_SMALL) if c.required]
    assert to_show(small, "body", room=True) == said("far")
    assert to_show(small, "body", room=False) is None


@pytest.mark.parametrize("code", sorted(guidance.TEXTS))
def test_texts_are_short_enough_for_large_type(code: str) -> None:
    text = said(code).text
    assert len(text.en) <= 50
    assert len(text.zh) <= 18


def test_every_fix_of_the_rules_can_be_shown() -> None:
    for rule in BOOK.rules:
        if rule.measure is not None and rule.posture != "grooming":
            told = to_fix([failing(rule.id)], BOOK)
            assert told is not None
            assert len(told.text.zh) <= 40, rule.id


@given(
    script=st.lists(st.tuples(st.sampled_from(["dark", "far", "two_people", "fix", "hold", ""]), st.floats(0.02, 0.6))),
)
def test_messages_never_flicker_but_praise_comes_at_once(script: list[tuple[str, float]]) -> None:
    prompter, now_s, before, since_s = Prompter(), 0.0, None, 0.0
    for code, passed in script:
        now_s += passed
        wanted = to_fix([failing("ST-10")], BOOK) if code == "fix" else said(code) if code else None
        shown = prompter.say(wanted, now_s)
        if wanted is None or wanted.code == "hold":
            assert shown == wanted
        if shown != before:
            solved = shown is None or shown.code == "hold" or before is None
            assert solved or now_s - since_s >= LEAST_S
            before, since_s = shown, now_s
