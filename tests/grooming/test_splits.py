"""Nobody is on both sides of a split."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.grooming.train.footage import Example, LandmarkCache, examples
from posture_check.grooming.train.splits import each_fold, group_folds, one_person_out, person


def example(path: str, family: str, **row: object) -> Example:
    return Example(Path(path), f"grooming/{path}", family, row, Path(), LandmarkCache())


@given(
    people=st.lists(st.integers(0, 14), min_size=30, max_size=80),
    folds=st.integers(2, 4),
    seed=st.integers(0, 5),
)
def test_a_group_lies_in_one_fold(people: list[int], folds: int, seed: int) -> None:
    people = [*people, 100, 101, 102, 103]
    labels = [number % 3 == 0 for number in people]
    found = group_folds(people, labels, folds, seed)
    assert set(found) == set(range(folds))
    for name in set(people):
        assert len({fold for fold, other in zip(found, people, strict=True) if other == name}) == 1
    assert np.array_equal(found, group_folds(people, labels, folds, seed)), "the same every time"
    held = sum(out.sum() for _, out in each_fold(found))
    assert held == len(people)


def test_labels_are_spread_evenly() -> None:
    people = np.repeat(np.arange(60), 3)
    labels = (people % 6 == 0).astype(int)  # one in six
    found = group_folds(list(people), list(labels), 5)
    shares = [labels[out].mean() for _, out in each_fold(found)]
    assert np.allclose(shares, labels.mean(), atol=0.001)


def test_one_very_large_group_has_a_fold_of_its_own() -> None:
    people = [0] * 50 + list(range(1, 11))
    found = group_folds(people, [1] * 60, 2)
    assert (found[:50] == found[0]).all()
    assert (found[50:] != found[0]).all()


def test_fewer_people_than_folds_is_refused() -> None:
    with pytest.raises(ValueError, match="2 groups cannot be split into 3"):
        group_folds(["a", "b", "a"], [0, 1, 0], 3)


def test_one_person_out_holds_out_each_once() -> None:
    found = one_person_out(["b", "a", "b", "c"])
    assert [list(np.flatnonzero(out)) for _, out in each_fold(found)] == [[1], [0, 2], [3]]


def test_the_same_photo_in_both_editions_is_one_person() -> None:
    folder = "nprportrait/thumbnails/images/{}/level2/{}.png"
    pairs = [
        ("02-8115174843_7abf278359_o", "02-8115174843_7abf278359_o"),
        ("13-pexels-355020", "15-pexels-355020"),
        ("17-wikimedia", "17-wikimedia"),
    ]
    for old, new in pairs:
        first = example(folder.format("v0.1", old), "nprportrait")
        second = example(folder.format("v1.0", new), "nprportrait")
        assert person(first) == person(second), old
    others = [example(folder.format("v0.1", name), "nprportrait") for name in ("01-wikimedia", "17-wikimedia")]
    assert person(others[0]) != person(others[1])


def test_who_is_who_by_family() -> None:
    assert person(example("ccp/photos/0041.jpg", "ccp")) == person(example("ccp/photos/0059.jpg", "ccp"))
    assert person(example("ccp/photos/0041.jpg", "ccp")) != person(example("ccp/photos/0061.jpg", "ccp"))
    assert person(example("gd_1.jpg", "rendered_grooming", body="m3")) == "rendered_grooming:m3"
    shot = example("idcard_prince/x.jpg", "idcard_prince", group="prince_9")
    assert person(shot) == "idcard_prince:prince_9"
    assert person(shot, {"prince_9": "student 4"}) == "idcard_prince:student 4", "who looked outranks the list"


def test_pictures_that_are_alike_are_one_person(footage: Path) -> None:
    found = examples(footage, "nprportrait")
    small = []
    for picture in (e.picture() for e in found):
        rows = np.linspace(0, picture.shape[0] - 1, 24).astype(int)
        columns = np.linspace(0, picture.shape[1] - 1, 24).astype(int)
        grey = picture[np.ix_(rows, columns)].astype(float).mean(axis=2)
        small.append(((grey - grey.mean()) / grey.std()).ravel())
    alike = np.corrcoef(np.array(small)) > 0.98
    for i, j in np.argwhere(np.triu(alike, 1)):
        assert person(found[i]) == person(found[j]), (found[i].name, found[j].name)
    assert np.triu(alike, 1).sum() >= 15
