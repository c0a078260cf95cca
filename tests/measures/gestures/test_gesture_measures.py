from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.measures.body import Body
from tests.measures.gestures.acts import (
    FIST,
    ONE_FINGER,
    act,
    ahead,
    aside,
    at_face,
    raised,
    seen,
    towards_seat,
    waved,
)
from tests.measures.people import value_of

few = settings(deadline=None, max_examples=8)
HELD = slice(18, 36)
"""Frames in which a gesture is held, of 15 a second."""


def held(body: Body) -> Body:
    return body.slice(HELD.start, HELD.stop)


@few
@given(
    up=sampled_from([-85.0, -60.0, -30.0, 0.0, 30.0, 60.0, 80.0]),
    yaw=floats(-25, 25),
    side=sampled_from(["left", "right"]),
)
def test_the_palm_is_up_as_far_as_it_is(up, yaw, side):
    palm = (0.0, np.sin(np.radians(up)), np.cos(np.radians(up)))
    arm = aside(palm)
    value = value_of("palm_up", held(seen(act(**{side: arm}), yaw)))
    assert value.value == pytest.approx(up, abs=2 * value.error)


def test_a_palm_to_the_front_faces_the_person_opposite():
    for yaw in (-20.0, 0.0, 20.0):
        value = value_of("palm_off_forward", held(seen(act(raised()), yaw)))
        assert value.value < 2 * value.error
    back = value_of("palm_off_forward", held(seen(act(raised(palm=(0.0, 0.0, -1.0))))))
    assert back.value > 140


@few
@given(yaw=floats(-25, 25), distance=floats(2.4, 3.4))
def test_one_finger_is_told_from_a_hand_and_a_fist(yaw, distance):
    alone = value_of("single_finger", held(seen(act(aside(fingers=ONE_FINGER)), yaw, distance)))
    assert alone.value > 100
    for shape in ({}, {"spread": 9.0}, {"fingers": FIST}):
        value = value_of("single_finger", held(seen(act(aside(**shape)), yaw, distance)))
        assert value.value < 30, shape


def test_bent_and_spread_fingers():
    def told(name, **shape):
        return value_of(name, held(seen(act(aside(**shape)))))

    assert told("fingers_bent").value < 25
    assert told("fingers_bent", fingers=FIST).value > 100
    assert told("finger_spread").value < 8
    assert told("finger_spread", spread=11.0).value > 19
    assert told("finger_spread", fingers=FIST) is None
    assert told("thumb_apart", thumb_out=30.0).value > told("thumb_apart", thumb_out=0.0).value + 10


def test_a_hand_below_40_px_is_not_judged():
    body = held(seen(act(aside(fingers=ONE_FINGER)), distance_m=6.0))
    assert np.isfinite(body.track.details.hands).any()
    for name in ("single_finger", "fingers_bent", "palm_up"):
        assert value_of(name, body) is None, name


def test_a_hanging_hand_is_not_judged():
    body = held(seen(act()))
    assert np.isfinite(body.track.details.hands).any()
    assert value_of("single_finger", body) is None


@pytest.mark.parametrize("yaw", [-20.0, 0.0, 20.0])
def test_a_hand_at_the_face_touches_it_and_others_do_not(yaw):
    assert value_of("hand_to_face", seen(act(at_face()), yaw)).value < 3
    for arm in (aside(), ahead(), raised(), towards_seat()):
        assert value_of("hand_to_face", seen(act(arm), yaw)).value > 8


def test_a_hand_that_passes_the_face_does_not_touch_it():
    still, touch = seen(act()), seen(act(at_face()))
    image = still.track.image.copy()
    image[20:24] = touch.track.image[20:24]
    body = Body(replace(still.track, image=image, details=still.track.details.slice(0, 0)), still.scene)
    assert value_of("hand_to_face", body).value > 8


def test_side_on_only_hands_well_away_from_the_head_are_told():
    assert value_of("hand_to_face", seen(act(at_face()), 90.0)) is None


@few
@given(amplitude=floats(5, 60), hz=floats(0.8, 2.0))
def test_hands_travel_as_far_as_they_do(amplitude, hz):
    performance = waved(amplitude, hz)
    body = seen(performance, fps=30.0)
    time = body.track.time_s
    wrist = performance.figure(time).points[:, 16, :2]
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(wrist, axis=0), axis=1))])
    true = max(way[min(i + 30, len(way) - 1)] - way[i] for i in range(len(way)))
    value = value_of("hand_travel", body)
    # Lowering and raising below the waist do not count; 0.2 s steps cut corners of a fast swing.
    assert 0.55 * true - 0.1 < value.value < 1.1 * true + 0.1


@few
@given(lean=floats(8, 45), yaw=sampled_from([-90.0, -60.0, 50.0, 80.0, 100.0]))
def test_a_bow_is_as_deep_as_it_is(lean, yaw):
    value = value_of("bow_lean", seen(act(lean=lean), yaw))
    assert value.value == pytest.approx(lean, abs=2 * value.error)


def test_a_bow_from_the_front_is_not_measured():
    assert value_of("bow_lean", seen(act(lean=30), 0.0)) is None


@few
@given(far=floats(0.16, 0.26), yaw=sampled_from([-85.0, -50.0, 45.0, 70.0, 90.0]))
def test_the_elbows_under_a_tray(far, yaw):
    arm = ahead(out=0.09, up=0.15, far=far)
    performance = act(arm, arm, seconds=4.0)
    points = performance.figure(np.array([1.8])).points[0]
    upper, fore = points[11] - points[13], points[15] - points[13]
    true = np.degrees(np.arccos(upper @ fore / np.linalg.norm(upper) / np.linalg.norm(fore)))
    value = value_of("tray_elbow", held(seen(performance, yaw)))
    assert value.value == pytest.approx(true, abs=2 * value.error)


def test_hands_that_hand_over():
    both, one = held(seen(act(ahead(), ahead()))), held(seen(act(ahead())))
    assert value_of("hands_apart", both).value < 25
    assert value_of("hands_apart", one).value > 42
    low = held(seen(act(ahead(up=0.11), ahead(up=0.11))))
    drop = value_of("handing_height", both).value - value_of("handing_height", low).value
    assert drop == pytest.approx(0.08 * 170, abs=4)


def test_the_raised_hand():
    body = held(seen(act(raised(up=0.36))))
    higher = held(seen(act(raised(up=0.44))))
    assert value_of("right_hand_raised", body).value == 1.0
    assert value_of("right_hand_raised", held(seen(act(None, raised())))).value == 0.0
    rise = value_of("raised_hand_height", higher).value - value_of("raised_hand_height", body).value
    assert rise == pytest.approx(0.08 * 170, abs=4)
