"""What an arm does, from the geometry of its landmarks: set on the hip, crossed before the chest, or something else.

All lengths are in trunk lengths (shoulder middle to hip middle) in the body's own axes: outward from the middle line of
the trunk to the arm's own side, and up from the hips. Left and right arms share every figure.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]

HIP_ELBOW_FLARE = (0.26, 0.03)
"""How far the elbow stands out from its shoulder when a hand is on the hip: limit and softness. A hand on the hip bone
needs the elbow about a forearm's reach outside it; hanging arms, held bags and pockets stay below."""
HIP_WRIST_OUT = (0.22, 0.60, 0.03)
HIP_WRIST_UP = (0.22, 0.60, 0.03)
"""The hip bone's crest lies a quarter to a half of the trunk above the hip joints, at the trunk's edge."""
HIP_ELBOW_ANGLE = (45.0, 121.0, 4.0)
CROSSED_WRISTS_OUT = (-0.08, 0.03)
"""The wrists have passed each other: their outward distances add up to less than nothing, in any view."""
JOINED_APART = (0.43, 0.025)
"""Wrists nearer to each other than this hold or cover each other; hands in two pockets are further apart."""
CROSSED_WRIST_UP = (0.28, 0.75, 0.03)
CROSSED_ELBOW_ANGLE = (55.0, 128.0, 4.0)
FEATURES = 48


def body_axes(points: Floats) -> tuple[Floats, Floats, float]:
    """Return the hips' middle, the upward unit vector of the trunk in the picture, and the trunk's length in pixels."""
    shoulders = (points[L.LEFT_SHOULDER, :2] + points[L.RIGHT_SHOULDER, :2]) / 2
    hips = (points[L.LEFT_HIP, :2] + points[L.RIGHT_HIP, :2]) / 2
    trunk = float(np.linalg.norm(shoulders - hips))
    return hips, (shoulders - hips) / max(trunk, 1e-6), max(trunk, 1e-6)


def in_body(points: Floats, at: Floats, side: int) -> Floats:
    """Return pixels ``(..., 2)`` as (outward, up) in trunk lengths for the arm of ``side`` (0 left, 1 right)."""
    hips, up, trunk = body_axes(points)
    outward = np.array([-up[1], up[0]]) * (1.0 if side == 0 else -1.0)
    return np.stack([(at - hips) @ outward, (at - hips) @ up], axis=-1) / trunk


def elbow_angle(points: Floats, side: int) -> float:
    """Return the angle at the elbow in the picture, degrees, 180 straight."""
    shoulder, elbow, wrist = (points[i + side, :2] for i in (L.LEFT_SHOULDER, L.LEFT_ELBOW, L.LEFT_WRIST))
    a, b = shoulder - elbow, wrist - elbow
    return float(np.degrees(np.arctan2(np.abs(a[0] * b[1] - a[1] * b[0]), a @ b)))


def hip_likelihood(points: Floats, side: int) -> float:
    """Return how well an arm fits a hand set on the hip, 0..1."""
    shoulder, elbow, wrist = (
        in_body(points, points[i + side, :2], side) for i in (L.LEFT_SHOULDER, L.LEFT_ELBOW, L.LEFT_WRIST)
    )
    return min(
        _above(float(elbow[0] - shoulder[0]), *HIP_ELBOW_FLARE),
        _between(float(wrist[0]), *HIP_WRIST_OUT),
        _between(float(wrist[1]), *HIP_WRIST_UP),
        _between(elbow_angle(points, side), *HIP_ELBOW_ANGLE),
    )


def crossed_likelihood(points: Floats) -> float:
    """Return how well both arms fit forearms crossed before the chest, 0..1."""
    wrists = [in_body(points, points[L.LEFT_WRIST + side, :2], side) for side in (0, 1)]
    fits = [1 - _above(float(wrists[0][0] + wrists[1][0]), *CROSSED_WRISTS_OUT)]
    for side, wrist in enumerate(wrists):
        fits += [
            _between(float(wrist[1]), *CROSSED_WRIST_UP),
            _between(elbow_angle(points, side), *CROSSED_ELBOW_ANGLE),
        ]
    return min(fits)


def joined_likelihood(points: Floats) -> float:
    """Return how well the hands fit each other's company, 0..1: joined hands hide one another and are in no pocket."""
    trunk = body_axes(points)[2]
    apart = float(np.linalg.norm(points[L.LEFT_WRIST, :2] - points[L.RIGHT_WRIST, :2])) / trunk
    return 1 - _above(apart, *JOINED_APART)


def arm_features(points: Floats, hands: Floats, score: Floats, side: int) -> Floats:
    """Return what the pocket classifier sees of one arm, ``(48,)``; a hand that was not found is -1.

    Parameters
    ----------
    points
        ``(33, 4)`` x, y, z in pixels and visibility.
    hands
        ``(2, 21, 3)`` hand landmarks in pixels, NaN where not found.
    score
        ``(2,)`` how sure each hand is.
    side
        0 for the person's left arm, 1 for the right.
    """
    points = points.astype(float)
    _, _, trunk = body_axes(points)
    own = [i + side for i in (L.LEFT_ELBOW, L.LEFT_WRIST, L.LEFT_INDEX, L.LEFT_PINKY, L.LEFT_THUMB)]
    elbow, wrist, index, pinky, thumb = own
    shoulder, hip = L.LEFT_SHOULDER + side, L.LEFT_HIP + side
    other_elbow, other_wrist = L.LEFT_ELBOW + 1 - side, L.LEFT_WRIST + 1 - side
    order = [elbow, wrist, index, pinky, thumb, shoulder, hip, other_wrist, other_elbow]
    places = in_body(points, points[order, :2], side)
    e, w, s, h = places[0], places[1], places[5], places[6]
    xy = points[:, :2] / trunk
    lengths = [
        np.linalg.norm(xy[wrist] - xy[elbow]),
        np.linalg.norm(xy[shoulder] - xy[elbow]),
        np.linalg.norm((xy[index] + xy[pinky]) / 2 - xy[wrist]),
        np.linalg.norm(xy[index] - xy[pinky]),
        np.linalg.norm(xy[wrist] - xy[other_wrist]),
    ]
    z = points[:, 2] / trunk
    depths = [z[wrist] - z[hip], z[elbow] - z[hip], z[index] - z[wrist]]
    visible = points[[*own, other_wrist], 3]
    flat = [places.ravel(), w - h, w - e, e - s, [elbow_angle(points, side)], lengths, visible, depths]
    return np.concatenate([*flat, _hand_features(points, hands[side], float(score[side]), side)])


def _hand_features(points: Floats, hand: Floats, score: float, side: int) -> Floats:
    if not np.isfinite(hand[0, 0]):
        return np.array([0.0, 0.0, *[-1.0] * 7])
    _, up, trunk = body_axes(points)
    outward = np.array([-up[1], up[0]]) * (1.0 if side == 0 else -1.0)
    wrist, elbow = points[L.LEFT_WRIST + side, :2], points[L.LEFT_ELBOW + side, :2]
    forearm = (wrist - elbow) / max(float(np.linalg.norm(wrist - elbow)), 1e-6)
    palm, reach = (hand[9, :2] - hand[0, :2]) / trunk, (hand[12, :2] - hand[0, :2]) / trunk
    middle = in_body(points, hand[9, :2].astype(float), side)
    hip = in_body(points, points[L.LEFT_HIP + side, :2], side)
    off = float(np.linalg.norm(hand[0, :2] - wrist)) / trunk
    across = float(np.linalg.norm(palm))
    seen = [1.0, score, off, across, palm @ forearm, reach @ outward, reach @ up]
    return np.array([*seen, middle[0] - hip[0], middle[1]])


def _above(value: float, limit: float, softness: float) -> float:
    return float(1 / (1 + np.exp(-np.clip((value - limit) / softness, -30, 30))))


def _between(value: float, low: float, high: float, softness: float) -> float:
    return min(_above(value, low, softness), 1 - _above(value, high, softness))
