"""Where the hands are: at the sides, in front of the lower abdomen, behind the back; on top; forbidden.

Places are given in the body's own frame: outward from the middle of the hips and upward from the hip line, in
centimetres of a person of 1.70 m, so that tall and short people are judged alike.
"""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.landmarks.track import ARM_STATES
from posture_check.measures.body import VISIBLE, Body, Floats, scene_error
from posture_check.measures.head import spread
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint
from posture_check.measures.series import Series

ARMS = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_ELBOW, L.RIGHT_ELBOW, L.LEFT_HIP, L.RIGHT_HIP)
REFERENCE_STATURE_M = 1.70
PLACE_ERROR_CM = 2.0

SIDES_MIN_OUT_CM, SIDES_MAX_UP_CM = 14.0, 6.5
"""A hand hanging at the side: its wrist beside the hip (the thigh starts 10 cm from the middle) and not above it."""
FRONT_MAX_OUT_CM, FRONT_MIN_UP_CM, FRONT_MAX_UP_CM, FRONT_MAX_APART_CM = 16.0, -3.0, 18.0, 22.0
"""Hands joined before the lower abdomen: both wrists within the trunk, at most a hand's length and a palm apart."""
BEHIND_MAX_OUT_CM = 15.0
SEEN_HAND_CM = 20.0
"""A hand that is seen is not behind the back: it counts as this far off."""
ON_TOP_ERROR = 0.15
ON_TOP_DOUBT = 0.8
ARM_ERROR = 0.15
"""Half of the band around 0.5 in which the arm classifier does not commit itself (chosen on held-out photos)."""


@measure("cm", needs=ARMS)
def hands_off_sides(body: Body) -> Series:
    """How far the worse wrist is from hanging at the side, in cm; 0 is there."""
    noise = 100 * body.noise_m(L.LEFT_WRIST, L.RIGHT_WRIST)
    return Series(_off_sides(body), noise, np.hypot(PLACE_ERROR_CM, scene_error(body, _off_sides)))


def _off_sides(body: Body) -> Floats:
    worst = np.zeros(len(body))
    for side in ("LEFT", "RIGHT"):
        out, up = wrist_place(body, side)
        worst = np.maximum(worst, np.hypot(beyond(out, SIDES_MIN_OUT_CM, np.inf), beyond(up, -np.inf, SIDES_MAX_UP_CM)))
    return worst


@measure("cm", needs=ARMS, needs_hands=True)
def hands_off_front(body: Body) -> Series:
    """How far the hands are from lying together before the lower abdomen, in cm; 0 is there.

    At least one hand must be seen there; hands of which none is seen count as 20 cm off.
    """
    at = body.track.details.at
    seen = np.nanmax(_hand_scores(body), axis=1) if len(at) else np.zeros(0)
    off = _off_front(body)[at] + SEEN_HAND_CM * (seen < VISIBLE)
    return spread(body, off, 1.0, np.hypot(PLACE_ERROR_CM, scene_error(body, _off_front)))


def _off_front(body: Body) -> Floats:
    worst = beyond(_wrists_apart(body), -np.inf, FRONT_MAX_APART_CM)
    for side in ("LEFT", "RIGHT"):
        out, up = wrist_place(body, side)
        off = np.hypot(beyond(out, -FRONT_MAX_OUT_CM, FRONT_MAX_OUT_CM), beyond(up, FRONT_MIN_UP_CM, FRONT_MAX_UP_CM))
        worst = np.maximum(worst, off)
    return worst


@measure("cm", needs=ARMS, needs_hands=True)
def hands_off_back(body: Body) -> Series:
    """How far the hands are from being held behind the back, in cm; 0 is there. A hand that is seen is not."""
    worst = np.zeros(len(body))
    for side in ("LEFT", "RIGHT"):
        out, _ = wrist_place(body, side)
        worst = np.maximum(worst, beyond(out, -BEHIND_MAX_OUT_CM, BEHIND_MAX_OUT_CM))
    at = body.track.details.at
    wrists = (body.track.visibility[at][:, [L.LEFT_WRIST, L.RIGHT_WRIST]] - VISIBLE) / (1 - VISIBLE)
    shown = np.clip(np.maximum(_hand_scores(body), wrists), 0, 1).max(axis=1, initial=0)
    return spread(body, worst[at] + SEEN_HAND_CM * shown, 1.0, 4.0)


@measure("share", needs=ARMS, needs_hands=True)
def right_hand_on_top(body: Body) -> Series:
    """How sure it is that the right hand lies over the left, 0..1.

    Of two joined hands the lower one is covered: the hand model finds the upper one with a high presence and the lower
    one with a low one or not at all. NaN where the wrists are not together or neither hand is found.
    """
    at = body.track.details.at
    score = _hand_scores(body)
    left, right = score[:, 0], score[:, 1]
    best = np.maximum(left, right)
    known = (best >= VISIBLE) & (_wrists_apart(body)[at] <= FRONT_MAX_APART_CM + 5)
    value = np.where(known, 0.5 + (right - left) / 2, np.nan)
    doubt = np.full(len(body), ON_TOP_ERROR)
    doubt[at] = ON_TOP_ERROR + ON_TOP_DOUBT * (1 - best)
    return spread(body, value, 0.1, doubt)


@measure("share", needs=ARMS, needs_arms=True)
def hands_on_hips(body: Body) -> Series:
    """How sure it is that a hand is set on the hip, 0..1, the more certain arm."""
    return _arm_state(body, "hip")


@measure("share", needs=ARMS, needs_arms=True)
def arms_crossed(body: Body) -> Series:
    """How sure it is that the forearms are crossed before the chest, 0..1."""
    return _arm_state(body, "crossed")


@measure("share", needs=ARMS, needs_arms=True)
def hands_in_pockets(body: Body) -> Series:
    """How sure it is that a hand is in a pocket, 0..1, the more certain arm."""
    return _arm_state(body, "pocket")


def wrist_place(body: Body, side: str) -> tuple[Floats, Floats]:
    """Return a wrist's distance outward from the middle of the hips and up from the hip line, ``(frames,)`` cm each."""
    outward = 1.0 if side == "LEFT" else -1.0
    wrist = body.room[:, L[f"{side}_WRIST"]]
    hips = midpoint(body.room, L.LEFT_HIP, L.RIGHT_HIP)
    scale = 100 * REFERENCE_STATURE_M / body.scene.stature_m
    return np.asarray(scale * outward * (wrist - hips)[:, 0]), np.asarray(scale * (wrist - hips)[:, 1])


def beyond(value: Floats, low: float, high: float) -> Floats:
    """Return how far values lie outside a range, 0 inside."""
    return np.asarray(np.maximum(np.maximum(low - value, value - high), 0.0))


def _wrists_apart(body: Body) -> Floats:
    gap = np.linalg.norm(body.room[:, L.LEFT_WRIST, :2] - body.room[:, L.RIGHT_WRIST, :2], axis=-1)
    return np.asarray(gap * 100 * REFERENCE_STATURE_M / body.scene.stature_m)


def _hand_scores(body: Body) -> Floats:
    """Presence of each hand on the looked-at frames, ``(samples, 2)``; not found or not looked for is 0."""
    return np.asarray(np.nan_to_num(body.track.details.hand_score.astype(float)))


def _arm_state(body: Body, state: str) -> Series:
    share = body.track.details.arms[:, :, ARM_STATES.index(state)].astype(float)
    judged = np.isfinite(share).any(axis=1)
    value = np.where(judged, np.max(np.nan_to_num(share), axis=1, initial=0), np.nan)
    return spread(body, value, 0.05, ARM_ERROR)
