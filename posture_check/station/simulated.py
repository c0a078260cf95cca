"""Landmarkers that answer from the simulation: everything after them runs as with a real camera."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.findings import Findings
from posture_check.landmarks.poses import Poses

Floats = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]

_DARK, _COLOURED, _WHITE = 150, 34, 242
"""The drawn room is pale and grey, and no shirt is: what is darker, more colourful or whiter belongs to a person."""


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """What the landmark models would say of one person in one picture.

    Attributes
    ----------
    image, world
        ``(33, 4)`` pixels and visibility, ``(33, 3)`` metres.
    hands, hand_score, face, arms
        As in :class:`posture_check.landmarks.track.Details`, of one frame.
    """

    image: Floats
    world: Floats
    hands: Floats
    hand_score: Floats
    face: Floats
    arms: Floats


@dataclass(frozen=True, slots=True)
class SimulatedSight:
    """What a simulated camera knows of its picture: the people, the subject first, and how the subject is dressed."""

    people: tuple[SimulatedPerson, ...] = ()
    dress: Findings = field(default_factory=dict)


class SimulatedDetectors:
    """Looks like :class:`posture_check.landmarks.detectors.Detectors`, and tells what came with the picture.

    Attributes
    ----------
    sight
        What came with the picture that is being looked at.
    sha256
        No models: empty.
    """

    def __init__(self) -> None:
        self.sight = SimulatedSight()
        self.sha256: dict[str, str] = {}
        self.hands, self.face, self.arms = _Hands(self), _Face(self), _Arms(self)
        self.person = _Mask()

    def pose(self, *, video: bool) -> SimulatedPose:
        """Return the finder of people."""
        return SimulatedPose(self)

    def close(self) -> None:
        """Free nothing."""

    def nearest(self, image: Floats) -> SimulatedPerson | None:
        """Return the person whose landmarks these are, smoothed or not."""
        if not self.sight.people:
            return None
        return min(self.sight.people, key=lambda p: float(np.nansum(np.abs(p.image[:, :2] - image[:, :2]))))


class SimulatedPose:
    """Finds the people who came with the picture."""

    def __init__(self, owner: SimulatedDetectors) -> None:
        self._owner = owner

    def restart(self) -> None:
        """Forget nothing."""

    def find(self, image: Picture, time_s: float) -> Poses:
        """Return everybody."""
        people = self._owner.sight.people
        if not people:
            return Poses.none()
        return Poses(
            np.stack([p.image for p in people]).astype(np.float32),
            np.stack([p.world for p in people]).astype(np.float32),
        )


@dataclass(slots=True)
class _Hands:
    owner: SimulatedDetectors

    def find(self, image: Picture, pose: Floats, world: Floats) -> tuple[Floats, Floats]:
        person = self.owner.nearest(pose)
        if person is None:
            return np.full((2, 21, 3), np.nan, np.float32), np.full(2, np.nan, np.float32)
        return person.hands, person.hand_score


@dataclass(slots=True)
class _Face:
    owner: SimulatedDetectors

    def find(self, image: Picture, pose: Floats, world: Floats) -> Floats:
        person = self.owner.nearest(pose)
        return np.full((468, 3), np.nan, np.float32) if person is None else person.face


@dataclass(slots=True)
class _Arms:
    owner: SimulatedDetectors

    def judge(self, image: Picture, pose: Floats, hands: Floats, score: Floats) -> Floats:
        person = self.owner.nearest(pose)
        return np.full((2, 4), np.nan, np.float32) if person is None else person.arms


class _Mask:
    """The area of a drawn person, told by its colours."""

    def mask(self, image: Picture) -> Floats:
        low, high = image.min(-1).astype(int), image.max(-1).astype(int)
        return np.asarray((high < _DARK) | (high - low > _COLOURED) | (low > _WHITE), np.float32)

    def solidity(self, image: Picture, pose: Floats) -> float:
        """Return nothing: it is known that these are people."""
        return float("nan")
