"""The scene: the camera and the person's stature, calibrated or estimated from the person, with their errors."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import from_vertical
from posture_check.measures.camera import Camera
from posture_check.measures.present import present

Floats = NDArray[np.floating[Any]]

ADULT_STATURE_M = 1.67
ADULT_STATURE_ERROR_M = 0.09
"""Mean and spread of adult stature over both sexes (NCD-RisC, eLife 2016: national means 1.60-1.78 m)."""

ASSUMED_HFOV_DEG = 62.0
ASSUMED_HFOV_ERROR_DEG = 8.0
"""Webcams and phones see 55-78 degrees along the longer side."""
ASSUMED_HEIGHT_M = 1.3
ASSUMED_HEIGHT_ERROR_M = 0.25
"""Cameras that look at a standing person stand on a counter, a tripod or are held in the hand."""
ASSUMED_ROLL_ERROR_DEG = 0.8
"""A camera set up by hand and not measured is level within about a degree."""
UPRIGHT_WITHIN_DEG = 2.0
"""A standing person's line from feet to shoulders is upright within about this, seen turned by up to 30 degrees."""
PITCH_RANGE_DEG = (-30.0, 50.0)

SEATED_TRUNK, SEATED_SHANK, SEATED_THIGH = 0.276, 0.224, 0.222
"""Lengths between the landmarks' midpoints of a seated person, shares of stature: means over 22 rendered clips of six
bodies seen side-on; trunk and legs together spread by 3 %."""
SEATED_HIP_M, SEATED_HIP_ERROR_M = 0.56, 0.05
"""Height of the hips' landmarks above the floor on an ordinary chair (seat 0.42-0.50 m high)."""
SEATED_PITCH_ERROR_DEG = 3.5
UPRIGHT_THIGH, UPRIGHT_SHANK, UPRIGHT_TRUNK = 0.58, 0.4, 0.75
"""Least height of hip over knee, knee over ankle and shoulder over hip of a person who stands, in trunk lengths (as in
:mod:`posture_check.postures.segment`)."""
MOSTLY, ENOUGH = 0.5, 0.1
"""Shares of the frames: a person who stands on most of them, or at least on so many that those tell the camera."""


@dataclass(frozen=True, slots=True)
class Chair:
    """The top of a seat in the room of its camera (:mod:`posture_check.measures.camera`).

    Attributes
    ----------
    front_left, front_right, back_right, back_left
        ``(3,)`` metres; left and right as the sitter sees them.
    depth_m, height_m
        From the front edge to the back edge, and of the top above the floor.
    error_m
        Standard error of the place of an edge along the seat.
    """

    front_left: Floats
    front_right: Floats
    back_right: Floats
    back_left: Floats
    depth_m: float
    height_m: float
    error_m: float

    def seen_by(self, before: Camera, after: Camera) -> Chair:
        """Return the same pixels of one camera as another sees them, at the depth that was measured with a ruler."""
        corners = np.array([self.front_left, self.front_right, self.back_right, self.back_left])
        moved = after.on_plane(before.project(corners), corners[:, 1])
        forward = (moved[0] + moved[1] - moved[2] - moved[3]) / 2
        lens = np.array([0.0, after.height_m, 0.0])
        scale = self.depth_m / float(np.linalg.norm(forward))
        return replace(self, **dict(zip(_CORNERS, lens + scale * (moved - lens), strict=True)))


_CORNERS = ("front_left", "front_right", "back_right", "back_left")


@dataclass(frozen=True, slots=True)
class Neutral:
    """How one person holds themselves when they stand upright, against what landmarks show on average.

    Attributes
    ----------
    lean_fore_deg, lean_side_deg
        Trunk lean that :mod:`posture_check.measures.trunk` shows for this person upright; to be taken out.
    head_pitch_deg
        Head pitch that :mod:`posture_check.measures.head` shows for this person looking level; to be taken out. None
        of any of them: not calibrated.
    mouth_corner_lift
        Lift of the mouth's corners of the neutral face, share of the mouth's width.
    error_deg
        Standard error of the angles.
    """

    lean_fore_deg: float | None = None
    lean_side_deg: float | None = None
    head_pitch_deg: float | None = None
    mouth_corner_lift: float | None = None
    error_deg: float = 1.0


def own_offset(neutral: Neutral | None, what: str, usual_error: float, repeat_error: float) -> tuple[float, float]:
    """Return what to take out of a quantity for this person, and the standard error that stays.

    People differ, and one person is not seen the same twice. One neutral recording tells the first but for the second,
    so as much of it is taken out as belongs to the person (the mean of two normal distributions; as much as nothing
    where people hardly differ).

    Parameters
    ----------
    neutral
        The person's calibration; without it nothing is taken out.
    what
        Name of the figure, ``lean_fore_deg`` and the like.
    usual_error
        Standard error over people.
    repeat_error
        Standard error of one person from recording to recording.
    """
    value = None if neutral is None else getattr(neutral, what)
    if neutral is None or value is None:
        return 0.0, usual_error
    between = max(usual_error**2 - repeat_error**2, 0.0)
    once = repeat_error**2 + neutral.error_deg**2
    share = between / (between + once)
    return share * float(value), float(np.sqrt(repeat_error**2 + share * once))


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known about the place.

    Attributes
    ----------
    camera
        With the standard error of each of its figures.
    calibrated
        Whether the camera comes from a profile (or a simulation) rather than from a guess.
    stature_m, stature_error_m
        The person's height.
    chair
        The calibrated seat, if there is one.
    neutral
        The person's own upright, if it was calibrated.
    seated
        ``(33, 2)`` pixels of the seated person by whom the camera was guessed; None if it was not.
    """

    camera: Camera
    calibrated: bool
    stature_m: float = ADULT_STATURE_M
    stature_error_m: float = ADULT_STATURE_ERROR_M
    chair: Chair | None = None
    neutral: Neutral | None = None
    seated: Floats | None = None

    def seen_by(self, camera: Camera) -> Scene:
        """Return the scene under another camera; the chair keeps its place in the picture."""
        return replace(self, camera=camera, chair=self.chair and self.chair.seen_by(self.camera, camera))

    def perturbed(self, eyes: Floats, ankles: Floats) -> Iterator[Scene]:
        """Yield the scenes in which one uncertain figure at a time is off by its standard error.

        Parameters
        ----------
        eyes, ankles
            ``(2,)`` pixels of the midpoints, to find the tilt again where the camera is guessed.
        """
        camera = self.camera
        if self.stature_error_m > 0:
            scene = replace(self, stature_m=self.stature_m + self.stature_error_m)
            yield (scene if self.calibrated else replace(scene, camera=scene._tilted_again(camera, eyes, ankles)))
        for field, by in (
            ("hfov_deg", camera.hfov_error_deg),
            ("height_m", camera.height_error_m),
            ("pitch_deg", camera.pitch_error_deg),
            ("roll_deg", camera.roll_error_deg),
        ):
            if by > 0:
                other = replace(camera, **{field: getattr(camera, field) + by})
                if not self.calibrated and field in ("hfov_deg", "height_m"):
                    other = self._tilted_again(other, eyes, ankles)
                yield self.seen_by(other)

    def _tilted_again(self, camera: Camera, eyes: Floats, ankles: Floats) -> Camera:
        """Return another camera at the tilt at which the person by whom it was guessed looks as they do."""
        if self.seated is not None:
            return _tilted_to_seat(camera, self.stature_m, self.seated)
        return _tilted(camera, self.stature_m, eyes, ankles)


def known_scene(camera: Camera, stature_m: float | None = None) -> Scene:
    """Return the scene of a calibrated camera."""
    if stature_m is None:
        return Scene(camera, True)
    return Scene(camera, True, stature_m, 0.01)


def estimated_scene(size: tuple[int, int], xy: Floats, stature_m: float | None = None) -> Scene:
    """Guess the camera from an upright person's picture.

    The field of view and the height of the lens are taken as usual ones; the tilt is the one at which a person of the
    given (or of average) stature with the feet on the floor looks as this one does. A body whose own long axis is not
    upright in the picture may stand askew or be seen by a rolled camera: the roll's error grows accordingly.

    Parameters
    ----------
    size
        Width and height of the picture.
    xy
        ``(33, 2)`` pixels of the person, NaN where unseen.
    stature_m
        The person's height, if known.
    """
    camera = _usual_camera(size)
    stature = stature_m or ADULT_STATURE_M
    eyes, ankles = midpoint(xy, L.LEFT_EYE, L.RIGHT_EYE), midpoint(xy, L.LEFT_ANKLE, L.RIGHT_ANKLE)
    hips, shoulders = midpoint(xy, L.LEFT_HIP, L.RIGHT_HIP), midpoint(xy, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    foot = ankles if np.isfinite(ankles).all() else hips
    if np.isfinite(shoulders + foot).all():
        askew = float(np.abs(from_vertical(shoulders[0] - foot[0], foot[1] - shoulders[1])))
        camera = replace(
            camera, roll_error_deg=float(np.hypot(ASSUMED_ROLL_ERROR_DEG, max(0.0, askew - UPRIGHT_WITHIN_DEG) / 2))
        )
    camera = _tilted(camera, stature, eyes, ankles)
    return Scene(camera, False, stature, 0.01 if stature_m else ADULT_STATURE_ERROR_M)


def seated_scene(size: tuple[int, int], xy: Floats, stature_m: float | None = None) -> Scene:
    """Guess the camera from a seated person's picture.

    Field of view and height of the lens are taken as usual ones. How large trunk and legs look tells the distance, and
    the feet on the floor, or where they are not seen the hips on a chair of usual height, the tilt.

    Parameters
    ----------
    size
        Width and height of the picture.
    xy
        ``(33, 2)`` pixels of the person, NaN where unseen.
    stature_m
        The person's height, if known.
    """
    stature = stature_m or ADULT_STATURE_M
    camera = _tilted_to_seat(_usual_camera(size), stature, xy)
    return Scene(camera, False, stature, 0.01 if stature_m else ADULT_STATURE_ERROR_M, seated=xy)


def guessed_scene(size: tuple[int, int], xy: Floats, stature_m: float | None = None) -> Scene:
    """Guess the camera from a person over time: from the frames on which they stand, else from how they sit.

    A person who stands tells the camera better than one who sits, so that the frames of a recording on which the
    person stands count alone if there are enough of them.

    Parameters
    ----------
    size
        Width and height of the picture.
    xy
        ``(frames, 33, 2)`` pixels of the person, NaN where unseen.
    stature_m
        The person's height, if known.
    """
    upright, seated = _stands(xy), _sits(xy)
    found = max(int(np.isfinite(xy[:, L.LEFT_SHOULDER, 0]).sum()), 1)
    if upright.sum() / found < MOSTLY and seated.any():
        if upright.sum() / found < ENOUGH:
            return seated_scene(size, _typical(xy[seated]), stature_m)
        xy = xy[upright]
    return estimated_scene(size, _typical(xy), stature_m)


def _typical(xy: Floats) -> Floats:
    return present(np.nanmedian, xy, axis=0)


def _heights(xy: Floats) -> tuple[Floats, Floats, Floats]:
    """Return shoulder over hip, hip over knee and knee over ankle in trunk lengths, ``(frames,)`` each."""
    points = [midpoint(xy, L[f"LEFT_{n}"], L[f"RIGHT_{n}"]) for n in ("SHOULDER", "HIP", "KNEE", "ANKLE")]
    trunk = np.maximum(np.linalg.norm(points[0] - points[1], axis=-1), 1.0)
    over = [(low - up)[..., 1] / trunk for up, low in itertools.pairwise(points)]
    return over[0], over[1], over[2]


def _stands(xy: Floats) -> NDArray[np.bool_]:
    trunk, thigh, shank = _heights(xy)
    with np.errstate(invalid="ignore"):
        return np.asarray((trunk >= UPRIGHT_TRUNK) & (thigh >= UPRIGHT_THIGH) & (shank >= UPRIGHT_SHANK))


def _sits(xy: Floats) -> NDArray[np.bool_]:
    """Whether the knees are well below the shoulders but not below the hips by a thigh's length, ``(frames,)``."""
    trunk, thigh, _ = _heights(xy)
    with np.errstate(invalid="ignore"):
        return np.asarray((trunk >= 0.5) & (thigh < UPRIGHT_THIGH) & (thigh > -0.5))


def _usual_camera(size: tuple[int, int]) -> Camera:
    return Camera(
        *size,
        ASSUMED_HFOV_DEG,
        ASSUMED_HEIGHT_M,
        0.0,
        0.0,
        ASSUMED_HFOV_ERROR_DEG,
        ASSUMED_HEIGHT_ERROR_M,
        1.5,
        ASSUMED_ROLL_ERROR_DEG,
    )


def _tilted_to_seat(camera: Camera, stature_m: float, xy: Floats) -> Camera:
    """Return the camera at the tilt that puts a seated person of this stature on the floor."""
    shoulders, hips, knees, ankles = (
        midpoint(xy, L[f"LEFT_{n}"], L[f"RIGHT_{n}"]) for n in ("SHOULDER", "HIP", "KNEE", "ANKLE")
    )
    if not np.isfinite(shoulders + hips).all():
        return replace(camera, pitch_error_deg=10.0)
    trunk, thigh, shank = (float(np.linalg.norm(a - b)) for a, b in ((shoulders, hips), (hips, knees), (knees, ankles)))
    # Foreshortening only makes a body look smaller, so the largest of these is nearest the truth.
    sizes = [
        trunk / SEATED_TRUNK,
        (trunk + shank) / (SEATED_TRUNK + SEATED_SHANK),
        (trunk + shank + thigh) / (SEATED_TRUNK + SEATED_SHANK + SEATED_THIGH),
    ]
    stature_px = float(np.nanmax(sizes))
    depth = camera.focal_px * stature_m / stature_px
    feet = bool(np.isfinite(knees + ankles).all())
    point, height = (ankles, offsets.ANKLE_HEIGHT * stature_m) if feet else (hips, SEATED_HIP_M)
    if feet:
        aside = min(1.0, thigh / (SEATED_THIGH * stature_px))
        depth -= SEATED_THIGH * stature_m * float(np.sqrt(1 - aside**2))
    below = np.degrees(np.arctan2(point[1] - camera.height / 2, camera.focal_px))
    pitch = float(np.degrees(np.arctan2(camera.height_m - height, depth)) - below)
    return replace(
        camera,
        pitch_deg=float(np.clip(pitch, *PITCH_RANGE_DEG)),
        pitch_error_deg=SEATED_PITCH_ERROR_DEG if feet else 2 * SEATED_PITCH_ERROR_DEG,
    )


def midpoint(xy: Floats, left: int, right: int) -> Floats:
    """Return the middle of two landmarks, ``(..., 2)``."""
    return np.asarray((xy[..., left, :] + xy[..., right, :]) / 2)


def _tilted(camera: Camera, stature_m: float, eyes: Floats, ankles: Floats) -> Camera:
    """Return the camera at the tilt that gives a standing person this stature; unchanged if the feet are not seen."""
    if not np.isfinite(eyes + ankles).all():
        return replace(camera, pitch_error_deg=10.0)
    pitches = np.linspace(*PITCH_RANGE_DEG, 161)
    miss = _eye_heights(camera, pitches, stature_m, eyes, ankles) - offsets.EYE_HEIGHT * stature_m
    crossing = np.flatnonzero(np.isfinite(miss[:-1]) & np.isfinite(miss[1:]) & (miss[:-1] * miss[1:] <= 0))
    if len(crossing) == 0:
        return replace(camera, pitch_error_deg=10.0)
    i = crossing[np.argmin(np.abs(pitches[crossing]))]
    share = miss[i] / (miss[i] - miss[i + 1]) if miss[i] != miss[i + 1] else 0.0
    return replace(camera, pitch_deg=float(pitches[i] + share * (pitches[i + 1] - pitches[i])))


def _eye_heights(camera: Camera, pitches_deg: Floats, stature_m: float, eyes: Floats, ankles: Floats) -> Floats:
    """Return how high the eyes are above the floor at each tilt, if the ankles stand on it; NaN where they cannot."""
    level = replace(camera, pitch_deg=0.0)
    eye, ankle = level.rays(eyes), level.rays(ankles)
    sine, cosine = np.sin(np.radians(pitches_deg)), np.cos(np.radians(pitches_deg))

    def slope(ray: Floats) -> Floats:
        """Rise over run of a sight line after the camera is tilted down."""
        return np.asarray((cosine * ray[1] - sine * ray[2]) / (sine * ray[1] + cosine * ray[2]))

    with np.errstate(divide="ignore", invalid="ignore"):
        depth = (offsets.ANKLE_HEIGHT * stature_m - camera.height_m) / slope(ankle)
        return np.where(depth > 0, camera.height_m + depth * slope(eye), np.nan)
