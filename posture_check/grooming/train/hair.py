"""Train the head segmentation network: ``python -m posture_check.grooming.train.hair --footage DIR --out models``.

Cross-validates over shoots and people, trains the shipped network on all of them, and writes ``hair.onnx``,
``hair.cv.csv`` (how well each picture was told by a network that never saw its fold) and the figures of ``hair.md``.
Needs the extra ``train-net``. Seeds are fixed; one core.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.headmap import SIZE_PX, Part, softmax
from posture_check.grooming.train.hairdata import ALLOWED, HAIR_OR_SKIN, IGNORED, HeadPictures, prepare
from posture_check.grooming.train.hairdraw import draw, plain
from posture_check.grooming.train.splits import each_fold, group_folds

if TYPE_CHECKING:
    from posture_check.grooming.train.hairnet import HairNet

Floats = NDArray[np.floating[Any]]

FOLDS, SEED = 3, 0
CV_STEPS, STEPS = 650, 1100
NPR_WEIGHT = 3.0
"""Portraits are few and the only ones with ears and beards: each is drawn this many times as often."""

HEADWEAR_WEIGHT = 2.5


@dataclass(frozen=True)
class Score:
    """How well one picture was told.

    Attributes
    ----------
    name
        Path in the footage folder.
    overlap, union
        Pixels of hair: in both, in either. The union is 0 where there is none in either.
    right
        Share of all labelled pixels with an allowed part.
    """

    name: str
    overlap: int
    union: int
    right: float

    @property
    def iou(self) -> float:
        """Intersection over union of hair, NaN without hair."""
        return self.overlap / self.union if self.union else float("nan")


def score(name: str, planes: Floats, labels: NDArray[np.uint8]) -> Score:
    """Return how well probabilities ``(parts, n, n)`` agree with labels ``(n, n)``, over the labelled pixels."""
    known = labels != IGNORED
    told = known & (labels != HAIR_OR_SKIN)
    best = planes.argmax(axis=0)
    hair, truth = (best == Part.HAIR) & told, (labels == Part.HAIR) & told
    right = ALLOWED[labels[known], best[known]].mean() if known.any() else float("nan")
    return Score(name, int((hair & truth).sum()), int((hair | truth).sum()), float(right))


def summary(scores: list[Score]) -> dict[str, dict[str, float]]:
    """Return figures for each family: pictures, mean IoU, pooled IoU, its tenth percentile and pixels right."""
    found: dict[str, dict[str, float]] = {}
    for family in sorted({name.name.split("/")[1] for name in scores}):
        mine = [s for s in scores if s.name.split("/")[1] == family]
        ious = np.array([s.iou for s in mine if s.union])
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


def teach(heads: HeadPictures, steps: int, seed: int) -> HairNet:
    """Return a network taught on these heads."""
    from posture_check.grooming.train.hairnet import fit

    weight = np.where(["/nprportrait/" in name for name in heads.names], NPR_WEIGHT, 1.0)
    weight[(heads.labels == Part.HEADWEAR).mean(axis=(1, 2)) > 0.003] *= HEADWEAR_WEIGHT
    weight /= weight.sum()

    def one(chance: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8], float]:
        return *draw(heads, int(chance.choice(len(heads), p=weight)), chance), 1.0

    return fit(one, steps, seed, say=_say)


def predict(net: HairNet, heads: HeadPictures) -> Iterator[Floats]:
    """Yield the probabilities ``(parts, n, n)`` of each head as it is."""
    import torch

    from posture_check.grooming.train.hairnet import unpack

    with torch.inference_mode():
        for index in range(len(heads)):
            yield softmax(net(unpack(plain(heads, index)[None]))[0].numpy())


def judge(net: HairNet, heads: HeadPictures) -> list[Score]:
    """Return how well a network tells each of these heads."""
    core = slice((heads.labels.shape[1] - SIZE_PX) // 2, (heads.labels.shape[1] + SIZE_PX) // 2)
    told = predict(net, heads)
    return [score(str(heads.names[i]), found, heads.labels[i, core, core]) for i, found in enumerate(told)]


def cross_validate(heads: HeadPictures, work: Path) -> tuple[list[Score], NDArray[np.integer[Any]], list[HairNet]]:
    """Return how well each head is told by a network that never saw its shoot, its fold, and the networks.

    Networks already in the folder ``work`` are taken from there.
    """
    families = [name.split("/")[1] for name in heads.names]
    folds = group_folds(list(heads.people), families, FOLDS, SEED)
    scores: dict[str, Score] = {}
    nets = []
    for fold, (train, held) in enumerate(each_fold(folds)):
        _say(f"fold {fold + 1} of {FOLDS}: {train.sum()} pictures to learn from, {held.sum()} held out")
        nets.append(_kept(work / f"fold{fold}.pt", heads.pick(train), CV_STEPS, SEED + fold))
        mine = judge(nets[-1], heads.pick(held))
        _say(str(summary(mine)))
        scores |= {s.name: s for s in mine}
    return [scores[str(name)] for name in heads.names], folds, nets


def _kept(path: Path, heads: HeadPictures, steps: int, seed: int) -> HairNet:
    import torch

    from posture_check.grooming.train.hairnet import HairNet

    if path.is_file():
        net = HairNet().eval()
        net.load_state_dict(torch.load(path, weights_only=True))
        return net
    net = teach(heads, steps, seed)
    torch.save(net.state_dict(), path)
    return net


def export(net: HairNet, path: Path, note: dict[str, str]) -> None:
    """Write a network as ONNX, with notes beside its weights."""
    import onnx
    import torch

    shape = torch.zeros(1, 6, SIZE_PX, SIZE_PX)
    torch.onnx.export(
        net, (shape,), str(path), dynamo=False, opset_version=17, input_names=["head"], output_names=["scores"]
    )
    model = onnx.load(str(path))
    for key, value in note.items():
        model.metadata_props.add(key=key, value=value)
    onnx.save(model, str(path))


def write_table(path: Path, scores: list[Score], folds: NDArray[np.integer[Any]]) -> None:
    """Write the cross-validated figures of each picture."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("path", "fold", "iou", "overlap_px", "union_px", "pixels_right"))
        for s, fold in zip(scores, folds, strict=True):
            iou = f"{s.iou:.4f}" if s.union else ""
            table.writerow((s.name, int(fold), iou, s.overlap, s.union, f"{s.right:.4f}"))


def main() -> None:
    """Run it from the command line."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--footage", type=Path, required=True, help="folder of the footage")
    asked.add_argument("--out", type=Path, default=Path("models"), help="where hair.onnx and its table go")
    asked.add_argument("--work", type=Path, help="keeps what is ready, and takes it up again")
    asked.add_argument("--only-cv", action="store_true", help="stop after the cross-validation")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        _train(options.footage, options.out, options.work or Path(scratch), options.only_cv)


def _train(footage: Path, out: Path, work: Path, only_cv: bool) -> None:
    heads = _heads(footage, work / "heads.npz")
    scores, folds, _ = cross_validate(heads, work)
    write_table(out / "hair.cv.csv", scores, folds)
    for family, figures in summary(scores).items():
        _say(f"{family}: " + ", ".join(f"{key} {value:.3g}" for key, value in figures.items()))
    if not only_cv:
        note = {"parts": ",".join(part.name.lower() for part in Part)}
        export(_kept(work / "final.pt", heads, STEPS, SEED), out / "hair.onnx", note)


def _heads(footage: Path, prepared: Path) -> HeadPictures:
    if prepared.is_file():
        return HeadPictures.load(prepared)
    from posture_check.grooming.train.footage import ccp_classes, training_examples
    from posture_check.landmarks.solidity import PersonMask
    from posture_check.landmarks.store import ModelStore

    segment = PersonMask(ModelStore().bytes("selfie"))
    pictures = [e for family in ("ccp", "nprportrait") for e in training_examples(footage, family)]
    heads = prepare(pictures, ccp_classes(footage), segment.mask)
    heads.save(prepared)
    return heads


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
