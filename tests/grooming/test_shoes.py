"""Shoes: their colour in CIE terms, what counts as black, and drawn and masked feet."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from posture_check.grooming import shoes
from posture_check.grooming.subject import Subject
from posture_check.landmarks.names import L
from posture_check.resources import models_dir
from tests.grooming import people


@pytest.fixture(scope="module")
def reader():
    return shoes.ShoeReader()


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((119, 119, 119), (50.03, 0, 0)),
    ],
)
def test_lab_of_known_colours(rgb, lab):
    """Published values for sRGB primaries (CIE L*a*b*, D65, 2 degrees)."""
    assert shoes.lab(np.array(rgb, np.uint8)) == pytest.approx(lab, abs=0.25)


def test_the_colour_of_a_shoe_is_that_of_its_own_pixels():
    image = np.full((32, 32, 3), 200, np.uint8)
    image[10:20, 8:24] = (30, 30, 30)
    share = np.zeros((32, 32))
    share[10:20, 8:24] = 0.9
    found = shoes.colour_of(image, share)
    assert found.area_cm2 == pytest.approx(160 * (40 / 32) ** 2)
    assert found.lightness == pytest.approx(shoes.lab(np.uint8([30, 30, 30]))[0], abs=0.1)
    assert found.chroma < 0.5
    assert np.isnan(shoes.colour_of(image, np.zeros((32, 32))).lightness)


@pytest.mark.parametrize(
    ("rgb", "black"),
    [
        ((15, 15, 17), True),
        ((45, 45, 48), True),
        ((90, 90, 90), False),
        ((235, 235, 235), False),
        ((110, 70, 40), False),
        ((80, 40, 25), False),
        ((120, 20, 25), False),
        ((30, 40, 90), False),
    ],
)
def test_black_is_dark_and_without_colour(rgb, black):
    lightness, a, b = shoes.lab(np.array(rgb, np.uint8))
    chance = shoes.black_chance(shoes.Colour(100.0, lightness, float(np.hypot(a, b))))
    assert (chance > 0.5 + shoes.BAND) if black else (chance < 0.5 - shoes.BAND)


def test_between_black_and_grey_nothing_is_decided():
    chances = [shoes.black_chance(shoes.Colour(100.0, lightness, 3.0)) for lightness in range(0, 101, 5)]
    assert np.all(np.diff(chances) < 0)
    assert any(abs(chance - 0.5) < shoes.BAND for chance in chances)


@pytest.mark.parametrize("colour", [(20, 20, 20), (150, 90, 50), (235, 235, 235)])
def test_drawn_shoes(reader, colour):
    found = reader.look(people.person(shoes=colour, trousers=(60, 62, 80), leg=1.9))
    lightness = shoes.lab(np.array(colour, np.uint8))[0]
    assert found["shoe_lightness"].value == pytest.approx(lightness, abs=3 * shoes.LIGHTNESS_ERROR)
    assert (found["shoe_black"].value > 0.5) == (colour == (20, 20, 20))
    assert found["shoe_black"].marks


def test_feet_that_are_not_there_say_why(reader):
    person = people.person()
    pose = person.pose.copy()
    pose[[L.LEFT_FOOT_INDEX, L.RIGHT_FOOT_INDEX], 1] = people.SIZE[1] + 30
    cut = reader.look(Subject(person.image, pose, person.world, person.face))
    assert {finding.reason for finding in cut.values()} == {"out_of_frame"}
    assert all(finding.value is None for finding in cut.values())
    grey = np.full_like(person.image, 140)
    hidden = reader.look(Subject(grey, person.pose, person.world, person.face))
    assert hidden["shoe_black"].reason in ("occluded", "uncertain")


def test_held_out_figures():
    """The shipped table of held-out shoes against their masks: lightness, and black or not, both ways."""
    with (models_dir() / "shoes.cv.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table = {key: np.array([float(row[key]) for row in rows]) for key in rows[0] if key != "path"}
    both = (table["area"] > 60) & (table["found_area"] >= shoes.MIN_AREA_CM2)
    error = np.abs(table["found_lightness"] - table["lightness"])[both]
    assert np.median(error) < shoes.LIGHTNESS_ERROR
    chance = np.array(
        [
            shoes.black_chance(shoes.Colour(1, *pair))
            for pair in zip(table["found_lightness"], table["found_chroma"], strict=True)
        ]
    )
    told = both & (np.abs(chance - 0.5) >= shoes.BAND)
    black, other = (
        (table["lightness"] <= 28) & (table["chroma"] <= 10),
        (table["lightness"] >= 38) | (table["chroma"] >= 16),
    )
    assert (chance[told & black] > 0.5).mean() >= 0.9
    assert (chance[told & other] < 0.5).mean() >= 0.9
