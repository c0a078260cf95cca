"""What is wrong with the picture before anybody is judged: nobody, two people, too dark, too far, cut off, tilted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.checklist.schema import Framing
from posture_check.grooming.frames import DARK, Shot, assess
from posture_check.landmarks.glimpse import Glimpse
from posture_check.landmarks.names import L
from posture_check.landmarks.poses import BODY, body_extent

Floats = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]

RIVAL = 0.7
"""Somebody else who looks at least this large stands at most 1 / 0.7 times as far away: which of them is meant?"""
FAR_PX = 200.0
"""Stature in pixels; rules are judged from 160, and what sways about that limit would come and go."""
UPPER_FAR = 5.0
"""Pixels per centimetre in a close-up: 480 lines from the crown to the waist, some 90 cm. Of 90 portraits the coarsest
twentieth has 4-6."""
CHEST = 0.9
"""A badge hangs at most this many shoulder widths below the shoulders (some 33 cm)."""
TILT_DEG = 7.0
"""Nobody stands leaning by more: the centre of mass, 0.95 m above the floor, then lies 12 cm off the middle, outside of
closed feet. 30 standing people in the street are within 5.7 degrees of the picture's upright."""
BACKLIT, SHADED = 0.4, 100.0
"""Light of the face over that of what is about it, and its grey level, below both of which the light comes from behind.
Of 217 pictures two are below both, one against windows and one in the shade of a hat. Dark skin in good light is above
the one or the other: of 600 faces of all colours the fifth centile is 115."""
GLOOM = 2 * DARK
"""Seen from the side or from behind a head is dark by its hair: then it is dark where all about it is, too."""
_FEET = (L.LEFT_ANKLE, L.RIGHT_ANKLE, L.LEFT_HEEL, L.RIGHT_HEEL, L.LEFT_FOOT_INDEX, L.RIGHT_FOOT_INDEX)
_HEAD = (L.NOSE, L.LEFT_EYE, L.RIGHT_EYE, L.LEFT_EAR, L.RIGHT_EAR)


@dataclass(frozen=True, slots=True)
class Light:
    """The light on a person.

    Attributes
    ----------
    face
        Grey level, 0..255, that the brightest tenth of the face reaches.
    about
        Grey level of the brighter half of what is about head and shoulders.
    """

    face: float
    about: float


def light_of(image: Picture, person: Glimpse) -> tuple[Light, Shot]:
    """Return the light on a person and how well the frame shows head and chest."""
    shot = assess(image, person.pose, person.world)
    height, width = image.shape[:2]
    head = person.pose[list(_HEAD), :2].mean(0)
    span = max(float(np.linalg.norm(person.pose[L.LEFT_SHOULDER, :2] - person.pose[L.RIGHT_SHOULDER, :2])), 8.0)
    x0, x1 = np.clip([head[0] - 2 * span, head[0] + 2 * span], 0, width).astype(int)
    y0, y1 = np.clip([head[1] - span, head[1] + span], 0, height).astype(int)
    window = image[y0 : max(y1, y0 + 1) : 4, x0 : max(x1, x0 + 1) : 4]
    about = float(np.percentile(window.mean(-1), 75)) if window.size else 0.0
    return Light(shot.light, about), shot


def choose_subject(people: Sequence[Glimpse], size: tuple[int, int], before: int | None) -> int | None:
    """Return who is meant: who was it before, while still about as large as anybody; else the largest in the middle."""
    if not people:
        return None
    score = {p.person: body_extent(p.pose) * (1.0 - 0.5 * _off_centre(p, size)) for p in people}
    best = max(score, key=lambda number: score[number])
    if before in score and score[before] >= RIVAL * score[best]:
        return before
    return best


def rivals(people: Sequence[Glimpse], subject: int) -> list[int]:
    """Return who else could be meant."""
    own = next(body_extent(p.pose) for p in people if p.person == subject)
    return [p.person for p in people if p.person != subject and body_extent(p.pose) >= RIVAL * own]


def framing_fault(person: Glimpse, size: tuple[int, int], framing: Framing) -> str | None:
    """Return what is wrong with where a person is in the picture: far, near, head_cut, feet_cut, aside, or None."""
    width, height = size
    pose = person.pose
    head_px = float(np.linalg.norm(pose[[L.NOSE, L.LEFT_EYE, L.RIGHT_EYE], :2].mean(0) - _shoulders(pose)))
    if min(pose[list(_HEAD), 1]) - 0.6 * head_px < 0:
        return "head_cut"
    if framing == "upper":
        shoulders = pose[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], :2]
        chest = shoulders[:, 1].mean() + CHEST * np.linalg.norm(shoulders[0] - shoulders[1])
        outside = (shoulders[:, 0] < 0).any() or (shoulders[:, 0] >= width).any()
        return "near" if outside or chest >= height else None
    if (pose[list(_FEET), 1] >= height).any():
        return "feet_cut"
    if (pose[list(BODY), 0] < 0).any() or (pose[list(BODY), 0] >= width).any():
        return "aside"
    if framing == "body" and stature_px(pose) < FAR_PX:
        return "far"
    return None


def stature_px(pose: Floats) -> float:
    """Return about how many pixels tall a standing person is."""
    feet = pose[[L.LEFT_ANKLE, L.RIGHT_ANKLE], :2].mean(0)
    return float(np.linalg.norm(pose[[L.LEFT_EYE, L.RIGHT_EYE], :2].mean(0) - feet)) / 0.89


def tilt_deg(pose: Floats) -> float:
    """Return by how many degrees a standing person's long axis is off the picture's upright."""
    feet = pose[[L.LEFT_ANKLE, L.RIGHT_ANKLE], :2].mean(0)
    along = _shoulders(pose) - feet
    return float(np.degrees(np.arctan2(along[0], -along[1])))


def tilt_fault(person: Glimpse) -> str | None:
    """Return ``tilted`` if a standing person is askew in the picture by more than anybody can stand."""
    return "tilted" if abs(tilt_deg(person.pose)) > TILT_DEG else None


def light_fault(light: Light, shot: Shot, framing: Framing) -> str | None:
    """Return what is wrong with the light on the subject, or with how far away they are for a close look."""
    if framing == "upper" and shot.px_per_cm < UPPER_FAR:
        return "far"
    if shot.view not in ("front", "half"):
        return "dark" if light.face < DARK and light.about < GLOOM else None
    if light.face < SHADED and light.face < BACKLIT * light.about:
        return "backlit"
    return "dark" if light.face < DARK else None


def _shoulders(pose: Floats) -> Floats:
    return np.asarray(pose[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], :2].mean(0))


def _off_centre(person: Glimpse, size: tuple[int, int]) -> float:
    middle = float(person.pose[list(BODY), 0].mean())
    return min(abs(middle - size[0] / 2) / (size[0] / 2), 1.0)
