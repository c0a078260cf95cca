"""Scores of verdicts and of values; pure functions, ``fail`` is the positive class throughout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True)
class Judged:
    """One clause of one case: what it is and what was said.

    Attributes
    ----------
    case, clause
        Which.
    truth
        ``pass`` or ``fail``.
    verdict
        ``pass``, ``fail``, ``borderline`` or ``not_assessed``.
    reason
        Why it was not assessed.
    in_view
        Whether the clause can be expected to be judged from that camera.
    """

    case: str
    clause: str
    truth: str
    verdict: str
    reason: str | None = None
    in_view: bool = True


@dataclass(slots=True)
class Score:
    """Verdicts against truth.

    Attributes
    ----------
    n
        Cases with a known truth, ``positives`` of which are truly ``fail``.
    tp, fp, tn
        Said ``fail`` rightly, ``fail`` wrongly, ``pass`` rightly.
    missed
        Truly ``fail``, said ``pass``.
    borderline, borderline_positives
        Said ``borderline``; of these truly ``fail``.
    not_assessed, reasons
        Not judged, and why.
    in_view, in_view_not_assessed, in_view_positives, in_view_tp
        Cases seen from where the clause can be judged, and those of them that were not judged, that are truly
        ``fail``, and that were said to.
    wrong, passed
        Names of the cases with a wrong ``pass`` or ``fail``; of those with a wrong ``pass``.
    blind
        Name and reason of the cases in view that were not judged.
    """

    n: int = 0
    positives: int = 0
    tp: int = 0
    fp: int = 0
    tn: int = 0
    missed: int = 0
    borderline: int = 0
    borderline_positives: int = 0
    not_assessed: int = 0
    in_view: int = 0
    in_view_not_assessed: int = 0
    in_view_positives: int = 0
    in_view_tp: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    blind: list[tuple[str, str]] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Of the cases said to ``fail``, the share that truly do."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """Of the true ``fail`` cases, the share said to; borderline and not assessed count as missed."""
        return _share(self.tp, self.positives)

    @property
    def recall_in_view(self) -> float | None:
        """As ``recall``, of the cases seen from where the clause can be judged."""
        return _share(self.in_view_tp, self.in_view_positives)

    @property
    def assessed(self) -> int:
        """Cases with a verdict ``pass`` or ``fail``."""
        return self.tp + self.fp + self.tn + self.missed

    @property
    def right_share(self) -> float | None:
        """Of the verdicts ``pass`` and ``fail``, the share that is right."""
        return _share(self.tp + self.tn, self.assessed)

    @property
    def right_share_counted(self) -> float | None:
        """As ``right_share``, with ``borderline`` taken as the document takes it: as a pass."""
        right = self.tp + self.tn + self.borderline - self.borderline_positives
        return _share(right, self.assessed + self.borderline)

    @property
    def borderline_share(self) -> float | None:
        """Of all cases, the share said to be borderline."""
        return _share(self.borderline, self.n)

    @property
    def not_assessed_share(self) -> float | None:
        """Of the cases seen from the right side, the share not judged."""
        return _share(self.in_view_not_assessed, self.in_view)


def score(judged: Iterable[Judged]) -> Score:
    """Count verdicts against truth."""
    s = Score()
    for j in judged:
        positive = j.truth == "fail"
        s.n += 1
        s.positives += positive
        s.in_view += j.in_view
        s.in_view_positives += j.in_view and positive
        s.in_view_tp += j.in_view and positive and j.verdict == "fail"
        if j.verdict == "not_assessed":
            s.not_assessed += 1
            s.in_view_not_assessed += j.in_view
            s.reasons[j.reason or "no check"] += 1
            if j.in_view:
                s.blind.append((j.case, j.reason or "no check"))
        elif j.verdict == "borderline":
            s.borderline += 1
            s.borderline_positives += positive
        else:
            s.tp += positive and j.verdict == "fail"
            s.fp += not positive and j.verdict == "fail"
            s.tn += not positive and j.verdict == "pass"
            s.missed += positive and j.verdict == "pass"
            if j.verdict != j.truth:
                s.wrong.append(j.case)
                if positive:
                    s.passed.append(j.case)
    return s


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value beside its truth.

    Attributes
    ----------
    value, truth
        In the measure's unit.
    error
        The stated standard error of ``value``; None where none was stated.
    """

    case: str
    value: float
    truth: float
    error: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How far values lie from their truth.

    Attributes
    ----------
    n
        Values.
    median, p95
        Of the absolute error.
    bias
        Median of value - truth.
    coverage
        Share of the values with a stated error whose truth lies within two of them; None without any.
    """

    n: int
    median: float
    p95: float
    bias: float
    coverage: float | None


def spread(readings: Sequence[Reading]) -> Spread | None:
    """Return the errors of some values; None if there are none."""
    if not readings:
        return None
    off = np.array([r.value - r.truth for r in readings])
    stated = [abs(r.value - r.truth) <= 2 * r.error for r in readings if r.error is not None]
    return Spread(
        n=len(readings),
        median=float(np.median(np.abs(off))),
        p95=float(np.percentile(np.abs(off), 95)),
        bias=float(np.median(off)),
        coverage=_share(sum(stated), len(stated)),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
