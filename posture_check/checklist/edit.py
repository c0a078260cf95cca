"""Single changes of a checklist, each a valid checklist again."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ValidationError

from posture_check.checklist.schema import CameraStep, Checklist, ManualStep, Role, Variant
from posture_check.errors import InputError

Field = Literal["hold_s", "patience_s", "optional"]


def moved(checklist: Checklist, step: str, by: Literal[-1, 1], role: Role, variant: Variant) -> Checklist:
    """Return the checklist with a step before or after its neighbour among those of one kind of person.

    Parameters
    ----------
    checklist
        Any.
    step
        Name of the step.
    by
        -1 to come sooner, 1 to come later; the first cannot come sooner nor the last later.
    role, variant
        Whose steps are looked at; those of others between them stay where they are.

    Raises
    ------
    InputError
        If such a person has no such step.
    """
    shown = [s.id for s in checklist.steps_for(role, variant)]
    if step not in shown:
        raise InputError(f"no step {step!r}")
    to = shown.index(step) + by
    if not 0 <= to < len(shown):
        return checklist
    moving = _step(checklist, step)
    rest = [s for s in checklist.steps if s.id != step]
    at = [s.id for s in rest].index(shown[to]) + (by > 0)
    return _made(checklist, [*rest[:at], moving, *rest[at:]])


def without(checklist: Checklist, step: str) -> Checklist:
    """Return the checklist without a step.

    Raises
    ------
    InputError
        If there is no such step, or no other.
    """
    gone = _step(checklist, step)
    return _made(checklist, [s for s in checklist.steps if s is not gone])


def with_step(checklist: Checklist, step: CameraStep | ManualStep) -> Checklist:
    """Return the checklist with one more step at its end.

    Raises
    ------
    InputError
        If it has a step of that name, or as many as there may be.
    """
    return _made(checklist, [*checklist.steps, step])


def altered(checklist: Checklist, step: str, field: Field, value: Any) -> Checklist:
    """Return the checklist with another value of one field of one step.

    Raises
    ------
    InputError
        If there is no such step, it has no such field, or the value is out of bounds.
    """
    old = _step(checklist, step)
    if field not in type(old).model_fields:
        raise InputError(f"{step} has no {field}")
    try:
        new = type(old).model_validate({**old.model_dump(), field: value})
    except ValidationError as e:
        raise InputError(f"{step}: {field}: {e.errors()[0]['msg']}") from e
    return _made(checklist, [new if s is old else s for s in checklist.steps])


def _step(checklist: Checklist, name: str) -> CameraStep | ManualStep:
    for step in checklist.steps:
        if step.id == name:
            return step
    raise InputError(f"no step {name!r}")


def _made(checklist: Checklist, steps: list[CameraStep | ManualStep]) -> Checklist:
    try:
        return Checklist.model_validate({**checklist.model_dump(exclude={"steps"}), "steps": steps})
    except ValidationError as e:
        raise InputError(e.errors()[0]["msg"]) from e
