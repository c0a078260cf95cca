"""Arms in gestures: which hand is in use and held still, the elbows under a tray, hands put forward together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.landmarks.reach import hands_reach
from posture_check.measures.angles import at_joint
from posture_check.measures.body import Body, Floats
from posture_check.measures.gestures.hand import MIN_HAND_PX, hand_px
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

Bools = NDArray[np.bool_]

WRISTS = (L.LEFT_WRIST, L.RIGHT_WRIST)
ELBOWS = (L.LEFT_ELBOW, L.RIGHT_ELBOW)
SHOULDERS = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
ARMS = (*SHOULDERS, *ELBOWS, *WRISTS, L.LEFT_HIP, L.RIGHT_HIP)
HELD_M_PER_S = 0.4
"""A hand slower than this is held: on its way to a gesture and back it goes at 0.5-1.5 m/s (33 rendered clips)."""
SPEED_S = 0.2
"""Time over which a speed is taken: frame by frame, jitter would pass for motion."""
HAND_SCORE = 0.5
LOWEST, HELD_OUT = 0.05, 0.36
"""Height of a wrist over the hips and its distance beyond the trunk, in trunk lengths, of an arm held out low."""
FRONT_FROM = 0.2
"""Height of a wrist over the hips, in trunk lengths, from which a hand before the trunk holds something rather than
lies in the lap or before the abdomen."""
REACH_M = 0.3
"""How far before the trunk a hand is that is put forward: half an arm and a hand's breadth more or less."""
CHEST_UNDER_SHOULDERS = 0.085
"""Height of the shoulders over the middle of the breast, share of stature (Drillis and Contini 1966: 0.818 and 0.72
to 0.74)."""
SIDE_ON = 0.9
"""Sine of the yaw from which the near arm alone is told from."""
FOREARM = 0.146
"""Length of the forearm, share of stature (Drillis and Contini 1966)."""
ELBOW_ERROR_DEG = 8.0
"""Of the landmarks; from two rendered people with trays, and to be widened when there are more."""
TRAY_YAW_ERROR_DEG = 6.0
"""Arms put forward draw the landmark model's shoulder line: it turns too little by some degrees more."""
WORLD_ELBOW_ERROR_DEG = 25.0
APART_ERROR_CM = 5.0
HEIGHT_ERROR_CM = 3.0
"""Seven rendered people: within 4.3, half of them within 1.5."""
EAR_ERROR_CM = 4.0


def wrist_speed(body: Body) -> Floats:
    """Return how fast each wrist goes in the picture, ``(frames, 2)`` m/s, left first, over :data:`SPEED_S`."""
    time = body.track.time_s
    if len(time) < 2:
        return np.zeros((len(time), 2))
    low = np.searchsorted(time, time - SPEED_S / 2 - 1e-6)
    high = np.maximum(np.searchsorted(time, time + SPEED_S / 2 + 1e-6) - 1, np.minimum(low + 1, len(time) - 1))
    low = np.minimum(low, high - 1)
    wrists = body.xy[:, WRISTS].astype(float)
    way = np.linalg.norm(wrists[high] - wrists[low], axis=-1) * body.m_per_px[:, None]
    return np.asarray(way / (time[high] - time[low])[:, None])


def in_use(body: Body) -> Bools:
    """Return whether each hand is raised, stretched or held out, ``(frames, 2)``, person's left first."""
    xy, length = body.xy.astype(float), body.trunk_px[:, None]
    trunk = xy[:, (*SHOULDERS, L.LEFT_HIP, L.RIGHT_HIP)]
    across, up = xy[:, WRISTS, 0], trunk[:, 2:, 1].mean(axis=1)[:, None] - xy[:, WRISTS, 1]
    low, high = trunk[..., 0].min(axis=1)[:, None], trunk[..., 0].max(axis=1)[:, None]
    with np.errstate(invalid="ignore"):
        held_out = (np.maximum(low - across, across - high) > HELD_OUT * length) & (up > LOWEST * length)
        return np.asarray(hands_reach(body.track.image) | held_out)


def held(body: Body) -> Bools:
    """Return whether each hand is in use and held still, ``(frames, 2)``."""
    with np.errstate(invalid="ignore"):
        return np.asarray(in_use(body) & (wrist_speed(body) <= HELD_M_PER_S))


def put_forward(body: Body) -> Bools:
    """Return whether each hand is held still above the belt, ``(frames, 2)``, as where something is handed over."""
    hips = body.middle(L.LEFT_HIP, L.RIGHT_HIP)[:, 1:]
    with np.errstate(invalid="ignore"):
        high = hips - body.xy[:, WRISTS, 1] >= FRONT_FROM * body.trunk_px[:, None]
        return np.asarray(high & (wrist_speed(body) <= HELD_M_PER_S))


def judged_hands(body: Body) -> Bools:
    """Return which hands of the looked-at frames show their fingers, ``(samples, 2)``.

    Held up or out, found by the hand model, and large enough.
    """
    details = body.track.details
    with np.errstate(invalid="ignore"):
        large = hand_px(details.hands.astype(float)) >= MIN_HAND_PX
        return np.asarray(held(body)[details.at] & large & (details.hand_score >= HAND_SCORE))


def forearm_pitch_deg(body: Body) -> Floats:
    """Return how far each forearm points above the level in the picture, ``(frames, 2)`` degrees, downward negative."""
    forearm = body.room[:, WRISTS] - body.room[:, ELBOWS]
    return np.asarray(np.degrees(np.arctan2(forearm[..., 1], np.abs(forearm[..., 0]))))


@measure("deg", near=("SHOULDER", "ELBOW", "WRIST"), min_turn_deg=28.0)
def tray_elbow(body: Body) -> Series:
    """Angle of the elbows of both arms together under a tray, degrees, 180 straight; from the side or at an angle.

    The middle of the left and the right arm moves in the plane between them, whatever the arms do sideways: seen
    turned by a known yaw, that plane is foreshortened by a known amount. Side-on, where the far arm is hidden, the near
    arm alone is taken.
    """
    yaw = np.abs(body.steady_yaw_deg)
    turned = (_middle_elbow_deg(body, yaw + TRAY_YAW_ERROR_DEG) - _middle_elbow_deg(body, yaw - TRAY_YAW_ERROR_DEG)) / 2
    noise = np.sqrt(2) * body.noise_deg(FOREARM * body.scene.stature_m, *ELBOWS, *WRISTS)
    return Series(_middle_elbow_deg(body, yaw), noise, np.hypot(ELBOW_ERROR_DEG, turned))


def _middle_elbow_deg(body: Body, yaw_deg: Floats) -> Floats:
    """Return the elbow's angle of the middle of both arms if the person is turned by so much, ``(frames,)``."""
    seen = np.sin(np.radians(yaw_deg))
    side_on = (seen > SIDE_ON)[:, None]
    arm = [
        np.where(side_on, body.room[:, body.near(name), :2], body.room[:, pair, :2].mean(axis=1))
        for name, pair in (("SHOULDER", SHOULDERS), ("ELBOW", ELBOWS), ("WRIST", WRISTS))
    ]
    scale = np.stack([1 / np.where(seen > 0.3, seen, np.nan), np.ones(len(body))], axis=-1)
    return at_joint(*(point * scale for point in arm))


@measure("deg", needs=ARMS)
def elbow_angle(body: Body) -> Series:
    """Angle of the elbow of the hand in use, degrees, 180 straight; of two hands the straighter.

    From the landmark model's own depth, which is poor: reported, not judged.
    """
    world = body.track.world.astype(float)
    upper, fore = world[:, SHOULDERS] - world[:, ELBOWS], world[:, WRISTS] - world[:, ELBOWS]
    cosine = (upper * fore).sum(-1) / np.maximum(np.linalg.norm(upper, axis=-1) * np.linalg.norm(fore, axis=-1), 1e-6)
    angle = np.where(held(body), np.degrees(np.arccos(np.clip(cosine, -1, 1))), np.nan)
    return Series(np.fmax.reduce(angle, axis=1), 2.0, WORLD_ELBOW_ERROR_DEG)


@measure("cm", needs=ARMS)
def hands_apart(body: Body) -> Series:
    """Distance between the wrists in the picture while a hand is put forward, cm; from the front."""
    wrists = body.room[:, WRISTS, :2]
    gap = 100 * np.linalg.norm(wrists[:, 0] - wrists[:, 1], axis=-1)
    used = put_forward(body).any(axis=1)
    return Series(np.where(used, gap, np.nan), 100 * body.noise_m(*WRISTS), APART_ERROR_CM)


@measure("cm", needs=ARMS)
def handing_height(body: Body) -> Series:
    """Height of the hands put forward over the middle of the chest, cm, the lower hand in use; lower is negative."""
    camera, depth = body.scene.camera, body.depth_m
    wrists = camera.at_depth(body.xy[:, WRISTS].astype(float), (depth - REACH_M)[:, None])[..., 1]
    chest = body.room[:, SHOULDERS, 1].mean(axis=1) - CHEST_UNDER_SHOULDERS * body.scene.stature_m
    height = np.where(put_forward(body), 100 * (wrists - chest[:, None]), np.inf).min(axis=1)
    return Series(np.where(np.isfinite(height), height, np.nan), 100 * body.noise_m(*WRISTS), HEIGHT_ERROR_CM)


@measure("cm", needs=(*ARMS, L.LEFT_EAR, L.RIGHT_EAR))
def raised_hand_height(body: Body) -> Series:
    """Height of the higher hand's knuckles over the ears, cm, lower is negative."""
    ears = body.room[:, (L.LEFT_EAR, L.RIGHT_EAR), 1].mean(axis=1)
    knuckles = body.room[:, (L.LEFT_INDEX, L.RIGHT_INDEX), 1].max(axis=1)
    used = in_use(body).any(axis=1)
    height = np.where(used, 100 * (knuckles - ears), np.nan)
    return Series(height, 100 * body.noise_m(L.LEFT_INDEX, L.RIGHT_INDEX), EAR_ERROR_CM)


@measure("share", needs=ARMS)
def right_hand_raised(body: Body) -> Series:
    """Whether the higher hand is the right one, 0 or 1; NaN where neither is raised."""
    wrists = body.room[:, WRISTS, 1]
    right = (wrists[:, 1] > wrists[:, 0]).astype(float)
    return Series(np.where(in_use(body).any(axis=1), right, np.nan), 0.0, 0.1)
