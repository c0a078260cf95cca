"""The trunk: shoulder tilt, lean to the side, lean fore and aft."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import from_horizontal, from_vertical
from posture_check.measures.body import Body, Floats, scene_error
from posture_check.measures.registry import measure
from posture_check.measures.scene import midpoint, own_offset
from posture_check.measures.series import Series

SHOULDERS = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
TRUNK = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP)
FOLDED_SHANK_DEG, FOLDED_THIGH = 35.0, 0.3
"""Shanks this far folded back under thighs that go down by this many trunk lengths: the person perches or kneels. The
feet of chairs' sitters are tucked under by 30 degrees at most, with thighs that go down by less than 0.2."""
FOLDED_ERROR_DEG = 15.0
"""How far the hip points are from the hips was learned on people who stand and on level thighs, on no folded legs: a
fifth of the thigh's length more or less along a thigh that hangs forward is 15 degrees of the trunk."""
OUTLINE_LASTS_S = 1.0
"""A look at the outline tells what the shoulder points miss for this long before and after."""


@measure("deg", needs=SHOULDERS)
def shoulder_tilt(body: Body) -> Series:
    """Tilt of the shoulder line against the horizontal in degrees, left shoulder higher positive.

    The camera's roll and pitch are taken out, and so is the nearer shoulder's looking lower or higher by perspective
    when the person is turned. Where the person's outline was looked at it tells the tilt, and the shoulder points how
    it goes on in between; elsewhere the shoulder points alone, which do not follow a raised shoulder all the way.
    """
    width = offsets.JOINT_SHOULDER_WIDTH * body.scene.stature_m
    noise = body.noise_deg(width, *SHOULDERS)
    near = np.isfinite(_missed_tilt(body))
    noise = np.where(near, np.hypot(noise, offsets.OUTLINE_TILT_NOISE_DEG), noise)
    error = np.where(near, offsets.OUTLINE_TILT_ERROR_DEG, offsets.SHOULDER_TILT_ERROR_DEG)
    return Series(_shoulder_tilt(body), noise, np.hypot(error, scene_error(body, _shoulder_tilt)))


def _shoulder_tilt(body: Body) -> Floats:
    return _tilt_of_points(body) + np.nan_to_num(_missed_tilt(body))


def _tilt_of_points(body: Body) -> Floats:
    half = offsets.JOINT_SHOULDER_WIDTH * body.scene.stature_m / 2
    nearer = half * np.sin(np.radians(body.yaw_deg))
    return _tilt_of_line(body, body.xy[:, SHOULDERS].astype(float), nearer)


def _missed_tilt(body: Body) -> Floats:
    """Return ``(frames,)`` degrees that the outline shows beyond the shoulder points; NaN far from a look."""
    details, times = body.track.details, body.track.time_s
    caps = np.full((len(body), 2, 2), np.nan)
    caps[details.at] = details.shoulders
    flat = body.scene.camera.at_depth(caps, body.depth_m[:, None])
    # The caps' centres are nearer one another than the joints: their own distance tells their depths.
    nearer = np.abs(flat[:, 0, 0] - flat[:, 1, 0]) / 2 * np.tan(np.radians(body.yaw_deg))
    missed = _tilt_of_line(body, caps, nearer) - _tilt_of_points(body)
    looks = np.flatnonzero(np.isfinite(missed))
    if not len(looks):
        return missed
    gap = np.abs(times[:, None] - times[looks]).min(1)
    return np.where(gap <= OUTLINE_LASTS_S, np.interp(times, times[looks], missed[looks]), np.nan)


def _tilt_of_line(body: Body, ends: Floats, nearer: Floats) -> Floats:
    """Return the tilt ``(frames,)`` in degrees of lines ``(frames, 2, 2)`` in pixels, left end nearer by so much."""
    camera = body.scene.camera
    left = camera.at_depth(ends[:, 0], body.depth_m - nearer)
    right = camera.at_depth(ends[:, 1], body.depth_m + nearer)
    across = np.hypot(left[:, 0] - right[:, 0], 2 * nearer)
    return from_horizontal(across, left[:, 1] - right[:, 1])


@measure("deg", needs=TRUNK)
def trunk_lean_side(body: Body) -> Series:
    """Sideways lean of the trunk from the vertical in degrees, to the person's left positive.

    A turned person's lean fore and aft shows as one to the side; how far people's natural lean differs adds to the
    error.
    """
    points = body.room
    trunk = midpoint(points, L.LEFT_SHOULDER, L.RIGHT_SHOULDER) - midpoint(points, L.LEFT_HIP, L.RIGHT_HIP)
    lean = from_vertical(trunk[:, 0], trunk[:, 1]) - offsets.LEAN_SIDE_PER_YAW * body.yaw_deg
    seen = np.cos(np.radians(body.yaw_deg))
    own, error = own_offset(
        body.scene.neutral, "lean_side_deg", offsets.LEAN_SIDE_ERROR_DEG, offsets.LEAN_SIDE_REPEAT_DEG
    )
    lean = lean / np.where(seen > 0.3, seen, np.nan) - own
    turned = offsets.LEAN_FORE_ERROR_DEG * np.tan(np.radians(body.yaw_deg))
    systematic = np.hypot(np.hypot(error, turned), body.scene.camera.roll_error_deg)
    return Series(lean, body.noise_deg(np.abs(trunk[:, 1]), *TRUNK), systematic)


@measure("deg", near=("SHOULDER", "HIP"))
def trunk_lean_fore(body: Body) -> Series:
    """Forward lean of the trunk in degrees, forward positive, relative to a person's natural upright.

    Seen side-on; the population's offset between landmarks and upright is taken out
    (:data:`~posture_check.measures.offsets.LEAN_FORE_OFFSET_DEG`), and so is the person's own if it was calibrated.
    """
    points = body.room
    trunk = midpoint(points, L.LEFT_SHOULDER, L.RIGHT_SHOULDER) - midpoint(points, L.LEFT_HIP, L.RIGHT_HIP)
    seen = np.abs(np.sin(np.radians(body.yaw_deg)))
    lean = from_vertical(trunk[:, 0] * body.facing_x, trunk[:, 1]) - offsets.LEAN_FORE_OFFSET_DEG
    own, error = own_offset(
        body.scene.neutral, "lean_fore_deg", offsets.LEAN_FORE_ERROR_DEG, offsets.LEAN_FORE_REPEAT_DEG
    )
    lean = lean / np.where(seen > 0.5, seen, np.nan) - own
    systematic = np.hypot(error, body.scene.camera.roll_error_deg)
    systematic = np.hypot(systematic, np.where(_legs_folded(body), FOLDED_ERROR_DEG, 0.0))
    return Series(lean, body.noise_deg(np.abs(trunk[:, 1]), *TRUNK), systematic)


def _legs_folded(body: Body) -> NDArray[np.bool_]:
    """Return whether both shanks are folded back under hanging thighs, ``(frames,)``; told side-on."""
    shoulders, hips, knees, ankles = (
        midpoint(body.room, L[f"LEFT_{n}"], L[f"RIGHT_{n}"]) for n in ("SHOULDER", "HIP", "KNEE", "ANKLE")
    )
    shank = knees - ankles
    folded = from_vertical(shank[:, 0] * body.facing_x, shank[:, 1])
    with np.errstate(invalid="ignore"):
        hanging = (hips - knees)[:, 1] > FOLDED_THIGH * np.linalg.norm((shoulders - hips)[:, :2], axis=-1)
        return np.asarray(hanging & (folded > FOLDED_SHANK_DEG))
