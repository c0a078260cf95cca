import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats

from posture_check.landmarks.names import LEFT_RIGHT_PAIRS, L
from posture_check.measures.offsets import true_yaw_deg
from posture_check.simulate.bias import with_model_bias, with_world_bias
from posture_check.simulate.sitting import sitting
from posture_check.simulate.standing import standing
from posture_check.simulate.transitions import sit_and_rise
from posture_check.simulate.view import view

FIGURE = standing(sway_cm=0, sway_fore_cm=0).figure(np.zeros(1))


def moved():
    return (with_model_bias(FIGURE, 1.72) - FIGURE.points)[0] / 1.72


def test_hips_lie_lower_and_shoulders_higher_than_the_joints():
    assert moved()[L.LEFT_HIP, 1] < -0.01
    assert moved()[L.LEFT_SHOULDER, 1] > 0.01


def test_both_sides_are_moved_alike():
    for left, right in LEFT_RIGHT_PAIRS:
        assert moved()[left] == pytest.approx(moved()[right] * [-1, 1, 1], abs=1e-9)


def test_offsets_turn_with_the_person():
    front, side = (view(standing(), yaw_deg=y, fps=None, model_bias=True).people[0] for y in (0, 90))
    hip = [p.room.points[0, L.LEFT_HIP] for p in (front, side)]
    seen = [p.track.xy[0, L.LEFT_HIP] for p in (front, side)]
    plain = [view(standing(), yaw_deg=y, fps=None, model_bias=False).track.xy[0, L.LEFT_HIP] for y in (0, 90)]
    assert abs(seen[0][0] - plain[0][0]) < 4, "forward is towards the camera"
    assert seen[1][0] - plain[1][0] < -8, "forward is to the picture's left"
    assert hip[0][2] > 0


@given(yaw=floats(-75, 75))
def test_the_measures_correction_finds_the_true_turn_again(yaw):
    turn = np.radians(yaw)
    # Left to right along the shoulders, in camera axes: x right, z away.
    line = np.zeros((1, 33, 3))
    line[0, :, 0], line[0, :, 2] = np.cos(turn), -np.sin(turn)
    x, _, z = with_world_bias(line, np.array([yaw]))[0, 0]
    apparent = np.degrees(np.arctan2(z, x))
    assert -true_yaw_deg(apparent, apparent) == pytest.approx(yaw, abs=0.2)


def test_seated_hips_are_seen_higher_than_standing_ones_and_half_way_down_between_them():
    def hips_up(performance, at=0.0):
        figure = performance.figure(np.array([at]))
        return (with_model_bias(figure, 1.72) - figure.points)[0, L.LEFT_HIP, 1] / 1.72

    way = sit_and_rise(down="drop", down_s=1.0, stand_s=0.0, sit_s=1.0)
    found = [hips_up(way, at) for at in (0.0, 0.7, 1.5)]
    assert found[0] < found[1] < found[2]
    assert (hips_up(standing()), hips_up(sitting())) == pytest.approx((-0.0147, 0.018), abs=0.001)
