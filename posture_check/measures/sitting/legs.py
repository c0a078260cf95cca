"""The legs of a seated person: gap between the knees, shanks along the seat's direction, legs crossed."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import from_vertical
from posture_check.measures.body import Body, Floats, scene_error
from posture_check.measures.registry import measure
from posture_check.measures.scene import SEATED_SHANK, SEATED_TRUNK
from posture_check.measures.series import Series

KNEES = (L.LEFT_KNEE, L.RIGHT_KNEE)
ANKLES = (L.LEFT_ANKLE, L.RIGHT_ANKLE)
LEGS = (*KNEES, *ANKLES)

KNEE_CENTRE_OFFSET_M, KNEE_CENTRE_GAIN, KNEE_CENTRE_MOST = 0.095, 0.80, 2.0
KNEE_GAP_OFFSET_M, KNEE_GAP_GAIN = -0.017, 0.68
"""Distance of the knee joints, and gap between their skins, = offset + gain x (distance of the landmarks): landmarks of
knees that point at the camera lie towards the middle, the more so the nearer the knees are. The joints are at most
twice as far apart as the landmarks. Fitted to 10 rendered front clips of six bodies, gaps of 0-34 cm."""
KNEE_CENTRE_ERROR_M, KNEE_GAP_ERROR_M = 0.022, 0.020
NEAR_KNEES_M, NEAR_KNEES_ERROR_M = 0.10, 0.030
"""Below this gap the error is larger: nobody in those clips sits with knees 1 to 10 cm apart, and the one pair that
touches lies in part inside one another."""
SHOULDERS_BEHIND_KNEES = 0.22
"""How much further away than the knees the shoulders of a person are who sits facing the camera, share of stature."""
SHANK_OFFSET_DEG, SHANK_ERROR_DEG = -1.4, 2.6
"""What shanks seen side-on read too little (the ankle points lie ahead of the joint less than the knee points), and
what remains: 22 rendered clips, six bodies, -25 to 56 degrees."""
PLAUSIBLE = 0.6
"""Largest logarithm of the ratio of two distances, from the feet and from the trunk's size, that are of one person."""
ACROSS_CM = 16.0
"""A raised foot whose ankle is no further than this aside from the other one, on its own side, lies over that leg."""
RAISED_ERROR_CM = 2.5
CROSSED_FROM_CM = 10.0
CROSSED_RATIO_ERROR = 0.2
"""Once a foot is raised so high across the other leg, a knee lies over a thigh, higher than the other and hidden in
part: what that adds to the error of the knees' distance over the shoulders (four rendered clips with crossed legs: 0.08
to 0.38 too little)."""


def feet_depth_m(body: Body) -> Floats:
    """Return how far away the feet of a seated person are, ``(frames,)`` metres.

    From where the foot that is on the floor stands: of two the lower one in the picture, since the other may be
    crossed over. Where that is no plausible distance, the body's own.
    """
    camera, stature = body.scene.camera, body.scene.stature_m
    ankles = camera.on_plane(body.xy[:, ANKLES].astype(float), offsets.ANKLE_HEIGHT * stature)[..., 2]
    lower = np.argmax(np.nan_to_num(body.xy[:, ANKLES, 1]), axis=1)
    standing = ankles[np.arange(len(body)), lower]
    by_size = camera.focal_px * SEATED_TRUNK * stature / np.maximum(body.trunk_px, 1.0)
    with np.errstate(invalid="ignore"):
        plausible = np.abs(np.log(np.maximum(standing, 1e-3) / by_size)) < PLAUSIBLE
    return np.asarray(np.where(plausible, standing, by_size))


def _points(body: Body, landmarks: tuple[L, ...]) -> Floats:
    """Return landmarks put into the upright plane of the feet, ``(frames, n, 3)`` metres."""
    return body.scene.camera.at_depth(body.xy[:, landmarks].astype(float), feet_depth_m(body)[:, None])


def _knees_seen_m(body: Body) -> Floats:
    """Return the distance of the knees' landmarks across the body, ``(frames,)`` metres; from about the front."""
    knees = _points(body, KNEES)
    facing = np.cos(np.radians(body.yaw_deg))
    return np.asarray(np.abs(knees[:, 0, 0] - knees[:, 1, 0]) / np.where(facing > 0.6, facing, np.nan))


def _knee_gap(body: Body) -> Floats:
    return np.asarray(100 * np.maximum(KNEE_GAP_OFFSET_M + KNEE_GAP_GAIN * _knees_seen_m(body), 0.0))


@measure("cm", needs=LEGS)
def knee_gap(body: Body) -> Series:
    """Gap between the knees, skin to skin, in cm; 0 where they touch."""
    gap = _knee_gap(body)
    turned = gap * np.abs(np.tan(np.radians(body.yaw_deg))) * np.radians(offsets.YAW_ERROR_DEG)
    own = 100 * np.where(gap < 100 * NEAR_KNEES_M, NEAR_KNEES_ERROR_M, KNEE_GAP_ERROR_M)
    error = np.hypot(np.hypot(own, turned), scene_error(body, _knee_gap))
    return Series(gap, 100 * body.noise_m(*KNEES), error)


@measure("ratio", needs=(*LEGS, L.LEFT_SHOULDER, L.RIGHT_SHOULDER))
def knee_gap_over_shoulders(body: Body) -> Series:
    """Distance of the knee joints over the width of the shoulders.

    Both are turned alike, and the shoulders are further away by about a thigh's length.
    """
    shoulders = _points(body, (L.LEFT_SHOULDER, L.RIGHT_SHOULDER))
    near = feet_depth_m(body)
    further = 1 + SHOULDERS_BEHIND_KNEES * body.scene.stature_m / near
    facing = np.cos(np.radians(body.yaw_deg))
    seen = np.abs(shoulders[:, 0, 0] - shoulders[:, 1, 0]) / np.where(facing > 0.6, facing, np.nan)
    width = seen * further * offsets.JOINT_SHOULDER_WIDTH / offsets.SHOULDER_WIDTH
    knees = _knees_seen_m(body)
    ratio = np.minimum(KNEE_CENTRE_OFFSET_M + KNEE_CENTRE_GAIN * knees, KNEE_CENTRE_MOST * knees) / width
    # The shoulders' landmarks tell their joints to about 4 %.
    error = np.hypot(KNEE_CENTRE_ERROR_M / width, 0.04 * ratio)
    error = np.hypot(error, np.where(_raised_across_cm(body) > CROSSED_FROM_CM, CROSSED_RATIO_ERROR, 0.0))
    return Series(ratio, body.noise_m(*KNEES) / width, error)


@measure("deg", near=("KNEE", "ANKLE"))
def seated_shank(body: Body) -> Series:
    """Shank from the vertical along the seat's direction in degrees, foot forward positive; the near leg, side-on."""
    points = body.room
    shank = points[:, body.near("ANKLE")] - points[:, body.near("KNEE")]
    seen = np.abs(np.sin(np.radians(body.yaw_deg)))
    forward = shank[:, 0] * body.facing_x / np.where(seen > 0.5, seen, np.nan)
    angle = from_vertical(forward, -shank[:, 1]) - SHANK_OFFSET_DEG
    noise = body.noise_deg(SEATED_SHANK * body.scene.stature_m, body.near("KNEE"), body.near("ANKLE"))
    return Series(angle, noise, np.hypot(SHANK_ERROR_DEG, body.scene.camera.roll_error_deg))


@measure("cm", needs=LEGS)
def leg_crossed(body: Body) -> Series:
    """How high one foot is raised over the other across that leg, in cm of a person of 1.70 m; 0 if it is not across.

    Feet on the floor differ by a few centimetres; an ankle laid on the other knee, or a thigh over the other thigh,
    raises one by far more.
    """
    return Series(_raised_across_cm(body), 100 * body.noise_m(*ANKLES), RAISED_ERROR_CM)


def _raised_across_cm(body: Body) -> Floats:
    ankles = _points(body, ANKLES) * (170.0 / body.scene.stature_m)
    raised = np.abs(ankles[:, 0, 1] - ankles[:, 1, 1])
    aside = np.abs(ankles[:, 0, 0] - ankles[:, 1, 0])
    return np.asarray(np.where(aside <= ACROSS_CM, raised, 0.0))
