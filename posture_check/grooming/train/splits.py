"""Who is whom in the footage, and how pictures are split so that nobody is on both sides."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.train.footage import RENDERED, Example

Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]

_CCP_BLOCK = 20
"""Neighbouring numbers of ccp are often one shoot: so many in a row stay together."""
_NPR_SHARED = re.compile(r"pixabay|wikimedia|pexels|unsplash")


def person(example: Example, known: Mapping[str, str] | None = None) -> str:
    """Return a name for the person, or for the set of pictures that may show one person.

    The rendered pictures are told apart by body. The two editions of nprportrait hold the same photos under the same
    or nearly the same names. In idcard_prince the footage's own groups are shots, and some ten students come again and
    again.

    Parameters
    ----------
    example
        The picture.
    known
        Names by ``example.name``, or by the row's ``group``, where someone looked: they outrank what is in the footage.
    """
    group = str(example.row.get("group") or "")
    for key in (example.name, group):
        if known and key in known:
            return f"{example.family}:{known[key]}"
    if example.family == RENDERED:
        return f"{RENDERED}:{example.row['body']}"
    if example.family == "ccp":
        return f"ccp:{int(example.path.stem) // _CCP_BLOCK}"
    if example.family == "nprportrait":
        return f"nprportrait:{_npr_photo(example.path)}"
    return f"{example.family}:{group or example.path.stem}"


def group_folds(groups: Sequence[Hashable], labels: Sequence[Hashable], folds: int, seed: int = 0) -> Ints:
    """Return the fold ``(pictures,)`` of each picture: whole groups, with each label spread evenly.

    The largest groups are placed first, each where its labels are scarcest against an even share; ties go by chance.

    Parameters
    ----------
    groups
        Person of each picture.
    labels
        Label of each picture, to be spread; all the same if it does not matter.
    folds
        How many.
    seed
        Of the order among equals.

    Raises
    ------
    ValueError
        If there are fewer groups than folds.
    """
    names, group = np.unique([str(name) for name in groups], return_inverse=True)
    _, label = np.unique([str(value) for value in labels], return_inverse=True)
    if not 2 <= folds <= len(names):
        raise ValueError(f"{len(names)} groups cannot be split into {folds} folds")
    counts = np.zeros((len(names), int(label.max()) + 1))
    np.add.at(counts, (group, label), 1)
    wanted = counts.sum(axis=0) / folds
    rng = np.random.default_rng(seed)
    order = sorted(range(len(names)), key=lambda i: (-counts[i].sum(), rng.random()))
    filled, place = np.zeros((folds, counts.shape[1])), np.zeros(len(names), int)
    used = np.zeros(folds, int)
    for i in order:
        have = counts[i] > 0
        need = (filled[:, have] / wanted[have]).sum(axis=1) + filled.sum(axis=1) / wanted.sum()
        place[i] = np.lexsort((rng.random(folds), used, np.round(need, 9)))[0]
        filled[place[i]] += counts[i]
        used[place[i]] += 1
    return np.asarray(place[group])


def each_fold(folds: Ints) -> Iterator[tuple[Bools, Bools]]:
    """Yield which pictures train and which are held out, ``(pictures,)`` each, fold by fold."""
    for fold in np.unique(folds):
        yield folds != fold, folds == fold


def one_person_out(groups: Sequence[Hashable]) -> Ints:
    """Return folds ``(pictures,)`` of one person each."""
    return np.asarray(np.unique([str(name) for name in groups], return_inverse=True)[1])


def _npr_photo(path: Path) -> str:
    """Return what two files of one photo share; photos of a picture library by their number, else by place."""
    name = path.stem.replace("_", "-")
    place, _, rest = name.partition("-")
    if numbers := re.findall(r"\d{6,}", rest):
        return str(numbers[0])
    if _NPR_SHARED.fullmatch(rest):  # "01-wikimedia" of the same level is the same photo in both editions
        return f"{path.parent.name}-{place}-{rest}"
    return rest
