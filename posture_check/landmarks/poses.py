"""Poses of one frame as arrays, and how far two of them are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import POSE_LANDMARKS, L

Floats = NDArray[np.floating[Any]]

BODY: tuple[int, ...] = (
    L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_ELBOW, L.RIGHT_ELBOW, L.LEFT_HIP, L.RIGHT_HIP,
    L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE,
)  # fmt: skip
"""Joints that tell where a person is and how large."""
_TRUNK = BODY[:2] + BODY[4:6]
_SAME_BODY = 0.12
"""Two poses nearer than this (mean joint distance over body extent) lie on one body."""
_SAME_TRUNK = 0.35
"""So do two whose shoulders and hips are nearer than this (mean distance over trunk length)."""


@dataclass(slots=True)
class Poses:
    """The poses found in one frame.

    Attributes
    ----------
    image
        ``(people, 33, 4)`` x, y, z in pixels (z relative to the hips, smaller is nearer) and visibility 0..1.
    world
        ``(people, 33, 3)`` metres about the hip midpoint.
    """

    image: Floats
    world: Floats

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.image)

    def take(self, which: Sequence[int]) -> Poses:
        """Return the chosen poses, in the order given."""
        index = np.asarray(which, int)
        return Poses(self.image[index], self.world[index])

    @classmethod
    def none(cls) -> Poses:
        """Return nobody."""
        return cls(np.empty((0, POSE_LANDMARKS, 4), np.float32), np.empty((0, POSE_LANDMARKS, 3), np.float32))

    @classmethod
    def joined(cls, parts: Sequence[Poses]) -> Poses:
        """Return the people of several."""
        if not parts:
            return cls.none()
        return cls(np.concatenate([p.image for p in parts]), np.concatenate([p.world for p in parts]))

    @classmethod
    def of_result(cls, result: Any, window: tuple[int, int, int, int]) -> Poses:
        """Return what a pose landmarker found.

        Parameters
        ----------
        result
            MediaPipe's result, in shares of the window.
        window
            Left, top, right, bottom in pixels of the picture.
        """
        if not result.pose_landmarks:
            return cls.none()
        left, top, right, bottom = window
        image = np.array([[(p.x, p.y, p.z, p.visibility) for p in pose] for pose in result.pose_landmarks], np.float32)
        image *= np.array([right - left, bottom - top, right - left, 1], np.float32)
        image += np.array([left, top, 0, 0], np.float32)
        world = np.array([[(p.x, p.y, p.z) for p in pose] for pose in result.pose_world_landmarks], np.float32)
        return cls(image, world)


def body_extent(image: Floats) -> float:
    """Return the size of a pose in pixels: the diagonal of the box around shoulders, elbows, hips and legs.

    Parameters
    ----------
    image
        ``(33, 2 or more)`` landmarks in pixels.
    """
    return float(np.hypot(*np.ptp(image[list(BODY), :2], axis=0)))


def body_distance(a: Floats, b: Floats) -> float:
    """Return the mean distance of two poses' joints over the extent of the larger body, 0 if the same."""
    apart = np.linalg.norm(a[list(BODY), :2] - b[list(BODY), :2], axis=1).mean()
    return float(apart / max(body_extent(a), body_extent(b), 1.0))


def same_body(a: Floats, b: Floats) -> bool:
    """Return whether two poses ``(33, 4)`` lie on one body."""
    if body_distance(a, b) < _SAME_BODY:
        return True
    trunk = list(_TRUNK)
    apart = float(np.linalg.norm(a[trunk, :2] - b[trunk, :2], axis=1).mean())
    return apart < _SAME_TRUNK * max(_trunk_length(a), _trunk_length(b))


def without_duplicates(poses: Poses) -> Poses:
    """Return the poses with only the more visible one of any two that lie on the same body."""
    if len(poses) < 2:
        return poses
    order = np.argsort(-poses.image[:, list(BODY), 3].mean(axis=1), kind="stable")
    kept: list[int] = []
    for i in order:
        if not any(same_body(poses.image[i], poses.image[j]) for j in kept):
            kept.append(int(i))
    return poses.take(sorted(kept))


def _trunk_length(image: Floats) -> float:
    points = image[list(_TRUNK), :2]
    return float(np.linalg.norm(points[:2].mean(axis=0) - points[2:].mean(axis=0)))
