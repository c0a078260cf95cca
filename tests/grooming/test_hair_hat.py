from __future__ import annotations

import numpy as np
import pytest

from posture_check.grooming.headmap import Part
from posture_check.grooming.train.hairhat import put_on_hat
from posture_check.grooming.train.hairshape import across_cm, down_cm


def head():
    """Return a picture, its labels and the person's area: a face with hair above it."""
    across, down = across_cm, down_cm
    labels = np.full(across.shape, Part.BACKGROUND, np.uint8)
    labels[np.hypot(across / 9, (down + 1) / 13) < 1] = Part.HAIR
    labels[np.hypot(across / 7, (down - 2) / 9) < 1] = Part.SKIN
    image = np.repeat((60 * labels)[..., None], 3, 2).astype(np.uint8)
    return image, labels, np.where(labels == Part.BACKGROUND, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", range(8))
def test_hair_above_a_hats_edge_is_under_it_and_the_mouth_is_not(seed):
    image, labels, person = head()
    was, before = labels.copy(), image.copy()
    assert put_on_hat(image, labels, person, image.copy(), np.random.default_rng(seed))
    across, down = across_cm, down_cm
    hat = labels == Part.HEADWEAR
    assert (labels[(was == Part.HAIR) & (down < -10.5) & (np.abs(across) < 6)] == Part.HEADWEAR).all()
    assert not hat[down > 4].any()
    assert (labels[~hat] == was[~hat]).all()
    assert (person[hat] == 255).all()
    assert (image[across > 25] == before[across > 25]).all()


def test_bald_heads_and_those_with_a_hat_get_none():
    image, labels, person = head()
    labels[labels == Part.HAIR] = Part.SKIN
    assert not put_on_hat(image, labels, person, image, np.random.default_rng(0))
    image, labels, person = head()
    labels[40:44, 100:104] = Part.HEADWEAR
    assert not put_on_hat(image, labels, person, image, np.random.default_rng(0))
