"""A site's head: honest figures, calibrated, and the same in ONNX as when it was fitted."""

from __future__ import annotations

import json

import numpy as np
import pytest

from posture_check.grooming.network import Network
from posture_check.grooming.site_heads import META, Calibration, Head
from posture_check.grooming.train.site import (
    Judged,
    Photos,
    as_onnx,
    calibrate,
    cross_validated,
    fit,
    scores,
    standing,
)


def photos(shift, people=5, each=8, figures=40, seed=0):
    """Return photos whose first five figures are shifted by the label, and the next five by the person."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), each)
    correct = np.arange(people * each) % 2 == 0
    found = rng.normal(size=(people * each, figures))
    found[:, :5] += shift * (2 * correct[:, None] - 1)
    found[:, 5:10] += rng.normal(size=(people, 5))[person] * 3
    names = person.astype(str)
    return Photos(
        found.astype(np.float32), correct, names, np.arange(len(person)).astype(str), np.ones(len(person), bool)
    )


def test_what_can_be_told_is_told():
    good = photos(2.0)
    found = standing(cross_validated(good), good.correct)
    assert found.balanced > 0.95
    assert found.not_assessed < 0.1


def test_what_cannot_be_told_is_not_decided_by_chance():
    chance = photos(0.0)
    found = standing(cross_validated(chance), chance.correct)
    assert found.score < 0.6


def test_a_head_that_knows_only_the_people_scores_nothing():
    """Each person shows one kind of dress but for one photo: the face of it would be learnt, not the dress."""
    rng = np.random.default_rng(1)
    person = np.repeat(np.arange(6), 8)
    correct = (person % 2 == 0) ^ (np.arange(48) % 8 == 0)
    look = rng.normal(size=(6, 30))[person] + 0.1 * rng.normal(size=(48, 30))
    made = Photos(look.astype(np.float32), correct, person.astype(str), np.arange(48).astype(str), np.ones(48, bool))
    assert ((fit(made).score(made.figures) > 0) == correct).mean() > 0.8, "on its own photos it looks good"
    assert standing(cross_validated(made), correct).score < 0.65


def test_an_item_that_was_not_seen_counts_as_not_assessed():
    good = photos(2.0)
    half = Photos(good.figures, good.correct, good.person, good.photo, np.arange(len(good)) % 4 < 2)
    assert standing(cross_validated(half), half.correct).not_assessed >= 0.5


def test_photos_that_are_all_but_the_same_give_a_sound_head():
    """Of a burst of photos nothing varies within a kind of dress."""
    made = photos(1.0, people=3, each=4)
    same = np.where(made.correct[:, None], np.float32(1), np.float32(0)) * np.ones(40, np.float32)
    burst = Photos(same, made.correct, made.person, made.photo, made.seen)
    assert np.abs(scores(burst)).max() < 10_000
    assert standing(cross_validated(burst), burst.correct).score == 1.0


def test_figures_by_hand():
    correct = np.array([True, True, True, False, False, False])
    judged = Judged(np.array([0.9, 0.2, 0.5, 0.1, 0.8, 0.4]), np.array([True, True, False, True, True, False]))
    found = standing(judged, correct)
    assert found.precision == 0.5  # of two called incorrect one is
    assert found.recall == 0.5  # of two decided incorrect ones one is found
    assert found.balanced == 0.5
    assert found.not_assessed == pytest.approx(1 / 3)
    assert found.score == pytest.approx(((1 + 0 + 0.5) / 3 + (1 + 0 + 0.5) / 3) / 2)
    one = standing(judged, correct, np.array([True] + [False] * 5))
    assert (one.photos, one.score) == (1, 1.0)
    assert np.isnan(one.recall)


def test_judging_other_photos_keeps_the_person_out():
    first, second = photos(2.0, seed=0), photos(2.0, seed=1)
    other = Photos(second.figures, ~second.correct, second.person, np.char.add("b", second.photo), second.seen)
    assert standing(cross_validated(first, other), other.correct).score < 0.2
    joined = first.joined(other).joined(first)
    assert len(joined) == 80, "the same pictures count once"


@pytest.mark.parametrize("shift", [0.4, 1.0])
def test_probabilities_are_calibrated_and_the_band_holds_the_errors(shift):
    made = photos(shift, people=12, each=20)
    score = scores(made)
    fair = calibrate(score, made.correct)
    said = fair.probability(score)
    for low in (0.1, 0.3, 0.5, 0.7):
        inside = (said >= low) & (said < low + 0.2)
        if inside.sum() >= 25:
            assert made.correct[inside].mean() == pytest.approx(said[inside].mean(), abs=0.15)
    decided = abs(said - 0.5) >= fair.half_band
    assert ((said >= 0.5) != made.correct)[decided].mean() <= 0.05 or fair.half_band == pytest.approx(0.4)


def test_onnx_gives_the_score_that_was_fitted(tmp_path):
    made = photos(1.0)
    fair = calibrate(scores(made), made.correct)
    path = tmp_path / "head.onnx"
    path.write_bytes(as_onnx(made, fair))
    network = Network(path)
    assert np.allclose(np.ravel(network.run(made.figures)[0]), fit(made).score(made.figures), atol=1e-3)
    assert json.loads(network.meta[META])["half_band"] == fair.half_band
    assert as_onnx(made, fair) == path.read_bytes(), "the same every time"


def test_a_probability_in_the_band_keeps_its_value_and_says_so(tmp_path):
    made = photos(1.0)
    path = tmp_path / "head.onnx"
    path.write_bytes(as_onnx(made, Calibration(0.0, 0.2, 0.1)))
    said = Head(Network(path), Calibration(0.0, 0.2, 0.1)).judge(made.figures[0])
    assert said.value == pytest.approx(0.55, abs=0.001)
    assert (said.error, said.reason) == (0.1, "uncertain")
    assert Head(Network(path), Calibration(0.0, 0.2, 0.03)).judge(made.figures[0]).reason is None
