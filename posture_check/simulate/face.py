"""The face mesh of the simulated person: a smooth oval, its named points where measures look for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.track import FACE_LANDMARKS
from posture_check.measures.camera import Camera
from posture_check.measures.offsets import HEAD_PITCH_OFFSET_DEG
from posture_check.simulate.body import Figure
from posture_check.simulate.rotation import apply, turn

Floats = NDArray[np.floating[Any]]

WIDEST_VIEW_DEG = 60.0
"""The face model finds faces turned away from the camera by no more than this."""
_SMALLEST_PX = 18.0

# Left, up, forward in statures about the middle of the face, in its own plane.
_POINTS: dict[int, tuple[float, float, float]] = {
    10: (0.0, 0.052, 0.0),  # middle of the hairline
    152: (0.0, -0.052, 0.0),  # chin
    234: (-0.039, 0.010, -0.035),  # cheekbone before the right ear
    454: (0.039, 0.010, -0.035),
    1: (0.0, -0.002, 0.030),  # tip of the nose
    13: (0.0, -0.0245, 0.012),  # inner lips
    14: (0.0, -0.0250, 0.012),
    61: (-0.0145, -0.0248, 0.008),  # corners of the mouth
    291: (0.0145, -0.0248, 0.008),
    33: (-0.026, 0.020, 0.0),  # outer corners of the eyes
    263: (0.026, 0.020, 0.0),
    133: (-0.009, 0.019, 0.004),  # inner corners
    362: (0.009, 0.019, 0.004),
    105: (-0.020, 0.030, 0.004),  # brows
    334: (0.020, 0.030, 0.004),
}
MIRRORED_POINTS = ((234, 454), (61, 291), (33, 263), (133, 362), (105, 334))
_MIDDLE = (0.0, -0.002, 0.056)
"""Middle of the face about the middle of the head, statures."""


def face_shape() -> Floats:
    """Return ``(468, 3)`` points in statures, axes left, up, forward of the face."""
    i = np.arange(FACE_LANDMARKS) + 0.5
    radius, angle = np.sqrt(i / FACE_LANDMARKS), np.pi * (1 + 5**0.5) * i
    points = np.stack(
        [0.038 * radius * np.cos(angle), 0.050 * radius * np.sin(angle), 0.02 - 0.05 * radius**2], axis=-1
    )
    for index, place in _POINTS.items():
        points[index] = place
    return points


def face_mesh(room: Figure, camera: Camera, stature_m: float, model_bias: bool) -> Floats:
    """Return the mesh ``(frames, 468, 3)`` in pixels as the model finds it; NaN where it finds none.

    The model sees the crop as if the camera looked straight at the face, without perspective.

    Parameters
    ----------
    room
        The body in the camera's level room frame.
    camera
        Who looks.
    stature_m
        Metres.
    model_bias
        Whether the plane of the mesh is tilted against the head as the model tilts it.
    """
    tilt = turn("x", HEAD_PITCH_OFFSET_DEG if model_bias else 0.0)
    middle = room.skull + stature_m * apply(room.head_axes, _MIDDLE)
    points = stature_m * face_shape() @ tilt.T @ np.swapaxes(room.head_axes, -1, -2)
    sight = middle - [0.0, camera.height_m, 0.0]
    distance = np.linalg.norm(sight, axis=-1)
    sight = sight / distance[:, None]
    azimuth = np.degrees(np.arctan2(sight[:, 0], sight[:, 2]))
    elevation = np.degrees(np.arcsin(sight[:, 1]))
    aimed = np.array([replace(camera, pitch_deg=-float(e)).rotation() for e in elevation])
    # In the room, where z runs away from the camera, an azimuth to the right is a turn about the up axis.
    seen = points @ np.swapaxes(aimed @ turn("y", -azimuth), -1, -2)
    out = np.empty(seen.shape)
    scale = (camera.focal_px / distance)[:, None, None]
    out[...] = scale * seen
    out[..., :2] += camera.project(middle)[:, None]
    away = np.degrees(np.arccos(np.clip(-(room.head_axes[..., 2] * sight).sum(-1), -1, 1)))
    out[(away > WIDEST_VIEW_DEG) | (scale[:, 0, 0] * 0.104 * stature_m < _SMALLEST_PX)] = np.nan
    return out
