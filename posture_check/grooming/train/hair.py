"""Train the head segmentation network: ``python -m posture_check.grooming.train.hair --footage DIR --out models``.

Holds out a fifth of the shoots and people, trains on the others, and writes ``hair.onnx`` and ``hair.cv.csv``: how well
each held-out picture is told. It prints the figures of ``hair.md``.
Needs the extra ``train-net``. Seeds are fixed; one core.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.headmap import SIZE_PX, Part, told
from posture_check.grooming.train.export import halved, write_network
from posture_check.grooming.train.footage import ccp_classes, training_examples
from posture_check.grooming.train.hairdata import ALLOWED, HAIR_OR_SKIN, IGNORED, HeadPictures, prepare
from posture_check.grooming.train.hairdraw import draw, plain
from posture_check.grooming.train.hairweak import known_heads
from posture_check.grooming.train.splits import group_folds

if TYPE_CHECKING:
    from posture_check.grooming.train.hairnet import HairNet

Floats = NDArray[np.floating[Any]]

SEED, STEPS, LAST_STEPS = 0, 10000, 600
LAST_RATE, PLAINER = 8e-4, 0.25
"""Of the last steps: the highest rate of learning, and how often pictures are altered against the steps before."""
FIFTHS = 5
"""One part in so many of the shoots and people is held out for good: it gives the figures of the shipped network."""
NPR_WEIGHT, WEAK_WEIGHT = 3.0, 0.6
"""How often a picture is drawn against a plain street photo: portraits are few and the only ones with ears and beards,
and of heads without a mask little is known."""
MORE_HATS = 2.0
"""So many times more hats are seen in training than in photos: as many again are drawn onto heads."""
WITHOUT_MASKS = ("congress", "rendered_grooming")
"""Families of which only the crown is used: bald or not."""
_FEWEST_HAIR_PX = 60
"""10 cm2."""


@dataclass(frozen=True)
class Score:
    """How well one picture was told.

    Attributes
    ----------
    name
        Path in the footage folder.
    labelled, overlap, union
        Pixels of hair: by the label, in both, in either.
    right
        Share of all labelled pixels with an allowed part.
    """

    name: str
    labelled: int
    overlap: int
    union: int
    right: float

    @property
    def iou(self) -> float:
        """Intersection over union of hair, NaN where hardly any is labelled (shaved heads, hats)."""
        return self.overlap / self.union if self.labelled >= _FEWEST_HAIR_PX else float("nan")


def score(name: str, planes: Floats, labels: NDArray[np.uint8]) -> Score:
    """Return how well probabilities ``(parts, n, n)`` agree with labels ``(n, n)``, over the labelled pixels."""
    known = labels != IGNORED
    told = known & (labels != HAIR_OR_SKIN)
    best = planes.argmax(axis=0)
    hair, truth = (best == Part.HAIR) & told, (labels == Part.HAIR) & told
    right = ALLOWED[labels[known], best[known]].mean() if known.any() else float("nan")
    return Score(name, int(truth.sum()), int((hair & truth).sum()), int((hair | truth).sum()), float(right))


def summary(scores: list[Score]) -> dict[str, dict[str, float]]:
    """Return figures for each family: pictures, mean IoU, pooled IoU, its tenth percentile and pixels right."""
    found: dict[str, dict[str, float]] = {}
    for family in sorted({_family(s.name) for s in scores}):
        mine = [s for s in scores if _family(s.name) == family]
        ious = np.array([s.iou for s in mine if not np.isnan(s.iou)])
        found[family] = {
            "pictures": len(mine),
            "with_hair": len(ious),
            "mean_iou": float(ious.mean()),
            "median_iou": float(np.median(ious)),
            "p10_iou": float(np.percentile(ious, 10)),
            "pooled_iou": sum(s.overlap for s in mine) / max(1, sum(s.union for s in mine)),
            "pixels_right": float(np.nanmean([s.right for s in mine])),
        }
    return found


def teach(heads: HeadPictures, work: Path) -> HairNet:
    """Return a network taught on these heads, first on much altered pictures, then on nearly plain ones.

    Its state is written to the folder ``work`` now and then; a first part that is ready there is not taught again.
    """
    import torch

    from posture_check.grooming.train.hairnet import HairNet, fit

    families = np.array([_family(name) for name in heads.names])
    weight = np.where(families == "nprportrait", NPR_WEIGHT, 1.0)
    weight[np.isin(families, WITHOUT_MASKS)] = WEAK_WEIGHT
    weight /= weight.sum()

    def one(chance: np.random.Generator, often: float = 1.0) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        return draw(heads, int(chance.choice(len(heads), p=weight)), chance, often)

    torch.manual_seed(SEED)
    net, ready = HairNet(), work / "hair.pt"
    if ready.is_file():
        net.load_state_dict(torch.load(ready, weights_only=True))
    else:
        net = fit(net, one, STEPS, SEED, say=_say, kept=work / "part.pt")
        torch.save(net.state_dict(), ready)
    return as_often(fit(net, partial(one, often=PLAINER), LAST_STEPS, SEED + 1, LAST_RATE, _say))


def as_often(net: HairNet) -> HairNet:
    """Return a network whose scores for headwear no longer show how much more of it there was in training.

    Weighted w times, a part's odds are w times too high: the logarithm of w comes off its scores, in place.
    """
    import torch

    from posture_check.grooming.train.hairnet import LABEL_WEIGHTS

    first = 4 * Part.HEADWEAR  # the last layer tells four pixels at once
    with torch.no_grad():
        net.last[0].bias[first : first + 4] -= float(np.log(MORE_HATS * LABEL_WEIGHTS[Part.HEADWEAR]))
    return net


def judge(net: HairNet, heads: HeadPictures) -> list[Score]:
    """Return how well a network tells each of these heads, used as the product uses it."""
    import torch

    core = slice((heads.labels.shape[1] - SIZE_PX) // 2, (heads.labels.shape[1] + SIZE_PX) // 2)

    def scores(values: Floats) -> Floats:
        with torch.inference_mode():
            return np.asarray(net(torch.from_numpy(values[None]))[0].numpy())

    found = []
    for i, name in enumerate(heads.names):
        planes = told(scores, plain(heads, i), heads.images[i, core, core])
        found.append(score(str(name), planes, heads.labels[i, core, core]))
    return found


def held_out(heads: HeadPictures) -> NDArray[np.bool_]:
    """Return which heads ``(n,)`` are held out: whole shoots and people, a like share of each family."""
    folds = group_folds(list(heads.people), [_family(name) for name in heads.names], FIFTHS, SEED)
    return np.asarray(folds == 0)


def export(net: HairNet, path: Path, note: dict[str, str]) -> None:
    """Write a network as ONNX, with notes beside its weights."""
    import torch

    write_network(net, torch.zeros(1, 7, SIZE_PX, SIZE_PX), path, ("head", "scores"), note, change=halved)


def write_table(path: Path, scores: list[Score]) -> None:
    """Write how well each held-out picture is told."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("path", "iou", "labelled_px", "overlap_px", "union_px", "pixels_right"))
        for s in scores:
            iou = "" if np.isnan(s.iou) else f"{s.iou:.4f}"
            table.writerow((s.name, iou, s.labelled, s.overlap, s.union, f"{s.right:.4f}"))


def main() -> None:
    """Run it from the command line."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--footage", type=Path, required=True, help="folder of the footage")
    asked.add_argument("--out", type=Path, default=Path("models"), help="where hair.onnx and its table go")
    asked.add_argument("--work", type=Path, help="keeps what is ready, and takes it up again")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        _train(options.footage, options.out, options.work or Path(scratch))


def _train(footage: Path, out: Path, work: Path) -> None:
    heads = _prepared(footage, work / "heads.npz")
    held = held_out(heads)
    bare = np.isin([_family(name) for name in heads.names], WITHOUT_MASKS)
    _say(f"{(~held).sum()} pictures to learn from, {(held & ~bare).sum()} with masks held out")
    net = teach(heads.pick(~held), work)
    export(net, out / "hair.onnx", {"parts": ",".join(part.name.lower() for part in Part)})
    scores = judge(net, heads.pick(held & ~bare))
    write_table(out / "hair.cv.csv", scores)
    for family, figures in summary(scores).items():
        _say(f"{family}: " + ", ".join(f"{key} {value:.3g}" for key, value in figures.items()))


def _prepared(footage: Path, kept: Path) -> HeadPictures:
    if kept.is_file():
        return HeadPictures.load(kept)
    from posture_check.landmarks.solidity import PersonMask
    from posture_check.landmarks.store import ModelStore

    segment = PersonMask(ModelStore().bytes("selfie")).mask
    outlined = [e for family in ("ccp", "nprportrait") for e in training_examples(footage, family)]
    others = [e for family in WITHOUT_MASKS for e in training_examples(footage, family)]
    heads = prepare(outlined, ccp_classes(footage), segment).joined(known_heads(others, segment))
    heads.save(kept)
    return heads


def _family(name: str) -> str:
    return name.split("/")[1] if name.startswith("grooming/") else name.split("/")[0]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
