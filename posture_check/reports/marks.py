"""Where on the body each check is shown: the line, angle or place that it measured.

A mark draws what was looked at, at one moment, in the colour of the check's verdict, and returns where its
label belongs. A clause without a mark is told on the panel alone, so a new posture needs a row in ``MARKS``
at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from posture_check.landmarks.names import L
from posture_check.landmarks.track import ARM_STATES
from posture_check.reports.draw import COLOURS, LIKELY, WHITE, Floats, Pen, chip_size, draw_chip
from posture_check.reports.text import Colour
from posture_check.reports.wording import Lang, value_text
from posture_check.rules.result import Check, Verdict


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
    """

    points: Floats
    visibility: Floats
    trail: Floats
    arms: Floats | None = None

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


def _sides(check: Check) -> tuple[str, ...]:
    """Return the sides that a check is about, from its rule's name."""
    side = check.rule.partition(".")[2]
    return (side.upper(),) if side in ("left", "right") else ("LEFT", "RIGHT")


def _arms_at_fault(figure: Figure, check: Check) -> tuple[str, ...]:
    """Return the sides whose arm does what the check forbids; both where that is not known."""
    state = _ARM_STATE_OF.get(check.clause)
    if state is None or figure.arms is None:
        return _sides(check)
    share = figure.arms[:, ARM_STATES.index(state)]
    return tuple(side for side, one in zip(("LEFT", "RIGHT"), share, strict=True) if one >= 0.35) or _sides(check)


def _head(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
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


def _neck(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the line from the shoulders to the ears, against the vertical over the shoulders."""
    shoulders, ears = figure.mid(L.LEFT_SHOULDER, L.RIGHT_SHOULDER), figure.mid(L.LEFT_EAR, L.RIGHT_EAR)
    length = float(np.linalg.norm(ears - shoulders))
    pen.dashed(shoulders, shoulders + length * _VERTICAL)
    pen.line(shoulders, ears, colour, 2.0)
    pen.arc(shoulders, shoulders + _VERTICAL, ears, 0.6 * length, colour)
    return np.asarray(ears)


def _shoulders(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the shoulder line, against the horizontal through its middle."""
    left, right = figure.points[L.LEFT_SHOULDER], figure.points[L.RIGHT_SHOULDER]
    middle, half = (left + right) / 2, 0.75 * (left - right)
    level = np.array([np.linalg.norm(half) * np.sign(half[0] or 1.0), 0.0])
    pen.dashed(middle - level, middle + level)
    pen.line(middle - half, middle + half, colour, 2.2)
    return np.asarray(middle + half)


def _trunk(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the trunk's axis, against the vertical over the hips, with the angle between them."""
    hips, shoulders = figure.mid(L.LEFT_HIP, L.RIGHT_HIP), figure.mid(L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    length = 1.15 * float(np.linalg.norm(shoulders - hips))
    top = hips + 1.15 * (shoulders - hips)
    pen.dashed(hips, hips + length * _VERTICAL)
    pen.line(hips, top, colour, 2.2)
    pen.arc(hips, hips + _VERTICAL, top, 0.62 * length, colour)
    return np.asarray(hips + 0.5 * (shoulders - hips))


def _weight(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
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


def _knees(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw thigh and shank, with the angle at the knee."""
    knees = []
    for side in _sides(check):
        hip, knee, ankle = (figure.points[L[f"{side}_{joint}"]] for joint in ("HIP", "KNEE", "ANKLE"))
        pen.line(hip + 0.5 * (knee - hip), knee, colour, 2.0)
        pen.line(knee, knee + 0.5 * (ankle - knee), colour, 2.0)
        pen.arc(knee, hip, ankle, 0.17 * float(np.linalg.norm(knee - hip)), colour)
        knees.append(knee)
    return np.asarray(knees[0])


def _feet(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
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


def _heels(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the gap between the heels."""
    left, right = figure.points[L.LEFT_HEEL], figure.points[L.RIGHT_HEEL]
    pen.line(left, right, colour, 2.4)
    return np.asarray((left + right) / 2)


def _toes(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the gap between the toes."""
    left, right = figure.points[L.LEFT_FOOT_INDEX], figure.points[L.RIGHT_FOOT_INDEX]
    pen.line(left, right, colour, 2.4)
    return np.asarray(left if left[0] > right[0] else right)


def _ankles(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the gap between the ankles."""
    left, right = figure.points[L.LEFT_ANKLE], figure.points[L.RIGHT_ANKLE]
    pen.line(left, right, colour, 2.4)
    return np.asarray(left if left[0] > right[0] else right)


def _hands(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
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


def _sway(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the way that the middle of the shoulders went."""
    pen.path(figure.trail, colour, 1.2)
    return np.asarray(figure.mid(L.LEFT_SHOULDER, L.RIGHT_SHOULDER))


def _mouth(pen: Pen, figure: Figure, check: Check, colour: Colour) -> Floats:
    """Draw the line between the corners of the mouth."""
    left, right = figure.points[L.MOUTH_LEFT], figure.points[L.MOUTH_RIGHT]
    pen.line(left, right, colour, 1.2)
    return np.asarray(left)


MARKS: dict[str, Mark] = {
    "ST-01": _head,
    "ST-01.neck": _neck,
    "ST-02": _shoulders,
    "ST-03": _trunk,
    "ST-04": _weight,
    "ST-05": _knees,
    "ST-06": _hands,
    "ST-07": _feet,
    "ST-07.heels": _heels,
    "ST-07.toes": _toes,
    "ST-08": _feet,
    "ST-08.gap": _ankles,
    "ST-09": _feet,
    "ST-10": _hands,
    "ST-11": _hands,
    "ST-12": _hands,
    "ST-13": _trunk,
    "ST-14": _sway,
    "ST-14.knees": _knees,
    "ST-15": _mouth,
}
"""By rule or, failing that, by clause."""

ON_FAILURE = frozenset({"ST-06", "ST-10", "ST-11", "ST-12", "ST-13", "ST-14", "ST-15"})
"""Clauses that are drawn only where something is wrong: rings about hands that do nothing would be noise."""


_HEAD_TO_FOOT = ("_head", "_mouth", "_neck", "_shoulders", "_sway", "_trunk", "_hands", "_knees", "_weight")
"""Fixed order of the labels, so that they do not change places while a person moves; feet come last."""


def draw_checks(
    pen: Pen, figure: Figure, checks: Iterable[Check], lang: Lang, chip_px: int, *, right: bool = True
) -> None:
    """Draw the marks of all checks of one person, what is wrong on top, and their labels beside the figure.

    Parameters
    ----------
    pen
        Draws on the picture.
    figure
        The person now.
    checks
        The person's checks that are judged now.
    lang
        Language of the labels.
    chip_px
        Size of the labels' text in pixels.
    right
        On which side of the figure the labels stand.
    """
    labels: list[tuple[int, Check, Floats]] = []
    for check in sorted(checks, key=lambda c: (c.verdict is Verdict.FAIL, c.verdict is Verdict.BORDERLINE)):
        mark = _mark(check)
        if mark is not None:
            anchor = mark(pen, figure, check, COLOURS[check.verdict])
            if np.isfinite(anchor).all():
                labels.append((_rank(mark), check, anchor))
    labels.sort(key=lambda label: (label[0], label[1].rule))
    _draw_labels(pen, figure, [(check, anchor) for _, check, anchor in labels], lang, chip_px, right)


def _mark(check: Check) -> Mark | None:
    harmless = check.clause in ON_FAILURE and check.verdict is Verdict.PASS
    if check.verdict is Verdict.NOT_ASSESSED or harmless:
        return None
    return MARKS.get(check.rule, MARKS.get(check.clause))


def _rank(mark: Mark) -> int:
    name = getattr(mark, "__name__", "")
    return _HEAD_TO_FOOT.index(name) if name in _HEAD_TO_FOOT else len(_HEAD_TO_FOOT)


def _draw_labels(
    pen: Pen, figure: Figure, labels: list[tuple[Check, Floats]], lang: Lang, px: int, right: bool
) -> None:
    """Put each label near the height of its mark, beside the body, none over another."""
    left_edge, _, right_edge, _ = figure.box()
    if not labels or not np.isfinite(left_edge):
        return
    height, width = pen.image.shape[:2]
    texts = [label_text(check, lang) for check, _ in labels]
    sizes = [chip_size(text, px) for text in texts]
    wanted = [float(anchor[1]) - size[1] / 2 for (_, anchor), size in zip(labels, sizes, strict=True)]
    tops = spread(wanted, sizes[0][1] + px // 3, height)
    gap = round(1.5 * px)
    for (check, anchor), text, size, top in zip(labels, texts, sizes, tops, strict=True):
        x = right_edge + gap if right else left_edge - gap - size[0]
        at = (round(min(max(x, px // 3), width - size[0] - px // 3)), round(top))
        near = np.array([at[0] if right else at[0] + size[0], at[1] + size[1] / 2])
        pen.line(near, anchor, WHITE, 0.5, outline=False)
        draw_chip(pen.image, check.verdict, text, at, px)


def label_text(check: Check, lang: Lang) -> str:
    """Return the label of a mark: the clause, which the panel explains, and the value without its error."""
    value = value_text(check, lang, error=False) if check.unit in ("deg", "cm") else ""
    return f"{check.clause}  {value}".strip()


def spread(wanted: list[float], step: float, height: float) -> list[float]:
    """Return tops close to the wanted ones, in the same order, at least ``step`` apart and inside ``height``.

    Parameters
    ----------
    wanted
        Tops in pixels.
    step
        Least distance in pixels.
    height
        Height of the picture in pixels; where it is too low for all, the last ones leave it.
    """
    tops: list[float] = []
    for top in wanted:
        tops.append(max(top, 2.0, tops[-1] + step if tops else 2.0))
    limit = height - step
    for i in range(len(tops) - 1, -1, -1):
        tops[i] = max(min(tops[i], limit), 2.0 + i * step)
        limit = tops[i] - step
    return tops
