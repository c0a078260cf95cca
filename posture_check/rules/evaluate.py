"""Rules applied to stretches of a body: values against limits, alternatives, and what it all comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from posture_check.measures import MEASURES, Measure
from posture_check.measures.body import Body
from posture_check.measures.gestures.hand import hand_px
from posture_check.measures.series import Value, summarise
from posture_check.postures.segment import Stretch
from posture_check.rules.gates import hint_for, unassessable
from posture_check.rules.loader import RuleBook
from posture_check.rules.result import Check, Figure, Limit, Reason, Text, Verdict
from posture_check.rules.schema import Choice, Option, Rule, Sided

WORST_FIRST = (Verdict.FAIL, Verdict.BORDERLINE, Verdict.PASS, Verdict.NOT_ASSESSED)
"""Of several stretches of a posture the worst is reported: one broken hold is enough."""

NOT_SHOWN = (
    Reason.VIEW,
    Reason.TOO_SHORT,
    Reason.POSTURE_NOT_SEEN,
    Reason.NO_PARTNER,
    Reason.ABSENT,
    Reason.NOT_ENROLLED,
)
"""Reasons for which a rule that is required 'in_view' does not count: the source cannot show it."""

UNSEEN = (*NOT_SHOWN, Reason.OUT_OF_FRAME, Reason.OCCLUDED)
"""Reasons for which a rule that is required 'if_seen' does not count: a jacket hides the tip of a tie."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule on one stretch."""

    rule: Rule
    verdict: Verdict
    value: Value | None = None
    reason: Reason | None = None
    start_s: float | None = None
    end_s: float | None = None
    evidence_s: float | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def required(self) -> bool:
        """Whether the document's verdict depends on it, where that hangs on what the source can show."""
        if self.rule.required == "in_view":
            return self.reason not in NOT_SHOWN
        if self.rule.required == "if_seen":
            return self.reason not in UNSEEN
        return bool(self.rule.required) and self.reason is not Reason.SWITCHED_OFF


def judge_value(value: Value, limit: Limit, calibrated: bool = True) -> tuple[Verdict, Reason | None]:
    """Return the verdict of a value: borderline within one standard error of an end of the permitted range.

    A range between two ends that is narrower than the error either way cannot be judged at all.
    """
    if limit.min is not None and limit.max is not None and value.error >= (limit.max - limit.min) / 2:
        return Verdict.NOT_ASSESSED, Reason.UNCERTAIN if calibrated else Reason.NOT_CALIBRATED
    inside = True
    for end, sign in ((limit.min, 1.0), (limit.max, -1.0)):
        if end is None:
            continue
        if abs(value.value - end) <= value.error:
            return Verdict.BORDERLINE, None
        inside = inside and sign * (value.value - end) > 0
    return (Verdict.PASS if inside else Verdict.FAIL), None


def judge_rule(rule: Rule, body: Body) -> Outcome:
    """Judge one rule on one stretch of a body."""
    start, end = float(body.track.time_s[0]), float(body.track.time_s[-1])
    blank = Outcome(rule, Verdict.NOT_ASSESSED, start_s=start, end_s=end)
    if not rule.enabled:
        return replace(blank, reason=Reason.SWITCHED_OFF)
    if rule.measure is None or rule.limit is None:
        return replace(blank, reason=Reason.MANUAL)
    measure = MEASURES[rule.measure]
    if measure.of_picture:
        return _judge_finding(rule, body, blank)
    if reason := unassessable(rule, measure, body):
        return replace(blank, reason=reason)
    value = _value(measure, body)
    if value is None:
        return replace(blank, reason=_why_nothing(measure, body))
    if measure.events:
        if value.frames < measure.events:
            return replace(blank, reason=Reason.TOO_SHORT)
    else:
        looked = _looked(measure, body)
        if value.frames < rule.hold.share * looked:
            return replace(blank, reason=_why_nothing(measure, body, rarely=True))
    verdict, reason = judge_value(value, rule.limit.limit(), body.scene.calibrated)
    evidence = float(body.track.time_s[value.evidence])
    found = replace(blank, verdict=verdict, value=value, reason=reason, evidence_s=evidence)
    return replace(found, figures=_figures(rule, body))


def _judge_finding(rule: Rule, body: Body, blank: Outcome) -> Outcome:
    """Judge a rule on what grooming has read from the picture: the view and the rest were looked at there."""
    finding = body.track.findings.get(rule.measure or "")
    if finding is None or rule.limit is None:
        return replace(blank, reason=Reason.NO_PICTURE)
    found = replace(blank, evidence_s=finding.evidence_s)
    if finding.value is not None:
        value = Value(finding.value, finding.error or 0.0, finding.frames, 0)
        verdict, reason = judge_value(value, rule.limit.limit())
        found = replace(found, verdict=verdict, value=value, reason=reason, figures=_figures(rule, body))
    if finding.reason is not None:
        found = replace(found, verdict=Verdict.NOT_ASSESSED, reason=Reason(finding.reason))
    return found


def _value(measure: Measure, body: Body) -> Value | None:
    """Return a measure over the frames that show what it needs, None if none does."""
    shown = np.asarray(body.seen[:, measure.landmarks(body)].all(1))
    return summarise(measure.function(body).masked(shown), body.track.time_s)


def _looked(measure: Measure, body: Body) -> int:
    """Return on how many frames a measure could have had a value."""
    if not measure.on_details:
        return len(body)
    details = body.track.details
    # On a glance at the hands neither the face nor the arms' state was looked at.
    return int((~details.glance).sum()) if measure.needs_face or measure.needs_arms else len(details.at)


def _figures(rule: Rule, body: Body) -> dict[str, Figure]:
    """Return the further figures of a rule that can be told on this stretch."""
    found = {}
    for name in rule.figures:
        measure = MEASURES[name]
        if measure.of_picture:
            finding = body.track.findings.get(name)
            if finding is not None and finding.value is not None and finding.reason is None:
                error = round(finding.error or 0.0, 3)
                found[name] = Figure(value=round(finding.value, 3), error=error, unit=measure.unit)
        elif unassessable(rule, measure, body) is None:
            value = _value(measure, body)
            if value is not None and value.frames >= measure.events:
                found[name] = Figure(value=round(value.value, 3), error=round(value.error, 3), unit=measure.unit)
    return found


def _why_nothing(measure: Measure, body: Body, *, rarely: bool = False) -> Reason:
    """Return why a measure that could be looked at has no value, or has one too rarely."""
    if measure.needs_partner:
        return Reason.NO_PARTNER  # somebody is there, but is neither received nor guided
    if measure.events:
        return Reason.TOO_SHORT
    small = (not rarely and _face_too_small(measure, body)) or _hands_too_small(measure, body)
    return Reason.TOO_SMALL if small else Reason.OCCLUDED


def _face_too_small(measure: Measure, body: Body) -> bool:
    """Whether a measure of the face found none of the size it asks for although a face was there."""
    return measure.needs_face and bool(np.isfinite(body.track.details.face[:, 0, 0]).any())


def _hands_too_small(measure: Measure, body: Body) -> bool:
    """Whether a measure of the fingers found no hand of the size it asks for although hands were there."""
    size = hand_px(body.track.details.hands.astype(float))
    size = size[np.isfinite(size)]
    return bool(measure.min_hand_px > 0 and len(size) and size.max() < measure.min_hand_px)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome that counts among several stretches of the same rule."""
    ranked = sorted(outcomes, key=lambda o: WORST_FIRST.index(o.verdict))
    decided = [o for o in ranked if o.verdict is not Verdict.NOT_ASSESSED]
    return (decided or ranked)[0]


def judge_posture(
    book: RuleBook,
    posture: str,
    role: str,
    body: Body,
    stretches: Sequence[Stretch],
    otherwise: Reason = Reason.POSTURE_NOT_SEEN,
) -> list[Check]:
    """Return every check of a posture for one person.

    Parameters
    ----------
    book
        Rules in force.
    posture
        Which posture's rules.
    role
        A or B.
    body
        The person, whole recording.
    stretches
        What the person does, from when to when.
    otherwise
        Reason of a rule none of whose stretches is among them.
    """
    rules = rules_of(book, posture, role)
    by_stretch = []
    for stretch in stretches:
        applying = [rule for rule in rules if stretch.posture in rule.stretches]
        views = {(rule.before_s, rule.after_s) for rule in applying}
        shown = {margins: body.around(stretch.start, stretch.stop, *margins) for margins in views}
        if applying:
            by_stretch.append({rule.id: judge_rule(rule, shown[rule.before_s, rule.after_s]) for rule in applying})
    return checks_of(book, posture, role, body.track.person, by_stretch, otherwise)


def judge_dress(book: RuleBook, role: str, body: Body) -> list[Check]:
    """Return every check of grooming for one person, on the recording as a whole."""
    outcomes = {rule.id: judge_rule(rule, body) for rule in rules_of(book, "grooming", role)}
    return checks_of(book, "grooming", role, body.track.person, [outcomes])


def unseen(book: RuleBook, posture: str, role: str, person: int, reason: Reason) -> list[Check]:
    """Return every check of a posture as not assessed, for the same reason."""
    return checks_of(book, posture, role, person, [], reason)


def _blank(rule: Rule, reason: Reason) -> Outcome:
    return Outcome(rule, Verdict.NOT_ASSESSED, reason=reason if rule.enabled else Reason.SWITCHED_OFF)


def rules_of(book: RuleBook, posture: str, role: str) -> list[Rule]:
    """Return the rules of a posture that apply to a role."""
    return [rule for rule in book.rules if rule.posture == posture and role in rule.roles]


def checks_of(
    book: RuleBook,
    posture: str,
    role: str,
    person: int,
    by_stretch: Sequence[dict[str, Outcome]],
    otherwise: Reason = Reason.POSTURE_NOT_SEEN,
) -> list[Check]:
    """Return one check per rule and one per choice, the worst stretch of each; ``otherwise`` where there is none."""
    rules = rules_of(book, posture, role)
    blank = {rule.id: _blank(rule, otherwise) for rule in rules}
    choices = [choice for choice in book.choices if choice.posture == posture]
    inside = {rule for choice in choices for option in choice.options for rule in option.rules}
    checks = [
        _check(worst([o[rule.id] for o in by_stretch if rule.id in o] or [blank[rule.id]]), person)
        for rule in rules
        if rule.id not in inside or rule.required
    ]
    for choice in choices:
        if any(role in option.roles for option in choice.options):
            on_it = [o for o in by_stretch if any(rule in o for option in choice.options for rule in option.rules)]
            picked = [_judge_choice(choice, role, outcomes, person) for outcomes in on_it or [blank]]
            checks.append(min(picked, key=lambda check: WORST_FIRST.index(check.verdict)))
    return sorted(checks, key=lambda check: check.clause)


def overall(checks: Sequence[Check]) -> Verdict:
    """Return the document's verdict: fail, pass, or incomplete where a required check was not assessed."""
    required = [check.verdict for check in checks if check.required]
    if Verdict.FAIL in required:
        return Verdict.FAIL
    if not required or Verdict.NOT_ASSESSED in required:
        return Verdict.INCOMPLETE
    return Verdict.PASS


def _judge_choice(choice: Choice, role: str, outcomes: dict[str, Outcome], person: int) -> Check:
    """Judge alternatives on one stretch: the best option counts; the default is named if none holds."""
    allowed = [option for option in choice.options if role in option.roles]
    off = {rule for option in allowed for rule in option.rules if outcomes[rule].reason is Reason.SWITCHED_OFF}
    options = [option for option in allowed if off.isdisjoint(option.rules)]
    if not options:
        check = _check(next(outcomes[rule] for rule in outcomes if rule in off), person)
        return check.model_copy(update={"title": choice.title, "required": False})
    deciding = {option.id: worst_of_option(option, outcomes) for option in options}
    verdicts = {name: outcome.verdict for name, outcome in deciding.items()}
    for wanted in (Verdict.PASS, Verdict.BORDERLINE, Verdict.NOT_ASSESSED):
        holding = [option.id for option in options if verdicts[option.id] is wanted]
        if holding:
            break
    else:
        holding = [choice.default if choice.default in verdicts else options[0].id]
    chosen = holding[0]
    verdict = verdicts[chosen]
    check = _check(deciding[chosen], person)
    others = {name: other for name, other in verdicts.items() if name != chosen}
    required = choice.required is True or deciding[chosen].reason not in (Reason.VIEW, Reason.TOO_SHORT)
    return check.model_copy(
        update={
            "clause": chosen.split(".")[0],
            "rule": check.rule if check.clause == chosen.split(".")[0] else chosen,
            "title": choice.title,
            "verdict": verdict,
            "required": required,
            "alternatives": others,
        }
    )


def worst_of_option(option: Option, outcomes: dict[str, Outcome]) -> Outcome:
    """Return the outcome that decides an option: a failure sinks it, then what was not seen, then a close call."""
    order = (Verdict.FAIL, Verdict.NOT_ASSESSED, Verdict.BORDERLINE, Verdict.PASS)
    return min((outcomes[rule] for rule in option.rules), key=lambda o: order.index(o.verdict))


def _check(outcome: Outcome, person: int) -> Check:
    rule, value = outcome.rule, outcome.value
    return Check(
        clause=rule.clause,
        rule=rule.id,
        person=person,
        posture=rule.posture,
        title=rule.title,
        required=outcome.required,
        verdict=outcome.verdict,
        value=round(value.value, 3) if value else None,
        unit=MEASURES[rule.measure].unit if rule.measure else None,
        error=round(value.error, 3) if value else None,
        limit=rule.limit.limit() if rule.limit else None,
        start_s=outcome.start_s,
        end_s=outcome.end_s,
        evidence_s=outcome.evidence_s,
        reason=outcome.reason,
        hint=hint_for(outcome.reason, rule) if outcome.reason else None,
        fix=_wording(rule.fix, outcome) if outcome.verdict in (Verdict.FAIL, Verdict.BORDERLINE) else None,
        figures=dict(outcome.figures) or None,
    )


def _wording(said: Text | Sided, outcome: Outcome) -> Text:
    """Return the wording for the side on which the value lies."""
    if isinstance(said, Text):
        return said
    limit = outcome.rule.limit.limit() if outcome.rule.limit else Limit()
    value = outcome.value.value if outcome.value else 0.0
    ends = np.array([limit.min if limit.min is not None else -np.inf, limit.max if limit.max is not None else np.inf])
    return said.low if np.argmin(np.abs(ends - value)) == 0 else said.high
