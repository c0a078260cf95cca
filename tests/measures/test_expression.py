"""The face as geometry: where the head points over time, and the mouth's corners."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers

from posture_check.landmarks.names import L
from posture_check.landmarks.track import Details
from posture_check.measures.body import Body
from posture_check.measures.camera import Camera
from posture_check.measures.expression import MIN_HEAD_PX
from posture_check.measures.head import MIN_FACE_PX, MOUTH_LEFT, MOUTH_RIGHT
from posture_check.measures.scene import Neutral, known_scene
from posture_check.rules.evaluate import judge_rule
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Reason, Verdict
from posture_check.simulate.body import Body as Build
from posture_check.simulate.performance import Performance
from posture_check.simulate.standing import Standing
from posture_check.simulate.view import view
from tests.measures.people import value_of
from tests.rules.files import changed

few = settings(deadline=None, max_examples=10)
SHARP = Camera(2560, 1440, 60.0, 1.3, 6.0)


def looking(
    *,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    turned: float = 0.0,
    camera: Camera = SHARP,
    hz: float = 0.4,
) -> Body:
    """Somebody whose head swings by so many degrees, from end to end, and whose body swings by ``turned``."""
    pose = Standing(body=Build(1.70), head_roll_deg=roll)

    def motion(time_s):
        swing = np.sin(2 * np.pi * hz * time_s) / 2
        still = pose.pose(time_s)
        return replace(still, head_yaw=yaw * swing, head_pitch=pitch * swing, heading=turned * swing)

    seen = view(Performance(motion, Build(1.70), 8.0), camera, 0.0, 3.0, fps=10, noise_px=0.5)
    return Body(seen.track, known_scene(seen.camera, 1.70))


def width_of(amount: float) -> float:
    """5th to 95th percentile of a sine of that height from end to end."""
    return float(amount * np.cos(np.pi * 0.05))


@few
@given(yaw=floats(0, 80))
def test_looking_about_is_measured_by_how_far_the_head_turns(yaw):
    found = value_of("look_aside_range", looking(yaw=yaw))
    assert found.value == pytest.approx(width_of(yaw), abs=max(2 * found.error, 3))
    assert value_of("look_updown_range", looking(yaw=yaw)).value < 8


@few
@given(pitch=floats(0, 50))
def test_looking_up_and_down_is_measured_by_how_far_the_head_nods(pitch):
    body = looking(pitch=pitch)
    found = value_of("look_updown_range", body)
    assert found.value == pytest.approx(width_of(pitch), abs=max(2 * found.error, 3))
    assert value_of("look_aside_range", body).value < 6


def test_who_turns_as_a_whole_does_not_look_about():
    turning = value_of("look_aside_range", looking(turned=40.0, hz=0.15))
    assert turning.value < width_of(40.0) / 2
    assert value_of("look_aside_range", looking(yaw=40.0)).value > 31


@few
@given(shift=floats(-0.06, 0.12), roll=floats(-12, 12), pitch=integers(0, 10))
def test_the_corners_lift_is_against_the_neutral_face_whatever_the_head_does(shift, roll, pitch):
    still = looking(roll=roll)
    neutral = value_of("mouth_corner_lift", still).value
    face = still.track.details.face.astype(float).copy()
    up = face[:, 10] - face[:, 152]
    up /= np.linalg.norm(up, axis=-1, keepdims=True)
    width = np.linalg.norm(face[:, MOUTH_LEFT] - face[:, MOUTH_RIGHT], axis=-1, keepdims=True)
    for corner in (MOUTH_LEFT, MOUTH_RIGHT):
        face[:, corner] += shift * width * up
    details = replace(still.track.details, face=face)
    scene = replace(still.scene, neutral=Neutral(mouth_corner_lift=neutral))
    found = value_of("smile_lift", Body(replace(still.track, details=details), scene))
    assert found.value == pytest.approx(shift, abs=0.005)
    assert 0 < found.error < 0.03


@few
@given(aside=floats(-30, 30))
def test_a_head_that_stays_turned_is_told_unless_somebody_is_there(aside):
    pose = Standing(body=Build(1.70), head_yaw_deg=aside)
    seen = view(Performance(pose.pose, Build(1.70), 3.0), SHARP, 0.0, 3.0, fps=10, noise_px=0.5)
    body = Body(seen.track, known_scene(seen.camera, 1.70))
    found = value_of("look_aside", body)
    assert found.value == pytest.approx(aside, abs=2 * found.error)
    verdict = judge_rule(load_rules().rule("FA-02.ahead"), body).verdict
    if abs(aside) > 23 or abs(aside) < 8:
        assert verdict is (Verdict.FAIL if abs(aside) > 16 else Verdict.PASS)
    image = seen.track.image.copy()
    image[..., 0] += np.sign(aside) * 0.9 * seen.camera.focal_px / 3.0
    partner = Body(replace(seen.track, image=image, details=Details.empty()), body.scene)
    if abs(aside) > 5:
        assert value_of("look_aside", Body(body.track, body.scene, (partner,))).value == pytest.approx(0, abs=1e-6)


def test_small_faces_tell_the_direction_of_the_head_but_not_the_lips():
    small = looking(yaw=50.0, camera=Camera(1280, 720, 60.0, 1.3, 6.0))
    tiny = looking(yaw=50.0, camera=Camera(640, 360, 60.0, 1.3, 6.0))
    for body, low, high in ((small, MIN_HEAD_PX, MIN_FACE_PX), (tiny, 20, MIN_HEAD_PX)):
        face = body.track.details.face.astype(float)
        assert low < np.nanmedian(np.linalg.norm(face[:, 10] - face[:, 152], axis=-1)) < high
    assert value_of("look_aside_range", small).value > 40
    assert value_of("mouth_corner_lift", small) is None
    assert value_of("look_aside_range", tiny) is None


def test_the_face_of_somebody_else_is_not_looked_at():
    body = looking(yaw=0.0)
    face = body.track.details.face.copy()
    face[::2, :, 0] += 150
    other = replace(body.track, details=replace(body.track.details, face=face))
    assert value_of("look_aside_range", body).frames == 2 * value_of("look_aside_range", Body(other, body.scene)).frames


def test_turning_to_a_partner_near_by_is_no_looking_about():
    body = looking(yaw=70.0)
    alone = value_of("look_aside_range", body).value
    both_sides = []
    for aside in (-0.9, 0.9):
        track = replace(body.track, person=1)
        px = aside * body.scene.camera.focal_px / 3.0
        image = track.image.copy()
        image[..., 0] += px
        both_sides.append(Body(replace(track, image=image, details=Details.empty()), body.scene))
    left, right = both_sides
    assert alone > 55
    assert value_of("look_aside_range", Body(body.track, body.scene, (left,))).value == pytest.approx(alone / 2, abs=6)
    assert value_of("look_aside_range", Body(body.track, body.scene, (left, right))).value < 5
    far = []
    for partner, metres in ((left, -5.0), (right, 5.0)):
        image = partner.track.image.copy()
        image[..., 0] += metres * body.scene.camera.focal_px / 3.0
        far.append(Body(replace(partner.track, image=image), body.scene))
    assert value_of("look_aside_range", Body(body.track, body.scene, tuple(far))).value == pytest.approx(alone)


@pytest.mark.parametrize(
    ("rule", "doing", "verdict"),
    [
        ("FA-02.aside", {"yaw": 10.0}, Verdict.PASS),
        ("FA-02.aside", {"yaw": 60.0}, Verdict.FAIL),
        ("FA-02.updown", {"pitch": 10.0}, Verdict.PASS),
        ("FA-02.updown", {"pitch": 45.0}, Verdict.FAIL),
        ("FA-02.level", {"roll": 2.0}, Verdict.PASS),
        ("FA-02.level", {"roll": -16.0}, Verdict.FAIL),
    ],
)
def test_clauses_of_the_look(rule, doing, verdict):
    outcome = judge_rule(load_rules().rule(rule), looking(**doing))
    assert (outcome.verdict, outcome.reason) == (verdict, None)


def test_the_smile_is_off_and_needs_a_neutral_face_and_a_large_one():
    book = load_rules()
    body = looking()
    rule = book.rule("FA-01")
    assert not rule.enabled
    assert rule.required is False
    assert judge_rule(rule, body).reason is Reason.SWITCHED_OFF
    on = changed(book, "FA-01", enabled=True).rule("FA-01")
    assert judge_rule(on, body).reason is Reason.NOT_CALIBRATED
    lift = value_of("mouth_corner_lift", body).value
    for own, verdict in ((lift - 0.08, Verdict.PASS), (lift + 0.02, Verdict.FAIL)):
        known = Body(body.track, replace(body.scene, neutral=Neutral(mouth_corner_lift=own)))
        assert judge_rule(on, known).verdict is verdict
    small = looking(camera=Camera(1280, 720, 60.0, 1.3, 6.0))
    known = Body(small.track, replace(small.scene, neutral=Neutral(mouth_corner_lift=0.0)))
    assert judge_rule(on, known).reason is Reason.TOO_SMALL


def test_without_a_face_nothing_is_told():
    body = looking()
    blank = replace(body.track, details=replace(body.track.details, face=np.full_like(body.track.details.face, np.nan)))
    for name in ("look_aside_range", "look_updown_range", "mouth_corner_lift", "smile_lift"):
        assert value_of(name, Body(blank, body.scene)) is None
    short = body.slice(0, 12)
    assert judge_rule(load_rules().rule("FA-02.aside"), short).reason is Reason.TOO_SHORT
    assert body.xy[0, L.NOSE].shape == (2,)
