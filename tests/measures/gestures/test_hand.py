from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers
from scipy.spatial.transform import Rotation

from posture_check.measures.gestures.hand import (
    finger_bend_deg,
    finger_spread_deg,
    hand_px,
    palm_normal,
    thumb_apart_deg,
)
from posture_check.simulate.hand import hand_points

few = settings(deadline=None, max_examples=15)
SEEDS = integers(0, 2**31)
MIRROR = np.array([-1.0, 1.0, 1.0])
PALM = np.array([-1.0, 0.0, 0.0])
"""The simulated left hand hangs with its palm to the body's middle."""


def turned(points: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    turn = Rotation.random(random_state=seed).as_matrix()
    return points @ turn.T, turn


@few
@given(seed=SEEDS, bends=floats(0, 48), straight=integers(0, 3))
def test_bends_are_the_sum_of_the_joints_whichever_way_the_hand_is_turned(seed, bends, straight):
    fingers = [bends] * 4
    fingers[straight] = 1.0
    points, _ = turned(hand_points([10.0, *fingers], 0.0), seed)
    bent = finger_bend_deg(points) - finger_bend_deg(turned(hand_points([10.0, 0, 0, 0, 0], 0.0), seed)[0])
    # The knuckles do not lie on a ray from the wrist, so that a straight finger is bent a little sideways there.
    np.testing.assert_allclose(bent, 3 * np.array(fingers), atol=20)
    assert int(np.argmin(bent)) == straight or bends < 5


@few
@given(seed=SEEDS, spread=floats(0, 12))
def test_spread_is_the_angle_from_index_to_little_finger(seed, spread):
    points, _ = turned(hand_points([10.0, 2, 2, 2, 2], spread), seed)
    assert finger_spread_deg(points) == pytest.approx(3 * spread, abs=0.5)


@few
@given(seed=SEEDS, out=floats(0, 25))
def test_a_thumb_that_is_held_out_is_further_from_the_index(seed, out):
    near, far = (turned(hand_points([10.0, 2, 2, 2, 2], 0.0, by), seed)[0] for by in (out, out + 10))
    assert thumb_apart_deg(far) > thumb_apart_deg(near) + 4


@few
@given(seed=SEEDS, bends=floats(0, 30))
def test_the_palm_is_where_it_is_for_either_hand(seed, bends):
    left = hand_points([10.0, *[bends] * 4], 2.0)
    turned_left, turn = turned(left, seed)
    hands = np.stack([turned_left, (left * MIRROR) @ turn.T])
    left_palm, right_palm = palm_normal(hands)
    assert left_palm @ (turn @ PALM) > 0.97
    assert right_palm @ (turn @ (PALM * MIRROR)) > 0.97


@few
@given(seed=SEEDS, bends=floats(0, 48))
def test_a_fist_is_as_large_as_an_open_hand(seed, bends):
    fist, _ = turned(100 * hand_points([10.0, *[bends] * 4], 1.0), seed)
    assert hand_px(fist) == pytest.approx(100, abs=2)


def test_a_hand_that_was_not_found_has_no_figures():
    nothing = np.full((2, 21, 3), np.nan)
    for function in (finger_bend_deg, finger_spread_deg, thumb_apart_deg, palm_normal, hand_px):
        assert np.isnan(function(nothing)).all()
