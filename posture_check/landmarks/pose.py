"""Find the poses of everybody in a picture or in the frames of a video.

The video landmarker follows a person cheaply while it knows of as many people as it may report; as soon as
it may report more, it searches the whole frame every time (half as slow again). It is therefore told to
report exactly the people who are there, and a census by an unhurried picture landmarker, about every second
and a half, tells how many that are.

Measured on rendered clips: with one person the video landmarker smooths by itself (frame-to-frame jitter
halved) and lags by 0.1 frame; with several people it does not smooth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import POSE_LANDMARKS, L
from posture_check.landmarks.tasks import Landmarker

Floats = NDArray[np.floating[Any]]

MAX_PEOPLE = 6
CENSUS_S = 1.5
"""Seconds of source time between two counts of the people; one costs as much as about two frames."""
FEWER_AFTER = 2
"""So many counts in a row must agree before somebody counts as gone; arrivals count at once."""

_DETECTION_CONFIDENCE = 0.5
_PRESENCE_CONFIDENCE = 0.5
_SAMEBODY = 0.12
"""Two poses nearer than this (mean landmark distance over body extent) lie on one body."""
_JUMP = 0.5
"""A pose that moves further than this between frames (over body extent) may have hopped to another person."""
_SOON_S = 0.2
"""Seconds until the next count when somebody was lost or jumped."""
BODY = (
    L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_ELBOW, L.RIGHT_ELBOW, L.LEFT_HIP, L.RIGHT_HIP,
    L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE,
)  # fmt: skip


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


class PoseFinder:
    """Poses of up to six people, frame by frame.

    Parameters
    ----------
    model
        Content of the pose bundle.
    video
        Whether the frames follow one another in time. Without it every picture stands alone.
    max_people
        Most people that are looked for.
    """

    def __init__(self, model: bytes, *, video: bool, max_people: int = MAX_PEOPLE) -> None:
        self._model = model
        self._video = video
        self._picture_finder = self._landmarker(video=False, people=max_people)
        self._followers: dict[int, Landmarker] = {}
        self._started_ms = 0
        self._last_ms = -2
        self.restart()

    def restart(self) -> None:
        """Forget the people: the next frame is the first of another video."""
        self._people = 0
        self._fewer = 0
        self._next_census_s = -np.inf
        self._last = _no_poses()
        # The landmarkers' own clock must rise from video to video.
        self._started_ms = self._last_ms + 2

    def find(self, image: NDArray[np.uint8], time_s: float = 0.0) -> Poses:
        """Return everybody's pose in a frame.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8, RGB.
        time_s
            Time of the frame in seconds; ignored for pictures.
        """
        if not self._video:
            return self._in_picture(image)
        # Two free milliseconds between frames: one is for the empty frame that may come before this one.
        milliseconds = max(self._last_ms + 2, self._started_ms + round(time_s * 1000))
        self._last_ms = milliseconds
        if time_s >= self._next_census_s:
            self._census(image, time_s, milliseconds)
        people = max(1, self._people)
        if people not in self._followers:
            self._followers[people] = self._landmarker(video=True, people=people)
        found = _poses(self._followers[people].detect(image, milliseconds), image.shape)
        found = without_duplicates(found)
        if len(found) < len(self._last) or _jumped(self._last, found):
            self._next_census_s = min(self._next_census_s, time_s + _SOON_S)
        self._last = found
        return found

    def close(self) -> None:
        """Free the landmarkers."""
        for landmarker in (self._picture_finder, *self._followers.values()):
            landmarker.close()

    def __enter__(self) -> Self:
        """Return the finder."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the landmarkers."""
        self.close()

    def _census(self, image: NDArray[np.uint8], time_s: float, milliseconds: int) -> None:
        """Count the people, and change the follower if their number changed."""
        count = len(self._in_picture(image))
        self._next_census_s = time_s + CENSUS_S
        self._fewer = self._fewer + 1 if count < self._people else 0
        if count == self._people or (count < self._people and self._fewer < FEWER_AFTER):
            return
        self._people, self._fewer = count, 0
        self._wake(image, max(1, count), milliseconds)

    def _wake(self, image: NDArray[np.uint8], people: int, milliseconds: int) -> None:
        """Make a follower that was idle forget what it followed, by showing it an empty frame."""
        if people in self._followers:
            self._followers[people].detect(np.zeros_like(image), milliseconds - 1)

    def _in_picture(self, image: NDArray[np.uint8]) -> Poses:
        return without_duplicates(_poses(self._picture_finder.detect(image), image.shape))

    def _landmarker(self, *, video: bool, people: int) -> Landmarker:
        return Landmarker(
            "Pose",
            self._model,
            video=video,
            num_poses=people,
            min_pose_detection_confidence=_DETECTION_CONFIDENCE,
            min_pose_presence_confidence=_PRESENCE_CONFIDENCE,
        )


def without_duplicates(poses: Poses) -> Poses:
    """Return the poses with only the more visible one of any two that lie on the same body."""
    if len(poses) < 2:
        return poses
    order = np.argsort(-poses.image[:, list(BODY), 3].mean(axis=1), kind="stable")
    kept: list[int] = []
    for i in order:
        if all(body_distance(poses.image[i], poses.image[j]) > _SAMEBODY for j in kept):
            kept.append(int(i))
    return poses.take(sorted(kept))


def body_extent(image: Floats) -> float:
    """Return the size of a pose in pixels: the diagonal of the box around shoulders, arms, hips and legs.

    Parameters
    ----------
    image
        ``(33, 2 or more)`` landmarks in pixels.
    """
    points = image[list(BODY), :2]
    return float(np.hypot(*np.ptp(points, axis=0)))


def body_distance(a: Floats, b: Floats) -> float:
    """Return the mean distance of two poses' joints over the extent of the larger body; 0 is the same place."""
    apart = np.linalg.norm(a[list(BODY), :2] - b[list(BODY), :2], axis=1).mean()
    return float(apart / max(body_extent(a), body_extent(b), 1.0))


def _jumped(before: Poses, now: Poses) -> bool:
    return any(min((body_distance(p, q) for q in before.image), default=0.0) > _JUMP for p in now.image)


def _no_poses() -> Poses:
    return Poses(np.empty((0, POSE_LANDMARKS, 4), np.float32), np.empty((0, POSE_LANDMARKS, 3), np.float32))


def _poses(result: Any, shape: tuple[int, ...]) -> Poses:
    """Return a landmarker's result as arrays in pixels."""
    if not result.pose_landmarks:
        return _no_poses()
    image = np.array([[(p.x, p.y, p.z, p.visibility) for p in pose] for pose in result.pose_landmarks], np.float32)
    height, width = shape[:2]
    image *= np.array([width, height, width, 1], np.float32)
    world = np.array([[(p.x, p.y, p.z) for p in pose] for pose in result.pose_world_landmarks], np.float32)
    return Poses(image, world)
