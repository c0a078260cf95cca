"""What the fingers of the hand in use do: together, spread, bent, one alone, the thumb.

Angles of the hand model on 880 looks at rendered hands of seven people, against the skeleton: bends are 3 degrees too
large in the median (95 % within -8 and +15), the spread of fingers that lie together reads 8 (3-12) and of fingers
spread by 28 degrees 23 (21-27). Both are taken out of what is judged: a flat hand's knuckles are not on the rays from
the wrist, which reads as a bend, and two directions that each err are never seen at no angle.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures.body import Body, Floats
from posture_check.measures.gestures.arm import judged_hands
from posture_check.measures.gestures.hand import finger_bend_deg, finger_spread_deg, thumb_apart_deg
from posture_check.measures.head import spread
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

TRUNK = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP)
OPEN_BEND_DEG = 60.0
"""Fingers bent by more than this on average are no open hand: relaxed ones are bent by 33, a fist's by 140."""
ALONE_DEG = 60.0
"""A finger that is straighter than all others by more than this is held out alone (see ``single_finger``)."""
LOW_CHEST = 0.8
"""A hand lower than this over the hips, in trunk lengths, is below the chest."""
FLAT_BEND_DEG = 18.0
"""What flat hands read: 14 to 25 on 13 rendered clips of six bodies, 10 to 28 by their skeletons."""
BEND_ERROR_DEG = 8.0
SPREAD_FLOOR_DEG, SPREAD_GAIN = 8.0, 1.2
"""Read spread = root of the sum of squares of the floor and of the true spread over the gain (13 rendered clips)."""
SPREAD_ERROR_DEG = 4.0
THUMB_ERROR_DEG = 10.0
"""The thumb's direction is the least sure: 16th to 84th percentile -18 to +4."""
LOOK_NOISE_DEG = 4.0


@measure("deg", needs=TRUNK, needs_hands=True, min_hand_px=40.0)
def single_finger(body: Body) -> Series:
    """How much straighter one finger is than all others of a hand in use, degrees; the larger of both hands.

    An open hand and a fist show less than 30, one finger held out alone more than 120.
    """
    return _worst(body, alone_deg, np.fmax.reduce, BEND_ERROR_DEG)


@measure("deg", needs=TRUNK, needs_hands=True, min_hand_px=40.0)
def single_finger_low(body: Body) -> Series:
    """As ``single_finger``, of a hand held below the chest, as towards a text."""
    low = (_trunk_height(body) < LOW_CHEST)[body.track.details.at]
    return _worst(body, lambda hands: np.where(low, alone_deg(hands), np.nan), np.fmax.reduce, BEND_ERROR_DEG)


@measure("deg", needs=TRUNK, needs_hands=True, min_hand_px=40.0)
def fingers_bent(body: Body) -> Series:
    """How far the four fingers of a hand in use are bent on average, degrees, 0 flat; the larger of both hands."""
    return _worst(body, lambda hands: _mean_bend_deg(hands) - FLAT_BEND_DEG, np.fmax.reduce, BEND_ERROR_DEG)


@measure("deg", needs=TRUNK, needs_hands=True, min_hand_px=40.0)
def finger_spread(body: Body) -> Series:
    """Angle between index and little finger of an open hand in use, degrees; the larger of both hands."""
    return _worst(body, _open(_true_spread_deg), np.fmax.reduce, SPREAD_ERROR_DEG)


@measure("deg", needs=TRUNK, needs_hands=True, min_hand_px=40.0)
def thumb_apart(body: Body) -> Series:
    """Angle between thumb and index finger of an open hand in use, degrees; the smaller of both hands."""
    return _worst(body, _open(thumb_apart_deg), np.fmin.reduce, THUMB_ERROR_DEG)


def _true_spread_deg(hands: Floats) -> Floats:
    return np.asarray(SPREAD_GAIN * np.sqrt(np.maximum(finger_spread_deg(hands) ** 2 - SPREAD_FLOOR_DEG**2, 0.0)))


def open_hand(hands: Floats) -> Floats:
    """Return 1 where a hand is open, else NaN, ``(...)``: to be multiplied with what means something there only."""
    with np.errstate(invalid="ignore"):
        return np.where(_mean_bend_deg(hands) <= OPEN_BEND_DEG, 1.0, np.nan)


def _open(function: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
    return lambda hands: function(hands) * open_hand(hands)


def _mean_bend_deg(hands: Floats) -> Floats:
    return np.asarray(finger_bend_deg(hands).mean(axis=-1))


def alone_deg(hands: Floats) -> Floats:
    """Return how much straighter the straightest finger is than the second straightest, ``(...)`` degrees."""
    straight = np.sort(finger_bend_deg(hands), axis=-1)
    return np.asarray(straight[..., 1] - straight[..., 0])


def _trunk_height(body: Body) -> Floats:
    """Return the height of both wrists over the hips in trunk lengths, ``(frames, 2)``."""
    hips = body.middle(L.LEFT_HIP, L.RIGHT_HIP)[:, 1]
    wrists = body.xy[:, (L.LEFT_WRIST, L.RIGHT_WRIST), 1]
    return np.asarray((hips[:, None] - wrists) / np.maximum(body.trunk_px, 1.0)[:, None])


def _worst(body: Body, function: Callable[[Floats], Floats], pick: Callable[..., Floats], systematic: float) -> Series:
    """Return a quantity of the judged hands as a series, that of the hand which ``pick`` chooses."""
    values = np.where(judged_hands(body), function(body.track.details.hands.astype(float)), np.nan)
    return spread(body, pick(values, axis=1), LOOK_NOISE_DEG, systematic)
