"""What the truth of a rendered clip says of the measures of every posture but standing.

One line per figure: whose it is, which measures state it, what is true, and from where it is read. A measure that
this version does not have is reported as missing; nothing depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bench.footage import Case
from bench.reading import Outcome
from bench.score import Reading, Spread, spread
from bench.truth import is_front, is_side
from bench.views import far_side, near_side, rules
from posture_check.measures import MEASURES
from posture_check.rules.result import Result

Truth = Callable[[Case], float | None]
Stated = dict[str, tuple[float, float | None]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with an exact truth.

    Attributes
    ----------
    name
        As the tables and the limits call it.
    family
        Rendered clips it is read on.
    measures
        Names of the measures that state it; the first that a document states is taken. ``{near}``, ``{far}`` and
        ``{arm}`` stand for a side of the person: towards the camera, away from it, the arm that gestures.
    unit
        Of the measure and of the truth.
    number
        True number, with the same stand-ins, or how it follows from several.
    view
        ``side``, ``front`` or ``any``: from where it is read.
    truth
        How it follows; None takes ``number`` as it stands.
    factor
        Multiplies the true number, to have the measure's unit.
    scenarios
        Only clips made to show one of these; empty: all.
    """

    name: str
    family: str
    measures: tuple[str, ...]
    unit: str
    number: str
    view: str = "any"
    truth: Truth | None = None
    factor: float = 1.0
    scenarios: tuple[str, ...] = ()

    def true(self, case: Case) -> float | None:
        """Return what is true in a case, None where the figure says nothing there."""
        if self.scenarios and case.scenario not in self.scenarios:
            return None
        if self.truth is not None:
            return self.truth(case)
        found = case.numbers.get(_named(self.number, case))
        return None if found is None else self.factor * float(found)

    def seen(self, case: Case) -> bool:
        """Tell whether it is read from where a case's camera stands."""
        yaw = case.yaw_deg
        if yaw is None:
            return False
        return {"side": is_side(yaw), "front": is_front(yaw), "any": True}[self.view]

    def names(self, case: Case) -> tuple[str, ...]:
        """Return the names of its measures in a case."""
        return tuple(_named(name, case) for name in self.measures)

    @property
    def exists(self) -> bool:
        """Whether this version has one of its measures."""
        sides = ("left", "right")
        return any(_filled(name, side, side, side) in MEASURES for name in self.measures for side in sides)


def _filled(name: str, near: str, far: str, arm: str) -> str:
    return name.replace("{near}", near).replace("{far}", far).replace("{arm}", arm)


def _named(name: str, case: Case) -> str:
    yaw = case.yaw_deg or 0.0
    return _filled(name, near_side(yaw), far_side(yaw), gesturing_arm(case))


def gesturing_arm(case: Case) -> str:
    """Return the side of the arm that is held farther from the body."""
    out = {side: case.numbers.get(f"arm_out_{side}_deg") or 0.0 for side in ("left", "right")}
    return max(out, key=lambda side: out[side])


def _jitter_hz(case: Case) -> float | None:
    """Return how often the shaken knee moves: the true figure of a knee at rest is noise."""
    return float(case.numbers[f"knee_osc_hz_{_shaken(case)}"]) if _jitter_cm(case) >= 1.5 else None


def _jitter_cm(case: Case) -> float:
    return float(case.numbers.get(f"knee_osc_pp_cm_{_shaken(case)}") or 0.0)


def _shaken(case: Case) -> str:
    return max(("left", "right"), key=lambda side: case.numbers.get(f"knee_osc_pp_cm_{side}") or 0.0)


def _elbows(case: Case) -> float | None:
    return float(case.numbers["elbow_left_deg"] + case.numbers["elbow_right_deg"]) / 2


def _bow(case: Case) -> float | None:
    """Return the lean at the deepest against the same person upright."""
    n = case.numbers
    return float(n["trunk_lean_fore_max_deg"] - n["trunk_lean_fore_min_deg"])


def _bend(case: Case) -> float | None:
    """Return the mean bend of the four fingers, a straight finger's being 0."""
    fingers = case.numbers.get(f"finger_flex_{gesturing_arm(case)}_deg")
    return None if fingers is None else float(sum(fingers[1:]) / 4)


WALK, SIT, SQUAT, GESTURE = "rendered-walking", "rendered-sitting", "rendered-squatting", "rendered-gesture"
_OPEN = ("gest_show", "near_show", "gest_spread", "gest_palmdown", "gest_seat")
_SHOWN = (*_OPEN, "gest_finger", "gest_finger2")

FIGURES: tuple[Figure, ...] = (
    Figure("arm-near", WALK, ("arm_swing_{near}",), "deg", "arm_{near}_whole_total_deg", "side"),
    Figure("arm-far", WALK, ("arm_swing_{far}",), "deg", "arm_{far}_whole_total_deg", "side"),
    Figure("arm-front", WALK, ("arm_swing_{near}",), "deg", "arm_{near}_whole_total_deg", "front"),
    Figure("upper-arm-near", WALK, ("upper_arm_swing_{near}",), "deg", "arm_{near}_upper_total_deg", "side"),
    Figure("upper-arm-far", WALK, ("upper_arm_swing_{far}",), "deg", "arm_{far}_upper_total_deg", "side"),
    Figure("step-time", WALK, ("step_time",), "s", "step_time_mean_s"),
    Figure("step-time-cv", WALK, ("step_time_variation",), "ratio", "step_time_cv"),
    Figure("cadence", WALK, ("cadence",), "steps/min", "cadence_spm"),
    Figure("heel-toe-gap", WALK, ("heel_toe_gap",), "feet", "heel_toe_gap_fl", "side"),
    Figure("step-width", WALK, ("step_width",), "cm", "step_width_cm", "front"),
    Figure("inner-edge-gap", WALK, ("inner_edge_gap",), "cm", "inner_edge_gap_cm", "front"),
    Figure("head-yaw-range", WALK, ("head_turning",), "deg", "head_yaw_range_deg", "front"),
    Figure("speed", WALK, ("walking_speed",), "m/s", "speed_mps", "side"),
    Figure("walk-lean", WALK, ("walking_lean",), "deg", "trunk_lean_fore_rel_deg", "side"),
    Figure("walk-head-pitch", WALK, ("head_pitch",), "deg", "head_pitch_deg", "front"),
    Figure("seat-fraction", SIT, ("seat_fraction",), "ratio", "seat_fraction", "side"),
    Figure("knee-gap", SIT, ("knee_gap",), "cm", "knee_gap_cm", "front"),
    Figure("knee-gap-ratio", SIT, ("knee_gap_over_shoulders",), "ratio", "knee_gap_over_shoulder", "front"),
    Figure("seated-lean", SIT, ("trunk_lean_fore", "seated_lean_worst"), "deg", "trunk_lean_fore_rel_deg", "side"),
    Figure("shank", SIT, ("seated_shank",), "deg", "shank_forward_{near}_deg", "side"),
    Figure("jitter-hz", SIT, ("leg_jitter_rate",), "Hz", "knee_osc_hz of the shaken knee", "front", _jitter_hz),
    Figure("jitter-cm", SIT, ("leg_jitter",), "cm", "knee_osc_pp_cm, the larger", "any", _jitter_cm),
    Figure("seated-head-pitch", SIT, ("seated_head_pitch",), "deg", "head_pitch_deg", "front"),
    Figure("seated-head-roll", SIT, ("seated_head_roll",), "deg", "head_roll_deg", "front"),
    Figure("seated-shoulder-tilt", SIT, ("seated_shoulder_tilt",), "deg", "shoulder_tilt_deg", "front"),
    Figure("squat-foot-offset", SQUAT, ("squat_feet_apart",), "cm", "foot_offset_cm", "side"),
    Figure("squat-front-shank", SQUAT, ("squat_front_shank",), "deg", "front_shank_from_vertical_deg", "side"),
    Figure("squat-front-heel", SQUAT, ("squat_front_heel",), "cm", "front_heel_height_cm", "side"),
    Figure("squat-rear-heel", SQUAT, ("squat_rear_heel",), "cm", "rear_heel_height_cm", "side"),
    Figure("squat-hip-height", SQUAT, ("squat_hip_height",), "cm", "hip_minus_knee_height_cm", "side"),
    Figure("squat-lean", SQUAT, ("squat_trunk_lean",), "deg", "trunk_lean_key_deg", "side"),
    Figure("bow", GESTURE, ("bow_lean",), "deg", "trunk_lean_fore_max_deg - trunk_lean_fore_min_deg", "side", _bow,
           scenarios=("gest_bow",)),
    Figure("hand-face", GESTURE, ("hand_to_face",), "cm", "hand_face_dist_cm", "front",
           scenarios=("gest_face", "gest_face2")),
    Figure("hands-apart", GESTURE, ("hands_apart",), "cm", "wrist_gap_m", "front", factor=100.0,
           scenarios=("gest_hand2",)),
    Figure("finger-spread", GESTURE, ("finger_spread",), "deg", "finger_spread_{arm}_deg", "front", scenarios=_OPEN),
    Figure("finger-bend", GESTURE, ("fingers_bent",), "deg", "finger_flex_{arm}_deg, mean of four", "front", _bend,
           scenarios=_OPEN),
    Figure("palm-up", GESTURE, ("palm_up",), "deg", "palm_up_deg_{arm}", "front", scenarios=_OPEN),
    Figure("thumb", GESTURE, ("thumb_apart",), "deg", "thumb_index_angle_{arm}_deg", "front", scenarios=_OPEN),
    Figure("elbow", GESTURE, ("elbow_angle",), "deg", "elbow_{arm}_deg", "front", scenarios=_SHOWN),
    Figure("tray-elbow", GESTURE, ("tray_elbow",), "deg", "mean of elbow_left_deg and elbow_right_deg", "any", _elbows,
           scenarios=("gest_tray",)),
)  # fmt: skip


@dataclass(slots=True)
class FigureRow:
    """Errors of one figure in one setting.

    Attributes
    ----------
    figure, setting
        Which.
    cases
        Clips on which it could be read.
    errors
        None where nothing was read.
    within_one
        Share of the values whose truth lies within one stated error.
    worst
        The readings farthest from their truth.
    """

    figure: Figure
    setting: str
    cases: int
    errors: Spread | None
    within_one: float | None
    worst: list[Reading] = field(default_factory=list)


def figure_rows(outcomes: Iterable[Outcome], setting: str) -> list[FigureRow]:
    """Return how far every figure is from its truth, over the outcomes of one setting."""
    part = [o for o in outcomes if o.setting == setting]
    return [_row(figure, part, setting) for figure in FIGURES if any(o.case.family == figure.family for o in part)]


def _row(figure: Figure, outcomes: list[Outcome], setting: str) -> FigureRow:
    mine = [o for o in outcomes if o.case.family == figure.family and figure.seen(o.case)]
    known = [o for o in mine if figure.true(o.case) is not None]
    found = list(_readings(figure, known))
    stated = [abs(r.value - r.truth) <= r.error for r in found if r.error is not None]
    return FigureRow(
        figure,
        setting,
        len(known),
        spread(found),
        sum(stated) / len(stated) if stated else None,
        sorted(found, key=lambda r: -abs(r.value - r.truth))[:3],
    )


def _readings(figure: Figure, outcomes: Iterable[Outcome]) -> Iterator[Reading]:
    for outcome in outcomes:
        truth = figure.true(outcome.case)
        if outcome.result is None or truth is None:
            continue
        values = stated(outcome.result)
        for name in figure.names(outcome.case):
            if name in values:
                value, error = values[name]
                yield Reading(outcome.case.name, value, truth, error)
                break


def stated(result: Result) -> Stated:
    """Return value and standard error of every measure that a document states, judged or beside a check."""
    found: Stated = {}
    shipped: Mapping[str, object] = rules()
    for check in result.checks:
        if check.value is not None and check.rule in shipped:
            name = rules()[check.rule].measure
            if name is not None:
                found.setdefault(name, (check.value, check.error))
        for name, beside in (check.figures or {}).items():
            found.setdefault(name, (beside.value, beside.error))
    return found
