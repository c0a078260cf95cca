from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures.body import Body
from posture_check.measures.scene import known_scene
from posture_check.postures.evidence import LIFT, PASSING, SLIDING, STEPPING_M_PER_S
from posture_check.postures.motion import feet_drift, footwork, passing, trunk_drift, turning
from posture_check.simulate.performance import Performance
from posture_check.simulate.standing import standing
from posture_check.simulate.view import DEFAULT_CAMERA, view
from posture_check.simulate.walking import walking

few = settings(deadline=None, max_examples=8)


def body_of(performance: Performance, yaw: float, fps: float = 15.0, distance: float = 6.0) -> Body:
    return Body(view(performance, DEFAULT_CAMERA, yaw, distance, fps=fps).track, known_scene(DEFAULT_CAMERA, 1.72))


@few
@given(speed=floats(0.8, 1.4), fps=sampled_from([6.0, 15.0, 30.0]), side=sampled_from([-1.0, 1.0]))
def test_drift_across_the_picture_is_the_speed_of_the_walk(speed, fps, side):
    body = body_of(walking(step_length_m=0.5 * speed, step_time_s=0.5, duration_s=3.5), 90.0 * side, fps)
    middle = slice(len(body) // 3, 2 * len(body) // 3)
    assert np.median(feet_drift(body)[middle, 0]) == pytest.approx(-side * speed, rel=0.12)
    assert np.median(trunk_drift(body)[middle, 0]) == pytest.approx(-side * speed, rel=0.12)


def test_who_comes_nearer_grows():
    body = body_of(walking(step_length_m=0.55, step_time_s=0.55, duration_s=4.0), 0.0)
    assert np.median(trunk_drift(body)[15:-15, 2]) == pytest.approx(-1.0, abs=0.25)


def test_standing_people_go_nowhere():
    body = body_of(standing(duration_s=3.0), 30.0, distance=3.5)
    assert footwork(body).apart.max() < STEPPING_M_PER_S / 1.5
    assert footwork(body).lift.max() < LIFT / 1.5
    assert np.abs(feet_drift(body)).max() < 0.05
    assert np.linalg.norm(trunk_drift(body), axis=1).max() < 0.2
    assert passing(body).max() < PASSING / 2


def followed(body: Body) -> Body:
    """The same as a camera sees it that goes along: the hips stay where they are in the picture, and as large."""
    image = body.track.image.copy()
    hips = image[:, 23:25, :2].mean(1, keepdims=True)
    trunk = np.linalg.norm(image[:, 11:13, :2].mean(1, keepdims=True) - hips, axis=-1, keepdims=True)
    image[..., :2] = (image[..., :2] - hips) * (trunk.mean() / trunk) + [640.0, 360.0]
    return Body(replace(body.track, image=image), body.scene)


def test_feet_pass_one_another_where_the_camera_follows():
    body = followed(body_of(walking(duration_s=3.0), 90.0))
    assert np.abs(feet_drift(body)[15:-15, 0]).max() < 0.35
    assert np.median(passing(body)[10:]) > 2 * PASSING


@pytest.mark.parametrize("yaw", [0.0, 180.0])
def test_feet_are_lifted_in_turn_and_slide_where_the_camera_follows(yaw):
    feet = footwork(followed(body_of(walking(duration_s=4.0), yaw)))
    assert np.median(feet.lift) > LIFT
    assert np.median(feet.least / feet.apart) > SLIDING


@few
@given(speed=floats(0.8, 1.4), fps=sampled_from([6.0, 15.0, 30.0]), pan=floats(-300.0, 300.0))
def test_a_camera_that_turns_neither_makes_nor_hides_steps(speed, fps, pan):
    """Feet go against one another by twice the speed of the walk, but for the time both are down; pan in pixels/s."""
    for body in (
        body_of(walking(step_length_m=0.5 * speed, step_time_s=0.5, duration_s=3.0), 90.0, fps),
        body_of(standing(duration_s=3.0), 30.0, fps),
    ):
        image = body.track.image.copy()
        image[..., 0] += (pan * body.track.time_s)[:, None]
        turned = Body(replace(body.track, image=image), body.scene)
        assert footwork(turned).apart == pytest.approx(footwork(body).apart, rel=0.15, abs=0.02)
    walk = body_of(walking(step_length_m=0.5 * speed, step_time_s=0.5, duration_s=3.0), 90.0, fps)
    assert 1.2 * speed < np.median(footwork(walk).apart) < 2.2 * speed


def test_an_angle_that_turns_evenly():
    body = body_of(standing(duration_s=2.0), 0.0, distance=3.5)
    assert turning(body, 30.0 * body.track.time_s)[5:-5] == pytest.approx(30.0, abs=1.0)


def test_too_short_to_tell():
    body = body_of(standing(duration_s=0.3), 0.0, distance=3.5)
    feet = footwork(body)
    for told in (feet.apart, feet.most, feet.least, feet.lift, feet_drift(body), trunk_drift(body), passing(body)):
        assert not told.any()
