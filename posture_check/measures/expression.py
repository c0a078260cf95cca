"""The face as geometry: where the head points over time, and how the mouth's corners lie. No emotion is inferred.

The face mesh has no points on the irises, so where the eyes look cannot be told; the direction of the head can.
"""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import wrap_deg
from posture_check.measures.body import VISIBLE, Body, Floats
from posture_check.measures.head import (
    FACE_CHIN,
    FACE_TOP,
    HEAD,
    LIP_LOWER,
    LIP_UPPER,
    MIN_FACE_PX,
    MOUTH_LEFT,
    MOUTH_RIGHT,
    head_axes,
    spread,
)
from posture_check.measures.pairs import TOGETHER_M, place_of
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

FACE_NOSE = 1
"""Point of the face mesh: the tip of the nose."""
MIN_HEAD_PX = 48.0
"""Smallest face whose direction is told: a whole-body picture gives 50-90 px, good to about 3 degrees. Of smaller ones
the mesh is a guess; lips need :data:`posture_check.measures.head.MIN_FACE_PX`."""
OWN_NOSE = 0.3
"""The tip of the mesh's nose lies this near the pose's nose, in heights of the face, or the mesh is on somebody else's
face: 0.08 in the median and below 0.27 in 99 of 100 of 1,194 looks at rendered and real people."""
TO_PARTNER_DEG = 25.0
"""Who turns the head towards a partner, or this much further, looks at them: a face is looked at to about that."""
LOOKS = 4
"""Fewest looks at the face from which a range is told; there are two or more a second."""
LOOK_ABOUT_S = 1.5
SPREAD_NOISE_DEG = 2.0
"""Range that the jitter of a still head shows (a still head filmed for 5 s: 1 degree of yaw; rendered ones 1-3)."""
HEAD_NOISE_DEG = 1.5
GAIN_ERROR = 0.1
"""Relative error of a turn of the head: the mesh of a turned face is partly imagined."""
LIP_NOISE, LIP_ERROR = 0.01, 0.015
"""Of the lift of the mouth's corners, share of the mouth's width: one face from look to look, and from one turn of the
head to another (4 real faces filmed for 2 to 5 s; neutral ones of 3 real and 86 rendered people read -0.03 to -0.07, a
broad smile +0.09)."""


@measure("deg", needs=HEAD, needs_face=True, min_seconds=LOOK_ABOUT_S)
def look_aside_range(body: Body) -> Series:
    """How far the head turns from side to side over the stretch, in degrees (5th to 95th percentile).

    Against the trunk where the hips are seen, so that who turns as a whole does not look about; else against the room.
    Turning towards a partner near by is no looking about.
    """
    yaw = _but_for_partners(body, _heading(body))
    hips = [L.LEFT_HIP, L.RIGHT_HIP]
    with np.errstate(invalid="ignore"):
        trunk = (body.inside[:, hips] & (body.track.visibility[:, hips] >= VISIBLE)).all(axis=1)
    if trunk.mean() > 0.5:
        yaw = wrap_deg(yaw + body.steady_yaw_deg[body.track.details.at])
    return _range(body, yaw)


@measure("deg", needs=(*HEAD, L.LEFT_HIP, L.RIGHT_HIP), needs_face=True)
def look_aside(body: Body) -> Series:
    """Turn of the head off where the trunk faces in degrees, to the left positive; 0 towards a partner near by."""
    off = _off(body, _heading(body), -body.steady_yaw_deg[body.track.details.at])
    return spread(body, off, HEAD_NOISE_DEG, np.hypot(offsets.HEAD_YAW_ERROR_DEG, offsets.YAW_ERROR_DEG))


@measure("deg", needs=HEAD, needs_face=True, min_seconds=LOOK_ABOUT_S)
def look_updown_range(body: Body) -> Series:
    """How far the head nods up and down over the stretch, in degrees (5th to 95th percentile)."""
    forward = head_axes(body)[:, :, 2]
    return _range(body, _of_size(body, np.degrees(np.arcsin(np.clip(-forward[:, 1], -1, 1))), MIN_HEAD_PX))


@measure("share", needs=(L.MOUTH_LEFT, L.MOUTH_RIGHT), needs_face=True)
def mouth_corner_lift(body: Body) -> Series:
    """Height of the mouth's corners over the middle of the lips, along the face, over the width of the mouth.

    NaN where the face is smaller than 120 px.
    """
    return spread(body, _corner_lift(body), LIP_NOISE, LIP_ERROR)


@measure("share", needs=(L.MOUTH_LEFT, L.MOUTH_RIGHT), needs_face=True, needs_neutral_face=True)
def smile_lift(body: Body) -> Series:
    """How much higher than in the person's neutral face the mouth's corners lie, over the width of the mouth.

    NaN without a neutral face, and where the face is smaller than 120 px.
    """
    neutral = body.scene.neutral
    own = np.nan if neutral is None or neutral.mouth_corner_lift is None else neutral.mouth_corner_lift
    return spread(body, _corner_lift(body) - own, LIP_NOISE, np.sqrt(2) * LIP_ERROR)


def _heading(body: Body) -> Floats:
    """Return the turn of the head against the camera, to the person's left positive, ``(samples,)`` degrees."""
    forward = head_axes(body)[:, :, 2]
    return _of_size(body, np.degrees(np.arctan2(forward[:, 0], -forward[:, 2])), MIN_HEAD_PX)


def _but_for_partners(body: Body, yaw: Floats) -> Floats:
    """Return the head's turns, those towards somebody within reach put back to the usual one."""
    seen = np.isfinite(yaw)
    if not seen.any():
        return yaw
    usual = np.full(len(yaw), np.median(yaw[seen]))
    return np.asarray(usual + _off(body, yaw, usual))


def _off(body: Body, yaw: Floats, usual: Floats) -> Floats:
    """Return how far the head is off a direction, ``(samples,)`` degrees; 0 towards somebody within reach."""
    at = body.track.details.at
    off = wrap_deg(yaw - usual)
    for partner in body.partners:
        to = (place_of(partner) - place_of(body))[at]
        aside = wrap_deg(np.degrees(np.arctan2(to[:, 0], -to[:, 1])) - usual)
        with np.errstate(invalid="ignore"):
            towards = (np.sign(off) == np.sign(aside)) & (np.abs(off) <= np.abs(aside) + TO_PARTNER_DEG)
            off = np.where(towards & (np.linalg.norm(to, axis=-1) <= TOGETHER_M), 0.0, off)
    return off


def _corner_lift(body: Body) -> Floats:
    """Return the lift of the corners, ``(samples,)``, in the mesh's own axes: a nod or a tilt does not change it."""
    face = body.track.details.face.astype(float)
    upward = face[:, FACE_TOP] - face[:, FACE_CHIN]
    corners = (face[:, MOUTH_LEFT] + face[:, MOUTH_RIGHT]) / 2
    lips = (face[:, LIP_UPPER] + face[:, LIP_LOWER]) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        lift = ((corners - lips) * upward).sum(-1) / np.linalg.norm(upward, axis=-1)
        return _of_size(body, lift / np.linalg.norm(face[:, MOUTH_LEFT] - face[:, MOUTH_RIGHT], axis=-1), MIN_FACE_PX)


def _of_size(body: Body, values: Floats, least_px: float) -> Floats:
    """Return values NaN where the face, chin to hairline, is smaller than that or is not the person's own."""
    details = body.track.details
    face = details.face.astype(float)
    size = np.linalg.norm(face[:, FACE_TOP] - face[:, FACE_CHIN], axis=-1)
    off = np.linalg.norm(face[:, FACE_NOSE, :2] - body.xy[details.at, L.NOSE], axis=-1)
    with np.errstate(invalid="ignore"):
        return np.where((size >= least_px) & (off <= OWN_NOSE * size), values, np.nan)


def _range(body: Body, angles: Floats) -> Series:
    """Return the range of an angle as the value of every look; NaN where there are too few."""
    seen = np.isfinite(angles)
    if seen.sum() < LOOKS:
        return spread(body, np.full(len(angles), np.nan), 0.0, 0.0)
    about = np.median(angles[seen])
    low, high = np.percentile(wrap_deg(angles[seen] - about), (5, 95))
    width = float(high - low)
    error = np.hypot(SPREAD_NOISE_DEG, GAIN_ERROR * width)
    return spread(body, np.where(seen, width, np.nan), 0.0, error)
