"""Makes ``models/neckwear.onnx``: held-out predictions first, then the network on everything.

::

    python -m posture_check.grooming.train.neckwear --footage FOLDER --out models
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.neckwear import WORN
from posture_check.grooming.train.neckwear_data import (
    NOT_TIE,
    Base,
    Samples,
    bases,
    plain,
    samples,
)
from posture_check.grooming.train.neckwear_draw import SCARF
from posture_check.grooming.train.splits import each_fold, group_folds

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

FOLDS, SEED = 3, 0
DRAWN = 6000
"""Samples with something drawn on, about half of all."""
SEEN_FOLD, SEEN_ALL = 14000, 26000
"""Samples a network is taught on, repeats counted: in a fold, and for the network that is shipped."""
CUT_CM = 11.5
"""Held-out portraits are judged once more cut off so far below the chin, where only the knot is left."""
_LEAST_RIGHT = 0.98
_BANDS = np.arange(0.05, 0.4, 0.05)


def held_out(found: Sequence[Base], pools: Sequence[Samples], folds: Ints, cut_cm: Sequence[float | None]) -> Floats:
    """Return the scores ``(cuts, bases, 4)`` by networks that never saw the person."""
    from posture_check.grooming.train.neckwear_net import train

    scores = np.zeros((len(cut_cm), len(found), 4))
    for number, (taught, held) in enumerate(each_fold(folds)):
        net = train(pools, taught, SEEN_FOLD, SEED + 1 + number)
        for k, cut in enumerate(cut_cm):
            for i in np.flatnonzero(held):
                scores[k, i] = score(net, *plain(found[int(i)], cut))
    return scores


def score(net: Any, image: NDArray[np.uint8], height: int) -> Floats:
    """Return the scores ``(4,)`` of what is worn in a patch."""
    import torch

    with torch.no_grad():
        values = torch.from_numpy(image[None, :height].astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)
        return np.asarray(net(values.contiguous())[1][0])


def chances(scores: Floats, heat: float) -> Floats:
    """Return probabilities of nothing, tie, bow and scarf from scores ``(..., 4)`` at a temperature."""
    soft = np.exp((scores - scores.max(-1, keepdims=True)) / heat)
    return np.asarray(soft / soft.sum(-1, keepdims=True))


def temperature(scores: Floats, labels: Ints) -> float:
    """Return the temperature that makes held-out probabilities most likely (Guo et al., ICML 2017)."""
    known = labels != NOT_TIE
    heats = np.exp(np.linspace(np.log(0.5), np.log(6), 60))
    rows = np.arange(int(known.sum()))
    wrong = [-np.log(chances(scores[known], h)[rows, labels[known]] + 1e-9).mean() for h in heats]
    return float(heats[int(np.argmin(wrong))])


def band(chance: Floats, truth: NDArray[np.bool_]) -> float:
    """Return half the band about 0.5 in which a probability does not commit itself.

    The narrowest in which what is decided is right in 98 % of both answers, held out.
    """
    for half in _BANDS:
        decided = abs(chance - 0.5) >= half
        right = [((chance[decided & (truth == side)] > 0.5) == side).mean() for side in (False, True)]
        if min(right) >= _LEAST_RIGHT:
            return float(half)
    return float(_BANDS[-1])


def calibrate(scores: Floats, labels: Ints) -> dict[str, str]:
    """Return what the network's file says of its probabilities, from held-out scores ``(n, 4)``."""
    heat = temperature(scores, labels)
    found = chances(scores, heat)
    meta = {"temperature": f"{heat:.3f}"}
    for number, name in enumerate(WORN, start=1):
        known = labels != NOT_TIE if number == SCARF else np.ones(len(labels), bool)
        meta[f"band_{name}"] = f"{band(found[known, number], labels[known] == number):.2f}"
    return meta


def write_table(path: Path, found: Sequence[Base], folds: Ints, probabilities: Floats) -> None:
    """Write the held-out predictions, a row per picture."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["path", "label", *WORN, "fold"])
        names = ("none", "tie", "bow", "scarf", "not_tie")
        for base, fold, row in zip(found, folds, probabilities, strict=True):
            table.writerow([base.name, names[base.label], *(f"{value:.4f}" for value in row[1:]), int(fold)])


def figures(found: Sequence[Base], probabilities: Floats, halves: dict[str, float]) -> str:
    """Return a line of held-out figures per family and kind of neckwear."""
    lines = []
    families, labels = np.array([base.family for base in found]), np.array([base.label for base in found])
    for family in sorted(set(families)):
        for number, name in enumerate(WORN, start=1):
            part = (families == family) & ((labels != NOT_TIE) | (number != SCARF))
            chance, truth = probabilities[part, number], labels[part] == number
            decided = abs(chance - 0.5) >= halves[name]
            hits, alarms = (chance > 0.5) & truth & decided, (chance > 0.5) & ~truth & decided
            lines.append(
                f"{family} {name}: {truth.sum()} worn, {hits.sum()} found, {(truth & ~decided).sum()} undecided; "
                f"{(~truth).sum()} not, {alarms.sum()} false, {(~truth & ~decided).sum()} undecided"
            )
    return "\n".join(lines)


def make(footage: Path, out: Path) -> str:
    """Train, write ``neckwear.onnx`` and ``neckwear.cv.csv`` into a folder, and return the held-out figures."""
    from posture_check.grooming.train.neckwear_net import export, train

    found = bases(footage)
    pools = samples(found, DRAWN, SEED)
    labels = np.array([base.label for base in found])
    folds = group_folds([b.group for b in found], [f"{b.family} {b.label}" for b in found], FOLDS, SEED)
    scores = held_out(found, pools, folds, (None, CUT_CM))
    portraits = np.array([base.family == "congress" for base in found])
    meta = calibrate(np.concatenate([scores[0], scores[1, portraits]]), np.concatenate([labels, labels[portraits]]))
    probabilities = chances(scores[0], float(meta["temperature"]))
    write_table(out / "neckwear.cv.csv", found, folds, probabilities)
    net = train(pools, np.ones(len(found), bool), SEEN_ALL, SEED)
    export(net, out / "neckwear.onnx", meta)
    return figures(found, probabilities, {name: float(meta[f"band_{name}"]) for name in WORN})


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("models"))
    given = parser.parse_args()
    print(make(given.footage, given.out))


if __name__ == "__main__":
    main()
