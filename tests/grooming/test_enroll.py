"""Enrolment stores a head that was measured, refuses what says nothing, and keeps neither photo nor name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.grooming import enroll as module
from posture_check.grooming.enroll import enroll, undo
from posture_check.grooming.site_heads import SiteHeads, site_folder
from posture_check.grooming.site_photos import is_site_layout, site_photos
from posture_check.landmarks.findings import Finding
from tests.grooming.dressed import GREEN, NAVY, RED, WHITE, DrawnEyes, dressed, subject, write_photos

EYES = DrawnEyes()


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Keep heads in a folder of the test's own."""
    monkeypatch.setenv("POSTURE_CHECK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="session")
def good(tmp_path_factory) -> Path:
    """Return photos of three people in the issued tie and in others."""
    return write_photos(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="session")
def mixed_up(tmp_path_factory) -> Path:
    """Return photos of other people, half of which lie in the wrong folder."""
    folder = write_photos(tmp_path_factory.mktemp("mixed"), people=("dora", "eva", "fritz"), each=4, seed=1000)
    for number in (0, 2):
        for name in ("dora", "eva", "fritz"):
            one, other = (folder / "tie" / label / f"{name}_{number}.png" for label in ("correct", "incorrect"))
            spare = one.with_suffix(".spare")
            one.rename(spare)
            other.rename(one)
            spare.rename(other)
    return folder


@pytest.fixture(scope="session")
def once(good, tmp_path_factory) -> Path:
    """Enrol the good photos once; return the data folder."""
    folder = tmp_path_factory.mktemp("once")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTURE_CHECK_DATA", str(folder))
        enroll("north", site_photos(good), EYES)
    return folder


@pytest.fixture
def enrolled(once, data) -> None:
    """Have the good photos enrolled."""
    shutil.copytree(once, data)


@pytest.fixture
def copy(good, tmp_path) -> Path:
    """Return a copy of the good photos that a test may spoil."""
    return Path(shutil.copytree(good, tmp_path / "photos"))


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_site_learns_its_tie(good, data):
    [outcome] = enroll("north", site_photos(good), EYES)
    assert outcome.stored
    assert outcome.figures.balanced == 1.0
    assert not outcome.all_different
    assert set(outcome.by_person()) == {"anna", "ben", "chen"}
    assert files(data) == [f"sites/north/grooming/tie/{name}" for name in ("card.json", "figures.npz", "head.onnx")]
    heads = SiteHeads.load("north")
    assert heads is not None
    for tie, yes in (((NAVY, RED, "stripe"), True), ((GREEN, WHITE, "check"), False)):
        found = heads.look(subject(dressed(tie, seed=77)), EYES.findings)["issued_tie"]
        assert found.reason is None
        assert (found.value > 0.5) is yes


def test_no_name_and_no_picture_is_kept(enrolled, data):
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    for name in (b"anna", b"ben", b"chen"):
        assert name not in kept.lower()
    assert len(kept) < 50_000, "eighteen photos would take more than that"
    card = json.loads((data / "sites/north/grooming/tie/card.json").read_text())
    assert (card["photos"], card["people"], card["correct"]) == (18, 3, 9)
    assert card["cross_validated"]["balanced"] == 1.0


def test_several_items_are_learnt_at_once(copy, data):
    folder = copy
    (folder / "tie").rename(folder / "领带")
    for label, colour in (("正确", NAVY), ("错误", RED)):
        for who in ("anna", "ben", "chen"):
            (folder / "badge" / label / who).mkdir(parents=True)
            for number in range(2):
                picture = dressed(badge=colour, seed=number + 10 * ord(who[0]))
                cv2.imwrite(str(folder / "badge" / label / who / f"{number}.png"), picture[..., ::-1])
    outcomes = enroll("south", site_photos(folder), EYES)
    assert [(o.item, o.stored) for o in outcomes] == [("badge", True), ("tie", True)]
    assert {"badge", "tie"} == {path.name for path in (data / "sites/south/grooming").iterdir()}
    assert set(outcomes[0].by_person()) == {"anna", "ben", "chen"}, "people by folder"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: [p.unlink() for p in list(f.rglob("*_[12].png"))], r"tie: 6 photos: at least 10"),
        (
            lambda f: shutil.copytree(f / "tie/correct", f / "tie/correct/more") and shutil.rmtree(f / "tie/incorrect"),
            r"only photos of correct dress.*add incorrect",
        ),
        (lambda f: [p.rename(p.with_stem(f"IMG_{p.stem}")) for p in list(f.rglob("*.png"))], r"one person \('IMG'\)"),
        (lambda f: cv2.imwrite(str(f / "tie/correct/ben_7.png"), np.zeros((90, 90, 3))), r"ben_7\.png: no person in"),
        (lambda f: (f / "tie/correct/ben_1.png").write_bytes(b"no picture"), r"ben_1\.png: "),
        (lambda f: (f / "tie/correct/notes.txt").write_text("hello"), r"notes\.txt: "),
        (lambda f: (f / "tie/correct").rename(f / "tie/korrekt"), r"korrekt: not a folder 'correct' or"),
        (lambda f: (f / "tie").rename(f / "tire"), r"tire: not a folder of tie"),
        (
            lambda f: [p.unlink() for p in f.glob("tie/correct/ben_*")] + [p.unlink() for p in f.glob("tie/*/chen_*")],
            r"9 photos",
        ),
    ],
)
def test_what_cannot_be_learnt_from_is_refused_and_nothing_is_stored(copy, data, spoil, said):
    spoil(copy)
    with pytest.raises(InputError, match=said):
        enroll("north", site_photos(copy), EYES)
    assert not data.exists()


def test_a_label_that_goes_with_the_person_is_refused(copy):
    for path in copy.glob("tie/*/*.png"):
        path.rename(path.with_stem(f"{path.parent.name}_{path.stem}"))
    with pytest.raises(InputError, match="nobody but one shows both"):
        enroll("north", site_photos(copy), EYES)


def test_an_empty_and_a_missing_folder_are_said(tmp_path):
    (tmp_path / "tie" / "correct").mkdir(parents=True)
    with pytest.raises(InputError, match="no photos in it"):
        site_photos(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        site_photos(tmp_path / "gone")
    with pytest.raises(InputError, match="no photos"):
        enroll("north", [], EYES)
    assert is_site_layout(tmp_path)
    assert not is_site_layout(tmp_path / "tie")


def test_the_missing_extra_is_said_before_any_work(good, monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "sklearn" else object())
    with pytest.raises(InputError, match=r"pip install 'posture-check\[train\]'"):
        enroll("north", site_photos(good), EYES)


def test_a_tie_that_is_missing_teaches_nothing(good):
    """Incorrect photos without any tie are left out; a tie that readers miss is learnt from but counts as unseen."""
    with pytest.raises(InputError, match=r"9 photos left of 18 \(9 absent\)"):
        enroll("north", site_photos(good), DrawnEyes(tie_worn=Finding(0.02, 0.1)))
    [outcome] = enroll("north", site_photos(good), DrawnEyes(tie_worn=Finding(0.5, 0.2, "uncertain")))
    assert outcome.figures.not_assessed == 1.0
    assert not outcome.stored
    assert outcome.too_poor


def test_a_worse_head_does_not_take_the_place_of_a_better_one(enrolled, mixed_up, data):
    before = {name: (data / name).read_bytes() for name in files(data)}
    [worse] = enroll("north", site_photos(mixed_up), EYES)
    assert worse.worse
    assert not worse.stored
    assert worse.before.photos == worse.after.photos == 18 + 24, "measured on the photos of both"
    assert worse.after.score < worse.before.score
    assert {name: (data / name).read_bytes() for name in files(data)} == before

    [forced] = enroll("north", site_photos(mixed_up), EYES, force=True)
    assert forced.stored
    kept = data / "sites/north/grooming/tie.previous/head.onnx"
    assert kept.read_bytes() == before["sites/north/grooming/tie/head.onnx"]

    assert undo("north", ["tie", "badge"]) == {"tie": "restored"}
    assert {name: (data / name).read_bytes() for name in files(data)} == before
    assert undo("north", ["tie"]) == {"tie": "removed"}
    assert SiteHeads.load("north") is None
    assert undo("north", ["tie"]) == {}


def test_more_photos_of_the_same_people_replace_the_head(enrolled, tmp_path):
    [more] = enroll("north", site_photos(write_photos(tmp_path / "more", each=4)), EYES)
    assert more.stored
    assert more.before is not None
    assert more.before.photos == 24, "pictures that both have count once"


def test_a_poor_head_is_not_stored_unless_forced(mixed_up, data):
    [poor] = enroll("north", site_photos(mixed_up), EYES)
    assert poor.too_poor
    assert not poor.stored
    assert not data.exists()
    [forced] = enroll("north", site_photos(mixed_up), EYES, force=True)
    assert forced.stored


@pytest.mark.parametrize("stage", ["as_onnx", "_take_place"])
def test_a_failure_half_way_leaves_what_was_there(enrolled, good, data, monkeypatch, stage):
    before = files(data)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, stage, fail)
    with pytest.raises(InputError, match="cannot be written"):
        enroll("north", site_photos(good), EYES)
    assert files(data) == before
    assert SiteHeads.load("north") is not None


def test_a_head_of_another_release_is_replaced_without_comparison(enrolled, good, data):
    card = data / "sites/north/grooming/tie/card.json"
    card.write_text(card.read_text().replace('"version": 1', '"version": 0'))
    [outcome] = enroll("north", site_photos(good), EYES)
    assert outcome.outdated
    assert outcome.before is None
    assert outcome.stored


def test_photos_that_each_show_another_person_are_noted(good):
    photos = site_photos(good)
    alone = [type(p)(p.name, p.item, p.correct, p.name, p.load) for p in photos]
    assert enroll("north", alone, EYES)[0].all_different


@pytest.mark.parametrize("site", ["", "a/b", "..", ".hidden ", "x" * 81, 'a"b', "a\nb"])
def test_a_site_that_cannot_be_a_folder_is_refused(site):
    with pytest.raises(InputError, match="--site"):
        site_folder(site)


@pytest.mark.parametrize("site", ["south", "South station", "城南 2"])
def test_a_site_has_a_folder_of_its_name(site, data):
    assert site_folder(site) == data / "sites" / site / "grooming"
