"""Several looks at one person become one finding per measure.

Only looks that show a thing have a say in it: the reader of each gives a reason where the view does not.

Numbers
    Their weighted median. Its error keeps what all looks have in common, the wearer's own shape and the model's habit:
    half of a look's variance does not average out. The rest shrinks with their number, but is never taken for smaller
    than the looks' own spread says.
Probabilities
    The weighted mean of their log odds. Looks that disagree widen the error, which is half the band in which nothing is
    decided.
No value
    ``absent`` if most of the looks that were turned the right way say so; then what tells the person most about what
    to do: see :data:`TELLING`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.findings import Finding, Findings, Missing
from posture_check.measures import MEASURES

Floats = NDArray[np.floating[Any]]

TELLING: tuple[Missing, ...] = (
    "not_enrolled",
    "uncertain",
    "too_small",
    "too_dark",
    "occluded",
    "out_of_frame",
    "view",
    "absent",
)
"""Which reason stands for several looks: the one that came closest to a value."""
COMMON = 0.5
"""Share of a look's variance that all looks at one person have in common."""
_TURNED_AWAY = ("view", "out_of_frame", "not_enrolled")
_MEDIAN_SPREAD = 1.2533
"""Standard error of a median over that of a mean (normal distribution: the square root of pi / 2)."""
_MAD = 1.4826
_SURE = 0.005
"""Probabilities are held this far from 0 and 1: one look is never surer than that."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame showed.

    Attributes
    ----------
    time_s
        When.
    weight
        How good the frame was; only its ratio to the others' counts.
    findings
        What was found.
    """

    time_s: float
    weight: float
    findings: Findings


def vote(looks: Sequence[Look]) -> dict[str, Finding]:
    """Return one finding for every name that any look has; nothing without looks."""
    names = dict.fromkeys(name for look in looks for name in look.findings)
    return {name: vote_on(name, [look for look in looks if name in look.findings]) for name in names}


def vote_on(name: str, looks: Sequence[Look]) -> Finding:
    """Return what the looks come to for one measure; each must have a finding of that name."""
    found = [look.findings[name] for look in looks]
    decided = [look for look, f in zip(looks, found, strict=True) if f.value is not None and f.reason is None]
    unsure = [look for look, f in zip(looks, found, strict=True) if f.value is not None and f.reason is not None]
    turned = sum(f.reason not in _TURNED_AWAY for f in found)
    if sum(f.reason == "absent" for f in found) > turned / 2:
        return _reason_of(name, looks, "absent")
    probable = name in MEASURES and MEASURES[name].unit == "probability"
    if probable and decided + unsure:
        return _probability(name, [*decided, *unsure])
    if decided:
        return _number(name, decided)
    if unsure:
        return replace(_number(name, unsure), reason=unsure[0].findings[name].reason)
    given = {f.reason for f in found}
    return _reason_of(name, looks, next((reason for reason in TELLING if reason in given), "uncertain"))


def _reason_of(name: str, looks: Sequence[Look], reason: Missing) -> Finding:
    """Return a finding without a value, shown on the best of the looks that gave the reason."""
    giving = [look for look in looks if look.findings[name].reason == reason]
    if not giving:
        return Finding(reason=reason, frames=len(looks))
    best = max(giving, key=lambda look: look.weight)
    marks = best.findings[name].marks
    return Finding(reason=reason, frames=len(giving), evidence_s=best.time_s, marks=marks)


def _number(name: str, looks: Sequence[Look]) -> Finding:
    values, errors, weights = _columns(name, looks)
    sure = weights / np.maximum(errors, 1e-6 + 0.1 * np.median(errors)) ** 2 if (errors > 0).any() else weights
    value = _weighted_median(values, sure)
    error = float(np.median(errors))
    n = len(values)
    if n > 1:
        off = np.abs(values - value)
        spread = _MAD * float(np.median(off)) if n > 2 else float(np.std(values, ddof=1))
        chance = max((1 - COMMON) * error**2, (_MEDIAN_SPREAD * spread) ** 2) / n
        error = float(np.sqrt(COMMON * error**2 + chance))
    return _shown(name, looks, value, error, values, None)


def _probability(name: str, looks: Sequence[Look]) -> Finding:
    if len(looks) == 1:
        return replace(looks[0].findings[name], frames=1, evidence_s=looks[0].time_s)
    values, errors, weights = _columns(name, looks)
    odds = np.log(np.clip(values, _SURE, 1 - _SURE) / (1 - np.clip(values, _SURE, 1 - _SURE)))
    share = weights / weights.sum()
    mean = float(share @ odds)
    value = float(1 / (1 + np.exp(-mean)))
    band = float(np.median(errors))
    sides = values > 0.5
    agreed = sides.all() or not sides.any()
    error = band
    if not agreed:
        # Looks of one mind all lie beyond the band, however far apart; those that contradict each other widen it.
        doubt = float(np.sqrt(share @ (odds - mean) ** 2 / (len(looks) - 1)))
        either = [float(1 / (1 + np.exp(-(mean + side * doubt)))) for side in (-1, 1)]
        error = max(band, value - either[0], either[1] - value)
    decided = all(look.findings[name].reason is None for look in looks)
    undecided = abs(value - 0.5) <= error and not (agreed and decided)
    return _shown(name, looks, value, error, values, "uncertain" if undecided else None)


def _shown(
    name: str, looks: Sequence[Look], value: float, error: float, values: Floats, reason: Missing | None
) -> Finding:
    """Return a finding that is shown on the look nearest to it, the better one of two that are alike."""
    weights = np.array([look.weight for look in looks])
    off = np.abs(values - value) / max(error, 1e-6)
    best = looks[int(np.argmin(off - 0.5 * weights / max(float(weights.max()), 1e-9)))]
    return Finding(value, error, reason, len(looks), best.time_s, best.findings[name].marks)


def _columns(name: str, looks: Sequence[Look]) -> tuple[Floats, Floats, Floats]:
    """Return values, errors and weights of looks that all have a value."""
    found = [look.findings[name] for look in looks]
    values = np.array([f.value for f in found], float)
    errors = np.array([f.error or 0.0 for f in found], float)
    return values, errors, np.maximum([look.weight for look in looks], 1e-6)


def _weighted_median(values: Floats, weights: Floats) -> float:
    """Return the weighted median, halfway between two values where the weights balance."""
    order = np.argsort(values)
    values, below = values[order], np.cumsum(weights[order]) / weights.sum()
    i = int(np.searchsorted(below, 0.5 - 1e-9))
    return float((values[i] + values[i + 1]) / 2 if below[i] <= 0.5 + 1e-9 and i + 1 < len(values) else values[i])
