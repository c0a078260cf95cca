from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures.body import Body
from posture_check.measures.sitting.seat import along_seat
from posture_check.simulate.body import Body as Build
from posture_check.simulate.sitting import sitting
from tests.measures.sitting.seated import camera_at, seated, seen, value_of


@settings(max_examples=15)
@given(
    fraction=floats(0.35, 0.95),
    yaw=floats(50, 110),
    side=sampled_from([-1, 1]),
    height=floats(1.0, 1.6),
    stature=floats(1.5, 1.85),
)
def test_the_seat_fraction_is_true_within_its_error(fraction, yaw, side, height, stature):
    posture = sitting(body=Build(stature), seat_fraction=fraction, duration_s=0.5)
    found = value_of("seat_fraction", seen(posture, side * yaw, camera_at(height)))
    assert found.error < 0.06
    assert found.value == pytest.approx(fraction, abs=2.5 * found.error)


@settings(max_examples=15)
@given(back=floats(0, 0.44), up=floats(0.45, 1.2), yaw=floats(45, 120))
def test_a_point_over_the_middle_of_the_seat_is_put_where_it_is(back, up, yaw):
    body = seated(yaw)
    chair = body.scene.chair
    front, rear = (chair.front_left + chair.front_right) / 2, (chair.back_left + chair.back_right) / 2
    point = front + (rear - front) * back / chair.depth_m + [0, up - chair.height_m, 0]
    place, height = along_seat(body, chair, body.scene.camera.project(point)[None])
    assert place[0] == pytest.approx(back, abs=1e-6)
    assert height[0] == pytest.approx(up, abs=1e-6)


def test_from_the_front_the_seat_cannot_be_measured():
    assert np.isnan(value_of("seat_fraction", seated(5)).value if value_of("seat_fraction", seated(5)) else np.nan)


def test_without_a_chair_there_is_no_value():
    body = seated(90)
    assert value_of("seat_fraction", Body(body.track, replace(body.scene, chair=None))) is None


def test_a_known_stature_makes_it_more_certain():
    body = seated(90)
    known = Body(body.track, replace(body.scene, stature_m=1.70, stature_error_m=0.01))
    assert value_of("seat_fraction", known).error < value_of("seat_fraction", body).error
