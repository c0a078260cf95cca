"""What is said of drawn hair, whose shape is exactly known."""

from __future__ import annotations

import numpy as np
import pytest

from posture_check.grooming.hair import (
    MEASURES,
    HairReader,
    ears_covered,
    forehead_covered,
    hair_above_collar,
    hair_tied,
    hair_unnatural,
    probable,
)
from posture_check.grooming.hair_length import lengths
from posture_check.grooming.hair_measures import seen_from
from posture_check.grooming.headmap import Part
from posture_check.landmarks.findings import Finding
from tests.grooming.heads import NECK_CM, head_map, subject

FACE = (Part.SKIN, -7, -11, 7, 12)
NECK = (Part.SKIN, -5, 10, 5, NECK_CM - 11)
BODY = (Part.CLOTHING, -25, NECK_CM - 11.5, 25, 45)
SCALP = (Part.HAIR, -8, -14, 8, -9)
EARS = ((Part.EAR, -10, -1, -6.9, 7), (Part.EAR, 6.9, -1, 10, 7))
BACK = (Part.HAIR, -8, -14, 8, 8)


@pytest.mark.parametrize("down_to", [-8.5, -7.0, -5.0, -4.0, -2.0])
def test_a_fringe_covers_the_forehead_down_to_where_it_was_drawn(down_to):
    person = subject()
    fringe = (Part.HAIR, -8, -14, 8, down_to)
    found = forehead_covered(person, head_map(person, [FACE, fringe]))
    assert found.value == pytest.approx(np.clip((down_to + 8.2) / 5.7, 0, 1), abs=0.12)
    assert found.marks[0].role == "region"


def test_a_bald_forehead_is_bare():
    person = subject()
    assert forehead_covered(person, head_map(person, [FACE])).value == pytest.approx(0, abs=0.05)


def test_a_hat_hides_the_forehead():
    person = subject()
    found = forehead_covered(person, head_map(person, [FACE, (Part.HEADWEAR, -9, -15, 9, -4)]))
    assert (found.value, found.reason) == (None, "occluded")


def test_from_behind_neither_forehead_nor_ears_are_told():
    person = subject(170.0, face=False)
    head = head_map(person, [BACK, BODY])
    assert seen_from(person, head) == "back"
    assert forehead_covered(person, head).reason == "view"
    assert ears_covered(person, head, "back").reason == "view"


def test_a_forehead_cut_off_by_the_picture_is_not_bare():
    person = subject()
    image = person.image[330 - 8 * 4 :]
    shift = np.array([0, 330 - 8 * 4, 0])
    pose = person.pose.copy()
    pose[:, 1] -= shift[1]
    cut = type(person)(image, pose, person.world, person.face - shift)
    assert forehead_covered(cut, head_map(cut, [FACE])).reason == "out_of_frame"


@pytest.mark.parametrize("side", [-1, 1])
def test_the_worse_of_two_ears_counts(side):
    person = subject()
    curtain = (Part.HAIR, 6.5, -8, 11, 8) if side > 0 else (Part.HAIR, -11, -8, -6.5, 8)
    free = ears_covered(person, head_map(person, [FACE, SCALP, *EARS]), "front")
    worse = ears_covered(person, head_map(person, [FACE, SCALP, *EARS, curtain]), "front")
    assert free.value == pytest.approx(0, abs=0.05)
    assert worse.value == pytest.approx(1, abs=0.05)
    assert np.sign(np.mean([x for x, _ in worse.marks[0].points]) - 500) == side


def test_ears_under_a_headscarf_are_not_judged():
    person = subject()
    scarf = (Part.CLOTHING, -12, -8, -6.5, 12), (Part.CLOTHING, 6.5, -8, 12, 12)
    assert ears_covered(person, head_map(person, [FACE, *scarf]), "front").reason == "occluded"


def test_an_ear_that_lies_flat_before_the_background_is_not_covered():
    person = subject()
    assert ears_covered(person, head_map(person, [FACE, SCALP]), "front").value == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("end", [-16.0, -13.0, -8.0])
def test_from_behind_hair_is_held_against_the_collar(end):
    person = subject(175.0, face=False)
    nape = (Part.SKIN, -4, 0, 4, NECK_CM - 11)
    head = head_map(person, [NECK, nape, BODY, BACK, (Part.HAIR, -6, 0, 6, NECK_CM + end)])
    found = hair_above_collar(person, head, lengths(person, head), "back")
    assert found.value == pytest.approx(-13.4 - end, abs=0.8)


def test_from_the_front_only_hair_that_reaches_the_collar_is_told():
    person = subject()
    short = head_map(person, [FACE, NECK, BODY, SCALP])
    long = head_map(person, [FACE, NECK, BODY, SCALP, (Part.HAIR, -10, -8, -5, NECK_CM - 4)])
    assert hair_above_collar(person, short, lengths(person, short), "front").reason == "view"
    found = hair_above_collar(person, long, lengths(person, long), "front")
    assert found.value == pytest.approx(-7.5, abs=1.5)


@pytest.mark.parametrize(("half_width", "tied"), [(2.0, True), (9.0, False)])
def test_a_narrow_tail_is_tied_and_a_wide_curtain_is_not(half_width, tied):
    person = subject(175.0, face=False)
    head = head_map(person, [BODY, BACK, (Part.HAIR, -half_width, 0, half_width, NECK_CM + 4)])
    found = hair_tied(lengths(person, head), "back", Finding())
    assert found.reason is None
    assert (found.value > 0.5) == tied


def test_from_the_front_tied_hair_cannot_be_told_from_short():
    person = subject()
    hair = lengths(person, head_map(person, [FACE, BODY, SCALP]))
    assert hair_tied(hair, "front", Finding(0.02, 0.1)).reason == "view"
    assert hair_tied(hair, "front", Finding(0.97, 0.1)).value == pytest.approx(0.03)


@pytest.mark.parametrize(("rgb", "dyed"), [((30, 25, 24), False), ((150, 120, 80), False), ((30, 60, 190), True)])
def test_colour_is_that_of_the_hair_and_of_nothing_else(rgb, dyed):
    image = np.full((1200, 1000, 3), (40, 90, 220), np.uint8)  # a blue wall
    image[330 - 100 : 330 + 100, 500 - 60 : 500 + 60] = (205, 160, 138)
    image[330 - 112 : 330 - 50, 500 - 64 : 500 + 64] = rgb
    person = subject(image=image)
    head = head_map(person, [FACE, (Part.HAIR, -8, -14, 8, -6.25)])
    found = hair_unnatural(person, head, lengths(person, head))
    assert found.reason is None
    assert (found.value > 0.5) == dyed


def test_without_hair_there_is_no_colour():
    person = subject()
    head = head_map(person, [FACE])
    assert hair_unnatural(person, head, lengths(person, head)).reason == "absent"


def test_within_its_band_a_probability_keeps_its_value_but_has_no_say():
    assert probable(0.6, 0.2).reason == "uncertain"
    assert probable(0.6, 0.2).value == 0.6
    assert probable(0.75, 0.2).reason is None


@pytest.fixture(scope="module")
def reader():
    return HairReader()


def test_every_measure_is_answered(reader):
    person = subject()
    found = reader.look(person, head_map(person, [FACE, NECK, BODY, SCALP, *EARS]))
    assert set(found) == set(MEASURES)
    assert found["forehead_covered"].reason is None
    assert found["ears_covered"].reason is None


@pytest.mark.parametrize(("scale", "reason"), [(None, "out_of_frame"), (1.0, "too_small")])
def test_no_head_and_a_tiny_one_are_not_judged(reader, scale, reason):
    person = subject(px_per_cm=scale or 8.0)
    head = head_map(person, [FACE, SCALP]) if scale else None
    assert {found.reason for found in reader.look(person, head).values()} == {reason}


def test_long_hair_over_the_shoulders_is_told_from_short(reader):
    person = subject()
    curtains = [(Part.HAIR, -13, -8, -6, NECK_CM + 4), (Part.HAIR, 6, -8, 13, NECK_CM + 4)]
    long = reader.look(person, head_map(person, [FACE, NECK, BODY, SCALP, *curtains]))
    short = reader.look(person, head_map(person, [FACE, NECK, BODY, SCALP, *EARS]))
    assert long["long_hair_down"].value > 0.9
    assert short["long_hair_down"].value < 0.1


def test_under_a_hat_neither_forehead_nor_baldness_nor_colour_is_judged(reader):
    person = subject()
    hat = (Part.HEADWEAR, -11, -17, 11, -5)
    found = reader.look(person, head_map(person, [FACE, NECK, BODY, hat]))
    assert found["headwear"].value > 0.9
    assert {found[name].reason for name in ("forehead_covered", "bald", "hair_unnatural")} == {"occluded"}
