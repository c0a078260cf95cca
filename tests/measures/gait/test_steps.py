"""Step time, evenness, length, width and speed against the exact figures of simulated walks."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures.body import Body
from posture_check.measures.scene import known_scene
from posture_check.rules.evaluate import judge_rule
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Verdict
from tests.measures.gait.walkers import backwards_in_time, fact, told, value_of, walk


@settings(max_examples=10)
@given(
    step_s=floats(0.42, 0.68),
    yaw=sampled_from([0.0, 45.0, 90.0, -90.0]),
    length=floats(0.45, 0.8),
)
def test_step_time_and_cadence(step_s: float, yaw: float, length: float) -> None:
    body, _ = walk(yaw, step_time_s=step_s, step_length_m=length)
    time, cadence = told("step_time", body), told("cadence", body)
    assert time.value == pytest.approx(step_s, abs=2 * time.error)
    assert cadence.value == pytest.approx(60 / step_s, abs=2 * cadence.error)


@pytest.mark.parametrize("uneven", [0.0, 0.05, 0.12, 0.2])
def test_variation_of_the_step_time(uneven: float) -> None:
    body, seen = walk(90.0, uneven=uneven, duration_s=5.0)
    value = told("step_time_variation", body)
    assert value.value == pytest.approx(fact(seen, "step_time_cv"), abs=2 * value.error)


@settings(max_examples=10)
@given(
    length=floats(0.42, 0.85),
    stature=floats(1.5, 1.9),
    yaw=sampled_from([75.0, 90.0, -90.0, -100.0]),
    calibrated=sampled_from([True, False]),
)
def test_gap_between_the_feet(length: float, stature: float, yaw: float, calibrated: bool) -> None:
    body, seen = walk(yaw, step_length_m=length, stature_m=stature)
    if not calibrated:
        # It needs neither camera nor stature: wrong ones change nothing.
        wrong = replace(body.scene.camera, hfov_deg=60.0, height_m=1.7, pitch_deg=9.0)
        body = Body(body.track, known_scene(wrong, 1.67))
    value = told("heel_toe_gap", body)
    assert value.value == pytest.approx(fact(seen, "heel_toe_gap_fl"), abs=2 * value.error)


def test_gap_between_the_feet_where_the_camera_goes_along() -> None:
    body, seen = walk(90.0, step_length_m=0.65)
    hips = body.middle(23, 24)[:, 0]
    image = body.track.image.copy()
    image[..., 0] -= (hips - hips[0])[:, None]
    value = told("heel_toe_gap", Body(replace(body.track, image=image), body.scene))
    assert value.value == pytest.approx(fact(seen, "heel_toe_gap_fl"), abs=2 * value.error)


@settings(max_examples=10)
@given(width=floats(0.02, 0.25), yaw=sampled_from([0.0, 15.0, -20.0]), stature=floats(1.55, 1.85))
def test_width_of_the_way(width: float, yaw: float, stature: float) -> None:
    body, seen = walk(yaw, step_width_m=width, stature_m=stature)
    value = told("step_width", body)
    assert value.value == pytest.approx(fact(seen, "step_width_cm"), abs=2 * value.error)
    inner = told("inner_edge_gap", body)
    assert value.value - inner.value == pytest.approx(7.0)


@settings(max_examples=8)
@given(yaw=sampled_from([0.0, 40.0, 90.0, -90.0]), length=floats(0.45, 0.8), step_s=floats(0.45, 0.65))
def test_speed(yaw: float, length: float, step_s: float) -> None:
    body, seen = walk(yaw, step_length_m=length, step_time_s=step_s)
    value = told("walking_speed", body)
    assert value.value == pytest.approx(fact(seen, "speed_mps"), abs=2 * value.error)


@pytest.mark.parametrize("name", ["step_time_variation", "heel_toe_gap", "arm_swing_left"])
def test_walking_backwards_is_not_scored(name: str) -> None:
    body, _ = walk(90.0)
    assert value_of(name, body) is not None
    assert value_of(name, backwards_in_time(body)) is None


def test_walking_backwards_has_a_negative_speed() -> None:
    body, seen = walk(90.0)
    value = told("walking_speed", backwards_in_time(body))
    assert value.value == pytest.approx(-fact(seen, "speed_mps"), abs=0.15)


@pytest.mark.parametrize(
    ("rule_id", "role", "yaw", "walked", "verdict"),
    [
        ("WA-03", "A", 90.0, {}, Verdict.PASS),
        ("WA-03", "A", 90.0, {"uneven": 0.3, "duration_s": 5.0}, Verdict.FAIL),
        ("WA-04.role_a", "A", 90.0, {"step_length_m": 0.66}, Verdict.PASS),
        ("WA-04.role_a", "A", 90.0, {"step_length_m": 0.45}, Verdict.FAIL),
        ("WA-04.role_b", "B", 90.0, {"step_length_m": 0.52}, Verdict.PASS),
        ("WA-04.role_b", "B", 90.0, {"step_length_m": 0.75}, Verdict.FAIL),
        ("WA-05.role_a", "A", 0.0, {"step_width_m": 0.12}, Verdict.PASS),
        ("WA-05.role_a", "A", 0.0, {"step_width_m": 0.25}, Verdict.FAIL),
        ("WA-05.role_b", "B", 0.0, {"step_width_m": 0.04}, Verdict.PASS),
        ("WA-05.role_b", "B", 0.0, {"step_width_m": 0.15}, Verdict.FAIL),
        ("WA-05.role_b", "B", 90.0, {"step_width_m": 0.15}, Verdict.NOT_ASSESSED),
        ("WA-07.speed", "A", 90.0, {}, Verdict.PASS),
        ("WA-07.speed", "A", 90.0, {"step_length_m": 0.95, "step_time_s": 0.37, "duration_s": 3.0}, Verdict.FAIL),
        ("WA-07.cadence", "A", 0.0, {}, Verdict.PASS),
        ("WA-07.cadence", "A", 0.0, {"step_time_s": 0.36}, Verdict.FAIL),
        ("WA-08.left", "A", 90.0, {}, Verdict.PASS),
        ("WA-01.lean", "A", 90.0, {"lean_deg": 16.0}, Verdict.FAIL),
        ("WA-06.lean", "A", 90.0, {"lean_deg": 2.0}, Verdict.PASS),
    ],
)
def test_verdicts(rule_id: str, role: str, yaw: float, walked: dict[str, float], verdict: Verdict) -> None:
    body, _ = walk(yaw, **walked)
    rule = next(rule for rule in load_rules().rules if rule.id == rule_id)
    assert role in rule.roles
    assert judge_rule(rule, body.slice(24, len(body))).verdict is verdict
