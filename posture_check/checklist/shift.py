"""One shift-start check from the first touch to the cleared screen: a state, and what each event makes of it.

The state knows no clock, camera, page or store: times are passed in, and every event returns the state that follows.
An event that does not fit the phase changes nothing, so that a touch that comes late does no harm. The state is plain
data that goes through JSON, so that a server that was restarted goes on where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from posture_check.checklist.schema import CameraStep, Checklist, ManualStep, Role, Variant
from posture_check.rules.evaluate import overall
from posture_check.rules.gates import HINTS
from posture_check.rules.loader import RuleBook
from posture_check.rules.result import Check, Reason, Verdict
from posture_check.rules.schema import Rule

Phase = Literal["attract", "identify", "consent", "step", "manual", "result", "override", "done"]
"""Where a check is: waiting for anybody, who is it, may we, a step, items by hand, what came of it, a supervisor's
word, and over."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(_Model):
    """Who does the check, as the roster has them."""

    number: str | None = Field(None, description="Staff number; none for a guest.")
    name: str = ""
    role: Role = "A"
    variant: Variant = "usual"
    exempt: tuple[str, ...] = Field((), description="Rules, clauses or chapters that they are exempt from.")
    stature_cm: float | None = None


class Attempt(_Model):
    """What one go at a step came to."""

    step: str
    attempt: int = Field(ge=1, description="1 is the first go.")
    checks: tuple[Check, ...]
    at_s: float = Field(description="When it was done, by the caller's clock.")


class Override(_Model):
    """A supervisor's word: the shift starts although the check did not pass."""

    by: str
    reason: str
    at_s: float


class ShiftState(_Model):
    """A check as it stands. Every event is a method that returns the state that follows it."""

    checklist: Checklist
    phase: Phase = "attract"
    token: str | None = Field(None, description="Names the check in the store.")
    kind: Literal["self", "spot", "peer", "mystery"] = "self"
    person: Person | None = None
    todo: tuple[str, ...] = Field((), description="Steps still to be done in this round, the present one first.")
    skipped: tuple[str, ...] = Field((), description="Steps that the person left out.")
    retries: int = Field(0, ge=0, description="How often failed steps were begun again.")
    attempts: tuple[Attempt, ...] = ()
    answers: tuple[Check, ...] = Field((), description="Items of the present manual step answered so far.")
    overridden: Override | None = None
    touched_s: float = Field(0.0, description="When somebody last was there, by the caller's clock.")

    # ------------------------------------------------------------------ what is asked of it

    @property
    def step(self) -> CameraStep | ManualStep | None:
        """The step that is being done, None outside the steps."""
        if self.phase not in ("step", "manual") or not self.todo:
            return None
        return next(step for step in self.checklist.steps if step.id == self.todo[0])

    @property
    def steps(self) -> tuple[CameraStep | ManualStep, ...]:
        """All steps of this person, in order."""
        if self.person is None:
            return ()
        return self.checklist.steps_for(self.person.role, self.person.variant)

    @property
    def attempt(self) -> int:
        """Which go at the present step this is, from 1."""
        step = self.step
        return 1 + sum(a.step == step.id for a in self.attempts) if step else 1

    def latest(self) -> dict[str, Attempt]:
        """Return the latest go at each step, in the order of the checklist."""
        found = {a.step: a for a in self.attempts}
        return {step.id: found[step.id] for step in self.steps if step.id in found}

    def checks(self) -> tuple[Check, ...]:
        """Return the checks that count: of each step those of its latest go."""
        return tuple(check for attempt in self.latest().values() for check in attempt.checks)

    def missing(self) -> tuple[str, ...]:
        """Return the steps that must be done and have not been."""
        done = {a.step for a in self.attempts}
        return tuple(step.id for step in self.steps if not step.optional and step.id not in done)

    def verdict(self) -> Verdict:
        """Return what it comes to: as the result contract has it, and incomplete while a step is missing."""
        come_to = overall(self.checks())
        return Verdict.INCOMPLETE if come_to is Verdict.PASS and self.missing() else come_to

    def to_retry(self) -> tuple[str, ...]:
        """Return the steps of which a required check failed or was not assessed, and those never done."""
        wanting = [name for name, attempt in self.latest().items() if any(_wanting(c) for c in attempt.checks)]
        names = {*wanting, *self.missing()}
        return tuple(step.id for step in self.steps if step.id in names)

    @property
    def may_retry(self) -> bool:
        """Whether failed steps may be tried again."""
        return self.phase == "result" and self.retries < self.checklist.retries and bool(self.to_retry())

    # ------------------------------------------------------------------ events

    def start(self, token: str, now_s: float, kind: Literal["self", "spot", "peer", "mystery"] = "self") -> Self:
        """Begin: somebody touched the screen."""
        if self.phase != "attract":
            return self
        return self._with(phase="identify", token=token, kind=kind, touched_s=now_s)

    def identify(self, person: Person, now_s: float, *, consented: bool = False) -> Self:
        """Take who it is; those who have consented before go on to the first step."""
        if self.phase != "identify":
            return self
        known = self._with(person=person, touched_s=now_s, phase="consent")
        return known.consent(now_s) if consented else known

    def consent(self, now_s: float) -> Self:
        """Take the person's consent and begin with the first step."""
        if self.phase != "consent":
            return self
        return self._with(todo=tuple(step.id for step in self.steps), touched_s=now_s)._next()

    def step_done(self, step_id: str, checks: Sequence[Check], now_s: float) -> Self:
        """Take what the camera's present step came to; of another step than the present one nothing is taken."""
        step = self.step
        if self.phase != "step" or step is None or step.id != step_id:
            return self
        return self._attempted(step.id, tuple(checks), now_s)

    def step_skipped(self, step_id: str, now_s: float) -> Self:
        """Leave an optional step out."""
        step = self.step
        if step is None or step.id != step_id or not step.optional:
            return self
        skipped = (*self.skipped, step_id)
        return self._with(skipped=skipped, todo=self.todo[1:], answers=(), touched_s=now_s)._next()

    def answer(self, item: str, ok: bool, book: RuleBook, now_s: float) -> Self:
        """Take the person's word on an item of the present manual step; a later answer replaces an earlier one."""
        step = self.step
        if not isinstance(step, ManualStep) or self.person is None:
            return self
        rules = {rule.id: rule for rule in items_of(step, book, self.person.role)}
        if item not in rules:
            return self
        check = answered(rules[item], ok, counts=item not in step.advice)
        kept = tuple(c for c in self.answers if c.rule != item)
        return self._with(answers=(*kept, check), touched_s=now_s)

    def answers_done(self, book: RuleBook, now_s: float) -> Self:
        """End the present manual step; items without an answer stay not assessed."""
        step = self.step
        if not isinstance(step, ManualStep) or self.person is None:
            return self
        given = {check.rule: check for check in self.answers}
        rules = items_of(step, book, self.person.role)
        checks = tuple(given.get(r.id) or answered(r, None, counts=r.id not in step.advice) for r in rules)
        return self._with(answers=())._attempted(step.id, checks, now_s)

    def retry(self, now_s: float) -> Self:
        """Begin again with the steps that failed or could not be judged, as often as the checklist permits."""
        if not self.may_retry:
            return self
        todo = self.to_retry()
        return self._with(todo=todo, retries=self.retries + 1, answers=(), touched_s=now_s)._next()

    def ask_override(self, now_s: float) -> Self:
        """Ask for a supervisor."""
        return self._with(phase="override", touched_s=now_s) if self.phase == "result" else self

    def override(self, by: str, reason: str, now_s: float) -> Self:
        """Take a supervisor's word; the caller has seen to it that it is one. The verdict stays what it is."""
        if self.phase not in ("result", "override") or not by.strip() or not reason.strip():
            return self
        word = Override(by=by, reason=reason, at_s=now_s)
        return self._with(phase="done", overridden=word, touched_s=now_s)

    def back(self, now_s: float) -> Self:
        """Return from asking for a supervisor to the result."""
        return self._with(phase="result", touched_s=now_s) if self.phase == "override" else self

    def finish(self, now_s: float) -> Self:
        """End with the result as it is."""
        return self._with(phase="done", touched_s=now_s) if self.phase == "result" else self

    def touch(self, now_s: float) -> Self:
        """Take note that somebody is there: a touch, or a person in the picture of a step."""
        return self if self.phase == "attract" else self._with(touched_s=max(now_s, self.touched_s))

    def clear(self, now_s: float) -> Self:
        """Drop everything and wait for the next person."""
        return type(self)(checklist=self.checklist, touched_s=now_s)

    def tick(self, now_s: float) -> Self:
        """Clear the screen when nobody has been there for too long, or the result was shown for long enough."""
        if self.phase == "attract" or now_s - self.touched_s < self.patience_s:
            return self
        return self.clear(now_s)

    @property
    def patience_s(self) -> float:
        """Seconds without anybody after which the screen clears."""
        return self.checklist.result_s if self.phase == "done" else self.checklist.idle_s

    # ------------------------------------------------------------------ within

    def _with(self, **changes: Any) -> Self:
        return self.model_copy(update=changes)

    def _attempted(self, step_id: str, checks: tuple[Check, ...], now_s: float) -> Self:
        attempt = Attempt(step=step_id, attempt=self.attempt, checks=checks, at_s=now_s)
        return self._with(attempts=(*self.attempts, attempt), todo=self.todo[1:], touched_s=now_s)._next()

    def _next(self) -> Self:
        if not self.todo:
            return self._with(phase="result")
        step = next(step for step in self.checklist.steps if step.id == self.todo[0])
        return self._with(phase="manual" if isinstance(step, ManualStep) else "step", answers=())


def items_of(step: ManualStep, book: RuleBook, role: Role) -> tuple[Rule, ...]:
    """Return the rules that a manual step asks about, in its order; by default all manual rules of the role."""
    manual = {rule.id: rule for rule in book.rules if rule.measure is None and rule.enabled and role in rule.roles}
    wanted = step.items or tuple(manual)
    return tuple(manual[name] for name in wanted if name in manual)


def answered(rule: Rule, ok: bool | None, *, counts: bool = True) -> Check:
    """Return the check that a person's word on a manual item makes; None is no answer.

    Parameters
    ----------
    rule
        The item.
    ok
        Whether it is in order.
    counts
        Whether the verdict hangs on it; else it is advice.
    """
    verdict = Verdict.NOT_ASSESSED if ok is None else Verdict.PASS if ok else Verdict.FAIL
    fix = rule.fix if verdict is Verdict.FAIL else None
    return Check(
        clause=rule.clause,
        rule=rule.id,
        person=0,
        posture=rule.posture,
        title=rule.title,
        required=counts,
        verdict=verdict,
        reason=Reason.MANUAL,
        hint=HINTS[Reason.MANUAL] if ok is None else None,
        fix=fix if fix is None or not hasattr(fix, "low") else fix.low,
    )


def _wanting(check: Check) -> bool:
    return check.required and check.verdict in (Verdict.FAIL, Verdict.NOT_ASSESSED)
