"""Bare limbs: how much of a forearm, an upper arm or a leg is skin, row by row along the limb.

A strip along each limb of the pose is stretched upright. Every row of it is told to be skin, cloth, or something else
(hidden behind a bag, hair, the body), by a small network that sees how far each pixel is from the person's own face and
from the clothes on their trunk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.network import Network
from posture_check.grooming.patches import Patch, warp
from posture_check.grooming.skin import Skin, skin_of, tones
from posture_check.grooming.subject import Axes, Subject
from posture_check.landmarks.findings import Finding, Mark, Missing, missing
from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]
Part = Literal["forearm", "upper_arm", "thigh", "shank"]

ROWS, COLUMNS = 32, 24
BEYOND = (0.1, 0.2)
"""How far a strip goes on beyond the limb's ends, in limb lengths: past the wrist lies the hand, in the same light."""
HALF_WIDTH_CM: dict[Part, float] = {"forearm": 7.0, "upper_arm": 8.0, "thigh": 11.0, "shank": 9.0}
"""Half the width of a strip: the limb with a loose sleeve or trouser leg, and some of what lies beside it."""
ENDS: dict[Part, tuple[L, L]] = {
    "forearm": (L.LEFT_ELBOW, L.LEFT_WRIST),
    "upper_arm": (L.LEFT_SHOULDER, L.LEFT_ELBOW),
    "thigh": (L.LEFT_HIP, L.LEFT_KNEE),
    "shank": (L.LEFT_KNEE, L.LEFT_ANKLE),
}
PARTS: tuple[Part, ...] = ("forearm", "upper_arm", "thigh", "shank")
CLIP = 3.0
COUNTED = (0.05, 0.85)
"""Rows that count: a long sleeve's end, and a watch, lie in the last 15 % (4 cm) of the forearm."""
MIN_VISIBILITY = 0.5
"""Ends of a limb that the pose model holds for hidden with even odds or more are not judged."""
MIN_PX_PER_CM = 1.5
MIN_LENGTH_CM: dict[Part, float] = {"forearm": 9.0, "upper_arm": 11.0, "thigh": 14.0, "shank": 14.0}
"""A limb that looks shorter than about 0.4 of itself points at the camera."""
MIN_SHOWN = 0.5
"""Share of a limb's rows that must show it, not a bag or a body before it."""
MAX_ERROR = 0.3
"""A share less certain than this decides nothing."""
_TELLING: tuple[Missing | None, ...] = ("out_of_frame", "too_small", "view", "occluded")
"""Of several reasons the last of these is the one to tell: the limb came nearest to being judged."""
BASE_ERROR, DOUBT = 0.05, 1.5
"""Standard error of a share where every row is certain, and how much doubt over rows adds (held-out street photos)."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A limb, upright: from its upper end at the top.

    Attributes
    ----------
    part, side
        Which limb; side 0 is the person's left.
    patch
        The strip cut from the picture.
    planes
        ``(11, 32, 24)`` what the network sees: tones off the face's skin, tones off the trunk's cloth, whether in the
        picture, and which part of the body it is (four planes of 0 or 1).
    """

    part: Part
    side: int
    patch: Patch
    planes: Floats


def row_places() -> Floats:
    """Return where each row of a strip lies along the limb, ``(32,)``: 0 at its upper end, 1 at the lower."""
    whole = 1 + sum(BEYOND)
    return np.asarray((np.arange(ROWS) + 0.5) / ROWS * whole - BEYOND[0])


def strip(subject: Subject, skin: Skin, cloth: Floats, part: Part, side: int) -> Strip | None:
    """Cut the strip along a limb; None where it has no length.

    Parameters
    ----------
    subject
        The person.
    skin
        Their own skin.
    cloth
        ``(3,)`` tone of the clothes on their trunk.
    part, side
        Which limb; side 0 is the person's left.
    """
    upper, lower = (subject.pose[end + side, :2].astype(float) for end in ENDS[part])
    along = lower - upper
    length = float(np.linalg.norm(along))
    if length < 1.0:
        return None
    y = along / length
    half = HALF_WIDTH_CM[part] * subject.trunk.px_per_cm
    axes = Axes(upper, np.array([y[1], -y[0]]), y, 1.0)
    size = (2 * half, (1 + sum(BEYOND)) * length)
    patch = warp(subject.image, axes, (-half, -BEYOND[0] * length), size, (COLUMNS, ROWS))
    tone = tones(patch.image).transpose(2, 0, 1)
    kind = np.zeros((len(PARTS), ROWS, COLUMNS))
    kind[PARTS.index(part)] = 1
    inside = patch.inside[None].astype(float)
    skin_off, cloth_off = (np.clip(tone - ref[:, None, None], -CLIP, CLIP) * inside for ref in (skin.tone, cloth))
    return Strip(part, side, patch, np.concatenate([skin_off, cloth_off, inside, kind]).astype(np.float32))


def cloth_tone(subject: Subject) -> Floats:
    """Return the tone ``(3,)`` of the clothes on the person's trunk: the median of its middle."""
    corners = subject.pose[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], :2].astype(float)
    axes = subject.trunk
    width = float(np.linalg.norm(corners[0] - corners[1])) / axes.px_per_cm
    patch = warp(subject.image, axes, (-0.3 * width, 8.0), (0.6 * width, 30.0), (12, 24))
    seen = tones(patch.image)[patch.inside]
    return np.asarray(np.median(seen, 0) if len(seen) else np.zeros(3))


@dataclass(frozen=True, slots=True)
class Bare:
    """How much of a limb is bare.

    Attributes
    ----------
    share
        Share of skin among the rows that show the limb, 0..1; NaN where none does.
    error
        One standard error of it.
    shown
        Share of the rows that show the limb at all.
    """

    share: float
    error: float
    shown: float


def bare_share(chances: Floats, ends: tuple[float, float] = COUNTED) -> Bare:
    """Return how much of a limb is bare.

    Parameters
    ----------
    chances
        ``(3, 32)`` probabilities of each row: skin, cloth, something else.
    ends
        From where to where along the limb counts.
    """
    at = row_places()
    skin, cloth, _ = chances[:, (at >= ends[0]) & (at <= ends[1])]
    limb = skin + cloth
    shown = float(limb.mean())
    if shown < 1e-3:
        return Bare(np.nan, np.nan, shown)
    doubt = float((np.minimum(skin, cloth)).sum() / limb.sum())
    return Bare(float(skin.sum() / limb.sum()), float(np.hypot(BASE_ERROR, DOUBT * doubt)), shown)


class LimbReader:
    """Tells how much of a person's arms and legs is bare (``models/limbs.md``).

    Parameters
    ----------
    model
        Name of the network in ``models/``.
    """

    def __init__(self, model: str = "limbs") -> None:
        self._network = Network(model)

    def look(self, subject: Subject) -> dict[str, Finding]:
        """Return ``forearm_bare``, ``upper_arm_bare`` and ``leg_bare``: shares of skin, of the barest one that is seen.

        The last 15 % of the forearm, where a sleeve ends and a watch is worn, is not counted. A leg is thigh and shank
        together. Stockings of the skin's colour are told from skin only now and then.

        Parameters
        ----------
        subject
            The person.
        """
        skin = skin_of(subject)
        if skin is None:
            reason: Missing = "view" if not subject.has_face else "too_small"
            return missing(reason, "forearm_bare", "upper_arm_bare", "leg_bare")
        cloth = cloth_tone(subject)
        limbs = [_Limb(self._strip(subject, skin, cloth, part, side)) for part in PARTS for side in (0, 1)]
        seen = [limb.strip.planes for limb in limbs if isinstance(limb.strip, Strip)]
        chances = iter(self._network.run(np.stack(seen))[0]) if seen else iter(())
        for limb in limbs:
            if isinstance(limb.strip, Strip):
                limb.bare = bare_share(next(chances))
        arms = {f"{part}_bare": _worst([[limbs[i]], [limbs[i + 1]]]) for part, i in (("forearm", 0), ("upper_arm", 2))}
        return arms | {"leg_bare": _worst([[limbs[4], limbs[6]], [limbs[5], limbs[7]]])}

    @staticmethod
    def _strip(subject: Subject, skin: Skin, cloth: Floats, part: Part, side: int) -> Strip | Missing:
        """Return the strip of a limb, or why it cannot be judged."""
        ends = subject.pose[[end + side for end in ENDS[part]]]
        if not ((ends[:, :2] >= 0) & (ends[:, :2] < subject.size)).all():
            return "out_of_frame"
        if ends[:, 3].min() < MIN_VISIBILITY:
            return "occluded"
        if subject.trunk.px_per_cm < MIN_PX_PER_CM:
            return "too_small"
        if float(np.linalg.norm(ends[1, :2] - ends[0, :2])) < MIN_LENGTH_CM[part] * subject.trunk.px_per_cm:
            return "view"
        return strip(subject, skin, cloth, part, side) or "view"


@dataclass(slots=True)
class _Limb:
    """A limb's strip, or why there is none, and what was found in it."""

    strip: Strip | Missing
    bare: Bare | None = None

    @property
    def reason(self) -> Missing | None:
        """Why it has no say."""
        if not isinstance(self.strip, Strip):
            return self.strip
        return None if self.bare is not None and self.bare.shown >= MIN_SHOWN else "occluded"


def _worst(sides: list[list[_Limb]]) -> Finding:
    """Return the finding of the barer side of those that are wholly seen; each side is made of one or two limbs."""
    whole = [side for side in sides if all(limb.reason is None for limb in side)]
    if not whole:
        reasons = [limb.reason for side in sides for limb in side if limb.reason is not None]
        return Finding(reason=max(reasons, key=_TELLING.index))
    shares = [float(np.mean([limb.bare.share for limb in side if limb.bare])) for side in whole]
    errors = [float(np.hypot.reduce([limb.bare.error for limb in side if limb.bare])) / len(side) for side in whole]
    worst = int(np.argmax(shares))
    marks = tuple(_outline(limb.strip.patch) for limb in whole[worst] if isinstance(limb.strip, Strip))
    reason: Missing | None = "uncertain" if errors[worst] > MAX_ERROR else None
    return Finding(shares[worst], errors[worst], reason, marks=marks)


def _outline(patch: Patch) -> Mark:
    """Return the counted middle of a strip as an area of the picture."""
    at = row_places()
    rows = np.flatnonzero((at >= COUNTED[0]) & (at <= COUNTED[1]))[[0, -1]]
    left, right = COLUMNS / 4, 3 * COLUMNS / 4 - 1
    corners = np.array([(left, rows[0]), (right, rows[0]), (right, rows[1]), (left, rows[1])])
    return Mark("area", tuple((float(x), float(y)) for x, y in patch.to_picture(corners)), "region")
