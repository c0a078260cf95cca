from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers, sampled_from

from posture_check.landmarks.track import ARM_STATES
from posture_check.measures.body import Body
from posture_check.measures.hands import beyond, wrist_place
from tests.measures.people import body_of, still, value_of

few = settings(deadline=None, max_examples=12)
SEEDS = integers(0, 2**31)
PLACES = {"sides": "hands_off_sides", "front_right_over_left": "hands_off_front", "behind": "hands_off_back"}
LIMIT = {"hands_off_sides": 4.0, "hands_off_front": 4.0, "hands_off_back": 10.0}


@few
@given(seed=SEEDS, where=sampled_from(sorted(PLACES)), turn=floats(-20, 20))
def test_hands_are_where_they_are_and_nowhere_else(seed, where, turn):
    body = body_of(replace(still(seed, hands=where), yaw_deg=turn))
    off = {name: value_of(name, body) for name in PLACES.values()}
    held = {name for name, value in off.items() if value is not None and value.value <= LIMIT[name]}
    assert held <= {PLACES[where]}
    # Turned further, a hand behind the back hides its elbow as well.
    assert held or (where == "behind" and abs(turn) > 5)


@pytest.mark.parametrize("hands", ["hips", "crossed"])
def test_forbidden_places_are_no_proper_place(hands):
    body = body_of(replace(still(3, hands=hands), yaw_deg=0.0))
    for name, limit in LIMIT.items():
        assert value_of(name, body).value > limit, name


@few
@given(seed=SEEDS, left=sampled_from(["hips", "hip_left", "crossed", "pockets", "pocket_left", "sides"]))
def test_the_forbidden_places_are_those_the_arm_classifier_names(seed, left):
    body = body_of(replace(still(seed, hands=left), yaw_deg=0.0))
    state = {"hip": "hands_on_hips", "crossed": "arms_crossed", "pocket": "hands_in_pockets"}
    for word, name in state.items():
        found = value_of(name, body)
        assert (found.value > 0.5) == left.startswith(word), name


@few
@given(sure=floats(0, 1), other=floats(0, 1))
def test_the_more_certain_arm_counts(sure, other):
    track = still(1).seen().track
    arms = track.details.arms.copy()
    arms[:, 0], arms[:, 1] = 0.0, 0.0
    arms[:, 0, ARM_STATES.index("hip")], arms[:, 1, ARM_STATES.index("hip")] = sure, other
    body = Body(replace(track, details=replace(track.details, arms=arms)), still(1).scene())
    assert value_of("hands_on_hips", body).value == pytest.approx(max(sure, other), abs=1e-6)
    arms[:, 1] = np.nan
    body = Body(replace(track, details=replace(track.details, arms=arms)), still(1).scene())
    assert value_of("hands_on_hips", body).value == pytest.approx(sure, abs=1e-6)


def test_arms_that_were_not_judged_have_no_certainty():
    track = still(1).seen().track
    blank = replace(track, details=replace(track.details, arms=np.full_like(track.details.arms, np.nan)))
    for name in ("hands_on_hips", "arms_crossed", "hands_in_pockets"):
        assert value_of(name, Body(blank, still(1).scene())) is None, name


@pytest.mark.parametrize(
    ("scores", "expected"),
    [((0.1, 0.95), 0.925), ((0.95, 0.1), 0.075), ((0.9, 0.9), 0.5), ((np.nan, 0.8), 0.9)],
)
def test_of_joined_hands_the_one_that_is_found_is_on_top(scores, expected):
    shot = replace(still(2, hands="front_right_over_left"), yaw_deg=0.0)
    track = shot.seen().track
    score = np.tile(np.array(scores, np.float32), (len(track.details.at), 1))
    body = Body(replace(track, details=replace(track.details, hand_score=score)), shot.scene())
    assert value_of("right_hand_on_top", body).value == pytest.approx(expected, abs=1e-6)


def test_no_hand_is_on_top_where_none_is_found_or_they_are_apart():
    shot = replace(still(2, hands="front_right_over_left"), yaw_deg=0.0)
    track = shot.seen().track
    score = np.full_like(track.details.hand_score, 0.3)
    unseen = Body(replace(track, details=replace(track.details, hand_score=score)), shot.scene())
    assert value_of("right_hand_on_top", unseen) is None
    assert value_of("right_hand_on_top", body_of(replace(still(2, hands="sides"), yaw_deg=0.0))) is None


@few
@given(seed=SEEDS, taller=floats(0.87, 1.1))
def test_tall_and_short_people_have_their_hands_in_the_same_place(seed, taller):
    shot = replace(still(seed, hands="front_right_over_left"), yaw_deg=0.0)
    other = replace(shot, stature_m=shot.stature_m * taller)
    for side in ("LEFT", "RIGHT"):
        one, two = (np.median(wrist_place(body_of(s), side), axis=1) for s in (shot, other))
        assert two == pytest.approx(one, abs=1.2)


@given(value=floats(-50, 50), low=floats(-20, 0), high=floats(0, 20))
def test_beyond_is_the_way_back_into_the_range(value, low, high):
    off = float(beyond(np.array(value), low, high))
    assert off >= 0
    assert (off == 0) == (low <= value <= high)
    assert low - 1e-9 <= value + (off if value < low else -off) <= high + 1e-9
