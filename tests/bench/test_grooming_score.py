"""Answers with abstention: counts, curves and calibration of hand-made predictions."""

from __future__ import annotations

import numpy as np
import pytest

from bench.grooming_score import (
    BORDERLINE,
    NO_PERSON,
    Answer,
    abstention_curve,
    answer,
    confusion,
    reliability,
)
from posture_check.landmarks.findings import Finding


def said(truth: bool, value: float, half: float = 0.0) -> Answer:
    return answer("a", truth, Finding(value, half))


@pytest.mark.parametrize(
    ("finding", "limit", "expected", "reason"),
    [
        (Finding(0.9, 0.3), 0.5, True, None),
        (Finding(0.1, 0.3), 0.5, False, None),
        (Finding(0.6, 0.3, "uncertain"), 0.5, None, "uncertain"),
        (Finding(reason="view"), 0.5, None, "view"),
        (Finding(), 0.5, None, "no value"),
        (None, 0.5, None, NO_PERSON),
        (Finding(0.3, 0.1), 0.35, None, BORDERLINE),
        (Finding(0.5, 0.1), 0.35, True, None),
    ],
)
def test_nothing_is_said_without_a_value_or_near_the_limit(finding, limit, expected, reason):
    got = answer("a", True, finding, limit)
    assert (got.said, got.reason) == (expected, reason)


def test_shares_are_over_what_was_decided_and_silence_stands_beside_them():
    silent = Answer("s", True, None, "view")
    counts = confusion([said(True, 0.9), said(True, 0.8), said(True, 0.2), said(False, 0.1), said(False, 0.7), silent])
    assert (counts.tp, counts.fn, counts.tn, counts.fp) == (2, 1, 1, 1)
    assert counts.precision == pytest.approx(2 / 3)
    assert counts.balanced == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert counts.false_share == pytest.approx(0.5)
    assert counts.not_assessed == pytest.approx(1 / 6)
    assert counts.silent == [("s", "view")]


def test_one_kind_alone_has_no_balanced_accuracy():
    assert confusion([said(False, 0.1), said(False, 0.9)]).balanced is None
    assert confusion([]).not_assessed is None


def test_a_wider_band_abstains_from_the_wrong_ones_near_the_middle():
    answers = [said(True, 0.95), said(True, 0.45), said(False, 0.05), said(False, 0.58)]
    points = {p.half_band: p for p in abstention_curve(answers, (0.0, 0.1, 0.46))}
    assert (points[0.0].balanced, points[0.0].abstained) == (0.5, 0.0)
    assert (points[0.1].balanced, points[0.1].abstained) == (1.0, 0.5)
    assert (points[0.46].balanced, points[0.46].abstained) == (None, 1.0)


def test_pictures_that_no_band_would_bring_back_are_not_in_the_curve():
    (point,) = abstention_curve([said(True, 0.9), said(False, 0.1), Answer("v", True, None, "view")], (0.2,))
    assert point.abstained == 0.0


def test_calibrated_probabilities_have_a_small_error_and_boasting_ones_a_large_one():
    rng = np.random.default_rng(0)
    p = rng.uniform(size=4000)
    truth = rng.uniform(size=4000) < p
    _, honest = reliability([said(bool(t), float(v)) for t, v in zip(truth, p, strict=True)])
    boasting = [said(bool(t), float(v > 0.5)) for t, v in zip(truth, p, strict=True)]
    bins, wrong = reliability(boasting)
    assert honest is not None
    assert honest < 0.03
    assert wrong == pytest.approx(0.25, abs=0.03)
    assert [b.n for b in bins] == [int((p <= 0.5).sum()), int((p > 0.5).sum())]
    assert reliability([]) == ([], None)
