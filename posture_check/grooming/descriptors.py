"""What a piece of dress looks like, in few figures: its colours and its pattern.

A site's own heads (issued tie, scarf, badge, uniform) are trained on ten to sixty photos, so the figures are few, each
means something, and none is learnt. They hold no picture and no face.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.neckwear import neck_axes
from posture_check.grooming.patches import Patch, warp
from posture_check.grooming.subject import Axes, Picture, Subject
from posture_check.landmarks.findings import Findings, Missing

Floats = NDArray[np.floating[Any]]

Item = Literal["tie", "scarf", "badge", "uniform"]
ITEMS: tuple[Item, ...] = get_args(Item)
VERSION = 1
"""Of the figures: heads trained on another version do not fit."""
WORN: dict[Item, tuple[str, ...]] = {
    "tie": ("tie_worn",),
    "scarf": ("scarf_worn", "bow_worn"),
    "badge": ("badge_worn",),
    "uniform": (),
}
"""Findings of which one says that the item is there to be looked at."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of a frame: its upper left corner, its width and height in cm, and the scale of its patch."""

    corner_cm: tuple[float, float]
    size_cm: tuple[float, float]
    px_per_cm: float

    def cut(self, image: Picture, axes: Axes) -> Patch:
        """Return the patch that shows it."""
        size = round(self.size_cm[0] * self.px_per_cm), round(self.size_cm[1] * self.px_per_cm)
        return warp(image, axes, self.corner_cm, self.size_cm, size)

    def centimetres(self, patch: Patch) -> tuple[Floats, Floats]:
        """Return x and y ``(height, width)`` of the patch's pixels in the frame."""
        rows, columns = np.indices(patch.inside.shape)
        x = (columns + 0.5) / self.px_per_cm + self.corner_cm[0]
        return np.asarray(x), np.asarray((rows + 0.5) / self.px_per_cm + self.corner_cm[1])


_NECK = Place((-7.0, 0.0), (14.0, 26.0), 6.0)
"""In the frame below the chin (:func:`posture_check.grooming.neckwear.neck_axes`), at the scale that a person at 1.2 m
has in a 1280x720 picture: enough for the pattern of a tie."""
_KNOT_CM = 2.0
_TIE_CM, _SCARF_CM = 3.0, 5.0
"""How far from the middle line cloth still counts (a Gaussian's width): a blade is 7-9 cm wide, a scarf wider."""
_TIE_LENGTH_CM, _SCARF_LENGTH_CM = 26.0, 12.0
_TORSO = Place((-20.0, 2.0), (40.0, 46.0), 3.0)
"""In the trunk's frame: from the shoulder line to above the hips."""
_SHOWN = 0.6
"""Share of a place that must lie in the picture."""
_SMALLEST_PX_PER_CM = 2.0
"""Fewer and a pattern of 5 mm is gone (two pixels a stripe)."""
_FACING_DEG = 50.0
_BADGE_PX = (48, 48)
_BADGE_CELLS = 6

_GREYS = (5.0, 25.0, 45.0, 65.0, 85.0)
_HUES = 8
_TONES = ((30.0, 35.0), (60.0, 35.0), (45.0, 70.0))
"""Lightness and chroma of the rings of coloured bins."""
_SPREAD = 14.0
"""Width of a bin in units of L*a*b*: some five just noticeable differences, what light and camera change."""
_COUNTED_PX = 3000
_SCALES_CM = (0.15, 0.3, 0.6, 1.2)
"""Of a pattern: from a thread's stripe to a broad one."""


def worn(item: Item, findings: Findings) -> Missing | None:
    """Return why an item cannot be looked at; None where it is seen to be worn.

    Parameters
    ----------
    item
        The item.
    findings
        What the readers found in the picture.
    """
    found = [findings[name] for name in WORN[item] if name in findings]
    if not WORN[item]:
        return None
    if any(f.reason is None and (f.value or 0.0) >= 0.5 for f in found):
        return None
    open_questions = [f.reason for f in found if f.reason not in (None, "absent")]
    if open_questions or not found:
        return open_questions[0] if open_questions else "uncertain"
    return "absent"


def describe(item: Item, subject: Subject, findings: Findings) -> Floats | Missing:
    """Return the figures ``(n,)`` of an item, or why it cannot be seen.

    Parameters
    ----------
    item
        What is looked at; whether it is worn is not asked (see `worn`), but where a badge is.
    subject
        The person.
    findings
        What the readers found: the first area marked in ``badge_worn`` is the badge's outline.
    """
    if not abs(subject.trunk_yaw_deg) <= _FACING_DEG:
        return "view"
    if subject.trunk.px_per_cm < _SMALLEST_PX_PER_CM:
        return "too_small"
    return _DESCRIBE[item](subject, findings)


def _tie(subject: Subject, _: Findings) -> Floats | Missing:
    return _neck(subject, _TIE_CM, _TIE_LENGTH_CM)


def _scarf(subject: Subject, _: Findings) -> Floats | Missing:
    return _neck(subject, _SCARF_CM, _SCARF_LENGTH_CM)


def _neck(subject: Subject, width_cm: float, length_cm: float) -> Floats | Missing:
    patch = _NECK.cut(subject.image, neck_axes(subject))
    x, y = _NECK.centimetres(patch)
    weight = np.exp(-((x / width_cm) ** 2)) * (y > _KNOT_CM) * (y < length_cm)
    # A portrait that ends below the knot still shows the pattern: what is left must be as long as a knot and a half.
    if float((weight * patch.inside).sum()) < 0.3 * float(weight.sum()):
        return "out_of_frame"
    lab, weight = cielab(patch.image), weight * patch.inside
    return np.concatenate([colours(lab, weight), pattern(lab, weight, _NECK.px_per_cm)])


def _badge(subject: Subject, findings: Findings) -> Floats | Missing:
    """Describe a badge squared up: colours of its cells, of all of it, and its shape."""
    import cv2

    finding = findings.get("badge_worn")
    outline = next((m.points for m in finding.marks if m.kind == "area" and m.role == "found"), ()) if finding else ()
    if len(outline) != 4:
        return finding.reason if finding and finding.reason else "absent"
    corners = np.array(outline, np.float32)
    width, height = _BADGE_PX
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - 0.5
    square = cv2.warpPerspective(
        subject.image, cv2.getPerspectiveTransform(corners, flat), _BADGE_PX, flags=cv2.INTER_AREA
    )
    lab = cielab(np.asarray(square, np.uint8))
    cells = np.asarray(cv2.resize(lab.astype(np.float32), (_BADGE_CELLS, _BADGE_CELLS), interpolation=cv2.INTER_AREA))
    edges = np.linalg.norm(corners - np.roll(corners, 1, 0), axis=1)
    shape = np.log(max(float(edges[1] + edges[3]), 1e-3) / max(float(edges[0] + edges[2]), 1e-3))
    size = np.log(max(float(edges.sum()), 1e-3) / subject.trunk.px_per_cm)
    whole = np.ones(lab.shape[:2])
    return np.concatenate([cells.ravel() / 50, colours(lab, whole), [shape, size]])


def _uniform(subject: Subject, _: Findings) -> Floats | Missing:
    """Describe the torso: its colours at the middle, at the sides and altogether, and its pattern."""
    patch = _TORSO.cut(subject.image, subject.trunk)
    if patch.shown < _SHOWN:
        return "out_of_frame"
    x, _y = _TORSO.centimetres(patch)
    lab, inside = cielab(patch.image), patch.inside.astype(float)
    middle = inside * np.exp(-((x / 6.0) ** 2))
    sides = inside * (abs(x) > 6.0) * (abs(x) < 16.0)
    return np.concatenate([colours(lab, middle), colours(lab, sides), pattern(lab, middle + sides, _TORSO.px_per_cm)])


_DESCRIBE: dict[Item, Callable[[Subject, Findings], Floats | Missing]] = {
    "tie": _tie,
    "scarf": _scarf,
    "badge": _badge,
    "uniform": _uniform,
}


def cielab(image: Picture) -> Floats:
    """Return an RGB picture ``(height, width, 3)`` uint8 in L*a*b* (D65)."""
    import cv2

    return np.asarray(cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))


def palette() -> Floats:
    """Return the colours ``(bins, 3)`` in L*a*b* that histograms count."""
    angle = np.arange(_HUES) * 2 * np.pi / _HUES
    rings = [
        np.stack([np.full(_HUES, light), chroma * np.cos(angle), chroma * np.sin(angle)], -1)
        for light, chroma in _TONES
    ]
    greys = np.array([[light, 0.0, 0.0] for light in _GREYS])
    return np.concatenate([greys, *rings])


def colours(lab: Floats, weight: Floats) -> Floats:
    """Return mean and spread of L*a*b* over 100, and the square roots of the palette's shares ``(6 + bins,)``.

    Roots, so that a difference in a rare colour counts as much as one in a common one (Hellinger's distance). The mean
    tells near colours from far ones, which shares of bins do not.

    Parameters
    ----------
    lab
        ``(height, width, 3)`` L*a*b*.
    weight
        ``(height, width)``.
    """
    step = int(np.ceil(np.sqrt(weight.size / _COUNTED_PX)))
    lab, weight = (
        lab[::step, ::step],
        weight[::step, ::step],
    )  # single pixels, not means: a mean has a colour of its own
    counts = weight > 1e-3
    away = ((lab[counts][:, None] - palette().astype(np.float32)) ** 2).sum(-1) / (2 * _SPREAD**2)
    share = np.exp(away.min(axis=1, keepdims=True) - away)
    share /= share.sum(axis=1, keepdims=True)
    part = weight[counts] / max(float(weight[counts].sum()), 1e-9)
    mean = part @ lab[counts]
    spread = np.sqrt(part @ (lab[counts] - mean) ** 2)
    return np.concatenate([mean / 100, spread / 100, np.sqrt(part @ share)])


def pattern(lab: Floats, weight: Floats, px_per_cm: float) -> Floats:
    """Return strength and direction ``(scales * 3,)`` of the edges at several scales.

    Per scale: the logarithm of the gradient's energy, and the direction's cosine and sine of twice the angle times its
    coherence (structure tensor; Bigün and Granlund, 1987).

    Parameters
    ----------
    lab
        ``(height, width, 3)`` L*a*b*.
    weight
        ``(height, width)``.
    px_per_cm
        Scale.
    """
    import cv2

    found: list[float] = []
    total = max(float(weight.sum()), 1e-9)
    for scale in _SCALES_CM:
        smooth = cv2.GaussianBlur(lab.astype(np.float32), (0, 0), max(scale * px_per_cm, 0.5))
        across, down = cv2.Sobel(smooth, -1, 1, 0, ksize=1) / 2, cv2.Sobel(smooth, -1, 0, 1, ksize=1) / 2
        xx, yy, xy = (
            float(np.vdot(np.einsum("rcl,rcl->rc", first, second), weight)) / total
            for first, second in ((across, across), (down, down), (across, down))
        )
        found += [float(np.log(xx + yy + 0.1)), (xx - yy) / (xx + yy + 0.1), 2 * xy / (xx + yy + 0.1)]
    return np.array(found)
