"""Simple pictures of simulated people: rounded limbs in plain colours over a floor grid.

They show a person what is judged and give annotated output something to draw on; a pose model is not meant to
take them for photographs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posture_check.landmarks.names import H, L
from posture_check.measures.camera import Camera
from posture_check.measures.scene import Chair
from posture_check.simulate.body import Figure
from posture_check.simulate.seat import Seat
from posture_check.simulate.stance import arm_states
from posture_check.simulate.view import Person, Seen
from posture_check.sources.frame import Frame

Floats = NDArray[np.floating[Any]]
Colour = tuple[int, int, int]

SKIN, HAIR, JACKET, SHIRT = (226, 184, 150), (38, 32, 34), (52, 66, 104), (244, 246, 250)
TIE, TROUSERS, SHOE, BADGE = (150, 38, 48), (42, 48, 66), (22, 22, 26), (214, 178, 72)
WALL_TOP, WALL_FOOT = (232, 236, 240), (206, 213, 220)
FLOOR_NEAR, FLOOR_FAR, GRID = (176, 182, 190), (196, 202, 208), (160, 167, 176)
INK = (70, 52, 48)
CHAIR, METAL = (96, 108, 112), (120, 124, 128)

# Limbs: landmarks at both ends, radii there in statures, colour.
_LIMBS: tuple[tuple[str, str, float, float, Colour], ...] = (
    ("HIP", "KNEE", 0.048, 0.035, TROUSERS),
    ("KNEE", "ANKLE", 0.035, 0.027, TROUSERS),
    ("SHOULDER", "ELBOW", 0.030, 0.027, JACKET),
    ("ELBOW", "WRIST", 0.027, 0.020, JACKET),
)
# Rings of the trunk: share of the way from hips to shoulders, half width, half depth, place ahead, in
# statures.
_RINGS = (
    (-0.12, 0.088, 0.062, -0.006),
    (0.06, 0.088, 0.062, -0.006),
    (0.38, 0.078, 0.056, 0.0),
    (0.74, 0.096, 0.064, 0.006),
    (0.93, 0.098, 0.050, 0.0),
    (1.07, 0.050, 0.036, -0.004),
)
_FINGERS = tuple((H.INDEX_MCP + 4 * f, range(H.INDEX_MCP + 4 * f, H.INDEX_TIP + 4 * f)) for f in range(4))
_SHIFT = 4
"""Fractional bits of the coordinates, so that edges move smoothly."""


@dataclass(slots=True)
class _Brush:
    """A picture and the camera it is seen through."""

    image: NDArray[np.uint8]
    camera: Camera

    def hull(self, points: Floats, radius: ArrayLike, colour: Colour, outline: bool = True) -> None:
        """Fill the outline of balls at room points ``(k, 3)`` of given radii in metres."""
        import cv2

        pixels = self.camera.project(points)
        distance = np.linalg.norm(points - [0.0, self.camera.height_m, 0.0], axis=-1)
        size = np.broadcast_to(np.asarray(radius, float), distance.shape) * self.camera.focal_px / distance
        # Small balls need few corners; next to none, none at all.
        largest = float(size.max())
        corners = 24 if largest > 6 else 10 if largest > 0.5 else 1
        angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
        rim = pixels[:, None] + size[:, None, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        if not np.isfinite(rim).all():
            return
        shape = cv2.convexHull(_fixed(rim.reshape(-1, 2)))
        cv2.fillConvexPoly(self.image, shape, colour, cv2.LINE_AA, _SHIFT)
        if outline:
            cv2.polylines(self.image, [shape], True, _shade(colour, 0.72), 1, cv2.LINE_AA, _SHIFT)

    def fill(self, points: Floats, colour: Colour) -> None:
        """Fill a polygon through room points ``(k, 3)``."""
        import cv2

        pixels = self.camera.project(points)
        if np.isfinite(pixels).all():
            cv2.fillPoly(self.image, [_fixed(pixels)], colour, cv2.LINE_AA, _SHIFT)

    def line(self, points: Floats, width_m: float, colour: Colour) -> None:
        """Draw a line through room points ``(k, 3)``."""
        import cv2

        pixels = self.camera.project(points)
        if np.isfinite(pixels).all():
            distance = float(np.linalg.norm(points.mean(0) - [0.0, self.camera.height_m, 0.0]))
            width = max(1, round(width_m * self.camera.focal_px / distance))
            cv2.polylines(self.image, [_fixed(pixels)], False, colour, width, cv2.LINE_AA, _SHIFT)


class Canvas:
    """Draws any frame of any scene that one camera sees.

    Parameters
    ----------
    camera
        The camera, as :class:`posture_check.simulate.view.Seen` has it.
    mirrored
        Whether it delivers flipped pictures.
    """

    def __init__(self, camera: Camera, mirrored: bool = False) -> None:
        # People are kept as they are: they are drawn as an unmirrored camera sees them, then flipped.
        self._camera = replace(camera, roll_deg=-camera.roll_deg) if mirrored else camera
        self._mirrored = mirrored
        self._room = empty_room(self._camera)

    def picture(self, people: Sequence[Person], i: int) -> NDArray[np.uint8]:
        """Return frame ``i`` of people as ``(height, width, 3)``, the nearest last."""
        brush = _Brush(self._room.copy(), self._camera)
        for person in sorted(people, key=lambda p: -float(p.room.pelvis[i, 2])):
            _person(brush, person, i)
        return brush.image[:, ::-1].copy() if self._mirrored else brush.image


def draw(seen: Seen) -> Iterator[Frame]:
    """Deliver a picture of every frame of a scene.

    Parameters
    ----------
    seen
        The scene; a mirrored one is drawn mirrored.
    """
    canvas = Canvas(seen.camera, seen.mirrored)
    for i, time_s in enumerate(seen.time_s):
        yield Frame(i, float(time_s), canvas.picture(seen.people, i))


def empty_room(camera: Camera) -> NDArray[np.uint8]:
    """Return ``(height, width, 3)`` of a wall and a floor with a line every half metre."""
    import cv2

    # The shades are smooth, so a coarse grid of sight lines is enough.
    x, y = np.meshgrid(np.linspace(0, camera.width, 65), np.linspace(0, camera.height, 65))
    rays = camera.rays(np.stack([x, y], axis=-1))
    coarse = -rays[..., 1] / np.hypot(rays[..., 0], rays[..., 2])
    columns = np.linspace(0, 64, camera.width, dtype=np.float32)[None]
    rows = np.linspace(0, 64, camera.height, dtype=np.float32)[:, None]
    slope = cv2.remap(
        coarse.astype(np.float32),
        np.repeat(columns, camera.height, axis=0),
        np.repeat(rows, camera.width, axis=1),
        cv2.INTER_LINEAR,
    ).clip(-1, 1)[..., None]
    # The skirting lies where a far wall meets the floor.
    edge = 0.12
    wall = np.array(WALL_FOOT) + np.clip((edge - slope) / 0.7, 0, 1) * np.subtract(WALL_TOP, WALL_FOOT)
    floor = np.array(FLOOR_FAR) + np.clip((slope - edge) / 0.5, 0, 1) * np.subtract(FLOOR_NEAR, FLOOR_FAR)
    image = np.where(slope > edge, floor, wall).astype(np.uint8)
    brush = _Brush(image, camera)
    far = camera.height_m / edge
    near = 0.3
    for step in np.arange(-8, 8.01, 0.5):
        brush.line(np.array([[step, 0.0, near + 0.2], [step, 0.0, far]]), 0.006, GRID)
    for step in np.arange(0.5, far, 0.5):
        brush.line(np.array([[-8.0, 0.0, step], [8.0, 0.0, step]]), 0.006, GRID)
    return image


def _person(brush: _Brush, person: Person, i: int) -> None:
    room, h = person.room, person.body.stature_m
    p = room.points[i]
    if p[:, 2].min() < 0.1:
        return
    _shadow(brush, p, h)
    jobs: list[tuple[float, Any]] = []
    for side in ("LEFT", "RIGHT"):
        for a, b, ra, rb, colour in _LIMBS:
            ends = p[[L[f"{side}_{a}"], L[f"{side}_{b}"]]]
            # The jacket hangs over the trousers.
            depth = _depth(ends) + (0.06 * h if colour == TROUSERS else 0.0)
            jobs.append((depth, lambda e=ends, r=(ra, rb), c=colour: brush.hull(e, np.multiply(r, h), c)))
        foot = p[[L[f"{side}_HEEL"], L[f"{side}_ANKLE"], L[f"{side}_FOOT_INDEX"]]]
        jobs.append((_depth(foot), lambda f=foot: _shoe(brush, f, h)))
        number = 0 if side == "LEFT" else 1
        hand = room.hands[i, number]
        if arm_states(person.performance.hands)[number] != "pocket":
            jobs.append((_depth(hand), lambda g=hand: _hand(brush, g, h)))
    if person.chair is not None:
        jobs += _chair(brush, person.chair, person.performance.seat)
    trunk = (room.pelvis[i] + (p[L.LEFT_SHOULDER] + p[L.RIGHT_SHOULDER]) / 2) / 2
    jobs.append((float(trunk[2]), lambda: _trunk(brush, room, i, h)))
    # The head is drawn over the trunk, whichever is nearer.
    jobs.append((min(float(trunk[2]), _depth(room.skull[i][None])) - 0.001, lambda: _head(brush, room, i, h)))
    for _, job in sorted(jobs, key=lambda item: -item[0]):
        job()


def _chair(brush: _Brush, chair: Chair, seat: Seat | None) -> list[tuple[float, Any]]:
    """Seat, legs and backrest of a chair, each with its depth; the sitter lies over the seat."""
    top = np.array([chair.front_left, chair.front_right, chair.back_right, chair.back_left])
    floor = top * [1, 0, 1]
    middle = top.mean(0)
    out: list[tuple[float, Any]] = []
    feet = middle + 0.8 * (top - middle), middle * [1, 0, 1] + 0.8 * (floor - middle * [1, 0, 1])
    for leg in np.stack(feet, axis=1):
        out.append((float(leg[0, 2]) + 0.3, lambda e=leg: brush.hull(e, 0.012, METAL)))
    slab = np.concatenate([top - [0, 0.01, 0], top - [0, 0.05, 0]])
    out.append((float(middle[2]) + 0.25, lambda: brush.hull(slab, 0.01, CHAIR)))
    if seat is not None and seat.backrest_m > 0:
        rest = np.array([top[2], top[3], top[2] + [0, seat.backrest_m, 0], top[3] + [0, seat.backrest_m, 0]])
        rest[:2, 1] += 0.25 * seat.backrest_m
        out.append((float(rest[:, 2].mean()), lambda: brush.hull(rest, 0.015, CHAIR)))
    return out


def _depth(points: Floats) -> float:
    return float(points[:, 2].mean())


def _shadow(brush: _Brush, p: Floats, h: float) -> None:
    import cv2

    feet = p[[L.LEFT_HEEL, L.RIGHT_HEEL, L.LEFT_FOOT_INDEX, L.RIGHT_FOOT_INDEX]] * [1, 0, 1]
    angle = np.linspace(0, 2 * np.pi, 40)
    ring = feet.mean(0) + 0.17 * h * np.stack([np.cos(angle), np.zeros(40), 0.6 * np.sin(angle)], axis=-1)
    pixels = brush.camera.project(ring)
    if np.isfinite(pixels).all():
        shade = brush.image.copy()
        cv2.fillPoly(shade, [_fixed(pixels)], (120, 126, 134), cv2.LINE_AA, _SHIFT)
        brush.image[:] = cv2.addWeighted(shade, 0.45, brush.image, 0.55, 0)


def _shoe(brush: _Brush, foot: Floats, h: float) -> None:
    heel, ankle, toe = foot
    along = toe - heel
    ball = heel + 0.72 * along
    brush.hull(np.array([heel + 0.12 * along, ankle - [0, 0.008 * h, 0], heel + 0.45 * along]), 0.021 * h, SHOE)
    brush.hull(np.array([heel + 0.12 * along, ball, toe - 0.09 * along]), np.array([0.017, 0.022, 0.014]) * h, SHOE)


def _hand(brush: _Brush, hand: Floats, h: float) -> None:
    palm = hand[[H.WRIST, H.THUMB_CMC, H.INDEX_MCP, H.MIDDLE_MCP, H.RING_MCP, H.PINKY_MCP]]
    brush.hull(palm, 0.007 * h, SKIN)
    for _, joints in (*_FINGERS, (H.THUMB_CMC, range(H.THUMB_CMC, H.THUMB_TIP))):
        for joint in joints:
            brush.hull(hand[[joint, joint + 1]], 0.0056 * h, SKIN, outline=False)
    brush.line(hand[[H.WRIST, H.MIDDLE_MCP]], 0.001, _shade(SKIN, 0.85))


def _trunk(brush: _Brush, room: Figure, i: int, h: float) -> None:
    p, axes, pelvis = room.points[i], room.trunk_axes[i], room.pelvis[i]
    shoulders = (p[L.LEFT_SHOULDER] + p[L.RIGHT_SHOULDER]) / 2
    spine = shoulders - pelvis
    neck = room.neck[i]
    brush.hull(np.array([neck - 0.01 * h * axes[:, 1], room.skull[i] - 0.02 * h * axes[:, 1]]), 0.029 * h, SKIN)
    angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    rings = []
    for share, wide, deep, ahead in _RINGS:
        local = np.stack([wide * np.cos(angle), np.zeros(20), deep * np.sin(angle) + ahead], axis=-1)
        rings.append(pelvis + share * spine + h * local @ axes.T)
    joints = p[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER]] - 0.008 * h * axes[:, 1]
    collar = shoulders + h * np.array([[0.034, 0.020, -0.006], [-0.034, 0.020, -0.006]]) @ axes.T
    brush.hull(np.concatenate([joints, collar]), np.array([0.028, 0.028, 0.016, 0.016]) * h, JACKET)
    for low, high in pairwise(rings):
        brush.hull(np.concatenate([low, high]), 0.004 * h, JACKET, outline=False)
    if -axes[2, 2] > 0.25:
        _front(brush, pelvis, spine, axes, h)


def _front(brush: _Brush, pelvis: Floats, spine: Floats, axes: Floats, h: float) -> None:
    """Shirt, tie, lapels, buttons and badge."""

    def place(across: float, share: float, ahead: float) -> Floats:
        return np.asarray(pelvis + share * spine + h * axes @ np.array([across, 0.0, ahead]))

    notch = place(0, 0.50, 0.066)
    left, right = place(0.036, 1.06, 0.034), place(-0.036, 1.06, 0.034)
    brush.fill(np.array([left, place(0.024, 0.85, 0.066), notch, place(-0.024, 0.85, 0.066), right]), SHIRT)
    tie = [(0.008, 1.02, 0.044), (0.006, 0.95, 0.060), (0.011, 0.62, 0.070), (0.0, 0.52, 0.069)]
    outline = [place(*t) for t in tie] + [place(-x, s, a) for x, s, a in reversed(tie)]
    brush.fill(np.array(outline), TIE)
    for side in (1, -1):
        edge = np.array([place(side * 0.040, 1.05, 0.034), place(side * 0.034, 0.80, 0.066), notch])
        brush.line(edge, 0.006, _shade(JACKET, 0.7))
    brush.line(np.array([notch, place(0, -0.10, 0.058)]), 0.004, _shade(JACKET, 0.7))
    for share in (0.40, 0.24):
        brush.hull(place(-0.008, share, 0.060)[None], 0.005 * h, _shade(JACKET, 0.6), outline=False)
    badge = [place(x, s, 0.064) for x, s in ((0.042, 0.80), (0.072, 0.80), (0.072, 0.76), (0.042, 0.76))]
    brush.fill(np.array(badge), BADGE)


def _head(brush: _Brush, room: Figure, i: int, h: float) -> None:
    axes, middle = room.head_axes[i], room.skull[i]
    polar, round_ = np.meshgrid(np.linspace(0, np.pi, 13), np.linspace(0, 2 * np.pi, 24, endpoint=False))
    ball = np.stack([np.sin(polar) * np.cos(round_), np.cos(polar), np.sin(polar) * np.sin(round_)], -1).reshape(-1, 3)
    facing = float(-axes[2, 2])

    def place(local: ArrayLike) -> Floats:
        return np.asarray(middle + h * np.asarray(local) @ axes.T)

    skull = ball * [0.043, 0.056, 0.054] + [0, 0.004, 0]
    jaw = np.array([[0.026, -0.048, 0.030], [-0.026, -0.048, 0.030], [0.014, -0.060, 0.044], [-0.014, -0.060, 0.044]])
    hair = ball * [0.047, 0.060, 0.058] + [0, 0.006, -0.003]
    cap = hair[(hair[:, 1] > 0.030) | ((hair[:, 2] < -0.018) & (hair[:, 1] > -0.030))]
    for side in (1, -1):
        brush.hull(place([[side * 0.046, -0.008, -0.010], [side * 0.046, -0.022, -0.006]]), 0.008 * h, SKIN)
    brush.hull(place(np.concatenate([skull, jaw])), 0.001, SKIN)
    if facing > 0.15:
        _features(brush, place, h)
        # Seen from the front only the hair above the forehead lies over the face.
        brush.hull(place(hair[hair[:, 1] > 0.030]), 0.001, HAIR, outline=False)
        return
    brush.hull(place(cap), 0.001, HAIR, outline=False)
    if facing > -0.5:
        _features(brush, place, h)


def _features(brush: _Brush, place: Any, h: float) -> None:
    def towards(local: tuple[float, float, float], out: tuple[float, float, float]) -> bool:
        """Whether a point of the face looks at the camera."""
        a, b = place(local), place(np.add(local, out))
        return float((b - a) @ (a - [0.0, brush.camera.height_m, 0.0])) < 0

    for side in (1, -1):
        if towards((side * 0.018, -0.006, 0.043), (side * 0.45, 0, 1)):
            brush.hull(
                place([[side * 0.013, -0.007, 0.046], [side * 0.022, -0.007, 0.043]]),
                0.0035 * h,
                SHIRT,
                False,
            )
            brush.hull(place([[side * 0.0175, -0.007, 0.046]]), 0.0035 * h, INK, False)
            brow = [[side * 0.009, 0.006, 0.048], [side * 0.018, 0.009, 0.046], [side * 0.027, 0.005, 0.041]]
            brush.line(place(brow), 0.005, HAIR)
    nose = place([[0.0, -0.004, 0.050], [0.0, -0.028, 0.064], [0.0, -0.031, 0.054]])
    brush.line(nose, 0.005, _shade(SKIN, 0.72))
    mouth = [
        [0.013, -0.0445, 0.044],
        [0.005, -0.0465, 0.050],
        [-0.005, -0.0465, 0.050],
        [-0.013, -0.0445, 0.044],
    ]
    if towards((0.0, -0.045, 0.047), (0.0, 0.0, 1.0)):
        brush.line(place(mouth), 0.006, (168, 92, 88))


def _shade(colour: Colour, by: float) -> Colour:
    red, green, blue = (round(by * c) for c in colour)
    return red, green, blue


def _fixed(pixels: Floats) -> NDArray[np.int32]:
    """Fixed-point coordinates; far outside the picture they are cut so that they cannot overflow."""
    return np.round(np.clip(pixels, -20_000, 20_000) * (1 << _SHIFT)).astype(np.int32)
