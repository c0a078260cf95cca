"""What the truth of a rendered clip says about a rule: its number, its verdict, and where it shows.

Limits of the labels are those of the standard's house limits ("labelled pass / fail"): clearly inside is a
pass, clearly outside a fail, in between nothing is claimed. Standing is judged from the front, what leans or
bends fore and aft from the side; every other posture from where its own rules say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.views import far_side, judged_from, near_side

Numbers = Mapping[str, Any]

FRONT_DEG = 30.0
SIDE_DEG = (60.0, 120.0)
YAW_BINS: tuple[tuple[float, float], ...] = ((0, 10), (10, 20), (20, 30), (30, 60), (60, 120))
"""Bins of the camera's ``|yaw|`` in degrees, upper end excluded (the last one's included)."""

FEET = ("ST-07", "ST-08", "ST-09")
"""Alternatives: any one of them will do."""
ARMS = {"WA-02.near": near_side, "WA-02.far": far_side}
"""The swing of one arm, scored for itself: the far arm need not be judged, but what is said of it must be right."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A rule whose value has a true counterpart.

    Attributes
    ----------
    rule
        Id of the rule.
    number
        Name of the true number, for the reader.
    unit
        Unit of both.
    truth
        Takes the clip's true numbers and the camera's yaw; None where the number says nothing there.
    inside, outside
        Magnitudes (or, if ``inside`` is the larger, sizes) up to which the label is ``pass``, from which it
        is ``fail``; None where the clip's own label is the only one.
    """

    rule: str
    number: str
    unit: str
    truth: Callable[[Numbers, float], float | None]
    inside: float | None = None
    outside: float | None = None

    def label(self, numbers: Numbers, yaw_deg: float) -> str | None:
        """Return ``pass`` or ``fail``, or None close to the limit."""
        value = self.truth(numbers, yaw_deg)
        if value is None or self.inside is None or self.outside is None:
            return None
        if self.inside > self.outside:
            return "pass" if value >= self.inside else "fail" if value <= self.outside else None
        return "pass" if abs(value) <= self.inside else "fail" if abs(value) >= self.outside else None


def _number(name: str) -> Callable[[Numbers, float], float | None]:
    return lambda numbers, _yaw: numbers.get(name)


def _knee(numbers: Numbers, _yaw: float) -> float | None:
    both = [numbers.get("knee_left_deg"), numbers.get("knee_right_deg")]
    return None if None in both else min(both)  # type: ignore[type-var]  # None was excluded


def _sway(numbers: Numbers, yaw_deg: float) -> float | None:
    """Return the sway across the line of sight: a camera cannot tell the other one well."""
    return numbers.get("sway_fore_pp_cm" if is_side(yaw_deg) else "sway_lateral_pp_cm")


MEASURED: tuple[Measured, ...] = (
    Measured("ST-01.pitch", "head_pitch_deg", "deg", _number("head_pitch_deg"), 9, 14),
    Measured("ST-01.yaw", "head_yaw_deg", "deg", _number("head_yaw_deg"), 10, 16),
    Measured("ST-01.roll", "head_roll_deg", "deg", _number("head_roll_deg"), 6, 9),
    Measured("ST-02", "shoulder_tilt_deg", "deg", _number("shoulder_tilt_deg"), 2.5, 4),
    Measured("ST-03.side", "trunk_lean_side_deg", "deg", _number("trunk_lean_side_deg"), 3, 5),
    Measured("ST-03.fore", "trunk_lean_fore_rel_deg", "deg", _number("trunk_lean_fore_rel_deg"), 5, 8),
    Measured("ST-05", "min(knee_left_deg, knee_right_deg)", "deg", _knee, 168, 160),
    Measured("ST-07.opening", "feet_angle_deg", "deg", _number("feet_angle_deg")),
    Measured("ST-07.heels", "heel_gap_cm", "cm", _number("heel_gap_cm")),
    Measured("ST-08.gap", "ankle_gap_over_shoulder", "ratio", _number("ankle_gap_over_shoulder")),
    Measured("ST-14.sway", "sway_lateral_pp_cm (side view: fore)", "cm", _sway, 3, 5),
)


def is_front(yaw_deg: float) -> bool:
    """Tell whether the camera stands in front of the person."""
    return abs(yaw_deg) <= FRONT_DEG


def is_side(yaw_deg: float) -> bool:
    """Tell whether the camera stands beside the person."""
    return SIDE_DEG[0] <= abs(yaw_deg) <= SIDE_DEG[1]


def right_view(rule: str, yaw_deg: float) -> bool:
    """Tell whether a rule or a clause can be expected to be judged from there."""
    if rule in ARMS:
        return rule == "WA-02.near" and is_side(yaw_deg) and judged_from("WA-02", yaw_deg)
    if rule != "feet" and not rule.startswith("ST-"):
        return judged_from(rule, yaw_deg)
    if rule in ("ST-01.neck", "ST-03.fore") or rule.startswith("ST-05"):
        return is_side(yaw_deg)
    if rule == "ST-03":
        return is_front(yaw_deg) or is_side(yaw_deg)
    return is_front(yaw_deg)


def yaw_bin(yaw_deg: float) -> str | None:
    """Return the name of the yaw's bin, None beyond the last."""
    for low, high in YAW_BINS:
        if low <= abs(yaw_deg) < high or (high == YAW_BINS[-1][1] and abs(yaw_deg) == high):
            return f"{low:g}-{high:g}"
    return None


def clause_label(clause: str, labels: Mapping[str, str], numbers: Numbers, yaw_deg: float | None) -> str | None:
    """Return what the truth says of a clause as far as that view shows it: ``pass``, ``fail`` or None.

    ST-03 asks for two planes, and one camera sees one of them: from the front its label is that of the
    sideways lean, from the side that of the lean fore and aft. For ``feet`` any one of the three stances
    will do.
    """
    if clause in ARMS:
        return None if yaw_deg is None else labels.get(f"WA-02_{ARMS[clause](yaw_deg)}")
    if clause == "feet":
        return _feet_label(labels, numbers)
    if clause == "ST-03" and yaw_deg is not None and numbers:
        rule = "ST-03.fore" if is_side(yaw_deg) else "ST-03.side"
        return next(m for m in MEASURED if m.rule == rule).label(numbers, yaw_deg)
    return labels.get(clause)


def _feet_label(labels: Mapping[str, str], numbers: Numbers) -> str | None:
    known = [labels[clause] for clause in FEET if clause in labels]
    if "pass" in known:
        return "pass"
    if not known:
        return None
    # The clip was made for one stance; the others must be plainly missed too before the feet are wrong.
    parallel_missed = numbers["ankle_gap_over_shoulder"] > 1.06 or numbers["feet_angle_deg"] > 30
    vee_missed = abs(numbers["feet_angle_deg"] - 60) > 18 or numbers["heel_gap_cm"] > 5
    return "fail" if parallel_missed and vee_missed else None
