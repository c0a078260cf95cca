"""Squatting to pick something up, seen side-on, at its lowest hold: feet, heels, shank, hips and trunk.

The landmark model knows few squats: it pulls the knee of the near leg towards the far one, sinks hips less than they
sink and hides the far foot behind the near one. The figures below were learned on six rendered squats of four bodies
(1.54-1.83 m; deep with one foot back, deep on flat feet, and bent over with straight legs) with exact truth; the errors
are what remains, and they are large. Heights and lengths are in centimetres of a person of the scene's stature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import from_vertical
from posture_check.measures.body import VISIBLE, Body
from posture_check.measures.registry import measure
from posture_check.measures.scene import ADULT_STATURE_M, midpoint
from posture_check.measures.series import Series

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

NEAR_LEG = ("HIP", "KNEE", "ANKLE", "HEEL", "FOOT_INDEX")
LOWEST_SHARE = 0.12
"""Frames in which the shoulders are within this share of their whole way of the lowest place are the hold."""
TRUNK_SEEN = 1.03
"""The trunk's longest apparent length against :data:`~posture_check.measures.offsets.TRUNK_LENGTH`, side-on (spread
0.02): it tells the scale where the camera is a guess, for a guess from someone who squats is no good."""
SCALE_ERROR = 0.05
"""Share by which lengths err with a calibrated camera, and besides the stature with a guessed one."""
APART_ERROR_CM = 4.5
"""Places of the two heels along the picture against one another."""
LEVEL_CM = 9.0
"""Feet less far apart than twice that error stand level: there is no front and no rear foot."""
HEEL_OFFSET_CM, HEEL_ERROR_CM = {"near": -0.6, "far": 2.1}, {"near": 1.9, "far": 2.7}
"""Height of the heel point over the toe point of a flat foot, and what remains."""
SHANK_OFFSET_DEG, SHANK_ERROR_DEG = 14.0, 8.0
FAR_SHANK_ERROR_DEG = 15.0
"""Shank of the near front leg (or of both level ones) is seen too upright by the offset: by 5, 10, 17, 18 and 20
degrees in five squats of four bodies. The error holds the uncertainty of so few, too. A far leg in front, half hidden,
is taken as it is seen."""
HIP_GAIN, HIP_OFFSET_CM, HIP_ERROR_CM = 1.15, -6.3, 3.5
"""Hip over knee: true = gain x seen + offset; the hips are seen too high the lower they are."""
LEAN_ERROR_DEG = 3.0
"""The trunk's line is seen at its true lean (bias -0.1): bent forward, shoulder and hip points shift alike."""


@dataclass(frozen=True)
class _Squat:
    """A squat in the sagittal plane of a person seen side-on, in centimetres, forward and up positive.

    Attributes
    ----------
    points
        ``(frames, 33, 2)``.
    held
        ``(frames,)`` whether the squat is at its lowest.
    apart
        ``(frames,)`` left heel ahead of the right one.
    near, far
        Side nearer the camera, and the other.
    scale_error
        Share by which lengths may err.
    """

    points: Floats
    held: Bools
    apart: Floats
    near: str
    far: str
    scale_error: float

    @property
    def typical_apart(self) -> float:
        """Median over the hold."""
        held = self.apart[self.held & np.isfinite(self.apart)]
        return float(np.median(held)) if len(held) else float("nan")

    @property
    def level(self) -> bool:
        """Whether the feet stand level."""
        return bool(abs(self.typical_apart) < LEVEL_CM)

    @property
    def front(self) -> str:
        """Side of the front foot; where the feet are level, the near one."""
        return self.near if self.level else "LEFT" if self.typical_apart > 0 else "RIGHT"

    @property
    def rear(self) -> str:
        """Side of the rear foot; where the feet are level, the near one."""
        return self.near if self.level else "RIGHT" if self.typical_apart > 0 else "LEFT"

    def at(self, side: str, name: str) -> Floats:
        """Return ``(frames, 2)`` of a landmark."""
        return np.asarray(self.points[:, L[f"{side}_{name}"]])


def _squat(body: Body) -> _Squat:
    held = _lowest(body)
    cm_per_px, error = _scale(body, held)
    points = _levelled(body) * [1.0, -1.0] * cm_per_px
    points[..., 0] *= np.where(body.typical_yaw_deg > 0, -1.0, 1.0)
    far = "RIGHT" if body.near_side == "LEFT" else "LEFT"
    apart = points[:, L.LEFT_HEEL, 0] - points[:, L.RIGHT_HEEL, 0]
    return _Squat(points, held, apart, body.near_side, far, error)


def _levelled(body: Body) -> Floats:
    """Return ``(frames, 33, 2)`` pixels of the picture turned so that the camera's roll is out of it."""
    roll = np.radians(body.scene.camera.roll_deg)
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    return np.asarray(body.xy.astype(float) @ turn.T)


def _lowest(body: Body) -> Bools:
    """Return the frames of the lowest hold, ``(frames,)``: where the shoulders are, whether hips sink or not."""
    down = body.middle(L.LEFT_SHOULDER, L.RIGHT_SHOULDER)[:, 1]
    seen = down[np.isfinite(down)]
    if len(seen) == 0:
        return np.zeros(len(body), bool)
    high, low = np.percentile(seen, (2, 98))
    with np.errstate(invalid="ignore"):
        return np.asarray(down >= low - LOWEST_SHARE * (low - high))


def _scale(body: Body, held: Bools) -> tuple[float, float]:
    """Return centimetres per pixel, and the share by which they may err."""
    if body.scene.calibrated:
        return float(100 * np.nanmedian(body.m_per_px[held])), SCALE_ERROR
    trunk = float(np.nanpercentile(body.trunk_px, 90))
    stature = body.scene.stature_m
    error = np.hypot(SCALE_ERROR, body.scene.stature_error_m / ADULT_STATURE_M)
    return 100 * TRUNK_SEEN * offsets.TRUNK_LENGTH * stature / max(trunk, 1.0), float(error)


def _series(body: Body, squat: _Squat, value: Floats, error: float, *points: L, share: float = 0.0) -> Series:
    """Return a value on the frames of the hold with its error; ``share`` of the value errs as lengths do."""
    systematic = np.hypot(error, share * squat.scale_error * np.abs(np.nan_to_num(value)))
    noise = 100 * np.sqrt(2) * body.noise_m(*points) if points else 0.0
    return Series(np.where(squat.held, value, np.nan), noise, systematic)


def _visible(body: Body, side: str, *names: str) -> Bools:
    return np.asarray((body.track.visibility[:, [L[f"{side}_{name}"] for name in names]] >= VISIBLE).all(1))


@measure("cm", near=NEAR_LEG)
def squat_feet_apart(body: Body) -> Series:
    """Distance of the feet along the line of sight of the person, heel to heel, centimetres.

    A far foot that cannot be made out is hidden by the near one, so the feet are within half a foot's length of one
    another; if its guessed place says otherwise, nothing is known.
    """
    squat = _squat(body)
    apart = np.abs(squat.apart)
    half = 50 * offsets.FOOT_LENGTH * body.scene.stature_m
    told = _visible(body, squat.far, "HEEL") | (apart < half)
    value = np.where(told, apart, np.nan)
    return _series(body, squat, value, APART_ERROR_CM, L.LEFT_HEEL, L.RIGHT_HEEL, share=1.0)


@measure("cm", near=NEAR_LEG)
def squat_front_heel(body: Body) -> Series:
    """Height of the front foot's heel above the floor in centimetres, against its toes; of the near one if level."""
    squat = _squat(body)
    return _heel(body, squat, squat.front)


@measure("cm", near=NEAR_LEG)
def squat_rear_heel(body: Body) -> Series:
    """Height of the rear foot's heel above the floor in centimetres, against its toes; of the near one if level."""
    squat = _squat(body)
    return _heel(body, squat, squat.rear)


def _heel(body: Body, squat: _Squat, side: str) -> Series:
    where = "near" if side == squat.near else "far"
    height = (squat.at(side, "HEEL") - squat.at(side, "FOOT_INDEX"))[:, 1] - HEEL_OFFSET_CM[where]
    told = np.where(_visible(body, side, "HEEL", "FOOT_INDEX"), height, np.nan)
    return _series(body, squat, told, HEEL_ERROR_CM[where], L[f"{side}_HEEL"], L[f"{side}_FOOT_INDEX"], share=1.0)


@measure("deg", near=NEAR_LEG)
def squat_front_shank(body: Body) -> Series:
    """Front shank from the vertical in degrees, knee ahead of the ankle positive; of both where the feet are level."""
    squat = _squat(body)

    def lean(side: str) -> Floats:
        shank = squat.at(side, "KNEE") - squat.at(side, "ANKLE")
        return from_vertical(shank[:, 0], shank[:, 1])

    noise = body.noise_deg(0.25 * body.scene.stature_m, L[f"{squat.near}_KNEE"], L[f"{squat.near}_ANKLE"])
    if squat.front == squat.far:
        seen = np.where(_visible(body, squat.far, "KNEE", "ANKLE"), lean(squat.far), np.nan)
        return Series(np.where(squat.held, seen, np.nan), noise, FAR_SHANK_ERROR_DEG)
    seen = (lean(squat.near) + lean(squat.far)) / 2 if squat.level else lean(squat.near)
    return Series(np.where(squat.held, seen + SHANK_OFFSET_DEG, np.nan), noise, SHANK_ERROR_DEG)


@measure("cm", near=NEAR_LEG)
def squat_hip_height(body: Body) -> Series:
    """Height of the hip above the front knee in centimetres, below it negative; above the near one if level."""
    squat = _squat(body)
    side = squat.front
    over = (squat.at(side, "HIP") - squat.at(side, "KNEE"))[:, 1]
    told = np.where(_visible(body, side, "KNEE"), HIP_GAIN * over + HIP_OFFSET_CM, np.nan)
    return _series(body, squat, told, HIP_ERROR_CM, L[f"{side}_HIP"], L[f"{side}_KNEE"], share=1.0)


@measure("deg", near=("SHOULDER", "HIP"))
def squat_trunk_lean(body: Body) -> Series:
    """Forward lean of the trunk from the vertical in degrees, at the lowest hold."""
    squat = _squat(body)
    trunk = midpoint(squat.points, L.LEFT_SHOULDER, L.RIGHT_SHOULDER) - midpoint(squat.points, L.LEFT_HIP, L.RIGHT_HIP)
    lean = from_vertical(trunk[:, 0], trunk[:, 1])
    noise = body.noise_deg(offsets.TRUNK_LENGTH * body.scene.stature_m, L.LEFT_SHOULDER, L.LEFT_HIP)
    systematic = float(np.hypot(LEAN_ERROR_DEG, body.scene.camera.roll_error_deg))
    return Series(np.where(squat.held, lean, np.nan), noise, systematic)
