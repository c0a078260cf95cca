"""Scores of yes-or-no answers with abstention; pure functions, *yes* is the positive class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.findings import Finding

Floats = NDArray[np.floating[Any]]

HALF_BANDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.45)
"""Half widths of the band about one half in which a classifier does not commit itself."""
BINS = 6
BORDERLINE = "borderline"
NO_PERSON = "no_person"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question about one picture.

    Attributes
    ----------
    case
        Name of the picture.
    truth
        Whether it is so.
    said
        What was said; None where nothing was.
    reason
        Why nothing was said.
    value
        The figure behind it, also where it was too uncertain to say.
    """

    case: str
    truth: bool
    said: bool | None
    reason: str | None = None
    value: float | None = None


def answer(case: str, truth: bool, finding: Finding | None, limit: float = 0.5) -> Answer:
    """Return what a finding answers to the question whether its value lies above a limit.

    Within one error of the limit nothing is said: a classifier is then ``uncertain``, a share ``borderline``.
    """
    if finding is None:
        return Answer(case, truth, None, NO_PERSON)
    if finding.reason is not None or finding.value is None:
        return Answer(case, truth, None, finding.reason or "no value", finding.value)
    if abs(finding.value - limit) <= (finding.error or 0.0):
        return Answer(case, truth, None, BORDERLINE, finding.value)
    return Answer(case, truth, finding.value > limit, None, finding.value)


@dataclass(slots=True)
class Confusion:
    """Answers against truth.

    Attributes
    ----------
    tp, fp, tn, fn
        Said yes rightly and wrongly, said no rightly and wrongly.
    reasons
        Why nothing was said, with counts.
    false_yes, false_no, silent
        Names of the pictures; the last with the reason.
    """

    tp: int = 0
    fp: int = 0
    tn: int = 0
    fn: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    false_yes: list[str] = field(default_factory=list)
    false_no: list[str] = field(default_factory=list)
    silent: list[tuple[str, str]] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """Pictures on which something was said."""
        return self.tp + self.fp + self.tn + self.fn

    @property
    def n(self) -> int:
        """Pictures with a known truth."""
        return self.decided + len(self.silent)

    @property
    def precision(self) -> float | None:
        """Of those said yes, the share that is."""
        return share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """Of those that are and were decided, the share said yes."""
        return share(self.tp, self.tp + self.fn)

    @property
    def false_share(self) -> float | None:
        """Of those that are not and were decided, the share said yes."""
        return share(self.fp, self.fp + self.tn)

    @property
    def balanced(self) -> float | None:
        """Mean of the shares of either kind that were said rightly, where decided; None without both kinds."""
        kept = share(self.tn, self.fp + self.tn)
        return None if self.recall is None or kept is None else (self.recall + kept) / 2

    @property
    def not_assessed(self) -> float | None:
        """Share on which nothing was said."""
        return share(len(self.silent), self.n)


def confusion(answers: Iterable[Answer]) -> Confusion:
    """Return answers counted against their truth."""
    found = Confusion()
    for one in answers:
        if one.said is None:
            found.reasons[one.reason or "?"] += 1
            found.silent.append((one.case, one.reason or "?"))
        elif one.said:
            found.tp += one.truth
            found.fp += not one.truth
            found.false_yes += [] if one.truth else [one.case]
        else:
            found.fn += one.truth
            found.tn += not one.truth
            found.false_no += [one.case] if one.truth else []
    return found


def share(part: int, whole: int) -> float | None:
    """Return a share; None of nothing."""
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What becomes of a classifier's answers with a band of some width.

    Attributes
    ----------
    half_band
        Half the width of the band about one half.
    abstained
        Share of the pictures whose probability lies inside it.
    balanced
        Balanced accuracy on the others; None where one kind is all abstained from.
    """

    half_band: float
    abstained: float
    balanced: float | None


def abstention_curve(answers: Sequence[Answer], halves: Sequence[float] = HALF_BANDS) -> list[CurvePoint]:
    """Return balanced accuracy against the share abstained from as the band widens; only answers with a value count."""
    truth, value = _pairs(answers)
    points = []
    for half in halves:
        keep = np.abs(value - 0.5) >= half
        yes = value[keep] > 0.5
        kinds = [yes[truth[keep]], ~yes[~truth[keep]]]
        balanced = float(np.mean([kind.mean() for kind in kinds])) if all(len(k) for k in kinds) else None
        points.append(CurvePoint(half, float(1 - keep.mean()) if len(keep) else 0.0, balanced))
    return points


@dataclass(frozen=True, slots=True)
class Bin:
    """Pictures whose probabilities lie close together.

    Attributes
    ----------
    low, high
        Ends.
    n
        Pictures.
    mean
        Of their probabilities.
    true_share
        Share of them that are so.
    """

    low: float
    high: float
    n: int
    mean: float
    true_share: float


def reliability(answers: Sequence[Answer], bins: int = BINS) -> tuple[list[Bin], float | None]:
    """Return probabilities against what is true, bin by bin, and the expected calibration error.

    The error is the mean over the pictures of the distance between the two in their bin (Naeini, Cooper and Hauskrecht,
    Obtaining Well Calibrated Probabilities Using Bayesian Binning, 2015).
    """
    truth, value = _pairs(answers)
    if not len(value):
        return [], None
    place = np.minimum((value * bins).astype(int), bins - 1)
    found = [
        Bin(i / bins, (i + 1) / bins, int(here.sum()), float(value[here].mean()), float(truth[here].mean()))
        for i in range(bins)
        if (here := place == i).any()
    ]
    return found, float(sum(b.n * abs(b.mean - b.true_share) for b in found) / len(value))


def _pairs(answers: Sequence[Answer]) -> tuple[NDArray[np.bool_], Floats]:
    """Return truth and value of the answers that a wider or narrower band would change."""
    told = [a for a in answers if a.value is not None and (a.said is not None or a.reason in ("uncertain", BORDERLINE))]
    return np.array([a.truth for a in told], bool), np.array([a.value for a in told], float)
