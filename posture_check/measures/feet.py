"""The feet on the floor: how far they open, how far apart heels, toes and ankles are."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import wrap_deg
from posture_check.measures.body import Body, Floats, scene_error
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

FEET = (L.LEFT_ANKLE, L.RIGHT_ANKLE, L.LEFT_HEEL, L.RIGHT_HEEL, L.LEFT_FOOT_INDEX, L.RIGHT_FOOT_INDEX)
HEADINGS_DEG = np.arange(-60.0, 121.0, 1.0)
ARCH_AT = 0.45
OUTWARD = {"LEFT": 1.0, "RIGHT": -1.0}


def foot_heading(body: Body, side: str) -> Floats:
    """Return where a foot points, ``(frames,)`` degrees from the camera, outward positive.

    A foot of known length lies on the floor; its heading is the one whose heel-to-toe vector, with the landmark model's
    own offsets, falls nearest the seen one. Across the picture the vector is seen in full, along it foreshortened by
    the angle at which the camera looks down on the floor, so that the first decides where the second cannot.

    Parameters
    ----------
    body
        Person in a scene.
    side
        ``LEFT`` or ``RIGHT``.
    """
    camera = body.scene.camera
    out = OUTWARD[side]
    length = offsets.FOOT_LENGTH * body.scene.stature_m
    heel = body.xy[:, L[f"{side}_HEEL"]].astype(float)
    toe = body.xy[:, L[f"{side}_FOOT_INDEX"]].astype(float)
    roll, pitch = np.radians(camera.roll_deg), np.radians(camera.pitch_deg)
    level = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    # A camera that looks down has the feet further along its axis than the rest of the body.
    away = body.depth_m * np.cos(pitch) + camera.height_m * np.sin(pitch)
    seen = (toe - heel) @ level * (away / camera.focal_px)[:, None]
    down = _looking_down(body, side)[:, None]
    heading = np.radians(HEADINGS_DEG) * out
    across = length * (offsets.FOOT_ALONG * np.sin(heading) + out * offsets.FOOT_ACROSS * np.cos(heading))
    towards = length * (offsets.FOOT_ALONG * np.cos(heading) - out * offsets.FOOT_ACROSS * np.sin(heading))
    below = towards * np.sin(down) - length * offsets.FOOT_UP * np.cos(down)
    miss = ((across - seen[:, :1]) / offsets.FOOT_ACROSS_ERROR_M) ** 2
    miss = miss + ((below - seen[:, 1:]) / offsets.FOOT_ALONG_ERROR_M) ** 2
    known = np.isfinite(miss).all(1)
    best = HEADINGS_DEG[np.argmin(np.where(known[:, None], miss, 0.0), axis=1)]
    return np.where(known, best, np.nan)


def foot_heading_error(body: Body, side: str) -> Floats:
    """Return the standard error of :func:`foot_heading`, ``(frames,)`` degrees.

    What the landmark model's scatter across and along the picture comes to at that heading (the curvature of the fit):
    a foot that points sideways shows its heading only by the little it is foreshortened along the picture.
    """
    length = offsets.FOOT_LENGTH * offsets.FOOT_ALONG * body.scene.stature_m
    heading = np.radians(foot_heading(body, side))
    across = length * np.cos(heading) / offsets.FOOT_ACROSS_ERROR_M
    along = length * np.sin(heading) * np.sin(_looking_down(body, side)) / offsets.FOOT_ALONG_ERROR_M
    return np.asarray(np.degrees(1 / np.hypot(across, along)))


def _looking_down(body: Body, side: str) -> Floats:
    """Return how steeply the camera looks down on a foot, ``(frames,)`` radians."""
    foot = (body.xy[:, L[f"{side}_HEEL"]].astype(float) + body.xy[:, L[f"{side}_FOOT_INDEX"]].astype(float)) / 2
    return np.asarray(np.arcsin(np.clip(-body.scene.camera.rays(foot)[:, 1], -1, 1)))


def _opening(body: Body) -> Floats:
    opening = foot_heading(body, "LEFT") + foot_heading(body, "RIGHT") - offsets.FEET_OPENING_OFFSET_DEG
    return np.asarray(opening)


@measure("deg", needs=FEET)
def feet_opening(body: Body) -> Series:
    """Angle between the feet on the floor in degrees, toes outward positive."""
    opening = _opening(body)
    length = offsets.FOOT_LENGTH * offsets.FOOT_ALONG * body.scene.stature_m
    noise = np.sqrt(2) * body.noise_deg(length, *FEET[2:])
    headings = np.hypot(foot_heading_error(body, "LEFT"), foot_heading_error(body, "RIGHT"))
    return Series(opening, noise, np.hypot(headings, scene_error(body, _opening)))


def _heel_gap(body: Body) -> Floats:
    outward = sum(_heel_outward(body, side) for side in OUTWARD)
    return 100 * (_apart(body, L.LEFT_HEEL, L.RIGHT_HEEL) - outward - offsets.HEEL_WIDTH_M)


def _heel_outward(body: Body, side: str) -> Floats:
    """Return how far a seen heel point lies outward of the heel, ``(frames,)`` metres: it lies ahead along the foot."""
    return np.asarray(offsets.HEEL_POINTS_AHEAD_M * np.sin(np.radians(foot_heading(body, side))))


@measure("cm", needs=FEET)
def heel_gap(body: Body) -> Series:
    """Gap between the heels of the shoes across the body in cm; slightly negative readings mean that they touch."""
    noise = 100 * np.sqrt(2) * body.noise_m(L.LEFT_HEEL, L.RIGHT_HEEL)
    return Series(_heel_gap(body), noise, np.hypot(100 * offsets.HEEL_GAP_ERROR_M, scene_error(body, _heel_gap)))


def _toe_gap(body: Body) -> Floats:
    """Gap between the toes from the heels' gap and the opening: the toe points themselves lie too far back."""
    spread = 2 * offsets.FOOT_LENGTH * body.scene.stature_m * np.sin(np.radians(_opening(body) / 2))
    return np.asarray(_heel_gap(body) + 100 * spread)


@measure("cm", needs=FEET)
def toe_gap(body: Body) -> Series:
    """Gap between the toes of the shoes in cm (variant ``fist`` of the V stance)."""
    opening = feet_opening(body)
    length = offsets.FOOT_LENGTH * body.scene.stature_m
    per_degree = 100 * length * np.cos(np.radians(opening.value / 2)) * np.radians(1)
    systematic = np.hypot(np.asarray(opening.systematic) * per_degree, 100 * offsets.HEEL_GAP_ERROR_M)
    return Series(_toe_gap(body), np.asarray(opening.noise) * per_degree, systematic)


@measure("ratio", needs=(*FEET, L.LEFT_SHOULDER, L.RIGHT_SHOULDER))
def ankle_gap(body: Body) -> Series:
    """Distance of the ankles over the shoulder width, both across the body."""
    ankles = _apart(body, L.LEFT_ANKLE, L.RIGHT_ANKLE)
    shoulders = _apart(body, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    shoulders = shoulders * offsets.JOINT_SHOULDER_WIDTH / offsets.SHOULDER_WIDTH
    noise = np.sqrt(2) * body.noise_m(*FEET[:2], L.LEFT_SHOULDER, L.RIGHT_SHOULDER) / np.maximum(shoulders, 0.1)
    return Series(ankles / shoulders, noise, offsets.ANKLE_GAP_ERROR)


def _apart(body: Body, left: L, right: L) -> Floats:
    """Distance of a pair across the body in metres: what the picture shows, over the cosine of the person's turn."""
    across = body.room[:, left, 0] - body.room[:, right, 0]
    return np.asarray(across / np.maximum(np.cos(np.radians(body.yaw_deg)), 0.5))


def body_heading(body: Body) -> Floats:
    """Return where the feet point together against where the body faces, ``(frames,)`` degrees."""
    return wrap_deg((foot_heading(body, "LEFT") - foot_heading(body, "RIGHT")) / 2 + body.yaw_deg)


@measure("cm", needs=FEET)
def t_stance_miss(body: Body) -> Series:
    """How far one foot's heel is from the other foot's arch on the floor, in cm; 0 is a perfect T stance.

    The arch lies 45 % of the foot's length before its heel. Of the two ways round the nearer counts: in a T the wrong
    one misses by most of a foot's length, and a turned body does not tell which foot is in front.
    """
    noise = 200 * body.noise_m(L.LEFT_HEEL, L.RIGHT_HEEL)
    return Series(_t_miss(body), noise, np.hypot(offsets.FLOOR_HEEL_ERROR_CM, scene_error(body, _t_miss)))


def _t_miss(body: Body) -> Floats:
    length = offsets.FOOT_LENGTH * body.scene.stature_m
    heels = {side: floor_heel(body, side) for side in OUTWARD}
    arches = {}
    for side, out in OUTWARD.items():
        heading = np.radians(foot_heading(body, side) * out)
        ahead = np.stack([np.sin(heading), np.zeros_like(heading), -np.cos(heading)], axis=-1)
        arches[side] = heels[side] + ARCH_AT * length * ahead
    left_to_right = np.linalg.norm(heels["LEFT"] - arches["RIGHT"], axis=-1)
    right_to_left = np.linalg.norm(heels["RIGHT"] - arches["LEFT"], axis=-1)
    return np.asarray(100 * np.minimum(left_to_right, right_to_left))


def floor_heel(body: Body, side: str) -> Floats:
    """Return where a heel stands on the floor, ``(frames, 3)`` metres; its seen point lies a little above the sole."""
    seen = body.xy[:, L[f"{side}_HEEL"]].astype(float)
    point = body.scene.camera.on_plane(seen, offsets.HEEL_HEIGHT * body.scene.stature_m)
    point[:, 0] -= OUTWARD[side] * _heel_outward(body, side)
    return np.asarray(point * [1.0, 0.0, 1.0])
