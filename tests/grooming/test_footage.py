"""The footage loader hands out what is labelled, and lets nothing train that must not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.grooming.subject import Subject
from posture_check.grooming.train.footage import (
    LandmarkCache,
    NotForTraining,
    examples,
    keep,
    may_train,
    training_examples,
)

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a maker of small footage folders from rows of the manifest and of the index."""

    def made(rows: list[dict[str, Any]], rendered: list[dict[str, Any]] | None = None) -> Path:
        lists = (("grooming", "manifest.jsonl", "path", rows), ("rendered_grooming", "index.jsonl", "image", rendered))
        for part, name, key, lines in lists:
            if lines is None:
                continue
            for number, row in enumerate(lines):
                path = tmp_path / part / row[key]
                path.parent.mkdir(parents=True, exist_ok=True)
                picture = np.full((20, 30, 3), (10 * number, 0, 200), np.uint8)  # BGR: red
                cv2.imwrite(str(path), picture)
            (tmp_path / part / name).write_text("".join(json.dumps(row) + "\n" for row in lines))
        return tmp_path

    return made


def test_rows_become_examples(make: Make) -> None:
    folder = make(
        [{"path": "congress/images/a.png", "labels": {"tie": True}, "group": "g1", "train_ok": True}],
        [{"image": "gd_1.png", "body": "m1", "truth": {"neckwear": {"kind": "bow"}}}],
    )
    photo, still = examples(folder)
    assert (photo.name, photo.family) == ("grooming/congress/images/a.png", "congress")
    assert photo.labels == {"tie": True}
    assert not photo.truth
    assert (still.name, still.family) == ("rendered_grooming/gd_1.png", "rendered_grooming")
    assert still.truth["neckwear"]["kind"] == "bow"
    assert photo.picture().shape == (20, 30, 3)
    assert photo.picture()[0, 0, 0] == 200, "RGB, not BGR"
    assert photo.mask() is None


def test_pictures_for_measuring_never_train(make: Make) -> None:
    folder = make(
        [
            {"path": "congress/a.png", "train_ok": True},
            {"path": "fr_parl/b.png", "train_ok": False},
            {"path": "new/c.png"},  # nobody said that it may
            {"path": "odd/d.png", "train_ok": "false"},
        ],
        [{"image": "gd_1.png", "body": "m1", "truth": {}}],
    )
    assert [e.family for e in training_examples(folder)] == ["congress", "rendered_grooming"]
    for family in ("fr_parl", "new", "odd"):
        with pytest.raises(NotForTraining, match="measuring only"):
            training_examples(folder, family)
    with pytest.raises(NotForTraining, match=r"fr_parl/b\.png.*3 such"):
        may_train(examples(folder))


def test_a_folder_without_lists_and_an_unknown_family_are_said(make: Make, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no footage"):
        examples(tmp_path)
    folder = make([{"path": "congress/a.png", "train_ok": True}])
    with pytest.raises(InputError, match=r"'congres'.*there are: congress"):
        examples(folder, "congres")
    (folder / "grooming" / "manifest.jsonl").write_text('{"path": "x/a.png"}\n{"pat": 1}\n')
    with pytest.raises(InputError, match=r"manifest\.jsonl:2"):
        examples(folder)


def test_a_missing_and_a_damaged_picture_are_named(make: Make) -> None:
    folder = make([{"path": "congress/a.png", "train_ok": True}, {"path": "congress/b.png", "train_ok": True}])
    first, second = examples(folder)
    first.path.unlink()
    second.path.write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"a\.png: cannot be read"):
        first.picture()
    with pytest.raises(InputError, match=r"b\.png: not a picture"):
        second.picture()


def test_landmarks_are_found_once_and_a_damaged_entry_is_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = np.zeros((16, 16, 3), np.uint8)
    looks: list[bytes] = []

    def find(image: Any, _detectors: Any) -> Subject | None:
        looks.append(b"")
        return Subject(image, np.ones((33, 4)), np.ones((33, 3)), np.full((468, 3), np.nan))

    monkeypatch.setattr("posture_check.grooming.train.footage.find_subject", find)
    monkeypatch.setattr("posture_check.landmarks.detectors.Detectors", lambda: None)
    monkeypatch.setattr(LandmarkCache, "_place", lambda _self: tmp_path / "models-1")
    for _ in range(2):
        subject = LandmarkCache().subject(b"file one", image)
        assert subject is not None
        assert subject.pose.shape == (33, 4)
        assert not subject.has_face
    assert len(looks) == 1
    LandmarkCache().subject(b"file two", image)
    assert len(looks) == 2
    kept = sorted((tmp_path / "models-1").glob("*.npz"))
    assert len(kept) == 2
    for path in kept:
        path.write_bytes(b"PK half")
    LandmarkCache().subject(b"file one", image)
    assert len(looks) == 3


def test_nobody_found_is_kept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    monkeypatch.setattr(LandmarkCache, "_place", lambda _self: tmp_path)
    keep(tmp_path / f"{hashlib.sha256(b'x').hexdigest()[:32]}.npz", None)
    assert LandmarkCache().subject(b"x", np.zeros((4, 4, 3), np.uint8)) is None


def test_the_real_footage_loads(footage: Path) -> None:
    found = examples(footage)
    families = {e.family for e in found}
    assert {"congress", "ccp", "idcard_prince", "nprportrait", "rendered_grooming"} <= families
    assert not any(e.family == "fr_parl" for e in training_examples(footage))
    street = next(e for e in found if e.family == "ccp")
    mask = street.mask()
    assert mask is not None
    assert mask.ndim == 2
    assert mask.shape == street.picture().shape[:2]
