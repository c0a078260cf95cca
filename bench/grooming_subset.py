"""Which pictures stand for all of them: ``python -m bench.grooming_subset FOOTAGE``.

A fixed rule picks them, so that nobody can pick what comes out well: each family has a quota, and every answer to every
question takes its turn until the quota is full, each time with the next picture in the order of a hash of the names.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.grooming_cases import PHOTOS, Case, all_cases
from posture_check.grooming.train.footage import RENDERED

QUOTAS = {"fr_parl": 24, "congress": 44, "ccp": 20, "idcard_prince": 14, "nprportrait": 10, RENDERED: 40}


def subset(cases: Sequence[Case]) -> list[str]:
    """Return the names of the pictures that stand for all, family by family."""
    return [name for family in (*PHOTOS, RENDERED) for name in _picked([c for c in cases if c.family == family])]


def _picked(cases: Sequence[Case]) -> list[str]:
    ordered = sorted(cases, key=lambda case: hashlib.sha256(case.name.encode()).hexdigest())
    kinds: dict[object, list[str]] = {}
    for case in ordered:
        for kind in [*case.answers.items(), *case.clauses.items()] or [None]:
            kinds.setdefault(kind, []).append(case.name)
    turns = [iter(kinds[kind]) for kind in sorted(kinds, key=str)]
    wanted = QUOTAS[cases[0].family] if cases else 0
    picked: dict[str, None] = {}
    while turns and len(picked) < min(wanted, len(cases)):
        turns = [turn for turn in turns if len(picked) >= wanted or _take(turn, picked)]
    return list(picked)


def _take(turn: Iterator[str], picked: dict[str, None]) -> bool:
    """Take the next picture that was not taken yet; False when there is none left."""
    for name in turn:
        if name not in picked:
            picked[name] = None
            return True
    return False


if __name__ == "__main__":
    print("# The pictures of bench/grooming --subset; made by the fixed rule of bench/grooming_subset.py.")
    print("\n".join(subset(all_cases(Path(sys.argv[1])))))
