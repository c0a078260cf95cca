"""Heads that nobody outlined, with the little that their labels tell of single pixels: a bald head's crown is skin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.headmap import CORNER_CM, SIZE_CM, SIZE_PX, Part
from posture_check.grooming.subject import Picture
from posture_check.grooming.train.footage import RENDERED, Example
from posture_check.grooming.train.hairdata import IGNORED, MARGIN_PX, HeadPictures, stack, unlabelled

Floats = NDArray[np.floating[Any]]

_ABOVE_CM, _HALF_CM = -4.0, 5.5
"""Above the brows and well inside the head: a wreath of hair at the sides is left alone."""
_SURELY, _SURELY_NOT = 200, 25
"""Of 255: the person's area from where on, and up to where, it is believed."""


def is_bald(example: Example) -> bool:
    """Return whether a picture is known to show a head with a bare crown."""
    if example.family == RENDERED:
        return bool(example.truth["hair"]["bald"])
    return example.labels.get("bald") is True


def bald_heads(examples: Iterable[Example], person_mask: Callable[[Picture], Floats]) -> HeadPictures:
    """Return the bald heads among pictures, labelled where it is certain: the crown, and what is no person.

    Parameters
    ----------
    examples
        Pictures of the footage.
    person_mask
        Person segmentation: RGB picture to 0..1.
    """
    rows = [unlabelled(example, person_mask) for example in examples if is_bald(example)]
    return crowned(stack([row for row in rows if row is not None]))


def crowned(heads: HeadPictures) -> HeadPictures:
    """Return bald heads with their crowns labelled as skin and what is no person as background."""
    steps = (np.arange(SIZE_PX + 2 * MARGIN_PX) - MARGIN_PX + 0.5) * SIZE_CM / SIZE_PX
    crown = (steps[:, None] + CORNER_CM[1] < _ABOVE_CM) & (np.abs(steps + CORNER_CM[0]) < _HALF_CM)
    labels = np.full_like(heads.labels, IGNORED)
    labels[(heads.person < _SURELY_NOT) & (heads.inside > 0)] = Part.BACKGROUND
    labels[(heads.person > _SURELY) & (heads.inside > 0) & crown] = Part.SKIN
    return replace(heads, labels=labels)
