"""Every reason for which a rule is not assessed can come up, and comes up when it should."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats

from posture_check.landmarks.names import L
from posture_check.landmarks.track import Track
from posture_check.measures import MEASURES
from posture_check.measures.body import Body
from posture_check.measures.camera import Camera
from posture_check.measures.scene import known_scene
from posture_check.rules.evaluate import judge_rule
from posture_check.rules.gates import HINTS, hint_for, unassessable, view_of
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Reason, Verdict
from posture_check.rules.schema import Rule
from posture_check.simulate.standing import standing
from posture_check.simulate.view import DEFAULT_CAMERA, view

BOOK = load_rules()
STANDING = [rule for rule in BOOK.rules if rule.posture == "standing"]
"""The rules of what the simulated person of these tests does."""
MEASURED = [r for r in BOOK.rules if r.enabled and r.measure and not MEASURES[r.measure].of_picture]
"""The rules on landmarks; those on what was read from the picture bring their reasons along."""


def body(camera: Camera = DEFAULT_CAMERA, yaw: float = 0.0, distance: float = 3.2, **look: Any) -> Body:
    look = {"fps": 10.0, "duration_s": 3.0} | look
    return Body(view(standing(), camera, yaw, distance, **look).track, known_scene(camera, 1.72))


def with_image(of: Body, *landmarks: L, frames: slice = slice(None), **columns: float) -> Body:
    image = of.track.image.copy()
    for name, value in columns.items():
        image[frames, list(landmarks), {"x": 0, "y": 1, "visibility": 3}[name]] = value
    return Body(replace(of.track, image=image), of.scene)


def reason_of(rule: str | Rule, seen: Body) -> Reason | None:
    rule = BOOK.rule(rule) if isinstance(rule, str) else rule
    outcome = judge_rule(rule, seen)
    if outcome.reason is not None:
        assert outcome.verdict is Verdict.NOT_ASSESSED
        assert outcome.value is None or outcome.reason in (Reason.UNCERTAIN, Reason.NOT_CALIBRATED)
    else:
        assert outcome.verdict is not Verdict.NOT_ASSESSED
    return outcome.reason


def test_a_person_well_seen_is_assessed():
    for rule in STANDING:
        if rule.enabled and "front" in rule.views and rule.measure not in ("right_hand_on_top", "mouth_opening"):
            assert reason_of(rule, body()) is None, rule.id


@pytest.mark.parametrize("rule", MEASURED, ids=lambda r: r.id)
def test_a_tiny_person_is_too_small_for_every_rule(rule):
    far = body(replace(DEFAULT_CAMERA, pitch_deg=0.0), distance=20.0)
    lacking = (Reason.NO_PARTNER, Reason.NOT_CALIBRATED) if rule not in STANDING else ()
    assert reason_of(rule, far) in (Reason.TOO_SMALL, *lacking)


@settings(deadline=None, max_examples=30)
@given(yaw=floats(-180, 180))
def test_every_direction_has_one_view(yaw):
    turn = abs(yaw)
    expected = {
        "front": turn <= 38,
        "oblique": 38 < turn < 55,
        "left": 55 <= turn <= 125 and yaw > 0,
        "right": 55 <= turn <= 125 and yaw < 0,
        "back": turn > 125,
    }
    assert [name for name, here in expected.items() if here] == [view_of(yaw)]


@pytest.mark.parametrize(
    ("yaw", "seen_from"), [(0, "front"), (90, "left"), (-90, "right"), (178, "back"), (-178, "back")]
)
def test_a_view_that_shows_nothing_of_a_rule_is_named(yaw, seen_from):
    seen = body(yaw=yaw)
    for rule in STANDING:
        if rule.enabled and seen_from not in rule.views:
            assert reason_of(rule, seen) is Reason.VIEW, rule.id


def test_no_rule_of_standing_is_judged_from_behind():
    assert not [rule.id for rule in STANDING if "back" in rule.views]


def test_a_foot_out_of_the_picture_is_out_of_frame():
    cut = with_image(body(), L.LEFT_FOOT_INDEX, y=800)
    assert reason_of("ST-07.opening", cut) is Reason.OUT_OF_FRAME
    assert reason_of("ST-02", cut) is None


def test_out_of_the_picture_for_less_than_the_share_of_the_hold_is_no_matter():
    few = with_image(body(), L.LEFT_FOOT_INDEX, frames=slice(0, 10), y=800)
    many = with_image(body(), L.LEFT_FOOT_INDEX, frames=slice(0, 20), y=800)
    assert reason_of("ST-07.opening", few) is None
    assert reason_of("ST-07.opening", many) is Reason.OUT_OF_FRAME


def test_a_hidden_shoulder_is_occluded():
    assert reason_of("ST-02", with_image(body(), L.RIGHT_SHOULDER, visibility=0.2)) is Reason.OCCLUDED


def test_a_face_that_was_not_found_is_occluded_and_one_too_small_says_so():
    seen = body()
    blank = replace(seen.track.details, face=np.full_like(seen.track.details.face, np.nan))
    faceless = Body(replace(seen.track, details=blank), seen.scene)
    assert reason_of("ST-01.pitch", faceless) is Reason.OCCLUDED
    # The mouth asks for a face of 120 px; this one has about 50.
    assert reason_of("ST-15", seen) is Reason.TOO_SMALL


def test_a_face_found_on_too_few_looks_is_occluded():
    seen = body()
    face = seen.track.details.face.copy()
    face[1:] = np.nan
    rarely = Body(replace(seen.track, details=replace(seen.track.details, face=face)), seen.scene)
    assert reason_of("ST-01.pitch", rarely) is Reason.OCCLUDED


@pytest.mark.parametrize("rule", ["ST-14.sway", "ST-14.knees"])
def test_stillness_is_not_told_from_a_short_look(rule):
    assert reason_of(rule, body()) is None
    assert reason_of(rule, body(duration_s=1.5)) is Reason.TOO_SHORT


def test_a_picture_is_too_short_for_what_needs_time_and_long_enough_for_the_rest():
    picture = body(fps=None, duration_s=None)
    reasons = {rule.id: reason_of(rule, picture) for rule in STANDING if rule.enabled and "front" in rule.views}
    assert {rule for rule, reason in reasons.items() if reason is Reason.TOO_SHORT} == {"ST-14.sway", "ST-14.knees"}
    assert reasons["ST-02"] is None


def test_a_rule_that_asks_for_a_hold_wants_it_whole():
    rule = BOOK.rule("ST-02")
    held = rule.model_copy(update={"hold": rule.hold.model_copy(update={"seconds": 2.9})})
    assert reason_of(held, body()) is None
    longer = rule.model_copy(update={"hold": rule.hold.model_copy(update={"seconds": 3.5})})
    assert reason_of(longer, body()) is Reason.TOO_SHORT


def test_a_rule_that_is_switched_off_says_so_before_anything_else():
    off = BOOK.rule("ST-02").model_copy(update={"enabled": False})
    assert reason_of(off, body(yaw=180)) is Reason.SWITCHED_OFF


def test_a_rule_without_a_measure_is_for_people():
    manual = BOOK.rule("ST-02").model_copy(update={"measure": None, "limit": None})
    assert reason_of(manual, body()) is Reason.MANUAL


def test_an_error_as_wide_as_the_limit_is_uncertain_or_a_matter_of_calibration():
    narrow = BOOK.rule("ST-02")
    narrow = narrow.model_copy(update={"limit": narrow.limit.model_copy(update={"max_abs": 0.2})})
    assert reason_of(narrow, body()) is Reason.UNCERTAIN
    guessed = body()
    guessed = Body(guessed.track, replace(guessed.scene, calibrated=False))
    assert reason_of(narrow, guessed) is Reason.NOT_CALIBRATED


def test_every_reason_that_comes_up_has_advice_in_both_languages():
    for reason in set(Reason) - {Reason.TOO_DARK, Reason.UNSTEADY}:
        hint = hint_for(reason, BOOK.rule("ST-05"))
        assert hint is not None, reason
        assert hint.zh
        assert hint.en


def test_the_advice_for_a_wrong_view_names_the_right_one():
    assert hint_for(Reason.VIEW, BOOK.rule("ST-02")).en == "Turn so that the camera sees you from the front"
    side = hint_for(Reason.VIEW, BOOK.rule("ST-05"))
    assert side.en == "Turn so that the camera sees you side-on"
    assert "侧面" in side.zh
    both = hint_for(Reason.VIEW, BOOK.rule("ST-13"))
    assert both.en.endswith("from the front or side-on")
    assert "{" not in HINTS[Reason.NO_PERSON].en


@pytest.mark.filterwarnings("ignore:All-NaN")
def test_an_empty_track_of_a_person_is_never_assessed():
    seen = body()
    gone = Track(
        0, seen.track.frame, seen.track.time_s, np.full_like(seen.track.image, np.nan),
        np.full_like(seen.track.world, np.nan), seen.track.noise, seen.track.size,
    )  # fmt: skip
    for rule in BOOK.rules:
        if rule in MEASURED:
            assert unassessable(rule, MEASURES[rule.measure], Body(gone, seen.scene)) is not None, rule.id
