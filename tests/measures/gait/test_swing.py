"""Arm swing of the nearer arm, against the exact swing of a simulated person and hand-read angles of a real one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures import MEASURES
from posture_check.measures.gait.swing import SWINGS, arm_angle, find_swings
from posture_check.rules.evaluate import judge_rule
from posture_check.rules.gates import hint_for
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Reason, Verdict
from tests.measures.gait.walkers import backwards_in_time, fact, told, value_of, walk


@settings(max_examples=12)
@given(
    swing=floats(4, 70),
    yaw=sampled_from([75.0, 90.0, 105.0, -80.0, -95.0]),
    stature=floats(1.5, 1.9),
    lean=floats(-3, 8),
    step_s=floats(0.45, 0.65),
    fps=sampled_from([12.0, 25.0, 30.0]),
)
def test_excursion_of_the_near_arm(
    swing: float, yaw: float, stature: float, lean: float, step_s: float, fps: float
) -> None:
    body, seen = walk(yaw, arm_swing_deg=swing, stature_m=stature, lean_deg=lean, step_time_s=step_s, fps=fps)
    side = "left" if yaw > 0 else "right"
    for arm, true in ((f"arm_swing_{side}", "whole"), (f"upper_arm_swing_{side}", "upper")):
        value = told(arm, body)
        assert value.frames >= SWINGS
        assert value.value == pytest.approx(fact(seen, f"arm_{side}_{true}_total_deg"), abs=2 * value.error)


def test_forward_and_backward_make_the_whole() -> None:
    body, seen = walk(90.0, arm_swing_deg=40.0)
    forward, backward, total = (told(f"arm_{name}_left", body) for name in ("forward", "backward", "swing"))
    assert forward.value + backward.value == pytest.approx(total.value, abs=1.5)
    assert forward.value == pytest.approx(fact(seen, "arm_left_whole_forward_deg"), abs=2 * forward.error)
    assert backward.value == pytest.approx(fact(seen, "arm_left_whole_backward_deg"), abs=2 * backward.error)


def test_an_arm_that_hangs_still_has_a_small_swing_not_none() -> None:
    body, _ = walk(90.0, arm_swing_deg=0.0)
    value = told("arm_swing_left", body)
    assert value.value < 5


def test_a_cut_swing_does_not_count() -> None:
    # From one extreme to the middle of the next swing: there is one whole swing and a half.
    body, _ = walk(90.0, arm_swing_deg=40.0, step_time_s=0.6, noise_px=0.1)
    angle = arm_angle(body, "LEFT", "WRIST")
    top = 60 + int(np.argmax(angle[60:96]))
    part = body.slice(top, top + 18 + 9)
    assert len(find_swings(part, "LEFT", "WRIST").at) <= 1


def test_walking_backwards_has_no_swing() -> None:
    body, _ = walk(90.0)
    assert value_of("arm_swing_left", body) is not None
    assert value_of("arm_swing_left", backwards_in_time(body)) is None


def test_from_the_front_nothing_is_told() -> None:
    body, _ = walk(0.0)
    assert not np.isfinite(MEASURES["arm_swing_left"].function(body).value).any()
    assert not np.isfinite(MEASURES["arm_swing_right"].function(body).value).any()


@pytest.mark.parametrize("seconds", [1.2, 1.6])
def test_fewer_than_four_swings_are_not_judged(seconds: float) -> None:
    body, _ = walk(90.0, step_time_s=0.6)
    assert len(find_swings(body.slice(40, 40 + int(30 * seconds)), "LEFT", "WRIST").at) < SWINGS


def test_the_far_arm_asks_for_the_other_side() -> None:
    body, _ = walk(90.0)
    outcomes = {rule.id: judge_rule(rule, body) for rule in load_rules().rules if rule.clause == "WA-02"}
    assert outcomes["WA-02.left"].verdict is not Verdict.NOT_ASSESSED
    assert outcomes["WA-02.right"].reason is Reason.VIEW
    hint = hint_for(Reason.VIEW, outcomes["WA-02.right"].rule)
    assert hint is not None
    assert "your right side" in hint.en


@pytest.mark.parametrize(("swing", "verdict"), [(12.0, Verdict.FAIL), (32.5, Verdict.PASS), (55.0, Verdict.FAIL)])
def test_verdict_of_the_swing(swing: float, verdict: Verdict) -> None:
    body, _ = walk(-90.0, arm_swing_deg=swing)
    rule = next(rule for rule in load_rules().rules if rule.id == "WA-02.right")
    outcome = judge_rule(rule, body.slice(30, len(body)))
    assert outcome.verdict is verdict
    assert set(outcome.figures) == set(rule.figures)
