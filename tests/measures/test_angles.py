import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats, integers

from posture_check.measures.angles import at_joint, from_horizontal, from_vertical, wrap_deg

ANGLES = floats(-1000, 1000)


@given(angle=ANGLES, turns=integers(-5, 5))
def test_whole_turns_are_wrapped_away(angle, turns):
    wrapped = float(wrap_deg(angle))
    assert -180 < wrapped <= 180
    assert np.cos(np.radians(wrapped - angle)) == pytest.approx(1, abs=1e-9)
    assert float(wrap_deg(angle + 360 * turns)) % 360 == pytest.approx(wrapped % 360, abs=1e-6)


def test_the_wrap_keeps_plus_180_and_turns_minus_180_over():
    assert wrap_deg(180.0) == 180
    assert wrap_deg(-180.0) == 180
    assert wrap_deg(181.0) == -179


@given(a=floats(-179, 179), b=floats(-179, 179))
def test_the_difference_of_two_angles_is_the_short_way_round(a, b):
    assert abs(float(wrap_deg(a - b))) <= min(abs(a - b), 360 - abs(a - b)) + 1e-9


@given(angle=floats(-179, 179), length=floats(0.1, 10))
def test_a_direction_is_told_from_the_vertical_and_the_horizontal(angle, length):
    across, up = length * np.sin(np.radians(angle)), length * np.cos(np.radians(angle))
    assert from_vertical(across, up) == pytest.approx(angle, abs=1e-6)
    assert wrap_deg(from_horizontal(across, up)) == pytest.approx(float(wrap_deg(90 - angle)), abs=1e-6)


@given(bend=floats(0, 180), turn=ANGLES, size=floats(0.01, 100))
def test_the_angle_at_a_joint_depends_on_neither_turn_nor_size(bend, turn, size):
    def end(angle):
        return size * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])

    joint = np.array([3.0, -2.0])
    found = at_joint(joint + end(turn), joint, joint + end(turn + bend))
    assert found == pytest.approx(bend, abs=1e-5)
    assert at_joint(joint + end(turn + bend), joint, joint + end(turn)) == pytest.approx(bend, abs=1e-5)
