"""The colour of the shoes: which pixels around a foot are shoe, and how dark and how coloured they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.network import Network
from posture_check.grooming.patches import Patch, warp
from posture_check.grooming.skin import linear, tones
from posture_check.grooming.subject import Axes, Subject
from posture_check.landmarks.findings import Finding, Mark, Missing, missing
from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]

PATCH_PX = 32
SIDE_CM = 40.0
"""Side of the square around a foot: a shoe is 25-32 cm long and may stand off where the landmarks put it."""
CLIP = 4.0
_NEAR_CM = 5.0
"""Reach of a landmark in the planes that tell the network where the foot is thought to be."""
BLACK_LIGHTNESS, BLACK_CHROMA = (33.0, 2.5), (13.0, 1.7)
"""Where black ends, and how softly: polished black leather looks as light as L* 30 under the sky, dark brown and navy
as dark as that are more coloured (street photos, by eye)."""
BAND = 0.3
"""Probabilities within this of an even chance decide nothing."""
MIN_AREA_CM2 = 25.0
"""Less shoe than this, a fifth of one seen from the front, is hidden by trousers, furniture or the picture's edge."""
MIN_PX_PER_CM = 1.5
LIGHTNESS_ERROR = 4.0
"""Standard error of a shoe's L* (street photos, held out, against their masks: ``models/shoes.md``)."""
_MIN_SHOWN = 0.75
_POINTS = (L.LEFT_ANKLE, L.LEFT_HEEL, L.LEFT_FOOT_INDEX, L.LEFT_KNEE)


@dataclass(frozen=True, slots=True)
class Foot:
    """The surroundings of a foot.

    Attributes
    ----------
    patch
        The square cut from the picture, upright with the picture.
    planes
        ``(8, 32, 32)``: tones less the square's median, the log of its luminance, and how near each pixel is to ankle,
        heel, toes and the shank above.
    """

    patch: Patch
    planes: Floats


def foot(subject: Subject, side: int) -> Foot:
    """Cut the surroundings of a foot; side 0 is the person's left."""
    points = subject.pose[[point + side for point in _POINTS], :2].astype(float)
    scale = subject.trunk.px_per_cm
    middle = points[:3].mean(0)
    axes = Axes(middle, np.array([1.0, 0.0]), np.array([0.0, 1.0]), scale)
    corner = (-SIDE_CM / 2, -SIDE_CM / 2)
    patch = warp(subject.image, axes, corner, (SIDE_CM, SIDE_CM), (PATCH_PX, PATCH_PX))
    tone = tones(patch.image)
    level = np.median(tone[patch.inside], 0) if patch.inside.any() else np.zeros(3)
    at = patch.from_picture(points)
    y, x = np.mgrid[:PATCH_PX, :PATCH_PX]
    reach = 2 * (_NEAR_CM * patch.px_per_cm) ** 2
    shank = at[0] + (at[3] - at[0]) * np.array([0.15, 0.3, 0.45])[:, None]
    near = [np.exp(-((x - p[0]) ** 2 + (y - p[1]) ** 2) / reach) for p in (*at[:3], *shank)]
    planes = [*(tone - level).transpose(2, 0, 1), np.full_like(near[0], level[0]), *near[:3], np.max(near[3:], 0)]
    return Foot(patch, np.clip(np.stack(planes) * patch.inside, -CLIP, CLIP).astype(np.float32))


def lab(pixels: NDArray[np.uint8]) -> Floats:
    """Return CIE L*, a*, b* of sRGB pixels ``(..., 3)`` (IEC 61966-2-1; CIE 15:2004, white D65)."""
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = linear(pixels) @ matrix.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


@dataclass(frozen=True, slots=True)
class Colour:
    """How the shoe of a foot looks.

    Attributes
    ----------
    area_cm2
        Its area in the picture.
    lightness
        Median CIE L*, 0..100; NaN without shoe.
    chroma
        CIE C* of the median a* and b*.
    """

    area_cm2: float
    lightness: float
    chroma: float


def colour_of(image: NDArray[np.uint8], share: Floats) -> Colour:
    """Return the colour of a shoe.

    Parameters
    ----------
    image
        ``(32, 32, 3)`` uint8 RGB patch of a foot.
    share
        ``(32, 32)`` probability of each pixel to be shoe.
    """
    sure = share > 0.5
    area = float(sure.sum()) * (SIDE_CM / PATCH_PX) ** 2
    if sure.sum() < 3:
        return Colour(area, np.nan, np.nan)
    lightness, a, b = np.median(lab(image[sure]), 0)
    return Colour(area, float(lightness), float(np.hypot(a, b)))


class ShoeReader:
    """Tells how dark the shoes are, and whether they are black (``models/shoes.md``).

    Parameters
    ----------
    model
        Name of the network in ``models/``.
    """

    def __init__(self, model: str = "shoes") -> None:
        self._network = Network(model)

    def look(self, subject: Subject) -> dict[str, Finding]:
        """Return ``shoe_lightness`` in L* and ``shoe_black``, the probability that the shoes are black.

        Both feet are put together: of two feet that differ the lighter one counts. What a shoe is made of is not told.

        Parameters
        ----------
        subject
            The person.
        """
        names = ("shoe_black", "shoe_lightness")
        feet = [_foot(subject, side) for side in (0, 1)]
        cut = [each for each in feet if isinstance(each, Foot)]
        if not cut:
            return missing(next(each for each in feet if not isinstance(each, Foot)), *names)
        shares = self._network.run(np.stack([each.planes for each in cut]))[0]
        colours = [colour_of(each.patch.image, share) for each, share in zip(cut, shares, strict=True)]
        seen = [i for i, colour in enumerate(colours) if colour.area_cm2 >= MIN_AREA_CM2]
        if not seen:
            return missing("occluded", *names)
        lightest = max(seen, key=lambda i: colours[i].lightness)
        colour, marks = colours[lightest], _marks(cut[lightest].patch, shares[lightest])
        chance = black_chance(colour)
        reason: Missing | None = "uncertain" if abs(chance - 0.5) < BAND else None
        return {
            "shoe_black": Finding(chance, BAND, reason, marks=marks),
            "shoe_lightness": Finding(colour.lightness, LIGHTNESS_ERROR, marks=marks),
        }


def black_chance(colour: Colour) -> float:
    """Return the probability that a shoe of this colour is black."""
    parts = [
        1 / (1 + np.exp((value - middle) / softness))
        for value, (middle, softness) in ((colour.lightness, BLACK_LIGHTNESS), (colour.chroma, BLACK_CHROMA))
    ]
    return float(np.prod(parts))


def _foot(subject: Subject, side: int) -> Foot | Missing:
    """Return the surroundings of a foot, or why it cannot be judged."""
    points = subject.pose[[point + side for point in _POINTS[:3]], :2]
    if not ((points >= 0) & (points < subject.size)).all():
        return "out_of_frame"
    if subject.trunk.px_per_cm < MIN_PX_PER_CM:
        return "too_small"
    found = foot(subject, side)
    return found if found.patch.shown >= _MIN_SHOWN else "out_of_frame"


def _marks(patch: Patch, share: Floats) -> tuple[Mark, ...]:
    """Return the outlines of the shoe in the picture."""
    import cv2

    found, _ = cv2.findContours((share > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outlines = [patch.to_picture(line[:, 0].astype(float)) for line in found if len(line) > 3]
    return tuple(Mark("area", tuple((float(x), float(y)) for x, y in line)) for line in outlines)
