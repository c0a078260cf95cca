import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats, sampled_from

from posture_check.simulate.rotation import angle_between, apply, turn

LEFT, UP, FORWARD = np.eye(3)


@pytest.mark.parametrize(("axis", "moved", "becomes"), [("x", UP, FORWARD), ("y", FORWARD, LEFT), ("z", LEFT, UP)])
def test_a_right_angle_takes_one_axis_to_the_next(axis, moved, becomes):
    assert apply(turn(axis, 90), moved) == pytest.approx(becomes, abs=1e-12)


@given(axis=sampled_from("xyz"), degrees=floats(-720, 720))
def test_turning_keeps_lengths_and_hands(axis, degrees):
    matrix = turn(axis, degrees)
    assert matrix @ matrix.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1.0)


@given(degrees=floats(0, 180))
def test_angle_between_finds_the_turn(degrees):
    assert angle_between(UP, apply(turn("x", degrees), UP)) == pytest.approx(degrees, abs=1e-6)


def test_turn_takes_one_angle_per_frame():
    assert turn("z", np.zeros(5)).shape == (5, 3, 3)
