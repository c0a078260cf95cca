"""The hands as the hand model sees them: size, bend and spread of the fingers, and where the palm faces.

Arrays are ``(..., 21, 3)`` pixels with z relative to the wrist, x to the right, y down, smaller z nearer the camera
(:class:`posture_check.landmarks.track.Details`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import H

Floats = NDArray[np.floating[Any]]

MIN_HAND_PX = 40.0
"""The standard's reader asks for hands of 40 px before fingers are judged."""

FINGERS = np.array(
    [
        (H.WRIST, H.INDEX_MCP, H.INDEX_PIP, H.INDEX_DIP, H.INDEX_TIP),
        (H.WRIST, H.MIDDLE_MCP, H.MIDDLE_PIP, H.MIDDLE_DIP, H.MIDDLE_TIP),
        (H.WRIST, H.RING_MCP, H.RING_PIP, H.RING_DIP, H.RING_TIP),
        (H.WRIST, H.PINKY_MCP, H.PINKY_PIP, H.PINKY_DIP, H.PINKY_TIP),
    ]
)
"""Landmarks along each finger but the thumb, from the wrist to the tip."""


def hand_px(hands: Floats) -> Floats:
    """Return the length of hands in pixels, ``(...)``: the bones from the wrist to the tip of the middle finger.

    The sum of the bones is the same for a fist and an open hand.
    """
    bones = np.diff(hands[..., FINGERS[1], :], axis=-2)
    return np.asarray(np.linalg.norm(bones, axis=-1).sum(-1))


def finger_bend_deg(hands: Floats) -> Floats:
    """Return how far each finger is bent, ``(..., 4)`` degrees from index to little finger, 0 straight.

    The sum of the bends at the knuckle and at both joints of the finger.
    """
    bones = np.diff(hands[..., FINGERS, :], axis=-2)
    return np.asarray(_between(bones[..., :-1, :], bones[..., 1:, :]).sum(-1))


def finger_spread_deg(hands: Floats) -> Floats:
    """Return the angle between index and little finger, knuckle to tip, ``(...)`` degrees; 0 side by side."""
    fingers = hands[..., (H.INDEX_TIP, H.PINKY_TIP), :] - hands[..., (H.INDEX_MCP, H.PINKY_MCP), :]
    return _between(fingers[..., 0, :], fingers[..., 1, :])


def thumb_apart_deg(hands: Floats) -> Floats:
    """Return the angle between the thumb (knuckle to tip) and the index finger (knuckle to middle), ``(...)``."""
    thumb = hands[..., H.THUMB_TIP, :] - hands[..., H.THUMB_MCP, :]
    index = hands[..., H.INDEX_PIP, :] - hands[..., H.INDEX_MCP, :]
    return _between(thumb, index)


def palm_normal(hands: Floats) -> Floats:
    """Return the unit vectors out of the palms, ``(..., 2, 3)`` in picture axes (x right, y down, z away).

    Parameters
    ----------
    hands
        ``(..., 2, 21, 3)``, person's left hand first: the two hands are mirror images.
    """
    to_index = hands[..., H.INDEX_MCP, :] - hands[..., H.WRIST, :]
    to_pinky = hands[..., H.PINKY_MCP, :] - hands[..., H.WRIST, :]
    return _unit(np.cross(to_index, to_pinky) * np.array([[-1.0], [1.0]]))


def _between(a: Floats, b: Floats) -> Floats:
    """Return the angle between vectors ``(..., 3)`` in degrees."""
    return np.asarray(np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b), axis=-1), (a * b).sum(-1))))


def _unit(vectors: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))
