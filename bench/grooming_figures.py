"""What the grooming bench finds out: questions by family, verdicts on rendered stills, values against truth."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.grooming_cases import QUESTIONS, Question
from bench.grooming_folds import Folds
from bench.grooming_read import Reading
from bench.grooming_score import Answer, Confusion, answer, confusion
from bench.score import Judged, Score, Spread, score, spread
from bench.score import Reading as Value
from posture_check.grooming.train.footage import RENDERED
from posture_check.landmarks.findings import Finding
from posture_check.rules.result import Check, Reason, Verdict

UNSEEN, IN_SAMPLE, CROSS = "not trained on", "in-sample", "held out"
"""How a model stands to the pictures it is asked about."""
HONEST = (UNSEEN, CROSS)
SIDE_CLAUSES = ("HA-03",)
"""Clauses that are judged from the side and from behind."""
_NOTHING_TO_JUDGE = (Reason.ABSENT, Reason.NOT_ENROLLED, Reason.MANUAL)
_HALF_BAND = 0.4
BADGE_SIDE = "badge_side"


@dataclass(frozen=True)
class Row:
    """One question on the pictures of one family.

    Attributes
    ----------
    question, family
        Which.
    how
        ``not trained on``, ``in-sample`` or ``held out``.
    answers
        One for each picture whose truth is known.
    """

    question: Question
    family: str
    how: str
    answers: tuple[Answer, ...]

    @property
    def counts(self) -> Confusion:
        """Answers against truth."""
        return confusion(self.answers)


@dataclass(frozen=True)
class Values:
    """One measure against exact truth.

    Attributes
    ----------
    measure, family
        Which.
    front
        Pictures from the front, or the others; None for photos.
    known
        Pictures on which the truth is known.
    values
        Those on which a value was stated.
    spread
        Their errors; None without any.
    """

    measure: str
    family: str
    front: bool | None
    known: int
    values: tuple[Value, ...]

    @property
    def spread(self) -> Spread | None:
        """Errors of the values."""
        return spread(self.values)


@dataclass
class Found:
    """All that a run found out.

    Attributes
    ----------
    readings
        What was said of every picture.
    rows
        Questions by family.
    values
        Measures against truth.
    judged
        Verdicts of clauses on rendered stills.
    iou
        Overlaps of hair by family and by how the model stands to it.
    figures
        Numbers by name, for limits and promises.
    """

    readings: Sequence[Reading]
    rows: list[Row] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    iou: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    figures: dict[str, float | None] = field(default_factory=dict)

    def row(self, question: str, family: str) -> Row | None:
        """Return the honest row of a question and a family, else the in-sample one, else None."""
        mine = [row for row in self.rows if row.question.name == question and row.family == family]
        return min(mine, key=lambda row: row.how not in HONEST, default=None)

    def clause(self, name: str) -> Score:
        """Return the verdicts of a clause against truth."""
        return score(j for j in self.judged if j.clause == name)

    @property
    def verdicts(self) -> Score:
        """All verdicts on rendered stills against truth; from the front those clauses alone that are judged there."""
        return score(self.judged)


def findings(readings: Sequence[Reading], folds: Folds) -> Found:
    """Return all that readings of the product and predictions on held-out pictures show."""
    found = Found(readings)
    for question in QUESTIONS:
        found.rows += _rows(question, readings, folds)
    found.values = list(_values(readings))
    found.judged = [judged for reading in readings for judged in _judged(reading)]
    found.iou = _iou(readings, folds)
    found.figures = _figures(found)
    return found


def said(reading: Reading, measure: str) -> Finding | None:
    """Return what was found of a measure; None where nobody was found, a finding without value where it is missing."""
    if reading.findings is None:
        return None
    return reading.findings.get(measure, Finding())


def _rows(question: Question, readings: Sequence[Reading], folds: Folds) -> Iterator[Row]:
    asked = [r for r in readings if question.name in r.case.answers]
    half = half_band(question.measure, readings)
    for family in dict.fromkeys(r.case.family for r in asked):
        mine = [r for r in asked if r.case.family == family]
        trained = folds.trained_on(question.measure, family)
        shipped = tuple(_answer(question, r, said(r, question.measure)) for r in mine)
        yield Row(question, family, IN_SAMPLE if trained else UNSEEN, shipped)
        held = [(r, folds.probability(question.measure, r.case.name)) for r in mine]
        if any(p is not None for _, p in held):
            yield Row(question, family, CROSS, tuple(_held_out(question, r, p, half) for r, p in held if p is not None))


def _answer(question: Question, reading: Reading, finding: Finding | None) -> Answer:
    return answer(reading.case.name, reading.case.answers[question.name], finding, question.limit)


def _held_out(question: Question, reading: Reading, probability: float, half: float) -> Answer:
    """Return the answer that the product would have given with a model that never saw the person.

    Whether the picture can be judged at all (view, size, light) does not hang on the model.
    """
    shipped = said(reading, question.measure)
    gate = shipped is None or shipped.reason not in (None, "uncertain")
    if shipped is None or gate or (shipped.reason and not question.probability):
        return _answer(question, reading, shipped)
    uncertain = question.probability and abs(probability - 0.5) <= half
    return _answer(question, reading, Finding(probability, half, "uncertain" if uncertain else None))


def half_band(measure: str, readings: Iterable[Reading]) -> float:
    """Return half the band in which a classifier does not commit itself, as its findings state it."""
    stated = [f.error for r in readings if (f := said(r, measure)) is not None and f.error and f.value is not None]
    return statistics.median(stated) if stated else _HALF_BAND


def _values(readings: Sequence[Reading]) -> Iterator[Values]:
    kinds = dict.fromkeys((m, r.case.family, r.case.front) for r in readings for m in r.case.numbers)
    for measure, family, front in sorted(kinds, key=lambda kind: (kind[0], kind[1], kind[2] is False)):
        mine = [r for r in readings if (r.case.family, r.case.front) == (family, front) and measure in r.case.numbers]
        values = [
            Value(r.case.name, f.value, r.case.numbers[measure], f.error)
            for r in mine
            if (f := said(r, measure)) is not None and f.value is not None and f.reason is None
        ]
        yield Values(measure, family, front, len(mine), tuple(values))


def _judged(reading: Reading) -> Iterator[Judged]:
    case = reading.case
    for clause, truth in case.clauses.items():
        verdict, reason = clause_verdict(clause, reading.checks)
        in_view = bool(case.front) != (clause in SIDE_CLAUSES)
        yield Judged(case.name, clause, truth, verdict, reason, in_view)


def clause_verdict(clause: str, checks: Mapping[str, Check]) -> tuple[str, str | None]:
    """Return what the checks of a clause come to, and why it was not assessed.

    A failure decides; then what could not be seen; then a close call. Rules without anything to judge do not count: a
    badge that is not there has no tilt.
    """
    mine = [c for c in checks.values() if c.clause == clause and c.reason not in _NOTHING_TO_JUDGE]
    if not mine:
        told = next((c.reason.value for c in checks.values() if c.clause == clause and c.reason), "no_person")
        return Verdict.NOT_ASSESSED.value, told
    order = (Verdict.FAIL, Verdict.NOT_ASSESSED, Verdict.BORDERLINE, Verdict.PASS)
    worst = min(mine, key=lambda check: order.index(check.verdict))
    return worst.verdict.value, worst.reason.value if worst.reason else None


def _iou(readings: Sequence[Reading], folds: Folds) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = {}
    for reading in readings:
        if reading.hair_iou is None:
            continue
        family = reading.case.family
        how = IN_SAMPLE if folds.hair_trained_on(family) else UNSEEN
        found.setdefault((family, how), []).append(reading.hair_iou)
        if (held := folds.hair_iou(reading.case.name)) is not None:
            found.setdefault((family, CROSS), []).append(held)
    return found


def _figures(found: Found) -> dict[str, float | None]:
    """Return the numbers that limits and promises are about, by name; of each question and family the honest row."""
    figures: dict[str, float | None] = {"people.not_found_share": _not_found(found.readings)}
    for question, family in dict.fromkeys((row.question.name, row.family) for row in found.rows):
        row = found.row(question, family)
        if row is not None:
            figures |= _of_row(f"{question}.{family}", row)
    if (collars := open_collars(found)).decided:
        figures["tie.fr_parl.open_collar"] = collars.false_share
    for family in dict.fromkeys(family for family, _ in found.iou):
        ious = found.iou.get((family, CROSS)) or found.iou.get((family, UNSEEN)) or found.iou[family, IN_SAMPLE]
        figures[f"hair.{family}.iou"] = statistics.fmean(ious)
    for values in found.values:
        view = {True: ".front", False: ".elsewhere", None: ""}[values.front]
        name = f"{values.family}.{values.measure}{view}"
        if values.spread is not None and values.measure != BADGE_SIDE:
            figures[f"{name}.median"] = values.spread.median
            figures[f"{name}.within"] = values.spread.coverage
        if values.measure == BADGE_SIDE and values.values:
            figures[f"{name}.right"] = statistics.fmean(v.value * v.truth > 0 for v in values.values)
    verdicts = found.verdicts
    if found.judged:
        figures["rendered.right_share"] = verdicts.right_share
        figures["rendered.front.not_assessed_share"] = verdicts.not_assessed_share
        figures["rendered.borderline_share"] = verdicts.borderline_share
    return figures


def _of_row(name: str, row: Row) -> dict[str, float | None]:
    counts = row.counts
    both = {"balanced": counts.balanced} if counts.balanced is not None else {}
    no = sum(not a.truth for a in row.answers)
    none = {"false_share": counts.false_share} if counts.false_share is not None else {}
    of_all = {"false_of_all": counts.fp / no} if no else {}
    told = {**both, **none, **of_all, "not_assessed": counts.not_assessed}
    return {f"{name}.{key}": value for key, value in told.items()}


def open_collars(found: Found) -> Confusion:
    """Return whether men with an open collar on fr_parl are said to wear a tie."""
    row = found.row("tie", "fr_parl")
    men = {r.case.name for r in found.readings if "open-collar man" in r.case.traits}
    return confusion(a for a in row.answers if a.case in men) if row else Confusion()


def _not_found(readings: Sequence[Reading]) -> float | None:
    return sum(r.findings is None for r in readings) / len(readings) if readings else None


def rendered_values(found: Found, measure: str) -> tuple[Value, ...]:
    """Return the values of a measure on all rendered stills, from wherever they are seen."""
    return tuple(v for part in found.values if (part.measure, part.family) == (measure, RENDERED) for v in part.values)
