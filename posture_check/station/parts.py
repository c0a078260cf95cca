"""What the simulated person does when a step asks for something: which performance, seen from where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from posture_check.checklist.schema import CameraStep, Role
from posture_check.simulate.body import Body
from posture_check.simulate.gestures import gesturing, usual
from posture_check.simulate.performance import Performance
from posture_check.simulate.sitting import Sitting
from posture_check.simulate.squatting import squatting
from posture_check.simulate.standing import standing
from posture_check.simulate.transitions import sit_and_rise
from posture_check.simulate.walking import walking

_SEATED_S = 4.0
"""Of sitting that is worked out; whoever goes on sitting does these seconds to and fro."""

_FAULTS: dict[str, dict[str, dict[str, Any]]] = {
    "standing": {
        "ST-01": {"head_pitch_deg": 22.0},
        "ST-02": {"shoulder_tilt_deg": 7.0},
        "ST-03": {"trunk_lateral_deg": 8.0, "trunk_flexion_deg": 12.0, "shoulder_tilt_deg": -6.0},
        "ST-04": {"hips_aside_cm": 14.0},
        "ST-05": {"knee_left_deg": 28.0, "knee_right_deg": 28.0},
        "ST-06": {"hands": "front_left_over_right"},
        "ST-07": {"feet_angle_deg": 98.0},
        "ST-10": {"hands": "hips"},
        "ST-11": {"hands": "crossed"},
        "ST-12": {"hands": "pockets"},
        "ST-13": {"hips_aside_cm": 24.0, "trunk_lateral_deg": 15.0, "shoulder_tilt_deg": -2.0, "leaning": True},
        "ST-14": {"sway_cm": 8.0, "sway_hz": 0.6},
    },
    "sitting": {
        "SI-02": {"seat_fraction": 0.42},
        "SI-04": {"head_pitch_deg": 25.0},
        "SI-05": {"shoulder_tilt_deg": 8.0},
        "SI-08": {"crossed": "knee"},
        "SI-09": {"knee_gap_cm": 36.0},
        "SI-11": {"trunk_flexion_deg": 27.0, "head_pitch_deg": 32.0},
        "SI-12": {"jitter_cm": 3.0},
    },
    "walking": {
        "WA-01": {"lean_deg": 14.0, "look_deg": 60.0},
        "WA-02": {"arm_swing_deg": 12.0},
        "WA-03": {"uneven": 0.16},
        "WA-06": {"lean_deg": 14.0, "sway_cm": 12.0},
        "WA-08": {"clamped": "left"},
    },
    "gesture": {
        "GE-01": {"hand": "spread"},
        "GE-04": {"hand": "index", "palm_up_deg": -12.0},
        "GE-05": {"palm_up_deg": -85.0},
    },
    "squatting": {
        "SQ-04": {"hip_minus_knee_cm": 40.0, "trunk_lean_deg": 75.0, "front_shank_deg": 8.0},
    },
}  # fmt: skip
"""By family and clause: how the model performance is changed so that the clause is not kept."""

BODY_FAULTS = tuple(clause for family in _FAULTS.values() for clause in family)

_GESTURES = {
    "GE-01": "pointing", "GE-02": "pointing", "GE-03": "inviting", "GE-04": "pointing", "GE-05": "pointing",
    "GE-06": "waving", "GE-08": "handing_over", "GE-09": "tray", "GE-10": "waving", "GE-11": "bow",
}  # fmt: skip
_YAW = {"front": 0.0, "left": 90.0, "side": 90.0, "right": -90.0, "back": 180.0, "oblique": 40.0, "any": 0.0}
_DISTANCE_M = {"body": 3.2, "upper": 2.1, "seated": 3.2}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the person does.

    Attributes
    ----------
    performance
        What they do.
    yaw_deg, distance_m
        From where they are seen.
    ahead_m
        How far ahead of there they start.
    again_s
        A movement that is over is done again after so many seconds; None is held as it is.
    stays_s
        What is held from its end on: the seconds from first to last to and fro; None goes on by itself.
    """

    performance: Performance
    yaw_deg: float = 0.0
    distance_m: float = 3.2
    ahead_m: float = 0.0
    again_s: float | None = None
    stays_s: tuple[float, float] | None = None

    def moment_s(self, since_s: float) -> float:
        """Return the moment of the performance that is shown so long after it began."""
        if self.again_s is not None:
            return since_s % self.again_s
        if self.stays_s is None or since_s <= self.stays_s[1]:
            return since_s
        first, last = self.stays_s
        back = (since_s - last) % (2 * (last - first))
        return last - back if back < last - first else first + back - (last - first)


def part_of(step: CameraStep | None, role: Role, faults: Iterable[str], body: Body) -> Part:
    """Return what the person does for a step; without one they stand as they should.

    Parameters
    ----------
    step
        What is asked.
    role
        As whom the person is checked.
    faults
        Clauses that are not kept.
    body
        Whose.
    """
    if step is None:
        return Part(standing(body=body))
    faults = tuple(faults)
    families = [family for family in step.postures if family in _PLAYED]
    # A gesture is made standing: where both are asked for, it is the gesture that has to be seen.
    family = "gesture" if "gesture" in families else families[0] if families else "standing"
    changed: dict[str, Any] = {}
    for clause in faults:
        changed |= _FAULTS.get(family, {}).get(clause, {})
    return _PLAYED[family](step, role, body, changed)


def concerns(step: CameraStep, clause: str) -> bool:
    """Tell whether a step judges a clause, so that a fault shows in it."""
    if step.clauses:
        return any(named == clause or named.startswith(f"{clause}.") for named in step.clauses)
    family = next((family for family, known in _FAULTS.items() if clause in known), "grooming")
    return family in step.postures


def _stands(step: CameraStep, role: Role, body: Body, changed: dict[str, Any]) -> Part:
    return Part(standing(body=body, **changed), _YAW[step.view], _DISTANCE_M[step.framing])


def _sits(step: CameraStep, role: Role, body: Body, changed: dict[str, Any]) -> Part:
    usual_b: dict[str, Any] = {"hands": "lap_right_over_left", "knee_gap_cm": 2.0} if role == "B" else {}
    seated = Sitting(body=body, **(usual_b | changed))
    # Somebody in a wheelchair or on a chair from the beginning does not sit down first.
    stand_s, down_s = (0.0, 0.0) if "seated" in step.variants and "usual" not in step.variants else (0.6, 1.8)
    played = sit_and_rise(
        body=body, sitting=seated if "crossed" not in changed else None,
        stand_s=stand_s, down_s=down_s, sit_s=_SEATED_S, rise_s=0.0, still_s=0.0, walk_s=0.0,
    )  # fmt: skip
    if "crossed" in changed:
        return Part(seated.performance(), _YAW[step.view], _DISTANCE_M[step.framing])
    down_at_s = stand_s + down_s
    stays_s = (down_at_s + 0.5, down_at_s + _SEATED_S - 0.1)
    return Part(played, _YAW[step.view], _DISTANCE_M[step.framing], stays_s=stays_s)


def _walks(step: CameraStep, role: Role, body: Body, changed: dict[str, Any]) -> Part:
    if step.view == "front":
        return Part(walking(body=body, duration_s=4.0, **changed), 0.0, 7.5, 0.0, 4.0)
    if step.view == "back":
        return Part(walking(body=body, duration_s=4.0, **changed), 180.0, 2.6, 0.0, 4.0)
    # They enter on one side and leave on the other.
    return Part(walking(body=body, duration_s=6.5, **changed), -90.0 if step.view == "right" else 90.0, 4.5, -3.6, 6.5)


def _gestures(step: CameraStep, role: Role, body: Body, changed: dict[str, Any]) -> Part:
    asked = [what for clause in step.clauses for start, what in _GESTURES.items() if clause.startswith(start)]
    what: Any = asked[0] if asked else "pointing"
    settings = {"start_s": 0.9, "stop_s": 5.4, **changed}
    played = gesturing(usual(what, **settings), body=body)
    yaw = 40.0 if what in ("handing_over", "tray") else 90.0 if what == "bow" else 10.0
    yaw = yaw if step.view in ("any", "front") else _YAW[step.view]
    return Part(played, yaw, 2.8, 0.0, 6.6)


def _squats(step: CameraStep, role: Role, body: Body, changed: dict[str, Any]) -> Part:
    played = squatting(body=body, **changed)
    return Part(played, _YAW[step.view], 3.2, 0.0, played.duration_s + 1.0)


_PLAYED: dict[str, Callable[[CameraStep, Role, Body, dict[str, Any]], Part]] = {
    "standing": _stands,
    "sitting": _sits,
    "walking": _walks,
    "gesture": _gestures,
    "squatting": _squats,
    "expression": _stands,
}
