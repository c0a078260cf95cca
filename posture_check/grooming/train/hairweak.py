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
_TOP_CM, _RIM_CM = -8.0, (0.4, 1.8)
"""Where the top of a head may begin, and how far below its outline hair is certain if it is not bald."""
_SURELY, _SURELY_NOT = 200, 25
"""Of 255: the person's area from where on, and up to where, it is believed."""
_EVERY = 4
"""One in so many of the heads with hair is used: enough that bald heads are not known by how they are photographed."""


def is_bald(example: Example) -> bool | None:
    """Return whether a picture shows a head with a bare crown; None if that is not known, or it is covered."""
    if example.family == RENDERED:
        return bool(example.truth["hair"]["bald"])
    if example.labels.get("hat_or_headscarf") is not False:
        return None
    return example.labels.get("bald")


def known_heads(examples: Iterable[Example], person_mask: Callable[[Picture], Floats]) -> HeadPictures:
    """Return heads of which it is known whether they are bald, labelled where that makes it certain.

    Parameters
    ----------
    examples
        Pictures of the footage.
    person_mask
        Person segmentation: RGB picture to 0..1.
    """
    rows, bald = [], []
    for number, example in enumerate(examples):
        bare = is_bald(example)
        if bare or (bare is False and number % _EVERY == 0):
            row = unlabelled(example, person_mask)
            if row is not None:
                rows.append(row)
                bald.append(bare)
    return crowned(stack(rows), np.array(bald))


def crowned(heads: HeadPictures, bald: NDArray[np.bool_]) -> HeadPictures:
    """Return heads labelled where it is certain: the crown, and what is no person.

    Parameters
    ----------
    heads
        Heads without labels.
    bald
        ``(n,)`` whether the crown of each is skin, else the rim of the head is hair.
    """
    steps = (np.arange(SIZE_PX + 2 * MARGIN_PX) - MARGIN_PX + 0.5) * SIZE_CM / SIZE_PX
    middle, down = np.abs(steps + CORNER_CM[0]) < _HALF_CM, (steps + CORNER_CM[1])[:, None]
    surely = (heads.person > _SURELY) & (heads.inside > 0)
    outline = np.where(surely.any(axis=1), down[surely.argmax(axis=1), 0], np.inf)[:, None]
    below = down - outline
    above_seen = np.roll(heads.inside, 3, axis=1) > 0  # the top of the head is not cut off by the picture's edge
    rim = (below > _RIM_CM[0]) & (below < _RIM_CM[1]) & (outline < _TOP_CM) & above_seen
    labels = np.full_like(heads.labels, IGNORED)
    labels[(heads.person < _SURELY_NOT) & (heads.inside > 0)] = Part.BACKGROUND
    labels[surely & middle & (down < _ABOVE_CM) & bald[:, None, None]] = Part.SKIN
    labels[surely & middle & rim & ~bald[:, None, None]] = Part.HAIR
    return replace(heads, labels=labels)
