"""Trains the pocket classifier: ``python -m training.arms --footage FOLDER --out models/arms.onnx``.

Data: ``posture/ccp_labels.jsonl`` of the footage and, for photos with one hand in a pocket, which arm it is
(``arm_labels.csv``, read by eye). Cross-validated by photo; the shipped model is fitted on all of it.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skl2onnx import to_onnx
from sklearn.ensemble import ExtraTreesClassifier

from posture_check.landmarks.arm_geometry import FEATURES, arm_features
from posture_check.landmarks.detectors import Detectors
from posture_check.landmarks.finder import Plan, find
from posture_check.sources import open_source

Floats = NDArray[np.floating[Any]]

FOLDS, SEEDS = 5, 4
WANTED_PRECISION, WANTED_RECALL = 0.92, 0.85
"""The band in which the model does not commit itself lies between the votes that reach these on held-out photos."""
BAND = 0.15
"""Half the band in the probability that rules see (``ARM_ERROR`` of :mod:`posture_check.measures.hands`)."""


@dataclass
class Arms:
    """One row per arm: what the model sees, whether the hand is in a pocket, which photo, whether the label is sure."""

    features: Floats
    pocket: NDArray[np.bool_]
    photo: NDArray[np.str_]
    sure: NDArray[np.bool_]


def load_arms(footage: Path) -> Arms:
    """Find the landmarks of every labelled photo."""
    folder = footage / "posture"
    with (Path(__file__).parent / "arm_labels.csv").open(encoding="utf-8") as f:
        which = {row["photo"]: ["left", "right"].index(row["arm_in_pocket"]) for row in csv.DictReader(f)}
    rows: list[tuple[Floats, bool, str, bool]] = []
    with Detectors() as detectors:
        for line in (folder / "ccp_labels.jsonl").read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            photo = Path(label["path"]).stem
            count = label["hands_in_pockets"]
            if count == 1 and photo not in which:
                continue
            found = find(open_source(folder / label["path"]), plan=Plan(hands=True), detectors=detectors)
            if not found.tracks:
                continue
            track = max(found.tracks, key=lambda t: float(np.ptp(t.image[0, :, 1])))
            if not len(track.details.at):
                continue
            hands, score = track.details.hands[0], track.details.hand_score[0]
            for side in (0, 1):
                pocket = count == 2 or (count == 1 and which[photo] == side)
                row = arm_features(track.image[0], hands, np.nan_to_num(score), side)
                rows.append((row, pocket, photo, "hands_in_pockets" not in label["unsure"]))
    features, pockets, photos, sure = zip(*rows, strict=True)
    return Arms(np.nan_to_num(np.array(features), nan=-1.0), np.array(pockets), np.array(photos), np.array(sure))


def classifier(seed: int) -> ExtraTreesClassifier:
    """Return the untrained model."""
    return ExtraTreesClassifier(
        150, min_samples_leaf=3, max_features=0.3, class_weight="balanced_subsample", random_state=seed
    )


def held_out(arms: Arms) -> Floats:
    """Return each arm's vote by models that never saw its photo, the mean over several splits."""
    photos = np.unique(arms.photo)
    votes = np.zeros(len(arms.photo))
    for seed in range(SEEDS):
        order = np.random.default_rng(seed).permutation(len(photos))
        fold = order[np.searchsorted(photos, arms.photo)] % FOLDS
        for f in range(FOLDS):
            train = (fold != f) & arms.sure
            model = classifier(seed).fit(arms.features[train], arms.pocket[train])
            votes[fold == f] += model.predict_proba(arms.features[fold == f])[:, 1] / SEEDS
    return votes


def by_photo(arms: Arms, votes: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the larger vote and the label of each surely labelled photo."""
    photos = np.unique(arms.photo[arms.sure])
    top = np.array([votes[arms.photo == photo].max() for photo in photos])
    truth = np.array([arms.pocket[arms.photo == photo].any() for photo in photos])
    return top, truth


def figures(top: Floats, truth: NDArray[np.bool_], threshold: float, band: float) -> dict[str, float]:
    """Return precision, recall (abstained positives missed) and the share abstained at a threshold and band."""
    failed, passed = top > threshold + band, top < threshold - band
    right = float((failed & truth).sum())
    return {
        "threshold": threshold,
        "precision": right / max(float(failed.sum()), 1.0),
        "recall": right / float(truth.sum()),
        "recall_where_decided": right / max(float((truth & (failed | passed)).sum()), 1.0),
        "abstained": float((~failed & ~passed).mean()),
        "positives": float(truth.sum()),
        "photos": float(len(truth)),
    }


def band_ends(top: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the vote from which a photo fails and the one up to which it passes, chosen on held-out photos."""
    grid = np.linspace(0.2, 0.9, 71)
    precise = [t for t in grid if figures(top, truth, t, 0.0)["precision"] >= WANTED_PRECISION]
    complete = [t for t in grid if figures(top, truth, t, 0.0)["recall"] >= WANTED_RECALL]
    return float(min(precise)), float(max(complete))


def main() -> None:
    """Train, measure and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--footage", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    arms = load_arms(args.footage)
    top, truth = by_photo(arms, held_out(arms))
    high, low = band_ends(top, truth)
    threshold, half = (high + low) / 2, (high - low) / 2
    slope = float(np.log((0.5 + BAND) / (0.5 - BAND)) / half)
    for name, width in (("with the band", half), ("without it", 0.0)):
        print(name, json.dumps({k: round(v, 3) for k, v in figures(top, truth, threshold, width).items()}))
    model = classifier(0).fit(arms.features[arms.sure], arms.pocket[arms.sure])
    sample = np.zeros((1, FEATURES), np.float32)
    onnx = to_onnx(model, sample, options={"zipmap": False}, initial_types=None, target_opset=17)
    onnx.graph.input[0].name, old = "features", onnx.graph.input[0].name
    for node in onnx.graph.node:
        node.input[:] = ["features" if name == old else name for name in node.input]
        node.output[:] = ["share" if name == "probabilities" else name for name in node.output]
    for output in onnx.graph.output:
        output.name = "share" if output.name == "probabilities" else output.name
    for key, value in (("threshold", threshold), ("slope", slope)):
        entry = onnx.metadata_props.add()
        entry.key, entry.value = key, str(value)
    args.out.write_bytes(onnx.SerializeToString())
    print(f"{args.out}: {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
