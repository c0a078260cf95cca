"""How the landmark model looks: its jitter, its biases, what it can find."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.measures.camera import Camera
from posture_check.simulate.body import Figure

Floats = NDArray[np.floating[Any]]

DETAILS_HZ = 2.0
"""How often hands and arms are looked at."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the landmark model sees.

    Attributes
    ----------
    noise_px
        Standard deviation of each landmark's jitter from frame to frame, per axis, in pixels.
    drift_px
        Standard deviation of its slow wandering (correlated over about half a second); None is half the
        jitter.
    occlusion
        Landmarks hidden by a thing.
    model_bias
        Whether landmarks lie where the landmark model puts them rather than at the joint centres.
    mirror
        Whether the picture is flipped, as a selfie camera does.
    seed
        Of the noise.
    details_hz
        How often hands, face and arms are looked at.
    """

    noise_px: float = 0.0
    drift_px: float | None = None
    occlusion: Collection[int] = ()
    model_bias: bool = True
    mirror: bool = False
    seed: int = 0
    details_hz: float = DETAILS_HZ


def depths(camera: Camera, points: Floats) -> Floats:
    """Return how far points ``(..., 3)`` of the room are from the lens along its axis, metres."""
    return np.asarray((points - [0.0, camera.height_m, 0.0]) @ camera.rotation()[2])


def outside(image: Floats, camera: Camera) -> NDArray[np.bool_]:
    """Tell which pixels ``(..., 2+)`` lie outside the picture."""
    x, y = image[..., 0], image[..., 1]
    return np.asarray(~((x >= 0) & (x < camera.width) & (y >= 0) & (y < camera.height)))


def turn_to_camera_deg(room: Figure) -> Floats:
    """Return the turn of the person against the camera, positive when it stands towards their left."""
    forward = room.pelvis_axes[..., 2]
    return np.degrees(np.arctan2(-forward[:, 0], -forward[:, 2]))
