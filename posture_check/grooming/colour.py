"""Whether hair has a colour that grows: its hue under the light that the face's own skin tells.

Melanin makes black, brown, grey, blond and red hair: near neutral, or between yellow and red. Blue, green, violet, pink
and a red beyond copper are dyes. A colour is held against that region of CIE L*a*b*.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.skin import linear

Floats = NDArray[np.floating[Any]]
Pixels = NDArray[np.uint8]

SKIN_RED_GREEN = (0.2, 1.2)
SKIN_BLUE_GREEN = (-0.6, 0.0)
"""Logarithms of linear red and of blue over green of facial skin in daylight or balanced light, of any person: blood
and melanin take most of the blue and more green than red. What lies beyond is taken for the colour of the light.
Measured on 680 photos of people of many skins (1st and 99th percentile of each, less those under coloured light)."""
NEUTRAL_CHROMA = 13.0
"""Up to this chroma a colour counts as black, grey or white: dark hair mirrors the sky with up to 11."""
MOST_RED = 33.0
"""Largest a* of copper hair (measured: 29)."""
_PINK_SLOPE, _PINK_OFFSET = 0.85, -7.0
"""b* of the reddest hair that grows over a*: below the line are pink, magenta and violet."""
_GREENEST_SLOPE = -0.35
"""a* over b* of the greenest: blond under trees."""
_TOLERANCE, _SOFTNESS = 4.0, 1.5
"""Distance beyond the natural region at which a colour is as likely as not dyed, and its softness."""
_D65 = np.array([0.95047, 1.0, 1.08883])
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""Linear sRGB to CIE XYZ (IEC 61966-2-1)."""


def light_of(skin: Pixels) -> Floats:
    """Return the colour of the light by the skin it falls on: factors ``(3,)`` of red, green and blue, 1 if balanced.

    Parameters
    ----------
    skin
        ``(n, 3)`` RGB pixels of a face, at least one.
    """
    light = np.median(linear(skin), axis=0) + 1e-4
    red, blue = np.log(light[0] / light[1]), np.log(light[2] / light[1])
    beyond = np.array([red - np.clip(red, *SKIN_RED_GREEN), 0.0, blue - np.clip(blue, *SKIN_BLUE_GREEN)])
    return np.asarray(np.exp(beyond))


def lab(pixels: Pixels, light: Floats | None = None) -> Floats:
    """Return CIE L*a*b* ``(..., 3)`` of RGB pixels ``(..., 3)``, as under balanced light."""
    shares = linear(pixels) / (np.ones(3) if light is None else light)
    ratio = shares @ _TO_XYZ.T / _D65
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def beyond_natural(colours: Floats) -> Floats:
    """Return how far colours L*a*b* ``(..., 3)`` lie outside of what hair grows in, in units of a* and b*; 0 within."""
    a, b = colours[..., 1], colours[..., 2]
    pink = (_PINK_SLOPE * a + _PINK_OFFSET - b) / np.hypot(_PINK_SLOPE, 1)
    green = (_GREENEST_SLOPE * b - a) / np.hypot(_GREENEST_SLOPE, 1)
    warm = np.max([pink, green, a - MOST_RED, np.zeros_like(a)], axis=0)
    return np.asarray(np.minimum(warm, np.maximum(np.hypot(a, b) - NEUTRAL_CHROMA, 0)))


def dyed_share(hair: Pixels, light: Floats | None = None) -> float:
    """Return the share of hair pixels ``(n, 3)`` RGB, at least one, whose colour does not grow.

    Where a light is given, the colour is read with and without it, and the more natural reading holds: the light on a
    face is not always that on the hair.
    """
    readings = [lab(hair)] if light is None else [lab(hair), lab(hair, light)]
    off = min((beyond_natural(colours) for colours in readings), key=lambda far: float(np.mean(_dyed(far))))
    return float(np.mean(_dyed(off)))


def _dyed(beyond: Floats) -> Floats:
    """Return how likely a colour so far beyond the natural ones is a dye; 0 within."""
    least = 1 / (1 + np.exp(_TOLERANCE / _SOFTNESS))
    return np.asarray((1 / (1 + np.exp(-(beyond - _TOLERANCE) / _SOFTNESS)) - least) / (1 - least))
