from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture_check.landmarks.swap import ARMS, LEGS, TRUNK, Swaps, find_swaps, mend_swaps
from posture_check.landmarks.track import Details
from tests.landmarks.bodies import standing, walking


def swap_in_place(image: np.ndarray, frames: slice, group: np.ndarray) -> None:
    image[frames, group] = image[frames, group[:, ::-1]]


def noisy_walk(seed: int, hz: float, rate: float = 30.0) -> tuple[np.ndarray, np.ndarray]:
    time_s = np.arange(int(3 * rate)) / rate
    image = walking(time_s, hz=hz)
    image[..., :2] += np.random.default_rng(seed).normal(0, 1.5, image[..., :2].shape)
    return time_s, image


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 1000),
    hz=st.floats(0.7, 1.2),
    stride=st.sampled_from([0.75, 1.25, 1.75]),
    shift=st.floats(-0.04, 0.04),
    length=st.floats(0.03, 0.2),
    rate=st.sampled_from([24.0, 30.0, 60.0]),
)
def test_swapped_legs_are_put_back(
    seed: int, hz: float, stride: float, shift: float, length: float, rate: float
) -> None:
    """The model exchanges the legs where they are apart, for up to half a step."""
    time_s, true = noisy_walk(seed, hz, rate)
    seen = true.copy()
    start = (stride + shift - length / 2) / hz
    swap_in_place(seen, slice(round(start * rate), round((start + length / hz) * rate)), LEGS)
    world = seen[..., :3] / 200
    found = mend_swaps(time_s, seen, world)
    # Where both legs are at the same place nothing can be told, and nothing is lost.
    assert np.abs(seen[:, LEGS[1, 0], 0] - true[:, LEGS[1, 0], 0]).max() < 40
    np.testing.assert_allclose(world, seen[..., :3] / 200, rtol=1e-5)
    assert not found.arms.any()
    assert not found.trunk.any()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), hz=st.floats(0.5, 1.3), noise=st.floats(0, 4))
def test_nothing_is_swapped_in_a_good_walk(seed: int, hz: float, noise: float) -> None:
    time_s = np.arange(120) / 30
    image = walking(time_s, hz=hz)
    image[..., :2] += np.random.default_rng(seed).normal(0, noise, image[..., :2].shape)
    found = find_swaps(time_s, image)[0]
    apart = np.abs(image[:, LEGS[1, 0], 0] - image[:, LEGS[1, 1], 0])
    assert not (found.legs & (apart > 40)).any()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), noise=st.floats(0, 6))
def test_nothing_is_swapped_in_somebody_standing(seed: int, noise: float) -> None:
    image = np.repeat(standing()[None], 90, axis=0)
    image[..., :2] += np.random.default_rng(seed).normal(0, noise, image[..., :2].shape)
    found = find_swaps(np.arange(90) / 30, image)[0]
    assert not found.legs.any()
    assert not found.arms.any()
    assert not found.trunk.any()


def test_arms_that_really_cross_are_left_alone() -> None:
    time_s = np.arange(90) / 30
    image = np.repeat(standing()[None], 90, axis=0)
    move = 90 * np.clip((time_s - 1) / 0.6, 0, 1)
    for left, right in ARMS[1:]:
        image[:, left, 0] -= move
        image[:, right, 0] += move
        image[:, [left, right], 1] -= (move * 0.8)[:, None]
    assert not find_swaps(time_s, image)[0].arms.any()


def test_a_body_flipped_for_some_frames_is_put_back_whole() -> None:
    time_s = np.arange(60) / 30
    true = np.repeat(standing()[None], 60, axis=0)
    seen = true.copy()
    for group in (LEGS, ARMS, TRUNK):
        swap_in_place(seen, slice(20, 26), group)
    mend_swaps(time_s, seen, seen[..., :3].copy())
    np.testing.assert_array_equal(seen, true)


def test_a_gap_divides() -> None:
    time_s, image = noisy_walk(1, 1.0)
    image[40:60] = np.nan
    found = find_swaps(time_s, image)[0]
    assert not found.legs.any()


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_too_short_to_tell(frames: int) -> None:
    image = np.repeat(standing()[None], frames, axis=0)
    assert len(find_swaps(np.arange(frames) / 30, image)[0].legs) == frames


def test_details_change_sides_with_the_arms() -> None:
    time_s = np.arange(60) / 30
    seen = walking(time_s)
    swap_in_place(seen, slice(20, 26), ARMS)
    found = mend_swaps(time_s, seen, seen[..., :3].copy())
    details = Details.empty(2)
    details.at[:] = [10, 22]
    details.hand_score[:] = [[0.9, 0.1], [0.9, 0.1]]
    details.hands[:, 0], details.hands[:, 1] = 1.0, 2.0
    found.apply_to(details)
    np.testing.assert_allclose(details.hand_score, [[0.9, 0.1], [0.1, 0.9]], rtol=1e-6)
    assert details.hands[1, 0, 0, 0] == 2.0


def test_the_shoulders_outline_follows_the_trunk():
    flags = np.array([False, True])
    details = Details.empty(2)
    details.at[:] = [0, 1]
    details.shoulders[:, 0], details.shoulders[:, 1] = 1.0, 2.0
    Swaps(legs=~flags, arms=~flags, trunk=flags).apply_to(details)
    assert details.shoulders[:, 0, 0].tolist() == [1.0, 2.0]
