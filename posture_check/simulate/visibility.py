"""Which landmarks the body itself hides, and what visibility the landmark model gives them.

The figures are medians of the pose model on eight rendered clips (front, side, hands behind the back). It is
sure of the face, the shoulders and the hips whether they can be seen or not; hidden elbows, wrists and legs
it knows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import POSE_LANDMARKS, L
from posture_check.measures.camera import Camera
from posture_check.simulate.body import Body, Figure

Floats = NDArray[np.floating[Any]]

HIDDEN_BY_THING = 0.15
OUT_OF_PICTURE = 0.08

_SEEN = {"ELBOW": 0.98, "WRIST": 0.96, "PINKY": 0.92, "INDEX": 0.92, "THUMB": 0.91, "KNEE": 0.99,
         "ANKLE": 0.98, "HEEL": 0.91, "FOOT_INDEX": 0.97}  # fmt: skip
_HIDDEN = {"ELBOW": 0.10, "WRIST": 0.15, "PINKY": 0.13, "INDEX": 0.13, "THUMB": 0.13, "KNEE": 0.31,
           "ANKLE": 0.48, "HEEL": 0.62, "FOOT_INDEX": 0.68}  # fmt: skip

# Radii in statures of the parts that hide others, and half of the trunk's width and depth.
_THIGH, _SHANK, _UPPER_ARM = 0.042, 0.028, 0.024
_TRUNK_WIDE, _TRUNK_DEEP = 0.088, 0.062
_SIDE_ON = 0.5
"""Sine of the turn from which one leg can hide the other from the model."""
_BEHIND = 0.6
"""A landmark counts as hidden so many radii behind the axis of what hides it."""


def _table(values: dict[str, float], otherwise: float) -> Floats:
    return np.array([next((v for k, v in values.items() if n.endswith(f"_{k}")), otherwise) for n in L.__members__])


_SEEN_TABLE, _HIDDEN_TABLE = _table(_SEEN, 1.0), _table(_HIDDEN, 0.97)


def visibilities(hidden: NDArray[np.bool_]) -> Floats:
    """Return the visibility ``(frames, 33)`` the model gives, from whether the body hides each landmark."""
    return np.where(hidden, _HIDDEN_TABLE, _SEEN_TABLE)


def hidden_by_body(room: Figure, camera: Camera, body: Body) -> NDArray[np.bool_]:
    """Tell which landmarks ``(frames, 33)`` lie behind another part of the body.

    Parameters
    ----------
    room
        The body in the camera's level room frame.
    camera
        Who looks.
    body
        Whose body.
    """
    out = np.zeros(room.points.shape[:2], bool)
    p, h = room.points, body.stature_m
    shoulders = (p[:, L.LEFT_SHOULDER] + p[:, L.RIGHT_SHOULDER]) / 2
    sideways = np.abs(room.trunk_axes[..., 2, 0])
    trunk = h * np.hypot(_TRUNK_WIDE * np.sqrt(1 - np.minimum(sideways, 1) ** 2), _TRUNK_DEEP * sideways)
    arms = [L[f"{s}_{j}"] for s in ("LEFT", "RIGHT") for j in ("ELBOW", "WRIST", "PINKY", "INDEX", "THUMB")]
    out[:, arms] |= _behind(p[:, arms], room.pelvis, shoulders, trunk, camera)
    # From the front the model is sure of a foot behind the other one too (rendered T stances: 0.8 to 0.98).
    side_on = np.abs(room.pelvis_axes[:, 2, :1]) > _SIDE_ON
    for side, other in (("LEFT", "RIGHT"), ("RIGHT", "LEFT")):
        arm = [L[f"{other}_{j}"] for j in ("ELBOW", "WRIST", "PINKY", "INDEX", "THUMB")]
        leg = [L[f"{other}_{j}"] for j in ("KNEE", "ANKLE", "HEEL", "FOOT_INDEX")]
        hip, knee, ankle, shoulder, elbow = (
            p[:, L[f"{side}_{j}"]] for j in ("HIP", "KNEE", "ANKLE", "SHOULDER", "ELBOW")
        )
        legs = _behind(p[:, leg], hip, knee, h * _THIGH, camera)
        legs |= _behind(p[:, leg], knee, ankle, h * _SHANK, camera)
        out[:, leg] |= legs & side_on
        out[:, arm] |= _behind(p[:, arm], hip, knee, h * _THIGH, camera)
        out[:, arm] |= _behind(p[:, arm], shoulder, elbow, h * _UPPER_ARM, camera)
    return out


def _behind(points: Floats, start: Floats, end: Floats, radius: float | Floats, camera: Camera) -> NDArray[np.bool_]:
    """Tell which points ``(frames, k, 3)`` a thick line between points ``(frames, 3)`` hides."""
    eye = np.array([0.0, camera.height_m, 0.0])
    reach = np.asarray(radius, float).reshape(-1, 1)
    sight = points - eye
    length = np.linalg.norm(sight, axis=-1)
    ray = sight / length[..., None]
    axis = (end - start)[:, None]
    offset = (start - eye)[:, None]
    # Nearest approach of the line of sight to the limb's axis.
    along = (ray * axis).sum(-1)
    square = (axis * axis).sum(-1)
    parallel = np.maximum(square - along**2, 1e-9)
    share = np.clip((along * (ray * offset).sum(-1) - (axis * offset).sum(-1)) / parallel, 0, 1)
    near = offset + share[..., None] * axis
    depth = (near * ray).sum(-1)
    miss = np.linalg.norm(near - depth[..., None] * ray, axis=-1)
    return np.asarray((miss < reach) & (depth < length - _BEHIND * reach))


assert len(_SEEN_TABLE) == POSE_LANDMARKS
