"""Heads redrawn with a hat on: few people in the photos wear one, and a network takes those for hair."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.headmap import Part
from posture_check.grooming.train.hairdata import IGNORED
from posture_check.grooming.train.hairshape import across_cm, down_cm

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

_FEWEST_HAIR_PX = 150
_GROWN_CM = 0.6
"""A hat stands off the hair under it."""


def put_on_hat(image: Bytes, labels: Bytes, person: Bytes, other: Bytes, chance: np.random.Generator) -> bool:
    """Paint a hat over the top of a head, in place; return whether there was a head to put it on.

    Parameters
    ----------
    image, labels, person
        Patch with its margin ``(s, s, 3)``, its labels and the person's area ``(s, s)``.
    other
        Patch of somebody, from whose clothes the hat is made.
    chance
        Source of all randomness.
    """
    across, down = across_cm, down_cm
    head = (labels == Part.HAIR) & (np.abs(across) < 14)
    if head.sum() < _FEWEST_HAIR_PX or (labels == Part.HEADWEAR).any():
        return False
    hat, brim = _shape(across, down, head, chance)
    hat &= labels != IGNORED
    cloth = _cloth(other, chance)
    shade = 1 - chance.uniform(0, 0.45) * (across / 11) ** 2 + chance.normal(0, 0.12) * across / 11
    shade = np.where(brim, shade * chance.uniform(0.6, 1.1), shade)
    painted = cloth * np.clip(shade, 0.3, 1.4)[..., None]
    share = cv2.GaussianBlur(hat.astype(np.float32), (0, 0), chance.uniform(0.5, 1.0))[..., None]
    image[:] = np.clip(image + (painted - image) * share, 0, 255).astype(np.uint8)
    labels[hat] = Part.HEADWEAR
    person[hat] = 255
    return True


def _shape(across: Floats, down: Floats, head: Mask, chance: np.random.Generator) -> tuple[Mask, Mask]:
    """Return where a hat is, and where its brim: over the brows or higher up, with all hair above its edge under it."""
    middle, edge = chance.normal(0, 0.5), chance.uniform(-8.0, -2.5)
    bow, tilt = chance.uniform(-0.015, 0.02), chance.normal(0, 0.06)
    x = across - middle
    line = edge + bow * x**2 + tilt * x
    broad, high = chance.uniform(8.0, 10.5), chance.uniform(11.5, 17.0)
    square = 2.0 if chance.random() < 0.6 else 4.0  # round as a cap, or upright as a hat's crown
    reach = np.abs(x / broad) ** square + np.abs(np.minimum(down, 0) / high) ** square
    grown = int(np.ceil(_GROWN_CM / abs(float(across[0, 1] - across[0, 0]))))
    hidden = cv2.dilate(head.astype(np.uint8), np.ones((2 * grown + 1,) * 2, np.uint8)) > 0
    hat = ((reach < 1) | (hidden & (np.abs(x) < broad + 5))) & (down < line)
    kind = chance.random()
    if kind < 0.35:  # none
        return hat, np.zeros_like(hat)
    if kind < 0.7:  # a peak to the front
        wide, tall = chance.uniform(6.5, 9.0), chance.uniform(1.2, 4.0)
    else:  # a brim all around
        wide, tall = chance.uniform(12.0, 19.0), chance.uniform(1.2, 4.0)
    brim = np.hypot(x / wide, (down - line) / tall) < 1
    return hat | brim, brim


def _cloth(other: Bytes, chance: np.random.Generator) -> Floats:
    """Return a sheet ``(s, s, 3)`` of the cloth on somebody's chest, or of one colour with a little texture."""
    size = len(other)
    if chance.random() < 0.5:
        top, left = chance.integers(size * 3 // 4, size * 4 // 5), chance.integers(size // 3, size // 2)
        piece = other[top : top + size // 6, left : left + size // 6]
        if np.std(piece.mean(axis=(0, 1))) < 100 and piece.std() > 0:
            sheet = cv2.resize(piece, (size // 2, size // 2), interpolation=cv2.INTER_CUBIC)
            return np.asarray(np.tile(np.block([[[sheet], [sheet[:, ::-1]]]]), (2, 1, 1))[:size, :size], np.float32)
    colour = np.clip(chance.uniform(10, 235) + chance.normal(0, 22, 3), 0, 255)
    coarse = chance.normal(0, 1, (size // 3, size // 3)).astype(np.float32)
    grain = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_LINEAR)[..., None]
    ribs = np.sin(np.arange(size) * chance.uniform(0.6, 2.0))[None, :, None] * chance.choice((0.0, 1.0), p=(0.7, 0.3))
    return np.asarray(colour + chance.uniform(1, 10) * grain + chance.uniform(2, 14) * ribs, np.float32)
