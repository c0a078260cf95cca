"""A person's own skin, and what light does to it."""

from __future__ import annotations

import numpy as np
import pytest

from posture_check.grooming.skin import area, linear, skin_of, tones
from posture_check.grooming.subject import Subject
from tests.grooming import people


def shaded(pixels, share):
    """Return sRGB pixels under a share of the light."""
    light = linear(np.asarray(pixels, np.uint8)) * share
    srgb = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(srgb * 255).astype(np.uint8)


@pytest.mark.parametrize("skin", people.SKINS)
@pytest.mark.parametrize("share", [0.5, 0.25])
def test_shade_moves_brightness_and_leaves_chromaticity(skin, share):
    lit = tones(np.array([people.SKINS[skin]], np.uint8))[0]
    dim = tones(shaded([people.SKINS[skin]], share))[0]
    assert dim[0] - lit[0] == pytest.approx(np.log(share), abs=0.06)
    assert dim[1:] == pytest.approx(lit[1:], abs=0.12)


@pytest.mark.parametrize("skin", people.SKINS)
def test_the_face_tells_what_skin_looks_like_whatever_its_colour(skin):
    person = people.person(skin)
    found = skin_of(person)
    assert found is not None
    assert np.abs(found.off(np.array([people.SKINS[skin]], np.uint8))).max() < 0.06
    others = [colour for name, colour in people.SKINS.items() if name != skin]
    assert np.abs(found.off(np.array(others, np.uint8))).max(-1).min() > 0.3


def test_dark_glasses_do_not_darken_the_skin():
    person = people.person()
    image = person.image.copy()
    x, y = people.EYES.astype(int)
    image[y - 10 : y + 14, x - 30 : x + 30] = 10
    seen, free = skin_of(Subject(image, person.pose, person.world, person.face)), skin_of(person)
    assert seen is not None
    assert free is not None
    assert seen.tone == pytest.approx(free.tone, abs=0.1)


def test_without_a_face_there_is_no_skin_to_go_by():
    person = people.person()
    nothing = np.full((468, 3), np.nan)
    assert skin_of(Subject(person.image, person.pose, person.world, nothing)) is None


def test_an_outline_beyond_the_picture_holds_no_pixels():
    image = np.zeros((10, 10, 3), np.uint8)
    square = np.array([(0, 0), (4, 0), (4, 4), (0, 4)], float)
    assert len(area(image, square)) == 25
    assert len(area(image, square - 20)) == 0
