"""The floor: from points of a known rectangle to the camera's height, tilt and roll.

The camera of :mod:`posture_check.measures.camera` is fitted to where known floor points fall on the picture: the start
comes from the homography between floor and picture (its first two columns are the floor's axes as the camera sees them,
Zhang, A flexible new technique for camera calibration, PAMI 2000), the result from least squares over the pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.calibrate.points import is_convex
from posture_check.errors import InputError
from posture_check.measures.camera import Camera

Floats = NDArray[np.floating[Any]]

CLICK_ERROR_PX = 1.5
"""People mark a corner within about this, in a picture of 1280 pixels; more in a larger one."""
TAPE_ERROR = 0.005
"""Lengths taken with a tape on a floor are right within this share."""
HFOV_START_DEG = (30.0, 45.0, 60.0, 75.0, 95.0)
HFOV_RANGE_DEG = (15.0, 150.0)
MAX_HFOV_ERROR_DEG = 4.0
"""Where the points tell the field of view no better than this it must be given."""
MAX_RESIDUAL_SHARE = 0.005
"""Points further off the model than this share of the picture's longer side are not that rectangle."""


@dataclass(frozen=True, slots=True)
class FloorFit:
    """A camera fitted to points on the floor.

    Attributes
    ----------
    camera
        With the standard error of each figure.
    residual_px, residual_cm
        Root mean square distance between the points and the model, in the picture and on the floor.
    nearest_m, furthest_m
        Floor distances of the points from the camera.
    """

    camera: Camera
    residual_px: float
    residual_cm: float
    nearest_m: float
    furthest_m: float


def rectangle(width_m: float, depth_m: float) -> Floats:
    """Return the corners ``(4, 2)`` of a rectangle in metres, going round; the first side is the width."""
    return np.array([[0.0, 0.0], [width_m, 0.0], [width_m, depth_m], [0.0, depth_m]])


def fit_floor(
    points: Floats,
    ground: Floats,
    size: tuple[int, int],
    hfov: tuple[float, float] | None = None,
    error_px: float | None = None,
    where: str = "--points",
) -> FloorFit:
    """Find the camera that sees known floor points where they were seen.

    Parameters
    ----------
    points
        ``(n, 2)`` pixels, n at least 4.
    ground
        ``(n, 2)`` the same points on the floor in metres, along any two right-angled axes; they may be given mirrored.
    size
        Width and height of the picture in pixels.
    hfov
        Field of view along the longer side and its standard error in degrees; None finds it from the points.
    error_px
        Standard error of a point; None takes that of a careful click.
    where
        Where the points come from, for messages.

    Raises
    ------
    InputError
        If no camera above a floor sees the points so, or they do not tell the field of view.
    """
    if len(points) == 4 and not is_convex(points):
        raise InputError(
            f"{where}: the four points do not go round a rectangle: give them in order, one side after another",
            zh=f"{where}：四个点没有围成矩形：请按顺序逐边标记",
        )
    noise = CLICK_ERROR_PX * max(max(size) / 1280, 0.5) if error_px is None else error_px
    if hfov is not None:
        return _fit_known(points, ground, size, hfov, noise, where)
    fits = [_solve(points, ground, size, start, True) for start in HFOV_START_DEG]
    best = min((fit for fit in fits if fit is not None), key=lambda fit: fit[2], default=None)
    if best is None:
        raise _no_camera(where)
    fit = _summary(best, points, ground, size, noise, True, where)
    if not fit.camera.hfov_error_deg <= MAX_HFOV_ERROR_DEG:
        raise InputError(
            f"{where}: do not tell the field of view (within {fit.camera.hfov_error_deg:.0f}° only): give "
            "--hfov-deg, or "
            "calibrate the camera with the printed board first",
            zh=f"{where}：由这些点看不出视角（误差达 {fit.camera.hfov_error_deg:.0f}°）："
            "请填写视角，或先用打印的标定板标定",
        )
    return fit


def _fit_known(
    points: Floats, ground: Floats, size: tuple[int, int], hfov: tuple[float, float], noise: float, where: str
) -> FloorFit:
    best = _solve(points, ground, size, hfov[0], False)
    if best is None:
        raise _no_camera(where)
    fit = _summary(best, points, ground, size, noise, False, where)
    other = _solve(points, ground, size, hfov[0] + hfov[1], False)
    moved = np.abs(other[0][1:4] - best[0][1:4]) if other is not None else np.zeros(3)
    camera = fit.camera
    camera = replace(
        camera,
        hfov_error_deg=hfov[1],
        height_error_m=float(np.hypot(camera.height_error_m, moved[0])),
        pitch_error_deg=float(np.hypot(camera.pitch_error_deg, moved[1])),
        roll_error_deg=float(np.hypot(camera.roll_error_deg, moved[2])),
    )
    return replace(fit, camera=camera)


_Solution = tuple[Floats, Floats, float, float]
"""Parameters (hfov, height, pitch, roll, x, z, yaw), Jacobian over the free ones, root mean square in pixels,
handedness."""


def _solve(points: Floats, ground: Floats, size: tuple[int, int], hfov_deg: float, free: bool) -> _Solution | None:
    """Fit the camera from one field of view on; None where no camera above the floor comes out."""
    from scipy.optimize import least_squares

    level = Camera(*size, hfov_deg, 1.0, 0.0)
    start = _from_homography(points, ground, level)
    if start is None:
        return None
    figures, hand = start
    first = 0 if free else 1

    def misses(chosen: Floats) -> Floats:
        full = np.concatenate([figures[:first], chosen])
        seen = _camera(size, full).project(_in_room(ground, full, hand))
        return np.nan_to_num((seen - points).ravel(), nan=1e4)

    found = least_squares(misses, figures[first:], x_scale=np.array([10.0, 0.3, 3.0, 3.0, 0.3, 0.3, 0.1])[first:])
    full = np.concatenate([figures[:first], found.x])
    if not (HFOV_RANGE_DEG[0] < full[0] < HFOV_RANGE_DEG[1] and 0.02 < full[1] < 20 and -60 < full[2] < 89):
        return None
    return full, found.jac, float(np.sqrt(np.mean(found.fun**2) * 2)), hand


def _from_homography(points: Floats, ground: Floats, level: Camera) -> tuple[Floats, float] | None:
    """Return the figures ``(7,)`` and the handedness that the homography from floor to picture gives."""
    centred = np.concatenate(
        [(points - [level.width / 2, level.height / 2]) / level.focal_px, np.ones((len(points), 1))], 1
    )
    middle, spread = ground.mean(axis=0), float(ground.std()) or 1.0
    plane = np.concatenate([(ground - middle) / spread, np.ones((len(ground), 1))], axis=1)
    rows = np.concatenate(
        [
            np.concatenate([plane, np.zeros_like(plane), -centred[:, :1] * plane], axis=1),
            np.concatenate([np.zeros_like(plane), plane, -centred[:, 1:2] * plane], axis=1),
        ]
    )
    columns = np.linalg.svd(rows)[2][-1].reshape(3, 3).T
    scale = (np.linalg.norm(columns[0]) + np.linalg.norm(columns[1])) / 2 * np.sign(columns[2][2])
    if abs(scale) < 1e-9:
        return None
    along, across, origin = columns[0] / scale, columns[1] / scale, columns[2] / scale * spread
    along /= np.linalg.norm(along)
    across = across - along * float(along @ across)
    across /= np.linalg.norm(across)
    up, hand = np.cross(along, across), 1.0
    if up @ origin > 0:
        up, hand = -up, -1.0
    pitch = float(np.degrees(np.arcsin(np.clip(-up[2], -1, 1))))
    roll = float(np.degrees(np.arctan2(-up[0], -up[1])))
    height = float(-up @ origin)
    if abs(roll) > 45 or height <= 0:
        return None
    turned = replace(level, pitch_deg=pitch, roll_deg=roll).rotation().T
    axis, place = turned @ along, turned @ origin
    yaw = float(np.arctan2(axis[2], axis[0]))
    shift = _turned(-middle, yaw, hand) + place[[0, 2]]
    return np.array([level.hfov_deg, height, pitch, roll, shift[0], shift[1], yaw]), hand


def _turned(ground: Floats, yaw: float, hand: float) -> Floats:
    c, s = np.cos(yaw), np.sin(yaw)
    x, y = ground[..., 0], hand * ground[..., 1]
    return np.stack([c * x - s * y, s * x + c * y], axis=-1)


def _in_room(ground: Floats, figures: Floats, hand: float) -> Floats:
    flat = _turned(ground, float(figures[6]), hand) + figures[4:6]
    return np.stack([flat[:, 0], np.zeros(len(flat)), flat[:, 1]], axis=-1)


def _camera(size: tuple[int, int], figures: Floats) -> Camera:
    hfov, height, pitch, roll = (float(f) for f in figures[:4])
    return Camera(*size, hfov, height, pitch, roll)


def _summary(
    best: _Solution, points: Floats, ground: Floats, size: tuple[int, int], noise: float, free: bool, where: str
) -> FloorFit:
    figures, jacobian, residual, hand = best
    if residual > max(MAX_RESIDUAL_SHARE * max(size), 4 * noise):
        raise InputError(
            f"{where}: the points are {residual:.0f} pixels off those of such a rectangle: check their order and "
            "places, "
            "its two lengths (the first is from point 1 to 2), the picture's size and the field of view",
            zh=f"{where}：各点与这样的矩形相差 {residual:.0f} 像素："
            "请检查点的顺序和位置、两条边长（第一条从点 1 到点 2）、画面大小和视角",
        )
    freedom = 2 * len(points) - (7 if free else 6)
    spread = max(noise, residual / np.sqrt(2) * np.sqrt(2 * len(points) / freedom)) if freedom > 0 else noise
    with np.errstate(all="ignore"):
        errors = np.sqrt(np.abs(np.diag(np.linalg.pinv(jacobian.T @ jacobian)))) * spread
    hfov_error = float(errors[0]) if free else 0.0
    height, pitch, roll = errors[1:4] if free else errors[:3]
    camera = replace(
        _camera(size, figures),
        hfov_error_deg=hfov_error,
        height_error_m=float(np.hypot(height, TAPE_ERROR * figures[1])),
        pitch_error_deg=float(pitch),
        roll_error_deg=float(roll),
    )
    placed = _in_room(ground, figures, hand)
    off = np.linalg.norm(camera.on_plane(points) - placed, axis=-1)
    return FloorFit(
        camera,
        residual,
        float(np.sqrt(np.mean(off**2)) * 100),
        float(placed[:, 2].min()),
        float(placed[:, 2].max()),
    )


def _no_camera(where: str) -> InputError:
    return InputError(
        f"{where}: no camera above a floor sees a rectangle so: check the order and the places of the points and the "
        "picture's size",
        zh=f"{where}：地面以上的摄像机不会这样看到一个矩形：请检查点的顺序和位置、画面大小",
    )
