"""Left/right swaps of the landmark model: find them and mend them.

From the side the model now and then takes one leg for the other, for a frame or for half a stride: within
one frame the "left" knee, ankle, heel and toes are where the right ones were, and the other way round.
Nothing else gives it away: depth and visibility stay with the label, not with the leg. What is left is
motion: a leg does not jump, and two legs that pass each other go on as they went. For each group of
landmarks (legs, arms, trunk and head) the least jumpy reading of all frames is found by dynamic
programming, with a small charge for every frame that is read as swapped, so that labels are kept where
motion does not decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import LEFT_RIGHT_PAIRS, L
from posture_check.landmarks.smoothing import BRIDGE_S
from posture_check.landmarks.track import Details

Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]

_LEG = ("KNEE", "ANKLE", "HEEL", "FOOT_INDEX")
_ARM = ("ELBOW", "WRIST", "PINKY", "INDEX", "THUMB")


def _pairs(*names: str) -> NDArray[np.intp]:
    return np.array([(L[f"LEFT_{name}"], L[f"RIGHT_{name}"]) for name in names])


LEGS, ARMS = _pairs(*_LEG), _pairs(*_ARM)
TRUNK = np.array([pair for pair in LEFT_RIGHT_PAIRS if pair[0] not in LEGS and pair[0] not in ARMS])
"""Index pairs (left, right) of each group; the trunk has the head with it."""
_JUDGED_BY = {"legs": LEGS, "arms": ARMS, "trunk": _pairs("SHOULDER", "HIP")}

_CHANGE = 0.06
"""Charge for going over from one reading to the other, in body extents of motion."""
_SWAPPED_PER_S = 0.6
"""Charge for each second read as swapped, times how far left and right are apart (1: a fifth of the body)."""
_CAP = 0.3
"""No single landmark counts for more motion than this: a wild point must not decide for its group."""
_BEND = 0.6
"""Weight of bends in the path against steps along it."""
_LEFT_OUT = 0.07
"""Charge for leaving a frame out: between two readings the model often gives a blend that fits neither."""
_QUIET = 0.04
"""Where nothing moves more than this between frames, no two limbs that are apart changed places."""
_LEFT_OUT_S = 0.08
"""Longest time that is left out at a stretch."""


@dataclass(frozen=True, slots=True)
class Swaps:
    """Frames of each group of landmarks that something is the matter with.

    Attributes
    ----------
    legs, arms, trunk
        ``(frames,)`` of truth values.
    """

    legs: Flags
    arms: Flags
    trunk: Flags

    def apply_to(self, details: Details) -> None:
        """Put the hands, arms and shoulders of swapped frames on the side where they belong, in place."""
        arms, trunk = self.arms[details.at], self.trunk[details.at]
        for array in (details.hands, details.hand_score, details.arms):
            array[arms] = array[arms][:, ::-1]
        details.shoulders[trunk] = details.shoulders[trunk][:, ::-1]


def mend_swaps(time_s: Floats, image: Floats, world: Floats) -> Swaps:
    """Find swapped frames and put their landmarks back, in place.

    Frames that fit neither reading are filled in from their neighbours.

    Parameters
    ----------
    time_s
        ``(frames,)`` seconds.
    image
        ``(frames, 33, 4)`` pixels and visibility, NaN where not seen.
    world
        ``(frames, 33, 3)`` metres.
    """
    found, left_out = find_swaps(time_s, image)
    groups = (("legs", LEGS), ("arms", ARMS), ("trunk", TRUNK))
    for name, group in groups:
        frames = np.flatnonzero(getattr(found, name))[:, None, None]
        for array in (image, world):
            array[frames, group] = array[frames, group[:, ::-1]]
            _fill_in(time_s, array, group.ravel(), getattr(left_out, name))
    return found


def find_swaps(time_s: Floats, image: Floats) -> tuple[Swaps, Swaps]:
    """Return the frames whose left and right are exchanged, and those that fit neither reading.

    Parameters
    ----------
    time_s
        ``(frames,)`` seconds.
    image
        ``(frames, 33, 2 or more)`` pixels, NaN where not seen.
    """
    n = len(time_s)
    out = {name: np.zeros(n, bool) for name in _JUDGED_BY}
    lost = {name: np.zeros(n, bool) for name in _JUDGED_BY}
    hips = image[:, [L.LEFT_HIP, L.RIGHT_HIP], :2].mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        height = np.ptp(image[..., 1], axis=1)
    known: Flags = np.asarray(np.isfinite(image[..., :2]).all(axis=(1, 2)))
    for frames in _runs(time_s, known):
        extent = max(float(np.median(height[frames])), 1.0)
        relative = (image[frames][..., :2] - hips[frames]).astype(float) / extent
        for name, group in _JUDGED_BY.items():
            pairs = np.stack([relative[:, group[:, 0]], relative[:, group[:, 1]]], axis=1)
            swapped, left_out = _least_jumpy(time_s[frames], pairs)
            out[name][frames], lost[name][frames] = swapped, left_out
    return Swaps(**out), Swaps(**lost)


def _fill_in(time_s: Floats, array: Floats, landmarks: NDArray[np.intp], left_out: Flags) -> None:
    """Interpolate, in place, landmarks over frames that were left out; these never lie at an end of a run."""
    holes = np.flatnonzero(left_out)
    kept = np.flatnonzero(~left_out & np.isfinite(array[:, 0, 0]))
    if not len(holes):
        return
    after = np.searchsorted(kept, holes)
    first, last = kept[after - 1], kept[after]
    share = ((time_s[holes] - time_s[first]) / (time_s[last] - time_s[first]))[:, None, None]
    around = array[first][:, landmarks], array[last][:, landmarks]
    array[holes[:, None], landmarks] = (1 - share) * around[0] + share * around[1]


def _runs(time_s: Floats, known: Flags) -> list[NDArray[np.intp]]:
    """Return the indices of the frames of each stretch without a long gap."""
    seen = np.flatnonzero(known)
    if len(seen) < 3:
        return []
    gap = max(BRIDGE_S, 2.5 * float(np.median(np.diff(time_s[seen]))))
    return [run for run in np.split(seen, np.flatnonzero(np.diff(time_s[seen]) > gap) + 1) if len(run) >= 3]


def _least_jumpy(time_s: Floats, pairs: Floats) -> tuple[Flags, Flags]:
    """Return for each frame whether the least jumpy reading has it swapped, and whether it is left out.

    Dynamic programming over the frames that are kept. A state is: how many frames back the frame before was
    kept, how that one was read, and how this one is read.

    Parameters
    ----------
    time_s
        ``(frames,)`` seconds.
    pairs
        ``(frames, 2, joints, 2)``: left and right, in body extents.
    """
    n = len(time_s)
    if _size(np.diff(pairs, axis=0)).max() < _QUIET:
        return np.zeros(n, bool), np.zeros(n, bool)
    both = np.stack([pairs, pairs[:, ::-1]], axis=1)  # frame, reading, side, joint, axis
    reach = _reach(time_s)
    step = [_step_cost(both, back) for back in range(1, reach + 1)]
    bend = [_bend_cost(time_s, both, reach, back) for back in range(1, reach + 1)]
    apart = np.linalg.norm(pairs[:, 0] - pairs[:, 1], axis=2).mean(axis=1)
    lasts_s = np.minimum(np.gradient(time_s), BRIDGE_S)
    charge = np.stack([np.zeros(n), _SWAPPED_PER_S * lasts_s * np.minimum(apart / 0.2, 1.0)], axis=1)

    best = np.full((n, reach, 2, 2), np.inf)
    # Of the best way: how far back the one before the frame before was (from 0) and its reading: 2 * back + reading.
    came = np.zeros((n, reach, 2, 2), np.int8)
    for t in range(1, n):
        for h in range(1, min(reach, t) + 1):
            before = t - h
            move = step[h - 1][before] + _LEFT_OUT * (h - 1) + charge[t]
            if before == 0:  # every way starts at the first frame
                best[t, h - 1] = charge[0][:, None] + move
                continue
            # Over how far back the one before that was and its reading, for each reading of the one before and this.
            ways = (best[before][..., None] + bend[h - 1][before]).reshape(2 * reach, 2, 2)
            came[t, h - 1] = ways.argmin(axis=0)
            best[t, h - 1] = ways.min(axis=0) + move
    return _way_back(best, came)


def _way_back(best: Floats, came: NDArray[np.int8]) -> tuple[Flags, Flags]:
    n = len(best)
    swapped, left_out = np.zeros(n, bool), np.ones(n, bool)
    h, b, c = (int(i) for i in np.unravel_index(int(best[-1].argmin()), best[-1].shape))
    t, back = n - 1, h + 1
    while True:
        swapped[t], left_out[t] = bool(c), False
        if t - back <= 0:
            swapped[0], left_out[0] = bool(b), False
            return swapped, left_out
        further, a = divmod(int(came[t, back - 1, b, c]), 2)
        t, back, b, c = t - back, further + 1, a, b


def _reach(time_s: Floats) -> int:
    """Return how many frames back the frame before may lie: what is left out must be easy to fill in."""
    step = float(np.median(np.diff(time_s)))
    return int(np.clip(_LEFT_OUT_S / step + 1.01, 1, 3))


def _step_cost(both: Floats, back: int) -> Floats:
    """Return ``(frames - back, 2, 2)``: the motion from a frame's reading to that ``back`` frames later."""
    change = _CHANGE * (1 - np.eye(2))
    return _size(both[back:, None, :] - both[:-back, :, None]) + change


def _bend_cost(time_s: Floats, both: Floats, reach: int, second: int) -> Floats:
    """Return ``(frames, reach, 2, 2, 2)``: the bend at a frame, by how far back the kept one before lies.

    The next kept frame lies ``second`` frames on. Infinite where one of the three does not exist.
    """
    out = np.full((len(both), reach, 2, 2, 2), np.inf)
    for first in range(1, reach + 1):
        middle = np.arange(first, len(both) - second)
        start, end = both[middle - first], both[middle + second]
        before_s, after_s = time_s[middle] - time_s[middle - first], time_s[middle + second] - time_s[middle]
        ratio = (after_s / before_s)[:, None, None, None]
        for a, b in np.ndindex(2, 2):
            expected = both[middle, b] + ratio * (both[middle, b] - start[:, a])
            out[middle, first - 1, a, b] = _BEND * _size(end - expected[:, None])
    return out


def _size(motion: Floats) -> Floats:
    """Return how much ``(..., side, joint, axis)`` moves: the mean over sides and joints, each capped."""
    return np.asarray(np.minimum(np.linalg.norm(motion, axis=-1), _CAP).mean(axis=(-2, -1)))
