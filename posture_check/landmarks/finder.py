"""From frames to tracks: everybody's landmarks in a source, in step with it or at its end.

Frames are looked at one by one and never kept. What is found goes into growing arrays; tracks are cut from
them when asked for, so a live camera is a track that grows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.buffers import Growing, PersonBuffer
from posture_check.landmarks.closer import Looked, Target, glance, look_closer
from posture_check.landmarks.detectors import Detectors
from posture_check.landmarks.glimpse import Glimpse, glimpse
from posture_check.landmarks.onlooker import Onlooker
from posture_check.landmarks.people import People
from posture_check.landmarks.poses import Poses, body_extent
from posture_check.landmarks.reach import hands_reach
from posture_check.landmarks.shake import Shake
from posture_check.landmarks.smoothing import OneEuro, frame_noise, smooth_recording
from posture_check.landmarks.solidity import wants_look
from posture_check.landmarks.swap import mend_swaps
from posture_check.landmarks.track import Track, TrackSet
from posture_check.sources.base import Source
from posture_check.sources.frame import Frame

Floats = NDArray[np.floating[Any]]
Progress = Callable[[str, float | None], None]

DETAILED_PEOPLE = 2
"""So many people, the largest, are looked at in detail."""
MIN_TRACK_S = 0.3
MIN_TRACK_FRAMES = 3
"""Shorter appearances in a video are taken for mistakes."""
LIVE_NOISE_S = 2.0
"""The noise of a live track is that of its last seconds."""
_EARLY_RATE_HZ = 4.0
_EARLY_S = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be found.

    Attributes
    ----------
    hands, face, arms
        Whether hands, face, and the state of the arms are wanted.
    outline
        Whether the outline of the person is wanted: shoulders, and whether it is a person at all.
    shake
        Whether the picture's own movement at some landmarks is wanted, frame by frame in a video.
    details_rate_hz
        How often they are looked at in a video (twice as often in its first second); a picture always is.
    hands_rate_hz
        How often hands alone are looked at of a person who raises or stretches one out.
    live
        Smooth as the frames come, with no look ahead, and forget what is older than ``keep_s``.
    keep_s
        Length of a live track in seconds, at least.
    """

    hands: bool = True
    face: bool = False
    arms: bool = False
    outline: bool = False
    shake: bool = False
    details_rate_hz: float = 2.0
    hands_rate_hz: float = 6.0
    live: bool = False
    keep_s: float = 120.0


class TrackBuilder:
    """Tracks of the people in frames that are fed one by one.

    Parameters
    ----------
    detectors
        The landmarkers.
    plan
        What is to be found.
    video
        Whether the frames follow one another in time. Without it, one frame is expected.
    onlooker
        Offered every frame whose details are looked at; None costs nothing.
    aside
        One thread that looks closer, one look at a time, so that a live picture never waits for it; None looks at once.
        The detectors of details are then used there alone, and a frame's picture must stay as it is meanwhile.
    """

    def __init__(
        self,
        detectors: Detectors,
        plan: Plan,
        *,
        video: bool,
        onlooker: Onlooker | None = None,
        aside: Executor | None = None,
    ) -> None:
        self._detectors, self._plan, self._video, self._onlooker = detectors, plan, video, onlooker
        self._aside = aside
        self._under_way: tuple[int, Future[list[Looked]]] | None = None
        self._pose = detectors.pose(video=video)
        self._people = People()
        self._buffers: dict[int, PersonBuffer] = {}
        self._filters: dict[int, tuple[OneEuro, OneEuro]] = {}
        self._shakes: dict[int, Shake] = {}
        self._frame = Growing((), np.int32)
        self._time_s = Growing((), np.float64)
        self._dropped = 0
        self._size = (0, 0)
        self._next_details_s = self._next_glance_s = -np.inf
        self._first_s: float | None = None

    def feed(self, frame: Frame) -> None:
        """Look at the next frame; the frame is not kept."""
        if self._first_s is None:
            self._first_s = frame.time_s
        at = self._dropped + len(self._time_s)
        self._frame.add(frame.index)
        self._time_s.add(frame.time_s)
        self._size = (frame.image.shape[1], frame.image.shape[0])
        poses = self._pose.find(frame.image, frame.time_s)
        numbers = self._people.assign(poses, frame.image, frame.time_s)
        shakes = self._shake(frame, poses, numbers)
        for number, image, world in zip(numbers, poses.image, poses.world, strict=True):
            buffer = self._buffers.setdefault(number, PersonBuffer(number))
            buffer.add(at, *self._live_smooth(number, frame.time_s, image, world), shakes.get(number, np.nan))
        if not self.settle(wait=False):
            pass  # one closer look at a time
        elif len(poses) and frame.time_s >= self._next_details_s:
            self._look_closer(frame, at, poses, numbers)
        elif len(poses) and self._plan.hands and frame.time_s >= self._next_glance_s:
            self._glance(frame, at, poses, numbers)
        if self._plan.live:
            self._forget()

    def tracks(self) -> list[Track]:
        """Return everybody's track so far, in the order of their numbers.

        Short appearances are left out, and the numbers are close-packed. A recording's tracks are mended
        and smoothed afresh by each call.
        """
        found = [self._track(buffer) for _, buffer in sorted(self._buffers.items()) if self._lasting(buffer)]
        if not self._plan.live:
            for number, track in enumerate(found):
                track.person = number
        return found

    def newest(self) -> list[Glimpse]:
        """Return everybody who is in the newest frame, in the order of their numbers."""
        last = self._dropped + len(self._time_s) - 1
        here = [b for _, b in sorted(self._buffers.items()) if len(b.at) and b.at.rows[-1] == last]
        return [glimpse(buffer, last) for buffer in here]

    def _lasting(self, buffer: PersonBuffer) -> bool:
        at = buffer.at.rows
        if not len(at):
            return False
        if not self._video:
            return True
        times = self._time_s.rows
        steps = np.minimum(np.gradient(times), MIN_TRACK_S) if len(times) > 1 else np.zeros(1)
        if len(at) >= MIN_TRACK_FRAMES and steps[at - self._dropped].sum() >= MIN_TRACK_S - 1e-6:
            return True
        # In a recording that is itself no longer than that, what there is counts.
        short = len(times) < MIN_TRACK_FRAMES or times[-1] - times[0] < MIN_TRACK_S
        return bool(short and not self._plan.live)

    def _track(self, buffer: PersonBuffer) -> Track:
        first, last = int(buffer.at.rows[0]), int(buffer.at.rows[-1])
        rows = buffer.at.rows - first
        span = slice(first - self._dropped, last + 1 - self._dropped)
        image = np.full((last + 1 - first, *buffer.image.rows.shape[1:]), np.nan, np.float32)
        world = np.full((last + 1 - first, *buffer.world.rows.shape[1:]), np.nan, np.float32)
        image[rows], world[rows] = buffer.image.rows, buffer.world.rows
        shake = np.full((last + 1 - first, *buffer.shake.rows.shape[1:]), np.nan, np.float32)
        shake[rows] = buffer.shake.rows
        details = buffer.details(first)
        time_s = self._time_s.rows[span].copy()
        noise = np.full(image.shape[1], np.nan, np.float32)
        if self._video:
            if not self._plan.live:
                swaps = mend_swaps(time_s, image, world)
                swaps.apply_to(details)
            recent = time_s >= (time_s[-1] - LIVE_NOISE_S if self._plan.live else time_s[0])
            raw = image[recent, :, :2].astype(float)
            smooth = smooth_recording(time_s[recent], raw)
            noise[:] = frame_noise(time_s[recent], raw, smooth)
            if not self._plan.live:
                image[..., :2] = smooth
                image[..., 2:] = smooth_recording(time_s, image[..., 2:])
                np.clip(image[..., 3], 0.0, 1.0, out=image[..., 3])
                world[:] = smooth_recording(time_s, world)
        return Track(
            person=buffer.number,
            frame=self._frame.rows[span].copy(),
            time_s=time_s,
            image=image,
            world=world,
            noise=noise,
            size=self._size,
            details=details,
            shake=shake,
            findings=self._onlooker.findings(buffer.number) if self._onlooker is not None else {},
        )

    def _look_closer(self, frame: Frame, at: int, poses: Poses, numbers: list[int]) -> None:
        plan = self._plan
        if not (plan.hands or plan.face or plan.arms or plan.outline or self._onlooker):
            return
        early = self._first_s is not None and frame.time_s - self._first_s < _EARLY_S
        rate_hz = max(_EARLY_RATE_HZ, plan.details_rate_hz) if early else plan.details_rate_hz
        self._next_details_s = frame.time_s + 0.98 / rate_hz  # a little early rather than a frame late
        self._next_glance_s = frame.time_s + 0.98 / plan.hands_rate_hz
        targets = self._targets(poses, numbers, _largest(poses))
        self._look(at, functools.partial(look_closer, self._detectors, plan, self._onlooker, frame, targets))

    def _glance(self, frame: Frame, at: int, poses: Poses, numbers: list[int]) -> None:
        """Look at the hands of those who use one: gestures come and go faster than all details are looked at."""
        using = [i for i in _largest(poses) if hands_reach(poses.image[i]).any()]
        if using:
            self._next_glance_s = frame.time_s + 0.98 / self._plan.hands_rate_hz
            targets = self._targets(poses, numbers, using)
            self._look(at, functools.partial(glance, self._detectors, frame, targets))

    def _targets(self, poses: Poses, numbers: list[int], which: list[int]) -> list[Target]:
        return [
            Target(numbers[i], poses.image[i], poses.world[i], wants_look(self._buffers[numbers[i]].looks))
            for i in which
        ]

    def _look(self, at: int, look: Callable[[], list[Looked]]) -> None:
        """Look closer, here and now or aside."""
        if self._aside is not None:
            self._under_way = (at, self._aside.submit(look))
        else:
            self._keep(at, look())

    def settle(self, *, wait: bool = True) -> bool:
        """Take in the closer look that is under way aside, once it is done; return whether none is left.

        An error in it is raised here.
        """
        if self._under_way is None:
            return True
        at, looked = self._under_way
        if not wait and not looked.done():
            return False
        self._under_way = None
        self._keep(at, looked.result())
        return True

    def _keep(self, at: int, found: list[Looked]) -> None:
        for looked in found:
            if (buffer := self._buffers.get(looked.number)) is not None and at >= self._dropped:
                looked.keep(buffer, at)

    def _shake(self, frame: Frame, poses: Poses, numbers: list[int]) -> dict[int, Floats]:
        """Return how the picture moved at the landmarks of the largest people since the frame before."""
        if not (self._plan.shake and self._video):
            return {}
        watched = {numbers[i]: poses.image[i] for i in _largest(poses)}
        # Whoever was not seen in the frame before is watched anew.
        self._shakes = {number: self._shakes.get(number, Shake()) for number in watched}
        return {number: self._shakes[number].feed(frame.image, points) for number, points in watched.items()}

    def _live_smooth(self, number: int, time_s: float, image: Floats, world: Floats) -> tuple[Floats, Floats]:
        if not self._plan.live:
            return image, world
        if number not in self._filters:
            # Speeds are in body lengths: pixels of a small person are worth more.
            self._filters[number] = (OneEuro(beta=6.0 / max(body_extent(image), 1.0)), OneEuro(beta=3.0))
        pixels, metres = self._filters[number]
        out = image.copy()
        out[:, :3] = pixels(time_s, image[:, :3])
        return out, metres(time_s, world)

    def _forget(self) -> None:
        """Drop what is older than the plan keeps, in large steps."""
        times = self._time_s.rows
        if times[-1] - times[0] < 2 * self._plan.keep_s:
            return
        count = int(np.searchsorted(times, times[-1] - self._plan.keep_s))
        self._frame.drop(count)
        self._time_s.drop(count)
        self._dropped += count
        for buffer in self._buffers.values():
            buffer.forget_before(self._dropped)
            if self._onlooker is not None and not len(buffer.at):
                self._onlooker.forget(buffer.number)
        self._buffers = {number: buffer for number, buffer in self._buffers.items() if len(buffer.at)}
        self._filters = {number: pair for number, pair in self._filters.items() if number in self._buffers}


def _largest(poses: Poses) -> list[int]:
    """Return which people are looked at in detail, the largest first."""
    return sorted(range(len(poses)), key=lambda i: -body_extent(poses.image[i]))[:DETAILED_PEOPLE]


def find(
    source: Source,
    *,
    plan: Plan | None = None,
    progress: Progress | None = None,
    detectors: Detectors | None = None,
    onlooker: Onlooker | None = None,
) -> TrackSet:
    """Find everybody's landmarks in a source, from its first frame to its last.

    Parameters
    ----------
    source
        Frames; read to the end and closed.
    plan
        What is to be found.
    progress
        Told the seconds done, and the share if the length is known.
    detectors
        Landmarkers to use; None makes some and frees them at the end.
    onlooker
        Looks at the pictures on the way; its findings go into the tracks.

    Raises
    ------
    InputError
        If the source cannot be read or the models cannot be had.
    """
    plan = plan or Plan()
    if detectors is None:
        with Detectors() as own:
            return find(source, plan=plan, progress=progress, detectors=own, onlooker=onlooker)
    builder = TrackBuilder(detectors, plan, video=source.info.kind != "image", onlooker=onlooker)
    length_s = source.info.duration_s
    with source:
        for frame in source:
            builder.feed(frame)
            if progress is not None:
                progress("looking at frames", min(frame.time_s / length_s, 1.0) if length_s > 0 else None)
    return TrackSet(source.info, builder.tracks(), dict(detectors.sha256))
