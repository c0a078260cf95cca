from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures.body import Body
from posture_check.measures.scene import known_scene
from posture_check.postures.gestures import gestures
from posture_check.postures.segment import segment
from posture_check.postures.stretch import Stretch
from posture_check.rules.evaluate import judge_posture
from posture_check.rules.loader import load_rules
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view
from tests.measures.gestures.acts import (
    CAMERA,
    DOWN_PALM,
    FIST,
    ONE_FINGER,
    START_S,
    STATURE_M,
    STOP_S,
    act,
    ahead,
    aside,
    at_face,
    raised,
    seen,
    towards_seat,
    waved,
)

few = settings(deadline=None, max_examples=10)
HALF_CLOSED = (20.0, 31.0, 31.0, 31.0, 31.0)
TRAY = ahead(out=0.09, up=0.16, far=0.2)
STRAIGHT_TRAY = ahead(out=0.09, up=0.12, far=0.30)

ACTS = {
    "pointing": lambda: act(aside()),
    "inviting": lambda: act(towards_seat()),
    "handing_over": lambda: act(ahead(), ahead()),
    "waving": lambda: act(raised()),
    "tray": lambda: act(TRAY, TRAY, seconds=4.0),
    "bow": lambda: act(lean=25.0),
}
VIEWS = {"tray": (-70.0, -45.0, 45.0, 60.0), "bow": (-90.0, -60.0, 50.0, 90.0)}


def events(body: Body) -> list[Stretch]:
    return gestures(body, [Stretch("standing", 0, len(body))])


@few
@given(kind=sampled_from(sorted(ACTS)), turn=floats(0, 1), noise=sampled_from([0.0, 1.0]))
def test_a_gesture_is_found_once_with_its_times(kind, turn, noise):
    low, *_, high = VIEWS.get(kind, (-20.0, 20.0))
    yaw = low + turn * (high - low) if kind not in VIEWS else VIEWS[kind][int(turn * 3.99)]
    body = seen(ACTS[kind](), yaw, fps=30.0, noise_px=noise)
    (found,) = events(body)
    assert found.posture == kind
    time = body.track.time_s
    assert START_S - 0.1 <= time[found.start] <= START_S + 0.6
    assert STOP_S - 0.6 <= time[found.stop - 1] <= STOP_S + 0.1


@pytest.mark.parametrize("hands", ["sides", "front_right_over_left", "behind", "hips", "crossed", "pockets"])
@pytest.mark.parametrize("yaw", [0.0, 30.0, 90.0])
def test_standing_is_no_gesture(hands, yaw):
    found = view(standing(hands=hands), CAMERA, yaw, 3.2, fps=15.0)
    assert events(Body(found.track, known_scene(CAMERA, STATURE_M))) == []


def test_a_hand_at_the_face_greets_nobody():
    assert events(seen(act(at_face()))) == []


def test_hands_that_never_rest_hand_nothing_over_and_a_moment_is_no_gesture():
    moved = seen(act(aside(), seconds=3.5), fps=30.0)
    assert events(moved.slice(0, 30)) == []
    assert [s.posture for s in events(moved)] == ["pointing"]


def test_a_hand_closed_about_something_shows_nobody_the_way():
    assert events(seen(act(aside(fingers=FIST)))) == []


def test_from_behind_there_is_nothing_to_tell():
    assert events(seen(act(ahead(), ahead()), 180.0)) == []


def test_a_picture_shows_pointing():
    found = view(act(aside()), CAMERA, 0.0, 3.0, fps=None)
    body = Body(found.track, known_scene(CAMERA, STATURE_M))
    assert [s.posture for s in events(body)] == ["pointing"]


def test_gestures_are_looked_for_only_where_asked():
    body = seen(ACTS["pointing"]())
    assert gestures(body, [Stretch("squatting", 0, len(body))]) == []
    assert gestures(body, []) == []
    bow = seen(ACTS["bow"](), 90.0)
    assert gestures(bow, [Stretch("squatting", 0, len(bow))]) == []


def test_segments_hold_the_gestures_in_order():
    body = seen(ACTS["waving"]())
    found = segment(body)
    assert [s.posture for s in found] == ["standing", "waving"]
    assert found[0].start <= found[1].start
    assert found[1].stop <= found[0].stop


CLAUSES = {
    "GE-01.together": (act(aside()), act(aside(spread=12.0)), 0.0),
    "GE-01.open": (act(aside()), act(aside(fingers=ONE_FINGER)), 0.0),
    "GE-01.palm": (act(aside()), act(aside(DOWN_PALM)), 0.0),
    "GE-02": (act(aside()), act(aside(fingers=ONE_FINGER)), 0.0),
    "GE-03.together": (act(towards_seat()), act(towards_seat(spread=12.0)), 0.0),
    "GE-03.open": (act(towards_seat()), act(towards_seat(fingers=HALF_CLOSED)), 0.0),
    "GE-03.palm": (act(towards_seat()), act(towards_seat((0.0, -1.0, -0.6))), 0.0),
    "GE-04": (act(aside()), act(aside(fingers=ONE_FINGER)), 10.0),
    "GE-05": (act(aside()), act(aside(DOWN_PALM)), 0.0),
    "GE-06": (waved(15, 1.0), waved(75, 1.8), 0.0),
    "GE-07": (act(raised()), act(at_face()), 10.0),
    "GE-08.both": (act(ahead(), ahead()), act(ahead(far=0.30)), 20.0),
    "GE-08.height": (act(ahead(), ahead()), act(ahead(up=0.09), ahead(up=0.09)), 0.0),
    "GE-09": (act(TRAY, TRAY, seconds=4.0), act(STRAIGHT_TRAY, STRAIGHT_TRAY, seconds=4.0), 60.0),
    "GE-10.height": (act(raised()), act(raised(up=0.53, out=0.18)), 0.0),
    "GE-10.palm": (act(raised()), act(raised(palm=(0.0, 0.0, -1.0))), 0.0),
    "GE-10.right": (act(raised()), act(None, raised()), 0.0),
    "GE-11": (act(lean=25.0), act(lean=68.0), 90.0),
}


@pytest.mark.parametrize("rule", sorted(CLAUSES))
def test_every_rule_passes_and_fails_where_the_truth_does(rule):
    book = load_rules(None)
    good, bad, yaw = CLAUSES[rule]
    for performance, verdict in ((good, "pass"), (bad, "fail")):
        body = seen(performance, yaw, 2.6)
        checks = judge_posture(book, "gesture", "A", body, segment(body))
        found = {check.rule: check for check in checks}[rule]
        assert found.verdict.value == verdict, (found.value, found.error, found.reason)


def test_hands_too_small_for_fingers_are_said_to_be():
    body = seen(act(aside(fingers=ONE_FINGER)), distance_m=5.5)
    checks = {c.rule: c for c in judge_posture(load_rules(None), "gesture", "A", body, segment(body))}
    assert checks["GE-04"].reason.value == "too_small"
    assert np.isnan(body.track.details.face).any() or checks["GE-04"].value is None
