"""From result documents to what is scored: verdicts of clauses, values of measures, nobody's passes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.footage import Case
from bench.score import Judged, Reading
from bench.truth import ARMS, FEET, Measured, clause_label, right_view
from bench.views import optional
from posture_check.rules.result import Check, Reason, Result, Verdict

_LEFT_OUT = (Reason.SWITCHED_OFF, Reason.MANUAL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case in one setting.

    Attributes
    ----------
    case
        The case.
    setting
        ``camera`` (its true camera was given as the calibration), ``chair`` (and its true seat) or ``none``.
    result
        The document; None if there is none.
    named
        The document where the posture was asked for by its name; None where it was not.
    everybody
        The document about everybody in a real video; None elsewhere.
    rules
        The document under the same rules without alternatives, in which every rule has a check of its own;
        None where there is no truth to compare its values with.
    error
        Why there is no document.
    unreadable
        Whether the input was refused, rather than the program failed.
    """

    case: Case
    setting: str
    result: Result | None
    rules: Result | None = None
    named: Result | None = None
    everybody: Result | None = None
    error: str | None = None
    unreadable: bool = False


def judged(outcomes: Iterable[Outcome], clause: str, *, named: bool = False) -> Iterator[Judged]:
    """Yield truth and verdict of a clause for every outcome whose truth is known; ``feet`` is any stance.

    Parameters
    ----------
    outcomes
        What became of some cases.
    clause
        Clause, or one of ``ARMS``.
    named
        Take the documents where the posture was asked for by name.
    """
    for outcome in outcomes:
        case = outcome.case
        result = outcome.named if named else outcome.result
        truth = clause_label(clause, case.labels, case.numbers, case.yaw_deg)
        if truth is None:
            continue
        said: tuple[str, str | None] = ("not_assessed", "error")
        if result is not None:
            said = clause_verdict(result, clause, case.yaw_deg)
        in_view = case.yaw_deg is None or right_view(clause, case.yaw_deg)
        if clause == "SI-02" and outcome.setting != "chair" and case.rendered:
            in_view = False  # without the seat nothing is expected
        yield Judged(case.name, clause, truth, *said, in_view)


def clause_verdict(result: Result, clause: str, yaw_deg: float | None = None) -> tuple[str, str | None]:
    """Return verdict and reason of a clause from the checks of its rules.

    A clause fails if one of its rules does, and is judged only if every rule that can be seen from there
    is. Rules that are switched off or answered by hand say nothing, and what is only advice is not waited for.
    """
    if clause in ARMS:
        if yaw_deg is None:
            return "not_assessed", None
        arm = f"WA-02.{ARMS[clause](yaw_deg)}"
        return _together(*(2 * [[c for c in result.checks if c.rule == arm and c.reason not in _LEFT_OUT]]))
    if clause == "feet" or clause in FEET:
        choice = next((c for c in result.checks if c.alternatives and _clause(c.clause) in FEET), None)
        if choice is not None:
            return _of_choice(choice, clause)
    checks = [c for c in result.checks if _clause(c.clause) == clause and c.reason not in _LEFT_OUT]
    expected = [c for c in checks if yaw_deg is None or right_view(c.rule, yaw_deg)] or checks
    awaited = [c for c in expected if not (optional(c.rule) and c.verdict is Verdict.NOT_ASSESSED)]
    return _together(checks, awaited or expected)


def _clause(name: str) -> str:
    return name.split(".")[0]


def _of_choice(choice: Check, clause: str) -> tuple[str, str | None]:
    others = choice.alternatives or {}
    if clause in others:  # the labels are those of the plain alternative, whichever variant was recognised
        return str(others[clause]), None
    if clause == "feet" or _clause(choice.clause) == clause:
        return str(choice.verdict), choice.reason
    return "not_assessed", None


def _together(checks: list[Check], expected: list[Check]) -> tuple[str, str | None]:
    if any(c.verdict is Verdict.FAIL for c in checks):
        return "fail", None
    missing = next((c for c in expected if c.verdict is Verdict.NOT_ASSESSED), None)
    if missing is not None:
        return "not_assessed", missing.reason
    if not expected:
        return "not_assessed", None
    if any(c.verdict is Verdict.BORDERLINE for c in expected):
        return "borderline", None
    return "pass", None


def readings(outcomes: Iterable[Outcome], measured: Measured) -> Iterator[tuple[float, Reading]]:
    """Yield the camera's yaw and the reading for every outcome in which the rule's check states a value."""
    for outcome in outcomes:
        case = outcome.case
        if outcome.rules is None or case.yaw_deg is None:
            continue
        truth = measured.truth(case.numbers, case.yaw_deg)
        for check in outcome.rules.checks:
            if check.rule == measured.rule and check.value is not None and truth is not None:
                yield case.yaw_deg, Reading(case.name, check.value, truth, check.error)


def passed_wrongly(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    """Return name and reason of every case whose document says ``pass`` and must not."""
    return [
        (o.case.name, o.case.must_not_pass)
        for o in outcomes
        if o.case.must_not_pass and o.result is not None and o.result.verdict is Verdict.PASS
    ]


def seen_in_nobody(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    """Return name and rule of every check that passed or failed where there is nobody to be checked."""
    found = []
    for outcome in outcomes:
        why = outcome.case.must_not_pass or ""
        if outcome.result is None or not why.startswith(("nobody", "drawn")):
            continue
        said = [c.rule for c in outcome.result.checks if c.verdict is not Verdict.NOT_ASSESSED]
        found += [(outcome.case.name, rule) for rule in said]
    return found
