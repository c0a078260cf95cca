"""How far hair reaches down: its profile below the head, against the lines of the collar and of the shoulders.

Heights are centimetres of the trunk's frame, measured downward from the shoulder landmarks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.headmap import SIZE_CM, HeadMap, Part
from posture_check.grooming.subject import Axes, Subject
from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

COLLAR_CM, COLLAR_SD_CM = -11.6, 1.4
"""Top of the collar at the back, and the top of the shoulders where the neck goes over into them, against the shoulder
landmarks of the pose, and how much that varies between people (rendered people of ten builds: 13.5 and 8.9 cm above the
shoulder joints, which the landmarks lie 1.8 cm above)."""
SHOULDER_CM, SHOULDER_SD_CM = -7.1, 1.3
STEP_CM = 0.5
_TOP_CM, _STEPS = -45.0, 180
_STRAND_CM = 1.0
"""A row of hair narrower than this is a stray wisp."""
_NECK_CM = 5.0
"""Half the width in which a collar is looked for beside the middle of the neck."""


@dataclass(frozen=True)
class Lengths:
    """Hair of one head by height.

    Attributes
    ----------
    hair
        ``(h, w)`` pixels of the head map that are hair hanging together with the head's.
    height_cm
        ``(h, w)`` how far each pixel lies below the shoulder landmarks.
    width_cm
        ``(steps,)`` width of hair in each step of height.
    clothing_cm
        ``(steps,)`` the same for clothing.
    """

    hair: Mask
    height_cm: Floats
    width_cm: Floats
    clothing_cm: Floats

    def lowest_cm(self) -> float:
        """Return the height at which the hair ends, NaN without hair."""
        rows = np.nonzero(self.width_cm >= _STRAND_CM)[0]
        return float(_TOP_CM + STEP_CM * (rows[-1] + 1)) if len(rows) else float("nan")

    def width_at(self, height_cm: float) -> float:
        """Return how wide the hair is, summed over both sides of the neck, at a height."""
        middle = _TOP_CM + STEP_CM * (np.arange(_STEPS) + 0.5)
        return float(np.interp(height_cm, middle, self.width_cm))

    def area_below(self, height_cm: float) -> float:
        """Return the area of hair below a height, in square centimetres."""
        top = _TOP_CM + STEP_CM * np.arange(_STEPS)
        return float(STEP_CM * self.width_cm[top >= height_cm].sum())


def lengths(subject: Subject, head: HeadMap) -> Lengths:
    """Return the hair of a head by height."""
    hair = hanging(head)
    height = heights(subject.trunk, head)
    return Lengths(hair, height, profile(height, hair), profile(height, head.seen & (head.best == Part.CLOTHING)))


def heights(trunk: Axes, head: HeadMap) -> Floats:
    """Return how far ``(h, w)`` each pixel of a head map lies below the origin of the trunk's frame."""
    size = head.planes.shape[1]
    corners = np.array([[0.0, 0.0], [size - 1.0, 0.0], [0.0, size - 1.0]])
    at = trunk.from_picture(head.patch.to_picture(corners))[:, 1]
    steps = np.arange(size) / (size - 1)
    return np.asarray(at[0] + (at[1] - at[0]) * steps[None] + (at[2] - at[0]) * steps[:, None])


def profile(height: Floats, here: Mask) -> Floats:
    """Return the width in cm ``(steps,)`` of an area in each step of height."""
    scale = abs(float(height[-1, 0] - height[0, 0])) / SIZE_CM  # of the trunk's frame against the head's
    cell = (SIZE_CM / len(height) * max(scale, 1e-6)) ** 2
    rows = np.clip((height[here] - _TOP_CM) / STEP_CM, 0, _STEPS - 1).astype(int)
    return np.asarray(np.bincount(rows, minlength=_STEPS) * cell / STEP_CM)


def hanging(head: HeadMap) -> Mask:
    """Return the hair ``(h, w)`` that hangs together with the hair on the head; specks elsewhere are none."""
    import cv2

    hair = (head.planes[Part.HAIR] > 0.5) & head.seen
    count, labels = cv2.connectedComponents(hair.astype(np.uint8), connectivity=8)
    if count <= 1:
        return hair
    x, y = head.cm[..., 0], head.cm[..., 1]
    on_head = hair & (np.abs(x) < 14) & (y > -16) & (y < 9)
    sizes = np.bincount(labels[on_head], minlength=count)
    sizes[0] = 0
    keep = sizes * (SIZE_CM / len(hair)) ** 2 >= 2.0
    keep[int(sizes.argmax())] |= bool(sizes.max())
    return np.asarray(keep[labels])


def neck_x(subject: Subject) -> float:
    """Return where the neck stands along the shoulders, in cm of the trunk's frame."""
    ears = (subject.pose[L.LEFT_EAR, :2] + subject.pose[L.RIGHT_EAR, :2]) / 2
    return float(subject.trunk.from_picture(ears.astype(float))[0]) / 2


def collar_top(subject: Subject, head: HeadMap) -> tuple[float, float]:
    """Return the height of the collar's top at the back of the neck, and its standard error, in cm.

    Where clothing begins below the neck tells it; where hair or a chin hides that, the shoulders do.
    """
    here = head.seen & (head.best == Part.CLOTHING)
    across = subject.trunk.from_picture(head.patch.to_picture(_grid(len(here))))[..., 0]
    beside = here & (np.abs(across - neck_x(subject)) <= _NECK_CM)
    rows = profile(heights(subject.trunk, head), beside)
    found = np.nonzero(rows >= _STRAND_CM)[0]
    if len(found):
        top = _TOP_CM + STEP_CM * float(found[0])
        if abs(top - COLLAR_CM) < 3.5:
            return top, 0.8
    return COLLAR_CM, COLLAR_SD_CM


def _grid(size: int) -> Floats:
    steps = np.arange(size, dtype=float)
    return np.stack(np.meshgrid(steps, steps), -1)
