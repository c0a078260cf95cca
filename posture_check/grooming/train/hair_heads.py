"""Train the logistic heads that weigh what the head map shows: long hair worn down, a bald head, headwear.

``python -m posture_check.grooming.train.hair_heads FOOTAGE`` writes ``models/hair_heads.onnx`` and
``models/hair_heads.cv.csv``. It needs ``models/hair.onnx``, the network whose maps they read.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.hair import HEADS, LEAST_PX_PER_CM
from posture_check.grooming.hair_measures import BALD, HEADWEAR, LONG, NAMES, features, seen_from
from posture_check.grooming.headmap import HeadReader
from posture_check.grooming.train.footage import RENDERED, Example, training_examples
from posture_check.grooming.train.splits import each_fold, group_folds, person

Floats = NDArray[np.floating[Any]]

INPUTS = {"long_hair_down": LONG, "bald": BALD, "headwear": HEADWEAR}
LABELS = {"long_hair_down": "long_hair_down", "bald": "bald", "headwear": "hat_or_headscarf"}
FOLDS = 5
RENDERED_WEIGHT = 0.5
"""What a rendered still counts against a photo."""
STRENGTH = 3.0
"""Inverse of the pull of the weights to 0, on standardised inputs."""
MOST_WRONG, WIDEST = 0.02, 0.4
"""Bands are widened until so few of the pictures left are wrong, or to this."""


@dataclass(frozen=True)
class Known:
    """Features ``(n, features)``, labels ``(n, heads)`` with NaN where unknown, weights, people and names ``(n,)``."""

    given: Floats
    labels: Floats
    weights: Floats
    people: list[str]
    names: list[str]


def label(example: Example, head: str) -> float:
    """Return what is known of a picture: 1, 0, or NaN."""
    if example.family == RENDERED:
        hair = example.truth["hair"]
        if head == "headwear":
            return 0.0
        if head == "bald":
            return float(hair["bald"])
        below = hair.get("lowest_minus_shoulder_line_cm")
        if hair["tied"] or below is None or below > 1.0:
            return 0.0
        return 1.0 if below < -1.0 else float("nan")
    told = example.labels.get("hat" if example.family == "ccp" and head == "headwear" else LABELS[head])
    return float("nan") if told is None else float(told)


def collect(examples: list[Example], reader: HeadReader) -> Known:
    """Return the features of every picture of which something is known, seen from the front."""
    rows = list(_rows(examples, reader))
    given, labels, weights, people, names = zip(*rows, strict=True)
    return Known(np.array(given), np.array(labels), np.array(weights), list(people), list(names))


def _rows(examples: list[Example], reader: HeadReader) -> Iterator[tuple[list[float], list[float], float, str, str]]:
    for example in examples:
        labels = [label(example, head) for head in HEADS]
        if np.isnan(labels).all() or (subject := example.subject()) is None:
            continue
        head = reader.read(subject) if subject.head.px_per_cm >= LEAST_PX_PER_CM else None
        if head is None or seen_from(subject, head) not in ("front", "half"):
            continue
        found = features(subject, head)
        weight = RENDERED_WEIGHT if example.family == RENDERED else 1.0
        yield [found[name] for name in NAMES], labels, weight, person(example), example.name


def fit(given: Floats, labels: Floats, weights: Floats) -> tuple[Floats, float]:
    """Return weights ``(features,)`` and offset of a logistic model; both answers weigh the same in all."""
    from sklearn.linear_model import LogisticRegression

    middle, spread = given.mean(0), given.std(0) + 0.05
    each = weights * np.where(labels > 0, 0.5 / weights[labels > 0].sum(), 0.5 / weights[labels == 0].sum())
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit((given - middle) / spread, labels, sample_weight=each * len(labels))
    slopes = model.coef_[0] / spread
    return np.asarray(slopes), float(model.intercept_[0] - middle @ slopes)


def out_of_fold(known: Known, head: int) -> tuple[NDArray[np.intp], Floats]:
    """Return the pictures that have a label, and what models that never saw the person make of each."""
    which = np.nonzero(~np.isnan(known.labels[:, head]))[0]
    columns = [NAMES.index(name) for name in INPUTS[HEADS[head]]]
    given, labels = known.given[which][:, columns], known.labels[which, head]
    folds = group_folds([known.people[i] for i in which], labels.tolist(), FOLDS)
    probability = np.full(len(which), np.nan)
    for train, held in each_fold(folds):
        slopes, offset = fit(given[train], labels[train], known.weights[which][train])
        probability[held] = 1 / (1 + np.exp(-(given[held] @ slopes + offset)))
    return which, probability


def band_of(probability: Floats, labels: Floats) -> float:
    """Return the half band around 0.5 outside of which at most :data:`MOST_WRONG` are wrong, both answers alike."""
    wrong = (probability > 0.5) != (labels > 0.5)
    for band in np.arange(0.1, WIDEST, 0.05):
        left = np.abs(probability - 0.5) >= band
        rates = [wrong[left & (labels == answer)].mean() for answer in (0, 1) if (left & (labels == answer)).any()]
        if np.mean(rates) <= MOST_WRONG:
            return float(round(band, 2))
    return WIDEST


def write(path: Path, slopes: Floats, offsets: Floats, meta: dict[str, str]) -> None:
    """Write the heads ``(features, heads)`` as one ONNX file: a product and a sigmoid."""
    from onnx import TensorProto, helper, numpy_helper, save

    nodes = [
        helper.make_node("Gemm", ["features", "slopes", "offsets"], ["odds"]),
        helper.make_node("Sigmoid", ["odds"], ["probability"]),
    ]
    graph = helper.make_graph(
        nodes,
        "hair_heads",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", len(NAMES)])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["n", len(HEADS)])],
        [
            numpy_helper.from_array(slopes.astype(np.float32), "slopes"),
            numpy_helper.from_array(offsets.astype(np.float32), "offsets"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, meta)
    save(model, str(path))


def train(known: Known, folder: Path) -> None:
    """Fit the heads, judge them out of fold, write the model and its held-out predictions into a folder."""
    slopes, offsets = np.zeros((len(NAMES), len(HEADS))), np.zeros(len(HEADS))
    meta = {"features": ",".join(NAMES), "heads": ",".join(HEADS)}
    held_out = np.full(known.labels.shape, np.nan)
    for head, name in enumerate(HEADS):
        which, probability = out_of_fold(known, head)
        labels = known.labels[which, head]
        held_out[which, head] = probability
        band = band_of(probability, labels)
        meta[f"band_{name}"] = str(band)
        columns = [NAMES.index(one) for one in INPUTS[name]]
        slopes[columns, head], offsets[head] = fit(known.given[which][:, columns], labels, known.weights[which])
        _say(known, which, name, probability, labels, band)
    write(folder / "hair_heads.onnx", slopes, offsets, meta)
    with (folder / "hair_heads.cv.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["path", *HEADS])
        for name, row in zip(known.names, held_out, strict=True):
            if not np.isnan(row).all():
                table.writerow([name, *("" if np.isnan(p) else f"{p:.4f}" for p in row)])


def _say(known: Known, which: NDArray[np.intp], name: str, probability: Floats, labels: Floats, band: float) -> None:
    """Print the held-out figures of one head for each family of pictures."""
    families = np.array([_family(known.names[i]) for i in which])
    right, decided = (probability > 0.5) == (labels > 0.5), np.abs(probability - 0.5) >= band
    for family in np.unique(families):
        mine = [(families == family) & (labels == answer) for answer in (1, 0)]
        for answer, word in zip(mine, ("yes", "no"), strict=True):
            if answer.any():
                shares = f"{right[answer].mean():.3f} right, {right[answer & decided].mean():.3f} if decided"
                left = f"{1 - decided[answer].mean():.3f} undecided"
                print(f"{name} (band {band}), {family}, {word}: {answer.sum()} pictures, {shares}, {left}")


def _family(name: str) -> str:
    return name.split("/")[1] if name.startswith("grooming/") else name.split("/")[0]


def main(footage: Path, out: Path | None = None) -> None:
    """Read the footage and train."""
    from posture_check.landmarks.solidity import PersonMask
    from posture_check.landmarks.store import ModelStore
    from posture_check.resources import models_dir

    reader = HeadReader(PersonMask(ModelStore().bytes("selfie")))
    examples = [e for e in training_examples(footage) if e.family in ("congress", "ccp", RENDERED)]
    train(collect(examples, reader), out or models_dir())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
