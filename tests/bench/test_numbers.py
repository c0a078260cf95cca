"""What is true of the measures of every posture but standing, and what documents say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.footage import all_cases
from bench.numbers import FIGURES, Figure, figure_rows, gesturing_arm, stated
from posture_check.rules.result import Figure as Beside

from .conftest import MakeOutcome, make_case, make_check


def _figure(name: str) -> Figure:
    return next(f for f in FIGURES if f.name == name)


@pytest.mark.parametrize(("yaw", "near"), [(90, 31.0), (-80, 44.0)])
def test_the_near_arm_is_the_one_on_the_cameras_side(yaw: float, near: float) -> None:
    numbers = {"arm_left_whole_total_deg": 31.0, "arm_right_whole_total_deg": 44.0}
    case = make_case(family="rendered-walking", numbers=numbers, yaw_deg=yaw)
    far = ({31.0, 44.0} - {near}).pop()
    assert _figure("arm-near").true(case) == near
    assert _figure("arm-far").true(case) == far
    assert _figure("arm-near").seen(case)
    assert not _figure("arm-front").seen(case)


def test_how_often_a_knee_at_rest_moves_is_not_known() -> None:
    numbers = {
        "knee_osc_pp_cm_left": 0.1,
        "knee_osc_hz_left": 0.3,
        "knee_osc_pp_cm_right": 2.2,
        "knee_osc_hz_right": 5.0,
    }
    shaken = make_case(family="rendered-sitting", numbers=numbers, yaw_deg=0)
    still = make_case(family="rendered-sitting", numbers=numbers | {"knee_osc_pp_cm_right": 0.2}, yaw_deg=0)
    assert _figure("jitter-hz").true(shaken) == 5.0
    assert _figure("jitter-hz").true(still) is None
    assert _figure("jitter-cm").true(still) == 0.2


def test_a_gesture_is_read_on_the_arm_that_is_held_out() -> None:
    case = make_case(numbers={"arm_out_left_deg": 12.0, "arm_out_right_deg": 80.0})
    assert gesturing_arm(case) == "right"


def test_values_come_from_checks_and_from_what_is_told_beside_them(make_outcome: MakeOutcome) -> None:
    beside = {"neck_lean": Beside(value=12.0, error=3.0, unit="deg")}
    outcome = make_outcome(make_case(), make_check("ST-02", "pass", value=1.5, error=0.4, figures=beside))
    assert outcome.result is not None
    assert stated(outcome.result) == {"shoulder_tilt": (1.5, 0.4), "neck_lean": (12.0, 3.0)}


def test_readings_are_held_against_their_own_errors(make_outcome: MakeOutcome) -> None:
    def outcome(name: str, value: float) -> object:
        case = make_case(name, "rendered-sitting", numbers={"shoulder_tilt_deg": 1.0}, yaw_deg=0.0)
        return make_outcome(case, make_check("SI-05", "pass", value=value, error=0.5))

    rows = figure_rows([outcome("a", 1.2), outcome("b", 1.9), outcome("c", 4.0)], "none")  # type: ignore[list-item]
    row = next(r for r in rows if r.figure.name == "seated-shoulder-tilt")
    assert row.errors is not None
    assert (row.cases, row.errors.n) == (3, 3)
    assert row.within_one == pytest.approx(1 / 3)
    assert row.errors.coverage == pytest.approx(2 / 3)
    assert row.worst[0].case == "c"


def test_a_measure_that_does_not_exist_is_no_error(make_outcome: MakeOutcome) -> None:
    figure = Figure("x", "rendered-sitting", ("no_such_measure",), "deg", "head_roll_deg")
    assert not figure.exists
    assert all(r.errors is None for r in figure_rows([make_outcome(make_case(family=figure.family))], "none"))


def test_every_true_number_is_in_the_footage(footage: Path) -> None:
    cases = [case for case in all_cases(footage) if case.rendered]
    for figure in FIGURES:
        mine = [case for case in cases if case.family == figure.family and figure.seen(case)]
        assert any(figure.true(case) is not None for case in mine), figure.name
