"""From what the badge networks say to calibrated probabilities, with a band in which nothing is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.badge import Look, tilt_of
from posture_check.grooming.train.badge_data import Chest
from posture_check.grooming.train.footage import RENDERED
from posture_check.grooming.train.splits import each_fold, group_folds

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

SIDE_ERROR_CM = 2.5
"""Of the distance from the mid line: 4 cm of chest depth and 5 degrees of turn unknown, and the mid line itself."""
EDGES = {"edge_tilt_deg": 2.5}
"""Error of the tilt with clear edges: 1.5 degrees of the edges (rendered pictures), 2 of the trunk's upright."""
_BANDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
_MISTAKES, _ABSTAINED = 0.015, 0.08
"""The band grows until so few of either kind are decided wrongly, but not beyond so many undecided."""
_STRENGTH = 0.5  # of the logistic maps, against overconfidence where both kinds fall wholly apart


@dataclass(frozen=True)
class Prints:
    """Held-out looks at drawn badges.

    Attributes
    ----------
    signs
        ``(n, 3)`` as :attr:`posture_check.grooming.badge.Look.printed`.
    label
        ``(n,)`` whether it is printed.
    who
        Whose chest it is drawn on.
    """

    signs: Floats
    label: Bools
    who: list[str]


def fit(
    chests: Sequence[Chest],
    looks: Sequence[Look],
    prints: Prints,
    smallest_px_per_cm: float,
    smallest_print_px_per_cm: float,
) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Return what goes into the model, and held-out probabilities ``(chests,)`` of ``worn``, ``lanyard``, ``printed``.

    Parameters
    ----------
    chests, looks
        The chests, and what networks say of each that never saw its person.
    prints
        The same of drawn badges: few real ones show their back.
    smallest_px_per_cm, smallest_print_px_per_cm
        Scales of the photograph below which a badge, or its print, is not judged.
    """
    kinds = np.array([chest.kind for chest in chests])
    printed = np.array([np.nan if chest.printed is None else float(chest.printed) for chest in chests])
    has = np.isin(kinds, ["pinned", "lanyard"])
    tasks = {
        "worn": (np.stack([look.worn for look in looks]), has, kinds != "hidden"),
        "lanyard": (np.stack([look.lanyard for look in looks]), kinds == "lanyard", has),
        "printed": (np.stack([look.printed for look in looks]), printed == 1, has & np.isfinite(printed)),
    }
    fitted: dict[str, Any] = {}
    probability = {}
    for name, (logits, label, known) in tasks.items():
        people, families = [chest.who for chest in chests], [chest.family for chest in chests]
        if name == "printed":
            people, families = people + prints.who, families + ["drawn"] * len(prints.who)
            logits, label = np.concatenate([logits, prints.signs]), np.concatenate([label, prints.label])
            known = np.concatenate([known, np.ones(len(prints.who), bool)])
        fitted[name], found = _task(people, families, np.clip(logits, -10, 10), label, known)
        probability[name] = found[: len(chests)]
    tilts = np.array([tilt_of(a.corners) - tilt_of(c.outline) for c, a in zip(chests, looks, strict=True) if _exact(c)])
    spread = 1.4826 * float(np.median(abs(tilts)))
    fitted |= {
        "errors": {"side_cm": SIDE_ERROR_CM, "tilt_deg": round(float(np.hypot(spread, 2.0)), 2), **EDGES},
        "smallest_px_per_cm": smallest_px_per_cm,
        "smallest_print_px_per_cm": smallest_print_px_per_cm,
    }
    return fitted, probability


def _exact(chest: Chest) -> bool:
    return chest.family == RENDERED and chest.kind == "pinned"


def _task(
    people: Sequence[str], families: Sequence[str], logits: Floats, label: Bools, known: Bools
) -> tuple[dict[str, Any], Floats]:
    rows = np.nonzero(known)[0]
    x, y = logits[rows], label[rows]
    weight = _even([(families[int(i)], bool(label[i])) for i in rows], y)
    place = group_folds([people[int(i)] for i in rows], list(y), 5)
    probability = np.zeros(len(rows))
    for train, test in each_fold(place):
        probability[test] = _sigmoid(x[test], *_logistic(x[train], y[train], weight[train]))
    weights, offset = _logistic(x, y, weight)
    everywhere = _sigmoid(logits, weights, offset)
    everywhere[rows] = probability
    fitted = {"weights": [round(float(w), 5) for w in weights], "offset": round(offset, 5)}
    return fitted | {"half_band": _band(probability, y)}, everywhere


def _even(groups: Sequence[tuple[str, bool]], label: Bools) -> Floats:
    """Return weights by which both answers, and within each the families, count the same."""
    names = [f"{family}{answer}" for family, answer in groups]
    _, index, counts = np.unique(names, return_inverse=True, return_counts=True)
    weight = 1.0 / np.sqrt(counts[index])
    for answer in (False, True):
        weight[label == answer] *= 0.5 * len(label) / max(float(weight[label == answer].sum()), 1e-9)
    return np.asarray(weight)


def _logistic(x: Floats, y: Bools, weight: Floats) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=500).fit(x, y, sample_weight=weight)
    return np.asarray(model.coef_[0]), float(model.intercept_[0])


def _sigmoid(x: Floats, weights: Floats, offset: float) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(x @ weights + offset))))


def _band(probability: Floats, label: Bools) -> float:
    best = _BANDS[0]
    for half in _BANDS:
        decided = abs(probability - 0.5) >= half
        if 1 - decided.mean() > _ABSTAINED:
            break
        best = half
        wrong = (probability > 0.5) != label
        rates = [float((wrong & decided)[label == answer].mean()) for answer in (False, True)]
        if max(rates) <= _MISTAKES:
            break
    return best


def report(chests: Sequence[Chest], probability: dict[str, Floats], fitted: dict[str, Any]) -> str:
    """Return held-out figures by family and kind: how many, called a badge, not decided."""
    lines = [str(fitted)]
    families = np.array([chest.family for chest in chests])
    kinds = np.array([chest.kind for chest in chests])
    printed = np.array([str(chest.printed) for chest in chests])
    for name, groups in (("worn", kinds), ("lanyard", kinds), ("printed", printed)):
        half = fitted[name]["half_band"]
        for family in np.unique(families):
            for group in np.unique(groups[families == family]):
                if name != "worn" and group in ("none", "None", "hidden"):
                    continue
                p = probability[name][(families == family) & (groups == group)]
                said, left = int((p >= 0.5 + half).sum()), int((abs(p - 0.5) < half).sum())
                lines.append(
                    f"{name:8} {family:18} {group:8} n {len(p):4}  yes {said:4}  undecided {left:3}  "
                    f"over a half {int((p > 0.5).sum()):4}"
                )
    return "\n".join(lines)
