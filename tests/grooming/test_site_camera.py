"""Photos are taken when the countdown ends, of everybody in correct and in incorrect dress."""

from __future__ import annotations

import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.grooming.site_camera import Dialogue, take_photos
from posture_check.sources.frame import Frame


def stream(count, rate_hz=10.0):
    """Yield frames whose pixels tell their number."""
    for number in range(count):
        yield Frame(number, number / rate_hz, np.full((20, 20, 3), number % 256, np.uint8))


class Answers:
    """Somebody at the keyboard."""

    def __init__(self, *names):
        self.names, self.asked, self.told = list(names), [], []

    def ask(self, text):
        self.asked.append(text.en)
        return self.names.pop(0) if text.en.startswith("Name") else ""

    def tell(self, text):
        self.told.append(text.en)


def test_each_person_is_photographed_in_both():
    answers = Answers("Anna", " 7 ", "")
    photos = take_photos(stream(600), ["tie", "badge"], Dialogue(answers.ask, answers.tell), shots=2)
    assert [(p.person, p.item, p.correct) for p in photos] == [
        (who, item, correct)
        for who in ("Anna", "7")
        for item in ("tie", "badge")
        for correct in (True, True, False, False)
    ]
    assert any("Anna: wear the tie as issued" in asked for asked in answers.asked)
    assert any("7: wear another badge" in asked for asked in answers.asked)


def test_the_picture_is_the_one_at_the_end_of_the_countdown():
    answers = Answers("Anna", "")
    photos = take_photos(stream(400), ["tie"], Dialogue(answers.ask, answers.tell), shots=2, countdown_s=3)
    assert [int(photo.load()[0, 0, 0]) for photo in photos] == [30, 61, 92, 123]
    assert answers.told[:4] == ["3…", "2…", "1…", "photo 1 of 2 taken; move a little"]


def test_a_camera_that_stops_is_said():
    answers = Answers("Anna", "")
    with pytest.raises(InputError, match="stopped before"):
        take_photos(stream(40), ["tie"], Dialogue(answers.ask, answers.tell))


def test_nobody_is_no_photo():
    answers = Answers("")
    assert take_photos(stream(3), ["tie"], Dialogue(answers.ask, answers.tell)) == []


def test_a_photo_that_shows_nobody_is_waited_for():
    answers = Answers("Anna", "")
    seen = Dialogue(answers.ask, answers.tell, lambda picture: picture[0, 0, 0] >= 45)
    photos = take_photos(stream(400), ["tie"], seen, shots=1)
    assert [int(photo.load()[0, 0, 0]) for photo in photos] == [45, 76]
    assert answers.told.count("nobody is seen: stand in the middle of the picture") == 1
