"""Find the poses of everybody in a picture or in the frames of a video.

In a video each person is followed by a landmarker of their own. A video landmarker is cheap and smooth as long as it
follows as many people as it may report; one that may report more searches for people in every frame, half as slow
again, and does not smooth. Who is there is told by a census every few seconds: a picture landmarker on the whole
frame, and now and then on overlapping squares of it, since the person detector sees 224 pixels and misses people who
are small. A follower is put on its person by showing it a frame with nobody else in it.

Measured on rendered clips: following halves the jitter from frame to frame against single pictures, and lags by 0.1
frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.poses import (
    BODY,
    Poses,
    body_distance,
    body_extent,
    same_body,
    without_duplicates,
)
from posture_check.landmarks.tasks import Landmarker

Floats = NDArray[np.floating[Any]]
Window = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

MAX_PEOPLE = 6
CENSUS_S = (1.0, 2.0, 4.0)
"""Seconds of source time to the next census, longer while nothing changes; one costs as much as about two frames."""
_THOROUGH_EVERY = 4
"""Every so many censuses, and at the first, squares of the frame are searched too, unless somebody is large."""
_SOON_S = 0.3
"""Seconds until the next count when somebody was lost."""
_TRIES = 3
"""So many frames in a row a follower is put on its person again before it gives up."""
_DETECTION_CONFIDENCE = 0.3
_PRESENCE_CONFIDENCE = 0.5
_JUMP = 0.4
"""A pose that moves further than this between frames (over body extent) is somebody else's."""
_WINDOW = 1.0
"""Half the side of a person's window, in body extents."""
_SMALL, _LARGE = 0.2, 0.3
"""A lone person of less than this share of the frame's longer side gets a window, of more than that none."""
_GREY = 114


@dataclass(slots=True)
class _Follower:
    """A landmarker on its person.

    Attributes
    ----------
    window
        Where it looks.
    last
        The person's pose ``(33, 4)`` when last seen, None if it never saw anybody.
    on
        Whether the landmarker has hold of the person; if not, it must be put on them.
    tries
        Frames in a row in which it was put on its person in vain.
    """

    landmarker: Landmarker
    window: Window
    last: Floats | None = None
    on: bool = False
    tries: int = 0


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
        self._model, self._video, self._max_people = model, video, max_people
        self._searcher = self._landmarker(video=False, people=max_people)
        self._idle: list[Landmarker] = []
        self._followers: list[_Follower] = []
        self._last_ms = 0
        self.restart()

    def restart(self) -> None:
        """Forget the people: the next frame is the first of another video."""
        self._idle += [follower.landmarker for follower in self._followers]
        self._followers = []
        self._next_census_s = -np.inf
        self._censuses = 0
        self._unchanged = 0
        self._previous_s = 0.0

    def find(self, image: NDArray[np.uint8], time_s: float = 0.0) -> Poses:
        """Return everybody's pose in a frame.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8, RGB.
        time_s
            Time of the frame in seconds, rising; ignored for pictures.
        """
        if not self._video:
            found = self._search(image, thorough=False)
            return found if len(found) else self._search(image, thorough=True)
        # The landmarkers' clock rises from video to video and leaves room for empty frames in between.
        self._last_ms += max(8, min(round((time_s - self._previous_s) * 1000), 10_000))
        self._previous_s = time_s
        if time_s >= self._next_census_s:
            self._census(image, time_s)
        return self._follow_all(image, time_s)

    def close(self) -> None:
        """Free the landmarkers."""
        self.restart()
        for landmarker in (self._searcher, *self._idle):
            landmarker.close()

    def __enter__(self) -> Self:
        """Return the finder."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the landmarkers."""
        self.close()

    def _follow_all(self, image: NDArray[np.uint8], time_s: float) -> Poses:
        found: list[tuple[_Follower, Poses, float]] = []
        for follower in list(self._followers):
            before = follower.last
            poses = self._follow(follower, image, time_s)
            if len(poses):
                moved = 0.0 if before is None else body_distance(before, poses.image[0])
                found.append((follower, poses, moved))
        # Of two on one body the one that moved there is wrong.
        kept: list[Poses] = []
        for follower, poses, _ in sorted(found, key=lambda each: each[2]):
            if any(same_body(poses.image[0], other.image[0]) for other in kept):
                self._dismiss(follower, time_s)
            else:
                kept.append(poses)
        return Poses.joined([poses for _, poses, _ in found if any(poses is each for each in kept)])

    def _follow(self, follower: _Follower, image: NDArray[np.uint8], time_s: float) -> Poses:
        """Return the pose of a follower's person, or nobody."""
        self._aim(follower, image)
        if follower.last is not None and not follower.on:
            self._wake(follower.landmarker)
            poses = self._look(follower, _only(follower.last, image, follower.window), self._last_ms - 2)
            if len(poses) and body_distance(follower.last, poses.image[0]) < _JUMP:
                follower.on = True
        poses = Poses.none()
        if follower.last is None or follower.on:
            left, top, right, bottom = follower.window
            poses = self._look(follower, image[top:bottom, left:right], self._last_ms)
        jumped = len(poses) and follower.last is not None
        if jumped and body_distance(follower.last, poses.image[0]) > _JUMP:  # type: ignore[arg-type]  # jumped
            poses = Poses.none()
        if len(poses):
            follower.last, follower.on, follower.tries = poses.image[0], True, 0
            return poses
        follower.on, follower.tries = False, follower.tries + 1
        if follower.last is not None and follower.tries > _TRIES:
            self._lose(follower, image, time_s)
        return poses

    def _look(self, follower: _Follower, picture: NDArray[np.uint8], milliseconds: int) -> Poses:
        return Poses.of_result(follower.landmarker.detect(picture, milliseconds), follower.window)

    def _aim(self, follower: _Follower, image: NDArray[np.uint8]) -> None:
        """Move a follower's window if its person is leaving it or does not fit it any more."""
        person = follower.last
        if person is None:
            return
        height, width = image.shape[:2]
        whole: Window = (0, 0, width, height)
        wanted = whole
        enough = (_SMALL if follower.window == whole else _LARGE) * max(width, height)
        if len(self._followers) > 1 or body_extent(person) < enough:
            wanted = _window(person, width, height)
            if _fits(person, follower.window, wanted):
                return
        if wanted != follower.window:
            follower.window, follower.on = wanted, False

    def _lose(self, follower: _Follower, image: NDArray[np.uint8], time_s: float) -> None:
        """Take a follower off; the last one stays and watches the whole frame for anybody."""
        self._next_census_s = min(self._next_census_s, time_s + _SOON_S)
        if len(self._followers) > 1:
            self._dismiss(follower, time_s)
            return
        follower.window = (0, 0, image.shape[1], image.shape[0])
        follower.last, follower.on, follower.tries = None, False, 0
        self._wake(follower.landmarker)

    def _census(self, image: NDArray[np.uint8], time_s: float) -> None:
        """Look for people whom nobody follows, and put followers on them."""
        height, width = image.shape[:2]
        everybody = self._search(image, thorough=False)
        small = all(body_extent(person) < _SMALL * max(width, height) for person in everybody.image)
        if small and self._censuses % _THOROUGH_EVERY == 0:
            everybody = self._search(image, thorough=True)
        self._censuses += 1
        same = len(everybody) == len(self._followers)
        self._unchanged = min(self._unchanged + 1, len(CENSUS_S) - 1) if same else 0
        self._next_census_s = time_s + CENSUS_S[self._unchanged]
        for person in everybody.image:
            followed = [f.last for f in self._followers if f.last is not None]
            if any(same_body(person, last) for last in followed):
                continue
            free = next((f for f in self._followers if f.last is None), None)
            if free is None and len(self._followers) < self._max_people:
                free = self._put_on(width, height)
            if free is not None:
                free.last, free.on = person, False
        if not self._followers:
            # Nobody yet: one follower watches the whole frame, and sees them come sooner than the census.
            self._put_on(width, height)

    def _put_on(self, width: int, height: int) -> _Follower:
        landmarker = self._idle.pop() if self._idle else self._landmarker(video=True, people=1)
        follower = _Follower(landmarker, (0, 0, width, height))
        self._wake(landmarker)
        self._followers.append(follower)
        return follower

    def _dismiss(self, follower: _Follower, time_s: float) -> None:
        self._followers.remove(follower)
        self._idle.append(follower.landmarker)
        self._next_census_s = min(self._next_census_s, time_s + _SOON_S)

    def _wake(self, landmarker: Landmarker) -> None:
        """Make a landmarker forget what it followed, by showing it an empty frame."""
        if landmarker.used:
            landmarker.detect(np.zeros((64, 64, 3), np.uint8), self._last_ms - 4)

    def _search(self, image: NDArray[np.uint8], *, thorough: bool) -> Poses:
        """Return everybody in a picture; thorough: in overlapping squares of it too."""
        height, width = image.shape[:2]
        found = [self._search_window(image, (0, 0, width, height))]
        if thorough:
            found += [self._search_window(image, square) for square in _squares(width, height)]
        everybody = without_duplicates(Poses.joined(found))
        return everybody.take(range(min(len(everybody), self._max_people)))

    def _search_window(self, image: NDArray[np.uint8], window: Window) -> Poses:
        left, top, right, bottom = window
        return Poses.of_result(self._searcher.detect(image[top:bottom, left:right]), window)

    def _landmarker(self, *, video: bool, people: int) -> Landmarker:
        return Landmarker(
            "Pose",
            self._model,
            video=video,
            num_poses=people,
            min_pose_detection_confidence=_DETECTION_CONFIDENCE,
            min_pose_presence_confidence=_PRESENCE_CONFIDENCE,
        )


def _only(person: Floats, image: NDArray[np.uint8], window: Window) -> NDArray[np.uint8]:
    """Return what a window shows with everything grey but the person."""
    left, top, right, bottom = window
    margin = 0.15 * body_extent(person)
    low, high = person[:, :2].min(axis=0) - margin, person[:, :2].max(axis=0) + margin
    x0, x1 = np.clip([low[0], high[0]], left, right).astype(int)
    y0, y1 = np.clip([low[1], high[1]], top, bottom).astype(int)
    out = np.full((bottom - top, right - left, 3), _GREY, np.uint8)
    out[y0 - top : y1 - top, x0 - left : x1 - left] = image[y0:y1, x0:x1]
    return out


def _window(person: Floats, width: int, height: int) -> Window:
    """Return a square around a person, cut off at the frame."""
    points = person[list(BODY), :2]
    x, y = (points.min(axis=0) + points.max(axis=0)) / 2
    half = _WINDOW * body_extent(person)
    left, top = max(int(x - half), 0), max(int(y - half), 0)
    right, bottom = min(int(x + half) + 1, width), min(int(y + half) + 1, height)
    if right - left < 32 or bottom - top < 32:
        return (0, 0, width, height)
    return left, top, right, bottom


def _fits(person: Floats, window: Window, wanted: Window) -> bool:
    """Return whether a person is well within a window that is not much larger than wanted."""
    left, top, right, bottom = window
    if not 0.6 < (right - left) / (wanted[2] - wanted[0]) < 1.7:
        return False
    margin = 0.15 * body_extent(person)
    low, high = person[list(BODY), :2].min(axis=0) - margin, person[list(BODY), :2].max(axis=0) + margin
    # A window that ends where the wanted one does cannot be moved further that way.
    return bool(
        (low[0] >= left or left <= wanted[0])
        and (low[1] >= top or top <= wanted[1])
        and (high[0] <= right or right >= wanted[2])
        and (high[1] <= bottom or bottom >= wanted[3])
    )


def _squares(width: int, height: int) -> list[Window]:
    """Return squares along the longer side that overlap by about half; none for a nearly square frame."""
    side = min(width, height)
    count = round(max(width, height) / side * 2) - 1
    if count < 2:
        return []
    starts = np.linspace(0, max(width, height) - side, count).astype(int)
    if width >= height:
        return [(int(s), 0, int(s) + side, side) for s in starts]
    return [(0, int(s), side, int(s) + side) for s in starts]
