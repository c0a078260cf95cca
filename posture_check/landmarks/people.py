"""Keep everybody's number over time: who in this frame is who in the frames before.

People are told apart by where they are, where they were heading, and the colours of their clothes. Nothing
of the face is used, and nothing is kept beyond the source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.landmarks.poses import BODY, Poses, body_extent

Floats = NDArray[np.floating[Any]]

FORGET_S = 8.0
"""Somebody who was away longer is somebody new."""
_GLIMPSE = 5
_FORGET_GLIMPSE_S = 1.0
"""Somebody seen in fewer frames than `_GLIMPSE` is forgotten sooner: it may have been nobody."""
_REACH = 0.35
"""How far a person may be from where they are expected, in body extents, from one frame to the next."""
_REACH_PER_S = 1.0
"""How much further for each second they were out of sight (a walk across the picture)."""
_MAX_REACH = 3.0
_COLOUR_WEIGHT = 0.6
_SAME_CLOTHES = 0.45
"""Colour distance (0..1) up to which clothes may be the same; between strangers it is mostly above 0.5."""
_SURELY_SAME = 0.3
"""Colour distance up to which somebody who comes back elsewhere is taken for the same."""
_GROWTH = 0.5
"""A body is not that much (natural logarithm) larger or smaller from one moment to the next."""
_MEMORY = 0.9
"""Share of the old colours kept at each look; what they wear does not change, the light on it does."""
_LOOK_S = 0.5
"""Seconds between two looks at the clothes of somebody who is alone in the picture."""
_VELOCITY_MEMORY = 0.7
_GRID = 10
_BINS = 4


@dataclass(slots=True)
class _Person:
    """What is remembered of a person: place (joints in pixels), drift in pixels a second, and clothes."""

    number: int
    joints: Floats
    extent: float
    time_s: float
    clothes: Floats | None
    looked_s: float
    frames: int = 0
    drift: Floats = field(default_factory=lambda: np.zeros(2))

    def expected(self, time_s: float) -> Floats:
        """Return where the joints should be now; a drift is trusted for half a second."""
        return self.joints + self.drift * min(time_s - self.time_s, 0.5)


class People:
    """Stable numbers for the people of one source, in order of appearance (the largest first)."""

    def __init__(self) -> None:
        self._known: list[_Person] = []
        self._next = 0

    def assign(self, poses: Poses, image: NDArray[np.uint8], time_s: float) -> list[int]:
        """Return the number of each pose's person.

        Parameters
        ----------
        poses
            Everybody found in the frame.
        image
            ``(height, width, 3)`` uint8 RGB, to see the clothes.
        time_s
            Time of the frame in seconds, rising from call to call.
        """
        self._known = [person for person in self._known if not _forgotten(person, time_s)]
        clothes = self._clothes(poses, image, time_s)
        chosen = self._match(poses, clothes, time_s)
        order = sorted(range(len(poses)), key=lambda i: -body_extent(poses.image[i]))
        numbers = [-1] * len(poses)
        for i in order:
            person = chosen.get(i)
            if person is None:
                person = self._meet(poses.image[i], time_s)
            self._remember(person, poses.image[i], clothes[i], time_s)
            numbers[i] = person.number
        return numbers

    def _clothes(self, poses: Poses, image: NDArray[np.uint8], time_s: float) -> list[Floats | None]:
        """Return what everybody wears; a lone person who never left is not looked at each time."""
        alone = len(poses) == 1 and len(self._known) == 1
        if alone and time_s - self._known[0].looked_s < _LOOK_S:
            near = _place_distance(self._known[0], poses.image[0], time_s) < _REACH
            if near:
                return [None]
        return [clothes_colours(image, pose) for pose in poses.image]

    def _match(self, poses: Poses, clothes: list[Floats | None], time_s: float) -> dict[int, _Person]:
        """Return the known person of each pose, where there is one."""
        if not len(poses) or not self._known:
            return {}
        cost = np.full((len(poses), len(self._known)), np.inf)
        for i, pose in enumerate(poses.image):
            for j, person in enumerate(self._known):
                cost[i, j] = _cost(person, pose, clothes[i], time_s)
        if cost.size == 1:
            return {0: self._known[0]} if np.isfinite(cost[0, 0]) else {}
        from scipy.optimize import linear_sum_assignment

        rows, columns = linear_sum_assignment(np.where(np.isfinite(cost), cost, 1e6))
        return {int(i): self._known[j] for i, j in zip(rows, columns, strict=True) if np.isfinite(cost[i, j])}

    def _meet(self, pose: Floats, time_s: float) -> _Person:
        person = _Person(self._next, pose[:, :2].copy(), body_extent(pose), time_s, None, -np.inf)
        self._next += 1
        self._known.append(person)
        return person

    def _remember(self, person: _Person, pose: Floats, clothes: Floats | None, time_s: float) -> None:
        passed = time_s - person.time_s
        if 0 < passed < 0.5:
            speed = (pose[list(BODY), :2] - person.joints[list(BODY)]).mean(axis=0) / passed
            person.drift = _VELOCITY_MEMORY * person.drift + (1 - _VELOCITY_MEMORY) * speed
        elif passed > 0:
            person.drift = np.zeros(2)
        person.joints, person.extent, person.time_s = pose[:, :2].copy(), body_extent(pose), time_s
        person.frames += 1
        if clothes is not None:
            old = person.clothes
            person.clothes = clothes if old is None else _MEMORY * old + (1 - _MEMORY) * clothes
            person.looked_s = time_s


def clothes_colours(image: NDArray[np.uint8], pose: Floats) -> Floats | None:
    """Return the colours of what a person wears on trunk and thighs.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB.
    pose
        ``(33, 2 or more)`` pixels.

    Returns
    -------
    ``(2, 64)`` square roots of the shares of coarse colours, trunk and thighs; None where less than half
    can be seen.
    """
    shoulders = pose[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], :2]
    hips = pose[[L.LEFT_HIP, L.RIGHT_HIP], :2]
    knees = pose[[L.LEFT_KNEE, L.RIGHT_KNEE], :2]
    trunk, thighs = _samples(image, shoulders, hips), _samples(image, hips, knees)
    if trunk is None:
        return None
    # Legs out of the picture: a colour that is as far from everybody's, instead of none.
    legs = np.full(_BINS**3, _BINS**-1.5) if thighs is None else _histogram(thighs)
    return np.stack([_histogram(trunk), legs])


def colour_distance(a: Floats, b: Floats) -> float:
    """Return the Hellinger distance, 0..1, of two people's clothes, the mean of trunk and thighs."""
    return float(np.sqrt(np.clip(1.0 - (a * b).sum(axis=1), 0.0, 1.0)).mean())


def _samples(image: NDArray[np.uint8], upper: Floats, lower: Floats) -> NDArray[np.uint8] | None:
    """Return pixels ``(n, 3)`` on a grid between two edges of a body part; None where most lie outside."""
    along = np.linspace(0.15, 0.85, _GRID)[:, None, None]
    across = np.linspace(0.15, 0.85, _GRID)[None, :, None]
    # Seen from the side both edges shrink to points: keep a tenth of the length as the least width.
    axis = lower.mean(axis=0) - upper.mean(axis=0)
    least = 0.1 * np.array([np.abs(axis[1]), np.abs(axis[0])])
    left_to_right = np.array([-1.0, 1.0])[:, None] * least
    upper, lower = upper + left_to_right, lower + left_to_right
    points = (1 - along) * ((1 - across) * upper[0] + across * upper[1]) + along * (
        (1 - across) * lower[0] + across * lower[1]
    )
    x, y = points.reshape(-1, 2).astype(int).T
    height, width = image.shape[:2]
    seen = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    if seen.mean() < 0.5:
        return None
    return np.asarray(image[y[seen], x[seen]])


def _histogram(pixels: NDArray[np.uint8]) -> Floats:
    """Return the square root of the share of each coarse colour; each pixel counts for the eight nearest."""
    # The square root spreads dark cloth, most of what is worn at work, over more bins.
    place = np.sqrt(pixels / 255.0) * (_BINS - 1)
    low = np.minimum(place.astype(int), _BINS - 2)
    part = place - low
    shares = np.zeros(_BINS**3)
    for corner in np.ndindex(2, 2, 2):
        weight = np.prod(np.where(corner, part, 1 - part), axis=1)
        index = ((low + corner) * [_BINS * _BINS, _BINS, 1]).sum(axis=1)
        np.add.at(shares, index, weight)
    return np.asarray(np.sqrt(shares / len(pixels)))


def _forgotten(person: _Person, time_s: float) -> bool:
    return time_s - person.time_s > (FORGET_S if person.frames >= _GLIMPSE else _FORGET_GLIMPSE_S)


def _place_distance(person: _Person, pose: Floats, time_s: float) -> float:
    joints = list(BODY)
    apart = np.linalg.norm(person.expected(time_s)[joints] - pose[joints, :2], axis=1).mean()
    return float(apart / max(person.extent, 1.0))


def _cost(person: _Person, pose: Floats, clothes: Floats | None, time_s: float) -> float:
    """Return how unlike a pose is to a known person; infinite if it cannot be them."""
    place = _place_distance(person, pose, time_s)
    away = time_s - person.time_s
    if abs(np.log(max(body_extent(pose), 1.0) / max(person.extent, 1.0))) > _GROWTH * (1.0 + away):
        return np.inf
    reach = min(_REACH + _REACH_PER_S * away, _MAX_REACH)
    if clothes is None or person.clothes is None:
        reach = min(reach, 2 * _REACH)
        return place / reach if place < reach else np.inf
    colour = colour_distance(clothes, person.clothes)
    near = place < _REACH
    plausible = place < reach and colour < _SAME_CLOTHES
    elsewhere = away > 0.5 and colour < _SURELY_SAME and person.frames >= _GLIMPSE
    if not (near or plausible or elsewhere):
        return np.inf
    return min(place / reach, 2.0) + _COLOUR_WEIGHT * colour / _SAME_CLOTHES
