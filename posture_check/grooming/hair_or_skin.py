"""Hair or skin, pixel by pixel, where both are expected: what the network says weighed with the person's own colours.

The network knows shapes, but an ear in front of hair is small. The cheeks show this person's skin in this light, and
the top of the head their hair: a pixel that looks like one and not like the other settles it. Where both look alike
(fair hair on fair skin) colour says nothing and the network decides alone.
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


def hair_over_skin(subject: Subject, head: HeadMap) -> Floats:
    """Return the probability ``(h, w)`` that a pixel is hair, given that it is hair or skin."""
    hair, skin = head.planes[Part.HAIR], head.of(Part.SKIN, Part.EAR, Part.BEARD)
    share = np.clip(hair / np.maximum(hair + skin, 1e-6), 0.004, 0.996)
    odds = _NETWORK * np.log(share / (1 - share)) + _COLOUR * _colour_odds(subject, head, skin)
    return np.asarray(1 / (1 + np.exp(-odds)))


def _colour_odds(subject: Subject, head: HeadMap, skin: Floats) -> Floats:
    """Return the log odds ``(h, w)`` of hair against skin by colour alone; 0 where the person's own are not known."""
    none = np.zeros(head.seen.shape)
    if not subject.has_face:
        return none
    oval, below_eyes = head.within(subject.face[list(FACE_OVAL), :2]), head.cm[..., 1] > 0
    of_skin = oval & below_eyes & head.seen & (skin > 0.7)
    of_hair = ~oval & (head.cm[..., 1] < 1) & head.seen & (head.planes[Part.HAIR] > 0.8)
    if min(of_skin.sum(), of_hair.sum()) < _LEAST_PIXELS:
        return none
    seen = tones(head.patch.image)
    return np.asarray(np.clip(_likeness(seen, of_hair) - _likeness(seen, of_skin), -_MOST_COLOUR, _MOST_COLOUR))


def _likeness(seen: Floats, sample: Mask) -> Floats:
    """Return the log likelihood ``(h, w)`` of each pixel among those of a sample, up to a constant."""
    among = seen[sample]
    middle = np.median(among, 0)
    spread = np.hypot(np.maximum(1.48 * np.median(np.abs(among - middle), 0), _SPREAD / 2), _SPREAD / 2)
    off = np.minimum(((seen - middle) / spread) ** 2, 16.0)  # a glint or a strap is unlike either
    return np.asarray(-off.sum(-1) / 2 - np.log(spread).sum())
