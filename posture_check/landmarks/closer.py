"""The closer look at people in a frame: hands, face, what the arms do, the outline of the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.buffers import PersonBuffer
from posture_check.landmarks.onlooker import Onlooker
from posture_check.landmarks.outline import shoulder_caps
from posture_check.landmarks.track import ARM_STATES, FACE_LANDMARKS
from posture_check.sources.frame import Frame

if TYPE_CHECKING:
    from posture_check.landmarks.detectors import Detectors
    from posture_check.landmarks.finder import Plan

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to be looked at.

    Attributes
    ----------
    number
        Of the person.
    pose, world
        ``(33, 4)`` pixels and ``(33, 3)`` metres.
    solidity
        Whether the area of the person is wanted.
    """

    number: int
    pose: Floats
    world: Floats
    solidity: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of one person; as :class:`posture_check.landmarks.track.Details` has it."""

    number: int
    hands: Floats
    score: Floats
    face: Floats
    arms: Floats
    shoulders: Floats
    solidity: float
    glance: bool

    def keep(self, buffer: PersonBuffer, at: int) -> None:
        """Store it as of the frame at position ``at``."""
        if self.glance:
            buffer.add_glance(at, self.hands, self.score)
        else:
            buffer.add_details(at, self.hands, self.score, self.face, self.arms, self.shoulders, self.solidity)


def look_closer(
    detectors: Detectors, plan: Plan, onlooker: Onlooker | None, frame: Frame, targets: Sequence[Target]
) -> list[Looked]:
    """Look at everything that the plan asks for, and let the onlooker look too."""
    found = []
    for target in targets:
        pose, world = target.pose, target.world
        face = np.full((FACE_LANDMARKS, 3), np.nan, np.float32)
        arms = np.full((2, len(ARM_STATES)), np.nan, np.float32)
        hands, score = np.full((2, 21, 3), np.nan, np.float32), np.full(2, np.nan, np.float32)
        shoulders, solidity = np.full((2, 2), np.nan), np.nan
        if plan.hands or plan.arms:
            hands, score = detectors.hands.find(frame.image, pose, world)
        if plan.face:
            face = detectors.face.find(frame.image, pose, world)
        if plan.arms:
            arms = detectors.arms.judge(frame.image, pose, hands, score)
        if plan.outline:
            shoulders = shoulder_caps(detectors.person, frame.image, pose)
            if target.solidity:
                solidity = detectors.person.solidity(frame.image, pose)
        found.append(Looked(target.number, hands, score, face, arms, shoulders, solidity, False))
        if onlooker is not None:
            onlooker.offer(frame, target.number, pose, world)
    return found


def glance(detectors: Detectors, frame: Frame, targets: Sequence[Target]) -> list[Looked]:
    """Look at the hands alone."""
    nothing = np.full((2, 2), np.nan)
    found = []
    for target in targets:
        hands, score = detectors.hands.find(frame.image, target.pose, target.world)
        found.append(Looked(target.number, hands, score, nothing, nothing, nothing, float("nan"), True))
    return found
