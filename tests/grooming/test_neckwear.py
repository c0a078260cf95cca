"""What is worn around the neck: gates on drawn people, readings on rendered ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posture_check.grooming import neckwear
from posture_check.grooming.neckwear import PLACED, WORN, NeckwearReader
from posture_check.grooming.subject import Subject
from posture_check.grooming.train.footage import Example, examples
from posture_check.landmarks.names import L


def person(px_per_cm: float = 6.0, height_cm: float = 110.0, light: int = 150, yaw_deg: float = 0.0) -> Subject:
    """Return a person as landmarks in front of a grey wall: eyes 30 cm below the picture's top, chin at 41.5 cm."""
    wide = round(90 * px_per_cm)
    image = np.full((round(height_cm * px_per_cm), wide, 3), light, np.uint8)
    middle = wide / 2
    face = np.tile(np.array([middle, 35 * px_per_cm, 0.0]), (468, 1))
    turn = np.radians(yaw_deg)
    for point, side in ((33, -1), (263, 1)):
        across = side * 4.5 * px_per_cm
        face[point] = (middle + across * np.cos(turn), 30 * px_per_cm, -across * np.sin(turn))
    face[10, 1], face[152, 1] = 23 * px_per_cm, 41.5 * px_per_cm
    pose, world = np.zeros((33, 4)), np.zeros((33, 3))
    pose[:, :2], pose[:, 3] = (middle, 60 * px_per_cm), 1
    for part, x, y in (
        (L.LEFT_SHOULDER, 18, 52),
        (L.RIGHT_SHOULDER, -18, 52),
        (L.LEFT_HIP, 11, 100),
        (L.RIGHT_HIP, -11, 100),
    ):
        pose[part, :2] = (middle + x * px_per_cm, y * px_per_cm)
        world[part] = (x / 100, (y - 100) / 100, 0)
    return Subject(image, pose, world, face)


def why(subject: Subject) -> str | None:
    return neckwear.hidden(subject, neckwear.neck_patch(subject))


def test_axes_start_at_the_chin_half_way_to_the_trunk() -> None:
    subject = person()
    moved = subject.face.copy()
    moved[152, 0] += 24  # the chin turns 4 cm to the side
    axes = neckwear.neck_axes(Subject(subject.image, subject.pose, subject.world, moved))
    assert axes.origin == pytest.approx([270 + 12, 41.5 * 6])
    assert axes.px_per_cm == pytest.approx(6, rel=0.02)


def test_a_front_view_is_looked_at() -> None:
    assert why(person()) is None


@pytest.mark.parametrize("height_cm", [47.0, 44.0])
def test_a_picture_that_ends_above_the_collar_is_out_of_frame(height_cm: float) -> None:
    assert why(person(height_cm=height_cm)) == "out_of_frame"


def test_a_picture_that_ends_below_the_knot_is_looked_at() -> None:
    assert why(person(height_cm=55.0)) is None


def test_a_small_person_is_too_small() -> None:
    assert why(person(px_per_cm=1.0)) == "too_small"


def test_a_dark_picture_is_too_dark() -> None:
    assert why(person(light=6)) == "too_dark"


def test_a_turned_head_and_no_face_are_the_wrong_view() -> None:
    assert why(person(yaw_deg=65)) == "view"
    subject = person()
    assert why(Subject(subject.image, subject.pose, subject.world, np.full((468, 3), np.nan))) == "view"


def test_the_face_has_no_say() -> None:
    subject = person()
    painted = subject.image.copy()
    painted[:240] = (250, 0, 200)
    other = Subject(painted, subject.pose, subject.world, subject.face)
    assert np.array_equal(neckwear.neck_patch(subject).image, neckwear.neck_patch(other).image)


@pytest.fixture(scope="module")
def reader() -> NeckwearReader:
    return NeckwearReader()


def test_a_plain_wall_wears_nothing(reader: NeckwearReader) -> None:
    found = reader.look(person())
    assert set(found) == {*WORN, *PLACED}
    assert all((found[name].value or 0) < 0.5 for name in WORN)
    assert all(found[name].reason == "absent" for name in PLACED)
    assert reader.embedding(person()) is None


def test_what_cannot_be_seen_has_no_value(reader: NeckwearReader) -> None:
    assert {(f.value, f.reason) for f in reader.look(person(px_per_cm=1.0)).values()} == {(None, "too_small")}


@pytest.fixture(scope="module")
def rendered(footage: Path) -> dict[str, Example]:
    return {example.path.stem: example for example in examples(footage, "rendered_grooming")}


@pytest.mark.parametrize(
    ("still", "kind"), [("gd_072", "tie"), ("gd_061", "bow"), ("gd_t01", "scarf"), ("gd_033", None)]
)
def test_kinds_of_neckwear_are_told_apart(
    reader: NeckwearReader, rendered: dict[str, Example], still: str, kind: str | None
) -> None:
    subject = rendered[still].subject()
    assert subject is not None
    found = reader.look(subject)
    worn = {name for name in WORN if (found[name].value or 0) > 0.5}
    assert worn == ({f"{kind}_worn"} if kind else set())


def test_knot_tip_and_tilt_of_a_rendered_tie(reader: NeckwearReader, rendered: dict[str, Example]) -> None:
    example = rendered["gd_011"]  # knot in the middle, blade hangs 11 degrees aslant
    subject = example.subject()
    assert subject is not None
    truth, found = example.truth["neckwear"], reader.look(subject)
    for name, key, room in (("knot_offset", "knot_offset_cm", 1.0), ("tie_tip", "tip_minus_belt_cm", 3.0)):
        assert found[name].reason is None
        assert found[name].value == pytest.approx(truth[key], abs=room)
    assert found["tie_tilt"].value == pytest.approx(truth["blade_tilt_deg"], abs=3)


def test_embeddings_are_nearer_for_the_same_tie(reader: NeckwearReader, rendered: dict[str, Example]) -> None:
    subject = rendered["gd_072"].subject()
    other = rendered["gd_062"].subject()
    assert subject is not None
    assert other is not None
    darker = Subject((subject.image * 0.9).astype(np.uint8), subject.pose, subject.world, subject.face)
    first, again, another = (reader.embedding(one) for one in (subject, darker, other))
    assert first is not None
    assert again is not None
    assert another is not None
    assert first.dtype == np.float32
    assert np.linalg.norm(first - again) < 0.8 * np.linalg.norm(first - another)
