"""The marks of dress and hair: where it was looked, what was found there, and what it was held against.

What was read of the pixels is drawn where it was read, on the frames about the one that shows it best; on the others
the person has moved, and the marks move with the landmarks nearest to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from posture_check.landmarks.findings import Finding, Findings
from posture_check.landmarks.findings import Mark as FoundMark
from posture_check.landmarks.track import Track
from posture_check.reports.body_marks import Figure
from posture_check.reports.draw import WHITE, Floats, Pen
from posture_check.reports.text import Colour
from posture_check.rules.result import Check, Verdict

SHOWN_S = 1.0
"""Marks are shown from so long before the frame they were read from until so long after."""

READ_BY: dict[str, tuple[str, ...]] = {
    "HA-01": ("forehead_covered",),
    "HA-02": ("ears_covered",),
    "HA-03": ("hair_above_collar", "long_hair_down"),
    "HA-04.tied": ("hair_tied",),
    "HA-04.loose": ("long_hair_down",),
    "HA-04.ears": ("ears_covered",),
    "HA-04": ("hair_tied", "long_hair_down"),
    "HA-05": ("bald",),
    "HA-06": ("hair_unnatural",),
    "BE-01": ("beard",),
    "TI-01": ("tie_worn",),
    "TI-01.issued": ("issued_tie", "tie_worn"),
    "TI-02": ("knot_offset",),
    "TI-03": ("tie_tip",),
    "SC-01": ("scarf_worn", "bow_worn"),
    "SC-01.scarf": ("scarf_worn",),
    "SC-01.bow": ("bow_worn",),
    "SC-01.issued": ("issued_scarf", "scarf_worn", "bow_worn"),
    "BD-01": ("badge_worn",),
    "BD-01.side": ("badge_side",),
    "BD-01.upright": ("badge_tilt",),
    "BD-01.front": ("badge_front",),
    "BD-01.issued": ("issued_badge", "badge_worn"),
    "SU-01": ("issued_uniform",),
    "SU-02": ("forearm_bare",),
    "SU-04": ("upper_arm_bare", "leg_bare"),
    "SU-04.arms": ("upper_arm_bare",),
    "SU-04.legs": ("leg_bare",),
    "SH-01": ("shoe_black", "shoe_lightness"),
}
"""Findings whose marks show a rule or, failing that, a clause: the first that has any."""

_TOLD = ("deg", "cm", "share")
"""Units of the values that labels tell."""
_FILL = {Verdict.FAIL: 0.45, Verdict.BORDERLINE: 0.35, Verdict.PASS: 0.22}
_NEAREST = 3


def findings_at(track: Track, time_s: float, scale: float) -> Findings:
    """Return the findings whose marks can be shown at a time, with these in pixels of the drawing.

    Parameters
    ----------
    track
        The person.
    time_s
        Seconds since the first frame of the source.
    scale
        Pixels of the drawing per pixel of the track.
    """
    shown: dict[str, Finding] = {}
    for name, finding in track.findings.items():
        then = finding.evidence_s
        if then is None or not finding.marks or abs(then - time_s) > SHOWN_S:
            continue
        moved = _moved(track, then, time_s)
        marks = (replace(mark, points=_points(_shifted(mark, moved), track.size, scale)) for mark in finding.marks)
        shown[name] = replace(finding, marks=tuple(marks))
    return shown


def mark_dress(pen: Pen, figure: Figure, check: Check, colour: Colour, *, right: bool = True) -> Floats:
    """Draw what a check of dress or hair rests on.

    Returns
    -------
    The middle of what was found, else of where it was looked; of several the one further to the right, or left.
    """
    marks = _marks_of(check, figure.findings)
    if check.verdict is Verdict.PASS and check.unit == "probability" and any(mark.role == "found" for mark in marks):
        marks = tuple(mark for mark in marks if mark.role != "region")  # what was looked for was found
    for mark in sorted(marks, key=lambda m: ("region", "found", "reference").index(m.role)):
        _draw(pen, mark, check.verdict, colour)
    found = [mark for mark in marks if mark.role == "found"] or [mark for mark in marks if mark.role == "region"]
    if not found:
        return np.full(2, np.nan)
    middles = np.array([np.asarray(mark.points, float).mean(axis=0) for mark in found])
    return np.asarray(middles[(np.argmax if right else np.argmin)(middles[:, 0])])


DRESS_ON_FAILURE = frozenset({"HA-04", "HA-05", "HA-06", "BE-01", "SC-01", "SU-01", "SU-02", "SU-04", "SH-01"})
"""Clauses that are drawn only where something is wrong."""


def shows_dress(check: Check) -> bool:
    """Return whether a check is about dress and hair."""
    return check.posture == "grooming"


def when_shown(check: Check) -> tuple[float, float] | None:
    """Return from when to when a video shows what a check of dress rests on, in seconds; None of any other check."""
    if not shows_dress(check) or check.evidence_s is None:
        return None
    return check.evidence_s - SHOWN_S, check.evidence_s + SHOWN_S


def one_label_each(checks: Sequence[Check]) -> list[bool]:
    """Return which checks are labelled: of a clause with several that are fine without a figure to tell, one."""
    told = {c.clause for c in checks if shows_dress(c) and (c.verdict is not Verdict.PASS or c.unit in _TOLD)}
    wanted = []
    for check in checks:
        plain = shows_dress(check) and check.verdict is Verdict.PASS and check.unit not in _TOLD
        wanted.append(not plain or check.clause not in told)
        told |= {check.clause} if plain else set()
    return wanted


def _marks_of(check: Check, findings: Findings) -> tuple[FoundMark, ...]:
    names = READ_BY.get(check.rule, READ_BY.get(check.clause, ()))
    return next((findings[name].marks for name in names if name in findings and findings[name].marks), ())


def _draw(pen: Pen, mark: FoundMark, verdict: Verdict, colour: Colour) -> None:
    points = np.asarray(mark.points, float)
    if mark.kind == "point":
        pen.dot(points[0], 2.2, WHITE if mark.role == "reference" else colour)
    elif mark.role == "reference":
        closed = points if mark.kind == "line" else np.concatenate([points, points[:1]])
        for a, b in pairwise(closed):
            pen.dashed(a, b, WHITE, 1.2)
    elif mark.kind == "line":
        pen.path(points, colour, 1.8)
    else:
        if mark.role == "found":
            fill(pen, points, colour, _FILL.get(verdict, 0.22))
        pen.path(np.concatenate([points, points[:1]]), colour, 1.2 if mark.role == "found" else 0.6)


def fill(pen: Pen, outline: Floats, colour: Colour, opacity: float) -> None:
    """Fill a closed outline ``(n, 2)`` in pixels, letting the picture shine through; cut off at its edges."""
    import cv2

    height, width = pen.image.shape[:2]
    left, top = np.clip(np.floor(outline.min(axis=0)), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(outline.max(axis=0)) + 1, 0, (width, height)).astype(int)
    if len(outline) < 3 or left >= right or top >= bottom:
        return
    mask = np.zeros((bottom - top, right - left), np.uint8)
    corners = np.round(outline - (left, top)).clip(-(1 << 15), 1 << 15).astype(np.int32)
    cv2.fillPoly(mask, [corners], 1)
    under = pen.image[top:bottom, left:right]
    covered = mask > 0
    under[covered] = ((1 - opacity) * under[covered] + opacity * np.asarray(colour, float) + 0.5).astype(np.uint8)


def _moved(track: Track, then: float, now: float) -> tuple[Floats, Floats]:
    """Return the landmarks ``(n, 2)`` at one time and how far they have moved by another; those known at both."""
    at = [int(np.argmin(np.abs(track.time_s - time_s))) for time_s in (then, now)]
    before, after = (track.xy[i].astype(float) for i in at)
    known = np.isfinite(before).all(axis=1) & np.isfinite(after).all(axis=1)
    return before[known], (after - before)[known]


def _shifted(mark: FoundMark, moved: tuple[Floats, Floats]) -> Floats:
    points = np.asarray(mark.points, float)
    landmarks, shift = moved
    if not len(landmarks):
        return points
    off = np.linalg.norm(landmarks - points.mean(axis=0), axis=1)
    return np.asarray(points + shift[np.argsort(off)[:_NEAREST]].mean(axis=0))


def _points(points: Floats, size: tuple[int, int], scale: float) -> tuple[tuple[float, float], ...]:
    """Return points ``(n, 2)`` of the picture in pixels of the drawing; what lies outside comes to lie at the edge."""
    return tuple((float(x), float(y)) for x, y in np.clip(points, 0, size) * scale)
