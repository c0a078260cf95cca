"""Where drawn hair ends, against collar and shoulders."""

from __future__ import annotations

import numpy as np
import pytest

from posture_check.grooming.hair_length import COLLAR, SHOULDER, collar_top, hanging, lengths, places, sized
from posture_check.grooming.headmap import Part
from posture_check.landmarks.names import L
from tests.grooming.heads import NECK_CM, head_map, subject

HEAD = (Part.SKIN, -7, -10, 7, 12)
CAP = (Part.HAIR, -9, -14, 9, -6)


def collar(person, head):
    return collar_top(person, head, lengths(person, head))


def body(top):
    return (Part.CLOTHING, -25, NECK_CM + top, 25, 45)


@pytest.mark.parametrize("end", [-15.0, -9.0, -2.0, 5.0])
@pytest.mark.parametrize("scale", [4.0, 9.0])
def test_hair_ends_where_it_was_drawn(end, scale):
    person = subject(px_per_cm=scale)
    curtain = (Part.HAIR, 7, -8, 10, NECK_CM + end)
    found = lengths(person, head_map(person, [HEAD, CAP, curtain]))
    assert found.lowest_cm() == pytest.approx(end, abs=0.8)


def test_width_and_area_are_those_drawn():
    person = subject()
    found = lengths(person, head_map(person, [HEAD, CAP, (Part.HAIR, -12, -8, -7, 30), (Part.HAIR, 7, -8, 12, 30)]))
    assert found.width_at(-10.0) == pytest.approx(10, abs=0.8)
    assert found.area_below(0.0) == pytest.approx(10 * (30 - NECK_CM), abs=6)


def test_hair_of_somebody_else_does_not_count():
    person = subject()
    head = head_map(person, [HEAD, CAP, (Part.HAIR, 25, 10, 31, 20)])
    assert not hanging(head, head.planes[Part.HAIR] > 0.5)[head.cm[..., 0] > 20].any()
    assert lengths(person, head).lowest_cm() < -30


def test_without_hair_nothing_ends():
    person = subject()
    assert np.isnan(lengths(person, head_map(person, [HEAD])).lowest_cm())


def test_clothing_at_the_neck_and_the_shoulders_tell_the_collar():
    person = subject()
    tops = {top: collar(person, head_map(person, [HEAD, body(top)])) for top in (-13.0, -11.0, -10.0)}
    assert tops[-10.0][0] - tops[-13.0][0] == pytest.approx(1.5, abs=0.4)
    assert all(abs(height - top) < 2.5 for top, (height, _) in tops.items())
    assert all(error < 1 for _, error in tops.values())


def test_shoulders_tell_the_collar_that_hair_hides():
    person = subject()
    found, error = collar(person, head_map(person, [HEAD, body(-3.0)]))
    assert found == pytest.approx(-COLLAR * NECK_CM, abs=0.1)
    assert error > 1


def test_the_shoulders_lie_below_the_collar_and_follow_a_longer_neck():
    person = subject()
    found = lengths(person, head_map(person, [HEAD]))
    assert -COLLAR * NECK_CM < found.shoulder_cm == pytest.approx(-SHOULDER * NECK_CM, abs=0.1)


def test_places_are_measured_from_between_the_shoulders():
    person = subject()
    head = head_map(person, [])
    np.testing.assert_allclose(places(person, head), head.cm - [0, NECK_CM], atol=0.3)


@pytest.mark.parametrize(("scale", "believed"), [(1.0, True), (0.4, False), (2.5, False)])
def test_a_head_without_mesh_must_be_as_large_as_its_shoulders_lie_low(scale, believed):
    person = subject(face=False)
    eyes = person.pose[[L.LEFT_EYE, L.RIGHT_EYE], :2]
    person.pose[[L.MOUTH_LEFT, L.MOUTH_RIGHT], 1] = eyes[:, 1] + 6.8 * 8.0 / scale
    person.pose[[L.LEFT_HIP, L.RIGHT_HIP], 1] = 5000.0  # out of the picture: the face alone tells the scale
    assert sized(person) is believed
    assert sized(subject(face=True))


def test_from_the_side_a_cheek_of_the_skins_colour_is_no_hair():
    person = subject(face=False, yaw_deg=180)
    cap, ear = (Part.HAIR, -9, -14, 9, -2), (Part.SKIN, -2, -2, 4, 12)
    head = head_map(person, [cap, ear, (Part.HAIR, -9, -2, -2, 14)])
    head.planes[:] = 0.9 * head.planes + 0.1 / len(Part)  # told, but not beyond doubt
    head.patch.image[:] = (60, 40, 30)
    wrong = lengths(person, head).lowest_cm()
    head.patch.image[head.cm[..., 1] > -2] = (210, 160, 140)
    assert wrong == pytest.approx(14 - NECK_CM, abs=0.8)
    assert lengths(person, head).lowest_cm() == pytest.approx(-2 - NECK_CM, abs=0.8)
