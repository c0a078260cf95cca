"""What a simulated scene is made of: people, where they are, and from where they are seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.simulate.body import Body
from posture_check.simulate.performance import Performance
from posture_check.simulate.rotation import turn

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where a scene is seen from by default.

    Attributes
    ----------
    yaw_deg
        Direction to the camera from the person's front, towards the person's left positive: 90 sees the left
        side, 180 the back.
    distance_m
        Along the floor from the camera to the person.
    height_m
        Height of the lens.
    pitch_deg
        Downward tilt.
    """

    yaw_deg: float = 0.0
    distance_m: float = 3.2
    height_m: float = 1.3
    pitch_deg: float = 6.0


@dataclass(frozen=True, slots=True)
class Actor:
    """One person of a scene and where they are: metres to their own left and ahead, heading to the left."""

    performance: Performance
    x_m: float = 0.0
    z_m: float = 0.0
    heading_deg: float = 0.0

    @property
    def placement(self) -> tuple[Floats, Floats]:
        """Turn ``(3, 3)`` and shift ``(3,)`` that put the person into the scene."""
        return turn("y", self.heading_deg), np.array([self.x_m, 0.0, self.z_m])


@dataclass(frozen=True, slots=True)
class Scene:
    """People and a viewpoint.

    Attributes
    ----------
    actors
        The people, the subject first; may be nobody.
    viewpoint
        Where it is seen from unless asked otherwise.
    duration_s
        Seconds.
    """

    actors: tuple[Actor, ...]
    viewpoint: Viewpoint = field(default_factory=Viewpoint)
    duration_s: float = 3.0

    @classmethod
    def of(cls, performance: Performance) -> Scene:
        """Return the scene of one person alone."""
        return cls((Actor(performance),), duration_s=performance.duration_s)

    @property
    def subject(self) -> Performance | None:
        """The first person, or None if there is nobody."""
        return self.actors[0].performance if self.actors else None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named scene.

    Attributes
    ----------
    name
        As used after ``simulate:``.
    about
        One line saying what is to be seen.
    make
        Builds the scene for a body.
    """

    name: str
    about: str
    make: Callable[[Body], Scene]
