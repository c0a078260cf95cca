"""The camera: how points of the room fall on the picture, and back to the floor.

Axes of the level room frame seen from the camera: x to the right, y up, z away from the camera along the floor; the
camera stands at height ``height_m`` above the origin, the floor is y = 0. ``pitch_deg`` > 0 looks down, ``roll_deg``
> 0 turns the camera clockwise (the picture turns anticlockwise).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera above a level floor; every figure with its standard error.

    Attributes
    ----------
    width, height
        Picture in pixels.
    hfov_deg
        Field of view along the longer side of the picture in degrees (a phone turned upright keeps its figure).
    height_m
        Height of the lens above the floor in metres.
    pitch_deg
        Downward tilt in degrees.
    roll_deg
        Clockwise roll in degrees.
    """

    width: int
    height: int
    hfov_deg: float
    height_m: float
    pitch_deg: float
    roll_deg: float = 0.0
    hfov_error_deg: float = 0.0
    height_error_m: float = 0.0
    pitch_error_deg: float = 0.0
    roll_error_deg: float = 0.0

    @property
    def focal_px(self) -> float:
        """Focal length in pixels (square pixels)."""
        return float(max(self.width, self.height) / 2 / np.tan(np.radians(self.hfov_deg) / 2))

    def rotation(self) -> Floats:
        """Return the ``(3, 3)`` matrix from room axes (x right, y up, z away) to camera axes (y down)."""
        p, r = np.radians(self.pitch_deg), np.radians(self.roll_deg)
        tilt = np.array([[1, 0, 0], [0, -np.cos(p), -np.sin(p)], [0, -np.sin(p), np.cos(p)]])
        roll = np.array([[np.cos(r), np.sin(r), 0], [-np.sin(r), np.cos(r), 0], [0, 0, 1]])
        return np.asarray(roll @ tilt)

    def project(self, points: Floats) -> Floats:
        """Project room points ``(..., 3)`` in metres to pixels ``(..., 2)``; NaN behind the camera."""
        seen = (np.asarray(points) - [0.0, self.height_m, 0.0]) @ self.rotation().T
        depth = np.where(seen[..., 2:] > 1e-6, seen[..., 2:], np.nan)
        return np.asarray(self.focal_px * seen[..., :2] / depth + [self.width / 2, self.height / 2])

    def rays(self, xy: Floats) -> Floats:
        """Return the unit directions ``(..., 3)`` in level room axes of pixels ``(..., 2)``."""
        xy = np.asarray(xy, float)
        centred = (xy - [self.width / 2, self.height / 2]) / self.focal_px
        seen = np.concatenate([centred, np.ones((*xy.shape[:-1], 1))], axis=-1)
        rays = seen @ self.rotation()
        return np.asarray(rays / np.linalg.norm(rays, axis=-1, keepdims=True))

    def on_plane(self, xy: Floats, height_m: float | Floats = 0.0) -> Floats:
        """Return where the sight lines of pixels ``(..., 2)`` meet the level plane at ``height_m``, ``(..., 3)``.

        NaN where they do not: above the horizon.
        """
        rays = self.rays(xy)
        drop = np.asarray(height_m, float) - self.height_m
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = drop / rays[..., 1]
        scale = np.where(scale > 0, scale, np.nan)
        return np.asarray(rays * scale[..., None] + [0.0, self.height_m, 0.0])

    def at_depth(self, xy: Floats, depth_m: float | Floats) -> Floats:
        """Return the room points ``(..., 3)`` of pixels ``(..., 2)`` at floor distance ``depth_m`` from the camera."""
        rays = self.rays(xy)
        scale = np.asarray(depth_m, float) / rays[..., 2]
        return np.asarray(rays * scale[..., None] + [0.0, self.height_m, 0.0])
