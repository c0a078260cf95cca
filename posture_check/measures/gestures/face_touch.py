"""GE-07: how near a hand comes to the face, and stays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures.body import VISIBLE, Body, Floats
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

HEAD = (L.NOSE, L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP)
HEAD_WIDE, HEAD_HIGH = 0.046, 0.066
"""Half the breadth and half the height of a head as shares of stature (breadth 0.15 m, chin to crown 0.22 m of 1.67 m;
Drillis and Contini 1966 give 0.130 for the height)."""
FACE_UP = 0.012
"""The middle of the head above the point between the ears, share of stature."""
FINGERS_BEYOND = 0.9
"""A fingertip lies about this much further beyond the pose model's knuckles than these are from the wrist."""
SIDE_ON, BESIDE_CM = 0.75, 15.0
"""Sine of the yaw from which a person is seen side-on, and how far a hand must be from the head there."""
TOUCH_S = 0.5
"""A hand that passes the face is no touch: what counts is how near it stays for this long."""
FACE_ERROR_CM = 2.0
"""Spread of the distance between bodies, as measured on rendered people."""
AWAY_CM = 60.0
"""Distances are told up to here."""


@measure("cm", needs=HEAD)
def hand_to_face(body: Body) -> Series:
    """Distance in the picture that the nearer hand keeps from the head for half a second, cm, 0 on it.

    One figure for the stretch: the smallest distance over any half second (of a single picture, its own). Fingertips
    are the hand model's where the hand was looked at, else the pose model's knuckles carried on. A hand held between
    camera and face looks as if it touched it; side-on a hand beside the head does, too, so that only hands well away
    from it are told from there, and only where both are seen.
    """
    distance = np.minimum(*(hand_distance_cm(body, side) for side in (0, 1)))
    side_on = np.abs(np.sin(np.radians(body.yaw_deg))) > SIDE_ON
    distance = np.where(side_on & ~body.seen[:, (L.LEFT_WRIST, L.RIGHT_WRIST)].all(1), np.nan, distance)
    kept = _kept(distance, body.track.time_s)
    if side_on.mean() > 0.5 and kept < BESIDE_CM:
        kept = float("nan")
    value = np.full(len(body), kept)
    return Series(np.where(np.isfinite(distance), value, np.nan), 0.0, FACE_ERROR_CM)


def hand_distance_cm(body: Body, side: int) -> Floats:
    """Return the distance of one hand's points from the head, ``(frames,)`` cm; ``AWAY_CM`` where it is not seen."""
    scale = body.scene.stature_m / body.m_per_px
    middle = _head(body)
    points = _hand_points(body, side) - middle[:, None]
    axes = np.stack([HEAD_WIDE * scale, HEAD_HIGH * scale], axis=-1)[:, None]
    radius = np.linalg.norm(points / axes, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        away = np.linalg.norm(points, axis=-1) * np.maximum(1 - 1 / radius, 0.0)
    away = away * body.m_per_px[:, None] * 100
    nearest = np.min(np.where(np.isfinite(away), away, np.inf), axis=1)
    return np.where(np.isfinite(middle[:, 0]), np.minimum(nearest, AWAY_CM), np.nan)


def _head(body: Body) -> Floats:
    """Return the middle of the head, ``(frames, 2)`` pixels."""
    ears = body.middle(L.LEFT_EAR, L.RIGHT_EAR).astype(float)
    neck = body.middle(L.LEFT_SHOULDER, L.RIGHT_SHOULDER).astype(float)
    up = ears - neck
    length = np.linalg.norm(up, axis=-1, keepdims=True)
    rise = FACE_UP * (body.scene.stature_m / body.m_per_px)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(ears + up / length * rise)


def _hand_points(body: Body, side: int) -> Floats:
    """Return points of a hand in pixels, ``(frames, 25, 2)``, NaN where the hand is not seen."""
    name = ("LEFT", "RIGHT")[side]
    wrist, *knuckles = (body.xy[:, L[f"{name}_{part}"]].astype(float) for part in ("WRIST", "INDEX", "PINKY", "THUMB"))
    seen = body.seen[:, L[f"{name}_WRIST"]]
    tips = [knuckle + FINGERS_BEYOND * (knuckle - wrist) for knuckle in knuckles[:2]]
    rough = np.stack([knuckles[2], *tips, knuckles[0]], axis=1)
    points = np.full((len(body), 25, 2), np.nan)
    points[:, :4] = np.where(seen[:, None, None], rough, np.nan)
    details = body.track.details
    found = np.nan_to_num(details.hand_score[:, side]) >= VISIBLE
    points[details.at[found], 4:] = details.hands[found, side, :, :2]
    points[details.at[found], :4] = np.nan
    return points


def _kept(distance: Floats, time_s: Floats) -> float:
    """Return the smallest distance that is not exceeded for :data:`TOUCH_S`, or for as long as there is."""
    known = np.flatnonzero(np.isfinite(distance))
    if not len(known):
        return float("nan")
    time, away = time_s[known], distance[known]
    lasting = min(TOUCH_S, float(time[-1] - time[0]))
    ends = np.searchsorted(time, time + lasting - 1e-6)
    whole: NDArray[np.bool_] = ends < len(time)
    return float(min(away[a : b + 1].max() for a, b in zip(np.flatnonzero(whole), ends[whole], strict=True)))
