"""Where the landmark model puts its points, which is not quite at the joint centres.

Fitted to the pose model's landmarks on 64 rendered standing clips with known skeletons (six bodies, cameras 0
to 102 degrees around them): for each landmark the constant offset in axes of the body that leaves the least
pixel error (least absolute deviations, both sides together, hidden landmarks left out). What remains is 0.2
to 0.6 % of stature. Heels and toes are fitted to the cameras up to 35 degrees around, from which feet are judged,
with the perspective of near feet. Bent knees look straighter than they are (``measures.offsets``).

Of seated people (33 rendered seated clips, six bodies, cameras 0 to 111 degrees around them; remaining 0.6 to 0.9 % of
stature) hips, knees, shoulders and elbows lie elsewhere; how level a thigh is decides between the two. Of six rendered
squats the low ones have their hips as seated people have them, the ones bent from the waist as standing ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures.offsets import KNEE_FLEXION_GAIN, true_yaw_deg
from posture_check.simulate.blend import ease
from posture_check.simulate.body import Figure
from posture_check.simulate.rotation import angle_between, apply, turn, unit

Floats = NDArray[np.floating[Any]]

_Offsets = dict[str, tuple[float, float, float]]

# Outward, up, forward in % of stature, in axes of the head, the trunk, the pelvis and each foot.
_HEAD: _Offsets = {
    "NOSE": (0.0, 0.33, -0.34),
    "EYE_INNER": (0.0, 0.0, 0.49),
    "EYE": (0.0, 0.0, 0.49),
    "EYE_OUTER": (0.0, 0.0, 0.49),
    "EAR": (-1.68, 0.03, 1.96),
    "MOUTH": (0.34, 0.0, -0.29),
}
_TRUNK: _Offsets = {"SHOULDER": (-0.16, 1.19, 0.10), "ELBOW": (-0.15, 0.27, 0.16)}
_PELVIS: _Offsets = {"HIP": (-0.11, -1.47, 2.50)}
_SEATED_PELVIS: _Offsets = {"HIP": (-0.17, 1.80, 1.63), "KNEE": (-0.27, 0.45, 0.55)}
_SEATED_TRUNK: _Offsets = {"SHOULDER": (-0.44, 1.89, -0.28), "ELBOW": (-0.20, 1.14, -0.32)}
_LEVEL_FROM_DEG, _LEVEL_DEG = 25.0, 75.0
"""Thighs this far from hanging begin to look seated, and are."""
_KNEE: _Offsets = {"KNEE": (-0.31, -0.98, 0.0)}
_FOOT: _Offsets = {
    "ANKLE": (0.17, 1.41, 0.07),
    "HEEL": (-0.17, 0.75, 2.00),
    "FOOT_INDEX": (-0.73, 0.30, -2.08),
}


def with_model_bias(figure: Figure, stature_m: float) -> Floats:
    """Return the pose landmarks ``(frames, 33, 3)`` moved by the model's constant offsets.

    Parameters
    ----------
    figure
        The body, in any frame.
    stature_m
        Metres.
    """
    points = figure.points.copy()
    level = _level_thighs(figure)
    for landmark, offset in _by_landmark(_HEAD):
        points[:, landmark] += stature_m * apply(figure.head_axes, offset)
    for standing, seated, axes in (
        (_TRUNK, _SEATED_TRUNK, figure.trunk_axes),
        (_PELVIS, _SEATED_PELVIS, figure.pelvis_axes),
    ):
        sitting = dict(_by_landmark(seated))
        for landmark, offset in _by_landmark(standing):
            # Hips and shoulders of both sides go together.
            share = level.mean(1)[:, None]
            points[:, landmark] += stature_m * apply(axes, (1 - share) * offset + share * sitting[landmark])
    for side in ("LEFT", "RIGHT"):
        axes = _foot_axes(figure, side)
        for landmark, offset in _by_landmark(_FOOT):
            if side in landmark.name:
                points[:, landmark] += stature_m * apply(axes, offset)
    sitting = dict(_by_landmark(_SEATED_PELVIS))
    for i, (landmark, offset) in enumerate(_by_landmark(_KNEE)):
        side = landmark.name.removesuffix("_KNEE")
        upright = _straighter_knee(figure, points, side) + stature_m * apply(figure.pelvis_axes, offset)
        seated_knee = figure.points[:, landmark] + stature_m * apply(figure.pelvis_axes, sitting[landmark])
        points[:, landmark] = upright + level[:, i, None] * (seated_knee - upright)
    return points


def with_world_bias(world: Floats, yaw_deg: Floats, to_be_flipped: bool = False) -> Floats:
    """Return world landmarks turned as the model sees them: by less than the person is.

    Parameters
    ----------
    world
        ``(frames, 33, 3)`` hip-centred, camera axes.
    yaw_deg
        ``(frames,)`` true turn of the person against the camera, to the camera's right positive: camera on
        their left.
    to_be_flipped
        Whether the picture will be mirrored, so that the model sees the mirror image.
    """
    seen = np.linspace(-190.0, 190.0, 761)
    # The correction is that of the measures, read backwards.
    true = true_yaw_deg(seen, seen)
    flip = -1.0 if to_be_flipped else 1.0
    apparent = -flip * np.interp(-flip * yaw_deg, true, seen)
    return np.asarray(world @ np.swapaxes(turn("y", apparent - yaw_deg), -1, -2))


def _level_thighs(figure: Figure) -> Floats:
    """Return how seated each thigh looks, ``(frames, 2)``: 0 hanging, 1 level."""
    p = figure.points
    thighs = p[:, [L.LEFT_KNEE, L.RIGHT_KNEE]] - p[:, [L.LEFT_HIP, L.RIGHT_HIP]]
    angle = angle_between(thighs, np.array([0.0, -1.0, 0.0]))
    return ease((angle - _LEVEL_FROM_DEG) / (_LEVEL_DEG - _LEVEL_FROM_DEG))


def _straighter_knee(figure: Figure, points: Floats, side: str) -> Floats:
    """Return the knee ``(frames, 3)`` between the moved hip and ankle, bent as little as it looks side-on."""
    hip, knee, ankle = (figure.points[:, L[f"{side}_{name}"]] for name in ("HIP", "KNEE", "ANKLE"))
    leg = ankle - hip
    share = ((knee - hip) * leg).sum(-1, keepdims=True) / (leg * leg).sum(-1, keepdims=True)
    out_of_line = knee - hip - share * leg
    moved_hip, moved_ankle = points[:, L[f"{side}_HIP"]], points[:, L[f"{side}_ANKLE"]]
    return np.asarray(moved_hip + share * (moved_ankle - moved_hip) + out_of_line / KNEE_FLEXION_GAIN)


def _by_landmark(table: _Offsets) -> list[tuple[L, Floats]]:
    out: list[tuple[L, Floats]] = []
    for name, offset in table.items():
        for landmark in L:
            plain = landmark.name.removeprefix("LEFT_").removeprefix("RIGHT_")
            if plain.removesuffix("_LEFT").removesuffix("_RIGHT") == name:
                outward = -1.0 if "RIGHT" in landmark.name else 1.0
                out.append((landmark, np.array(offset) / 100 * [outward, 1, 1]))
    return out


def _foot_axes(figure: Figure, side: str) -> Floats:
    """Columns left, up, forward of a foot, level."""
    level = np.array([1.0, 0.0, 1.0])
    forward = unit((figure.points[:, L[f"{side}_FOOT_INDEX"]] - figure.points[:, L[f"{side}_HEEL"]]) * level)
    left = figure.pelvis_axes[..., 0] * level
    left = unit(left - (left * forward).sum(-1, keepdims=True) * forward)
    up = np.broadcast_to([0.0, 1.0, 0.0], forward.shape)
    return np.stack([left, up, forward], axis=-1)
