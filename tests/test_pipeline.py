"""The way through the program on simulated people, whose truth says what must come out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers

from posture_check import __version__
from posture_check.calibrate.profile import CameraProfile, Profile, save_profile
from posture_check.errors import InputError
from posture_check.landmarks.track import Track, TrackSet, load_tracks, save_tracks
from posture_check.measures.scene import known_scene
from posture_check.pipeline import (
    POSTURES,
    Options,
    check,
    choose_subjects,
    find_tracks,
    judge,
    plan_for,
    scene_of,
    wanted_postures,
)
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Reason, Result, Verdict
from posture_check.simulate.performance import Performance
from posture_check.simulate.scenarios import SCENARIOS
from posture_check.simulate.source import simulated_scene, simulated_tracks
from posture_check.simulate.standing import Standing
from posture_check.simulate.view import DEFAULT_CAMERA, view
from tests.rules.files import ONE, written

STANDING = "simulate:standing_v60?fps=10"
NEVER = {"standing_back", "upper_body_only", "tiny", "no_person"}
NOT_STANDING = NEVER | {"walking_side", "walking_front"}
"""Scenes in which nobody can pass, whatever the person does."""


def options(**fields: Any) -> Options:
    return Options(**fields)


# ---------------------------------------------------------------- what is true comes out


def clause_verdict(clause: str, result: Result) -> str | None:
    """Return ``pass`` or ``fail`` for a clause as the document judges it, None if it does not decide.

    A clause of alternatives counts by its own verdict, whether or not it was the one chosen. A borderline value decides
    nothing, and a clause of several rules holds if all that were assessed hold.
    """
    verdicts = {found.verdict for found in result.checks if found.clause == clause}
    for found in result.checks:
        verdicts |= {v for name, v in (found.alternatives or {}).items() if name == clause}
    verdicts -= {Verdict.NOT_ASSESSED}
    if Verdict.FAIL in verdicts:
        return "fail"
    return "pass" if verdicts == {Verdict.PASS} else None


@pytest.mark.parametrize("role", ["A", "B"])
@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_what_is_judged_of_a_scene_is_what_is_true_of_it(name, role):
    spec = f"simulate:{name}?fps=15"
    seen = simulated_scene(spec)
    labels = seen.people[0].performance.labels(role) if seen.people else {}
    result = judge(seen.tracks(spec), options(role=role))
    found = {clause: clause_verdict(clause, result) for clause in labels}
    wrong = {clause: (found[clause], label) for clause, label in labels.items() if found[clause] not in (label, None)}
    assert not wrong


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - NOT_STANDING))
def test_a_fault_that_the_view_shows_is_found(name):
    """Not assessed and borderline are no mistakes, but a program that says nothing else is worth nothing."""
    spec = f"simulate:{name}?fps=15"
    seen = simulated_scene(spec)
    labels = seen.people[0].performance.labels()
    result = judge(seen.tracks(spec), options())
    faults = {clause for clause, label in labels.items() if label == "fail"}
    # From the front a bent knee cannot be told from a straight one.
    hidden = {"ST-05"} if name in ("knee_shaking", "one_leg_relaxed") else set()
    assert {clause for clause in faults - hidden if clause_verdict(clause, result) == "fail"} == faults - hidden
    assert result.verdict is (Verdict.FAIL if faults - hidden or name == "standing_fist" else result.verdict)


@pytest.mark.parametrize("role", ["A", "B"])
def test_the_model_posture_passes(role):
    result, found = check("simulate:standing_v60", options(role=role))
    assert result.verdict is Verdict.PASS
    assert [(s.posture, s.start_s) for s in result.segments] == [("standing", 0.0)]
    assert {c.verdict for c in result.checks if c.required} == {Verdict.PASS}
    assert len(found.tracks) == 1


@pytest.mark.parametrize(
    "name", ["standing_parallel", "hands_front_right_over_left", "hands_behind", "standing_oblique", "short"]
)
def test_other_good_postures_pass(name):
    assert check(f"simulate:{name}", options())[0].verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("name", "posture"),
    [*((name, ("auto",)) for name in sorted(NEVER)), *((name, ("standing",)) for name in sorted(NOT_STANDING))],
)
def test_who_cannot_be_seen_well_never_passes(name, posture):
    result = check(f"simulate:{name}?fps=10", options(posture=posture))[0]
    assert result.verdict is not Verdict.PASS


@settings(deadline=None, max_examples=25)
@given(yaw=floats(-180, 180), height=floats(0.5, 2.5), distance=floats(1.0, 30), seed=integers(0, 1000))
def test_a_document_that_passes_has_seen_everything_it_asks_for(yaw, height, distance, seed):
    query = f"yaw={yaw:.1f}&height={height:.2f}&distance={distance:.2f}&seed={seed}&fps=6&duration=2.2"
    result = check(f"simulate:standing_v60?{query}", options())[0]
    if result.verdict is Verdict.PASS:
        assert abs(yaw) < 60
        assert distance < 12
        assert all(c.verdict in (Verdict.PASS, Verdict.BORDERLINE) for c in result.checks if c.required)
    for found in result.checks:
        assert (found.reason is None) == (found.verdict is not Verdict.NOT_ASSESSED)
        assert found.value is None or found.error >= 0


def test_a_person_seen_from_behind_under_noise_never_passes():
    """Measured yaws on both sides of 180 degrees must not average to a front view."""
    for seed in range(12):
        result = check(f"simulate:standing_v60?yaw=180&noise=2&fps=6&seed={seed}", options())[0]
        assert result.verdict is Verdict.INCOMPLETE, seed


# ---------------------------------------------------------------- a long stretch


def long_performance(start: float, lasting: float, duration: float = 60.0, **fault: float) -> Performance:
    """Return somebody who stands well for a minute but for a while."""
    good, bad = Standing(duration_s=duration), Standing(duration_s=duration, **fault)

    def motion(time_s: np.ndarray) -> Any:
        wrong = (time_s >= start) & (time_s < start + lasting)
        one, two = good.pose(time_s), bad.pose(time_s)
        return replace(one, shoulder_tilt=np.where(wrong, two.shoulder_tilt, one.shoulder_tilt))

    return Performance(motion, duration_s=duration)


@settings(deadline=None, max_examples=8)
@given(start=floats(0, 48))
def test_twelve_bad_seconds_in_a_minute_are_found(start):
    seen = view(long_performance(start, 12.0, shoulder_tilt_deg=8.0), fps=4.0)
    result = judge(seen.tracks("simulate:standing_v60"), options())
    shoulders = next(c for c in result.checks if c.rule == "ST-02")
    assert shoulders.verdict is Verdict.FAIL
    assert shoulders.start_s - 10.0 <= start <= shoulders.end_s
    assert start <= shoulders.evidence_s <= start + 12


def test_a_glimpse_of_a_fault_is_not_a_fault():
    seen = view(long_performance(30.0, 1.5, shoulder_tilt_deg=8.0), fps=4.0)
    result = judge(seen.tracks("simulate:standing_v60"), options())
    assert next(c for c in result.checks if c.rule == "ST-02").verdict is Verdict.PASS


# ---------------------------------------------------------------- whose posture


def people() -> list[Track]:
    return simulated_tracks("simulate:two_people?fps=5")[0].tracks


def test_the_subject_is_chosen_by_rule():
    large, small = people()
    assert choose_subjects([large, small], "all") == [large, small]
    assert choose_subjects([large, small], 1) == [small]
    assert choose_subjects([], 1) == []
    assert choose_subjects([], "largest") == []


def test_the_largest_over_time_is_the_subject_not_who_passes_close_by():
    subject, passer = people()
    image = passer.image.copy()
    image[..., :2] = (image[..., :2] - image[..., :2].mean((0, 1))) * 1.8 + image[..., :2].mean((0, 1))
    image[3:] = np.nan
    close = replace(passer, image=image)
    assert choose_subjects([subject, close], "largest") == [subject]
    image = passer.image.copy()
    image[..., :2] *= 1.5
    assert choose_subjects([subject, replace(passer, image=image)], "largest")[0].person == passer.person


def test_the_most_central_stays_near_the_middle():
    first, second = people()
    image = second.image.copy()
    image[..., 0] += 640 - np.nanmean(image[..., 0])
    assert choose_subjects([first, replace(second, image=image)], "central")[0].person == second.person


def test_a_person_who_is_not_there_is_told_with_who_is():
    found = simulated_tracks("simulate:two_people?fps=5")[0]
    with pytest.raises(InputError, match=re.escape("--person 7: no such person in this source (there are: 0, 1)")):
        judge(found, options(person=7))


def test_everybody_has_checks_of_their_own():
    found = simulated_tracks("simulate:two_people?fps=10")[0]
    result = judge(found, options(person="all"))
    assert result.people == 2
    verdicts = {c.person: c.verdict for c in result.checks if c.rule == "ST-10"}
    assert verdicts == {0: Verdict.PASS, 1: Verdict.FAIL}
    assert result.verdict is Verdict.FAIL
    assert judge(found, options(person=0)).verdict is Verdict.PASS
    assert judge(found, options(person=1)).verdict is Verdict.FAIL


def test_nobody_is_listed_check_by_check():
    result = check("simulate:no_person", options())[0]
    assert result.people == 0
    assert {c.reason for c in result.checks} <= {Reason.NO_PERSON, Reason.SWITCHED_OFF}
    assert result.verdict is Verdict.INCOMPLETE


# ---------------------------------------------------------------- saved tracks, rules, cameras


@pytest.mark.parametrize("name", ["standing_v60", "hands_front_left_over_right", "no_person", "two_people"])
def test_saved_tracks_are_judged_like_fresh_ones(tmp_path, name):
    fresh, found = check(f"simulate:{name}?fps=10", options(person="all"))
    save_tracks(tmp_path / "found.npz", found)
    assert judge(load_tracks(tmp_path / "found.npz"), options(person="all")) == fresh


def test_the_document_says_what_its_verdict_depends_on(tmp_path):
    result, found = check(STANDING, options(role="B", site="hall"))
    document = json.loads(result.to_json())
    assert document["schema"] == "posture-check/result/1"
    assert document["settings"]["role"] == "B"
    assert document["settings"]["site"] == "hall"
    assert document["settings"]["rules_sha256"] == load_rules().sha256
    assert document["settings"]["version"] == __version__
    assert document["source"]["path"] == STANDING
    assert document["source"]["frames"] == len(found.tracks[0]) == 30
    assert document["source"]["size"] == [1280, 720]


def test_other_rules_give_another_document(tmp_path):
    found = find_tracks(STANDING, options())
    result = judge(found, options(rules=written(tmp_path, ONE)))
    assert [c.rule for c in result.checks] == ["ST-02"]
    strict = judge(found, options(rules=written(tmp_path, ONE.replace("max_abs: 3.2", "min: 5"))))
    assert strict.verdict is Verdict.FAIL
    assert strict.settings.rules_sha256 != result.settings.rules_sha256


def profile_file(folder: Path, **camera: float) -> Path:
    figures = {"hfov_deg": 65.0, "height_m": 1.3, "pitch_deg": 6.0, "roll_deg": 0.0} | camera
    path = folder / "hall.yaml"
    save_profile(Profile(name="hall", camera=CameraProfile(**figures)), path)
    return path


def test_a_calibrated_camera_is_used_and_named(tmp_path):
    found = find_tracks(STANDING, options())
    path = profile_file(tmp_path, roll_deg=8.0)
    result = judge(found, options(calibration=path))
    assert result.settings.calibration == "hall"
    # The profile says that the camera is rolled; a person upright in the picture then leans.
    lean = next(c for c in result.checks if c.rule == "ST-03.side")
    assert abs(lean.value) == pytest.approx(8, abs=2)


def recording(found: TrackSet) -> TrackSet:
    """Return the tracks as those of a video of which nothing is known."""
    return TrackSet(replace(found.source, path="clip.mp4", kind="video"), found.tracks, found.models)


def test_the_scene_is_the_profiles_the_simulations_or_estimated(tmp_path):
    found = find_tracks(STANDING, options())
    track = found.tracks[0]
    assert scene_of(found, track, options(), None) == known_scene(DEFAULT_CAMERA)
    profile = Profile(name="x", camera=CameraProfile(hfov_deg=70, height_m=2, pitch_deg=20))
    scene = scene_of(found, track, options(), profile)
    assert scene.calibrated
    assert (scene.camera.hfov_deg, scene.camera.width) == (70, 1280)
    guessed = scene_of(recording(found), track, options(), None)
    assert not guessed.calibrated
    assert guessed.camera.height_error_m > 0


def test_a_stature_that_is_given_is_used():
    found = find_tracks(STANDING, options())
    for source in (found, recording(found)):
        scene = scene_of(source, source.tracks[0], options(stature_cm=181.0), None)
        assert scene.stature_m == 1.81
        assert scene.stature_error_m < scene_of(source, source.tracks[0], options(), None).stature_error_m


def test_without_a_calibrated_camera_a_good_posture_still_does_not_fail():
    result = judge(recording(find_tracks(STANDING, options())), options())
    assert result.settings.calibration == "none"
    assert result.verdict is not Verdict.FAIL


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("rules", Path("none.yaml"), "none.yaml: cannot be read"),
        ("calibration", Path("none.yaml"), "none.yaml: cannot be read"),
    ],
)
def test_a_file_that_is_not_there_is_told(field, value, said):
    with pytest.raises(InputError, match=re.escape(said)):
        judge(find_tracks(STANDING, options()), options(**{field: value}))


@pytest.mark.parametrize("spec", ["simulate:nothing", "simulate:standing_v60?colour=red", "no-such-file.mp4"])
def test_a_source_that_cannot_be_read_is_told(spec):
    with pytest.raises(InputError):
        find_tracks(spec, options())


# ---------------------------------------------------------------- what is looked for


def test_auto_judges_every_posture_there_are_rules_for_and_dress_where_it_is_asked_for():
    assert {rule.posture for rule in load_rules().rules} == set(POSTURES[1:])
    assert {*wanted_postures(options()), "grooming"} == set(POSTURES[1:])
    assert "grooming" not in wanted_postures(options())
    assert set(wanted_postures(options(posture=("auto", "grooming")))) == set(POSTURES[1:])
    assert wanted_postures(options(posture=("standing",))) == ("standing",)


def test_dress_is_judged_beside_a_posture_or_alone_and_never_passes_unseen():
    beside = check(STANDING, options(posture=("standing", "grooming")))[0]
    alone = check(STANDING, options(posture=("grooming",)))[0]
    assert {c.posture for c in beside.checks} == {"standing", "grooming"}
    assert {c.posture for c in alone.checks} == {"grooming"}
    assert [c for c in beside.checks if c.posture == "grooming"] == alone.checks
    # A simulated person has a skeleton and no picture.
    assert {c.reason for c in alone.checks} == {Reason.NO_PICTURE, Reason.MANUAL}
    assert alone.verdict is beside.verdict is Verdict.INCOMPLETE


def test_only_what_a_rule_needs_is_looked_for(tmp_path):
    everything = plan_for(load_rules(), ("standing",))
    assert (everything.hands, everything.face, everything.arms) == (True, True, True)
    shoulders = plan_for(load_rules(written(tmp_path, ONE)), ("standing",))
    assert (shoulders.hands, shoulders.face, shoulders.arms) == (False, False, False)
    off = ONE.replace("shoulder_tilt", "head_pitch")
    assert plan_for(load_rules(written(tmp_path, off)), ("standing",)).face
    off = off.replace("basis: house", "basis: house\n    enabled: false")
    assert not plan_for(load_rules(written(tmp_path, off)), ("standing",)).face
    assert not plan_for(load_rules(), ()).face


def test_legs_out_of_the_picture_stand_only_for_whoever_says_so():
    spec = "simulate:upper_body_only?fps=10"
    unsure = check(spec, options())[0]
    assert {s.posture for s in unsure.segments} <= {"other"}
    standing_checks = {c.reason for c in unsure.checks if c.posture == "standing"}
    assert standing_checks <= {Reason.POSTURE_NOT_SEEN, Reason.SWITCHED_OFF}
    assert unsure.verdict is Verdict.INCOMPLETE
    vouched = check(spec, options(posture=("standing",)))[0]
    assert [s.posture for s in vouched.segments] == ["standing"]
    assert vouched.verdict is not Verdict.PASS
    feet = [c for c in vouched.checks if c.clause in ("ST-07", "ST-08", "ST-09")]
    assert [c.reason for c in feet] == [Reason.OUT_OF_FRAME]


def test_a_posture_that_gestures_leave_no_hold_of_stays_on_the_list():
    """Who shows the way from beginning to end was seen standing, but not judged standing: no pass without it."""
    found = simulated_tracks("simulate:showing_the_way?fps=15")[0]
    whole = judge(found, options())
    event = next(s for s in whole.segments if s.posture == "pointing")
    track = found.tracks[0]
    start, stop = np.searchsorted(track.time_s, (event.start_s, event.end_s))
    part = replace(found, tracks=[track.slice(int(start), int(stop))])
    result = judge(part, options())
    assert {"standing", "pointing"} <= {s.posture for s in result.segments}
    reasons = {c.reason for c in result.checks if c.posture == "standing" and c.required}
    assert reasons == {Reason.TOO_SHORT}
    assert result.verdict is not Verdict.PASS
