import numpy as np
import pytest

from posture_check.landmarks.track import FACE_LANDMARKS
from posture_check.simulate.face import MIRRORED_POINTS, face_shape
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view

TOP, CHIN, RIGHT, LEFT = 10, 152, 234, 454


def face(**settings):
    return view(standing(sway_cm=0, sway_fore_cm=0, **settings), fps=None).track.details.face[0]


def test_the_oval_has_every_point_and_two_like_sides():
    shape = face_shape()
    assert shape.shape == (FACE_LANDMARKS, 3)
    for a, b in MIRRORED_POINTS:
        assert shape[a] == pytest.approx(shape[b] * [-1, 1, 1])


def test_a_level_face_is_upright_and_its_left_is_to_the_right_in_the_picture():
    points = face()
    assert points[LEFT, 0] > points[RIGHT, 0]
    assert points[CHIN, 1] > points[TOP, 1]
    assert points[LEFT, 2] == pytest.approx(points[RIGHT, 2], abs=0.5)


@pytest.mark.parametrize("roll", [-15, 10])
def test_a_tilted_head_tilts_the_face(roll):
    across = face(head_roll_deg=roll)[LEFT] - face(head_roll_deg=roll)[RIGHT]
    assert np.degrees(np.arctan2(across[1], across[0])) == pytest.approx(roll, abs=1.5)


def test_a_face_turned_to_its_left_has_its_left_cheek_further_away():
    points = face(head_yaw_deg=25)
    assert points[LEFT, 2] > points[RIGHT, 2] + 5
