"""Hair or skin, pixel by pixel, where both are expected: what the network says weighed with the person's own colours.

The network knows shapes, but an ear in front of hair is small, and from the side it takes cheeks for hair now and then.
The cheeks (from the side: what is surely skin) show this person's skin in this light, and the top of the head their
hair: a pixel that looks like one and not like the other settles it. Where both look alike (fair hair on fair skin)
colour says nothing and the network decides alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.headmap import FACE_OVAL, HeadMap, Part
from posture_check.grooming.skin import tones
from posture_check.grooming.subject import Subject

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

_SPREAD = np.array([0.45, 0.15, 0.15])
"""How far light and chromaticity of one person's skin, or hair, usually vary over a head: a standard deviation."""
_NETWORK, _COLOUR = 0.6, 0.7
"""What the log odds of the network and of colour count: each is surer of itself than it should be."""
_MOST_COLOUR = 4.0
_LEAST_PIXELS = 30
_HEAD_CM, _TOP_CM, _BROW_CM, _CHIN_CM, _SURELY = 12.0, -5.0, -3.0, 13.0, 0.8
"""Where a head without a mesh shows its hair (above) and its skin (below), and how sure the network must be there."""


class HairOrSkin:
    """Tells hair from skin on one head.

    Parameters
    ----------
    subject
        The person.
    head
        The parts around their head.
    """

    def __init__(self, subject: Subject, head: HeadMap) -> None:
        self._head = head
        self._hair: tuple[Floats, Floats] | None = None
        self._skin: tuple[Floats, Floats] | None = None
        x, y = head.cm[..., 0], head.cm[..., 1]
        skin = head.of(Part.SKIN, Part.EAR, Part.BEARD)
        if subject.has_face:
            oval = head.within(subject.face[list(FACE_OVAL), :2])
            of_skin = oval & (y > 0) & head.seen & (skin > 0.7)
            of_hair = ~oval & (y < 1) & head.seen & (head.planes[Part.HAIR] > 0.8)
        else:
            of_skin = (np.abs(x) < _HEAD_CM) & (y > _BROW_CM) & (y < _CHIN_CM) & head.seen & (skin > _SURELY)
            of_hair = (np.abs(x) < _HEAD_CM) & (y < _TOP_CM) & head.seen
            of_hair &= head.of(Part.HAIR, Part.HEADWEAR) > _SURELY
        if min(of_skin.sum(), of_hair.sum()) >= _LEAST_PIXELS:
            self._hair, self._skin = (_colours(head.patch.image[part]) for part in (of_hair, of_skin))

    def hair(self, where: Mask) -> Floats:
        """Return the probability ``(pixels,)`` that pixels of a mask ``(h, w)`` are hair, given hair or skin."""
        inside = self._head.planes.reshape(len(Part), -1).take(np.flatnonzero(where), axis=1)
        hair, skin = inside[Part.HAIR], inside[[Part.SKIN, Part.EAR, Part.BEARD]].sum(0)
        share = np.clip(hair / np.maximum(hair + skin, 1e-6), 0.004, 0.996)
        odds = _NETWORK * np.log(share / (1 - share))
        if self._hair is not None and self._skin is not None:
            seen = tones(self._head.patch.image[where])
            colour = _likeness(seen, *self._hair) - _likeness(seen, *self._skin)
            odds = odds + _COLOUR * np.clip(colour, -_MOST_COLOUR, _MOST_COLOUR)
        return np.asarray(1 / (1 + np.exp(-odds)))


def _colours(pixels: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Return middle and spread ``(3,)`` of the tones of RGB pixels ``(n, 3)``."""
    seen = tones(pixels)
    middle = np.median(seen, 0)
    spread = np.maximum(1.48 * np.median(np.abs(seen - middle), 0), _SPREAD / 2)
    return middle, np.hypot(spread, _SPREAD / 2)


def _likeness(seen: Floats, middle: Floats, spread: Floats) -> Floats:
    """Return the log likelihood ``(n,)`` of tones ``(n, 3)`` among those of a sample, up to a constant."""
    off = np.minimum(((seen - middle) / spread) ** 2, 16.0)  # a glint or a strap is unlike either
    return np.asarray(-off.sum(-1) / 2 - np.log(spread).sum())
