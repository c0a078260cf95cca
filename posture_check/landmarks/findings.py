"""What was found of a person's dress and hair in the picture: plain facts that a track carries along.

Pixels are gone when rules are judged, so whatever grooming reads from them is written down here, by the name of the
measure in ``rules.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Missing = Literal["view", "out_of_frame", "occluded", "too_small", "too_dark", "uncertain", "absent", "not_enrolled"]
"""Why a figure has no say: names of :class:`posture_check.rules.result.Reason`. ``absent``: there is nothing to judge
(no tie, so no knot)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of the picture that shows why.

    Attributes
    ----------
    kind
        ``area`` is a closed outline, ``line`` an open one, ``point`` a single place.
    points
        ``(x, y)`` in pixels of the upright picture.
    role
        What it stands for: ``region`` where it was looked for, ``found`` what was found there, ``reference`` what it is
        held against.
    """

    kind: Literal["area", "line", "point"]
    points: tuple[tuple[float, float], ...]
    role: Literal["region", "found", "reference"] = "found"


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure read from a picture, or from several by vote.

    Attributes
    ----------
    value
        In the unit of the measure of that name; None where there is none. A figure that is too uncertain to decide
        keeps its value beside its reason.
    error
        One standard error, or for the probability of a classifier half the band in which it does not commit itself.
    reason
        Why it has no say; None where it has.
    frames
        Number of frames it rests on.
    evidence_s
        Time of the frame that shows it best, None before that is known.
    marks
        What to draw on that frame.
    """

    value: float | None = None
    error: float | None = None
    reason: Missing | None = None
    frames: int = 1
    evidence_s: float | None = None
    marks: tuple[Mark, ...] = ()


Findings = Mapping[str, Finding]
"""Findings of one person by the name of the measure."""


def missing(reason: Missing, *names: str) -> dict[str, Finding]:
    """Return that none of these could be told, for the same reason."""
    return {name: Finding(reason=reason) for name in names}


def to_plain(findings: Findings) -> dict[str, Any]:
    """Return findings as what JSON can hold; what a finding does not have is left out."""
    return {name: _plain(finding) for name, finding in findings.items()}


def from_plain(plain: Mapping[str, Any]) -> dict[str, Finding]:
    """Return the findings that :func:`to_plain` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it did not write them.
    """
    return {str(name): _finding(dict(kept)) for name, kept in dict(plain).items()}


def _plain(finding: Finding) -> dict[str, Any]:
    kept: dict[str, Any] = {"frames": finding.frames}
    for name in ("value", "error", "evidence_s"):
        if getattr(finding, name) is not None:
            kept[name] = float(getattr(finding, name))
    if finding.reason is not None:
        kept["reason"] = finding.reason
    if finding.marks:
        # A tenth of a pixel is finer than anything that is drawn.
        kept["marks"] = [[m.kind, m.role, [[round(float(v), 1) for v in p] for p in m.points]] for m in finding.marks]
    return kept


def _finding(kept: Mapping[str, Any]) -> Finding:
    reason = kept.get("reason")
    if reason is not None and reason not in get_args(Missing):
        raise ValueError(f"no such reason: {reason}")
    numbers = {name: float(kept[name]) for name in ("value", "error", "evidence_s") if name in kept}
    marks = tuple(Mark(kind, tuple((p[0], p[1]) for p in points), role) for kind, role, points in kept.get("marks", ()))
    return Finding(reason=reason, frames=int(kept["frames"]), marks=marks, **numbers)
