"""The marks: how each measured line, angle or place is drawn on the body at one moment.

A mark draws in the colour of the check's verdict and returns the ``(2,)`` point that its label belongs to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from posture_check.landmarks.findings import Findings
from posture_check.landmarks.names import L
from posture_check.landmarks.track import ARM_STATES
from posture_check.reports.draw import LIKELY, Floats, Pen
from posture_check.reports.text import Colour
from posture_check.rules.result import Check


@dataclass(frozen=True, slots=True)
class Figure:
    """One person at one moment, in pixels of the picture that is drawn on.

    Attributes
    ----------
    points
        ``(33, 2)``, NaN where unknown.
    visibility
        ``(33,)`` in 0..1.
    trail
        ``(n, 2)`` midpoint of the shoulders up to now.
    arms
        ``(2, states)`` what each arm does, the person's left first, over the whole track; None if not looked at.
    findings
        What was read of dress and hair about this moment, with marks in pixels of this picture.
    """

    points: Floats
    visibility: Floats
    trail: Floats
    arms: Floats | None = None
    findings: Findings = field(default_factory=dict)

    def mid(self, a: int, b: int) -> Floats:
        """Return the midpoint of two landmarks."""
        return np.asarray((self.points[a] + self.points[b]) / 2)

    @property
    def scale(self) -> float:
        """Length of the trunk in pixels, by which marks are sized."""
        shoulders, hips = self.mid(L.LEFT_SHOULDER, L.RIGHT_SHOULDER), self.mid(L.LEFT_HIP, L.RIGHT_HIP)
        return float(np.linalg.norm(shoulders - hips))

    def box(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of the landmarks that are seen; NaN if there are none."""
        seen = self.points[(self.visibility >= LIKELY) & np.isfinite(self.points).all(axis=-1)]
        if not len(seen):
            return (np.nan,) * 4
        (left, top), (right, bottom) = seen.min(axis=0), seen.max(axis=0)
        return float(left), float(top), float(right), float(bottom)


Mark = Callable[[Pen, Figure, Check, Colour], Floats]
"""Draws a check and returns the ``(2,)`` point that its label belongs to."""

_ARM_STATE_OF = {"ST-10": "hip", "ST-12": "pocket"}
_VERTICAL = np.array([0.0, -1.0])


def sides(check: Check) -> tuple[str, ...]:
    """Return the sides that a check is about, from its rule's name."""
    side = check.rule.partition(".")[2]
    return (side.upper(),) if side in ("left", "right") else ("LEFT", "RIGHT")


def _arms_at_fault(figure: Figure, check: Check) -> tuple[str, ...]:
    """Return the sides whose arm does what the check forbids; both where that is not known."""
    state = _ARM_STATE_OF.get(check.clause)
    if state is None or figure.arms is None:
        return sides(check)
    share = figure.arms[:, ARM_STATES.index(state)]
    return tuple(side for side, one in zip(("LEFT", "RIGHT"), share, strict=True) if one >= 0.35) or sides(check)


def mark_head(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the line of the ears for a roll, else where the face points."""
    left, right, nose = (figure.points[i] for i in (L.LEFT_EAR, L.RIGHT_EAR, L.NOSE))
    middle = (left + right) / 2
    if check.rule.endswith("roll"):
        reach = 0.4 * (left - right)
        pen.line(left + reach, right - reach, colour)
        return np.asarray(left + reach)
    tip = middle + 2.2 * (nose - middle)
    pen.line(middle, tip, colour)
    pen.dot(tip, 1.6, colour)
    return np.asarray(tip)


def mark_neck(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the line from the shoulders to the ears, against the vertical over the shoulders."""
    shoulders, ears = figure.mid(L.LEFT_SHOULDER, L.RIGHT_SHOULDER), figure.mid(L.LEFT_EAR, L.RIGHT_EAR)
    length = float(np.linalg.norm(ears - shoulders))
    pen.dashed(shoulders, shoulders + length * _VERTICAL)
    pen.line(shoulders, ears, colour, 2.0)
    pen.arc(shoulders, shoulders + _VERTICAL, ears, 0.6 * length, colour)
    return np.asarray(ears)


def mark_shoulders(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the shoulder line, against the horizontal through its middle."""
    left, right = figure.points[L.LEFT_SHOULDER], figure.points[L.RIGHT_SHOULDER]
    middle, half = (left + right) / 2, 0.75 * (left - right)
    level = np.array([np.linalg.norm(half) * np.sign(half[0] or 1.0), 0.0])
    pen.dashed(middle - level, middle + level)
    pen.line(middle - half, middle + half, colour, 2.2)
    return np.asarray(middle + half)


def mark_trunk(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the trunk's axis, against the vertical over the hips, with the angle between them."""
    hips, shoulders = figure.mid(L.LEFT_HIP, L.RIGHT_HIP), figure.mid(L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    length = 1.15 * float(np.linalg.norm(shoulders - hips))
    top = hips + 1.15 * (shoulders - hips)
    pen.dashed(hips, hips + length * _VERTICAL)
    pen.line(hips, top, colour, 2.2)
    pen.arc(hips, hips + _VERTICAL, top, 0.62 * length, colour)
    return np.asarray(hips + 0.5 * (shoulders - hips))


def mark_weight(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the plumb line from the hips down to the line between the feet."""
    hips = figure.mid(L.LEFT_HIP, L.RIGHT_HIP)
    feet = [
        (figure.points[L[f"{side}_HEEL"]] + figure.points[L[f"{side}_FOOT_INDEX"]]) / 2 for side in ("LEFT", "RIGHT")
    ]
    foot = np.array([hips[0], (feet[0][1] + feet[1][1]) / 2])
    pen.line(feet[0], feet[1], colour, 1.2)
    pen.dashed(hips, foot)
    pen.dot(foot, 2.2, colour)
    return foot


def mark_knees(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw thigh and shank, with the angle at the knee."""
    knees = []
    for side in sides(check):
        hip, knee, ankle = (figure.points[L[f"{side}_{joint}"]] for joint in ("HIP", "KNEE", "ANKLE"))
        pen.line(hip + 0.5 * (knee - hip), knee, colour, 2.0)
        pen.line(knee, knee + 0.5 * (ankle - knee), colour, 2.0)
        pen.arc(knee, hip, ankle, 0.17 * float(np.linalg.norm(knee - hip)), colour)
        knees.append(knee)
    return np.asarray(knees[0])


def mark_feet(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw both feet, on until their lines meet behind the heels, with the angle of their opening."""
    heels, toes = ([figure.points[L[f"{side}_{end}"]] for side in ("LEFT", "RIGHT")] for end in ("HEEL", "FOOT_INDEX"))
    for heel, toe in zip(heels, toes, strict=True):
        pen.line(heel, toe + 0.35 * (toe - heel), colour, 2.4)
        pen.dot(heel, 1.6, colour)
    apex = _meeting(heels, toes)
    length = max(float(np.linalg.norm(toe - apex)) for toe in toes)
    if length < 6 * max(float(np.linalg.norm(toe - heel)) for heel, toe in zip(heels, toes, strict=True)):
        for heel in heels:
            pen.dashed(heel, apex, colour)
        pen.arc(apex, toes[0], toes[1], 1.05 * length, colour)
    return np.asarray(toes[0] if toes[0][0] > toes[1][0] else toes[1])


def _meeting(heels: list[Floats], toes: list[Floats]) -> Floats:
    """Return where the two foot lines meet, NaN where they run side by side."""
    directions = np.stack([toe - heel for heel, toe in zip(heels, toes, strict=True)])
    if not np.isfinite(directions).all() or abs(np.linalg.det(directions)) < 1e-6:
        return np.full(2, np.nan)
    along = np.linalg.solve(np.stack([directions[0], -directions[1]], axis=1), heels[1] - heels[0])
    return np.asarray(heels[0] + along[0] * directions[0])


def mark_heels(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the gap between the heels."""
    left, right = figure.points[L.LEFT_HEEL], figure.points[L.RIGHT_HEEL]
    pen.line(left, right, colour, 2.4)
    return np.asarray((left + right) / 2)


def mark_toes(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the gap between the toes."""
    left, right = figure.points[L.LEFT_FOOT_INDEX], figure.points[L.RIGHT_FOOT_INDEX]
    pen.line(left, right, colour, 2.4)
    return np.asarray(left if left[0] > right[0] else right)


def mark_ankles(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the gap between the ankles."""
    left, right = figure.points[L.LEFT_ANKLE], figure.points[L.RIGHT_ANKLE]
    pen.line(left, right, colour, 2.4)
    return np.asarray(left if left[0] > right[0] else right)


def mark_hands(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw upper arm and forearm, with a ring about the hand."""
    rings = []
    for side in _arms_at_fault(figure, check):
        shoulder, elbow, wrist, hand = (
            figure.points[L[f"{side}_{name}"]] for name in ("SHOULDER", "ELBOW", "WRIST", "INDEX")
        )
        pen.line(shoulder, elbow, colour, 1.8)
        pen.line(elbow, wrist, colour, 1.8)
        centre = wrist + 0.6 * (hand - wrist)
        pen.ring(centre, 0.17 * figure.scale, colour)
        rings.append(centre)
    return np.asarray(rings[0])


def mark_sway(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the way that the middle of the shoulders went."""
    pen.path(figure.trail, colour, 1.2)
    return np.asarray(figure.mid(L.LEFT_SHOULDER, L.RIGHT_SHOULDER))


def mark_mouth(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the line between the corners of the mouth."""
    left, right = figure.points[L.MOUTH_LEFT], figure.points[L.MOUTH_RIGHT]
    pen.line(left, right, colour, 1.2)
    return np.asarray(left)


def mark_arm_swing(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the whole arm, against the trunk's axis through the shoulder, with the angle between them."""
    hips, shoulders = figure.mid(L.LEFT_HIP, L.RIGHT_HIP), figure.mid(L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    anchors = []
    for side in sides(check):
        shoulder, wrist = figure.points[L[f"{side}_SHOULDER"]], figure.points[L[f"{side}_WRIST"]]
        axis = shoulder + 0.9 * (hips - shoulders)
        pen.dashed(shoulder, axis)
        pen.line(shoulder, wrist, colour, 2.2)
        pen.arc(shoulder, axis, wrist, 0.6 * figure.scale, colour)
        anchors.append(wrist)
    return np.asarray(anchors[0])


def mark_elbows(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw upper arm and forearm of the raised arm, with the angle at the elbow."""
    side = _raised(figure, check)
    shoulder, elbow, wrist = (figure.points[L[f"{side}_{joint}"]] for joint in ("SHOULDER", "ELBOW", "WRIST"))
    pen.line(shoulder, elbow, colour, 2.0)
    pen.line(elbow, wrist, colour, 2.0)
    pen.arc(elbow, shoulder, wrist, 0.2 * figure.scale, colour)
    return np.asarray(elbow)


def mark_raised_hand(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw a ring about the hand that is raised higher."""
    side = _raised(figure, check)
    wrist, hand = figure.points[L[f"{side}_WRIST"]], figure.points[L[f"{side}_INDEX"]]
    centre = wrist + 0.6 * (hand - wrist)
    pen.ring(centre, 0.2 * figure.scale, colour)
    return np.asarray(centre)


def _raised(figure: Figure, check: Check) -> str:
    """Return the side whose wrist is higher in the picture, of those that a check is about."""
    return min(sides(check), key=lambda side: np.nan_to_num(figure.points[L[f"{side}_WRIST"]][1], nan=np.inf))


def mark_knee_gap(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the gap between the knees."""
    left, right = figure.points[L.LEFT_KNEE], figure.points[L.RIGHT_KNEE]
    pen.line(left, right, colour, 2.4)
    return np.asarray((left + right) / 2)


def mark_shanks(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the shanks, against the vertical under each knee."""
    anchors = []
    for side in sides(check):
        knee, ankle = figure.points[L[f"{side}_KNEE"]], figure.points[L[f"{side}_ANKLE"]]
        length = float(np.linalg.norm(ankle - knee))
        pen.dashed(knee, knee - length * _VERTICAL)
        pen.line(knee, ankle, colour, 2.2)
        pen.arc(knee, knee - _VERTICAL, ankle, 0.5 * length, colour)
        anchors.append(knee + 0.5 * (ankle - knee))
    return np.asarray(anchors[0])


def mark_seat(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the thighs from the hips, whose place on the seat was measured."""
    hips, knees = figure.mid(L.LEFT_HIP, L.RIGHT_HIP), figure.mid(L.LEFT_KNEE, L.RIGHT_KNEE)
    pen.line(hips, knees, colour, 2.2)
    pen.dot(hips, 2.2, colour)
    return np.asarray(hips)
