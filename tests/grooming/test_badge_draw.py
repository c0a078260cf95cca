"""Drawn badges: the truth that comes with a picture must be what the picture shows."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posture_check.grooming.badge import tilt_of
from posture_check.grooming.train import badge_art, badge_clutter, badge_draw

SEEDS = range(12)
CHEST = np.full((badge_draw.SIZE[1], badge_draw.SIZE[0], 3), 70, np.uint8)
WHOLE = np.ones(CHEST.shape[:2], np.float32)


def drawn(seed: int, kind: str, inside: np.ndarray = WHOLE) -> badge_draw.Scene:
    return badge_draw.draw(np.random.default_rng(seed), CHEST, inside, kind, 9.0)


@pytest.mark.parametrize("kind", ["bar", "card", "lanyard"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_card_lies_within_its_corners_and_they_have_its_tilt(seed, kind):
    scene = drawn(seed, kind)
    around = cv2.fillConvexPoly(np.zeros(CHEST.shape[:2], np.uint8), np.round(scene.corners).astype(np.int32), 1)
    around = cv2.dilate(around, np.ones((9, 9), np.uint8))
    assert scene.card[around == 0].max() < 0.05
    assert tilt_of(scene.corners) == pytest.approx(scene.tilt_deg, abs=5.0)
    assert scene.lanyard == (kind == "lanyard")
    assert (scene.strap.max() > 0.5) == (kind == "lanyard")


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_drawn_into_the_photograph_itself(seed):
    before = CHEST.copy()
    drawn(seed, "lanyard")
    assert np.array_equal(CHEST, before)


def test_the_same_chance_draws_the_same_picture_and_another_another():
    assert np.array_equal(drawn(3, "card").image, drawn(3, "card").image)
    assert not np.array_equal(drawn(3, "card").image, drawn(4, "card").image)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_badge_below_the_edge_of_the_picture_counts_neither_way(seed):
    inside = WHOLE.copy()
    inside[80:] = 0
    scene = drawn(seed, "lanyard", inside)
    assert scene.card[80:].max() == 0
    assert np.isnan(scene.worn)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_front_of_a_card_has_more_in_it_than_its_back(seed):
    front = badge_art.card(np.random.default_rng(seed))
    back = badge_art.card(np.random.default_rng(seed), blank=True)
    assert front.printed
    assert not back.printed
    edges = [np.abs(cv2.Laplacian(one.image[30:-8, 8:-8], cv2.CV_32F)).mean() for one in (front, back)]
    assert edges[0] > edges[1]


@pytest.mark.parametrize("thing", sorted(set(badge_clutter.KINDS), key=lambda one: one.__name__))
def test_what_is_no_badge_leaves_a_trace(thing):
    changed = 0
    for seed in range(4):
        image = CHEST.copy()
        thing(np.random.default_rng(seed), image, np.array([160.0, 160.0]))
        changed += int(not np.array_equal(image, CHEST))
    assert changed >= 3


def test_a_rougher_picture_keeps_its_size_and_place():
    image = CHEST.copy()
    image[150:250, 100:200] = 220
    rough = badge_draw.roughen(np.random.default_rng(0), image, 9.0)
    assert rough.shape == image.shape
    bright = rough.mean(2) > (float(rough.mean(2).min()) + float(rough.mean(2).max())) / 2
    rows, columns = np.nonzero(bright)
    assert (rows.mean(), columns.mean()) == pytest.approx((199.5, 149.5), abs=2)
