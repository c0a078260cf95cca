import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.simulate.bias import with_model_bias
from posture_check.simulate.body import Body
from posture_check.simulate.standing import standing


@given(a=floats(-180, 180), b=floats(-180, 180))
def test_who_seems_to_turn_further_does_turn_further(a, b):
    low, high = min(a, b), max(a, b)
    assert offsets.true_yaw_deg(low, low) <= offsets.true_yaw_deg(high, high) + 1e-9


def test_people_turn_further_than_the_landmarks_do_near_the_front_and_not_at_the_side():
    about = offsets.YAW_OFFSET_DEG
    assert offsets.true_yaw_deg(about + 20, about + 20) > 25
    assert offsets.true_yaw_deg(about + 90, about + 90) == pytest.approx(90)


def test_the_lengths_are_those_of_the_simulated_person_as_the_landmark_model_sees_it():
    """Measures and simulator must mean the same landmarks, or tests on it prove nothing."""
    points = with_model_bias(standing(body=Body(1.7)).figure(np.arange(10) / 10), 1.7) / 1.7

    def height(name):
        return float(np.median((points[:, L[f"LEFT_{name}"], 1] + points[:, L[f"RIGHT_{name}"], 1]) / 2))

    assert height("EYE") == pytest.approx(offsets.EYE_HEIGHT, abs=0.012)
    assert height("SHOULDER") == pytest.approx(offsets.SHOULDER_HEIGHT, abs=0.025)
    assert height("ANKLE") == pytest.approx(offsets.ANKLE_HEIGHT, abs=0.012)
    assert height("SHOULDER") - height("HIP") == pytest.approx(offsets.TRUNK_LENGTH, abs=0.015)
