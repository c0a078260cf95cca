"""Gestures within what a person does: pointing, inviting, handing over, carrying a tray, waving, bowing.

Frame by frame it is told where the hands are and where the arms point; the kind that prevails over a moment counts, and
it must last and, but for waving, be held still. A bow is told from the trunk.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures.angles import from_vertical
from posture_check.measures.body import Body
from posture_check.measures.gestures.arm import FRONT_FROM, HAND_SCORE, LOWEST, held, in_use, put_forward
from posture_check.measures.gestures.face_touch import hand_distance_cm
from posture_check.measures.gestures.fingers import ALONE_DEG, alone_deg
from posture_check.measures.gestures.hand import MIN_HAND_PX, finger_bend_deg, hand_px
from posture_check.measures.gestures.motion import fore_lean_deg
from posture_check.postures.stretch import Stretch

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

KINDS = ("none", "pointing", "inviting", "handing_over", "tray", "waving")
IN = ("standing", "sitting", "walking", "other")
"""Stretches in which gestures are looked for, a bow in standing only; ``other`` because a counter hides the legs."""
UPRIGHT_WITHIN_DEG = 35.0
"""Slope of the trunk in the picture beyond which the hands do something else: crouching, lying, lifting."""

HIGH = 0.95
"""Height of a wrist over the hips in trunk lengths from which the hand is raised to the head: at the shoulders."""
FOREARM_UP_DEG = 15.0
"""An arm raised sideways to the shoulder is no wave: in one the forearm points up (rendered: 27 and more)."""
DOWNWARD_DEG = -38.0
"""Slope of a forearm that points down: hands on the hips are steeper (rendered people: -43 and more), arms that carry
are not (-28 and less)."""
LOW_ARM_DEG = 43.0
"""Rise of an arm from hanging down, below which it points to a seat rather than the way (rendered: 35 for 38 degrees
in truth, and 48 to 63 for 49 to 60). An arm's length from a seat its edge lies 36 degrees from straight down."""
LEAST_RISE_DEG = 30.0
"""Rise of an arm below which it shows nobody anything: forearms on a chair's armrests show 23 to 28."""
CROSSED_M = -0.17
"""Wrists this far across the body's middle side belong to crossed arms (rendered: -0.20 and more; carrying -0.08)."""
FORWARD_BOTH_M, FORWARD_M = 0.12, 0.3
"""How far the landmark model has wrists before the shoulders when hands are put forward; it sees half of the truth."""
ON_CHEST = 0.27
"""Distance of a wrist inward of its elbow, in trunk lengths, of a hand laid on the chest, seen from the front: a
forearm is half a trunk long and looks shortened where it points forward; the more one is turned the less."""
FOREARM = 0.5
FIST_DEG = 100.0
"""Mean bend of the fingers from which a hand is closed about something and shows nobody anything."""
SIDEWAYS, SIDEWAYS_M = 0.3, 0.12
"""Distance of a wrist beyond its shoulder of an arm that points to the side: in the picture, in trunk lengths, or,
where that points at the camera, in metres of the landmark model (rendered: 0.09 to 0.33, handing over 0.01)."""
FRONT_FROM_TURNED = 0.28
"""From the side hands in the lap of a sitter look forward, too: more height is asked there than :data:`FRONT_FROM`."""
TURNED_DEG = 45.0
"""Turned further, the picture does not show what is sideways; the landmark model's depth tells it."""
BEHIND_DEG = 110.0
"""Of a person seen from behind the hands are hidden by the trunk, whatever the landmark model says of them."""
TRAY_APART_M, TRAY_S = 0.27, 1.5
"""A tray is wider than what is handed over, and carried for longer."""
AT_FACE_CM = 6.0
"""A raised hand nearer the head than this touches it and greets nobody."""
MOMENT_S = 0.4
"""The kind that prevails over this time counts."""
LASTING_S = 0.4
HELD_S = {"pointing": 0.25, "inviting": 0.25, "tray": 1.0, "handing_over": 0.6, "waving": 0.0}
"""How long the hand must be still; hands that talk rarely are for longer."""
BRIEF_S = {"standing": 6.0, "sitting": 4.0, "other": 4.0}
"""Hands that stay before the body for longer hand nothing over."""
SAME_TIME_S = 1e-6
"""Times this near one another are the same: sums of them round differently early and late in a recording."""
BOW_DEG, UPRIGHT_DEG, BOW_MOST_DEG = 8.0, 4.0, 85.0
"""A bow goes beyond the first, back to within the second, and not beyond the third: that is picking something up."""
BOW_LEAST_S, BOW_MOST_S = 0.4, 6.0


def gestures(body: Body, stretches: list[Stretch]) -> list[Stretch]:
    """Return the gestures of a person, from when to when, within the given stretches.

    Parameters
    ----------
    body
        Person in a scene.
    stretches
        What the person does; gestures are looked for while standing, sitting and walking.
    """
    found = [event for s in stretches if s.posture in IN for event in _of_the_hands(body, s)]
    return sorted([*found, *_bows(body, stretches)], key=lambda s: (s.start, s.stop))


def _of_the_hands(body: Body, within: Stretch) -> list[Stretch]:
    part = body.slice(within.start, within.stop)
    time = part.track.time_s
    kinds = _prevailing(_kinds(part), time)
    still = np.asarray((held(part) | put_forward(part)).any(axis=1))
    step = _steps(time)
    events = []
    for start, stop in _runs(kinds):
        kind = KINDS[kinds[start]]
        lasting = step[start:stop].sum()
        quiet = step[start:stop][still[start:stop]].sum()
        alone = len(part) == 1
        if kind == "tray" and (within.posture == "sitting" or lasting < TRAY_S):
            kind = "handing_over"
        if kind == "handing_over" and (alone or not lasting <= BRIEF_S.get(within.posture, 0.0)):
            continue
        if kind == "none" or not (alone or lasting >= LASTING_S) or _no_sign(kind, part.slice(start, stop)):
            continue
        if alone or quiet >= HELD_S[kind]:
            events.append(Stretch(kind, within.start + start, within.start + stop))
    return events


def _kinds(body: Body) -> NDArray[np.intp]:
    """Return what the hands do on each frame, ``(frames,)`` indices into :data:`KINDS`."""
    up, pitch, rise, forward, lateral, out, inward = _arms(body)
    shown = body.seen[:, (L.LEFT_WRIST, L.RIGHT_WRIST)] & (np.abs(body.yaw_deg) < BEHIND_DEG)[:, None]
    used, finger = in_use(body) & shown, _single_finger(body)
    trunk = body.middle(L.LEFT_SHOULDER, L.RIGHT_SHOULDER) - body.middle(L.LEFT_HIP, L.RIGHT_HIP)
    upright = np.asarray(np.abs(from_vertical(trunk[:, 0], -trunk[:, 1])) < UPRIGHT_WITHIN_DEG)
    turned = np.abs(body.steady_yaw_deg)[:, None] > TURNED_DEG
    with np.errstate(invalid="ignore"):
        high = used & (up >= HIGH) & (pitch > FOREARM_UP_DEG)
        front = (up >= np.where(turned, FRONT_FROM_TURNED, FRONT_FROM)) & (up < HIGH) & (pitch > DOWNWARD_DEG)
        both = (
            front.all(1)
            & (shown.all(1) | (turned[:, 0] & shown.any(1)))
            & (lateral.mean(1) > CROSSED_M)
            & (forward.mean(1) > FORWARD_BOTH_M)
        )
        aside = (
            used
            & (up < HIGH)
            & (up > LOWEST)
            & (rise > LEAST_RISE_DEG)
            & np.where(turned, lateral > np.abs(forward), (out > SIDEWAYS) | ((lateral > SIDEWAYS_M) & (len(body) > 1)))
        )
        ahead = used & front & ~aside & (forward > FORWARD_M) & (lateral > CROSSED_M)
        ahead &= len(body) > 1  # a picture does not show whether the hand stays there
        ahead &= turned | (inward < ON_CHEST + FOREARM * np.abs(np.sin(np.radians(body.steady_yaw_deg)))[:, None])
        apart = lateral.sum(1) + _shoulders_m(body)
    level = aside & (rise > LOW_ARM_DEG)
    chosen = [
        both & (apart >= TRAY_APART_M),
        both,
        high.sum(1) == 1,
        (level | (aside & finger) | (ahead & finger)).any(1),
        aside.any(1),
        ahead.any(1),
    ]
    kinds = [KINDS.index(k) for k in ("tray", "handing_over", "waving", "pointing", "inviting", "handing_over")]
    return np.asarray(np.where(upright, np.select(chosen, kinds, 0), 0))


def _arms(body: Body) -> tuple[Floats, ...]:
    """Return of each arm, ``(frames, 2)``, left first, where it is.

    Height of the wrist over the hips (trunk lengths), slope of the forearm (degrees, down negative), rise of the arm
    from hanging (degrees), how far the wrist is before the shoulder and outward of it (metres of the landmark model),
    and in the picture (trunk lengths) outward of the shoulder and inward of the elbow.
    """
    world, xy = body.track.world.astype(float), body.xy.astype(float)
    left = _unit(world[:, L.LEFT_SHOULDER] - world[:, L.RIGHT_SHOULDER])
    # World axes have y down: what is before a person who faces the camera has a negative z.
    before = _unit(np.stack([left[:, 2], np.zeros(len(left)), -left[:, 0]], axis=-1))
    length = np.maximum(body.trunk_px, 1.0)
    hips = body.middle(L.LEFT_HIP, L.RIGHT_HIP)[:, 1]
    facing = np.where(np.cos(np.radians(body.yaw_deg)) >= 0, 1.0, -1.0)
    arms = []
    for side, sign in (("LEFT", 1.0), ("RIGHT", -1.0)):
        shoulder, elbow, wrist = (L[f"{side}_{name}"] for name in ("SHOULDER", "ELBOW", "WRIST"))
        reach, forearm = world[:, wrist] - world[:, shoulder], world[:, wrist] - world[:, elbow]
        pitch = np.degrees(np.arctan2(-forearm[:, 1], np.hypot(forearm[:, 0], forearm[:, 2])))
        out = sign * facing * (xy[:, wrist, 0] - xy[:, shoulder, 0]) / length
        inward = sign * facing * (xy[:, elbow, 0] - xy[:, wrist, 0]) / length
        up = (hips - xy[:, wrist, 1]) / length
        rise = np.degrees(np.arctan2(np.hypot(reach[:, 0], reach[:, 2]), reach[:, 1]))
        arms.append((up, pitch, rise, (reach * before).sum(-1), sign * (reach * left).sum(-1), out, inward))
    return tuple(np.stack(pair, axis=-1) for pair in zip(*arms, strict=True))


def _shoulders_m(body: Body) -> Floats:
    """Return the breadth of the shoulders as the landmark model has it, ``(frames,)`` metres."""
    world = body.track.world.astype(float)
    return np.asarray(np.linalg.norm(world[:, L.LEFT_SHOULDER] - world[:, L.RIGHT_SHOULDER], axis=-1))


def _single_finger(body: Body) -> Bools:
    """Return whether each hand holds out one finger alone, ``(frames, 2)``, as at the look nearest in time."""
    details = body.track.details
    hands, seen = _seen_hands(body)
    with np.errstate(invalid="ignore"):
        shown = seen & (alone_deg(hands) > ALONE_DEG)
    if not len(details.at):
        return np.zeros((len(body), 2), bool)
    middles = (details.at[:-1] + details.at[1:]) / 2
    return np.asarray(shown[np.searchsorted(middles, np.arange(len(body)))])


def _seen_hands(body: Body) -> tuple[Floats, Bools]:
    """Return the hands of the looked-at frames, ``(samples, 2, 21, 3)``, and which show their fingers."""
    details = body.track.details
    hands = details.hands.astype(float)
    with np.errstate(invalid="ignore"):
        return hands, np.asarray((hand_px(hands) >= MIN_HAND_PX) & (details.hand_score >= HAND_SCORE))


def _no_sign(kind: str, part: Body) -> bool:
    """Whether hands that look like a gesture touch the face, or are closed about something."""
    used = in_use(part)
    if kind == "waving":
        near = [np.where(used[:, side], hand_distance_cm(part, side), np.inf) for side in (0, 1)]
        return bool(np.median(np.minimum(*near)) < AT_FACE_CM)
    if kind not in ("pointing", "inviting"):
        return False
    hands, seen = _seen_hands(part)
    seen &= used[part.track.details.at]
    with np.errstate(invalid="ignore"):
        closed = (finger_bend_deg(hands).mean(-1) > FIST_DEG) & ~(alone_deg(hands) > ALONE_DEG)
    return bool(seen.any() and closed[seen].mean() > 0.5)


def _bows(body: Body, stretches: list[Stretch]) -> list[Stretch]:
    """Return the bows: the trunk leans forward and comes back, standing before and after."""
    time = body.track.time_s
    found = []
    for start, stop in _standing(stretches, time):
        lean = fore_lean_deg(body.slice(start, stop))
        if not np.isfinite(lean).any():
            continue
        lean = np.nan_to_num(lean - np.nanpercentile(lean, 20))
        bent = lean > UPRIGHT_DEG
        for a, b in _runs(bent.astype(np.intp)):
            deepest = lean[a:b].max()
            lasting = time[start + b - 1] - time[start + a]
            upright = a > 0 and start + b < stop
            if bent[a] and upright and BOW_DEG < deepest < BOW_MOST_DEG and BOW_LEAST_S <= lasting <= BOW_MOST_S:
                found.append(Stretch("bow", start + a, start + b))
    return found


def _standing(stretches: list[Stretch], time: Floats) -> list[tuple[int, int]]:
    """Return the frames from standing to standing, the short ``other`` between included: a deep bow is no standing."""
    spans: list[tuple[int, int]] = []
    before = ""
    for s in sorted(stretches, key=lambda s: s.start):
        if s.posture == "standing":
            if spans and before == "other" and time[s.start] - time[spans[-1][1] - 1] <= BOW_MOST_S:
                spans[-1] = (spans[-1][0], s.stop)
            else:
                spans.append((s.start, s.stop))
        before = s.posture
    return spans


def _prevailing(kinds: NDArray[np.intp], time: Floats) -> NDArray[np.intp]:
    """Return the kind that has most time around each frame, ``(frames,)``."""
    step = _steps(time)
    shares = np.arange(len(KINDS))[:, None] == kinds
    passed = np.concatenate([np.zeros((len(KINDS), 1)), np.cumsum(shares * step, axis=1)], axis=1)
    low = np.searchsorted(time, time - MOMENT_S / 2 - SAME_TIME_S)
    high = np.searchsorted(time, time + MOMENT_S / 2 + SAME_TIME_S, side="right")
    return np.asarray((passed[:, high] - passed[:, low]).argmax(axis=0))


def _steps(time: Floats) -> Floats:
    """Return the time that each frame stands for, ``(frames,)`` seconds."""
    return np.gradient(time) if len(time) > 1 else np.ones(len(time))


def _runs(values: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return start and stop of each run of one value."""
    cuts = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    return [(a, b) for a, b in itertools.pairwise(cuts) if b > a]


def _unit(vectors: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))
