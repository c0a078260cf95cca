"""The badge: geometry of its corners, what may be judged, and drawn badges with exact truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats

from posture_check.grooming import badge
from posture_check.grooming.badge import MEASURES, BadgeReader, across_chest, tilt_of
from posture_check.grooming.badge_edges import sharpened
from posture_check.grooming.subject import Subject
from posture_check.landmarks.names import L

SCALE = 9.0
"""Pixels per centimetre of the drawn people."""


def plate(width: float, height: float, tilt_deg: float, squeeze_x: float = 1.0, squeeze_y: float = 1.0) -> np.ndarray:
    flat = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * (width, height)
    angle = -np.radians(tilt_deg)  # anticlockwise as seen
    turned = flat @ np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    return turned * (squeeze_x, squeeze_y)


@given(tilt=floats(-35, 35), x=floats(0.4, 1.0), y=floats(0.6, 1.0), wide=floats(0.5, 3))
def test_tilt_is_that_in_the_plane_of_the_plate_whatever_way_it_faces(tilt, x, y, wide):
    assert tilt_of(plate(30 * wide, 30, tilt, x, y)) == pytest.approx(tilt, abs=0.1)


@given(x=floats(-14, 14), yaw=floats(-40, 40))
def test_a_place_on_the_breast_keeps_its_side_when_the_trunk_turns(x, yaw):
    turned = np.radians(yaw)
    seen = x * np.cos(turned) - badge.CHEST_DEPTH_CM * np.sin(turned)
    assert across_chest(seen, yaw) == pytest.approx(x, abs=1e-6)


def person(
    badge_at: tuple[float, float] | None = (10.0, 15.0),
    tilt_deg: float = 0.0,
    size_cm: tuple[float, float] = (7.0, 2.5),
    yaw_deg: float = 0.0,
    scale: float = SCALE,
    height_cm: float = 90.0,
) -> Subject:
    """Return a plain figure in a dark jacket with a white name bar at a place of the trunk, in cm."""
    import cv2

    size = (int(80 * scale), int(height_cm * scale))
    image = np.full((size[1], size[0], 3), (205, 210, 215), np.uint8)
    origin = np.array([size[0] / 2, 30 * scale])

    def px(*places: tuple[float, float]) -> np.ndarray:
        return np.asarray(places) * scale + origin

    def area(places: np.ndarray, colour: tuple[int, int, int]) -> None:
        cv2.fillPoly(image, [np.round(places * 16).astype(np.int32)], colour, cv2.LINE_AA, 4)

    area(px((-8, -8), (8, -8), (22, 2), (26, 60), (-26, 60), (-22, 2)), (44, 48, 60))
    area(px((-5, -6), (5, -6), (0, 16)), (235, 235, 238))
    cv2.ellipse(image, (px((0, -17))[0]).astype(int), (int(8 * scale), int(11 * scale)), 0, 0, 360, (205, 160, 135), -1)
    if badge_at is not None:
        corners = plate(*size_cm, tilt_deg) * scale + px(badge_at)[0]
        area(corners, (240, 240, 236))
        along, down = (corners[1] - corners[0]), (corners[3] - corners[0])
        for row, length in ((0.3, 0.8), (0.65, 0.6)):
            for at in np.arange(0.1, length, 0.09):
                letter = corners[0] + at * along + row * down
                area(np.array([letter, letter + 0.05 * along, letter + 0.05 * along + 0.2 * down]), (20, 30, 90))
    image = cv2.GaussianBlur(image, (0, 0), 0.6)
    pose = np.zeros((33, 4))
    for mark, place in {
        L.LEFT_SHOULDER: (18, 0), L.RIGHT_SHOULDER: (-18, 0), L.LEFT_HIP: (11, 50), L.RIGHT_HIP: (-11, 50),
        L.LEFT_WRIST: (30, 55), L.RIGHT_WRIST: (-30, 55), L.LEFT_INDEX: (30, 62), L.RIGHT_INDEX: (-30, 62),
    }.items():  # fmt: skip
        pose[mark, :2] = px(place)[0]
    pose[:, 3] = 1.0
    world = np.zeros((33, 3))
    turn = np.radians(yaw_deg)
    world[L.LEFT_SHOULDER] = 0.18 * np.array([np.cos(turn), 0, -np.sin(turn)])
    world[L.RIGHT_SHOULDER] = -world[L.LEFT_SHOULDER]
    face = np.concatenate([np.repeat(px((0, -15)), 468, 0), np.zeros((468, 1))], 1)
    for at, place in {33: (-4.5, -18), 263: (4.5, -18), 10: (0, -25), 152: (0, -7)}.items():  # eyes, hairline, chin
        face[at, :2] = px(place)[0]
    return Subject(np.asarray(image, np.uint8), pose, world, face)


@pytest.mark.parametrize("tilt", [-20.0, 0.0, 14.0])
@pytest.mark.parametrize(("width", "height"), [(70, 25), (55, 85)])
def test_edges_mend_rough_corners(width, height, tilt):
    import cv2

    image = np.full((220, 220, 3), (40, 50, 90), np.uint8)
    image[:, 150:] = (220, 220, 225)
    true = plate(width, height, tilt) + np.array([100, 110])
    cv2.fillPoly(image, [np.round(true * 16).astype(np.int32)], (236, 236, 230), cv2.LINE_AA, 4)
    cv2.circle(image, (100, 110), 6, (40, 50, 90), -1)
    rough = plate(0.9 * width, 1.1 * height, 0.5 * tilt) + np.array([103, 108])
    found = sharpened(image, rough)
    assert found is not None
    assert np.abs(found - true).max() < 2.0
    assert tilt_of(found) == pytest.approx(tilt, abs=1.0)


def test_without_an_edge_nothing_is_mended():
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    assert sharpened(noise, plate(70, 25, 5.0) + np.array([100, 100])) is None


@pytest.fixture(scope="module")
def reader() -> BadgeReader:
    return BadgeReader()


@pytest.mark.parametrize("tilt", [-15.0, 0.0, 12.0])
@pytest.mark.parametrize("x", [-10.0, 10.0])
def test_a_pinned_bar_is_found_on_its_side_with_its_tilt(reader, x, tilt):
    found = reader.look(person((x, 15.0), tilt))
    assert found["badge_worn"].value > 0.8
    assert found["badge_worn"].reason is None
    assert found["badge_side"].value == pytest.approx(x, abs=2.0)
    assert found["badge_tilt"].value == pytest.approx(tilt, abs=4.0)
    (outline,) = found["badge_tilt"].marks
    middle = np.mean(outline.points, 0)
    assert middle == pytest.approx(np.array([(40 + x) * SCALE, 45 * SCALE]), abs=2 * SCALE)


def test_without_a_badge_none_is_found_and_the_rest_has_no_say(reader):
    found = reader.look(person(None))
    assert found["badge_worn"].value < 0.2
    assert found["badge_worn"].reason is None
    assert {found[name].reason for name in MEASURES[1:]} == {"absent"}


def test_every_measure_has_a_finding_of_value_or_reason(reader):
    for subject in (person(), person(None), person(yaw_deg=80), person(scale=2.0)):
        found = reader.look(subject)
        assert set(found) == set(MEASURES)
        assert all(finding.value is not None or finding.reason is not None for finding in found.values())


@pytest.mark.parametrize("yaw", [-120.0, -60.0, 55.0, 180.0])
def test_from_the_side_and_from_behind_there_is_no_number(reader, yaw):
    found = reader.look(person(yaw_deg=yaw))
    assert {(finding.value, finding.reason) for finding in found.values()} == {(None, "view")}


def test_too_few_pixels_give_no_number(reader):
    found = reader.look(person(scale=2.0))
    assert {(finding.value, finding.reason) for finding in found.values()} == {(None, "too_small")}


def test_a_bare_breast_is_believed_only_of_a_person_whose_face_shows(reader):
    subject = person(None)
    found = reader.look(Subject(subject.image, subject.pose, subject.world, np.full((468, 3), np.nan)))
    assert {(finding.value, finding.reason) for finding in found.values()} == {(None, "view")}


def test_a_breast_below_the_edge_of_the_picture_is_not_called_bare(reader):
    found = reader.look(person(None, height_cm=42.0))
    assert found["badge_worn"].value is None
    assert found["badge_worn"].reason in ("out_of_frame", "uncertain")


def test_a_badge_cut_by_the_edge_of_the_picture_is_not_called_worn(reader):
    found = reader.look(person((10.0, 15.0), size_cm=(5.5, 8.5), height_cm=43.0))
    assert found["badge_worn"].reason in ("out_of_frame", "uncertain")


def test_a_hand_before_the_breast_may_hide_a_badge(reader):
    subject = person(None)
    pose = subject.pose.copy()
    pose[L.RIGHT_WRIST, :2] = subject.trunk.to_picture(np.array([9.0, 15.0]))
    found = reader.look(Subject(subject.image, pose, subject.world, subject.face))
    assert found["badge_worn"].reason == "occluded"


def test_the_same_design_looks_alike_at_another_place_and_another_one_does_not(reader):
    here, there = reader.embedding(person((10, 15))), reader.embedding(person((-9, 17), 4.0))
    other = reader.embedding(person((10, 15), size_cm=(5.5, 8.5)))
    assert here.shape == there.shape == other.shape
    assert here.dtype == np.float32
    assert np.linalg.norm(here - there) < np.linalg.norm(here - other)
    assert reader.embedding(person(None)) is None
