"""The person: how one person's own upright looks, from some seconds of standing well.

Natural stances differ by a few degrees from person to person, and so does what landmarks make of a head. What is seen
in the neutral pose is kept as it is; how much of it is the person's own is decided where it is used
(:func:`posture_check.measures.scene.own_offset`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.calibrate.place import profile_scene
from posture_check.calibrate.profile import PersonProfile, Profile
from posture_check.errors import InputError
from posture_check.landmarks.names import L
from posture_check.landmarks.track import Track, TrackSet
from posture_check.measures import MEASURES, offsets
from posture_check.measures.body import Body
from posture_check.measures.camera import Camera
from posture_check.measures.present import present
from posture_check.measures.scene import Neutral, midpoint
from posture_check.measures.series import Value, summarise
from posture_check.postures.segment import segment

Floats = NDArray[np.floating[Any]]

MIN_STAND_S = 5.0
"""Of the ten seconds that are asked for: some go to stepping in and out."""
FRONT_DEG, SIDE_DEG = 35.0, 30.0
"""A person turned less than the first is seen from the front, one within the second of 90 degrees from the side."""
STEADY_DEG = 1.0
"""People come back to their own upright within about this."""
UNSTEADY_DEG = 4.0
"""Whoever's angles scatter by more does not stand still."""
ODD_SIGMA = 3.0
"""Nobody in three hundred is by nature that far from others."""
STATURE_LANDMARK_SHARE = 0.015
"""What landmarks alone put on a stature, share of it: 0.0095 over 77 rendered clips of six bodies; shoes and hair
vary more."""
PLAUSIBLE_STATURE_M = (1.35, 2.10)
"""Adults beyond this are rarer than one in ten thousand (NCD-RisC, eLife 2016: spread about national means)."""

_LENGTHS = {
    "shoulder_width": (L.LEFT_SHOULDER, L.RIGHT_SHOULDER),
    "left_upper_arm": (L.LEFT_SHOULDER, L.LEFT_ELBOW),
    "right_upper_arm": (L.RIGHT_SHOULDER, L.RIGHT_ELBOW),
    "left_forearm": (L.LEFT_ELBOW, L.LEFT_WRIST),
    "right_forearm": (L.RIGHT_ELBOW, L.RIGHT_WRIST),
    "left_thigh": (L.LEFT_HIP, L.LEFT_KNEE),
    "right_thigh": (L.RIGHT_HIP, L.RIGHT_KNEE),
    "left_shank": (L.LEFT_KNEE, L.LEFT_ANKLE),
    "right_shank": (L.RIGHT_KNEE, L.RIGHT_ANKLE),
}


@dataclass(frozen=True, slots=True)
class Stature:
    """A standing person's height as a camera sees it.

    Attributes
    ----------
    metres, error_m
        And its standard error, from the camera's and the landmarks'.
    distance_m
        Of the feet from the camera along the floor.
    """

    metres: float
    error_m: float
    distance_m: float


def seen_stature(camera: Camera, xy: Floats) -> Stature | None:
    """Return the height of somebody who stands upright on the floor.

    Parameters
    ----------
    camera
        With its errors.
    xy
        ``(33, 2)`` pixels of the person.

    Returns
    -------
    Stature | None
        None where eyes or feet are not seen, or the feet lie above the camera's horizon.
    """
    eyes, ankles = midpoint(xy, L.LEFT_EYE, L.RIGHT_EYE), midpoint(xy, L.LEFT_ANKLE, L.RIGHT_ANKLE)
    metres, distance = _stature(camera, eyes, ankles)
    if not np.isfinite(metres):
        return None
    moved = [
        _stature(replace(camera, **{figure: getattr(camera, figure) + by}), eyes, ankles)[0] - metres
        for figure, by in (
            ("hfov_deg", camera.hfov_error_deg),
            ("height_m", camera.height_error_m),
            ("pitch_deg", camera.pitch_error_deg),
            ("roll_deg", camera.roll_error_deg),
        )
    ]
    error = np.sqrt(np.nansum(np.square(moved)) + (STATURE_LANDMARK_SHARE * metres) ** 2)
    return Stature(metres, float(error), distance)


def _stature(camera: Camera, eyes: Floats, ankles: Floats) -> tuple[float, float]:
    metres, distance = 1.7, float("nan")
    for _ in range(6):
        distance = float(camera.on_plane(ankles, offsets.ANKLE_HEIGHT * metres)[2])
        metres = float(camera.at_depth(eyes, distance)[1]) / offsets.EYE_HEIGHT
        if not 0.2 < metres < 10:
            return float("nan"), float("nan")
    return metres, distance


def typical(track: Track, start: int = 0, stop: int | None = None) -> Floats:
    """Return the median place of every landmark, ``(33, 2)`` pixels."""
    return present(np.nanmedian, track.xy[start:stop], axis=0)


def longest_stand(found: TrackSet, profile: Profile) -> Body | None:
    """Return the longest time that the largest person stands still, upright and whole; None if nobody does."""
    from posture_check.pipeline import choose_subjects
    from posture_check.rules.gates import is_person

    bare = profile.model_copy(update={"person": None})
    for track in choose_subjects(found.tracks, "largest"):
        if not is_person(track):
            continue
        body = Body(track, profile_scene(bare, track.size))
        stretches = [s for s in segment(body) if s.posture == "standing"]
        if stretches:
            best = max(stretches, key=lambda s: s.stop - s.start)
            return body.slice(best.start, best.stop)
    return None


def calibrate_person(
    found: TrackSet, profile: Profile, name: str, stature_cm: float | None = None, where: str = "--source"
) -> PersonProfile:
    """Measure one person's neutral pose.

    Figures of an earlier calibration of the same name are kept where this recording does not show them, so that a
    front and a side recording make one profile.

    Parameters
    ----------
    found
        Tracks of the recording, with the face looked at.
    profile
        Of the camera it was taken with.
    name
        Of the person.
    stature_cm
        Their height if known; else it is estimated.
    where
        The recording, for messages.

    Raises
    ------
    InputError
        If nobody stands upright, whole and long enough, or nothing of use is seen.
    """
    if not found.tracks:
        raise InputError(f"{where}: nobody is seen: stand in the middle, whole, 2 to 4 m away, in good light")
    before = profile.person
    kept = before.model_dump() if before is not None and before.name == name else {}
    body = longest_stand(found, profile)
    lasts = 0.0 if body is None else float(body.track.time_s[-1] - body.track.time_s[0])
    if body is None or (found.source.kind != "image" and lasts < MIN_STAND_S):
        face = _face_alone(found, profile)
        if face is None:
            raise InputError(
                f"{where}: the person stands upright and whole for {lasts:.1f} s, {MIN_STAND_S:g} are needed: stand "
                "still for ten seconds, feet in the picture; or show the face alone, 120 pixels high"
            )
        given = {} if stature_cm is None else {"stature_cm": stature_cm, "stature_error_cm": 1.0}
        return PersonProfile(**{**kept, **given, "name": name, "mouth_corner_lift": face})
    stature = _stature_figures(body, stature_cm, where)
    # Against a mouth with level corners, the lift that is measured is the face's own.
    known = replace(
        body.scene, stature_m=stature["stature_cm"] / 100, stature_error_m=0.01, neutral=Neutral(mouth_corner_lift=0.0)
    )
    body = Body(body.track, known)
    figures, error = _figures(body)
    if not figures:
        raise InputError(f"{where}: neither a front nor a side view: face the camera, or stand side-on to it")
    _check_neutral(figures, error, where)
    if stature_cm is None and kept.get("stature_error_cm", 99.0) <= stature["stature_error_cm"]:
        stature = {}
    proportions = {**kept.get("proportions", {}), **_proportions(body)}
    error = max(error, kept.get("error_deg", 0.0))
    return PersonProfile(**{**kept, **stature, **figures, "name": name, "error_deg": error, "proportions": proportions})


def _stature_figures(body: Body, stature_cm: float | None, where: str) -> dict[str, float]:
    """Return the stature as given, else as the camera sees it."""
    if stature_cm is not None:
        return {"stature_cm": stature_cm, "stature_error_cm": 1.0}
    seen = seen_stature(body.scene.camera, typical(body.track))
    if seen is None:
        raise InputError(f"{where}: the person's height cannot be told from here: give it with --stature-cm")
    if not PLAUSIBLE_STATURE_M[0] <= seen.metres <= PLAUSIBLE_STATURE_M[1]:
        raise InputError(
            f"{where}: with this camera the person is {seen.metres * 100:.0f} cm tall, which hardly anybody is: check "
            "the profile with 'posture-check calibrate check', or give --stature-cm"
        )
    return {"stature_cm": round(seen.metres * 100, 1), "stature_error_cm": round(seen.error_m * 100, 1)}


def _check_neutral(figures: dict[str, float], error_deg: float, where: str) -> None:
    """Refuse a pose that is no neutral one: it would excuse a fault ever after."""
    if error_deg > UNSTEADY_DEG:
        raise InputError(f"{where}: the person moves about by {error_deg:.1f}°: stand still for ten seconds")
    for field, what, usual in (
        ("lean_fore_deg", "trunk leans {:+.1f}° forward", offsets.LEAN_FORE_ERROR_DEG),
        ("lean_side_deg", "trunk leans {:+.1f}° to the left", offsets.LEAN_SIDE_ERROR_DEG),
        ("head_pitch_deg", "head is {:+.1f}° down", offsets.HEAD_PITCH_ERROR_DEG),
    ):
        value = figures.get(field, 0.0)
        if abs(value) > ODD_SIGMA * usual + STEADY_DEG:
            raise InputError(
                f"{where}: the {what.format(value)}, which is no neutral pose: stand upright and look ahead; if the "
                "person does, check the camera with 'posture-check calibrate check'"
            )


def _face_alone(found: TrackSet, profile: Profile) -> float | None:
    """Return the lift of the mouth's corners in a recording that shows the face from near; None if it does not."""
    from posture_check.pipeline import choose_subjects

    track = choose_subjects(found.tracks, "largest")[0]
    scene = profile_scene(profile.model_copy(update={"person": None}), track.size)
    body = Body(track, replace(scene, neutral=Neutral(mouth_corner_lift=0.0)))
    value = _value(body, "mouth_corner_lift")
    return None if value is None else round(value.value, 4)


def _figures(body: Body) -> tuple[dict[str, float], float]:
    """Return the neutral figures that this view shows, and the standard error of the angles."""
    turn = abs(body.typical_yaw_deg)
    wanted: list[tuple[str, str, int]] = []
    if turn <= FRONT_DEG:
        wanted += [("lean_side_deg", "trunk_lean_side", 2), ("head_pitch_deg", "head_pitch", 2)]
        wanted += [("mouth_corner_lift", "mouth_corner_lift", 4)]
    if abs(turn - 90) <= SIDE_DEG:
        wanted += [("lean_fore_deg", "trunk_lean_fore", 2)]
    figures, noise = {}, [STEADY_DEG]
    for field, measure, digits in wanted:
        value = _value(body, measure)
        if value is None:
            continue
        figures[field] = round(value.value, digits)
        if field.endswith("_deg"):
            noise.append(_scatter(body, measure, value))
    return figures, round(float(max(noise)), 2)


def _value(body: Body, measure: str) -> Value | None:
    return summarise(MEASURES[measure].function(body), body.track.time_s) if measure in MEASURES else None


def _scatter(body: Body, measure: str, value: Value) -> float:
    """Return the standard error that the person's own moving about puts on the median."""
    series = MEASURES[measure].function(body).value
    off = np.abs(series[np.isfinite(series)] - value.value)
    # Standard deviation from the median absolute deviation of a normal distribution.
    return float(1.4826 * np.median(off)) if len(off) > 1 else STEADY_DEG


def _proportions(body: Body) -> dict[str, float]:
    """Return lengths between landmarks as shares of the stature, where they lie across the sight line."""
    if abs(body.typical_yaw_deg) > FRONT_DEG:
        return {}
    room = body.room
    shares = {}
    for name, (a, b) in _LENGTHS.items():
        both = body.seen[:, [a, b]].all(1)
        if both.any():
            length = np.median(np.linalg.norm(room[both, a] - room[both, b], axis=-1))
            shares[name] = round(float(length) / body.scene.stature_m, 4)
    return shares
