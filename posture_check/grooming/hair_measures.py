"""Plain numbers read off a head map, before anything is judged from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.hair_length import Lengths, lengths
from posture_check.grooming.hair_or_skin import HairOrSkin
from posture_check.grooming.hair_regions import SIDE_DEG, crown, forehead
from posture_check.grooming.headmap import FACE_OVAL, SIZE_CM, HeadMap, Part
from posture_check.grooming.skin import tones
from posture_check.grooming.subject import Subject

Floats = NDArray[np.floating[Any]]
From = Literal["front", "half", "side", "back"]

FRONT_DEG = 32.0
_LEAST_PIXELS = 12
LONG = ("lowest", "at_shoulder", "above_shoulder", "below_shoulder", "rests_on_cloth")
_CROWN = ("crown_darker", "crown_lighter", "crown_less_red", "crown_bluer", "crown_hue", "crown_rough")
BALD = ("crown_low", "crown_high", "hair_above_eyes", "crown_skin", "forehead_hair", *_CROWN)
HEADWEAR = ("hat_crown", "hat_area", "hat_share", "hat_peak")
NAMES = LONG + BALD + HEADWEAR
"""Inputs of the logistic heads, in order."""


_FACE = np.array([(-3.5, -1.0), (3.5, -1.0), (3.5, 7.0), (-3.5, 7.0)])
"""Corners of eyes, nose and mouth in the head's frame."""


@dataclass(frozen=True, slots=True)
class Mix:
    """What a region is made of, as shares of its seen pixels.

    Attributes
    ----------
    hair, skin, hat
        Skin counts ears and beards too, headwear anything worn: a headscarf is cloth.
    covered
        Hair as a share of hair and skin; NaN where there is hardly any of either.
    seen
        Share of the region that lies in the picture.
    doubt
        0 where the network is sure of every pixel, 1 where it tosses coins between hair and the rest.
    """

    hair: float
    skin: float
    hat: float
    covered: float
    seen: float
    doubt: float


def mix(head: HeadMap, polygon: Floats, own: HairOrSkin | None = None) -> Mix:
    """Return what a polygon ``(n, 2)`` of the picture is made of.

    Parameters
    ----------
    head
        The parts around the head.
    polygon
        Where.
    own
        Tells hair from skin by the person's own colours, too; else the network alone does.
    """
    area = head.within(polygon)
    seen = area & head.seen
    if not seen.any():
        return Mix(0.0, 0.0, 0.0, float("nan"), 0.0, 1.0)
    inside = head.planes.reshape(len(Part), -1).take(np.flatnonzero(seen), axis=1)
    hair = inside[Part.HAIR]
    skin = inside[[Part.SKIN, Part.EAR, Part.BEARD]].sum(0)
    both = np.maximum(hair + skin, 1e-6)
    share = hair / both if own is None else own.hair(seen)
    covered = float((share * both).sum() / both.sum()) if both.mean() > 0.02 else float("nan")
    return Mix(
        float(hair.mean()),
        float(skin.mean()),
        float(inside[[Part.HEADWEAR, Part.CLOTHING]].sum(0).mean()),
        covered,
        float(seen.sum() / area.sum()),
        float((4 * share * (1 - share) * both).sum() / both.sum()),
    )


def seen_from(subject: Subject, head: HeadMap) -> From | None:
    """Return from where the head is seen; None where a face is seen but no mesh was found on it.

    The pose puts a face on the back of a head too, turned any way. But a face that is turned to the camera has a mesh,
    so that without one the head is seen from the side or from behind.
    """
    yaw = abs(subject.head_yaw_deg)
    if subject.has_face:
        return "front" if yaw <= FRONT_DEG else "half" if yaw <= SIDE_DEG[0] else "side"
    if SIDE_DEG[0] < yaw <= SIDE_DEG[1]:
        return "side"
    there = mix(head, head.axes.to_picture(_FACE))
    return "back" if there.hair + there.hat > 0.35 or yaw > SIDE_DEG[1] else None


def features(subject: Subject, head: HeadMap, hair: Lengths | None = None) -> dict[str, float]:
    """Return the numbers that the logistic heads weigh; those of the crown are 0 without a face mesh."""
    hair = lengths(subject, head) if hair is None else hair
    found = dict.fromkeys(NAMES, 0.0)
    lowest = hair.lowest_cm()
    found["lowest"] = float(np.clip(np.nan_to_num(lowest, nan=-30.0) - hair.shoulder_cm, -15, 12)) / 10
    found["at_shoulder"] = min(hair.width_at(hair.shoulder_cm - 1.0), 25.0) / 10
    found["above_shoulder"] = min(hair.width_at(hair.shoulder_cm - 5.0), 25.0) / 10
    found["below_shoulder"] = min(float(np.sqrt(hair.area_below(hair.shoulder_cm))), 15.0) / 10
    found["rests_on_cloth"] = min(_rests_on_cloth(hair, head), 20.0) / 10
    y, x = head.cm[..., 1], head.cm[..., 0]
    cell = (SIZE_CM / len(y)) ** 2
    above = head.seen & (y < 0) & (np.abs(x) < 14) & (y > -18)
    found["hair_above_eyes"] = float(np.sqrt(head.planes[Part.HAIR][above].sum() * cell)) / 10
    hat, cover = head.planes[Part.HEADWEAR][above], head.planes[[Part.HAIR, Part.HEADWEAR]][:, above].sum()
    found["hat_area"] = float(np.sqrt(hat.sum() * cell)) / 10
    found["hat_share"] = float(hat.sum() / max(cover, 1.0))
    found["hat_peak"] = float(np.percentile(hat, 99)) if hat.size else 0.0
    if subject.has_face:
        low, high = mix(head, crown(subject.face, 0.8, 2.6)), mix(head, crown(subject.face, 2.6, 4.4))
        found["crown_low"], found["crown_high"] = low.hair, high.hair
        found["crown_skin"] = (low.skin + high.skin) / 2
        found["forehead_hair"] = mix(head, forehead(subject.face)).hair
        found["hat_crown"] = (low.hat + high.hat) / 2
        found |= dict(zip(_CROWN, _unlike_skin(subject.face, head), strict=True))
    return found


def _unlike_skin(face: Floats, head: HeadMap) -> tuple[float, ...]:
    """Return how the crown differs from the face's skin: darker, lighter, less red, bluer, in hue at all, rougher.

    Medians of differences of :func:`posture_check.grooming.skin.tones`, and of the contrast between neighbours. A bald
    crown is smooth skin, whatever its colour.
    """
    import cv2

    there = head.planes[[Part.HAIR, Part.SKIN]].sum(0) > 0.5
    top = head.within(crown(face, 0.8, 4.4)) & head.seen & there
    brow = head.within(face[list(FACE_OVAL), :2]) & head.seen & (head.planes[Part.SKIN] > 0.6)
    if top.sum() < _LEAST_PIXELS or brow.sum() < _LEAST_PIXELS:
        return 0.5, 0.0, 0.2, 0.2, 0.3, 0.05
    off = tones(head.patch.image[top]) - np.median(tones(head.patch.image[brow]), 0)
    light, red, blue = np.median(off, 0)
    hue = float(np.median(np.hypot(off[:, 1], off[:, 2])))
    grey = np.log(cv2.cvtColor(head.patch.image, cv2.COLOR_RGB2GRAY).astype(np.float32) + 4)
    contrast = np.abs(grey - cv2.blur(grey, (3, 3)))
    rough = float(np.median(contrast[top]) - np.median(contrast[brow]))
    bounds = ((-light, 0, 2), (light, 0, 1), (-red, -0.5, 1), (blue, -0.5, 1), (hue, 0, 1), (rough, -0.1, 0.3))
    return tuple(float(np.clip(*bound)) for bound in bounds)


def _rests_on_cloth(hair: Lengths, head: HeadMap) -> float:
    """Return how many cm of the hair's lower edge lie on clothing, level with the shoulders or below."""
    gap = max(1, round(1.0 / SIZE_CM * len(hair.hair)))
    cloth = (head.best == Part.CLOTHING) & head.seen & (hair.places_cm[..., 1] > hair.shoulder_cm - 4.0)
    meets = hair.hair[:-gap] & ~hair.hair[gap:] & cloth[gap:]
    return float(meets.any(axis=0).sum() * SIZE_CM / len(hair.hair))
