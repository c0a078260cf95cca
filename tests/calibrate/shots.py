"""Printed sheets as known cameras see them: drawn by a homography, with the blur and noise of a camera."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from posture_check.measures.camera import Camera

Floats = NDArray[np.floating[Any]]
FINER = 2
"""Drawn so much finer and averaged, as a sensor does."""


def shoot(
    sheet: NDArray[np.uint8], px_per_mm: float, camera: Camera, place: Callable[[Floats], Floats], seed: int = 0
) -> NDArray[np.uint8]:
    """Return the RGB picture of a sheet.

    Parameters
    ----------
    sheet
        Grey page.
    px_per_mm
        Its scale.
    camera
        What looks at it.
    place
        From metres on the page ``(n, 2)``, x to the right and y down, to metres in the room ``(n, 3)``.
    """
    height, width = sheet.shape
    finer = replace(camera, width=camera.width * FINER, height=camera.height * FINER)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    seen = finer.project(place(corners / px_per_mm / 1000))
    turn = cv2.getPerspectiveTransform((corners - 0.5).astype(np.float32), (seen - 0.5).astype(np.float32))
    drawn = cv2.warpPerspective(sheet, turn, (finer.width, finer.height), flags=cv2.INTER_LINEAR, borderValue=120)
    small = cv2.resize(drawn, (camera.width, camera.height), interpolation=cv2.INTER_AREA)
    noisy = small * 0.8 + 20 + np.random.default_rng(seed).normal(0, 3, small.shape)
    return np.repeat(np.clip(noisy, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def level(height_m: float, middle: tuple[float, float], size_mm: tuple[float, float], turn_deg: float = 0.0) -> Any:
    """Return the place of a page that lies level, its middle there, its top away from the camera or turned."""
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))

    def place(page: Floats) -> Floats:
        x, y = page[:, 0] - size_mm[0] / 2000, size_mm[1] / 2000 - page[:, 1]
        return np.stack([middle[0] + c * x - s * y, np.full(len(page), height_m), middle[1] + s * x + c * y], axis=-1)

    return place


def held(camera: Camera, distance_m: float, tilt_deg: float, turn_deg: float, aside_m: float, size_mm: Any) -> Any:
    """Return the place of a page held up before a level camera."""
    a, b = np.radians(tilt_deg), np.radians(turn_deg)
    turn = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    tilt = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])

    def place(page: Floats) -> Floats:
        flat = np.stack([page[:, 0] - size_mm[0] / 2000, size_mm[1] / 2000 - page[:, 1], np.zeros(len(page))], axis=-1)
        return np.asarray(flat @ (turn @ tilt).T + [aside_m, camera.height_m, distance_m])

    return place


def save(image: NDArray[np.uint8], path: Any) -> str:
    """Write a picture; return its name."""
    Image.fromarray(image).save(path)
    return str(path)
