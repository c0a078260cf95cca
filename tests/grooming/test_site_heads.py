"""At a check the heads judge what is worn and seen, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.grooming.enroll import enroll
from posture_check.grooming.site_heads import SiteHeads
from posture_check.grooming.site_photos import site_photos
from posture_check.landmarks.findings import Finding
from tests.grooming.dressed import GREEN, NAVY, RED, WHITE, DrawnEyes, dressed, subject, write_photos

NAMES = {"issued_tie", "issued_scarf", "issued_badge", "issued_uniform"}
EYES = DrawnEyes()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Enrol a tie at a site; return the data folder."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTURE_CHECK_DATA", str(folder))
        enroll("north", site_photos(write_photos(tmp_path_factory.mktemp("photos"))), EYES)
    return folder


@pytest.fixture(autouse=True)
def _use(data, monkeypatch):
    monkeypatch.setenv("POSTURE_CHECK_DATA", str(data))


def look(image, **findings):
    return SiteHeads.load("north").look(subject(image), EYES.findings | findings)


def test_a_site_without_heads_has_none():
    assert SiteHeads.load("elsewhere") is None
    assert SiteHeads.load(None) is None
    assert SiteHeads.load("a site / with any name") is None, "a check must not end for that"


def test_items_that_are_not_enrolled_say_so():
    found = look(dressed())
    assert set(found) == NAMES
    assert {name for name, f in found.items() if f.reason == "not_enrolled"} == NAMES - {"issued_tie"}


@pytest.mark.parametrize("seed", range(5))
def test_the_issued_tie_is_told_from_those_that_were_photographed(seed):
    seed += 500
    issued = look(dressed((NAVY, RED, "stripe"), seed=seed))["issued_tie"]
    assert issued.reason is None
    assert issued.value > 0.5
    for tie in ((RED, WHITE, "mirrored"), (GREEN, GREEN, "plain"), (NAVY, WHITE, "check")):
        other = look(dressed(tie, seed=seed))["issued_tie"]
        assert not (other.reason is None and other.value > 0.5), tie


@pytest.mark.parametrize(
    ("tie", "reason"),
    [
        (Finding(0.03, 0.1), "absent"),
        (Finding(0.5, 0.2, "uncertain"), "uncertain"),
        (Finding(reason="occluded"), "occluded"),
    ],
)
def test_no_tie_no_verdict(tie, reason):
    found = look(dressed(), tie_worn=tie)["issued_tie"]
    assert (found.value, found.reason) == (None, reason)


def test_what_cannot_be_seen_has_its_reason():
    whole = subject(dressed())
    cut = replace(whole, image=np.ascontiguousarray(whole.image[:180]))
    found = SiteHeads.load("north").look(cut, EYES.findings)["issued_tie"]
    assert (found.value, found.reason) == (None, "out_of_frame")


def test_a_damaged_head_is_said_with_its_cure(data):
    path = data / "sites/north/grooming/tie/head.onnx"
    sound = path.read_bytes()
    try:
        path.write_bytes(sound[:200])
        with pytest.raises(InputError, match=r"head\.onnx: damaged: run 'posture-check grooming enroll'"):
            SiteHeads.load("north")
        path.write_bytes(sound.replace(b'"version": 1', b'"version": 0'))
        with pytest.raises(InputError, match="another release"):
            SiteHeads.load("north")
    finally:
        path.write_bytes(sound)
    assert SiteHeads.load("north") is not None
