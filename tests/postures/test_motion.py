from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures.body import Body
from posture_check.measures.scene import known_scene
from posture_check.postures.evidence import PASSING
from posture_check.postures.motion import ankle_speed, feet_drift, passing, trunk_drift, turning
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
    assert ankle_speed(body).max() < 0.1
    assert np.abs(feet_drift(body)).max() < 0.05
    assert np.linalg.norm(trunk_drift(body), axis=1).max() < 0.2
    assert passing(body).max() < PASSING / 2


def test_feet_pass_one_another_where_the_camera_follows():
    """The picture of a walk seen by a camera that goes along: the hips stay where they are."""
    body = body_of(walking(duration_s=4.0), 90.0)
    image = body.track.image.copy()
    image[..., 0] -= image[:, 23:25, 0].mean(1)[:, None] - 640
    followed = Body(replace(body.track, image=image), body.scene)
    assert np.abs(feet_drift(followed)[15:-15, 0]).max() < 0.35
    assert np.median(passing(followed)[10:]) > 2 * PASSING


def test_an_angle_that_turns_evenly():
    body = body_of(standing(duration_s=2.0), 0.0, distance=3.5)
    assert turning(body, 30.0 * body.track.time_s)[5:-5] == pytest.approx(30.0, abs=1.0)


def test_too_short_to_tell():
    body = body_of(standing(duration_s=0.3), 0.0, distance=3.5)
    for told in (ankle_speed(body), feet_drift(body), trunk_drift(body), passing(body)):
        assert not told.any()
