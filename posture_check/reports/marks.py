"""Where on the body each check is shown: the line, angle or place that it measured.

A mark draws what was looked at, at one moment, in the colour of the check's verdict, and returns where its
label belongs. A clause without a mark is told on the panel alone, so a new posture needs a row in ``MARKS``
at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np

from posture_check.reports.body_marks import (
    Figure,
    Mark,
    mark_ankles,
    mark_arm_swing,
    mark_elbows,
    mark_feet,
    mark_hands,
    mark_head,
    mark_heels,
    mark_knee_gap,
    mark_knees,
    mark_mouth,
    mark_neck,
    mark_raised_hand,
    mark_seat,
    mark_shanks,
    mark_shoulders,
    mark_sway,
    mark_toes,
    mark_trunk,
    mark_weight,
)
from posture_check.reports.draw import COLOURS, WHITE, Floats, Pen, chip_size, draw_chip
from posture_check.reports.grooming_marks import DRESS_ON_FAILURE, mark_dress, one_label_each, shows_dress
from posture_check.reports.wording import Lang, value_text
from posture_check.rules.result import Check, Verdict

MARKS: dict[str, Mark] = {
    "ST-01": mark_head,
    "ST-01.neck": mark_neck,
    "ST-02": mark_shoulders,
    "ST-03": mark_trunk,
    "ST-04": mark_weight,
    "ST-05": mark_knees,
    "ST-06": mark_hands,
    "ST-07": mark_feet,
    "ST-07.heels": mark_heels,
    "ST-07.toes": mark_toes,
    "ST-08": mark_feet,
    "ST-08.gap": mark_ankles,
    "ST-09": mark_feet,
    "ST-10": mark_hands,
    "ST-11": mark_hands,
    "ST-12": mark_hands,
    "ST-13": mark_trunk,
    "ST-14": mark_sway,
    "ST-14.knees": mark_knees,
    "ST-15": mark_mouth,
    "SI-01": mark_seat,
    "SI-02": mark_seat,
    "SI-03": mark_trunk,
    "SI-04": mark_head,
    "SI-05": mark_shoulders,
    "SI-06": mark_hands,
    "SI-07": mark_knee_gap,
    "SI-08": mark_knees,
    "SI-09": mark_knee_gap,
    "SI-10": mark_shanks,
    "SI-11": mark_trunk,
    "SI-12": mark_knee_gap,
    "WA-01": mark_head,
    "WA-01.lean": mark_trunk,
    "WA-02": mark_arm_swing,
    "WA-03": mark_heels,
    "WA-04": mark_heels,
    "WA-05": mark_heels,
    "WA-06": mark_trunk,
    "WA-08": mark_hands,
    "SQ-01": mark_heels,
    "SQ-02": mark_shanks,
    "SQ-03": mark_heels,
    "SQ-04": mark_trunk,
    "GE-01": mark_elbows,
    "GE-02": mark_raised_hand,
    "GE-03": mark_elbows,
    "GE-04": mark_raised_hand,
    "GE-05": mark_raised_hand,
    "GE-06": mark_raised_hand,
    "GE-07": mark_raised_hand,
    "GE-08": mark_hands,
    "GE-09": mark_elbows,
    "GE-10": mark_raised_hand,
    "GE-11": mark_trunk,
    "FA-01": mark_mouth,
    "FA-02": mark_head,
}
"""By rule or, failing that, by clause."""

ON_FAILURE = frozenset(
    {"ST-06", "ST-10", "ST-11", "ST-12", "ST-13", "ST-14", "ST-15"}
    | {"SI-01", "SI-03.chest", "SI-06", "SI-08", "SI-11", "SI-12", "WA-03", "WA-06", "WA-08"}
    | {"GE-02", "GE-04", "GE-05", "GE-06", "GE-07", "FA-01"}
    | DRESS_ON_FAILURE
)
"""Clauses and rules that are drawn only where something is wrong: rings about hands that do nothing would be noise."""


_HEAD_TO_FOOT = (
    "mark_head",
    "mark_mouth",
    "mark_neck",
    "mark_shoulders",
    "mark_sway",
    "mark_raised_hand",
    "mark_elbows",
    "mark_arm_swing",
    "mark_trunk",
    "mark_hands",
    "mark_seat",
    "mark_knee_gap",
    "mark_knees",
    "mark_shanks",
    "mark_weight",
)
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
        mark = _mark(check, right)
        if mark is not None:
            anchor = mark(pen, figure, check, COLOURS[check.verdict])
            if np.isfinite(anchor).all():
                labels.append((_rank(mark), check, anchor))
    labels.sort(key=lambda label: (label[0], label[1].rule))
    if any(shows_dress(check) for _, check, _ in labels):
        kept = one_label_each([check for _, check, _ in labels])
        labels = [label for label, keep in zip(labels, kept, strict=True) if keep]
        labels.sort(key=lambda label: float(label[2][1]))  # where dress is found differs from person to person
    _draw_labels(pen, figure, [(check, anchor) for _, check, anchor in labels], lang, chip_px, right)


def _mark(check: Check, right: bool) -> Mark | None:
    harmless = not ON_FAILURE.isdisjoint((check.clause, check.rule)) and check.verdict is Verdict.PASS
    if check.verdict is Verdict.NOT_ASSESSED or harmless:
        return None
    return partial(mark_dress, right=right) if shows_dress(check) else MARKS.get(check.rule, MARKS.get(check.clause))


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
    shown = check.unit in ("deg", "cm") or (check.unit == "share" and shows_dress(check))
    value = value_text(check, lang, error=False) if shown else ""
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
