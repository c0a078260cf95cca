"""Which frames are worth a look at dress and hair, told from the pose and a few cheap pixels alone.

A look costs a tenth of a second, and most frames of a video show nothing that another does not show better. So of
each view only the best few are looked at: sharp, large, well lit, squarely turned, and apart in time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.subject import Axes, Picture, Subject
from posture_check.landmarks.names import L
from posture_check.landmarks.track import FACE_LANDMARKS

Floats = NDArray[np.floating[Any]]
Kept = TypeVar("Kept")

ViewClass = Literal["front", "half", "side", "back"]
"""From where head and trunk are seen, the one that is turned further counting."""

VIEWS: dict[ViewClass, tuple[float, float]] = {
    "front": (30.0, 0.0),
    "half": (60.0, 45.0),
    "side": (120.0, 90.0),
    "back": (180.1, 180.0),
}
"""Turn in degrees at which each ends, and the turn that shows it best."""

BEST_PER_VIEW = 5
APART_S = 0.4
"""Frames closer than this show the same moment: a blink, a hand that passes."""
BETTER = 1.15
"""A frame that is to replace one already looked at must be that many times better."""
LOOKS_PER_CLIP, PER_VIEW = 12, 2 / 3
"""So often one person is looked at in a recording, and the share of it from one view."""
LIVE_APART_S, LIVE_KEEP_S = 1.0, 10.0
"""Live, one look a second at most, of all people together; and what is older has been put right since, perhaps."""

DARK = 45.0
"""Grey level (0-255, sRGB) of the brightest tenth of a face below which it is too dark: 2.6 % of full light. Of 600
photos of black, brown and white people the darkest has 54, their fifth centile is 115."""
BLURRED_CM = 0.4
"""Blur, as the standard deviation of a Gaussian on the person, beyond which details are gone. Photos taken with
care have 0.03-0.25 cm (600 of them); a sleeve's edge, a pin or the outline of a knot need better than this."""
SMALL_PX_PER_CM = 1.2
"""A head is then some 20 pixels wide."""
_SHARP_PX = 0.62
"""Root mean square of gradients over that of second differences in a picture that is as sharp as its pixels allow."""
_SCALE = 3.0
"""Pixels per centimetre at which sharpness is measured, at most: noise and compression are finer than that."""
_HEAD = (11.0, 13.0, 3.0)
_FACE = (6.0, 8.0, 2.0)
"""Half width, half height, and how far below the eyes the middle lies, in centimetres."""
_CHEST = (16.0, 14.0, 30.0)
_GOOD_PX_PER_CM = 8.0
_GOOD_LIGHT = 90.0
_BLOWN = 250
_HEAD_CM = 22.0


@dataclass(frozen=True, slots=True)
class Shot:
    """How well a frame shows a person's dress and hair.

    Attributes
    ----------
    view
        From where.
    turn_deg
        Turn of the head or the trunk against the camera, whichever is larger, 0 to 180.
    px_per_cm
        Scale.
    shown
        Share of the head and the chest that lies in the picture, 0..1.
    blur_cm
        Standard deviation of the blur, on the person; that of the pixels themselves where the person is small.
    light
        Grey level, 0..255, that the brightest tenth of the face reaches; of the head where the face is turned away.
    blown
        Share of it that is overexposed, 0..1.
    speed
        Head heights a second that the head moves in the picture; 0 where it is not known.
    """

    view: ViewClass
    turn_deg: float
    px_per_cm: float
    shown: float
    blur_cm: float
    light: float
    blown: float = 0.0
    speed: float = 0.0

    @property
    def dark(self) -> bool:
        """Whether it is too dark to judge anything."""
        return self.light < DARK

    @property
    def blurred(self) -> bool:
        """Whether it is too blurred to judge anything."""
        return self.blur_cm > BLURRED_CM

    @property
    def fit(self) -> bool:
        """Whether it can show anything at all."""
        return not self.dark and not self.blurred and self.px_per_cm >= SMALL_PX_PER_CM and self.shown >= 0.3

    @property
    def score(self) -> float:
        """How good it is, 0..1: a product, since what spoils a frame spoils it whatever the rest is like."""
        size = min(1.0, self.px_per_cm / _GOOD_PX_PER_CM) ** 0.5
        sharp = 1 / (1 + (2 * self.blur_cm / BLURRED_CM) ** 2)
        lit = float(np.clip((self.light - DARK) / (_GOOD_LIGHT - DARK), 0.05, 1)) * (1 - 0.8 * self.blown)
        still = 1 / (1 + (self.speed / 2) ** 2)
        square = float(np.cos(np.radians(self.turn_deg - VIEWS[self.view][1])))
        return float(size * sharp * lit * still * square * self.shown)


def view_class(turn_deg: float) -> ViewClass:
    """Return the view of somebody turned by an angle, in degrees either way; the front where it is not known."""
    turn = abs(turn_deg)
    return next((name for name, (end, _) in VIEWS.items() if turn < end), "front")


def assess(image: Picture, pose: Floats, world: Floats, before: tuple[Floats, float] | None = None) -> Shot:
    """Return how well a frame shows a person, in about half a millisecond.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB.
    pose, world
        ``(33, 4)`` landmarks in pixels and ``(33, 3)`` in metres.
    before
        Their pose at the last such look, and how many seconds ago it was.
    """
    return shot_of(Subject(image, pose, world, np.full((FACE_LANDMARKS, 3), np.nan)), before)


def shot_of(subject: Subject, before: tuple[Floats, float] | None = None) -> Shot:
    """Return how well a picture shows a person; see :func:`assess`."""
    turns = [abs(turn) for turn in (subject.head_yaw_deg, subject.trunk_yaw_deg) if np.isfinite(turn)]
    turn = max(turns, default=0.0)
    view = view_class(turn)
    axes = subject.head
    if not (np.isfinite(axes.origin).all() and axes.px_per_cm > 0):
        return Shot(view, turn, 0.0, 0.0, np.inf, 255.0)
    head, shown = _cut(subject, axes, _HEAD)
    chest_shown = _cut(subject, axes, _CHEST)[1]
    face = _cut(subject, axes, _FACE)[0] if view in ("front", "half") else head
    grey = _grey(face, 1.0)
    light = float(np.percentile(grey, 90)) if grey.size else 0.0
    blown = float((grey >= _BLOWN).mean()) if grey.size else 0.0
    blur = _blur_cm(head, axes.px_per_cm)
    return Shot(view, turn, axes.px_per_cm, (shown + chest_shown) / 2, blur, light, blown, _speed(subject, before))


def _cut(subject: Subject, axes: Axes, area: tuple[float, float, float]) -> tuple[Picture, float]:
    """Return the upright box about an area of the head's frame, and the share of it that lies in the picture."""
    half = np.array(area[:2]) * axes.px_per_cm
    middle = axes.origin + area[2] * axes.px_per_cm * axes.y
    low, high = np.clip([middle - half, middle + half], 0, subject.size)
    left, top, right, bottom = (int(v) for v in np.round([*low, *high]))
    return subject.image[top:bottom, left:right], float((high - low).prod() / (4 * half.prod()))


def _grey(part: Picture, shrink: float) -> Floats:
    import cv2

    if min(part.shape[:2]) < 8:
        return np.zeros((0, 0), np.float32)
    grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    if shrink < 1:
        grey = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, np.float32)


def _blur_cm(part: Picture, px_per_cm: float) -> float:
    """Return the blur in the direction in which it is worse; infinite where there is nothing to tell it from.

    Mean squared gradients over mean squared second differences do not depend on contrast; across an edge that is
    blurred by a Gaussian they come to twice its variance. Photos blurred by 0.15, 0.3, 0.5 and 0.8 cm are found to be
    blurred by 0.17, 0.32, 0.50 and 0.69 cm in the median.
    """
    scale = min(_SCALE, px_per_cm)
    grey = _grey(part, scale / px_per_cm)
    if min(grey.shape) < 5:
        return float("inf")
    squares = []
    for along in (grey, grey.T):
        first = (along[2:] - along[:-2]) / 2
        second = along[2:] + along[:-2] - 2 * along[1:-1]
        squares.append(float((first**2).mean() / max(float((second**2).mean()), 1e-3)))
    return float(np.sqrt(max(max(squares) - _SHARP_PX**2, 0.0) / 2) / scale)


def _speed(subject: Subject, before: tuple[Floats, float] | None) -> float:
    if before is None or before[1] <= 0:
        return 0.0
    moved = subject.pose[[L.LEFT_EYE, L.RIGHT_EYE], :2].mean(axis=0) - before[0][[L.LEFT_EYE, L.RIGHT_EYE], :2].mean(
        axis=0
    )
    speed = float(np.linalg.norm(moved.astype(float))) / (subject.head.px_per_cm * _HEAD_CM * before[1])
    return speed if np.isfinite(speed) else 0.0


@dataclass(frozen=True, slots=True)
class Chosen(Generic[Kept]):
    """A frame that was looked at, and what became of the look."""

    time_s: float
    shot: Shot
    kept: Kept


@dataclass(slots=True)
class BestFrames(Generic[Kept]):
    """The best frames of one person so far.

    Attributes
    ----------
    apart_s
        Least time between two looks.
    keep_s
        Age at which a look is dropped.
    most
        Looks at most, dropped ones included.
    chosen
        What is kept.
    """

    apart_s: float = APART_S
    keep_s: float = np.inf
    most: float = LOOKS_PER_CLIP
    chosen: list[Chosen[Kept]] = field(default_factory=list)
    _looks: dict[ViewClass, int] = field(default_factory=dict)
    _last_s: float = -np.inf

    def wants(self, time_s: float, shot: Shot) -> bool:
        """Return whether a frame is worth a look.

        A frame that can show nothing is looked at only while there is no other, so that there is a reason to give.
        """
        self._drop_old(time_s)
        if time_s - self._last_s < self.apart_s:
            return False
        if not shot.fit:
            return not self.chosen
        if not any(c.shot.fit for c in self.chosen):
            return True
        same = [c.shot.score for c in self.chosen if c.shot.view == shot.view]
        if sum(self._looks.values()) >= self.most or self._looks.get(shot.view, 0) >= self.most * PER_VIEW:
            return False
        return len(same) < BEST_PER_VIEW or shot.score > BETTER * min(same)

    def add(self, time_s: float, shot: Shot, kept: Kept) -> None:
        """Keep what a look showed, in place of the worst of its view where there are enough."""
        self._last_s = time_s
        self._looks[shot.view] = self._looks.get(shot.view, 0) + 1
        if shot.fit:
            self.chosen = [c for c in self.chosen if c.shot.fit]
        self.chosen.append(Chosen(time_s, shot, kept))
        same = [c for c in self.chosen if c.shot.view == shot.view]
        if len(same) > BEST_PER_VIEW:
            self.chosen.remove(min(same, key=lambda c: c.shot.score))

    def _drop_old(self, now_s: float) -> None:
        if self.chosen and now_s - self.chosen[0].time_s > self.keep_s:
            self.chosen = [c for c in self.chosen if now_s - c.time_s <= self.keep_s]
