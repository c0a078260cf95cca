"""How far hair reaches down: its profile below the head, against the lines of the collar and of the shoulders.

Heights are centimetres down the upright picture, the way hair falls, from the middle of the shoulder landmarks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.hair_or_skin import HairOrSkin
from posture_check.grooming.hair_regions import SIDE_DEG
from posture_check.grooming.headmap import SIZE_CM, HeadMap, Part
from posture_check.grooming.subject import Subject
from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

COLLAR, COLLAR_SD_CM = 0.477, 1.3
SHOULDER, SHOULDER_SD_CM = 0.294, 0.9
"""Heights of the collar's top at the back, and of the shoulders where the neck goes over into them, as shares of the
height of the eyes above the shoulder landmarks of the pose, and how much they vary (96 rendered people of ten builds;
the collars of 410 portraits lie at the same share)."""
COLLAR_FROM_BEHIND = 0.51
_CLOTH_BELOW_COLLAR_CM, _CLOTH_BELOW_FROM_BEHIND_CM, _CLOTH_SD_CM = 1.0, 2.0, 1.4
"""How far the first clothing that shows beside the neck lies below the collar's top at the back (the same people; from
behind eleven of them)."""
_SAME_COLLAR_CM = 3.5
"""Clothing that begins farther than this from where the shoulders put the collar is not its top: hair or a chin hides
it."""
_BEFORE_EAR_CM = 2.0
"""From the side, what lies farther before the ear and below the eyes is face."""
STEP_CM = 0.5
_TOP_CM, _STEPS = -45.0, 180
_EYES_CM = (13.0, 32.0)
"""Least and most height of an adult's eyes above the shoulder landmarks (of 1,930 pictures with a face 98 % lie in it;
from behind and from the side 16.8-24.5 cm, but 11 cm on a head of which the pose took the temple for the face)."""
_STRAND_CM = 1.0
"""A row of hair narrower than this is a stray wisp."""
_NECK_CM = 7.0
"""Half the width in which a collar is looked for beside the middle of the neck."""


@dataclass(frozen=True)
class Lengths:
    """Hair of one head by height.

    Attributes
    ----------
    hair
        ``(h, w)`` pixels of the head map that are hair hanging together with the head's.
    places_cm
        ``(h, w, 2)`` see :func:`places`.
    width_cm
        ``(steps,)`` width of hair in each step of height.
    shoulder_cm
        Height of the shoulder line.
    """

    hair: Mask
    places_cm: Floats
    width_cm: Floats
    shoulder_cm: float

    def lowest_cm(self) -> float:
        """Return the height at which the hair ends, NaN without hair."""
        rows = np.nonzero(self.width_cm >= _STRAND_CM)[0]
        return float(_TOP_CM + STEP_CM * (rows[-1] + 1)) if len(rows) else float("nan")

    def width_at(self, height_cm: float) -> float:
        """Return how wide the hair is within 1 cm of a height, summed over both sides of the neck."""
        middle = _TOP_CM + STEP_CM * (np.arange(_STEPS) + 0.5)
        near = np.abs(middle - height_cm) <= 1.0
        return float(self.width_cm[near].mean()) if near.any() else 0.0

    def area_below(self, height_cm: float) -> float:
        """Return the area of hair below a height, in square centimetres."""
        top = _TOP_CM + STEP_CM * np.arange(_STEPS)
        return float(STEP_CM * self.width_cm[top >= height_cm].sum())


def lengths(subject: Subject, head: HeadMap) -> Lengths:
    """Return the hair of a head by height."""
    hair = (head.planes[Part.HAIR] > 0.5) & head.seen
    if not subject.has_face:  # from the side
        hair[hair] = HairOrSkin(subject, head).hair(hair) > 0.5
    hair = hanging(head, hair)
    at = places(subject, head)
    hair &= behind_face(subject, head)
    return Lengths(hair, at, profile(at[..., 1], hair), SHOULDER * eyes_cm(subject))


def sized(subject: Subject) -> bool:
    """Return whether the scale can be believed: without a face mesh the pose may be mistaken about the head's size."""
    return subject.has_face or _EYES_CM[0] < -eyes_cm(subject) < _EYES_CM[1]


def eyes_cm(subject: Subject) -> float:
    """Return the height of the eyes: negative, as they are above the shoulders."""
    eyes = (subject.pose[L.LEFT_EYE, 1] + subject.pose[L.RIGHT_EYE, 1]) / 2
    return float((eyes - subject.trunk.origin[1]) / subject.trunk.px_per_cm)


def places(subject: Subject, head: HeadMap) -> Floats:
    """Return where ``(h, w, 2)`` each pixel of a head map lies, right and down from the middle of the shoulders."""
    last = head.planes.shape[1] - 1
    corners = head.patch.to_picture(np.array([[0.0, 0.0], [last, 0.0], [0.0, last]]))
    first, right, down = (corners - subject.trunk.origin) / subject.trunk.px_per_cm
    steps = np.linspace(0, 1, last + 1)[:, None]
    return np.asarray(first + (steps * (right - first))[None] + (steps * (down - first))[:, None])


def profile(height: Floats, here: Mask) -> Floats:
    """Return the width in cm ``(steps,)`` of an area in each step of height."""
    across, down = height[0, 1] - height[0, 0], height[1, 0] - height[0, 0]
    cell = float(across**2 + down**2)
    rows = np.clip((height[here] - _TOP_CM) / STEP_CM, 0, _STEPS - 1).astype(int)
    return np.asarray(np.bincount(rows, minlength=_STEPS) * cell / STEP_CM)


def hanging(head: HeadMap, hair: Mask) -> Mask:
    """Return the part of what is hair ``(h, w)`` that hangs together with that on the head; specks are none."""
    import cv2

    count, labels = cv2.connectedComponents(hair.astype(np.uint8), connectivity=8)
    if count <= 1:
        return np.asarray(hair)
    x, y = head.cm[..., 0], head.cm[..., 1]
    on_head = hair & (np.abs(x) < 14) & (y > -16) & (y < 9)
    sizes = np.bincount(labels[on_head], minlength=count)
    sizes[0] = 0
    keep = sizes * (SIZE_CM / len(hair)) ** 2 >= 2.0
    keep[int(sizes.argmax())] |= bool(sizes.max())
    return np.asarray(keep[labels])


def behind_face(subject: Subject, head: HeadMap) -> Mask:
    """Return the pixels ``(h, w)`` that cannot be a face seen from the side, where no mesh tells it from hair."""
    ears = subject.pose[[L.LEFT_EAR, L.RIGHT_EAR], :2].astype(float).mean(0)
    ear, nose = subject.head.from_picture(ears), subject.head.from_picture(subject.pose[L.NOSE, :2].astype(float))
    if subject.has_face or not SIDE_DEG[0] < abs(subject.head_yaw_deg) <= SIDE_DEG[1]:
        return np.ones(head.seen.shape, bool)
    forward = (head.cm[..., 0] - ear[0]) * np.sign(nose[0] - ear[0])
    return np.asarray((forward < _BEFORE_EAR_CM) | (head.cm[..., 1] < 0))


def collar_top(subject: Subject, head: HeadMap, hair: Lengths, behind: bool = False) -> tuple[float, float]:
    """Return the height of the collar's top at the back of the neck, and its standard error, in cm.

    Where clothing begins below the neck tells it; where hair or a chin hides that, the shoulders do.
    """
    at = hair.places_cm
    ears = (subject.pose[L.LEFT_EAR, 0] + subject.pose[L.RIGHT_EAR, 0]) / 2
    neck = (float(ears) - subject.trunk.origin[0]) / subject.trunk.px_per_cm / 2
    beside = head.seen & (head.best == Part.CLOTHING) & (np.abs(at[..., 0] - neck) <= _NECK_CM)
    found = np.nonzero(profile(at[..., 1], beside) >= _STRAND_CM)[0]
    usual = (COLLAR_FROM_BEHIND if behind else COLLAR) * eyes_cm(subject)
    if len(found):
        top = _TOP_CM + STEP_CM * float(found[0]) - (_CLOTH_BELOW_FROM_BEHIND_CM if behind else _CLOTH_BELOW_COLLAR_CM)
        if abs(top - usual) < _SAME_COLLAR_CM:
            return (top + usual) / 2, float(np.hypot(COLLAR_SD_CM, _CLOTH_SD_CM)) / 2
    return usual, COLLAR_SD_CM
