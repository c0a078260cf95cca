from __future__ import annotations

import cv2
import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.grooming import groomer
from posture_check.grooming.groomer import MODELS, NAMES, Groomer
from posture_check.grooming.network import Network
from posture_check.grooming.subject import Subject
from posture_check.landmarks.findings import Finding, Findings
from posture_check.landmarks.solidity import PersonMask
from posture_check.resources import models_dir
from tests.grooming.test_frames import POSE, head
from tests.landmarks.bodies import world

FACE = np.full((468, 3), np.nan, np.float32)


def subject(image: np.ndarray) -> Subject:
    return Subject(image, POSE, world(POSE), FACE)


def looked_at(monkeypatch: pytest.MonkeyPatch, image: np.ndarray, *parts: Findings) -> dict[str, Finding]:
    readers = tuple(lambda _subject, found=found: found for found in parts)
    monkeypatch.setattr(groomer, "_parts", lambda _mask: readers)
    return Groomer(PersonMask(b"")).look(subject(image))


def test_every_measure_of_grooming_has_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    found = looked_at(monkeypatch, head(), {"tie_worn": Finding(0.97, 0.2)}, {"beard": Finding(reason="view")})
    assert set(found) == set(NAMES)
    assert found["tie_worn"] == Finding(0.97, 0.2)
    assert found["beard"] == Finding(reason="view")
    assert found["issued_tie"].reason == "not_enrolled"
    assert found["badge_worn"].reason == "uncertain"
    assert len(NAMES) == 29


def test_in_the_dark_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = looked_at(monkeypatch, head(0.1), {"tie_worn": Finding(0.97, 0.2)})
    assert set(found) == set(NAMES)
    assert {finding.reason for finding in found.values()} == {"too_dark"}


def test_what_is_read_from_a_blur_is_doubted_and_keeps_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    blurred = cv2.GaussianBlur(head(), (0, 0), 5.0)
    found = looked_at(monkeypatch, blurred, {"tie_tip": Finding(1.0, 0.5), "beard": Finding(reason="view")})
    assert found["tie_tip"] == Finding(1.0, 0.5, "uncertain")
    assert found["beard"] == Finding(reason="view")


def test_what_a_site_has_enrolled_is_asked_with_what_the_others_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Heads:
        def look(self, _subject: Subject, findings: Findings) -> Findings:
            return {"issued_tie": Finding(findings["tie_worn"].value, 0.1)}

    monkeypatch.setattr(groomer, "_parts", lambda _mask: (lambda _subject: {"tie_worn": Finding(0.8, 0.2)},))
    monkeypatch.setattr(groomer.SiteHeads, "load", lambda _site: Heads())
    assert Groomer(PersonMask(b""), "south").look(subject(head()))["issued_tie"] == Finding(0.8, 0.1)


def test_readers_are_made_once_for_a_person_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def maker(name: str) -> type:
        class Reader:
            def __init__(self, *_: object) -> None:
                made.append(name)

            def look(self, _subject: Subject) -> Findings:
                return {}

        return Reader

    for name in READERS:
        monkeypatch.setattr(groomer, name, maker(name))
    mask = PersonMask(b"")
    for _ in range(3):
        Groomer(mask)
    assert made == []
    for _ in range(3):
        Groomer(mask).look(subject(head()))
    assert sorted(made) == sorted(READERS)


READERS = ("HeadAndHair", "NeckwearReader", "BadgeReader", "BeardReader", "LimbReader", "ShoeReader")


def test_a_model_that_is_not_there_is_one_clear_line(tmp_path):
    with pytest.raises(InputError, match=r"gone\.onnx: no such model"):
        Network(tmp_path / "gone.onnx")


def test_every_network_that_ships_is_named_in_results() -> None:
    shipped = {path.stem for path in models_dir().glob("*.onnx")}
    assert {*MODELS, "arms"} == shipped
