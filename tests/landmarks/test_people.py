from __future__ import annotations

import numpy as np
import pytest

from posture_check.landmarks.people import People, clothes_colours, colour_distance
from posture_check.landmarks.poses import Poses
from tests.landmarks.bodies import standing, world

RED, BLUE, GREEN = (200, 30, 30), (30, 40, 180), (40, 160, 60)


def scene(*people: tuple[float, tuple[int, int, int]]) -> tuple[Poses, np.ndarray]:
    """Return the poses and a picture of people at places ``x``, dressed in one colour."""
    image = np.full((480, 1000, 3), 190, np.uint8)
    poses = [standing(x=x) for x, _ in people]
    for (x, colour), pose in zip(people, poses, strict=True):
        top, bottom = int(pose[11, 1]), int(pose[27, 1])
        image[top:bottom, max(int(x) - 40, 0) : max(int(x) + 40, 0)] = colour
    image_landmarks = np.stack(poses) if poses else np.empty((0, 33, 4), np.float32)
    metres = np.stack([world(p) for p in poses]) if poses else np.empty((0, 33, 3), np.float32)
    return Poses(image_landmarks, metres), image


def numbers(people: People, time_s: float, *who: tuple[float, tuple[int, int, int]]) -> list[int]:
    poses, image = scene(*who)
    return people.assign(poses, image, time_s)


def test_the_order_in_a_frame_does_not_matter() -> None:
    people = People()
    first = numbers(people, 0.0, (200, RED), (600, BLUE))
    assert sorted(first) == [0, 1]
    assert numbers(people, 0.033, (602, BLUE), (203, RED)) == first[::-1]


def test_crossing_people_keep_their_numbers() -> None:
    people = People()
    red, blue = numbers(people, 0.0, (200, RED), (700, BLUE))
    for i in range(1, 61):
        x, y = 200 + 500 * i / 60, 700 - 500 * i / 60
        if abs(x - y) < 50:  # one hides the other
            got = numbers(people, i / 30, (x, RED))
            assert got == [red]
        else:
            assert numbers(people, i / 30, (x, RED), (y, BLUE)) == [red, blue]


def test_people_in_the_same_uniform_keep_their_numbers_when_they_cross() -> None:
    people = People()
    left, right = numbers(people, 0.0, (200, BLUE), (700, BLUE))
    for i in range(1, 61):
        x, y = 200 + 500 * i / 60, 700 - 500 * i / 60
        if abs(x - y) < 60:
            continue
        assert numbers(people, i / 30, (x, BLUE), (y, BLUE)) == [left, right]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_who_comes_back_within_seconds_keeps_the_number(elsewhere: bool) -> None:
    people = People()
    for i in range(10):
        red, blue = numbers(people, i / 30, (200, RED), (700, BLUE))
    for i in range(10, 90):
        numbers(people, i / 30, (200, RED))
    place = 850 if elsewhere else 700
    assert numbers(people, 3.0, (200, RED), (place, BLUE)) == [red, blue]


def test_somebody_else_is_somebody_new() -> None:
    people = People()
    numbers(people, 0.0, (200, RED), (700, BLUE))
    for i in range(1, 60):
        numbers(people, i / 30, (200, RED))
    assert numbers(people, 2.0, (200, RED), (850, GREEN)) == [0, 2]


def test_a_glimpse_of_somebody_is_soon_forgotten() -> None:
    people = People()
    assert numbers(people, 0.0, (200, RED), (700, BLUE)) == [0, 1]
    for i in range(1, 60):
        numbers(people, i / 30, (200, RED))
    assert numbers(people, 2.0, (200, RED), (700, BLUE)) == [0, 2]


def test_the_forgotten_are_new() -> None:
    people = People()
    assert numbers(people, 0.0, (200, RED)) == [0]
    assert numbers(people, 60.0, (200, RED)) == [1]


def test_nobody_is_no_trouble() -> None:
    people = People()
    assert numbers(people, 0.0) == []
    assert numbers(people, 0.1, (200, RED)) == [0]
    assert numbers(people, 0.2) == []
    assert numbers(people, 0.3, (202, RED)) == [0]


def test_clothes_tell_colours_apart_but_not_light() -> None:
    def wears(colour: tuple[int, ...], light: float = 1.0) -> np.ndarray:
        poses, image = scene((300, colour))  # type: ignore[arg-type]
        found = clothes_colours((image * light).astype(np.uint8), poses.image[0])
        assert found is not None
        return found

    assert colour_distance(wears(RED), wears(RED, 0.85)) < 0.4
    assert colour_distance(wears(RED), wears(BLUE)) > 0.6


def test_clothes_outside_the_picture_are_unknown() -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    assert clothes_colours(image, standing(x=-400)) is None
