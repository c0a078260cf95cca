"""Verdicts on rendered and simulated people by family: right or wrong, what is not assessed, where asking matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.footage import Case
from bench.reading import Outcome, clause_verdict, judged
from bench.score import Judged, Score, score
from bench.simulated import FAMILY as SIMULATED
from bench.truth import ARMS
from bench.views import rules
from posture_check.rules.result import Check, Reason, Result, Verdict

SETTINGS = {
    "camera": "true camera given",
    "chair": "true camera and seat given",
    "none": "no calibration",
}
"""What is known of the place: as at a calibrated kiosk, with its chair, and as an unknown recording."""

FAR_ARM = "WA-02.far"
"""Scored for itself, not counted in its family: it need not be judged at all."""

LABELLED: dict[str, tuple[str, ...]] = {
    "rendered-walking": ("WA-01", *ARMS, "WA-03", "WA-04", "WA-05", "WA-07"),
    "rendered-sitting": tuple(f"SI-{i:02d}" for i in range(2, 13)),
    "rendered-squatting": ("SQ-01", "SQ-02", "SQ-03", "SQ-04"),
    "rendered-gesture": tuple(f"GE-{i:02d}" for i in (1, 3, 4, 5, 6, 7, 8, 9, 10, 11)),
}
"""Clauses with labels on the rendered clips of each family."""

MAIN = ("standing", "walking", "sitting", "squatting")
"""Postures that exclude one another: whoever sits all the time is not judged as somebody who stands."""


@dataclass(frozen=True, slots=True)
class Differs:
    """A clause whose verdict depends on whether the posture was named: 'auto' against its name."""

    case: str
    setting: str
    clause: str
    truth: str | None
    auto: str
    named: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the bench knows of one clause.

    Attributes
    ----------
    clause
        Id.
    rules
        Number of measured rules, and of those switched off.
    off
        See ``rules``.
    rendered, simulated, real
        Cases with a known verdict, and of these the fails.
    """

    clause: str
    rules: int
    off: int
    rendered: tuple[int, int]
    simulated: tuple[int, int]
    real: tuple[int, int]

    @property
    def known(self) -> int:
        """Cases with a known verdict anywhere."""
        return self.rendered[0] + self.simulated[0] + self.real[0]


def family_name(family: str) -> str:
    """Return the name that figures of a family of rendered clips start with."""
    return family.removeprefix("rendered-")


def verdicts(outcomes: Iterable[Outcome], family: str, *, named: bool = False) -> dict[str, list[Judged]]:
    """Return truth and verdict of every labelled clause of a family, by clause."""
    part = [o for o in outcomes if o.case.family == family]
    return {clause: list(judged(part, clause, named=named)) for clause in LABELLED[family]}


def simulated_scores(outcomes: Iterable[Outcome]) -> dict[str, Score]:
    """Return the scores on simulated people, by clause; of the three stances that of the one shown is scored."""
    part = [o for o in outcomes if o.case.family == SIMULATED]
    clauses = sorted({clause for o in part for clause in o.case.labels})
    return {clause: score(judged(part, clause)) for clause in clauses}


def best_setting(family: str) -> str:
    """Return the setting in which most is known: with the chair for people who sit."""
    return "chair" if family == "rendered-sitting" else "camera"


def differing(outcomes: Iterable[Outcome]) -> list[Differs]:
    """Return every labelled clause on which 'auto' and the posture's name do not say the same."""
    found = []
    for o in outcomes:
        if o.result is None or o.named is None or o.case.family not in LABELLED:
            continue
        for clause in LABELLED[o.case.family]:
            auto, named = (clause_verdict(r, clause, o.case.yaw_deg)[0] for r in (o.result, o.named))
            if auto != named:
                truth = o.case.labels.get(clause)
                found.append(Differs(o.case.name, o.setting, clause, truth, auto, named))
    return found


def judged_as_another(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    """Return case and posture wherever rules of a posture were judged that the clip never shows."""
    shown = {"rendered-standing": "standing", "rendered-walking": "walking", "rendered-sitting": "sitting",
             "rendered-gesture": "standing"}  # fmt: skip
    found = set()
    for o in outcomes:
        own = shown.get(o.case.family)
        if o.result is None or own is None:
            continue
        for posture in MAIN:
            said = [c.rule for c in _judged(o.result) if c.posture == posture]
            if posture != own and said:
                found.add((o.case.name, f"{posture} ({len(said)} checks, {o.setting})"))
    return sorted(found)


def uncalibrated_seat(outcomes: Iterable[Outcome]) -> tuple[list[str], list[str]]:
    """Return the sitting clips whose SI-02 says without a chair that it is not calibrated, and those that judge it."""
    refused, told = [], []
    for o in outcomes:
        if o.case.family != "rendered-sitting" or o.setting == "chair" or o.result is None:
            continue
        for c in o.result.checks:
            if c.clause == "SI-02" and c.reason is Reason.NOT_CALIBRATED:
                refused.append(o.case.name)
            elif c.clause == "SI-02" and c.verdict is not Verdict.NOT_ASSESSED:
                told.append(o.case.name)
    return refused, told


def _judged(result: Result) -> list[Check]:
    return [c for c in result.checks if c.verdict is not Verdict.NOT_ASSESSED]


def coverage(cases: Sequence[Case]) -> list[Coverage]:
    """Return for every clause of the rules what there is to measure it by."""
    rows = []
    for clause in sorted({rule.clause for rule in rules().values()}):
        mine = [rule for rule in rules().values() if rule.clause == clause and rule.measure]
        rows.append(
            Coverage(
                clause,
                len(mine),
                sum(not rule.enabled for rule in mine),
                _labels(clause, (c for c in cases if c.rendered)),
                _labels(clause, (c for c in cases if c.family == SIMULATED)),
                _labels(clause, (c for c in cases if not c.rendered and c.family != SIMULATED)),
            )
        )
    return rows


def _labels(clause: str, cases: Iterable[Case]) -> tuple[int, int]:
    said = [c.labels[clause] for c in cases if clause in c.labels]
    return len(said), said.count("fail")
