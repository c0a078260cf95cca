"""Hair: what of the forehead and the ears it covers, how far it reaches down, whether it is tied, there at all, dyed.

Shares and lengths are geometry over the map of the head's parts. Where several of them together make a judgement
(long hair worn down, a bald head, headwear) a small logistic model weighs them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming import colour
from posture_check.grooming.hair_length import Lengths, collar_top, lengths, sized
from posture_check.grooming.hair_measures import NAMES, From, Mix, features, mix, seen_from
from posture_check.grooming.hair_or_skin import HairOrSkin
from posture_check.grooming.hair_regions import crown, ear, ears_in_view, forehead
from posture_check.grooming.headmap import FACE_OVAL, HeadMap, Part
from posture_check.grooming.network import Network
from posture_check.grooming.subject import Subject
from posture_check.landmarks.findings import Finding, Mark, Missing, missing

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

MEASURES = (
    *("forehead_covered", "ears_covered", "hair_above_collar", "long_hair_down"),
    *("hair_tied", "bald", "hair_unnatural", "headwear"),
)
HEADS = ("long_hair_down", "bald", "headwear")
"""Outputs of the logistic model, in order."""

LEAST_PX_PER_CM = 1.5
"""A forehead is then seven pixels high."""
_SEEN, _HAT, _FLESH, _SOME = 0.6, 0.35, 0.35, 0.02
"""Least share of a region in the picture; most of it under headwear; least of the forehead that is hair
or skin, and of an ear's place before hair can hide any of it."""
_FOREHEAD_ERROR, _EAR_ERROR, _DOUBT_ERROR = 0.07, 0.11, 0.25
"""Measured on rendered heads, so that nine in ten lie within two; and what is added where pixels are doubtful."""
_LEAST_HAIR_CM2 = 6.0
_LEAST_COLOUR_CM2 = 2.5
_CHIN_CM, _BESIDE_CM = 9.0, 13.0
"""Colour is read around the face: farther down and out the network takes bright cloth for hair now and then."""
_PERHAPS_HAT = 0.6
_CROWN_DEG = 42.0
"""Turned further, a head shows too little of the top of its forehead."""
_DYED, _DYED_SOFT, _DYED_BAND = 0.4, 0.07, 0.2
"""Share of the hair that must have a colour that does not grow, the softness of that line, and the band left open."""
_END_CM, _FAR = 1.2, 0.35
"""Error of the place where hair ends, and of a length that hangs far down: strands thin out, the scale is a guess."""
_TAIL_CM, _TAIL_SOFT = 11.0, 2.0
"""Hair that narrows to less than this at the shoulders is held together; loose hair is at least as wide as the neck."""


class HairReader:
    """Reads the measures of hair.

    Parameters
    ----------
    model
        Name of the logistic model in ``models/``, or the path of an ONNX file.
    """

    def __init__(self, model: str | Path = "hair_heads") -> None:
        self._heads = Network(model)
        self._bands = [float(self._heads.meta[f"band_{name}"]) for name in HEADS]

    def look(self, subject: Subject, head: HeadMap | None) -> dict[str, Finding]:
        """Return a finding for each of :data:`MEASURES`.

        Parameters
        ----------
        subject
            The person.
        head
            The parts around their head, None where no head was seen.
        """
        if head is None:
            return missing("out_of_frame", *MEASURES)
        if subject.head.px_per_cm < LEAST_PX_PER_CM:
            return missing("too_small", *MEASURES)
        view = seen_from(subject, head)
        if view is None or not sized(subject):
            return missing("uncertain", *MEASURES)
        hair = lengths(subject, head)
        found = self._judged(subject, head, hair, view)
        own = HairOrSkin(subject, head)
        found["forehead_covered"] = forehead_covered(subject, head, own)
        found["ears_covered"] = ears_covered(subject, head, view, own)
        found["hair_above_collar"] = hair_above_collar(subject, head, hair, view)
        found["hair_tied"] = hair_tied(hair, view, found["long_hair_down"])
        found["hair_unnatural"] = hair_unnatural(subject, head, hair)
        return _under_headwear(found)

    def _judged(self, subject: Subject, head: HeadMap, hair: Lengths, view: From) -> dict[str, Finding]:
        """Return what the logistic heads say, where they can be asked."""
        given = features(subject, head, hair)
        (odds,) = self._heads.run(np.array([[given[name] for name in NAMES]]))
        probability = dict(zip(HEADS, (float(p) for p in odds[0]), strict=True))
        band = dict(zip(HEADS, self._bands, strict=True))
        found = {name: probable(probability[name], band[name], head.marks(_SHOWN[name])) for name in HEADS}
        if view != "front":
            found["long_hair_down"] = _loose_behind(hair, head, band["long_hair_down"])
        if view in ("side", "back") or abs(subject.head_yaw_deg) > _CROWN_DEG:
            found["bald"] = Finding(reason="view")
        elif given["hat_crown"] > _HAT:
            found["bald"] = Finding(reason="occluded")
        elif mix(head, crown(subject.face, 0.8, 4.4)).seen < _SEEN:
            found["bald"] = Finding(reason="out_of_frame")
        if not shoulders_shown(hair, head) and not probability["long_hair_down"] > 0.5:
            found["long_hair_down"] = Finding(reason="out_of_frame")
        return found


def _under_headwear(found: dict[str, Finding]) -> dict[str, Finding]:
    """Return the findings without what a hat or a headscarf hides, and without a hat's colour for that of hair."""
    hat = found["headwear"]
    if hat.value is None or hat.value < _PERHAPS_HAT:
        return found
    if hat.reason is None:
        return found | missing("occluded", "forehead_covered", "bald", "hair_unnatural")
    colour_of = found["hair_unnatural"]
    if colour_of.value is not None and colour_of.value > 0.5:
        return found | {"hair_unnatural": replace(colour_of, reason="uncertain")}
    return found


_SHOWN = {"long_hair_down": Part.HAIR, "bald": Part.HAIR, "headwear": Part.HEADWEAR}


def probable(value: float, band: float, marks: tuple[Mark, ...] = ()) -> Finding:
    """Return a probability as a finding; within its band it is uncertain."""
    return Finding(value, band, "uncertain" if abs(value - 0.5) < band else None, marks=marks)


def forehead_covered(subject: Subject, head: HeadMap, own: HairOrSkin | None = None) -> Finding:
    """Return the share of the forehead that hair hides."""
    if not subject.has_face or seen_from(subject, head) not in ("front", "half"):
        return Finding(reason="view")
    return _covered(head, forehead(subject.face), own or HairOrSkin(subject, head))


def ears_covered(subject: Subject, head: HeadMap, view: From, own: HairOrSkin | None = None) -> Finding:
    """Return the share that hair hides of the ear it hides more of, of those in view."""
    sides = ears_in_view(subject)
    if view == "back" or not sides:
        return Finding(reason="view")
    own = HairOrSkin(subject, head) if own is None else own
    each = [_ear_covered(head, ear(subject, side), own) for side in sides]
    told = [found for found in each if found.value is not None]
    if told:
        return max(told, key=lambda found: found.value or 0.0)
    return each[0]


def _ear_covered(head: HeadMap, outline: Floats, own: HairOrSkin) -> Finding:
    """Return the share of an ear that hair hides.

    Where the background shows there is no hair: ears differ in how far they stand off, but one that is hidden has hair
    all over its place.
    """
    found = mix(head, outline, own)
    marks = _marks(head, outline, own)
    if (reason := _hidden(found)) is not None:
        return Finding(reason=reason, marks=marks[:1])
    flesh = found.hair + found.skin
    value = found.covered * flesh if flesh > _SOME else 0.0
    return Finding(value, _share_error(found, _EAR_ERROR), marks=marks)


def _covered(head: HeadMap, outline: Floats, own: HairOrSkin) -> Finding:
    """Return the share of the forehead that hair hides."""
    found = mix(head, outline, own)
    marks = _marks(head, outline, own)
    if (reason := _hidden(found)) is not None:
        return Finding(reason=reason, marks=marks[:1])
    if found.hair + found.skin < _FLESH:
        return Finding(reason="occluded", marks=marks[:1])
    return Finding(found.covered, _share_error(found, _FOREHEAD_ERROR), marks=marks)


def _hidden(found: Mix) -> Missing | None:
    if found.seen < _SEEN:
        return "out_of_frame"
    return "occluded" if found.hat > _HAT else None


def _share_error(found: Mix, least: float) -> float:
    return float(np.hypot(least, _DOUBT_ERROR * found.doubt))


def hair_above_collar(subject: Subject, head: HeadMap, hair: Lengths, view: From) -> Finding:
    """Return how far the lowest hair ends above the collar's top at the back, in cm.

    From the front the nape is hidden: hair that comes down beside the neck to the collar is seen, its absence is not.
    """
    lowest = hair.lowest_cm()
    if not np.isfinite(lowest):
        return Finding(reason="absent")
    collar, error = collar_top(subject, head, hair, behind=view == "back")
    value = collar - lowest
    error = float(np.hypot(np.hypot(error, _END_CM), _FAR * min(value, 0)))
    if view in ("front", "half"):
        return Finding(value, error, marks=head.marks(Part.HAIR)) if value < -0.5 else Finding(reason="view")
    return Finding(value, error, marks=head.marks(Part.HAIR))


def hair_tied(hair: Lengths, view: From, loose: Finding) -> Finding:
    """Return the probability that long hair is held together behind the head.

    Told from the side or from behind by how narrow hair below the nape is; ``absent`` where none hangs so low. From the
    front only hair that hangs loose tells anything.
    """
    if view == "front":
        if loose.value is not None and loose.reason is None and loose.value > 0.5:
            return replace(loose, value=1 - loose.value)
        return Finding(reason="view")
    if hair.area_below(hair.shoulder_cm) < _LEAST_HAIR_CM2:
        return Finding(reason="absent")
    width = hair.width_at(hair.shoulder_cm)
    return probable(float(1 / (1 + np.exp((width - _TAIL_CM) / _TAIL_SOFT))), 0.2)


def _loose_behind(hair: Lengths, head: HeadMap, band: float) -> Finding:
    """Return the probability of loose hair below the shoulders, seen from the side or from behind."""
    below = hair.lowest_cm() - hair.shoulder_cm
    wide = hair.width_at(hair.shoulder_cm) - _TAIL_CM
    odds = min(np.nan_to_num(below, nan=-30.0) - 1.0, wide) / _TAIL_SOFT
    return probable(float(1 / (1 + np.exp(-odds))), band, head.marks(Part.HAIR))


def hair_unnatural(subject: Subject, head: HeadMap, hair: Lengths) -> Finding:
    """Return the probability that the hair has a colour that does not grow."""
    import cv2

    beside_head = (head.cm[..., 1] < _CHIN_CM) & (np.abs(head.cm[..., 0]) < _BESIDE_CM)
    sure = (hair.hair & beside_head & (head.planes[Part.HAIR] > 0.6)).astype(np.uint8)
    here = cv2.erode(sure, np.ones((3, 3), np.uint8)) > 0
    cm2 = here.sum() / head.patch.px_per_cm**2
    if cm2 < _LEAST_COLOUR_CM2:
        seen = head.best[head.seen]
        hidden = (seen == Part.HEADWEAR).sum() > (seen == Part.HAIR).sum()
        return Finding(reason="occluded" if hidden else "absent")
    light = _light(subject, head)
    share = colour.dyed_share(head.patch.image[here], light)
    value = float(1 / (1 + np.exp(-(share - _DYED) / _DYED_SOFT)))
    return probable(value, _DYED_BAND, head.marks(Part.HAIR))


def _light(subject: Subject, head: HeadMap) -> Floats | None:
    """Return the colour of the light on the face, None where no skin is seen."""
    skin = head.seen & (head.planes[Part.SKIN] > 0.8)
    if subject.has_face:
        skin &= head.within(subject.face[list(FACE_OVAL), :2])
    pixels = head.patch.image[skin]
    return colour.light_of(pixels) if len(pixels) >= 30 else None


def shoulders_shown(hair: Lengths, head: HeadMap) -> bool:
    """Return whether the picture goes down past the shoulder line below the head."""
    rows = np.abs(hair.places_cm[..., 1] - (hair.shoulder_cm + 2.0)) < 1.0
    rows &= np.abs(head.cm[..., 0]) < 12
    return bool(rows.any() and head.seen[rows].mean() > 0.5)


def _marks(head: HeadMap, outline: Floats, own: HairOrSkin) -> tuple[Mark, ...]:
    """Return a region and the hair in it, to draw."""
    import cv2

    region = Mark("area", tuple((float(x), float(y)) for x, y in outline), "region")
    flesh = head.of(Part.HAIR, Part.SKIN, Part.EAR, Part.BEARD) > 0.5
    inside = head.within(outline) & flesh
    inside[inside] = own.hair(inside) > 0.5
    found, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_TC89_L1)
    parts = [head.patch.to_picture(part[:, 0].astype(float)) for part in found if len(part) > 2]
    return (region, *(Mark("area", tuple((float(x), float(y)) for x, y in part)) for part in parts))
