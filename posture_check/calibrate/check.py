"""Does a profile still fit its camera? What a recording shows, against what the profile says."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.calibrate import boards
from posture_check.calibrate.floor import FloorFit, fit_floor
from posture_check.calibrate.person import PLAUSIBLE_STATURE_M, longest_stand, seen_stature, typical
from posture_check.calibrate.place import same_shape
from posture_check.calibrate.profile import Profile
from posture_check.errors import InputError
from posture_check.landmarks.track import TrackSet
from posture_check.rules.result import Text
from posture_check.sources.frame import Frame

Floats = NDArray[np.floating[Any]]

LOOKS = 10
"""So many pictures of a video are searched for markers."""
MOVED_SIGMA = 2.5
TOLERATED_DEG, TOLERATED_M = 0.7, 0.03
"""A camera that has moved by less, or by less than so many standard errors, still fits: measures allow for that
much."""
CHAIR_MOVED_M = 0.02
"""A chair that has moved by more changes the seat fraction by its permitted error of 0.05."""
USUAL_STATURE_M = (1.45, 1.95)
"""Between this and what is plausible at all a stature is odd, but not impossible: it tells nothing."""
USABLE_STATURE_ERROR_M = 0.15
"""Where the feet tell the stature no better than this they tell nothing of the camera."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    fits
        Whether it agrees with the profile; None if it cannot be told.
    text
        What was found, with figures.
    """

    fits: bool | None
    text: Text


def verdict(findings: list[Finding]) -> bool | None:
    """Return whether the profile fits: nothing disagrees and something agrees; None if nothing tells."""
    told = [finding.fits for finding in findings if finding.fits is not None]
    return all(told) if told else None


def check_shape(profile: Profile, size: tuple[int, int]) -> Finding | None:
    """Compare the pictures' shape with the profile's; None where they agree or the profile does not say."""
    made_for = profile.camera.size or (profile.chair.size if profile.chair else None)
    if same_shape(made_for, size) or made_for is None:
        return None
    of, here = ("{}x{}".format(*s) for s in (made_for, size))
    return Finding(
        False,
        Text(
            zh=f"标定时画面为 {of}，现在是 {here}，画面比例不同：请把摄像机调回原模式，或重新标定",
            en=f"made for pictures of {of}, these are {here}, another shape: set the camera back, or calibrate again",
        ),
    )


def check_markers(profile: Profile, frames: Iterable[Frame]) -> list[Finding]:
    """Look for the mat, the board or the seat marker that the profile was made with."""
    findings: dict[str, Finding] = {}
    for frame in itertools.islice(frames, LOOKS):
        for name, finding in _in_frame(profile, frame):
            findings.setdefault(name, finding)
        if {"floor", "chair"} <= findings.keys():
            break
    return list(findings.values())


def check_person(profile: Profile, found: TrackSet, stature_cm: float | None = None) -> Finding:
    """See whether somebody who stands on the floor has a height that people have."""
    body = longest_stand(found, profile)
    seen = None if body is None else seen_stature(body.scene.camera, typical(body.track))
    if body is None or seen is None or seen.error_m > USABLE_STATURE_ERROR_M:
        return Finding(
            None,
            Text(
                zh="没有人全身直立站在地面上，看不出标定是否仍然准确：请让一个人站到画面中，脚要拍到",
                en="nobody stands upright and whole on the floor, so it cannot be told: let somebody stand in the "
                "picture, feet included",
            ),
        )
    cm, error = seen.metres * 100, seen.error_m * 100
    zh = f"站在 {seen.distance_m:.1f} 米外的人按此标定身高 {cm:.0f} ± {error:.0f} cm"
    en = f"with this profile the person who stands {seen.distance_m:.1f} m away is {cm:.0f} ± {error:.0f} cm tall"
    low, high = (100 * m for m in PLAUSIBLE_STATURE_M)
    fits: bool | None
    if stature_cm is not None:
        fits = bool(abs(cm - stature_cm) <= max(MOVED_SIGMA * error, 3.0))
        zh, en = f"{zh}，实际 {stature_cm:g} cm", f"{en}, and truly {stature_cm:g} cm"
    elif not low - error <= cm <= high + error:
        fits = False
        zh, en = f"{zh}，成年人为 {low:.0f} 至 {high:.0f} cm", f"{en}; adults are {low:.0f} to {high:.0f}"
    else:
        usual_low, usual_high = (100 * m for m in USUAL_STATURE_M)
        fits = True if usual_low <= cm <= usual_high else None
        zh, en = f"{zh}；给出 --stature-cm 可查得更准", f"{en}; --stature-cm makes this check sharper"
    if fits is False:
        zh, en = f"{zh}：摄像机动过，请重新标定", f"{en}: the camera has moved, calibrate again"
    return Finding(fits, Text(zh=zh, en=en))


def _in_frame(profile: Profile, frame: Frame) -> Iterator[tuple[str, Finding]]:
    size = (frame.image.shape[1], frame.image.shape[0])
    markers = boards.find_markers(frame.image) if _uses_markers(profile) else {}
    if profile.floor is not None:
        again = _floor_again(profile, frame, markers, size)
        if again is not None:
            yield "floor", _camera_moved(profile, again)
    if profile.chair is not None and profile.chair.marker is not None and boards.SEAT_ID in markers:
        yield "chair", _chair_moved(profile, markers[boards.SEAT_ID], size)


def _uses_markers(profile: Profile) -> bool:
    floor, chair = profile.floor, profile.chair
    return (floor is not None and floor.how == "markers") or (chair is not None and chair.marker is not None)


def _floor_again(profile: Profile, frame: Frame, markers: dict[int, Floats], size: tuple[int, int]) -> FloorFit | None:
    """Return the camera as the mat or the board tells it now; None where it is not seen whole."""
    assert profile.floor is not None
    hfov = (profile.camera.hfov_deg, profile.camera.hfov_error_deg)
    try:
        if profile.floor.how == "markers" and set(boards.MAT_IDS) <= markers.keys():
            ground = np.array(profile.floor.ground_cm) / 100
            return fit_floor(boards.mat_corners(markers), ground, size, hfov, boards.FOUND_ERROR_PX)
        if profile.floor.how == "board":
            view = boards.find_board(frame.image, profile.floor.square_mm or boards.SQUARE_MM)
            if view is not None and len(view.corners) >= 8:
                return fit_floor(view.corners, view.board_m, size, hfov, boards.FOUND_ERROR_PX)
    except InputError:
        return None  # seen, but not as something that lies on the floor
    return None


def _camera_moved(profile: Profile, now: FloorFit) -> Finding:
    was, camera = profile.camera, now.camera
    changes = (
        (camera.pitch_deg - was.pitch_deg, np.hypot(camera.pitch_error_deg, was.pitch_error_deg), TOLERATED_DEG),
        (camera.roll_deg - was.roll_deg, np.hypot(camera.roll_error_deg, was.roll_error_deg), TOLERATED_DEG),
        (camera.height_m - was.height_m, np.hypot(camera.height_error_m, was.height_error_m), TOLERATED_M),
    )
    fits = all(abs(change) <= max(MOVED_SIGMA * float(error), tolerated) for change, error, tolerated in changes)
    pitch, roll, height = (change for change, _, _ in changes)
    zh = f"地面标记：俯仰变化 {pitch:+.1f}°，横滚 {roll:+.1f}°，高度 {height * 100:+.0f} cm"
    en = f"mat on the floor: tilt {pitch:+.1f}°, roll {roll:+.1f}°, height {height * 100:+.0f} cm against the profile"
    if not fits:
        zh, en = f"{zh}：摄像机动过，请重新标定", f"{en}: the camera has moved, calibrate the floor again"
    return Finding(fits, Text(zh=zh, en=en))


def _chair_moved(profile: Profile, marker: Floats, size: tuple[int, int]) -> Finding:
    chair = profile.chair
    assert chair is not None
    assert chair.marker is not None
    camera = profile.camera.camera(*size)
    scale = size[0] / (chair.size or size)[0]
    before = camera.on_plane(np.array(chair.marker) * scale, chair.height_cm / 100)
    moved = float(np.linalg.norm((camera.on_plane(marker, chair.height_cm / 100) - before).mean(axis=0)))
    fits = bool(moved <= CHAIR_MOVED_M)
    zh, en = f"座椅标记移动了 {moved * 100:.1f} cm", f"the seat marker has moved by {moved * 100:.1f} cm"
    if not fits:
        zh, en = f"{zh}：请把椅子放回原位，或重新标定椅子", f"{en}: put the chair back, or calibrate it again"
    return Finding(fits, Text(zh=zh, en=en))
