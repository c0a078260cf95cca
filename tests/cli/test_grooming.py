"""The grooming commands: what a site technician sees, and the exit codes a script sees."""

from __future__ import annotations

import io
import json
import shutil
import sys

import cv2
import numpy as np
import pytest

from posture_check.grooming.enroll import enroll
from posture_check.grooming.site_photos import site_photos
from posture_check.grooming.train.footage import examples
from posture_check.rules.loader import load_rules
from posture_check.sources.base import BaseSource, Shot
from posture_check.sources.frame import SourceInfo
from posture_check.sources.open import _factories, register_scheme
from tests.cli.test_app import HEAVY, loaded
from tests.grooming.dressed import GREEN, NAVY, RED, DrawnEyes, dressed, write_photos


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("POSTURE_CHECK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return write_photos(tmp_path_factory.mktemp("photos"))


@pytest.fixture(scope="module")
def once(photos, tmp_path_factory):
    """Enrol the photos once; return the data folder."""
    folder = tmp_path_factory.mktemp("once")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTURE_CHECK_DATA", str(folder))
        enroll("north", site_photos(photos), DrawnEyes())
    return folder


@pytest.fixture
def enrolled(once, data):
    """Have the site's tie enrolled."""
    shutil.copytree(once, data)


@pytest.fixture
def drawn(monkeypatch):
    """See drawn people, where the landmark models would not."""
    for module in ("enroll", "evaluate"):
        monkeypatch.setattr(f"posture_check.grooming.{module}.Looker", DrawnEyes)


@pytest.mark.parametrize("command", ["enroll", "evaluate", "train"])
def test_help_loads_nothing_heavy(command):
    assert not loaded("grooming", command, "--help") & HEAVY


def test_enroll_measures_and_stores(posture_check, photos, drawn, data):
    done = posture_check("grooming", "enroll", "--site", "north", photos)
    assert done.code == 0
    for part in ("tie: 18 photos of 3 people", "balanced accuracy", "anna", "all", "tie: enrolled, in use from now on"):
        assert part in done.out.replace("\n", " ").replace("  ", " "), part
    assert (data / "sites/north/grooming/tie/head.onnx").is_file()


def test_a_site_file_means_the_site_it_names(posture_check, photos, drawn, data, tmp_path):
    file = tmp_path / "south.yaml"
    file.write_text("version: 1\nname: South station\n")
    assert posture_check("grooming", "enroll", "--site", file, photos).code == 0
    assert (data / "sites/South station/grooming/tie/head.onnx").is_file()
    assert load_rules(None, str(file)).site == "South station", "what a check looks for"


def test_enroll_speaks_chinese(posture_check, photos, drawn):
    done = posture_check("grooming", "enroll", "--site", "城南", photos, "--lang", "zh")
    assert done.code == 0
    assert "领带：已登记" in done.out
    assert "平衡准确率" in done.out


def test_a_worse_head_is_refused_with_1_and_undo_brings_the_old_one_back(
    posture_check, enrolled, drawn, tmp_path, data
):
    head = data / "sites/north/grooming/tie/head.onnx"
    before = head.read_bytes()
    swapped = write_photos(tmp_path / "swapped", people=("dora", "eva"), each=4, seed=700)
    for name in ("dora_0", "dora_2", "eva_0", "eva_2"):
        one, other = (swapped / "tie" / label / f"{name}.png" for label in ("correct", "incorrect"))
        one.rename(swapped / "spare.png")
        other.rename(one)
        (swapped / "spare.png").rename(other)
    done = posture_check("grooming", "enroll", "--site", "north", swapped)
    assert done.code == 1
    assert "the new head is worse (" in done.out
    assert head.read_bytes() == before

    assert posture_check("grooming", "enroll", "--site", "north", swapped, "--force").code == 0
    assert head.read_bytes() != before
    done = posture_check("grooming", "enroll", "--site", "north", "--undo")
    assert (done.code, done.out) == (0, "tie: the enrolment before is in use again\n")
    assert head.read_bytes() == before
    assert "taken away" in posture_check("grooming", "enroll", "--site", "north", "--undo", "--item", "tie").out
    done = posture_check("grooming", "enroll", "--site", "north", "--undo")
    assert (done.code, "nothing is enrolled" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["PHOTOS"], "--site: missing"),
        (["--site", "north"], "either a folder of photos or --camera"),
        (["--site", "north", "PHOTOS", "--camera", "0"], "either a folder of photos or --camera"),
        (["--site", "a/b", "PHOTOS"], "cannot be the name of a folder"),
        (["--site", "north", "gone"], "gone: no such folder"),
        (["--site", "north", "--camera", "0"], "--item: missing"),
        (["--site", "north", "--camera", "0", "--item", "hat"], "--item hat: not known"),
    ],
)
def test_bad_usage_is_one_line(posture_check, photos, drawn, data, arguments, said):
    done = posture_check("grooming", "enroll", *[photos if a == "PHOTOS" else a for a in arguments])
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not data.exists()


def test_evaluate_shows_figures_failures_and_a_sheet(posture_check, enrolled, drawn, tmp_path):
    fresh = write_photos(tmp_path / "fresh", people=("dora",), seed=900)
    (fresh / "tie/correct/dora_0.png").rename(fresh / "tie/incorrect/dora_9.png")
    sheet = tmp_path / "wrong.png"
    done = posture_check("grooming", "evaluate", fresh, "--site", "north", "--sheet", sheet)
    assert done.code == 0
    assert "issued_tie" in done.out
    assert "judged wrongly (1)" in done.out
    assert "tie/incorrect/dora_9.png" in done.out
    assert cv2.imread(str(sheet)).shape[1] == 1200

    done = posture_check("grooming", "evaluate", fresh, "--site", "north", "--json")
    document = json.loads(done.out)
    [row] = document["measures"]
    assert (row["measure"], row["yes"], row["no"], row["precision"]) == ("issued_tie", 2, 4, 1.0)
    assert [wrong["picture"] for wrong in document["wrong"]] == ["tie/incorrect/dora_9.png"]


def test_evaluate_refuses_what_it_cannot_write_before_it_looks(posture_check, photos, drawn):
    done = posture_check("grooming", "evaluate", photos, "--site", "north", "--sheet", "out.gif")
    assert done.code == 2
    assert "--sheet out.gif" in done.err


class Staff(BaseSource):
    """A camera in front of people who change their tie when they are told to."""

    def __init__(self, shots_s=1.0):
        super().__init__(SourceInfo(path="staff:", kind="camera", width=400, height=480))
        self._each = int(3 / 0.5) + 1  # frames until a countdown of three seconds is over

    def _shots(self):
        number, time_s = 0, 0.0
        ties = [(NAVY, RED, "stripe"), (GREEN, GREEN, "plain")]
        while True:
            shot = number // self._each
            picture = dressed(ties[shot // 3 % 2], seed=shot) if number % self._each == self._each - 1 else self._blank
            yield Shot(time_s, picture)
            number, time_s = number + 1, time_s + 0.5

    @property
    def _blank(self):
        return np.zeros((480, 400, 3), np.uint8)

    def close(self):
        pass


def test_enroll_with_a_camera(posture_check, drawn, data, monkeypatch, tmp_path):
    monkeypatch.setitem(_factories, "staff", None)
    del _factories["staff"]
    register_scheme("staff", lambda _rest, _options: Staff())
    monkeypatch.setattr(sys, "stdin", io.StringIO("anna\n\n\nben\n\n\n\n"))
    done = posture_check("grooming", "enroll", "--site", "north", "--camera", "staff:", "--item", "tie", "--shots", 3)
    assert done.code == 0, done.err
    assert "anna: wear the tie as issued" in done.err
    assert "photo 3 of 3 taken" in done.err
    assert "12 photos of 2 people" in done.out
    assert not list(tmp_path.rglob("*.jpg")) + list(tmp_path.rglob("*.png")), "no photo is written"


def test_train_says_what_is_missing(posture_check, tmp_path):
    done = posture_check("grooming", "train", "--footage", tmp_path)
    assert done.code == 2
    assert "no footage" in done.err
    done = posture_check("grooming", "train", "--footage", tmp_path, "--only", "shoe-laces")
    assert done.code == 2
    assert "--only shoe-laces: not known: choose from" in done.err


@pytest.mark.slow
def test_a_uniform_is_learnt_from_rendered_people_by_the_real_models(posture_check, footage, tmp_path):
    """Suit against shirt, told apart on bodies that the head never saw."""
    count = dict.fromkeys(("suit", "shirt"), 0)
    for example in examples(footage, "rendered_grooming"):
        clothes = example.truth.get("clothes")
        if clothes in count and abs(example.row["view_yaw_deg"]) < 30 and count[clothes] < 15:
            count[clothes] += 1
            label = "correct" if clothes == "suit" else "incorrect"
            path = tmp_path / "photos" / "uniform" / label / f"{example.row['body']}_{example.path.name}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(example.path.read_bytes())
    done = posture_check("grooming", "enroll", "--site", "north", tmp_path / "photos")
    assert done.code == 0, done.out + done.err
    done = posture_check("grooming", "evaluate", tmp_path / "photos", "--site", "north", "--json")
    [row] = json.loads(done.out)["measures"]
    assert row["balanced"] >= 0.95
    assert row["not_assessed"] <= 0.3
