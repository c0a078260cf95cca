"""Bare limbs: where the strips lie, how rows become a share, and drawn and real sleeves."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from posture_check.grooming import limbs
from posture_check.grooming.skin import skin_of
from posture_check.grooming.subject import Subject
from posture_check.grooming.train.footage import examples
from posture_check.landmarks.names import L
from posture_check.resources import models_dir
from tests.grooming import people

NAMES = {"forearm_bare", "upper_arm_bare", "leg_bare"}


@pytest.fixture(scope="module")
def reader():
    return limbs.LimbReader()


def rows(skin, cloth, hidden):
    """Return probabilities ``(3, 32)`` of rows by where along the limb they lie: skin, cloth, or hidden there."""
    at = limbs.row_places()
    return np.stack([(at >= low) & (at < high) for low, high in (skin, cloth, hidden)]).astype(float)


def seen(person, pose):
    return Subject(person.image, pose, person.world, person.face)


@pytest.mark.parametrize("part", limbs.PARTS)
@pytest.mark.parametrize("side", [0, 1])
def test_a_strip_runs_down_the_middle_of_its_limb(part, side):
    person = people.person()
    skin = skin_of(person)
    cut = limbs.strip(person, skin, limbs.cloth_tone(person), part, side)
    upper, lower = (person.pose[end + side, :2] for end in limbs.ENDS[part])
    at = limbs.row_places()
    middle = np.stack([np.full(limbs.ROWS, limbs.COLUMNS / 2 - 0.5), np.arange(limbs.ROWS)], -1)
    assert cut.patch.to_picture(middle) == pytest.approx(upper + at[:, None] * (lower - upper), abs=0.5)


def test_the_planes_are_nought_where_skin_is_skin_and_cloth_is_cloth():
    person = people.person(sleeve=1.0)
    cloth = limbs.cloth_tone(person)
    forearm, upper_arm = (limbs.strip(person, skin_of(person), cloth, part, 0) for part in limbs.PARTS[:2])
    middle = slice(limbs.COLUMNS // 2 - 1, limbs.COLUMNS // 2 + 1)
    assert np.abs(forearm.planes[:3, 12:24, middle]).mean() < 0.1
    assert np.abs(forearm.planes[3:6, 12:24, middle]).mean() > 0.3
    assert np.abs(upper_arm.planes[3:6, 8:20, middle]).mean() < 0.1
    assert np.abs(upper_arm.planes[:3, 8:20, middle]).mean() > 0.3


@pytest.mark.parametrize("end", [0.1, 0.3, 0.5, 0.7])
def test_the_share_is_that_of_the_rows(end):
    found = limbs.bare_share(rows((end, 2), (-1, end), (3, 3)))
    low, high = limbs.COUNTED
    assert found.share == pytest.approx((high - end) / (high - low), abs=0.06)
    assert found.shown == pytest.approx(1.0)


def test_a_cuff_that_ends_at_the_watch_leaves_nothing_bare():
    assert limbs.bare_share(rows((0.87, 2), (-1, 0.87), (3, 3))).share == 0


def test_rows_that_are_hidden_count_neither_way():
    found = limbs.bare_share(rows((0.5, 2), (3, 3), (-1, 0.5)))
    assert found.share == pytest.approx(1.0)
    assert found.shown == pytest.approx(0.45, abs=0.05)
    assert np.isnan(limbs.bare_share(rows((3, 3), (3, 3), (-1, 2))).share)


def test_doubt_over_rows_widens_the_error():
    sure = rows((0.5, 2), (-1, 0.5), (3, 3))
    torn = 0.8 * sure + 0.1
    assert limbs.bare_share(torn).error > limbs.bare_share(sure).error + 0.1


@pytest.mark.parametrize("skin", people.SKINS)
@pytest.mark.parametrize("shirt", [(225, 226, 230), (30, 40, 90)])
def test_drawn_sleeves(reader, skin, shirt):
    long = reader.look(people.person(skin, shirt=shirt, sleeve=1.95, leg=2.0))
    short = reader.look(people.person(skin, shirt=shirt, sleeve=0.5, leg=0.5))
    assert set(long) == NAMES
    assert long["forearm_bare"].value < 0.2
    assert short["forearm_bare"].value > 0.7
    assert long["leg_bare"].value < 0.25
    assert short["leg_bare"].value > long["leg_bare"].value + 0.2
    assert short["forearm_bare"].marks


def test_the_barer_of_two_forearms_counts_and_a_hidden_one_does_not(reader):
    person = people.person(sleeve=1.95)
    image = person.image.copy()
    bare = people.person(sleeve=1.0).image
    half = int(people.EYES[0])
    image[:, half:] = bare[:, half:]  # the wearer's left
    both = Subject(image, person.pose, person.world, person.face)
    assert reader.look(both)["forearm_bare"].value > 0.7
    pose = person.pose.copy()
    pose[L.LEFT_WRIST, 3] = 0.1
    assert reader.look(Subject(image, pose, person.world, person.face))["forearm_bare"].value < 0.2


def test_what_cannot_be_seen_says_why(reader):
    person = people.person()
    cut = person.pose.copy()
    cut[[L.LEFT_WRIST, L.RIGHT_WRIST], 1] = people.SIZE[1] + 20
    assert reader.look(seen(person, cut))["forearm_bare"].reason == "out_of_frame"
    hidden = person.pose.copy()
    hidden[[L.LEFT_WRIST, L.RIGHT_WRIST], 3] = 0.1
    assert reader.look(seen(person, hidden))["forearm_bare"].reason == "occluded"
    pointing = person.pose.copy()
    for side in (0, 1):
        pointing[L.LEFT_WRIST + side, :2] = pointing[L.LEFT_ELBOW + side, :2] + 10
    assert reader.look(seen(person, pointing))["forearm_bare"].reason == "view"
    behind = Subject(person.image, person.pose, person.world, np.full((468, 3), np.nan))
    assert {finding.reason for finding in reader.look(behind).values()} == {"view"}


def test_rendered_sleeves(reader, footage):
    """Exact truth; the bodies in short sleeves are few."""
    found = examples(footage, "rendered_grooming")
    short = [e for e in found if e.truth["sleeves"] == "short"]
    long = [e for e in found if e.truth["sleeves"] == "long"][::12]
    for example in (*short, *long):
        told = reader.look(example.subject())["forearm_bare"]
        if told.reason is None and abs(told.value - 1 / 3) > told.error:
            assert (told.value > 1 / 3) == (example.truth["sleeves"] == "short"), example.name


def test_held_out_figures():
    """The shipped table of held-out shares: a third of a forearm bare or not is right in nine of ten, both ways."""
    with (models_dir() / "limbs.cv.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == "forearm" and "/ccp/" in row["path"]]
    table = {key: np.array([float(row[key]) for row in rows]) for key in ("share", "shown", "found", "error")}
    told = (table["shown"] > 0.7) & (table["error"] <= limbs.MAX_ERROR) & (abs(table["found"] - 1 / 3) > table["error"])
    bare, covered = told & (table["share"] > 0.5), told & (table["share"] < 0.2)
    assert (table["found"][bare] > 1 / 3).mean() >= 0.9
    assert (table["found"][covered] < 1 / 3).mean() >= 0.9
