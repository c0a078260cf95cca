"""Makes ``models/neckwear_worn.onnx`` (what is worn) and ``models/neckwear.onnx`` (where it is).

::

    python -m posture_check.grooming.train.neckwear --footage FOLDER --out models
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.neckwear import HEIGHTS, OUTSIDE, WORN, log_odds, standard
from posture_check.grooming.neckwear_features import features
from posture_check.grooming.train import neckwear_worn
from posture_check.grooming.train.neckwear_data import NOT_TIE, Base, bases, plain, samples
from posture_check.grooming.train.neckwear_draw import SCARF
from posture_check.grooming.train.splits import group_folds

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

FOLDS, SEED = 3, 0
DRAWN = 9000
"""Samples of the network with something drawn on, about half of all."""
SEEN = 60000
"""Samples the network is taught on, repeats counted."""
CUTS_CM = (11.5, 9.5)
"""Held-out portraits are judged again cut off so far below the chin, where only the knot is left."""
_LEAST_RIGHT = 0.985
"""Of what is decided, in both answers, held out: at most 2 % of the people without a tie may be told to wear one."""
_BANDS = np.arange(0.05, 0.4, 0.05)


def scores_of(head: neckwear_worn.Head, net: Any, image: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Return the classifiers' scores and the network's log-odds ``(3,)`` of one patch."""
    import torch

    top = image[: HEIGHTS[0]]
    with torch.no_grad():
        worn = net(torch.from_numpy(standard(top, (top != OUTSIDE).any(2))))[1][0].numpy()
    return head.scores(features(image)[None])[0], log_odds(worn)


def band(chance: Floats, truth: NDArray[np.bool_]) -> float:
    """Return half the band about 0.5 in which a probability does not commit itself.

    The narrowest outside of which :data:`_LEAST_RIGHT` of both answers are right.
    """
    for half in _BANDS:
        decided = abs(chance - 0.5) >= half
        right = [((chance[decided & (truth == side)] > 0.5) == side).mean() for side in (False, True)]
        if min(right) >= _LEAST_RIGHT:
            return float(half)
    return float(_BANDS[-1])


def bands(probabilities: Floats, labels: Ints) -> dict[str, str]:
    """Return what the file says of its probabilities ``(n, 3)``, held out."""
    meta = {}
    for number, name in enumerate(WORN, start=1):
        known = labels != NOT_TIE if number == SCARF else np.ones(len(labels), bool)
        meta[f"band_{name}"] = f"{band(probabilities[known, number - 1], labels[known] == number):.2f}"
    return meta


def write_table(path: Path, found: Sequence[Base], folds: Ints, probabilities: Floats) -> None:
    """Write the held-out predictions, a row per picture."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["path", "label", *WORN, "fold"])
        names = ("none", "tie", "bow", "scarf", "not_tie")
        for base, fold, row in zip(found, folds, probabilities, strict=True):
            table.writerow([base.name, names[base.label], *(f"{value:.4f}" for value in row), int(fold)])


def figures(found: Sequence[Base], probabilities: Floats, halves: dict[str, float]) -> str:
    """Return a line of held-out figures per family and kind of neckwear."""
    lines = []
    families, labels = np.array([base.family for base in found]), np.array([base.label for base in found])
    for family in sorted(set(families)):
        for number, name in enumerate(WORN, start=1):
            part = (families == family) & ((labels != NOT_TIE) | (number != SCARF))
            chance, truth = probabilities[part, number - 1], labels[part] == number
            decided = abs(chance - 0.5) >= halves[name]
            hits, alarms = (chance > 0.5) & truth & decided, (chance > 0.5) & ~truth & decided
            lines.append(
                f"{family} {name}: {truth.sum()} worn, {hits.sum()} found, {(truth & ~decided).sum()} undecided; "
                f"{(~truth).sum()} not, {alarms.sum()} false, {(~truth & ~decided).sum()} undecided"
            )
    return "\n".join(lines)


def make(footage: Path, out: Path) -> str:
    """Train, write both models and ``neckwear_worn.cv.csv`` into a folder, and return the held-out figures.

    A third of the people is held out: on it the two are mixed, probabilities and bands are set, and the figures are
    taken. The classifiers are then taught again on everybody; the network is shipped as it was measured.
    """
    from posture_check.grooming.train.neckwear_net import export, train

    found = bases(footage)
    labels = np.array([base.label for base in found])
    folds = group_folds([b.group for b in found], [f"{b.family}{b.label}" for b in found], FOLDS, SEED)
    told = neckwear_worn.told(found, SEED)
    head = neckwear_worn.fit(told, folds != 0, SEED)
    net = train(samples(found, DRAWN, SEED), folds != 0, SEEN, SEED + 1)
    held = np.flatnonzero(folds == 0)
    looks: list[tuple[int, float | None]] = [(int(i), None) for i in held]
    looks += [(int(i), cut) for cut in CUTS_CM for i in held if found[i].family == "congress"]
    pairs = [scores_of(head, net, plain(found[i], cut)[0]) for i, cut in looks]
    scores, odds = (np.stack(part) for part in zip(*pairs, strict=True))
    meta, probabilities = settle(scores, odds, labels[[i for i, _ in looks]])
    people = [found[int(i)] for i in held]
    write_table(out / "neckwear_worn.cv.csv", people, folds[held], probabilities[: len(held)])
    everybody = neckwear_worn.fit(told, np.ones(len(found), bool), SEED)
    neckwear_worn.export(everybody, out / "neckwear_worn.onnx", meta)
    export(net, out / "neckwear.onnx", {})
    return figures(people, probabilities[: len(held)], {name: float(meta[f"band_{name}"]) for name in WORN})


def settle(scores: Floats, odds: Floats, labels: Ints) -> tuple[dict[str, str], Floats]:
    """Return what the file says of mixing and bands, and the probabilities ``(n, 3)``, from held-out scores."""
    weights = neckwear_worn.mix(scores, odds, labels)
    probabilities = neckwear_worn.mixed(scores, odds, weights)
    return {"mix": json.dumps(weights.round(4).tolist())} | bands(probabilities, labels), probabilities


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("models"))
    given = parser.parse_args()
    print(make(given.footage, given.out))


if __name__ == "__main__":
    main()
