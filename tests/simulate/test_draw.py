import numpy as np
import pytest

from posture_check.landmarks.names import L
from posture_check.simulate.draw import HAIR, SKIN, TROUSERS, draw, empty_room
from posture_check.simulate.source import simulated_scene


def picture(spec):
    seen = simulated_scene(f"simulate:{spec}fps=0&bias=0&noise=0")
    return seen, next(draw(seen)).image


def colour_at(image, xy):
    x, y = np.round(xy).astype(int)
    return image[y, x].astype(int)


def is_near(found, colour):
    return np.abs(found - np.array(colour)).max() < 12


@pytest.mark.parametrize("query", ["?", "?mirror=1&", "?yaw=30&roll=6&mirror=1&", "?yaw=-20&distance=4&"])
def test_the_person_is_drawn_where_the_landmarks_are(query):
    seen, image = picture(f"standing_v60{query}")
    xy = seen.track.xy[0]
    for side in ("LEFT", "RIGHT"):
        knee = (xy[L[f"{side}_KNEE"]] + xy[L[f"{side}_HIP"]]) / 2
        assert is_near(colour_at(image, knee), TROUSERS)
    cheek = (xy[L.NOSE] + xy[L.MOUTH_LEFT] + xy[L.LEFT_EYE]) / 3
    assert is_near(colour_at(image, cheek), SKIN)


def test_from_behind_there_is_hair_and_no_face():
    seen, image = picture("standing_back?")
    skull = seen.camera.project(seen.people[0].room.skull)[0]
    assert is_near(colour_at(image, skull), HAIR)


def test_hands_in_pockets_are_not_drawn():
    seen, image = picture("hands_in_pockets?")
    hand = seen.camera.project(seen.people[0].room.hands[0, 0, 9])
    assert not is_near(colour_at(image, hand), SKIN)


def test_an_empty_room_has_a_floor_and_a_wall_and_nobody():
    seen, image = picture("no_person?")
    assert np.array_equal(image, empty_room(seen.camera))
    assert not np.array_equal(image[10, 640], image[700, 640])


def test_somebody_behind_the_camera_is_left_out():
    seen, image = picture("standing_v60?distance=0.3&")
    assert image.shape == (720, 1280, 3)
    assert np.isfinite(seen.camera.focal_px)
