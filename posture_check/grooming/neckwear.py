"""What is worn around the neck: tie, bow, scarf or nothing, and how a tie sits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming import neckwear_shape as shape
from posture_check.grooming.neckwear_features import features
from posture_check.grooming.network import Network
from posture_check.grooming.patches import Patch, warp
from posture_check.grooming.subject import FACE_CHIN, Axes, Subject
from posture_check.grooming.tie_cut import cut_out
from posture_check.landmarks.findings import Finding, Mark, Missing, missing
from posture_check.landmarks.names import L

Floats = NDArray[np.floating[Any]]

WORN = ("tie_worn", "bow_worn", "scarf_worn")
PLACED = ("knot_offset", "tie_tip", "tie_tilt")

CORNER_CM, SIZE_CM, SIZE_PX = (-19.2, -1.0), (38.4, 72.0), (128, 240)
"""The patch the network sees: from the chin down, so that the face has no say, to below the belt."""
OUTSIDE = 127
"""Grey of a patch where the picture does not show it."""
HEIGHTS = (80, 240)
"""The network sees so many rows from the top: a portrait that ends at the chest needs no more than the first."""
CELL_PX = 4
"""Pixels of the patch per cell of the network's maps."""
MAX_TURN_DEG, STRAIGHT_DEG = 50.0, 35.0
"""Turned further the collar is half hidden, or (second) what hangs before the chest shifts against it."""
LEAST_PX_PER_CM = 1.2
"""A knot of 4 cm has 5 pixels then."""
COLLAR_CM, CHEST_CM = 5.5, 7.0
"""The collar lies 4-8 cm below the chin: a picture that ends above the first does not show it. One that ends above the
second may show a knot, but what it does not show may be below its edge (portraits cut off at 7 cm: 95 % of the ties
found, at 6 cm 86 %, false ties 2-4 %)."""
KNOT_CM, BELT_CM, HIPS_CM, TILT_DEG = 0.5, 1.2, 3.0, 1.0
"""Standard errors on the rendered stills, held out: knot against collar, belt line seen, belt line told from the hips
(also its spread among the rendered bodies), tilt."""
BELT_SHARE = 0.96
"""Where the belt line lies between shoulder and hip landmarks (rendered people: 0.85-1.03, mean 0.96)."""
SCALE = 0.08
"""Relative standard error of a length: the scale is the face's (rendered people, collar to belt: 7.5 %)."""
_COLLAR_LOST_CM = 4.0
_BELOW_CM = 1.5
"""So much must be seen below a tip to know it for one."""
_SHORT_CM = 15.0
"""No tie is so short; what ends here is hidden or no tie."""
_KNOT_DEPTH_CM = 2.3
"""The knot stands so far before the collar's centre (rendered people): turned to the left it shifts to the right."""
_AGREED_CM = 4.0
_BLUR_CM, _OVER_CM = 1.0, 0.5
"""A tip reads so much too low (rendered stills, median of 21: 1.1 cm); from so far below the belt line it hangs over
cloth that may be of its colour."""
_STRIP_CM, _GAP_CM, _ALIKE = 1.5, 1.0, 12.0
"""Colours above and below a tip are compared in strips so wide and tall, so far from it. Nearer in L*a*b* than this
they are as alike as one cloth in light and shade."""
_PX = SIZE_PX[0] / SIZE_CM[0]
_HIGH_CM = 15.0
"""A tie that seems to end higher above the belt goes on under a jacket or behind a card."""
_MIDDLE, _MIDDLE_SHARE = SIZE_PX[0] / CELL_PX / 2 - 0.5, 0.33
"""Column of the patch's middle line. The network's collar is drawn to a knot that sits aside; the middle line between
chin and trunk is not, but follows a turned head. With a third of it 3 % of the congress portraits' knots lie more than
1.2 cm aside, with half of it 4 %, and 34 of 36 rendered ones are judged right."""
_DARK = 12.0
_CLOTH, _CLOTH_CM2 = 0.5, 6.0
"""Share from which a cell counts as cloth, and the least area to tell a pattern by."""
_EYES_CHIN_CM = 11.5
"""From the line of the eyes down to the chin (Farkas, Anthropometry of the Head and Face, 1994: 11-12 cm)."""


def neck_axes(subject: Subject) -> Axes:
    """Return the trunk's frame with its origin below the chin, half way from there to the trunk's middle line.

    The collar turns with the trunk and lies in front of it as the chin does: half the chin's way sideways is where it
    is found under any turn (rendered people, up to 30 degrees: within 1.5 cm).
    """
    trunk = subject.trunk
    if subject.has_face:
        chin = trunk.from_picture(subject.face[FACE_CHIN, :2].astype(float))
    else:
        chin = trunk.from_picture(subject.head.to_picture(np.array([0.0, _EYES_CHIN_CM])))
    origin = trunk.to_picture(np.array([0.5 * chin[0], chin[1]]))
    return Axes(origin, trunk.x, trunk.y, trunk.px_per_cm)


def neck_patch(subject: Subject) -> Patch:
    """Return the patch that the network sees."""
    return warp(subject.image, neck_axes(subject), CORNER_CM, SIZE_CM, SIZE_PX)


def height_of(inside: NDArray[np.bool_]) -> int:
    """Return how many rows of a patch hold all that the picture shows: one of :data:`HEIGHTS`."""
    return HEIGHTS[-1] if inside[HEIGHTS[0] :].any() else HEIGHTS[0]


def standard(image: NDArray[np.uint8], inside: NDArray[np.bool_], tint: Floats | float = 1.0) -> Floats:
    """Return a patch ``(height, width, 3)`` as the network takes it, ``(1, 3, height, width)`` float32.

    The light is taken out: the neck and the upper chest have mean 0 and deviation 1, and what the picture does not show
    is 0.

    Parameters
    ----------
    image
        Upper rows of a patch, uint8 RGB.
    inside
        ``(height, width)`` which pixels lie in the picture.
    tint
        Factors of the colours, to train with.
    """
    values = image.astype(np.float32) * np.asarray(tint, np.float32)
    top = values[: HEIGHTS[0]][inside[: HEIGHTS[0]]]
    mean, deviation = (float(top.mean()), float(top.std())) if len(top) else (127.0, 1.0)
    scaled = (values - mean) / max(deviation, 1.0) * inside[..., None]
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None], np.float32)


@dataclass(frozen=True, slots=True)
class Look:
    """What the network says of one patch.

    Attributes
    ----------
    patch
        The patch.
    inside
        ``(rows, columns)`` which cells lie in the picture.
    shares
        ``(5, rows, columns)`` of anything else, tie, bow, scarf, and trousers or skirt in each cell.
    collar
        ``(rows, columns)`` score of being the collar's centre.
    worn
        ``(4,)`` scores of nothing, tie, bow and scarf around the neck.
    features
        ``(64, rows / 2, columns / 2)`` features of the cells.
    """

    patch: Patch
    inside: NDArray[np.bool_]
    shares: Floats
    collar: Floats
    worn: Floats
    features: Floats

    @property
    def cell_cm(self) -> float:
        """Size of a cell."""
        return CELL_PX / self.patch.px_per_cm

    def to_picture(self, cells: Floats) -> Floats:
        """Return places ``(..., 2)`` in cells as pixels of the picture."""
        return self.patch.to_picture((np.asarray(cells, float) + 0.5) * CELL_PX - 0.5)


class NeckwearReader:
    """Reads what is worn around the neck.

    Parameters
    ----------
    shape_model
        Maps where a tie, the collar and the belt line are: name in ``models/``, or path of an ONNX file.
    worn_model
        Tells what is worn, likewise.
    """

    def __init__(self, shape_model: str | Path = "neckwear", worn_model: str | Path = "neckwear_worn") -> None:
        self._network, self._judge = Network(shape_model), Network(worn_model)
        self._mix = np.array(json.loads(self._judge.meta["mix"]))
        self._band = {name: float(self._judge.meta[f"band_{name}"]) for name in WORN}

    def look(self, subject: Subject) -> dict[str, Finding]:
        """Return a finding for each of :data:`WORN` and :data:`PLACED`."""
        patch = neck_patch(subject)
        if reason := hidden(subject, patch):
            return missing(reason, *WORN, *PLACED)
        seen = self.see(patch)
        found = self._worn(seen)
        tie = found["tie_worn"]
        if tie.reason or not tie.value or tie.value < 0.5:
            return found | missing(tie.reason or "absent", *PLACED)
        return found | placed(subject, seen)

    def see(self, patch: Patch) -> Look:
        """Return what the network says of a patch."""
        height = height_of(patch.inside)
        dense, worn, features = self._network.run(standard(patch.image[:height], patch.inside[:height]))
        scores = dense[0, :-1] - dense[0, :-1].max(0)
        shares = np.exp(scores) / np.exp(scores).sum(0)
        cells = patch.inside[:height].reshape(height // CELL_PX, CELL_PX, -1, CELL_PX).all((1, 3))
        return Look(patch, np.asarray(cells), shares * cells, dense[0, -1], worn[0], features[0])

    def embedding(self, subject: Subject) -> Floats | None:
        """Return ``(n,)`` float32 figures of the tie, bow or scarf worn, for a site to learn its own from.

        None where none is seen. The figures are the network's features there, and mean, spread and distribution of the
        colours in L*a*b*.
        """
        patch = neck_patch(subject)
        if hidden(subject, patch):
            return None
        seen = self.see(patch)
        weights = seen.shares[1:4].max(0)
        weights = np.where(weights > _CLOTH, weights, 0)
        if weights.sum() * seen.cell_cm**2 < _CLOTH_CM2:
            return None
        return np.concatenate([_pattern(seen, weights), _colours(seen, weights)]).astype(np.float32)

    def _worn(self, seen: Look) -> dict[str, Finding]:
        scores = self._judge.run(features(seen.patch.image)[None])[0][0]
        odds = scores * self._mix[:, 0] + log_odds(seen.worn) * self._mix[:, 1] + self._mix[:, 2]
        chances = 1 / (1 + np.exp(-odds))
        region = _outline(seen)
        found = {}
        for number, (name, chance) in enumerate(zip(WORN, chances, strict=True), start=1):
            marks = (region, *_found(seen, number))
            reason: Missing | None = "uncertain" if abs(chance - 0.5) < self._band[name] else None
            if chance < 0.5 and _shown_cm(seen.patch) < CHEST_CM:
                found[name] = Finding(reason="out_of_frame", marks=marks)
            else:
                found[name] = Finding(float(chance), self._band[name], reason, marks=marks)
        return found


def log_odds(worn: Floats) -> Floats:
    """Return the log-odds ``(..., 3)`` of tie, bow and scarf from scores ``(..., 4)`` that count nothing first."""
    shares = np.exp(worn - worn.max(-1, keepdims=True))
    shares = np.clip(shares / shares.sum(-1, keepdims=True), 1e-5, 1 - 1e-5)[..., 1:]
    return np.asarray(np.log(shares / (1 - shares)))


def hidden(subject: Subject, patch: Patch) -> Missing | None:
    """Return why nothing can be said of the neck in this picture; None where it can."""
    if not subject.has_face or abs(subject.head_yaw_deg) > MAX_TURN_DEG or abs(subject.trunk_yaw_deg) > MAX_TURN_DEG:
        return "view"
    if patch.source_px_per_cm < LEAST_PX_PER_CM:
        return "too_small"
    if _shown_cm(patch) < COLLAR_CM:
        return "out_of_frame"
    if float(patch.image[patch.inside].mean()) < _DARK:
        return "too_dark"
    return None


def _shown_cm(patch: Patch) -> float:
    """Return how far below the chin the picture reaches."""
    middle = patch.inside[:, SIZE_PX[0] // 4 : -SIZE_PX[0] // 4]
    rows = np.flatnonzero(middle.mean(1) > 0.5)
    return float((rows[-1] + 1) / patch.px_per_cm + CORNER_CM[1]) if len(rows) else 0.0


def placed(subject: Subject, seen: Look) -> dict[str, Finding]:
    """Return where knot and tip of a tie are, and how it hangs."""
    if abs(subject.trunk_yaw_deg) > STRAIGHT_DEG:
        return missing("view", *PLACED)
    first = shape.blade_of(seen.shares[1], seen.cell_cm)
    if first is None:
        return missing("uncertain", *PLACED)
    knot = shape.knot_of(first, seen.cell_cm)
    blade = shape.blade_of(_sharp(seen, knot), seen.cell_cm) or first
    marks = _found(seen, 1)
    return {
        "knot_offset": _knot_offset(subject, seen, knot, marks),
        "tie_tip": _tip(subject, seen, blade, first, marks),
        "tie_tilt": _tilt(seen, blade, marks),
    }


def _sharp(seen: Look, knot: tuple[float, float]) -> Floats:
    """Return the share of tie in each cell: what colour tells, and where the network is sure without."""
    tie = seen.shares[1]
    image = seen.patch.image[: CELL_PX * len(seen.inside)]
    cut = cut_out(image, seen.inside, tie, seen.shares[4], knot, seen.patch.px_per_cm)
    return np.maximum(cut, np.where(tie > _CLOTH, tie, 0.0))


def _knot_offset(subject: Subject, seen: Look, knot: tuple[float, float], marks: tuple[Mark, ...]) -> Finding:
    x, y, spread = shape.collar_of(seen.collar)
    x = x + _MIDDLE_SHARE * (_MIDDLE - x)
    turn = np.radians(subject.trunk_yaw_deg)
    offset = float((knot[0] - x) * seen.cell_cm / np.cos(turn) + _KNOT_DEPTH_CM * np.sin(turn))
    error = _length_error(offset, float(np.hypot(KNOT_CM, 0.5 * max(0.0, spread - 1) * seen.cell_cm)))
    ends = seen.to_picture(np.array([[x, y - 2], [x, y + 5]]))
    marks = (*marks, _mark("line", ends, "reference"), _mark("point", seen.to_picture(np.array([knot]))))
    if spread * seen.cell_cm > _COLLAR_LOST_CM:
        return Finding(offset, error, "uncertain", marks=marks)
    return Finding(offset, error, marks=marks)


def _tip(subject: Subject, seen: Look, blade: shape.Blade, mapped: shape.Blade, marks: tuple[Mark, ...]) -> Finding:
    """Return the tip against the belt line.

    Its cloth must differ from what lies below. Colour may follow a tie further down than the network's map does, which
    overlooks ties over trousers, but not lose it above.
    """
    cell = seen.cell_cm
    row = min(round(blade.end), len(seen.inside) - 1)
    column = int(np.clip(round(float(blade.middle[-1])), 0, seen.inside.shape[1] - 1))
    below = seen.inside[row : row + round(_BELOW_CM / cell) + 1, column]
    if not below.all() or row + round(_BELOW_CM / cell) >= SIZE_PX[1] // CELL_PX:
        return Finding(reason="out_of_frame", marks=marks)
    if (blade.end - blade.top) * cell < _SHORT_CM or shape.tapers(blade, cell):
        return Finding(reason="occluded", marks=marks)
    if shape.blunt(blade, cell) or (mapped.end - blade.end) * cell > _AGREED_CM:
        return Finding(reason="uncertain", marks=marks)
    tip = (float(blade.middle[-1]), blade.end)
    belt = shape.belt_of(seen.shares[4], seen.inside, tip, cell)
    if belt is None:
        if not subject.hips_shown:
            return Finding(reason="out_of_frame", marks=marks)
        line, error = _belt_from_hips(subject, seen), HIPS_CM
    else:
        line, error = belt[0], float(np.hypot(BELT_CM, belt[1] * cell))
    ends = seen.to_picture(np.array([[tip[0] - 8, line], [tip[0] + 8, line]]))
    marks = (*marks, _mark("line", ends, "reference"), _mark("point", seen.to_picture(np.array([tip]))))
    above = (line - tip[1]) * cell + _BLUR_CM
    if above < -_OVER_CM and _alike(seen, tip):
        return Finding(reason="uncertain", marks=marks)
    if above > _HIGH_CM:
        return Finding(reason="occluded", marks=marks)
    return Finding(above, _length_error(above, error), marks=marks)


def _alike(seen: Look, tip: tuple[float, float]) -> bool:
    """Return whether the cloth below a tip looks like the tie's, so that it may go on."""
    import cv2

    column, row, side = round((tip[0] + 0.5) * CELL_PX), round((tip[1] + 0.5) * CELL_PX), round(_STRIP_CM * _PX)
    strip = seen.patch.image[:, max(0, column - side) : column + side + 1].astype(np.float32) / 255
    lab = cv2.cvtColor(strip, cv2.COLOR_RGB2LAB)
    near, far = round(_GAP_CM * _PX), round((_GAP_CM + _STRIP_CM) * _PX)
    above, below = lab[max(0, row - 2 * far) : row - near], lab[row + near : row + far + 1]
    if not below.size or not above.size:
        return True
    patterned = float(above[..., 0].std() - below[..., 0].std())
    return bool(np.linalg.norm(np.median(above, (0, 1)) - np.median(below, (0, 1))) < _ALIKE and patterned < _ALIKE)


def _length_error(length: float, error: float) -> float:
    """Return a length's standard error, the scale's share in it counted."""
    return float(np.hypot(error, SCALE * length))


def _belt_from_hips(subject: Subject, seen: Look) -> float:
    """Return the row of the belt line in cells, told from shoulders and hips."""
    pose = subject.pose[:, :2].astype(float)
    shoulders = (pose[L.LEFT_SHOULDER] + pose[L.RIGHT_SHOULDER]) / 2
    hips = (pose[L.LEFT_HIP] + pose[L.RIGHT_HIP]) / 2
    belt = seen.patch.from_picture(shoulders + BELT_SHARE * (hips - shoulders))
    return float((belt[1] + 0.5) / CELL_PX - 0.5)


def _tilt(seen: Look, blade: shape.Blade, marks: tuple[Mark, ...]) -> Finding:
    found = shape.tilt_of(blade, seen.cell_cm, blade.end)
    if found is None:
        bottom = blade.end + 2 >= len(seen.inside) or not seen.inside[int(blade.end) + 2].any()
        return Finding(reason="out_of_frame" if bottom else "occluded", marks=marks)
    if shape.tapers(blade, seen.cell_cm):  # a jacket's opening shows the middle of one side only
        return Finding(reason="occluded", marks=marks)
    return Finding(found[0], float(np.hypot(found[1], TILT_DEG)), marks=marks)


def _outline(seen: Look) -> Mark:
    right, bottom = seen.inside.shape[1] - 0.5, seen.inside.shape[0] - 0.5
    corners = np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]])
    return _mark("area", seen.to_picture(corners), "region")


def _found(seen: Look, number: int) -> tuple[Mark, ...]:
    """Return the outline of the largest area of a class, if there is any."""
    import cv2

    area = (seen.shares[number] > _CLOTH).astype(np.uint8)
    outlines, _ = cv2.findContours(area, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return ()
    largest = max(outlines, key=cv2.contourArea)
    return (_mark("area", seen.to_picture(largest[:, 0])),)


def _mark(kind: Any, points: Floats, role: Any = "found") -> Mark:
    return Mark(kind, tuple((float(x), float(y)) for x, y in points), role)


def _pattern(seen: Look, weights: Floats) -> Floats:
    """Return the network's mean features ``(64,)`` where cloth is, of length 1."""
    coarse = weights.reshape(weights.shape[0] // 2, 2, weights.shape[1] // 2, 2).mean((1, 3))
    mean = (seen.features * coarse).sum((1, 2)) / coarse.sum()
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-6))


def _colours(seen: Look, weights: Floats) -> Floats:
    """Return mean and spread of the cloth's L*a*b* over 100, and the shares of 4 x 4 x 4 colours ``(70,)``."""
    import cv2

    height = CELL_PX * len(weights)
    image = seen.patch.image[:height].astype(np.float32) / 255
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    share = np.kron(weights, np.ones((CELL_PX, CELL_PX))).ravel()
    share = share / share.sum()
    mean = share @ lab
    spread = np.sqrt(share @ (lab - mean) ** 2)
    place = np.floor((lab + np.array([0, 64, 64])) / np.array([25.01, 32.01, 32.01])).clip(0, 3).astype(int)
    counts = np.bincount(place @ (16, 4, 1), share, 64)
    return np.concatenate([mean / 100, spread / 100, counts])
