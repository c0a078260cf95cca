"""Drawings that teach the neckwear network show what their masks say."""

from __future__ import annotations

import numpy as np
import pytest

from posture_check.grooming.train.cloth import Canvas
from posture_check.grooming.train.degrade import degrade
from posture_check.grooming.train.neckwear_draw import BOW, DRAWN, SCARF, TIE, draw

CLASSES = {"tie": TIE, "bow": BOW, "scarf": SCARF}


def drawn(kind: str, seed: int, cover: bool = False) -> tuple[Canvas, tuple[float, float] | None]:
    canvas = Canvas(np.full((240, 128, 3), 120, np.uint8), (64, 3), 3.3)
    return canvas, draw(canvas, kind, np.random.default_rng(seed), cover)


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("seed", range(4))
def test_only_the_neckwear_asked_for_is_drawn(kind: str, seed: int) -> None:
    canvas, _ = drawn(kind, seed)
    found = set(np.unique(canvas.classes)) & {TIE, BOW, SCARF}
    assert found <= {CLASSES.get(kind)}
    if kind in ("bow", "scarf"):
        assert found


def test_the_same_seed_draws_the_same() -> None:
    assert np.array_equal(drawn("tie", 5)[0].image, drawn("tie", 5)[0].image)
    assert not np.array_equal(drawn("tie", 5)[0].image, drawn("tie", 6)[0].image)


@pytest.mark.parametrize("seed", range(6))
def test_a_covering_shirt_hides_what_was_worn(seed: int) -> None:
    canvas, collar = drawn("open", seed, cover=True)
    assert collar is not None
    x, y = (round(64 + 3.3 * collar[0]), round(3 + 3.3 * (collar[1] + 8)))
    assert canvas.classes[y, x - 3 : x + 4].max() == 0


def test_cloth_does_not_cover_what_is_kept() -> None:
    keep = np.zeros((240, 128), bool)
    keep[150:] = True
    canvas = Canvas(np.full((240, 128, 3), 120, np.uint8), (64, 3), 3.3, keep=keep)
    draw(canvas, "closed", np.random.default_rng(1), cover=True)
    assert (canvas.classes[150:] == 255).mean() > 0.9


def test_a_spoilt_picture_keeps_its_shape() -> None:
    image = np.full((60, 40, 3), 100, np.uint8)
    for seed in range(8):
        found = degrade(image, np.random.default_rng(seed))
        assert found.shape == image.shape
        assert found.dtype == np.uint8
