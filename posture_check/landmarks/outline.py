"""Where the shoulders end: the outline of the person over both shoulders.

The pose model's shoulder points hardly follow a raised shoulder, the outline does. Two circles of one radius are laid
under the caps of the shoulders, where neck and arm no longer matter; the line through their centres is as tilted as
the shoulders are. They are no joint centres, and their distance is no shoulder width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.crops import cut
from posture_check.landmarks.names import L
from posture_check.landmarks.solidity import PersonMask

Floats = NDArray[np.floating[Any]]

# Lengths are in trunk lengths, from the middle of the shoulder points to that of the hip points (0.5 m).
_CROP_SIDE = 1.58
_CROP_ABOVE = 0.1
_CROP_PX = 256
"""The cut-out is as large as the segmentation network's input, so that a pixel of it is about 3 mm."""
_MIN_TRUNK_PX = 40.0
_MIN_WIDTH = 0.45
"""Shoulder points nearer one another are those of a person turned too far (two thirds of a trunk when facing)."""
_STEP = 0.002
_LINE = 0.004
"""Along a search line, and from one to the next."""
_INSIDE = 0.06
"""Search lines begin this far within the shoulder points."""
_TOP, _SIDE = 0.26, 0.36
"""How far above and beside the shoulder points the outline is looked for."""
_ARM_TOP = (-0.16, 0.2)
"""Heights (down from the shoulder points) over which the arm's side is looked for."""
_EDGE = (0.0, 0.16)
"""Heights over which the arms' sides tell how wide the shoulders are."""
_INNER = 0.5
"""The caps begin halfway from the middle to the sides; further in is the slope of the neck."""
_DIRECTIONS_DEG = np.arange(20.0, 66.0, 5.0)
"""Directions, from outward to upward, in which an arm's side and a neck's slope do not reach the furthest."""
_RADIUS = (0.15, 0.28)
_MAX_RESIDUAL = 0.0024
"""Caps that are no circles within about a millimetre are hair, hoods, straps or arms on the hips (rendered people with
hanging arms: 0.4-0.9 mm; hands on the hips: 1.6-4 mm)."""
_MAX_ARM_OUT_DEG = 30.0


@dataclass(frozen=True, slots=True)
class _Girdle:
    """The shoulders' own frame in the picture: x to the person's left, y down, about the middle, in trunk lengths."""

    middle: Floats
    x: Floats
    y: Floats
    trunk_px: float
    half: float

    def points(self, x: Floats, y: Floats) -> Floats:
        """Return pixels of places in this frame."""
        return np.asarray(self.middle + self.trunk_px * (x[..., None] * self.x + y[..., None] * self.y))


def shoulder_caps(person: PersonMask, image: NDArray[np.uint8], pose: Floats) -> Floats:
    """Return the centres of both shoulder caps, ``(2, 2)`` pixels, person's left first.

    NaN where the person is too small or turned too far, an arm is raised, or either cap's outline is not a shoulder's.

    Parameters
    ----------
    person
        Finds the person's area.
    image
        ``(height, width, 3)`` uint8 RGB.
    pose
        ``(33, 2 or more)`` landmarks in pixels.
    """
    girdle = _girdle(np.asarray(pose[:, :2], float))
    if girdle is None or _arm_out_deg(pose, girdle) > _MAX_ARM_OUT_DEG:
        return np.full((2, 2), np.nan)
    side = _CROP_SIDE * girdle.trunk_px
    centre = girdle.middle - [0.0, _CROP_ABOVE * girdle.trunk_px]
    crop = cut(image, centre, side, _CROP_PX)
    return caps_of_mask(person.mask(crop.image), centre, side, pose)


def caps_of_mask(mask: Floats, centre: Floats, side: float, pose: Floats) -> Floats:
    """Return the centres of both shoulder caps as :func:`shoulder_caps` does, from a mask of the person.

    Parameters
    ----------
    mask
        ``(size, size)`` share of the person, 0..1.
    centre, side
        Middle and side of the square of the picture that the mask covers, in pixels.
    pose
        ``(33, 2 or more)`` landmarks in pixels.
    """
    none = np.full((2, 2), np.nan)
    girdle = _girdle(np.asarray(pose[:, :2], float))
    if girdle is None:
        return none
    outlines = _outlines(_Mask(mask, np.asarray(centre, float), side), girdle)
    if outlines is None:
        return none
    left, right, radius, residual = _two_circles(*outlines)
    if not (_RADIUS[0] <= radius <= _RADIUS[1] and residual <= _MAX_RESIDUAL):
        return none
    found = np.stack([left, right])
    return girdle.points(found[:, 0], found[:, 1])


@dataclass(frozen=True, slots=True)
class _Mask:
    values: Floats
    centre: Floats
    side: float

    def at(self, pixels: Floats) -> Floats:
        """Return the mask at pixels ``(..., 2)`` of the picture."""
        import cv2

        size = self.values.shape[0]
        places = ((pixels - self.centre) * (size / self.side) + size / 2 - 0.5).astype(np.float32)
        found = cv2.remap(self.values.astype(np.float32), places[..., 0], places[..., 1], cv2.INTER_LINEAR)
        return np.asarray(found)


def _girdle(points: Floats) -> _Girdle | None:
    left, right = points[L.LEFT_SHOULDER], points[L.RIGHT_SHOULDER]
    middle, hips = (left + right) / 2, (points[L.LEFT_HIP] + points[L.RIGHT_HIP]) / 2
    trunk_px = float(np.linalg.norm(hips - middle))
    if not trunk_px >= _MIN_TRUNK_PX:  # NaN included
        return None
    # Arms hang down from a trunk that leans: halfway between the two is where caps look most alike.
    down = (hips - middle) / trunk_px + [0.0, 1.0]
    length = float(np.linalg.norm(down))
    if length < 1.0:  # head over heels
        return None
    down /= length
    across = np.array([down[1], -down[0]])
    width = float((left - right) @ across) / trunk_px
    if abs(width) < _MIN_WIDTH:
        return None
    return _Girdle(middle, across * np.sign(width), down, trunk_px, abs(width) / 2)


def _arm_out_deg(pose: Floats, girdle: _Girdle) -> float:
    """Return how far the upper arm that is raised further is raised to the side."""
    out = []
    for side, shoulder, elbow in ((1, L.LEFT_SHOULDER, L.LEFT_ELBOW), (-1, L.RIGHT_SHOULDER, L.RIGHT_ELBOW)):
        arm = pose[elbow, :2] - pose[shoulder, :2]
        out.append(np.degrees(np.arctan2(side * (arm @ girdle.x), arm @ girdle.y)))
    return float(np.max(out))


def _outlines(mask: _Mask, girdle: _Girdle) -> tuple[Floats, Floats] | None:
    """Return the outline of the left and the mirrored right cap, ``(points, 2)`` each, or None without outline."""
    rows = np.arange(*_ARM_TOP, _LINE)
    arms = [_sideways(mask, girdle, rows, side) for side in (1, -1)]
    level = (rows >= _EDGE[0]) & (rows < _EDGE[1])
    if min(np.isfinite(arm[level]).sum() for arm in arms) < level.sum() / 2:
        return None
    edges = [float(np.nanmedian(arm[level])) for arm in arms]
    middle, half = (edges[0] - edges[1]) / 2, (edges[0] + edges[1]) / 2
    columns = np.arange(_INNER * half, half + 5 * _LINE, _LINE)
    caps = []
    for side, arm in zip((1, -1), arms, strict=True):
        x = side * middle + columns
        cap = np.concatenate([np.stack([arm, rows], -1), np.stack([x, _upward(mask, girdle, side * x)], -1)])
        caps.append(cap[np.isfinite(cap).all(1)])
    return caps[0], caps[1]


def _sideways(mask: _Mask, girdle: _Girdle, rows: Floats, side: int) -> Floats:
    """Return where search lines outward at these heights leave the person, NaN where they do not."""
    out = girdle.half - _INSIDE + np.arange(0.0, _SIDE, _STEP)
    seen = mask.at(girdle.points(*np.meshgrid(side * out, rows, indexing="ij")))
    return np.asarray(out[0] + _STEP * _leaving(seen))


def _upward(mask: _Mask, girdle: _Girdle, columns: Floats) -> Floats:
    """Return where search lines upward at these places leave the person, NaN where they do not."""
    up = np.arange(_INSIDE, -_TOP, -_STEP)
    seen = mask.at(girdle.points(*np.meshgrid(columns, up, indexing="xy")))
    return np.asarray(_INSIDE - _STEP * _leaving(seen))


def _leaving(seen: Floats) -> Floats:
    """Return the place ``(lines,)`` along each column of ``(steps, lines)`` where it first falls below one half."""
    outside = seen < 0.5
    first = outside.argmax(0)
    line = np.arange(seen.shape[1])
    before = seen[np.maximum(first - 1, 0), line]
    with np.errstate(divide="ignore", invalid="ignore"):
        place = first - 1 + (before - 0.5) / (before - seen[first, line])
    return np.where(outside.any(0) & (first > 0), place, np.nan)


def _two_circles(left: Floats, right: Floats) -> tuple[Floats, Floats, float, float]:
    """Return centres and common radius of the circles that reach as far as the outlines do, and the misfit.

    A circle about ``c`` reaches as far as ``u @ c + radius`` in direction ``u``: linear in all that is sought.
    The right outline is mirrored; its centre is given back in the frame itself.
    """
    if min(len(left), len(right)) < 20:
        return np.full(2, np.nan), np.full(2, np.nan), np.nan, np.nan
    angles = np.radians(_DIRECTIONS_DEG)
    u = np.stack([np.cos(angles), -np.sin(angles)], -1)
    n, none = len(u), np.zeros_like(u)
    one = np.ones((n, 1))
    system = np.block([[u, none, one], [none, u, one]])
    reach = np.concatenate([(left @ u.T).max(0), (right @ u.T).max(0)])
    found = np.linalg.lstsq(system, reach, rcond=None)[0]
    residual = float(np.std(system @ found - reach))
    return found[:2], found[2:4] * [-1, 1], float(found[4]), residual
