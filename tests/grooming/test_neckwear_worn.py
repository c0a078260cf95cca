"""The classifiers beside the network: their file says what they say, and mixing is calibrated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posture_check.grooming.neckwear_features import features
from posture_check.grooming.network import Network

worn = pytest.importorskip("posture_check.grooming.train.neckwear_worn")


@pytest.fixture(scope="module")
def told() -> worn.Told:
    rng = np.random.default_rng(0)
    labels = np.arange(600) % 4
    figures = rng.normal(0, 1, (600, 300)).astype(np.float32)
    figures[np.arange(600), labels] += 6
    return worn.Told(figures, labels, np.arange(600), labels > 4)


def test_classifiers_tell_kinds_they_never_saw_the_people_of(told: worn.Told) -> None:
    taught = np.arange(600) < 400
    scores = worn.fit(told, taught).scores(told.figures[~taught])
    for number in (1, 2, 3):
        truth = told.labels[~taught] == number
        assert scores[truth, number - 1].mean() > scores[~truth, number - 1].mean() + 0.5


def test_the_file_says_what_the_classifiers_say(told: worn.Told, tmp_path: Path) -> None:
    head = worn.fit(told, np.ones(600, bool))
    worn.export(head, tmp_path / "worn.onnx", {"mix": "[]"})
    network = Network(tmp_path / "worn.onnx")
    assert network.meta["mix"] == "[]"
    assert network.run(told.figures[:40])[0] == pytest.approx(head.scores(told.figures[:40]), abs=0.1)


def test_mixed_probabilities_match_how_often_they_are_right() -> None:
    rng = np.random.default_rng(1)
    labels = (rng.random(4000) < 0.4).astype(int)
    scores = np.repeat((labels * 2 - 1 + rng.normal(0, 1.5, 4000))[:, None], 3, 1)
    labels[:40], labels[40:80] = 2, 3
    odds = rng.normal(0, 1, (4000, 3))  # tells nothing
    found = worn.mixed(scores, odds, worn.mix(scores, odds, labels))[:, 0]
    for low in (0.1, 0.3, 0.5, 0.7):
        bin_ = (found >= low) & (found < low + 0.2)
        assert (labels[bin_] == 1).mean() == pytest.approx(found[bin_].mean(), abs=0.08)


def test_figures_do_not_feel_the_light() -> None:
    rng = np.random.default_rng(2)
    image = np.kron(rng.integers(60, 200, (30, 16, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    bright, dark = features(image), features((image * 0.7).astype(np.uint8))
    edges = slice(0, 1764)
    assert np.corrcoef(bright[edges], dark[edges])[0, 1] > 0.98
