from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats

from posture_check.landmarks.names import L
from posture_check.measures.camera import Camera
from posture_check.measures.scene import (
    ADULT_STATURE_M,
    ASSUMED_ROLL_ERROR_DEG,
    estimated_scene,
    known_scene,
    midpoint,
)
from posture_check.simulate.body import Body
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view

few = settings(deadline=None, max_examples=12)


def typical(seen):
    return np.nanmedian(seen.track.xy.astype(float), axis=0)


@few
@given(pitch=floats(-2, 14), stature=floats(1.5, 1.85), distance=floats(2.6, 4.5))
def test_the_tilt_is_found_from_a_person_of_known_height(pitch, stature, distance):
    """With the usual field of view and height of the lens nothing else is unknown."""
    camera = Camera(720, 1280, 62.0, 1.3, pitch)
    seen = view(standing(body=Body(stature)), camera, distance_m=distance, duration_s=0.2)
    if not seen.track.image[:, [L.LEFT_EYE, L.LEFT_ANKLE], 1].max() < 1280:
        return
    scene = estimated_scene(seen.track.size, typical(seen), stature)
    assert not scene.calibrated
    assert scene.camera.pitch_deg == pytest.approx(pitch, abs=1.5)
    assert scene.stature_m == stature


def test_without_feet_in_the_picture_the_tilt_is_uncertain():
    xy = typical(view(standing(), duration_s=0.2))
    xy[[L.LEFT_ANKLE, L.RIGHT_ANKLE]] = np.nan
    assert estimated_scene((1280, 720), xy).camera.pitch_error_deg >= 10


def test_a_body_askew_makes_the_level_of_the_camera_uncertain():
    errors = [
        estimated_scene((1280, 720), typical(view(standing(), Camera(1280, 720, 65.0, 1.3, 6.0, roll), duration_s=0.2)))
        .camera.roll_error_deg
        for roll in (0.0, -7.0, 14.0)
    ]  # fmt: skip
    assert errors[0] == pytest.approx(ASSUMED_ROLL_ERROR_DEG, abs=0.2)
    assert errors[1] > 2
    assert errors[2] > 5


def test_a_known_scene_is_uncertain_by_the_stature_alone():
    camera = Camera(1280, 720, 65.0, 1.3, 6.0)
    eyes, ankles = np.array([640.0, 200.0]), np.array([640.0, 650.0])
    others = list(known_scene(camera).perturbed(eyes, ankles))
    assert len(others) == 1
    assert others[0].camera == camera
    assert others[0].stature_m > ADULT_STATURE_M


def test_each_uncertain_figure_is_moved_by_its_own_error_in_turn():
    camera = Camera(1280, 720, 65.0, 1.3, 6.0, 0.0, 1.0, 0.02, 0.5, 0.4)
    scene = known_scene(camera, 1.8)
    others = list(scene.perturbed(np.zeros(2), np.zeros(2)))
    fields = ("hfov_deg", "height_m", "pitch_deg", "roll_deg")
    moved = [[f for f in fields if getattr(o.camera, f) != getattr(camera, f)] for o in others]
    assert moved == [[], ["hfov_deg"], ["height_m"], ["pitch_deg"], ["roll_deg"]]
    assert others[1].camera == replace(camera, hfov_deg=66.0)


def test_a_guessed_camera_is_tilted_anew_for_every_other_guess():
    scene = estimated_scene((1280, 720), typical(view(standing(), duration_s=0.2)))
    seen = view(standing(), duration_s=0.2)
    eyes = midpoint(typical(seen), L.LEFT_EYE, L.RIGHT_EYE)
    ankles = midpoint(typical(seen), L.LEFT_ANKLE, L.RIGHT_ANKLE)
    higher = next(o for o in scene.perturbed(eyes, ankles) if o.camera.height_m > scene.camera.height_m)
    assert higher.camera.pitch_deg > scene.camera.pitch_deg
