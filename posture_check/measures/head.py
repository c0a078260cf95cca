"""The head: pitch, yaw and roll from the face mesh, mouth, and the neck from the side.

Signs: pitch positive looking down, yaw and roll positive towards the person's left, as in the rendered truth.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import from_vertical, wrap_deg
from posture_check.measures.body import Body, Floats, scene_error
from posture_check.measures.registry import measure
from posture_check.measures.scene import own_offset
from posture_check.measures.series import Series

FACE_RIGHT, FACE_LEFT, FACE_TOP, FACE_CHIN = 234, 454, 10, 152
"""Points of the face mesh: the cheekbones before the ears, the middle of the hairline, the chin."""
LIP_UPPER, LIP_LOWER, MOUTH_RIGHT, MOUTH_LEFT = 13, 14, 61, 291
"""Inner middles of the lips, and the corners of the mouth."""
MIN_FACE_PX = 120.0
"""The standard asks for a face of 120 px before an expression is judged."""
HEAD = (L.NOSE, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)


def head_axes(body: Body) -> Floats:
    """Return the head's axes in the room, ``(samples, 3, 3)``: columns person's left, up, forward.

    Room axes here: x to the picture's right, y up, z away from the camera, level with the floor.
    """
    face = body.track.details.face.astype(float)
    across = _unit(face[:, FACE_LEFT] - face[:, FACE_RIGHT])
    down = face[:, FACE_CHIN] - face[:, FACE_TOP]
    down = _unit(down - across * (across * down).sum(-1, keepdims=True))
    backward = np.cross(across, down)
    axes = np.stack([across, -down, -backward], axis=-1)
    return np.asarray(np.einsum("nij,njk->nik", _crop_to_room(body), axes))


def _crop_to_room(body: Body) -> Floats:
    """Rotations ``(samples, 3, 3)`` from the face mesh's axes to the room's.

    The mesh is found on a crop as if seen head-on (weak perspective), so its axes are those of a camera that looks
    straight at the face: the sight line's azimuth and elevation, and the camera's roll.
    """
    camera = body.scene.camera
    sight = camera.rays(body.track.details.face[:, :, :2].astype(float).mean(axis=1))
    turned = -np.arctan2(sight[:, 0], sight[:, 2])
    raised = np.arcsin(np.clip(sight[:, 1], -1, 1))
    one, zero = np.ones(len(sight)), np.zeros(len(sight))
    heading = np.stack(
        [np.cos(turned), zero, -np.sin(turned), zero, one, zero, np.sin(turned), zero, np.cos(turned)],
        axis=-1,
    ).reshape(-1, 3, 3)
    aimed = [replace(camera, pitch_deg=-np.degrees(up)).rotation().T for up in raised]
    return np.asarray(heading @ np.array(aimed).reshape(-1, 3, 3))


@measure("deg", needs=HEAD, needs_face=True)
def head_pitch(body: Body) -> Series:
    """Nod of the head in degrees against the upright, looking down positive."""
    own, error = own_offset(
        body.scene.neutral, "head_pitch_deg", offsets.HEAD_PITCH_ERROR_DEG, offsets.HEAD_PITCH_REPEAT_DEG
    )
    return spread(body, _pitch(body) - own, 1.5, np.hypot(error, scene_error(body, _pitch)))


@measure("deg", needs=(*HEAD, L.LEFT_HIP, L.RIGHT_HIP), needs_face=True)
def head_yaw(body: Body) -> Series:
    """Turn of the head against the trunk's facing in degrees, to the person's left positive."""
    forward = head_axes(body)[:, :, 2]
    turned = np.degrees(np.arctan2(forward[:, 0], -forward[:, 2]))
    details = body.track.details
    yaw = wrap_deg(turned + body.steady_yaw_deg[details.at])
    return spread(body, yaw, 1.5, np.hypot(offsets.HEAD_YAW_ERROR_DEG, offsets.YAW_ERROR_DEG))


@measure("deg", needs=HEAD, needs_face=True)
def head_roll(body: Body) -> Series:
    """Tilt of the head to a shoulder in degrees, to the person's left positive."""
    left = head_axes(body)[:, :, 0]
    roll = np.degrees(np.arctan2(-left[:, 1], np.hypot(left[:, 0], left[:, 2])))
    return spread(body, roll, 1.0, np.hypot(offsets.HEAD_ROLL_ERROR_DEG, body.scene.camera.roll_error_deg))


@measure("ratio", needs=(L.MOUTH_LEFT, L.MOUTH_RIGHT), needs_face=True)
def mouth_opening(body: Body) -> Series:
    """Gap between the lips over the width of the mouth; NaN where the face is smaller than 120 px."""
    face = body.track.details.face.astype(float)
    gap = np.linalg.norm(face[:, LIP_LOWER, :2] - face[:, LIP_UPPER, :2], axis=-1)
    width = np.linalg.norm(face[:, MOUTH_LEFT, :2] - face[:, MOUTH_RIGHT, :2], axis=-1)
    size = np.linalg.norm(face[:, FACE_CHIN, :2] - face[:, FACE_TOP, :2], axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        opening = np.where(size >= MIN_FACE_PX, gap / width, np.nan)
    return spread(body, opening, 0.02, 0.04)


@measure("deg", near=("EAR", "SHOULDER"))
def neck_lean(body: Body) -> Series:
    """Forward lean of the neck seen side-on in degrees: near ear against near shoulder from the vertical.

    The shoulder lies further out than the ear, so that a person not quite side-on shows it ahead or behind; that is
    taken out.
    """
    ear, shoulder = body.room[:, body.near("EAR")], body.room[:, body.near("SHOULDER")]
    neck = ear - shoulder
    turn = np.radians(body.yaw_deg)
    seen = np.abs(np.sin(turn))
    further_out = (offsets.JOINT_SHOULDER_WIDTH / 2 - offsets.EAR_OUT) * body.scene.stature_m
    forward = (neck[:, 0] * body.facing_x - further_out * np.cos(turn)) / np.where(seen > 0.5, seen, np.nan)
    lean = from_vertical(forward, neck[:, 1])
    noise = body.noise_deg(np.abs(neck[:, 1]), body.near("EAR"), body.near("SHOULDER"))
    return Series(lean, noise, np.hypot(offsets.NECK_LEAN_ERROR_DEG, body.scene.camera.roll_error_deg))


def _pitch(body: Body) -> Floats:
    forward = head_axes(body)[:, :, 2]
    return np.asarray(np.degrees(np.arcsin(np.clip(-forward[:, 1], -1, 1))) - offsets.HEAD_PITCH_OFFSET_DEG)


def spread(body: Body, values: Floats, noise: float, systematic: Floats | float) -> Series:
    """Return values of the looked-at frames as a series over all frames, NaN between them."""
    full = np.full(len(body), np.nan)
    full[body.track.details.at] = values
    return Series(full, noise, systematic)


def _unit(vectors: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))
