"""What the page is told: the whole of what it needs to draw the present phase, in one message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from posture_check.checklist.judging import dresses
from posture_check.checklist.schema import CameraStep, ManualStep
from posture_check.checklist.shift import Attempt, ShiftState, items_of
from posture_check.reports.wording import REASON_WORDS, title
from posture_check.rules.loader import RuleBook
from posture_check.rules.result import Check, Reason, Text, Verdict

Group = Literal["fix", "unseen", "passed", "advice", "exempt", "aside"]
"""Where a check stands on the result: to be put right, not judged, in order, only advice, exempt, or not listed."""

Json = dict[str, Any]


def state_message(state: ShiftState, book: RuleBook) -> Json:
    """Return what is to be seen of a check; what is not the check's own is added by the desk."""
    out: Json = {
        "type": "state",
        "phase": state.phase,
        "token": state.token,
        "title": state.checklist.title.model_dump(),
        "person": _person(state),
        "steps": [_step_row(step, state) for step in state.steps],
        "step": None,
        "retry_round": state.retries,
    }
    step = state.step
    if isinstance(step, CameraStep):
        out["step"] = _camera_step(step)
    elif isinstance(step, ManualStep):
        out["step"] = _manual_step(step, state, book)
    if state.phase in ("result", "override", "done"):
        out["result"] = _result(state)
    return out


def group_of(check: Check) -> Group:
    """Return where a check stands on the result."""
    if check.reason is Reason.EXEMPT:
        return "exempt"
    if check.verdict in (Verdict.PASS, Verdict.BORDERLINE):
        return "passed"
    if check.verdict is Verdict.FAIL:
        return "fix" if check.required else "advice"
    return "unseen" if check.required else "aside"


def check_row(check: Check, step: str) -> Json:
    """Return one check as the page shows it."""
    return {
        "id": f"{step}:{check.rule}",
        "clause": check.clause,
        "group": group_of(check),
        "verdict": check.verdict.value,
        "title": Text(zh=title(check, "zh"), en=title(check, "en")).model_dump(),
        "fix": _dump(check.fix if check.verdict is Verdict.FAIL else None),
        "why": _dump(_why(check)),
    }


def brief(checks: Sequence[Check]) -> Json:
    """Return how many checks of a step stand where."""
    groups = [group_of(check) for check in checks]
    return {name: groups.count(name) for name in ("passed", "fix", "unseen", "advice")}


def _why(check: Check) -> Text | None:
    if check.verdict is not Verdict.NOT_ASSESSED or check.reason is None:
        return None
    return check.hint or REASON_WORDS[check.reason]


def _dump(text: Text | None) -> Json | None:
    return None if text is None else text.model_dump()


def _person(state: ShiftState) -> Json | None:
    person = state.person
    if person is None:
        return None
    return {"name": person.name, "number": person.number, "role": person.role, "variant": person.variant}


def _step_row(step: CameraStep | ManualStep, state: ShiftState) -> Json:
    latest = state.latest().get(step.id)
    present = state.step is not None and state.step.id == step.id
    waiting = step.id in state.todo and not present
    return {
        "id": step.id,
        "kind": step.kind,
        "title": step.title.model_dump(),
        "status": "now" if present else "todo" if waiting or latest is None else _come_to(latest),
        "optional": step.optional,
        "skipped": step.id in state.skipped and latest is None,
        "counts": brief(latest.checks) if latest is not None else None,
        "checks": [] if latest is None else [check_row(c, step.id) for c in latest.checks if group_of(c) != "aside"],
    }


def _come_to(attempt: Attempt) -> str:
    groups = {group_of(check) for check in attempt.checks}
    return "fail" if "fix" in groups else "unseen" if "unseen" in groups else "pass"


def _camera_step(step: CameraStep) -> Json:
    return {
        "id": step.id,
        "kind": "camera",
        "title": step.title.model_dump(),
        "say": step.say.model_dump(),
        "view": step.view,
        "framing": step.framing,
        "fine": dresses(step),
        "hold_s": step.hold_s,
        "optional": step.optional,
    }


def _manual_step(step: ManualStep, state: ShiftState, book: RuleBook) -> Json:
    assert state.person is not None
    given = {check.rule: check.verdict is Verdict.PASS for check in state.answers}
    return {
        "id": step.id,
        "kind": "manual",
        "title": step.title.model_dump(),
        "say": step.say.model_dump(),
        "optional": step.optional,
        "items": [
            {
                "rule": rule.id,
                "title": rule.title.model_dump(),
                "fix": (rule.fix if isinstance(rule.fix, Text) else rule.fix.low).model_dump(),
                "answer": given.get(rule.id),
            }
            for rule in items_of(step, book, state.person.role)
        ],
    }


def _result(state: ShiftState) -> Json:
    rows = [check_row(check, name) for name, attempt in state.latest().items() for check in attempt.checks]
    return {
        "verdict": state.verdict().value,
        "rows": [row for row in rows if row["group"] != "aside"],
        "missing": [step.title.model_dump() for step in state.steps if step.id in state.missing()],
        "may_retry": state.may_retry,
        "retries_left": max(0, state.checklist.retries - state.retries),
        "retry_steps": len(state.to_retry()),
        "overridden": None
        if state.overridden is None
        else {"by": state.overridden.by, "reason": state.overridden.reason},
    }
