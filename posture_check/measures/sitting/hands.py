"""Where a seated person's hands are: on the knees or the lap, on armrests, on the desk, at the chin, round a knee.

Distances are in centimetres of a person of 1.70 m, so that tall and short people are judged alike.
"""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures.body import Body, Floats
from posture_check.measures.hands import REFERENCE_STATURE_M, beyond
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint
from posture_check.measures.series import Series
from posture_check.measures.sitting.over_time import held

WRISTS = (L.LEFT_WRIST, L.RIGHT_WRIST)
HIPS = (L.LEFT_HIP, L.RIGHT_HIP)
KNEES = (L.LEFT_KNEE, L.RIGHT_KNEE)
ELBOWS = (L.LEFT_ELBOW, L.RIGHT_ELBOW)
PLACE_ERROR_CM = 2.5

ON_THIGH_CM = 14.0
"""A wrist this near the line from hip to knee rests on that thigh: half a thigh's thickness and the hand's."""
LAP_ABOVE_CM, LAP_ASIDE_CM, LAP_BELOW_CM = 18.0, 16.0, 8.0
STACKED_CM = 22.0
"""Wrists of hands laid on one another are at most a hand's length and a palm apart."""
ARMREST_OUT_CM, ARMREST_UP_CM = (16.0, 40.0), (8.0, 34.0)
"""Wrists on armrests: outside the trunk, and as high over the hips as armrests are (18-28 cm over a seat, hips 10)."""
ARMREST_AHEAD_CM = 30.0
"""How far before the hips wrists on armrests are at most: a turned person's look shifted to one side by its share."""
IN_THE_MIDDLE_CM = 7.0
"""A wrist between the thighs is at most this far from the middle."""
DESK_LEVEL_CM = 9.0
"""Forearms that rest on a desk are level: wrists as high as elbows within this."""


def _room_cm(body: Body) -> Floats:
    """Return every landmark in the plane of the body, ``(frames, 33, 2)`` cm of a person of 1.70 m."""
    return np.asarray(100 * REFERENCE_STATURE_M / body.scene.stature_m * body.room[..., :2])


def _noise_cm(body: Body) -> Floats:
    return np.asarray(100 * body.noise_m(*WRISTS))


def _to_line(point: Floats, a: Floats, b: Floats) -> Floats:
    """Return the distance of points from the line between ``a`` and ``b``, ``(frames, 2)`` each."""
    along = b - a
    share = ((point - a) * along).sum(-1) / np.maximum((along * along).sum(-1), 1e-6)
    return np.asarray(np.linalg.norm(point - a - np.clip(share, 0, 1)[..., None] * along, axis=-1))


@measure("cm", needs=(*WRISTS, *HIPS, *KNEES))
def hands_off_thighs(body: Body) -> Series:
    """How far the worse hand is from resting on its thigh or knee, in cm; 0 is there."""
    points = _room_cm(body)
    off = [
        beyond(_to_line(points[:, wrist], points[:, hip], points[:, knee]), -np.inf, ON_THIGH_CM)
        for wrist, hip, knee in zip(WRISTS, HIPS, KNEES, strict=True)
    ]
    return Series(np.maximum(*off), _noise_cm(body), PLACE_ERROR_CM)


@measure("cm", needs=(*WRISTS, *HIPS, *KNEES))
def hands_off_lap(body: Body) -> Series:
    """How far the hands are from lying together on the lap, in cm; 0 is there."""
    points = _room_cm(body)
    hips, knees = midpoint(points, *HIPS), midpoint(points, *KNEES)
    off = beyond(np.linalg.norm(points[:, WRISTS[0]] - points[:, WRISTS[1]], axis=-1), -np.inf, STACKED_CM)
    for wrist in WRISTS:
        place = points[:, wrist]
        # A turned person's lap reaches from the hips to the knees across the picture.
        low, high = np.minimum(hips[:, 0], knees[:, 0]), np.maximum(hips[:, 0], knees[:, 0])
        aside = np.maximum(np.maximum(low - LAP_ASIDE_CM - place[:, 0], place[:, 0] - high - LAP_ASIDE_CM), 0.0)
        above = np.maximum(place[:, 1] - np.maximum(hips[:, 1], knees[:, 1]) - LAP_ABOVE_CM, 0.0)
        below = np.maximum(np.minimum(hips[:, 1], knees[:, 1]) - LAP_BELOW_CM - place[:, 1], 0.0)
        off = np.maximum(off, np.hypot(aside, above + below))
    return Series(off, _noise_cm(body), PLACE_ERROR_CM)


@measure("cm", needs=(*WRISTS, *HIPS))
def hands_off_armrests(body: Body) -> Series:
    """How far the worse hand is from lying on an armrest, in cm; 0 is there. A turned person's look nearer together."""
    points = _room_cm(body)
    hips = midpoint(points, *HIPS)
    turned = np.radians(body.yaw_deg)
    ahead = -ARMREST_AHEAD_CM * np.sin(turned)
    shift = np.clip((midpoint(points, *WRISTS) - hips)[:, 0], np.minimum(ahead, 0.0), np.maximum(ahead, 0.0))
    worst = np.zeros(len(body))
    for wrist, outward in zip(WRISTS, (1.0, -1.0), strict=True):
        place = points[:, wrist] - hips - np.stack([shift, np.zeros(len(body))], axis=-1)
        inner, outer = np.cos(turned) * ARMREST_OUT_CM[0], ARMREST_OUT_CM[1]
        aside = np.maximum(np.maximum(inner - outward * place[:, 0], outward * place[:, 0] - outer), 0.0)
        off = np.hypot(aside, beyond(place[:, 1], *ARMREST_UP_CM))
        worst = np.maximum(worst, off)
    return Series(worst, _noise_cm(body), PLACE_ERROR_CM)


@measure("cm", needs=(*WRISTS, *ELBOWS, L.LEFT_SHOULDER, L.RIGHT_SHOULDER))
def forearms_off_desk(body: Body) -> Series:
    """How far the forearms are from resting on a desk with the hands together, in cm; 0 is there."""
    points = _room_cm(body)
    apart = beyond(np.linalg.norm(points[:, WRISTS[0]] - points[:, WRISTS[1]], axis=-1), -np.inf, STACKED_CM)
    shoulders = midpoint(points, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    off = apart
    for wrist, elbow in zip(WRISTS, ELBOWS, strict=True):
        level = beyond(points[:, wrist, 1] - points[:, elbow, 1], -DESK_LEVEL_CM, DESK_LEVEL_CM)
        low = np.maximum(points[:, wrist, 1] - shoulders[:, 1] + 15.0, 0.0)
        off = np.maximum(off, np.hypot(level, low))
    return Series(off, _noise_cm(body), PLACE_ERROR_CM)


@measure("cm", needs=(L.MOUTH_LEFT, L.MOUTH_RIGHT))
def hand_to_chin(body: Body) -> Series:
    """Distance of the nearer hand from the mouth where it is least for a second, in cm."""
    points = _room_cm(body)
    mouth = midpoint(points, L.MOUTH_LEFT, L.MOUTH_RIGHT)
    nearest = np.full(len(body), np.inf)
    for side in ("LEFT", "RIGHT"):
        for name in ("WRIST", "INDEX", "PINKY", "THUMB"):
            away = np.linalg.norm(points[:, L[f"{side}_{name}"]] - mouth, axis=-1)
            nearest = np.minimum(nearest, np.nan_to_num(away, nan=np.inf))
    nearest = np.where(np.isfinite(nearest), nearest, np.nan)
    least = held(-nearest, body.track.time_s, away_from=-200.0)
    return Series(np.where(np.isfinite(nearest), -least, np.nan), _noise_cm(body), PLACE_ERROR_CM)


@measure("cm", needs=(*WRISTS, *KNEES))
def hands_round_knee(body: Body) -> Series:
    """How far the hands are from being clasped round one knee, in cm: the further wrist from the nearer knee.

    Hands that lie on both knees, or together on the lap, are further from any one of them.
    """
    points = _room_cm(body)
    apart = np.linalg.norm(points[:, WRISTS[0]] - points[:, WRISTS[1]], axis=-1)
    best = np.full(len(body), np.inf)
    for knee in KNEES:
        far = np.maximum(*(np.linalg.norm(points[:, wrist] - points[:, knee], axis=-1) for wrist in WRISTS))
        above = np.maximum(*(points[:, wrist, 1] - points[:, knee, 1] for wrist in WRISTS))
        best = np.minimum(best, far + np.maximum(above, 0.0))
    return Series(np.maximum(best, apart), _noise_cm(body), PLACE_ERROR_CM)


@measure("cm", needs=(*WRISTS, *HIPS, *KNEES))
def hands_between_thighs(body: Body) -> Series:
    """How deep both hands are between the thighs, in cm under the line from hips to knees; negative is above.

    From the front. Hands on the thighs lie aside of the middle and stacked ones well above the line; how far a hand is
    off the middle counts double.
    """
    points = _room_cm(body)
    hips, knees = midpoint(points, *HIPS), midpoint(points, *KNEES)
    depth = np.full(len(body), np.inf)
    for wrist in WRISTS:
        place = points[:, wrist] - (hips + knees) / 2
        aside = np.maximum(np.abs(place[:, 0]) - IN_THE_MIDDLE_CM, 0.0)
        depth = np.minimum(depth, -place[:, 1] - 2 * aside)
    return Series(depth, _noise_cm(body), PLACE_ERROR_CM)
