"""Heads redrawn with other hair than they have: bald, balding, and hair where the face is, as from behind.

Street photos hardly show any of these, and a network taught on them alone puts hair on every head and a face on
every side of it.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.headmap import CORNER_CM, SIZE_CM, SIZE_PX, Part
from posture_check.grooming.train.hairdata import ANY_SKIN, HAIR_OR_SKIN, MARGIN_PX

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

_STEPS = (np.arange(SIZE_PX + 2 * MARGIN_PX) - MARGIN_PX + 0.5) * SIZE_CM / SIZE_PX
across_cm, down_cm = np.meshgrid((_STEPS + CORNER_CM[0]).astype(np.float32), (_STEPS + CORNER_CM[1]).astype(np.float32))
"""Places of the wide patch's pixels in the head's frame, in centimetres."""
_SKIN = (int(Part.SKIN), int(Part.EAR), ANY_SKIN)
_SKULL_CM, _CROWN_CM = 8.2, 12.0
"""Half the width of a head, and from the eyes up to the crown (Farkas 1994: 7.2-8 cm and 11-12 cm, with skin)."""
_LONG = 0.08
"""Hair of which a larger share lies below the mouth is long: nobody is shaved under it."""


def shave(image: Bytes, labels: Bytes, chance: np.random.Generator) -> bool:
    """Paint skin over short hair, all of it or from the forehead up, in place; return whether anything was done.

    Hair that stood off the skull becomes background in the labels: another background must be put behind.

    Parameters
    ----------
    image, labels
        Wide patch ``(s, s, 3)`` and its labels ``(s, s)``.
    chance
        Source of all randomness.
    """
    hair = labels == Part.HAIR
    forehead = np.isin(labels, _SKIN) & (down_cm < 6) & (np.abs(across_cm) < 7)
    if hair.sum() < 200 or forehead.sum() < 100 or (hair & (down_cm > 7)).sum() > _LONG * hair.sum():
        return False
    kind = chance.random()
    if kind < 0.5:
        bare = hair
    elif kind < 0.75:  # a wreath of hair is left at the sides
        bare = hair & (down_cm + 0.02 * across_cm**2 < chance.uniform(-6, 0))
    else:  # the hairline has moved up
        bare = hair & (np.hypot(across_cm, 0.8 * (down_cm + 5)) < chance.uniform(4, 10))
    broad, high = _SKULL_CM * chance.uniform(0.95, 1.15), _CROWN_CM * chance.uniform(0.95, 1.15)
    off = (down_cm < 0) & (np.hypot(across_cm / broad, down_cm / high) > 1) if kind < 0.75 else np.zeros_like(hair)
    labels[bare & off] = Part.BACKGROUND
    bare = bare & ~off
    labels[bare] = Part.SKIN
    colour = np.median(image[forehead], axis=0)
    side, up = chance.normal(0, 0.15), chance.uniform(-0.1, 0.25)
    shade = (
        1.05 + side * across_cm / broad - 0.35 * (across_cm / broad) ** 2 - up * (down_cm + 6) / high * (down_cm < -6)
    )
    detail = cv2.GaussianBlur(image, (0, 0), 3).mean(axis=2) - image[hair].mean()
    painted = (
        colour * shade[..., None]
        + chance.uniform(0, 0.25) * detail[..., None]
        + chance.normal(0, 2, (*across_cm.shape, 1))
    )
    _blend(image, painted, bare)
    return True


def turn_away(image: Bytes, labels: Bytes, chance: np.random.Generator) -> bool:
    """Paint hair over the face, in place, so that the head is seen from behind; return whether there was hair.

    Parameters
    ----------
    image, labels
        Wide patch ``(s, s, 3)`` and its labels ``(s, s)``.
    chance
        Source of all randomness.
    """
    hair = labels == Part.HAIR
    if hair.sum() < 400:
        return False
    is_long = (hair & (down_cm > 7)).sum() > _LONG * hair.sum()
    neck = chance.uniform(13, 22) if is_long else chance.uniform(4, 9)
    face = np.isin(labels, (*_SKIN, HAIR_OR_SKIN)) & (np.abs(across_cm) < 10) & (down_cm < neck)
    spread = np.clip(image[hair].std(axis=0).mean(), 4, 25)
    size = len(_STEPS)
    coarse = chance.normal(0, 1, (size // 16, size // 2)).astype(np.float32)
    strands = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_LINEAR)[..., None]
    shade = 1 - chance.uniform(0, 0.3) * (across_cm / 10) ** 2
    painted = image[hair].mean(axis=0) * shade[..., None] + spread * strands
    _blend(image, painted, face)
    labels[face] = Part.HAIR
    return True


def _blend(image: Bytes, painted: Floats, area: Mask) -> None:
    share = cv2.GaussianBlur(area.astype(np.float32), (0, 0), 0.8)[..., None]
    image[:] = np.clip(image + (painted - image) * share, 0, 255).astype(np.uint8)
