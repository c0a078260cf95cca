"""The chair: from four points of a picture and a ruler to the seat in the room.

The seat's top is level at a known height, so its corners' sight lines meet it in known places, if the camera is right.
The known depth of the seat tells how right it is: the smallest change of everything uncertain (camera, points, ruler),
each in units of its own standard error, that gives the seat that depth is taken (least squares under one constraint,
first order, a few steps); how large a change that takes says whether camera and chair agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.calibrate.points import is_convex
from posture_check.calibrate.profile import ChairProfile, Profile
from posture_check.errors import InputError
from posture_check.measures.camera import Camera
from posture_check.measures.scene import Chair

Floats = NDArray[np.floating[Any]]

FRONT_LEFT, FRONT_RIGHT, BACK_RIGHT, BACK_LEFT = range(4)
DISAGREES_SIGMA = 2.0
"""From here on the camera and the chair are said to disagree: one honest calibration in twenty."""
REFUSED_SIGMA = 4.0
REFUSED_SHARE = 0.2
"""Beyond both, the points or the camera are wrong: no honest error reaches it."""
HOPELESS = np.log(1.7)
"""Nor does any let a seat look so much deeper or shallower than it is, as a logarithm of the ratio."""
WIDTH_CM = (28.0, 75.0)
"""Seats of chairs, stools and armchairs for one person are that wide, marking errors included."""
BEHIND_DEG = 135.0
"""A camera beyond this sees the sitter's back: nobody calibrates a chair from there, so the order is wrong."""
SKEW_DEG = 30.0
"""A seat's sides meet its front edge at a right angle within this; trapezoid seats narrow by less on each side."""
COMMON_SIZES = (
    *((1280, 720), (1920, 1080), (640, 480), (640, 360), (960, 540), (1280, 960)),
    *((720, 1280), (1080, 1920), (480, 640), (960, 720), (800, 600)),
)
"""Pictures' sizes that are tried where none is known, the likeliest first."""


@dataclass(frozen=True, slots=True)
class SeatFit:
    """A seat as the camera and the ruler see it together.

    Attributes
    ----------
    chair
        The seat in the room, of exactly the depth that was measured.
    camera
        The camera, corrected as the depth asks.
    implied_depth_m, implied_error_m
        Depth of the seat by the uncorrected camera, and the standard error that camera, points and ruler put on it.
    width_m
        Mean of the front and the back edge.
    facing_deg
        Turn of the seat against the camera, as a person's yaw: 0 faces the camera, positive when the camera stands
        towards the sitter's left.
    skew_deg
        How far front edge and seat direction are from a right angle.
    """

    chair: Chair
    camera: Camera
    implied_depth_m: float
    implied_error_m: float
    width_m: float
    facing_deg: float
    skew_deg: float

    @property
    def off_sigma(self) -> float:
        """How many standard errors the implied depth is off the measured one."""
        return abs(self.implied_depth_m - self.chair.depth_m) / self.implied_error_m


def fit_seat(camera: Camera, chair: ChairProfile, where: str = "--seat") -> SeatFit:
    """Put the seat into the room.

    Parameters
    ----------
    camera
        For pictures of the size that the points were marked in, with its errors.
    chair
        Points and ruler.
    where
        Where the points come from, for messages.

    Raises
    ------
    InputError
        If the points cannot be the corners of a seat of that height before this camera.
    """
    seat = np.array(chair.seat, float)
    _check_order(camera, seat, chair, where)
    given = chair.depth_cm / 100
    start = np.concatenate([_figures(camera), [chair.height_cm / 100], seat.ravel(), [given]])
    sigma = np.concatenate(
        [
            [camera.hfov_error_deg, camera.height_error_m, camera.pitch_error_deg, camera.roll_error_deg],
            [chair.height_error_cm / 100],
            np.full(8, chair.points_error_px),
            [chair.depth_error_cm / 100],
        ]
    )
    implied = _depth(_corners(camera, start))
    at, error = start, 0.0
    for _ in range(4):
        slope = _slopes(camera, at, sigma)
        if error == 0.0:
            error = float(np.linalg.norm(slope))
        miss = _depth(_corners(camera, at)) - at[-1] - slope @ ((at - start) / sigma)
        at = start - sigma * slope * miss / float(slope @ slope)
    corners = _corners(camera, at)
    forward = _middle(corners, FRONT_LEFT, FRONT_RIGHT) - _middle(corners, BACK_LEFT, BACK_RIGHT)
    forward[1] = 0.0
    forward /= np.linalg.norm(forward)
    left = np.array([-forward[2], 0.0, forward[0]])
    sideways = corners[FRONT_LEFT] - corners[FRONT_RIGHT]
    middle = corners.mean(axis=0)
    # The camera stands at the room's origin: the sight line to the seat is its own place on the floor.
    to_camera = -middle * [1, 0, 1]
    fit = SeatFit(
        _chair(camera, at, sigma, forward),
        _changed(camera, at),
        implied,
        error,
        float(np.linalg.norm(corners[[0, 3]] - corners[[1, 2]], axis=-1).mean()),
        float(np.degrees(np.arctan2(left @ to_camera, forward @ to_camera))),
        float(np.degrees(np.arctan2(sideways @ forward, sideways @ left))),
    )
    return _believed(fit, chair, where)


def fit_profile_seat(profile: Profile, size: tuple[int, int]) -> SeatFit | None:
    """Return the profile's seat for pictures of this size; None if it has no chair.

    Raises
    ------
    InputError
        If the seat was marked in a picture of another shape, or does not fit the camera.
    """
    chair = profile.chair
    if chair is None:
        return None
    where = f"calibration {profile.name}: chair"
    if chair.size is not None and chair.size != size:
        across, down = size[0] / chair.size[0], size[1] / chair.size[1]
        if abs(across / down - 1) > 0.01:
            marked, here = ("{}x{}".format(*s) for s in (chair.size, size))
            raise InputError(
                f"{where}: marked in a picture of {marked}, this one is {here}: mark the seat again in such a picture",
                zh=f"{where}：座面是在 {marked} 的画面上标记的，这张是 {here}：请在同样大小的画面上重新标记",
            )
        moved = tuple((x * across, y * down) for x, y in chair.seat)
        chair = chair.model_copy(update={"seat": moved, "points_error_px": chair.points_error_px * across})
    return fit_seat(profile.camera.camera(*size), chair, where)


def likely_fit(profile: Profile, chair: ChairProfile) -> tuple[tuple[int, int], SeatFit]:
    """Return the commonest size of picture in which the seat fits the camera, and the fit.

    Raises
    ------
    InputError
        What is wrong in a picture of the commonest size, if no size fits.
    """
    first: tuple[tuple[int, int], SeatFit] | InputError | None = None
    for size in COMMON_SIZES:
        if np.max(np.array(chair.seat) / size) > 1.0:
            continue
        try:
            fit = fit_seat(profile.camera.camera(*size), chair)
        except InputError as error:
            first = first or error
            continue
        if fit.off_sigma <= DISAGREES_SIGMA:
            return size, fit
        first = first or (size, fit)
    if isinstance(first, tuple):
        return first
    raise first or InputError("--seat: the points lie outside any usual picture: give its size with --size WxH")


def _check_order(camera: Camera, seat: Floats, chair: ChairProfile, where: str) -> None:
    """Refuse points that cannot be a level seat's corners in the order asked for."""
    order = "give front-left, front-right, back-right, back-left as the sitter sees them"
    order_zh = "请按坐着的人所见的顺序标记：左前、右前、右后、左后"
    if not is_convex(seat):
        raise InputError(
            f"{where}: the four points do not go round the seat: {order}",
            zh=f"{where}：四个点没有绕座面一圈：{order_zh}",
        )
    if chair.height_cm / 100 >= camera.height_m - 0.05:
        raise InputError(
            f"{where}: the camera ({camera.height_m * 100:.0f} cm high) does not look down on a seat of "
            f"{chair.height_cm:g} cm: set the camera higher, or mend --height-m",
            zh=f"{where}：摄像机（高 {camera.height_m * 100:.0f} 厘米）看不到 {chair.height_cm:g} 厘米高的座面："
            "请把摄像机装高一些，或改正镜头高度",
        )
    corners = camera.on_plane(seat, chair.height_cm / 100)
    if not np.isfinite(corners).all():
        raise InputError(
            f"{where}: a point lies above the horizon of this camera: mend the points or the camera",
            zh=f"{where}：有一个点在这台摄像机的地平线之上：请改正标记的点或摄像机的数值",
        )
    x, z = corners[:, 0], corners[:, 2]
    # Seen from above with x to the right and z away, front-left, front-right, back-right goes round clockwise.
    if np.sum(x * np.roll(z, -1) - np.roll(x, -1) * z) > 0:
        raise InputError(
            f"{where}: the points go round the wrong way (left and right swapped?): {order}",
            zh=f"{where}：四个点的方向反了（左右对调？）：{order_zh}",
        )


def _believed(fit: SeatFit, chair: ChairProfile, where: str) -> SeatFit:
    """Return the fit, or refuse one that no chair gives."""
    implied, given = fit.implied_depth_m * 100, chair.depth_cm
    off = abs(np.log(implied / given))
    if off > HOPELESS or (fit.off_sigma > REFUSED_SIGMA and off > np.log(1 + REFUSED_SHARE)):
        raise InputError(
            f"{where}: with this camera the seat is {implied:.0f} ± {fit.implied_error_m * 100:.0f} cm deep, not "
            f"{given:g}: check the order and the places of the points, the picture's size and the camera's figures",
            zh=f"{where}：按这台摄像机，座面深 {implied:.0f} ± {fit.implied_error_m * 100:.0f} 厘米，而不是 {given:g}："
            "请检查各点的顺序和位置、画面大小和摄像机的数值",
        )
    if abs(fit.facing_deg) > BEHIND_DEG:
        raise InputError(
            f"{where}: so the camera would stand behind the sitter ({abs(fit.facing_deg):.0f}° from their front): "
            "check the order, front-left, front-right, back-right, back-left as the sitter sees them",
            zh=f"{where}：这样摄像机就在坐着的人背后（偏离正前方 {abs(fit.facing_deg):.0f}°）："
            "请检查顺序：左前、右前、右后、左后",
        )
    width = fit.width_m * 100
    if not WIDTH_CM[0] <= width <= WIDTH_CM[1]:
        raise InputError(
            f"{where}: with this camera the seat is {width:.0f} cm wide, which no chair is: check the order and the "
            "places of the points, and the camera's figures",
            zh=f"{where}：按这台摄像机，座面宽 {width:.0f} 厘米，没有这样的椅子：请检查各点的顺序和位置、摄像机的数值",
        )
    if abs(fit.skew_deg) > SKEW_DEG:
        raise InputError(
            f"{where}: front edge and sides meet at {90 - abs(fit.skew_deg):.0f}°, which no seat's do: check the "
            "order and the places of the points, and the camera's figures",
            zh=f"{where}：座面前边与侧边夹角为 {90 - abs(fit.skew_deg):.0f}°，没有这样的座面："
            "请检查各点的顺序和位置、摄像机的数值",
        )
    return fit


def _figures(camera: Camera) -> Floats:
    return np.array([camera.hfov_deg, camera.height_m, camera.pitch_deg, camera.roll_deg])


def _changed(camera: Camera, at: Floats) -> Camera:
    hfov, height, pitch, roll = (float(figure) for figure in at[:4])
    return replace(camera, hfov_deg=hfov, height_m=height, pitch_deg=pitch, roll_deg=roll)


def _corners(camera: Camera, at: Floats) -> Floats:
    """Return the corners ``(4, 3)`` in metres at figures ``(14,)``: camera, seat height, points, depth."""
    return _changed(camera, at).on_plane(at[5:13].reshape(4, 2), at[4])


def _middle(corners: Floats, a: int, b: int) -> Floats:
    return np.asarray((corners[a] + corners[b]) / 2)


def _depth(corners: Floats) -> float:
    forward = _middle(corners, FRONT_LEFT, FRONT_RIGHT) - _middle(corners, BACK_LEFT, BACK_RIGHT)
    return float(np.linalg.norm(forward))


def _slopes(camera: Camera, at: Floats, sigma: Floats) -> Floats:
    """Return how (implied - measured depth) changes with each figure, ``(14,)`` metres per standard error."""
    steps = np.diag(sigma * 0.1)
    high = [_depth(_corners(camera, at + step)) - (at + step)[-1] for step in steps]
    low = [_depth(_corners(camera, at - step)) - (at - step)[-1] for step in steps]
    return np.asarray((np.array(high) - np.array(low)) / 0.2)


def _chair(camera: Camera, at: Floats, sigma: Floats, forward: Floats) -> Chair:
    front_left, front_right, back_right, back_left = _corners(camera, at)
    error = _edge_error(camera, at, sigma, forward)
    return Chair(front_left, front_right, back_right, back_left, float(at[-1]), float(at[4]), error)


def _edge_error(camera: Camera, at: Floats, sigma: Floats, forward: Floats) -> float:
    """Return the standard error of an edge's place along the seat, given that the depth is known.

    What moves seat and sitter alike (the camera) is left to those who perturb the camera; this is what marking the
    points puts on one edge, and half of what the ruler is off by.
    """
    points = np.zeros((8, len(at)))
    points[:, 5:13] = np.diag(sigma[5:13]) * 0.1
    changes = []
    for step in points:
        moved = (_corners(camera, at + step) - _corners(camera, at - step)) / 0.2
        changes.append(
            [_middle(moved, FRONT_LEFT, FRONT_RIGHT) @ forward, _middle(moved, BACK_LEFT, BACK_RIGHT) @ forward]
        )
    front, back = np.array(changes).T
    # One constraint (front - back = depth) takes the difference away; what is left is the common shift.
    return float(np.hypot(np.linalg.norm((front + back) / 2), sigma[13] / 2))
