from __future__ import annotations

import numpy as np
import pytest

from posture_check.grooming.headmap import CORNER_CM, SIZE_CM, SIZE_PX, Part
from posture_check.grooming.train.hair import held_out, score
from posture_check.grooming.train.hairdata import (
    ALLOWED,
    ANY_SKIN,
    HAIR_OR_SKIN,
    IGNORED,
    MARGIN_PX,
    HeadPictures,
    ccp_labels,
    npr_labels,
)
from posture_check.grooming.train.hairdraw import draw, plain
from posture_check.grooming.train.hairshape import shave, turn_away
from posture_check.grooming.train.hairweak import crowned

SIZE = SIZE_PX + 2 * MARGIN_PX
STEPS = (np.arange(SIZE) - MARGIN_PX + 0.5) * SIZE_CM / SIZE_PX
X, Y = np.meshgrid(STEPS + CORNER_CM[0], STEPS + CORNER_CM[1])
COLOURS = {
    Part.BACKGROUND: (60, 120, 200),
    Part.HAIR: (40, 25, 20),
    ANY_SKIN: (210, 160, 140),
    Part.CLOTHING: (90, 90, 95),
}


def heads(names: list[str]) -> HeadPictures:
    """Return drawn people: a face, short hair around its upper half, shoulders."""
    labels = np.full((SIZE, SIZE), Part.BACKGROUND, np.uint8)
    labels[(Y > 14) & (np.abs(X) < 22)] = Part.CLOTHING
    labels[(np.hypot(X / 9, (Y + 1) / 13) < 1) & (Y < 3)] = Part.HAIR
    labels[np.hypot(X / 7, (Y - 2) / 9) < 1] = ANY_SKIN
    image = np.zeros((SIZE, SIZE, 3), np.uint8)
    for label, colour in COLOURS.items():
        image[labels == label] = colour
    face = np.where(labels == ANY_SKIN, 128, 0).astype(np.uint8)
    person = np.where(labels == Part.BACKGROUND, 0, 255).astype(np.uint8)
    many = len(names)
    planes = [np.repeat(plane[None], many, 0) for plane in (image, labels, person, face, np.ones_like(labels))]
    return HeadPictures(np.array(names), np.array(names), *planes)


def test_masks_of_both_collections_mean_the_same_parts():
    assert ccp_labels(np.array([[0, 1, 2, 3]], np.uint8), ["null", "hair", "skin", "cardigan"]).tolist() == [
        [Part.BACKGROUND, Part.HAIR, ANY_SKIN, Part.CLOTHING]
    ]
    colours = np.array([[(0, 0, 0), (49, 163, 84), (253, 174, 107), (117, 107, 177)]], np.uint8)
    assert npr_labels(colours).tolist() == [[Part.BACKGROUND, Part.HAIR, Part.EAR, Part.SKIN]]


def test_coarse_labels_are_met_by_their_parts_alone():
    assert np.flatnonzero(ALLOWED[ANY_SKIN]).tolist() == [Part.SKIN, Part.EAR, Part.BEARD]
    assert np.flatnonzero(ALLOWED[HAIR_OR_SKIN]).tolist() == [Part.HAIR, Part.SKIN]
    assert all(np.flatnonzero(ALLOWED[part]).tolist() == [part] for part in Part)


@pytest.mark.parametrize("seed", range(20))
def test_drawn_pictures_keep_their_labels_in_place(seed):
    people = heads(["grooming/ccp/photos/0001.jpg"])
    values, labels = draw(people, 0, np.random.default_rng(seed))
    assert values.shape == (7, SIZE_PX, SIZE_PX)
    assert np.abs(values).max() <= 1.0
    outside = values[-1] == 0
    assert (labels[outside] == IGNORED).all()
    assert (values[:3, outside] == 0).all()
    face = values[4] > -0.5
    skin = (labels == ANY_SKIN) & ~outside
    if face.any() and skin.sum() > 300:  # the drawn face turns with the picture
        assert face[skin].mean() > 0.9


def test_in_use_a_head_is_seen_without_its_margin():
    values = plain(heads(["a"]), 0)
    assert values.shape == (7, SIZE_PX, SIZE_PX)
    middle = values[:, int(25 * SIZE_PX / SIZE_CM), SIZE_PX // 2]  # between the eyes
    assert middle[:3] == pytest.approx(np.array(COLOURS[ANY_SKIN]) / 127.5 - 1, abs=0.01)
    assert middle[5] > 0.9


def test_a_shaven_head_is_skin_where_hair_was():
    kinds = set()
    for seed in range(12):
        people = heads(["a"])
        image, labels = people.images[0].copy(), people.labels[0].copy()
        was = labels == Part.HAIR
        assert shave(image, labels, np.random.default_rng(seed))
        bare = labels == Part.SKIN
        assert bare.any()
        assert not (bare & ~was).any()
        assert np.abs(image[bare].mean(axis=0) - COLOURS[ANY_SKIN]).max() < 60
        kinds.add((labels == Part.HAIR).any())
    assert kinds == {True, False}


def test_from_behind_there_is_hair_where_the_face_was_and_neck_below():
    people = heads(["a"])
    image, labels = people.images[0].copy(), people.labels[0].copy()
    assert turn_away(image, labels, np.random.default_rng(0))
    assert (labels[(Y < 3) & (people.labels[0] == ANY_SKIN)] == Part.HAIR).all()
    assert (labels[(Y > 9.5) & (people.labels[0] == ANY_SKIN)] == ANY_SKIN).all()
    assert image[(Y < 3) & (np.hypot(X / 6, (Y - 2) / 8) < 1)].mean() < 80


def test_of_heads_without_masks_only_the_certain_is_said():
    labels = crowned(heads(["bald", "hairy"]), np.array([True, False])).labels
    above = (Y > -13) & (Y < -12.5) & (np.abs(X) < 2)
    assert (labels[0][above] == Part.SKIN).all()
    assert (labels[1][above] == Part.HAIR).all()
    assert (labels[:, (Y > 0) & (Y < 9) & (np.abs(X) < 3)] == IGNORED).all()
    assert (labels[:, :5, :5] == Part.BACKGROUND).all()


def test_nobody_is_both_held_out_and_learned_from():
    names = [f"grooming/ccp/photos/{k:04d}.jpg" for k in range(60)]
    people = heads(names)
    grouped = HeadPictures(
        people.names, np.array([f"ccp:{k // 6}" for k in range(60)]), *(getattr(people, n) for n in _PLANES)
    )
    held = held_out(grouped)
    assert held.sum() == 12
    assert not set(grouped.people[held]) & set(grouped.people[~held])


def test_score_counts_hair_over_labelled_pixels():
    labels = np.full((20, 20), Part.BACKGROUND, np.uint8)
    labels[:10] = Part.HAIR
    labels[:, :4] = IGNORED
    planes = np.zeros((len(Part), 20, 20))
    planes[Part.HAIR, 5:15], planes[Part.BACKGROUND] = 1, 0.5
    found = score("a", planes, labels)
    assert (found.labelled, found.overlap, found.union) == (160, 80, 240)
    assert found.iou == pytest.approx(1 / 3)
    assert found.right == pytest.approx(0.5)


_PLANES = ("images", "labels", "person", "face", "inside")
