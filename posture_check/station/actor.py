"""The simulated camera: somebody before it does what the steps ask, and is drawn."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.checklist.messages import Begin
from posture_check.errors import InputError
from posture_check.measures.camera import Camera
from posture_check.measures.scene import Scene as KnownScene
from posture_check.measures.scene import known_scene
from posture_check.simulate.blend import blend, smooth
from posture_check.simulate.body import Body
from posture_check.simulate.draw import Canvas
from posture_check.simulate.performance import Motion, Performance
from posture_check.simulate.pose import Pose
from posture_check.simulate.scene import Actor as Placed
from posture_check.simulate.scene import Scene
from posture_check.simulate.source import simulated_known, simulated_scene
from posture_check.simulate.standing import standing
from posture_check.simulate.truth import Truth
from posture_check.simulate.view import Look, Person, Seen, view
from posture_check.station.capture import REST_S, Cue
from posture_check.station.dress import DRESS_FAULTS, dress
from posture_check.station.parts import Part, concerns, part_of
from posture_check.station.play import SHIFT, Play, read_play, scene_spec
from posture_check.station.simulated import SimulatedPerson, SimulatedSight

Floats = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]

REACT_S, MOVE_S = 0.2, 0.7
"""A person who is told to do something else begins after this long, and needs this long to get there."""
_AHEAD_FRAMES = 10
"""Frames that are worked out at once while nobody turns: it costs little more than one."""
_DARKER = 0.12


def check_camera(camera: str) -> None:
    """Refuse a simulated camera that cannot be.

    Raises
    ------
    InputError
        If there is no such scene or setting.
    """
    read_play(camera)


def known_of(camera: str, begin: Begin) -> KnownScene:
    """Return what an exact calibration would know while a step is under way: the camera, and the chair if there is one.

    Parameters
    ----------
    camera
        ``simulate:…``.
    begin
        What is looked for.
    """
    play = read_play(camera)
    stature_m = begin.stature_cm / 100 if begin.stature_cm else None
    if play.name != SHIFT:
        return simulated_known(scene_spec(play), stature_m)
    part = part_of(begin.step, begin.role, (), Body(play.number("stature")))
    scene = known_scene(play.camera(), stature_m)
    if part.performance.seat is None:
        return scene
    still = _look(part, play, part.performance.motion, 0.0, 1, part.yaw_deg, part.distance_m, 1, 0)
    return replace(scene, chair=still.chair)


@dataclass(slots=True)
class Shown:
    """A picture of the simulated camera, as :class:`posture_check.station.capture.Taken` asks."""

    image: Picture
    time_s: float
    simulated: SimulatedSight


def perform(camera: str, cue: Cue, since_s: float) -> Iterator[Shown]:
    """Deliver pictures at the camera's rate, leaving out those for which there was no time.

    Parameters
    ----------
    camera
        ``simulate:…``.
    cue
        What the steps ask.
    since_s
        When the station was started, by the system's clock.

    Raises
    ------
    InputError
        If it cannot be, or while it is unplugged.
    """
    play = read_play(camera)
    actor: Actor | Replay = Actor(play) if play.name == SHIFT else Replay(play)
    step_s, due_s = 1 / play.number("fps"), time.monotonic()
    last: Shown | None = None
    while True:
        pause = due_s - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        now = time.monotonic()
        due_s = max(due_s + (REST_S if cue.resting else step_s), now)
        at_s = time.time() - since_s
        if play.happens("lost", at_s):
            raise InputError(f"{camera}: unplugged")
        for begin in cue.take():
            actor.begin(begin, now)
        if last is None or not play.happens("frozen", at_s):
            last = actor.show(now, at_s)
        yield Shown(last.image, now, last.simulated)


class Actor:
    """Does what the steps ask, in front of a camera that stays where it is.

    Parameters
    ----------
    play
        What is to happen.
    """

    def __init__(self, play: Play) -> None:
        self._play = play
        self._body = Body(play.number("stature"))
        self._part = self._before = part_of(None, "A", (), self._body)
        self._since_s = self._before_since_s = -1e3
        self._begin = Begin(run=0)
        self._asked: dict[str, int] = {}
        self._faults: tuple[str, ...] = ()
        self._studio = _Studio(play.camera(), int(play.number("seed")))
        self._ahead: tuple[float, Seen] | None = None
        self._count = 0

    def begin(self, begin: Begin, now_s: float) -> None:
        """Do what this asks from now on."""
        if begin.run == self._begin.run:
            return
        self._begin = begin
        self._faults = ()
        if begin.step is not None:
            turn = self._asked.get(begin.step.id, 0)
            self._asked[begin.step.id] = turn + 1
            if turn % 2 == 0:
                self._faults = tuple(c for c in self._play.faults if concerns(begin.step, c))
        self._before, self._before_since_s = self._part, self._since_s
        self._part = part_of(begin.step, begin.role, self._faults, self._body)
        self._since_s, self._ahead = now_s + REACT_S, None

    def show(self, now_s: float, at_s: float) -> Shown:
        """Return the picture of this moment."""
        people = self._play.people(at_s)
        seen, i = self._seen(now_s, people)
        crowd = seen.people[:people]
        image = self._studio.picture(crowd, i, dark=self._play.happens("dark", at_s))
        if self._begin.task == "code" and self._play.code and people:
            hold_up(image, self._play.code)
        worn = dress(self._begin.role, [c for c in self._faults if c in DRESS_FAULTS])
        return Shown(image, now_s, SimulatedSight(tuple(told for p in crowd if (told := tell(p, i))), worn))

    def _seen(self, now_s: float, people: int) -> tuple[Seen, int]:
        """Return a stretch of the scene and which of its frames is now."""
        rate = self._play.number("fps")
        if self._ahead is not None and len(self._ahead[1].people) >= people:
            i = round((now_s - self._ahead[0]) * rate)
            if 0 <= i < len(self._ahead[1].time_s):
                return self._ahead[1], i
        part, motion, share = self._part, self._part.performance.motion, (now_s - self._since_s) / MOVE_S
        turning = share < 1
        if turning:
            part, motion = self._on_the_way(share)
        frames = 1 if turning else _AHEAD_FRAMES
        turn = float(smooth(share))
        yaw = self._before.yaw_deg + turn * (self._part.yaw_deg - self._before.yaw_deg)
        distance = self._before.distance_m + turn * (self._part.distance_m - self._before.distance_m)
        since = self._before_since_s if part is self._before else self._since_s + (MOVE_S if part.again_s else 0.0)
        self._count += 1
        seen = _look(part, self._play, motion, max(now_s - since, 0.0), frames, yaw, distance, people, self._count)
        self._ahead = None if turning else (now_s, seen)
        return seen, 0

    def _on_the_way(self, share: float) -> tuple[Part, Motion]:
        """Return what is done between two parts: a mixture of both, or first the one and then the other."""
        before, after = self._before, self._part
        if share <= 0:
            return before, before.performance.motion
        if before.again_s is None and after.again_s is None and before.performance.seat is after.performance.seat:
            then = before if share < 0.5 else after
            return then, _mixed(before.performance.motion, after.performance.motion, float(smooth(share)))
        return (before, before.performance.motion) if share < 0.5 else (after, after.performance.motion)


class Replay:
    """Plays a scene of the simulator as it is, over and over."""

    def __init__(self, play: Play) -> None:
        self._play = play
        rate = play.number("fps")
        spec = scene_spec(play)
        self._seen = simulated_scene(f"{spec}{'&' if '?' in spec else '?'}fps={rate:g}")
        self._details = [_details_rows(p) for p in self._seen.people]
        self._studio = _Studio(self._seen.camera, 0, self._seen.mirrored)
        self._rate, self._since_s = rate, time.monotonic()
        self._role: Any = "A"

    def begin(self, begin: Begin, now_s: float) -> None:
        """Start the scene anew: whoever asks wants to see all of it."""
        self._role, self._since_s = begin.role, now_s

    def show(self, now_s: float, at_s: float) -> Shown:
        """Return the picture of this moment."""
        frames = len(self._seen.time_s)
        i = int((now_s - self._since_s) * self._rate) % frames
        crowd = self._seen.people if self._play.people(at_s) else ()
        image = self._studio.picture(crowd, i, dark=self._play.happens("dark", at_s))
        told = tuple(t for p, rows in zip(crowd, self._details, strict=False) if (t := tell(p, i, int(rows[i]))))
        return Shown(image, now_s, SimulatedSight(told, dress(self._role)))


class _Studio:
    """Draws, with the noise of a sensor: no two pictures of a camera are the same."""

    def __init__(self, camera: Camera, seed: int, mirrored: bool = False) -> None:
        self._canvas = Canvas(camera, mirrored)
        rng = np.random.default_rng(seed)
        self._rng = rng
        self._noise = rng.integers(0, 4, (camera.height + 64, camera.width, 3), np.uint8)

    def picture(self, people: tuple[Person, ...], i: int, *, dark: bool) -> Picture:
        """Return a picture of frame ``i`` of these people."""
        import cv2

        image: Any = self._canvas.picture(people, i)
        if dark:
            image = cv2.convertScaleAbs(image, alpha=_DARKER)
        top = int(self._rng.integers(0, 64))
        return np.asarray(cv2.add(image, self._noise[top : top + image.shape[0]]), np.uint8)


def tell(person: Person, i: int, row: int | None = None) -> SimulatedPerson | None:
    """Return what the landmark models say of a person in one frame; None if they find nobody.

    Parameters
    ----------
    person
        The person.
    i
        The frame.
    row
        Of the details; None where every frame has some.
    """
    track, details = person.track, person.track.details
    if not np.isfinite(track.image[i]).all():
        return None
    at = min(i, len(details.at) - 1) if row is None else row
    return SimulatedPerson(
        track.image[i], track.world[i], details.hands[at], details.hand_score[at], details.face[at], details.arms[at]
    )


def hold_up(image: Picture, code: str) -> None:
    """Draw a QR code into a picture, as if it were held before the chest."""
    import cv2

    drawn = cv2.QRCodeEncoder.create().encode(code)
    side = image.shape[0] // 3
    drawn = cv2.resize(drawn, (side, side), interpolation=cv2.INTER_NEAREST)
    drawn = cv2.copyMakeBorder(drawn, 16, 16, 16, 16, cv2.BORDER_CONSTANT, value=255)
    top, left = image.shape[0] // 2 - side // 2, image.shape[1] // 2 - drawn.shape[1] // 2
    image[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn[..., None]


def _details_rows(person: Person) -> NDArray[np.int64]:
    """Return for each frame the last row of details up to it."""
    at = person.track.details.at
    return np.maximum(np.searchsorted(at, np.arange(len(person.track)), side="right") - 1, 0)


def _look(
    part: Part,
    play: Play,
    motion: Motion,
    at_s: float,
    frames: int,
    yaw: float,
    distance: float,
    people: int,
    seed: int,
) -> Seen:
    """Look at some frames of a part from a moment on."""
    rate = play.number("fps")

    def from_then(time_s: Floats) -> Pose:
        return motion(np.array([part.moment_s(at_s + later) for later in np.asarray(time_s)]))

    actors = [Placed(_live(part.performance, from_then), z_m=part.ahead_m)]
    if people > 1:
        other = standing(body=Body(0.95 * part.performance.body.stature_m), hands="hips")
        other = _live(other, other.motion)
        turn = np.radians(yaw)
        # Beside the first person as the camera sees it, and facing it.
        actors.append(Placed(other, x_m=0.85 * np.cos(turn), z_m=-0.85 * np.sin(turn), heading_deg=yaw))
    look = Look(noise_px=play.number("noise"), seed=seed, details_hz=rate)
    scene = Scene(tuple(actors))
    return view(scene, play.camera(), yaw, distance, fps=rate, duration_s=frames / rate, look=look)


class _Live(Performance):
    """A performance whose exact measures nobody asks for: they would take most of the time."""

    def truth(self, time_s: Floats | None = None) -> Truth:
        """Return nothing."""
        return Truth({}, {})


def _live(performance: Performance, motion: Motion) -> Performance:
    known = {f.name: getattr(performance, f.name) for f in fields(Performance)}
    return _Live(**(known | {"motion": motion}))


def _mixed(first: Motion, second: Motion, share: float) -> Motion:
    def motion(time_s: Floats) -> Pose:
        try:
            return blend(first(time_s), second(time_s), share)
        except TypeError:  # feet on the floor and feet in the air: there is no between
            return first(time_s) if share < 0.5 else second(time_s)

    return motion


__all__ = ["Actor", "Replay", "Shown", "check_camera", "hold_up", "known_of", "perform", "tell"]
