from __future__ import annotations

import numpy as np
import pytest

from posture_check.landmarks.detectors import Detectors
from posture_check.landmarks.names import L
from posture_check.landmarks.solidity import wants_look
from tests.landmarks.bodies import standing


def test_a_person_is_solid_and_a_stick_figure_in_the_same_place_is_not(
    detectors: Detectors, standing_picture: np.ndarray
) -> None:
    import cv2

    from posture_check.landmarks.names import SKELETON

    pose = detectors.pose(video=False).find(standing_picture, 0.0).image[0]
    drawing = np.full_like(standing_picture, 255)
    for a, b in SKELETON:
        (ax, ay), (bx, by) = pose[[a, b], :2].astype(int).tolist()
        cv2.line(drawing, (ax, ay), (bx, by), (0, 0, 0), 3)
    solid = detectors.person.solidity(standing_picture, pose)
    assert solid > 0.13
    assert detectors.person.solidity(drawing, pose) < 0.12


@pytest.mark.parametrize("landmark", [L.NOSE, L.LEFT_FOOT_INDEX])
def test_a_body_that_is_not_whole_in_the_picture_is_not_measured(detectors: Detectors, landmark: L) -> None:
    pose = standing()
    pose[landmark, 1] = -5.0 if landmark is L.NOSE else 500.0
    assert np.isnan(detectors.person.solidity(np.zeros((480, 640, 3), np.uint8), pose))


def test_the_first_looks_are_taken_then_one_now_and_then() -> None:
    looks = [i for i in range(200) if wants_look(i)]
    assert looks[:9] == [0, 1, 2, 3, 4, 5, 6, 7, 60]
    assert looks[-1] == 180
