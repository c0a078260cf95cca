"""The camera: its profile from figures, from pictures of the board, and from what lies on the floor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from posture_check.calibrate import boards
from posture_check.calibrate.floor import FloorFit, fit_floor
from posture_check.calibrate.lens import LensFit, board_views, fit_lens
from posture_check.calibrate.profile import CameraProfile, FloorProfile, LensProfile
from posture_check.errors import InputError
from posture_check.sources.frame import Frame

Floats = NDArray[np.floating[Any]]

BOARD_RATE_HZ = 3.0
"""So many pictures a second of a video are searched for the board."""
MAT_SIZE_OFF = 0.08
"""Markers that look larger or smaller by this share against the rectangle: one of the two was measured wrong."""


def camera_profile(**figures: float | tuple[int, int] | None) -> CameraProfile:
    """Return the profile of a camera measured by hand; None leaves a figure at its default.

    Raises
    ------
    InputError
        If a figure is impossible, naming its option.
    """
    try:
        return CameraProfile.model_validate({name: value for name, value in figures.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        option = f"--{first['loc'][0]}".replace("_", "-")
        given = "" if first["type"] == "missing" else f" {first['input']}"
        raise InputError(f"{option}{given}: {first['msg'].lower()}") from None


def lens_from(paths: Sequence[str], square_mm: float) -> LensFit:
    """Find the field of view from pictures or videos of the board.

    Raises
    ------
    InputError
        If a file cannot be read, or they do not show the board well enough.
    """
    from posture_check.sources import expand_paths

    files = [file for path in paths for file in expand_paths([path])]
    seen = [view for file in files for view in board_views(frames_of(file), square_mm)]
    return fit_lens(seen, files[0] if len(files) == 1 else f"{len(files)} pictures")


def lens_profile(fit: LensFit) -> LensProfile:
    """Return what a profile keeps of a lens."""
    return LensProfile(
        views=fit.views,
        corners=fit.corners,
        reprojection_px=round(fit.reprojection_px, 3),
        bend_px=round(fit.bend_px, 2),
    )


def frames_of(spec: str, rate_hz: float = BOARD_RATE_HZ) -> Iterator[Frame]:
    """Yield frames of a picture or a video, so many a second.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    from posture_check.sources import open_source

    with open_source(spec, max_rate_hz=rate_hz) as source:
        yield from source


def first_frame(spec: str) -> Frame:
    """Return the first frame of a picture or a video.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    for frame in frames_of(spec):
        return frame
    raise InputError(f"{spec}: holds no picture: use another")


def floor_in_picture(
    spec: str, size_cm: tuple[float, float] | None, hfov: tuple[float, float] | None, square_mm: float | None
) -> tuple[FloorFit, FloorProfile]:
    """Find the camera's place from a picture of the mat, or of the board, on the floor.

    Parameters
    ----------
    spec
        Picture or video.
    size_cm
        Width and depth between the outer corners of the mat's markers; None looks for the board.
    hfov
        Field of view and its error in degrees; None finds it.
    square_mm
        Side of the board's squares; None as printed.

    Raises
    ------
    InputError
        If the mat or the board is not seen whole, or does not fit any camera.
    """
    return floor_in_image(first_frame(spec).image, size_cm, hfov, square_mm, spec)


def floor_in_image(
    image: NDArray[np.uint8],
    size_cm: tuple[float, float] | None,
    hfov: tuple[float, float] | None,
    square_mm: float | None,
    spec: str,
) -> tuple[FloorFit, FloorProfile]:
    """Do the same for a picture in memory, ``(height, width, 3)`` RGB; ``spec`` is what messages call it."""
    size = (image.shape[1], image.shape[0])
    if size_cm is None:
        side = square_mm or boards.SQUARE_MM
        view = boards.find_board(image, side)
        if view is None:
            raise InputError(
                f"{spec}: the board is not seen: lay it flat on the floor 1 to 2 m before the camera; for the mat give "
                "--size-cm"
            )
        fit = fit_floor(view.corners, view.board_m, size, hfov, boards.FOUND_ERROR_PX, spec)
        return fit, floor_profile("board", fit, view.corners, view.board_m, side)
    found = boards.find_markers(image)
    missing = [i + 1 for i, number in enumerate(boards.MAT_IDS) if number not in found]
    if missing:
        sheets = ", ".join(map(str, missing))
        raise InputError(
            f"{spec}: of the mat's sheets 1 to 4 these are not seen: {sheets}: lay all four flat, whole in the "
            "picture, "
            "nearer if they are small; or give --points",
            zh=f"地面标记 1 至 4 中没有看到：{sheets}：请四张都平放、完整入画，太小就靠近一些；或手工标记各点",
        )
    corners, ground = boards.mat_corners(found), boards.mat_ground(*size_cm)
    fit = fit_floor(corners, ground, size, hfov, boards.FOUND_ERROR_PX, spec)
    _check_marker_size(fit, found, spec)
    return fit, floor_profile("markers", fit, corners, ground)


def floor_profile(
    how: str, fit: FloorFit, points: Floats, ground: Floats, square_mm: float | None = None
) -> FloorProfile:
    """Return what a profile keeps of a floor calibration."""
    return FloorProfile.model_validate(
        {
            "how": how,
            "residual_px": round(fit.residual_px, 3),
            "residual_cm": round(fit.residual_cm, 3),
            "square_mm": square_mm,
            "points": [(round(float(x), 2), round(float(y), 2)) for x, y in points],
            "ground_cm": [(round(float(x) * 100, 2), round(float(y) * 100, 2)) for x, y in ground],
        }
    )


def placed_camera(fit: FloorFit) -> CameraProfile:
    """Return the profile of a camera found from the floor."""
    camera = fit.camera
    return camera_profile(
        hfov_deg=round(camera.hfov_deg, 3),
        height_m=round(camera.height_m, 4),
        pitch_deg=round(camera.pitch_deg, 3),
        roll_deg=round(camera.roll_deg, 3),
        hfov_error_deg=round(camera.hfov_error_deg, 3),
        height_error_m=round(camera.height_error_m, 4),
        pitch_error_deg=round(camera.pitch_error_deg, 3),
        roll_error_deg=round(camera.roll_error_deg, 3),
        size=(camera.width, camera.height),
    )


def _check_marker_size(fit: FloorFit, found: dict[int, Floats], where: str) -> None:
    """Compare the rectangle that was measured with the markers that were printed."""
    sides = []
    for number in boards.MAT_IDS:
        flat = fit.camera.on_plane(found[number])
        sides.append(np.linalg.norm(flat - np.roll(flat, 1, axis=0), axis=-1))
    size = float(np.median(sides)) * 1000
    if abs(size / boards.MAT_MARKER_MM - 1) > MAT_SIZE_OFF:
        raise InputError(
            f"{where}: by --size-cm the markers are {size:.0f} mm wide, printed they are {boards.MAT_MARKER_MM:g}: "
            "measure "
            "again between the corners by the dots, and see that the sheets were printed at 100 %"
        )
