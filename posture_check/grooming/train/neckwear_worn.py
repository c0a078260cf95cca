"""What tells tie, bow and scarf beside the network: support vectors over edges and colours, and how both are mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.neckwear import WORN
from posture_check.grooming.neckwear_features import features
from posture_check.grooming.train.degrade import degrade
from posture_check.grooming.train.neckwear_data import KINDS, NOT_TIE, Base, plain, sample
from posture_check.grooming.train.neckwear_draw import SCARF

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]
Rng = np.random.Generator

DRAWN = 7000
CUTS_CM = (9.0, 14.0)
"""Pictures are cut off anywhere from the knot to the upper chest, as portraits are."""
_PARTS = 200
_COST = 2.0
_LEAST_SHARE = 0.2
_DRAWN_WEIGHT = 0.6
"""Of a drawn sample against a real one: real pictures decide."""


@dataclass(frozen=True)
class Told:
    """Samples as figures.

    Attributes
    ----------
    figures
        ``(n, 4152)``.
    labels, base
        ``(n,)`` what is worn, and the number of the base.
    drawn
        ``(n,)`` whether something was drawn on.
    """

    figures: Floats
    labels: Ints
    base: Ints
    drawn: Bools


def told(found: Sequence[Base], seed: int) -> Told:
    """Return samples of the bases: as they are, shifted, mirrored and cut off, and with something drawn on."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[Floats, int, int, bool]] = []
    for i, base in enumerate(found):
        if base.label == NOT_TIE:
            continue
        count = {"congress": 5, "ccp": 3}.get(base.family, 5) * (3 if base.family == "ccp" and base.label else 1)
        rows += [(features(_varied(base, rng)), base.label, i, False) for _ in range(count)]
    whole = np.array([not (base.family == "ccp" and base.label) for base in found])
    chosen = rng.choice(np.flatnonzero(whole), DRAWN)
    kinds = rng.choice(list(KINDS), DRAWN, p=list(KINDS.values()))
    for i, kind in zip(chosen, kinds, strict=True):
        made = sample(found[int(i)], str(kind), False, rng)
        if made is not None:
            rows.append((features(made[0]), made[2], int(i), True))
    return Told(*(np.array(column) for column in zip(*rows, strict=True)))


def _varied(base: Base, rng: Rng) -> NDArray[np.uint8]:
    import cv2

    image, _ = plain(base, None if rng.random() < 0.4 else rng.uniform(*CUTS_CM))
    outside = (image == 127).all(2)
    if rng.random() < 0.5:
        image = degrade(image, rng)
        image[outside] = 127
    move = np.array([[1, 0, rng.normal(0, 2)], [0, 1, rng.normal(0, 2)]])
    size = (image.shape[1], image.shape[0])
    image = np.asarray(cv2.warpAffine(image, move, size, borderValue=(127, 127, 127)), np.uint8)
    return image[:, ::-1] if rng.random() < 0.5 else image


@dataclass(frozen=True)
class Head:
    """Three classifiers over common figures.

    Attributes
    ----------
    mean, scale
        ``(4152,)`` of the figures.
    parts
        ``(200, 4152)`` principal components, and their ``middle`` ``(4152,)``.
    vectors
        ``(m, 200)`` support vectors of all three.
    weights, start
        ``(m, 3)`` and ``(3,)``.
    width
        Of the kernel ``exp(-width d^2)``.
    """

    mean: Floats
    scale: Floats
    parts: Floats
    middle: Floats
    vectors: Floats
    weights: Floats
    start: Floats
    width: float

    def scores(self, figures: Floats) -> Floats:
        """Return the scores ``(n, 3)`` of tie, bow and scarf."""
        reduced = ((figures - self.mean) / self.scale - self.middle) @ self.parts.T
        away = (reduced**2).sum(1)[:, None] + (self.vectors**2).sum(1) - 2 * reduced @ self.vectors.T
        return np.asarray(np.exp(-self.width * np.maximum(away, 0)) @ self.weights + self.start)


def fit(samples: Told, allowed: Bools, seed: int = 0) -> Head:
    """Return the classifiers taught on samples of the bases ``(bases,)`` that are allowed."""
    from sklearn.decomposition import PCA
    from sklearn.svm import SVC

    taught = allowed[samples.base]
    figures, labels = samples.figures[taught], samples.labels[taught]
    share = np.where(samples.drawn[taught], _DRAWN_WEIGHT, 1.0)
    mean, scale = figures.mean(0), figures.std(0) + 1e-3
    parts = PCA(_PARTS, svd_solver="randomized", random_state=seed).fit((figures - mean) / scale)
    reduced = parts.transform((figures - mean) / scale)
    width = 1 / (_PARTS * float(reduced.var()))
    machines = [
        SVC(C=_COST, gamma=width, class_weight="balanced").fit(reduced, labels == number, share) for number in (1, 2, 3)
    ]
    used = np.unique(np.concatenate([machine.support_ for machine in machines]))
    weights = np.zeros((len(used), len(machines)))
    for k, machine in enumerate(machines):
        weights[np.searchsorted(used, machine.support_), k] = machine.dual_coef_[0]
    start = np.array([machine.intercept_[0] for machine in machines])
    return Head(mean, scale, parts.components_, parts.mean_, reduced[used], weights, start, width)


def mix(scores: Floats, odds: Floats, labels: Ints) -> Floats:
    """Return the weights ``(3, 3)`` of each kind that make log-odds of score, network's log-odds and 1 (Platt, 1999).

    Neckwear that is rare in the pictures counts as if one person in five wore it: where a rule asks for it, it is not.

    Parameters
    ----------
    scores, odds
        ``(n, 3)`` held-out scores of the classifiers, and log-odds of the network.
    labels
        ``(n,)`` what is worn.
    """
    from sklearn.linear_model import LogisticRegression

    found = []
    for number in range(1, len(WORN) + 1):
        known = labels != NOT_TIE if number == SCARF else np.ones(len(labels), bool)
        truth = labels[known] == number
        rare = max(1.0, _LEAST_SHARE / (1 - _LEAST_SHARE) * (~truth).sum() / truth.sum())
        both = np.stack([scores[known, number - 1], odds[known, number - 1]], 1)
        curve = LogisticRegression(C=1.0).fit(both, truth, np.where(truth, rare, 1.0))
        found.append([*curve.coef_[0], curve.intercept_[0]])
    return np.array(found)


def mixed(scores: Floats, odds: Floats, weights: Floats) -> Floats:
    """Return probabilities ``(n, 3)`` from scores and log-odds ``(n, 3)``."""
    return np.asarray(1 / (1 + np.exp(-(scores * weights[:, 0] + odds * weights[:, 1] + weights[:, 2]))))


def export(head: Head, path: Path, meta: dict[str, str]) -> None:
    """Write the classifiers as ONNX: figures ``(n, 4152)`` to scores ``(n, 3)``; large weights in few bits."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    step = abs(head.vectors).max(0) / 127
    small = np.round(head.vectors / step).astype(np.int8)
    values = {
        "project": (head.parts / head.scale).T.astype(np.float16),
        "shift": ((head.mean / head.scale + head.middle) @ head.parts.T).astype(np.float32),
        "vectors": small.T.copy(),
        "step": step.astype(np.float32)[:, None],
        "lengths": ((small * step) ** 2).sum(1).astype(np.float32),
        "weights": head.weights.astype(np.float32),
        "start": head.start.astype(np.float32),
        "two": np.array(-2, np.float32),
        "width": np.array(-head.width, np.float32),
        "one": np.array([1], np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Cast", ["project"], ["project32"], to=TensorProto.FLOAT),
        node("Cast", ["vectors"], ["steps"], to=TensorProto.FLOAT),
        node("Mul", ["steps", "step"], ["vectors32"]),
        node("MatMul", ["figures", "project32"], ["turned"]),
        node("Sub", ["turned", "shift"], ["reduced"]),
        node("Mul", ["reduced", "reduced"], ["squares"]),
        node("ReduceSum", ["squares", "one"], ["length"], keepdims=1),
        node("MatMul", ["reduced", "vectors32"], ["products"]),
        node("Mul", ["products", "two"], ["doubled"]),
        node("Add", ["doubled", "lengths"], ["partly"]),
        node("Add", ["partly", "length"], ["away"]),
        node("Mul", ["away", "width"], ["near"]),
        node("Exp", ["near"], ["kernel"]),
        node("MatMul", ["kernel", "weights"], ["summed"]),
        node("Add", ["summed", "start"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "neckwear_worn",
        [helper.make_tensor_value_info("figures", TensorProto.FLOAT, ["n", len(head.mean)])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", len(WORN)])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    helper.set_model_props(model, meta)
    onnx.save(model, str(path))
