"""Figures by what is plain to see of the people: glasses, grey hair, how light their skin is in the picture.

Nothing is inferred about anybody: traits are labels of the footage, masks, and colours measured in the picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.grooming_figures import HONEST, Found
from bench.grooming_read import Reading
from bench.grooming_score import Answer, Confusion, confusion
from posture_check.grooming.train.footage import RENDERED

ASKED = ("tie", "badge", "beard", "bald", "ears", "bangs", "long_hair", "headwear")
"""Questions that are told apart by group."""
SKIN = ("skin: darkest third", "skin: middle third", "skin: lightest third")
"""Thirds of each family by the lightness of the cheeks: light differs from one family to another."""
ALL = "all photos"
TRAITS = ("glasses", "grey or white hair", "open-collar man", "long hair down", "headwear", *SKIN)


@dataclass(frozen=True)
class GroupRow:
    """One visible group: how many photos, and the answers to each question on them."""

    name: str
    photos: int
    counts: Mapping[str, Confusion]


def groups(found: Found) -> list[GroupRow]:
    """Return the figures of each visible group, over photos of families that the model never saw, or held out."""
    photos = [r for r in found.readings if r.case.family != RENDERED]
    traits = {r.case.name: r.case.traits | {third} for r, third in zip(photos, thirds(photos), strict=True)}
    answers = {question: [a for row in _honest(found, question) for a in row if a.case in traits] for question in ASKED}
    rows = []
    for name in (ALL, *TRAITS):
        members = {case for case, own in traits.items() if name == ALL or name in own}
        counts = {q: confusion(a for a in said if a.case in members) for q, said in answers.items()}
        rows.append(GroupRow(name, len(members), counts))
    return rows


def _honest(found: Found, question: str) -> Iterable[Sequence[Answer]]:
    for family in dict.fromkeys(row.family for row in found.rows if row.question.name == question):
        row = found.row(question, family)
        if row is not None and row.how in HONEST:
            yield row.answers


def thirds(readings: Sequence[Reading]) -> list[str]:
    """Return the third of its family by lightness of the cheeks that each photo lies in; empty without a face."""
    by_family: dict[str, list[float]] = defaultdict(list)
    for reading in readings:
        if reading.skin is not None:
            by_family[reading.case.family].append(reading.skin)
    ends = {family: np.quantile(values, (1 / 3, 2 / 3)) for family, values in by_family.items()}
    return [
        "" if r.skin is None else SKIN[int(np.searchsorted(ends[r.case.family], r.skin, side="right"))]
        for r in readings
    ]
