from __future__ import annotations

import numpy as np
import pytest

from posture_check.landmarks.detectors import Detectors
from posture_check.landmarks.names import L
from posture_check.landmarks.pose import CENSUS_S
from posture_check.landmarks.poses import body_distance
from posture_check.sources.frame import Frame


def side_by_side(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return a frame with two people: the middle thirds of two frames."""
    third = left.shape[1] // 3
    return np.concatenate([left[:, third : 2 * third], right[:, third : 2 * third]], axis=1)


def test_a_person_facing_the_camera_is_found_the_right_way_round(
    detectors: Detectors, standing_picture: np.ndarray
) -> None:
    found = detectors.pose(video=False).find(standing_picture)
    assert len(found) == 1
    image, world = found.image[0], found.world[0]
    height, width = standing_picture.shape[:2]
    assert (image[:, 0] > 0).all()
    assert (image[:, 0] < width).all()
    assert image[L.NOSE, 1] < image[L.LEFT_HIP, 1] < image[L.LEFT_ANKLE, 1] < height
    assert image[L.LEFT_SHOULDER, 0] > image[L.RIGHT_SHOULDER, 0]
    assert world[L.NOSE, 1] < -0.4
    assert world[L.LEFT_ANKLE, 1] > 0.5


def test_nobody_in_an_empty_picture(detectors: Detectors) -> None:
    empty = np.full((360, 640, 3), 128, np.uint8)
    assert len(detectors.pose(video=False).find(empty)) == 0
    finder = detectors.pose(video=True)
    assert [len(finder.find(empty, i / 30)) for i in range(3)] == [0, 0, 0]


def test_a_video_agrees_with_its_pictures(detectors: Detectors, standing_frames: list[Frame]) -> None:
    follower, single = detectors.pose(video=True), detectors.pose(video=False)
    for frame in standing_frames:
        a, b = follower.find(frame.image, frame.time_s), single.find(frame.image)
        assert len(a) == len(b) == 1
        assert body_distance(a.image[0], b.image[0]) < 0.03


def test_everybody_gets_a_follower(detectors: Detectors, standing_frames: list[Frame]) -> None:
    finder = detectors.pose(video=True)
    counts = []
    for a, b in zip(standing_frames, standing_frames[::-1], strict=True):
        picture = side_by_side(a.image, b.image)
        found = finder.find(picture, a.time_s)
        counts.append(len(found))
        middles = sorted(found.image[:, [L.LEFT_HIP, L.RIGHT_HIP], 0].mean(axis=1) / picture.shape[1])
    assert counts == [2] * len(counts)
    assert middles == pytest.approx([0.25, 0.75], abs=0.1)


def test_who_comes_later_is_found_by_the_next_census(detectors: Detectors, standing_frames: list[Frame]) -> None:
    finder = detectors.pose(video=True)
    still = standing_frames[0].image
    alone, both = side_by_side(still, np.full_like(still, 180)), side_by_side(still, still)
    assert len(finder.find(alone, 0.0)) == 1
    for i in range(1, round(10 * max(CENSUS_S)) + 3):
        found = finder.find(both, i / 10)
    assert len(found) == 2


def test_somebody_small_in_a_wide_frame_is_found(detectors: Detectors, standing_picture: np.ndarray) -> None:
    small = standing_picture[::4, ::4]
    wide = np.full((360, 1280, 3), 190, np.uint8)
    wide[100 : 100 + len(small), 900 : 900 + small.shape[1]] = small
    assert len(detectors.pose(video=False).find(wide)) == 1
    finder = detectors.pose(video=True)
    assert [len(finder.find(wide, i / 30)) for i in range(4)] == [1] * 4


def test_time_that_stands_still_is_no_error(detectors: Detectors, standing_picture: np.ndarray) -> None:
    finder = detectors.pose(video=True)
    assert [len(finder.find(standing_picture, time_s)) for time_s in (0.0, 0.0, 5.0, 4.9)] == [1] * 4


def test_a_restart_forgets_the_people(detectors: Detectors, standing_picture: np.ndarray) -> None:
    finder = detectors.pose(video=True)
    finder.find(standing_picture, 10.0)
    finder.restart()
    assert len(finder.find(np.full_like(standing_picture, 128), 0.0)) == 0
    assert len(finder.find(standing_picture, 0.1)) == 1
