"""The clause verdicts that the truth implies.

A clause clearly inside its limit is labelled ``pass``, clearly outside ``fail``; near the limit it has no
label. The bands are the house limits' own ("labelled pass / fail").
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from posture_check.simulate.stance import arm_states
from posture_check.simulate.truth import Truth

Role = Literal["A", "B"]
Labels = dict[str, Literal["pass", "fail"]]

# (largest labelled pass, smallest labelled fail) of the magnitude of each measure.
_BANDS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "ST-01": (("head_pitch_deg", 9, 14), ("head_yaw_deg", 10, 16), ("head_roll_deg", 6, 9)),
    "ST-02": (("shoulder_tilt_deg", 2.5, 4),),
    "ST-03": (("trunk_lean_fore_rel_deg", 5, 8), ("trunk_lean_side_deg", 3, 5)),
    "ST-04": (("hip_off_support_cm", 2, 6),),
}


def implied_labels(truth: Truth, role: Role = "A", leaning: bool = False) -> Labels:
    """Return the verdict of every standing clause that the truth decides.

    Parameters
    ----------
    truth
        Exact measures of a standing person.
    role
        Which of the standard's variants applies.
    leaning
        Whether the person leans on something (ST-13).
    """
    n = truth.numbers
    out: dict[str, bool | None] = {
        clause: _all(_within(abs(n[name]), good, bad) for name, good, bad in bands) for clause, bands in _BANDS.items()
    }
    bend = 180 - min(n["knee_left_deg"], n["knee_right_deg"])
    out["ST-05"] = _within(bend, 12, 20)
    out |= _feet(truth)
    states = arm_states(truth.hands)
    for clause, state in (("ST-10", "hip"), ("ST-11", "crossed"), ("ST-12", "pocket")):
        out[clause] = state not in states
    allowed = {"sides", "front_right_over_left"} | ({"behind"} if role == "A" else set())
    out["ST-06"] = truth.hands in allowed
    out["ST-13"] = not leaning
    knees = max(n["knee_osc_pp_cm_left"], n["knee_osc_pp_cm_right"])
    out["ST-14"] = _all([_within(n["sway_lateral_pp_cm"], 3, 5), _within(knees, 3, 4)])
    return {clause: "pass" if held else "fail" for clause, held in sorted(out.items()) if held is not None}


def _feet(truth: Truth) -> dict[str, bool | None]:
    n = truth.numbers
    if truth.feet == "v":
        angle, gap = _within(abs(n["feet_angle_deg"] - 60), 12, 18), _within(n["heel_gap_cm"], 3, 5)
        return {"ST-07": _all([angle, gap])}
    if truth.feet == "fist":
        return {"ST-07.fist": _all([_within(abs(n["toe_gap_cm"] - 10), 2, 4), _within(n["heel_gap_cm"], 3, 5)])}
    if truth.feet == "parallel":
        gap, angle = _within(n["ankle_gap_over_shoulder"], 1.0, 1.06), _within(n["feet_angle_deg"], 20, 30)
        return {"ST-08": _all([gap, angle])}
    return {"ST-09": True} if truth.feet == "t" else {}


def _within(value: float, good: float, bad: float) -> bool | None:
    return True if value <= good else False if value >= bad else None


def _all(parts: Iterable[bool | None]) -> bool | None:
    found = list(parts)
    return False if False in found else None if None in found else True
