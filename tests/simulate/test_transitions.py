import numpy as np
import pytest

from posture_check.landmarks.names import L
from posture_check.simulate.sitting import Sitting
from posture_check.simulate.transitions import SitAndRise, sit_and_rise
from tests.simulate.moving import assert_is_a_body, times

CASES = [
    {},
    {"down": "drop", "down_s": 0.7, "up": "jerk", "rise_s": 0.8},
    {"stand_s": 0.0, "down_s": 0.0, "still_s": 0.0, "turn_deg": 60.0},
    {"rise_s": 0.0, "still_s": 0.0, "walk_s": 0.0},
    {"sitting": Sitting(shank_forward_deg=-15.0, hands="lap_right_over_left", knee_gap_cm=2.0)},
]


@pytest.mark.parametrize("asked", CASES)
def test_a_person_who_sits_and_rises_is_a_body_without_a_jolt(asked):
    assert_is_a_body(sit_and_rise(**asked))


@pytest.mark.parametrize("asked", CASES)
def test_the_phases_are_what_the_skeleton_does(asked):
    performance = sit_and_rise(**asked)
    at = times(performance)
    figure = performance.figure(at)
    height, ankles = figure.pelvis[:, 1], figure.points[:, [L.LEFT_ANKLE, L.RIGHT_ANKLE]]
    seat = performance.seat.height_m
    previous = 0.0
    for what, start, stop in performance.phases:
        assert start == pytest.approx(previous)
        previous = stop
        within = (at >= start + 0.02) & (at <= stop - 0.02)
        if what == "sitting":
            assert np.ptp(height[within]) < 1e-6
            assert height[within] == pytest.approx(seat + 0.08, abs=0.03)
        elif what == "standing":
            assert height[within].min() > 0.85
            assert np.ptp(ankles[within], axis=0).max() < 1e-6
        elif what == "walking":
            assert np.linalg.norm(figure.pelvis[within][-1] - figure.pelvis[within][0]) > 0.5
        else:
            assert np.ptp(height[within]) > 0.3
    assert previous == pytest.approx(performance.duration_s)


def test_who_drops_meets_the_seat_fast_and_who_sits_down_smoothly_does_not():
    smooth, drop = (sit_and_rise(down=d, down_s=s).facts for d, s in (("smooth", 1.6), ("drop", 0.7)))
    assert smooth["sit_down_impact_mps"] < 0.1 < 0.9 < drop["sit_down_impact_mps"]
    assert smooth["sit_down_peak_mps"] < 0.7


@pytest.mark.parametrize("still", [0.0, 0.8, 2.0])
def test_who_rises_stands_still_as_long_as_asked_before_the_first_step(still):
    asked = SitAndRise(still_s=still, still_sway_cm=0.0)
    performance = asked.performance()
    at = times(performance, 120)
    heels = performance.figure(at).points[:, [L.LEFT_HEEL, L.RIGHT_HEEL]]
    risen = asked.stand_s + asked.down_s + asked.sit_s + asked.rise_s
    moving = np.abs(np.diff(heels, axis=0)).max((1, 2)) > 2e-4
    first = at[1:][moving & (at[1:] > risen - 0.01)][0]
    assert first - risen == pytest.approx(still, abs=0.12)
    assert performance.facts["still_before_walk_s"] == still


def test_crossed_legs_cannot_rise():
    with pytest.raises(TypeError, match="crossed"):
        sit_and_rise(sitting=Sitting(crossed="knee"))
