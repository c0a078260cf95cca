from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers

from posture_check.landmarks.names import L
from posture_check.measures.body import Body
from posture_check.simulate.view import view
from tests.measures.people import body_of, still, value_of

few = settings(deadline=None, max_examples=12)
SEEDS = integers(0, 2**31)


@few
@given(seed=SEEDS, tilt=floats(-12, 12))
def test_a_raised_left_shoulder_is_positive_and_read_in_full(seed, tilt):
    shot = still(seed, shoulder_tilt_deg=tilt)
    found = value_of("shoulder_tilt", body_of(shot))
    assert found.value == pytest.approx(tilt, abs=3 * found.error)


@few
@given(seed=SEEDS, tilt=floats(-10, 10))
def test_without_the_outline_the_shoulder_points_tell_the_tilt_less_surely(seed, tilt):
    track = still(seed, shoulder_tilt_deg=tilt).seen().track
    blind = replace(track, details=replace(track.details, shoulders=np.full_like(track.details.shoulders, np.nan)))
    scene = still(seed).scene()
    with_outline, without = value_of("shoulder_tilt", Body(track, scene)), value_of("shoulder_tilt", Body(blind, scene))
    assert without.error > with_outline.error
    assert abs(without.value - tilt) <= 2 * without.error


@few
@given(seed=SEEDS, lean=floats(-8, 8))
def test_a_lean_to_the_left_is_positive(seed, lean):
    shot = replace(still(seed, trunk_lateral_deg=lean), yaw_deg=0.0)
    assert value_of("trunk_lean_side", body_of(shot)).value == pytest.approx(lean, abs=1.0)


def test_a_turned_person_leans_sideways_less_surely():
    errors = [value_of("trunk_lean_side", body_of(replace(still(1), yaw_deg=yaw))).error for yaw in (0.0, 15.0, 30.0)]
    assert errors == sorted(errors)
    assert errors[2] > 1.2 * errors[0]


@few
@given(seed=SEEDS, lean=floats(-14, 18))
def test_a_lean_forward_is_positive_from_either_side(seed, lean):
    shot = still(seed, side=True, trunk_flexion_deg=lean, shoulder_tilt_deg=0.0)
    for yaw in (75.0, -75.0, 105.0):
        found = value_of("trunk_lean_fore", body_of(replace(shot, yaw_deg=yaw)))
        assert found.value == pytest.approx(lean, abs=2 * found.error)


def test_from_the_front_a_lean_forward_has_no_value():
    shot = replace(still(2), yaw_deg=10.0)
    assert value_of("trunk_lean_fore", body_of(shot)) is None


def test_a_hidden_shoulder_gives_no_tilt():
    seen = view(still(3).performance(), duration_s=0.3, occlusion=(L.LEFT_SHOULDER,))
    assert value_of("shoulder_tilt", Body(seen.track, still(3).scene())) is None
