"""The chair from the printed marker on its seat, in a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.calibrate.boards import SEAT_ID, SEAT_MARKER_MM, find_markers
from posture_check.calibrate.profile import ChairProfile, Pixel
from posture_check.errors import InputError
from posture_check.measures.camera import Camera

Floats = NDArray[np.floating[Any]]
Image = NDArray[np.uint8]

MARKER_ERROR_PX = 1.5
"""A seat's corner found through the marker: the marker is laid straight within some millimetres over its length."""
MAX_SIZE_OFF = 0.2
"""A marker that looks larger or smaller by this share does not lie at the height that was given."""
USUAL_SEAT_WIDTH_CM = 45.0


def seat_from_marker(
    image: Image,
    camera: Camera,
    depth_cm: float,
    height_cm: float,
    gap_cm: float,
    marker_mm: float = SEAT_MARKER_MM,
    width_cm: float = USUAL_SEAT_WIDTH_CM,
    where: str = "--picture",
) -> ChairProfile:
    """Find the seat's corners from the marker that lies in its middle, its upper edge along the front edge.

    Parameters
    ----------
    image
        ``(height, width, 3)`` RGB.
    camera
        For pictures of this size.
    depth_cm, height_cm, width_cm
        Of the seat.
    gap_cm
        From the marker's upper edge to the seat's front edge.
    marker_mm
        Side of the printed marker.
    where
        The picture, for messages.

    Raises
    ------
    InputError
        If the marker is not seen, or looks too large or small for a seat of that height before this camera.
    """
    marker, corners, size_mm = _lying_marker(image, camera, height_cm, marker_mm, where)
    # Camera and marker tell the scale over the seat about equally well (each within some 3 %).
    metre = (1 + size_mm / marker_mm) / 2
    top, bottom = corners[:2].mean(axis=0), corners[2:].mean(axis=0)
    forward = (top - bottom) / np.linalg.norm(top - bottom)
    right = np.array([forward[1], -forward[0]])
    # In the room's axes (x right, z away, seen from above) turning right is clockwise; the sitter's right hand.
    front = top + forward * gap_cm / 100 * metre
    back = front - forward * depth_cm / 100 * metre
    half = right * width_cm / 200 * metre
    seat = np.array([front - half, front + half, back + half, back - half])
    pixels = camera.project(np.stack([seat[:, 0], np.full(4, height_cm / 100), seat[:, 1]], axis=-1))
    return ChairProfile(
        seat=as_pixels(pixels),
        depth_cm=depth_cm,
        height_cm=height_cm,
        size=(camera.width, camera.height),
        how="marker",
        marker=as_pixels(marker),
        points_error_px=MARKER_ERROR_PX,
    )


def _lying_marker(
    image: Image, camera: Camera, height_cm: float, marker_mm: float, where: str
) -> tuple[Floats, Floats, float]:
    """Return the seat marker's corners in the picture, and on the seat (x right, z away, metres), and its side in mm.

    Raises
    ------
    InputError
        If it is not seen, or does not lie on a seat of that height.
    """
    found = find_markers(image)
    if SEAT_ID not in found:
        others = f" (markers {', '.join(map(str, sorted(found)))} are)" if found else ""
        raise InputError(
            f"{where}: the seat marker is not seen{others}: lay the sheet of 'posture-check calibrate mat --seat' "
            "flat on "
            "the seat, whole in the picture, in good light; or give --seat",
            zh=f"{where}：看不到座面标记：请把打印的标记平放在座面上，完整入画，光线充足；或手工标记座面",
        )
    corners = camera.on_plane(found[SEAT_ID], height_cm / 100)[:, [0, 2]]
    if not np.isfinite(corners).all():
        raise InputError(
            f"{where}: the camera does not look down on a seat of {height_cm:g} cm: set it higher",
            zh=f"{where}：摄像机看不到 {height_cm:g} 厘米高的座面：请装高一些",
        )
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=-1)
    size = float(sides.mean()) * 1000
    if abs(size / marker_mm - 1) > MAX_SIZE_OFF:
        raise InputError(
            f"{where}: with this camera the seat marker is {size:.0f} mm wide, not {marker_mm:g}: check "
            "--seat-height-cm, "
            "--marker-mm and the camera's figures",
            zh=f"{where}：按这台摄像机，座面标记宽 {size:.0f} 毫米，而不是 {marker_mm:g}："
            "请检查座面高度、标记尺寸和摄像机的数值",
        )
    return found[SEAT_ID], corners, size


def as_pixels(points: Floats) -> tuple[Pixel, Pixel, Pixel, Pixel]:
    """Return four points ``(4, 2)`` as a profile keeps them."""
    a, b, c, d = ((round(float(x), 2), round(float(y), 2)) for x, y in points)
    return a, b, c, d
