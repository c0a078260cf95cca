"""The camera guessed from a person who sits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.landmarks.names import L
from posture_check.measures.body import Body, scene_error
from posture_check.measures.camera import Camera
from posture_check.measures.scene import (
    ADULT_STATURE_M,
    ASSUMED_HEIGHT_M,
    ASSUMED_HFOV_DEG,
    guessed_scene,
    seated_scene,
)
from posture_check.simulate.body import Body as Build
from posture_check.simulate.sitting import sitting
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view


def shown(performance, yaw: float = 0.0, pitch: float = 12.0, distance: float = 2.8):
    camera = Camera(1280, 720, ASSUMED_HFOV_DEG, ASSUMED_HEIGHT_M, pitch)
    return view(performance, camera, yaw, distance, fps=15, noise_px=0.3, seed=2).people[0].track


@settings(max_examples=12)
@given(yaw=sampled_from([0, 20, 45, 90, -90]), pitch=floats(6, 20), distance=floats(2.4, 4), lean=floats(-10, 15))
def test_a_seated_person_of_usual_stature_tells_the_tilt_of_a_usual_camera(yaw, pitch, distance, lean):
    track = shown(sitting(body=Build(ADULT_STATURE_M), trunk_flexion_deg=lean, duration_s=0.4), yaw, pitch, distance)
    scene = guessed_scene(track.size, track.xy)
    assert scene.seated is not None
    assert not scene.calibrated
    assert scene.camera.pitch_deg == pytest.approx(pitch, abs=2 * scene.camera.pitch_error_deg)


def test_hips_stand_in_for_feet_that_are_not_seen_with_a_larger_error():
    track = shown(sitting(body=Build(ADULT_STATURE_M), duration_s=0.4))
    whole = guessed_scene(track.size, track.xy)
    xy = np.median(track.xy, axis=0)
    xy[25:] = np.nan
    behind_desk = seated_scene(track.size, xy)
    assert behind_desk.camera.pitch_deg == pytest.approx(12, abs=behind_desk.camera.pitch_error_deg)
    assert behind_desk.camera.pitch_error_deg > whole.camera.pitch_error_deg


def test_who_stands_for_a_while_tells_the_camera_by_standing():
    body = Build(ADULT_STATURE_M)
    up = shown(standing(body=body, duration_s=1))
    down = shown(sitting(body=body, duration_s=3))
    both = np.concatenate([up.xy, down.xy])
    assert guessed_scene(up.size, up.xy).seated is None
    assert guessed_scene(up.size, both).seated is None
    assert guessed_scene(up.size, both).camera.pitch_deg == pytest.approx(12, abs=3)


def test_a_glimpse_of_standing_is_not_enough():
    body = Build(ADULT_STATURE_M)
    up, down = shown(standing(body=body, duration_s=0.2)), shown(sitting(body=body, duration_s=4))
    assert guessed_scene(up.size, np.concatenate([up.xy, down.xy])).seated is not None


def test_an_uncertain_stature_and_camera_are_carried_into_what_is_measured():
    track = shown(sitting(body=Build(ADULT_STATURE_M), duration_s=0.4))
    scene = guessed_scene(track.size, track.xy)
    body = Body(track, scene)

    def ankles_apart(seen: Body) -> np.ndarray:
        return np.abs(seen.room[:, L.LEFT_ANKLE, 0] - seen.room[:, L.RIGHT_ANKLE, 0])

    assert 0.001 < scene_error(body, ankles_apart) < 0.1
    # Stature, field of view and height of the lens each go with a tilt of their own; the tilt itself is uncertain, too.
    pitches = {round(other.scene.camera.pitch_deg, 3) for other in body.perturbed}
    assert len(pitches) >= 4
