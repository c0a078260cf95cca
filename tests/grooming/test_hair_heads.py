"""The logistic heads learn what separates, judge each person out of fold, and say the same once they are written."""

from __future__ import annotations

import csv

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn")
pytest.importorskip("onnx", reason="training writes ONNX")

from posture_check.grooming.hair import HEADS
from posture_check.grooming.hair_measures import NAMES
from posture_check.grooming.network import Network
from posture_check.grooming.train.hair_heads import INPUTS, WIDEST, Known, band_of, fit, out_of_fold, train


@pytest.fixture
def known():
    """Return 240 pictures of 120 people, whose heads' labels each depend on the first of the heads' features."""
    rng = np.random.default_rng(4)
    given = rng.normal(size=(240, len(NAMES)))
    labels = np.stack([given[:, NAMES.index(INPUTS[head][0])] + 0.2 * rng.normal(size=240) > 0.8 for head in HEADS], 1)
    labels = labels.astype(float)
    labels[::17, 0] = np.nan
    names = [f"grooming/congress/images/{i}.jpg" for i in range(240)]
    return Known(given, labels, np.ones(240), [str(i // 2) for i in range(240)], names)


def test_a_written_head_says_what_was_held_out(known, tmp_path):
    train(known, tmp_path)
    net = Network(tmp_path / "hair_heads.onnx")
    (said,) = net.run(known.given)
    assert said.shape == (240, len(HEADS))
    for head in range(len(HEADS)):
        told = ~np.isnan(known.labels[:, head])
        assert ((said[told, head] > 0.5) == known.labels[told, head]).mean() > 0.9
    assert set(net.meta) >= {"features", "heads", *(f"band_{name}" for name in HEADS)}
    assert net.meta["features"].split(",") == list(NAMES)
    with (tmp_path / "hair_heads.cv.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == known.names
    assert rows[0][HEADS[0]] == ""  # unlabelled: nobody was asked
    assert 0 <= float(rows[1][HEADS[0]]) <= 1


def test_nobody_is_judged_by_a_model_that_saw_them(known):
    lucky = known.given.copy()
    column = NAMES.index(INPUTS["bald"][0])
    lucky[:, [NAMES.index(name) for name in INPUTS["bald"]]] = 0
    lucky[:, column] = np.arange(240) // 2  # tells who it is, and nothing else
    labels = np.random.default_rng(0).integers(0, 2, 120).repeat(2).astype(float)
    stated = Known(lucky, np.stack([labels] * len(HEADS), 1), known.weights, known.people, known.names)
    which, probability = out_of_fold(stated, HEADS.index("bald"))
    assert ((probability > 0.5) == labels[which]).mean() < 0.7


def test_rare_answers_weigh_as_much_as_common_ones():
    rng = np.random.default_rng(1)
    labels = (np.arange(400) < 20).astype(float)
    given = rng.normal(size=(400, 1)) + 2 * labels[:, None]
    slopes, offset = fit(given, labels, np.ones(400))
    assert -offset / slopes[0] == pytest.approx(1.0, abs=0.3)  # halfway, not where the common answer would push it


def test_the_band_leaves_out_what_is_often_wrong():
    labels = np.r_[np.ones(50), np.zeros(50)]
    sure = np.r_[np.full(50, 0.95), np.full(50, 0.05)]
    assert band_of(sure, labels) == 0.1
    muddled = sure.copy()
    muddled[:10] = 0.27
    assert band_of(muddled, labels) > 0.2
    assert band_of(1 - sure, labels) == WIDEST
