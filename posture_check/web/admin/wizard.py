"""The steps of the calibration wizard, from a picture and figures to a profile; no web in here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from posture_check.calibrate.camera import camera_profile, floor_in_image, floor_profile, lens_profile, placed_camera
from posture_check.calibrate.chair import DISAGREES_SIGMA, SeatFit, fit_profile_seat
from posture_check.calibrate.check import Finding, check_markers, check_shape
from posture_check.calibrate.floor import fit_floor, rectangle
from posture_check.calibrate.lens import board_views, fit_lens
from posture_check.calibrate.points import parse_points
from posture_check.calibrate.profile import ChairProfile, Profile, load_profile
from posture_check.calibrate.seat_marker import as_pixels, seat_from_marker
from posture_check.errors import InputError
from posture_check.rules.result import Text
from posture_check.sources.frame import Frame

Image = NDArray[np.uint8]

MOST_PIXELS = 40_000_000
BESIDE_DEG = (40.0, 125.0)
"""From where the used share of a seat can be told: side-on to 45 degrees, as the command line says it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A profile, and what is to be told about it."""

    profile: Profile
    notes: tuple[Text, ...]


def read_picture(content: bytes) -> Image:
    """Return a picture as ``(height, width, 3)`` RGB.

    Raises
    ------
    InputError
        If it is none, or too large.
    """
    import io

    from PIL import Image as Pil
    from PIL import ImageOps

    try:
        with Pil.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                size = f"{picture.width}x{picture.height}"
                raise InputError(
                    f"picture: {size} is too large: take a smaller one", zh=f"画面 {size} 太大：请换小一些的"
                )
            upright = ImageOps.exif_transpose(picture)
            return np.asarray(upright.convert("RGB"))
    except InputError:
        raise
    except Exception as e:  # Pillow raises many kinds for damaged files
        wrong = "picture: not a JPEG, PNG or WebP picture: choose another"
        raise InputError(wrong, zh="不是 JPEG、PNG 或 WebP 图片：请另选") from e


def from_figures(name: str, before: Profile | None, figures: dict[str, float | None], image: Image | None) -> Made:
    """Return the profile of a camera measured by hand.

    Raises
    ------
    InputError
        If a figure is missing or impossible.
    """
    size = _size(image) if image is not None else (before.camera.size if before else None)
    made = camera_profile(**figures, size=size)
    return _with(name, before, {"camera": made, "lens": None, "floor": None})


def from_mat(
    name: str, before: Profile | None, image: Image, width_cm: float, depth_cm: float, hfov: float | None
) -> Made:
    """Return the profile of a camera that sees the printed mat.

    Raises
    ------
    InputError
        If the mat is not seen whole, or fits no camera.
    """
    fit, floor = floor_in_image(image, (width_cm, depth_cm), _hfov(before, hfov), None, "picture")
    made = _with(name, before, {"camera": placed_camera(fit), "floor": floor})
    return Made(made.profile, (_placed(made.profile), *made.notes))


def from_rectangle(
    name: str, before: Profile | None, image: Image, points: str, width_cm: float, depth_cm: float, hfov: float | None
) -> Made:
    """Return the profile of a camera in whose picture the corners of a rectangle on the floor were marked.

    Raises
    ------
    InputError
        If the points are no such rectangle.
    """
    corners = parse_points(points, "points")
    ground = rectangle(width_cm / 100, depth_cm / 100)
    fit = fit_floor(corners, ground, _size(image), _hfov(before, hfov), where="points")
    made = _with(name, before, {"camera": placed_camera(fit), "floor": floor_profile("points", fit, corners, ground)})
    return Made(made.profile, (_placed(made.profile), *made.notes))


def with_lens(before: Profile, images: Sequence[Image]) -> Made:
    """Return the profile with the field of view as pictures of the printed board tell it.

    Raises
    ------
    InputError
        If the pictures do not show the board well enough.
    """
    fit = fit_lens([view for image in images for view in board_views([_frame(image)])])
    update = {"hfov_deg": round(fit.hfov_deg, 3), "hfov_error_deg": round(fit.error_deg, 3), "size": fit.size}
    made = _with(before.name, before, {"camera": before.camera.model_copy(update=update), "lens": lens_profile(fit)})
    figures = f"{fit.hfov_deg:.1f} ± {fit.error_deg:.1f}°"
    note = Text(
        zh=f"视角 {figures}，来自 {fit.views} 张标定板照片；请再用地垫确定俯角和高度",
        en=f"field of view {figures} from {fit.views} pictures of the board; now find height and tilt again",
    )
    return Made(made.profile, (note, *made.notes))


def with_chair(
    before: Profile, image: Image, points: str | None, depth_cm: float, height_cm: float, gap_cm: float
) -> Made:
    """Return the profile with the chair, from its marked corners, or from the seat marker where none are given.

    Raises
    ------
    InputError
        If it cannot be a seat before this camera.
    """
    size = _size(image)
    try:
        if points:
            corners = as_pixels(parse_points(points, "points"))
            chair = ChairProfile(seat=corners, depth_cm=depth_cm, height_cm=height_cm, size=size)
        else:
            ChairProfile(seat=((0, 0),) * 4, depth_cm=depth_cm, height_cm=height_cm)
            camera = before.camera.camera(*size)
            chair = seat_from_marker(image, camera, depth_cm, height_cm, gap_cm, where="picture")
    except ValidationError as e:
        raise InputError(f"{e.errors()[0]['loc'][0]}: {e.errors()[0]['msg'].lower()}") from None
    after = before.model_copy(update={"chair": chair})
    fit = fit_profile_seat(after, size)
    assert fit is not None
    return Made(after, tuple(_seat_notes(fit, chair)))


def check_profile(profile: Profile, image: Image) -> list[Finding]:
    """Compare a profile with a picture: its shape, the mat or markers in it, the chair."""
    size = _size(image)
    shape = check_shape(profile, size)
    if shape is not None:
        return [shape]
    found = check_markers(profile, [_frame(image)])
    if profile.chair is not None:
        try:
            fit_profile_seat(profile, size)
            found.append(Finding(True, Text(zh="椅子与摄像机的标定一致", en="chair and camera agree")))
        except InputError as e:
            found.append(Finding(False, Text(zh=str(e), en=str(e))))
    if not found:
        zh = "画面比例一致；没有看到标记，无法判断摄像机是否动过。放上地垫再检查一次"
        en = "right shape, but no marker is seen, so a moved camera cannot be told: lay the mat, check again"
        found.append(Finding(None, Text(zh=zh, en=en)))
    return found


def read_profile(path: Path | None) -> Profile | None:
    """Return a profile, or None where there is none yet.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    return load_profile(path) if path is not None and path.is_file() else None


def _with(name: str, before: Profile | None, update: dict[str, Any]) -> Made:
    """Return the profile with another camera; a chair that does not fit it any more is taken out, and said."""
    after = before.model_copy(update=update) if before else Profile(name=name, **update)
    notes: list[Text] = []
    if after.chair is not None:
        try:
            fit_profile_seat(after, after.camera.size or after.chair.size or (1280, 720))
        except InputError:
            after = after.model_copy(update={"chair": None})
            zh, en = (
                "椅子与新的摄像机不符，已去掉，请重新标定椅子",
                "the chair does not fit the new camera: mark it again",
            )
            notes.append(Text(zh=zh, en=en))
    return Made(after, tuple(notes))


def _placed(profile: Profile) -> Text:
    c = profile.camera
    figures = (
        f"{c.height_m:.2f} ± {c.height_error_m:.2f} m",
        f"{c.pitch_deg:.1f} ± {c.pitch_error_deg:.1f}°",
        f"{c.roll_deg:.1f} ± {c.roll_error_deg:.1f}°",
        f"{c.hfov_deg:.1f} ± {c.hfov_error_deg:.1f}°",
    )
    return Text(
        zh="摄像机高 {}，俯角 {}，横滚 {}，视角 {}".format(*figures),
        en="camera {} high, tilt {}, roll {}, field of view {}".format(*figures),
    )


def _seat_notes(fit: SeatFit, chair: ChairProfile) -> Iterator[Text]:
    turned = abs(fit.facing_deg)
    width, implied, error = fit.width_m * 100, fit.implied_depth_m * 100, fit.implied_error_m * 100
    yield Text(
        zh=f"椅面宽 {width:.0f} cm，深 {chair.depth_cm:g} cm（按摄像机为 {implied:.1f} ± {error:.1f}），"
        f"与正面成 {turned:.0f}°",
        en=f"seat {width:.0f} cm wide, {chair.depth_cm:g} cm deep (by the camera {implied:.1f} ± {error:.1f}), seen "
        f"{turned:.0f}° from the sitter's front",
    )
    if fit.off_sigma > DISAGREES_SIGMA:
        yield Text(
            zh=f"摄像机与尺量的深度相差 {fit.off_sigma:.1f} 倍标准误差：请核对四个点和摄像机；以尺量为准",
            en=f"camera and ruler disagree by {fit.off_sigma:.1f} standard errors: check points and camera; the ruler "
            "was believed",
        )
    if not BESIDE_DEG[0] <= turned <= BESIDE_DEG[1]:
        yield Text(
            zh="从这个方向很难看出坐了椅面的几分之几：摄像机应在侧面到 45° 之间",
            en="from here the used share of the seat can hardly be told: set the camera between side-on and 45°",
        )


def _hfov(before: Profile | None, hfov: float | None) -> tuple[float, float] | None:
    if hfov is not None:
        camera_profile(hfov_deg=hfov, height_m=1.0, pitch_deg=0.0)
        return hfov, 1.0
    return (before.camera.hfov_deg, before.camera.hfov_error_deg) if before else None


def _size(image: Image) -> tuple[int, int]:
    return image.shape[1], image.shape[0]


def _frame(image: Image) -> Frame:
    return Frame(index=0, time_s=0.0, image=image)
