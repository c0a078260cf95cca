"""Figures of a labelled folder: by hand on drawn pictures, and the labels of footage read as they are meant."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.grooming.enroll import enroll
from posture_check.grooming.evaluate import Case, Said, cases, evaluate, failures_sheet, rows
from posture_check.grooming.site_photos import site_photos
from posture_check.landmarks.findings import Finding
from tests.grooming.dressed import DrawnEyes, dressed, write_photos

EYES = DrawnEyes()


@pytest.fixture(autouse=True)
def _data(tmp_path, monkeypatch):
    monkeypatch.setenv("POSTURE_CHECK_DATA", str(tmp_path / "data"))


@pytest.fixture
def make(tmp_path):
    """Return a maker of footage folders."""

    def made(photos=(), stills=()):
        for part, name, key, lines in (
            ("grooming", "manifest.jsonl", "path", photos),
            ("rendered_grooming", "index.jsonl", "image", stills),
        ):
            for line in lines:
                path = tmp_path / part / line[key]
                path.parent.mkdir(parents=True, exist_ok=True)
                cv2.imwrite(str(path), dressed()[..., ::-1])
            if lines:
                (tmp_path / part / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
        return tmp_path

    return made


def said(truth, value, reason=None, name="tie_worn"):
    case = Case("a.png", {name: truth}, lambda: np.zeros((400, 300, 3), np.uint8))
    return Said(case, name, truth, Finding(value, 0.1, reason))


def test_a_row_by_hand():
    [row] = rows(
        [
            *(
                said(True, 0.9),
                said(True, 0.9),
                said(True, 0.2),
                said(True, 0.5, "uncertain"),
                said(True, None, "view"),
            ),
            *(said(False, 0.1), said(False, 0.9), said(False, None, "view")),
        ]
    )
    assert (row.yes, row.no, row.decided) == (5, 3, 5)
    assert row.precision == pytest.approx(2 / 3)
    assert row.recall == pytest.approx(2 / 3)
    assert row.balanced == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert row.not_assessed == pytest.approx(3 / 8)
    assert row.reasons == {"view": 2, "uncertain": 1}


def test_of_a_sites_own_dress_the_incorrect_is_what_is_found():
    [row] = rows(
        [said(False, 0.1, name="issued_tie"), said(False, 0.9, name="issued_tie"), said(True, 0.9, name="issued_tie")]
    )
    assert (row.precision, row.recall) == (1.0, 0.5)


def test_a_share_is_held_against_its_limit():
    assert said(True, 0.4, name="ears_covered").yes
    assert not said(True, 0.3, name="ears_covered").yes


def test_labels_of_photos(make):
    folder = make(
        [
            {"path": "congress/a.png", "labels": {"tie": True, "bow_tie": True, "beard": False, "moustache": True}},
            {"path": "congress/b.png", "labels": {"tie": True, "bow_tie": False, "beard": False}},
            {"path": "idcard_prince/c.png", "labels": {"badge": False, "lanyard": False, "tie": False}},
            {"path": "nprportrait/d.png", "labels": {}},
        ]
    )
    found = {case.name: dict(case.truth) for case in cases(folder)}
    assert found == {
        "grooming/congress/a.png": {"tie_worn": False, "bow_worn": True, "beard": True},
        "grooming/congress/b.png": {"tie_worn": True, "bow_worn": False},  # a moustache was not judged
        "grooming/idcard_prince/c.png": {"tie_worn": False, "badge_worn": False},
    }


def test_truth_of_rendered_stills(make):
    truth = {
        "neckwear": {"kind": "bow"},
        "badge": {"kind": "lanyard_reversed"},
        "hair": {
            "bald": False,
            "tied": True,
            "dyed": False,
            "forehead_covered_in_image": 0.25,  # on the limit: says nothing
            "ear_left_covered_in_image": None,
            "ear_right_covered_in_image": 0.8,
        },
        "sleeves": "short",
    }
    [case] = cases(make(stills=[{"image": "gd_1.png", "body": "m1", "truth": truth}]))
    assert case.truth == {
        "tie_worn": False, "bow_worn": True, "scarf_worn": False, "badge_worn": True, "badge_on_lanyard": True,
        "badge_front": False, "bald": False, "hair_tied": True, "hair_unnatural": False, "ears_covered": True,
        "forearm_bare": True,
    }  # fmt: skip


def test_pictures_of_footage_are_looked_at_and_nobody_is_a_reason(make):
    folder = make([{"path": "congress/a.png", "labels": {"tie": True, "beard": True, "moustache": False}}])
    cv2.imwrite(str(folder / "grooming/congress/b.png"), np.zeros((90, 90, 3)))
    with (folder / "grooming/manifest.jsonl").open("a") as file:
        file.write(json.dumps({"path": "congress/b.png", "labels": {"tie": True}}) + "\n")
    found = rows(evaluate(folder, eyes=EYES))
    assert [(r.measure, r.yes, r.decided, r.reasons) for r in found] == [
        ("tie_worn", 2, 1, {"no_person": 1}),
        ("beard", 1, 0, {"uncertain": 1}),
    ]
    assert json.loads(json.dumps(found[0].plain()))["balanced"] is None  # no picture without a tie


def test_a_manifest_beside_its_pictures_is_footage_too(make):
    folder = make([{"path": "congress/a.png", "labels": {"tie": True}}])
    assert [case.name for case in cases(folder / "grooming")] == ["congress/a.png"]
    folder = make(stills=[{"image": "gd_1.png", "body": "m1", "truth": {"neckwear": {"kind": "tie"}}}])
    [case] = cases(folder / "rendered_grooming")
    assert (case.name, case.truth["tie_worn"], case.load().shape) == ("gd_1.png", True, (480, 400, 3))


def test_a_sites_photos_are_judged_by_its_heads(tmp_path):
    folder = write_photos(tmp_path / "photos")
    with pytest.raises(InputError, match=r"nothing is enrolled at site 'north'.*enroll"):
        evaluate(folder, "north", EYES)
    with pytest.raises(InputError, match="--site is missing"):
        evaluate(folder, None, EYES)
    enroll("north", site_photos(folder), EYES)
    fresh = write_photos(tmp_path / "fresh", people=("dora",), seed=900)
    (fresh / "tie/correct/dora_0.png").rename(fresh / "tie/incorrect/dora_9.png")
    found = evaluate(fresh, "north", EYES)
    [row] = rows(found)
    assert (row.measure, row.yes, row.no) == ("issued_tie", 2, 4)
    assert [s.case.name for s in found if s.wrong] == ["tie/incorrect/dora_9.png"]
    sheet = failures_sheet(found)
    assert sheet.shape[0] > 300
    assert sheet.std() > 5


def test_the_sheet_has_a_place_for_each_failure():
    assert failures_sheet([said(True, 0.1)] * 6).shape[0] == 2 * failures_sheet([said(True, 0.1)] * 5).shape[0]
    assert failures_sheet([said(True, 0.9)]).size > 0


def test_what_is_no_labelled_folder_is_said(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        cases(tmp_path / "gone")
    with pytest.raises(InputError, match="no footage"):
        cases(tmp_path)


def test_the_labels_of_the_real_footage(footage):
    found = cases(footage)
    assert len(found) > 1500
    ties = [case.truth["tie_worn"] for case in found if "tie_worn" in case.truth]
    assert 500 < sum(ties) < 800
    assert sum(case.truth.get("badge_worn", False) for case in found) > 100
