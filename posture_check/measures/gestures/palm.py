"""Where the palm of the hand in use faces: up or down, and towards the person opposite.

The hand model's depth is weak. It is stretched by a gain, and turned over where the fingers and the thumb would bend
backwards: of an edge-on hand the model cannot tell a left one's back from a right one's palm, but the body says which
hand it is.
"""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import H
from posture_check.measures.body import Body, Floats
from posture_check.measures.gestures.arm import judged_hands
from posture_check.measures.gestures.fingers import TRUNK, open_hand
from posture_check.measures.gestures.hand import FINGERS, hand_px, palm_normal
from posture_check.measures.head import spread
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

DEPTH_GAIN = 2.0
"""Depths of the hand model are this much too flat (fewest degrees between palm and truth over 700 looks at seven
rendered people; 1.5 to 2.5 do about as well)."""
BACKWARD = -0.2
"""A hand bends backwards below this (see :func:`_palmar`): right way round 95 % are above -0.07, wrong way round 75 %
below -0.29."""
PALM_ERROR_DEG = 14.0
LOOK_NOISE_DEG = 8.0


@measure("deg", needs=TRUNK, needs_hands=True, min_hand_px=40.0)
def palm_up(body: Body) -> Series:
    """How far the palm of an open hand in use faces upward, degrees: 90 up, 0 sideways, -90 down; the lower one."""
    up = np.degrees(np.arcsin(np.clip(palm_directions(body)[..., 1], -1, 1)))
    return _of_open_hands(body, up, np.fmin)


@measure("deg", needs=TRUNK, needs_hands=True, min_hand_px=40.0)
def palm_off_forward(body: Body) -> Series:
    """Angle between the palm of an open hand in use and the way the person faces, degrees; the smaller one."""
    palms = palm_directions(body)
    yaw = np.radians(body.steady_yaw_deg[body.track.details.at])
    # Facing the camera is -z; towards the person's left (the picture's right) the camera stands for positive yaw.
    facing = np.stack([-np.sin(yaw), np.zeros_like(yaw), -np.cos(yaw)], axis=-1)[:, None]
    off = np.degrees(np.arccos(np.clip((palms * facing).sum(-1), -1, 1)))
    return _of_open_hands(body, off, np.fmin)


def palm_directions(body: Body) -> Floats:
    """Return unit vectors out of the palms in the level room, ``(samples, 2, 3)``: x right, y up, z away."""
    hands = body.track.details.hands.astype(float) * [1, 1, DEPTH_GAIN]
    normal = palm_normal(hands)
    with np.errstate(invalid="ignore"):
        backward = (_palmar(hands, normal) < BACKWARD) & np.isfinite(open_hand(hands))
    normal = np.where(backward[..., None], normal * [-1, -1, 1], normal)
    # A crop is seen as if head-on, along the sight line through its middle.
    camera = body.scene.camera
    away = camera.rays(np.nan_to_num(hands[..., :2].mean(axis=-2)))
    down = camera.rotation()[1]  # the picture's downward direction in the room
    right = np.cross(away, down)  # the room is left-handed
    right /= np.linalg.norm(right, axis=-1, keepdims=True)
    down = np.cross(right, away)
    return np.asarray(normal[..., :1] * right + normal[..., 1:2] * down + normal[..., 2:] * away)


def _palmar(hands: Floats, normal: Floats) -> Floats:
    """Return how much fingers and thumb lie on the palm's side, ``(...)``, negative where they bend backwards."""
    fingers = hands[..., FINGERS, :]
    first, last = fingers[..., 2, :] - fingers[..., 1, :], fingers[..., 4, :] - fingers[..., 3, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        turned = last / np.linalg.norm(last, axis=-1, keepdims=True) - first / np.linalg.norm(
            first, axis=-1, keepdims=True
        )
    bend = (turned * normal[..., None, :]).sum(-1).mean(-1)
    thumb = ((hands[..., H.THUMB_TIP, :] - hands[..., H.INDEX_MCP, :]) * normal).sum(-1) / hand_px(hands)
    return np.asarray(bend + 2 * thumb)


def _of_open_hands(body: Body, angle: Floats, pick: np.ufunc) -> Series:
    hands = body.track.details.hands.astype(float)
    values = np.where(judged_hands(body), angle * open_hand(hands), np.nan)
    return spread(body, pick.reduce(values, axis=1), LOOK_NOISE_DEG, PALM_ERROR_DEG)
