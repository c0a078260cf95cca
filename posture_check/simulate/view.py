"""What a camera and a landmark model make of a performance: tracks as from footage, and exact truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import LEFT_RIGHT_PAIRS, POSE_LANDMARKS, SHAKEN, L
from posture_check.landmarks.track import FACE_LANDMARKS, Track, TrackSet
from posture_check.measures.camera import Camera
from posture_check.measures.scene import Chair, known_scene
from posture_check.measures.scene import Scene as KnownScene
from posture_check.measures.sitting.jitter import SHAKE_GAIN
from posture_check.simulate.bias import with_model_bias, with_world_bias
from posture_check.simulate.body import Body, Figure
from posture_check.simulate.details import details_of
from posture_check.simulate.face import MIRRORED_POINTS
from posture_check.simulate.look import DETAILS_HZ, Look, depths, outside, turn_to_camera_deg
from posture_check.simulate.noise import drift, jitter
from posture_check.simulate.performance import Performance
from posture_check.simulate.rotation import apply, turn
from posture_check.simulate.scene import Actor, Scene
from posture_check.simulate.truth import Truth, swap_left_right
from posture_check.simulate.visibility import HIDDEN_BY_THING, OUT_OF_PICTURE, hidden_by_body, visibilities
from posture_check.sources.frame import SourceInfo

Floats = NDArray[np.floating[Any]]

DEFAULT_CAMERA = Camera(width=1280, height=720, hfov_deg=65.0, height_m=1.3, pitch_deg=6.0)
_FEWEST_IN_PICTURE = 8
_SMALLEST_PERSON_PX = 24.0
_HIDDEN_ERRS = 2.5
"""So many times the error of others has a landmark that the body hides."""
_DEPTH_ERRS = 2.0


@dataclass(frozen=True, slots=True)
class Person:
    """One person as seen, and as they are.

    Attributes
    ----------
    track
        What the landmark model reports.
    truth
        Exact measures over the frames of the track.
    room
        The body in the camera's level room frame: x right, y up, z away, floor y = 0, camera above z = 0.
    body
        Whose body.
    performance
        What the person does.
    chair
        Where their chair is in that room (of the flipped picture, if it is flipped); None without one.
    """

    track: Track
    truth: Truth
    room: Figure
    body: Body
    performance: Performance
    chair: Chair | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A scene as a camera saw it.

    Attributes
    ----------
    people
        The subject first.
    camera
        The true camera (of the flipped picture, if it is flipped).
    time_s
        ``(frames,)`` seconds.
    fps
        Frames a second; None for a single picture.
    mirrored
        Whether the picture was flipped.
    """

    people: tuple[Person, ...]
    camera: Camera
    time_s: Floats
    fps: float | None
    mirrored: bool = False

    @property
    def track(self) -> Track:
        """The subject's track; there must be somebody."""
        return self.people[0].track

    @property
    def truth(self) -> Truth:
        """The subject's truth; there must be somebody."""
        return self.people[0].truth

    @property
    def chair(self) -> Chair | None:
        """The subject's chair, if there is one."""
        return self.people[0].chair if self.people else None

    def known(self, stature_known: bool = True) -> KnownScene:
        """Return the scene as an exact calibration gives it: camera, chair and, unless told not to, stature."""
        stature = self.people[0].body.stature_m if self.people and stature_known else None
        return replace(known_scene(self.camera, stature), chair=self.chair)

    def tracks(self, path: str = "simulate:") -> TrackSet:
        """Return everybody's tracks as a source named ``path`` would give them."""
        n, size = len(self.time_s), (self.camera.width, self.camera.height)
        duration = 0.0 if self.fps is None else n / self.fps
        info = SourceInfo(path, "simulation", *size, fps=self.fps, frames=n, duration_s=duration)
        found = [p.track for p in self.people if np.isfinite(p.track.image).any()]
        return TrackSet(info, [replace(t, person=i) for i, t in enumerate(found)])


def view(
    performance: Performance | Scene,
    camera: Camera = DEFAULT_CAMERA,
    yaw_deg: float = 0.0,
    distance_m: float = 3.2,
    *,
    fps: float | None = 30.0,
    duration_s: float | None = None,
    look: Look | None = None,
    **settings: Any,
) -> Seen:
    """Look at a performance or a scene through a camera.

    Parameters
    ----------
    performance
        Who does what.
    camera
        The camera; its height, tilt and roll are used, it looks at the person along the floor.
    yaw_deg
        Direction to the camera from the person's front, towards the person's left positive.
    distance_m
        Along the floor from the camera to the person's starting place.
    fps
        Frames a second; None gives a single picture, of the middle of the performance.
    duration_s
        Seconds; None is the whole performance.
    look
        How the landmark model sees.
    **settings
        Fields of :class:`Look`, changed in ``look``.
    """
    scene = performance if isinstance(performance, Scene) else Scene.of(performance)
    length = scene.duration_s if duration_s is None else duration_s
    look = replace(look or Look(), **settings)
    frames = 1 if fps is None else max(1, round(length * fps))
    time_s = np.arange(frames) / (fps or 1.0)
    at = time_s if fps is not None else np.array([length / 2])
    people = tuple(
        _see(actor, i, at, time_s, camera, yaw_deg, distance_m, look) for i, actor in enumerate(scene.actors)
    )
    if look.mirror:
        camera = replace(camera, roll_deg=-camera.roll_deg)
    return Seen(people, camera, time_s, fps, look.mirror)


def _see(
    actor: Actor,
    number: int,
    at: Floats,
    time_s: Floats,
    camera: Camera,
    yaw_deg: float,
    distance_m: float,
    look: Look,
) -> Person:
    performance = actor.performance
    figure = _moved(performance.figure(at), actor)
    room = _in_room(figure, yaw_deg, distance_m)
    points = with_model_bias(room, performance.body.stature_m) if look.model_bias else room.points
    rng = np.random.default_rng([look.seed, number])
    depth = depths(camera, points)
    hidden = hidden_by_body(room, camera, performance.body)
    image = np.full((len(at), POSE_LANDMARKS, 4), np.nan)
    off = _errors(rng, hidden.shape, time_s, look) * np.where(hidden, _HIDDEN_ERRS, 1.0)[..., None]
    image[..., :2] = camera.project(points) + off
    hips = depth[:, (L.LEFT_HIP, L.RIGHT_HIP)].mean(1)
    scale = camera.focal_px / hips
    image[..., 2] = (depth - hips[:, None]) * scale[:, None]
    image[..., 3] = visibilities(hidden)
    image[:, list(look.occlusion), 3] = HIDDEN_BY_THING
    image[outside(image, camera), 3] = OUT_OF_PICTURE
    world = _world(points, camera)
    if look.model_bias:
        world = with_world_bias(world, turn_to_camera_deg(room), look.mirror)
    world = world + _noise_in_metres(rng, off, scale, time_s, look)
    details = details_of(room, camera, performance, image, hidden, time_s, rng, look)
    seen = _is_seen(image, camera)
    image[~seen], world[~seen] = np.nan, np.nan
    noise = np.full(POSE_LANDMARKS, look.noise_px if len(at) > 1 else np.nan)
    track = Track(
        number,
        np.arange(len(at), dtype=np.int32),
        time_s.astype(np.float64),
        image.astype(np.float32),
        world.astype(np.float32),
        noise.astype(np.float32),
        (camera.width, camera.height),
        details,
        _shake(camera, points, image),
    )
    truth = performance.truth(at)
    if look.mirror:
        track, truth = mirrored_track(track), truth.mirrored()
    chair = _chair(actor, yaw_deg, distance_m, look.mirror)
    return Person(track, truth, room, performance.body, performance, chair)


def mirrored_track(track: Track) -> Track:
    """Return the track of the flipped picture: what was left is called right."""
    order = np.arange(POSE_LANDMARKS)
    for left, right in LEFT_RIGHT_PAIRS:
        order[left], order[right] = right, left
    image, world = track.image[:, order].copy(), track.world[:, order] * np.array([-1, 1, 1], np.float32)
    image[..., 0] = track.size[0] - image[..., 0]
    d = track.details
    swapped = np.arange(FACE_LANDMARKS)
    for a, b in MIRRORED_POINTS:
        swapped[a], swapped[b] = b, a
    hands, face = d.hands[:, ::-1].copy(), d.face[:, swapped]
    hands[..., 0] = track.size[0] - hands[..., 0]
    face[..., 0] = track.size[0] - face[..., 0]
    score, arms, shoulders = d.hand_score[:, ::-1].copy(), d.arms[:, ::-1].copy(), d.shoulders[:, ::-1].copy()
    shoulders[..., 0] = track.size[0] - shoulders[..., 0]
    details = replace(d, hands=hands, hand_score=score, face=face, arms=arms, shoulders=shoulders)
    shake = track.shake[:, [SHAKEN.index(order[point]) for point in SHAKEN]] * np.array([-1, 1], np.float32)
    return replace(track, image=image, world=world, noise=track.noise[order], details=details, shake=shake)


def _moved(figure: Figure, actor: Actor) -> Figure:
    return _mapped(figure, *actor.placement)


def _in_room(figure: Figure, yaw_deg: float, distance_m: float) -> Figure:
    return _mapped(figure, *_room_of(yaw_deg, distance_m))


def _room_of(yaw_deg: float, distance_m: float) -> tuple[Floats, Floats]:
    """Turn the world so that the camera stands where it should; the room's z runs against the world's."""
    return np.diag([1.0, 1.0, -1.0]) @ turn("y", -yaw_deg), np.array([0.0, 0.0, distance_m])


def _chair(actor: Actor, yaw_deg: float, distance_m: float, mirror: bool) -> Chair | None:
    seat = actor.performance.seat
    if seat is None:
        return None
    corners = seat.corners()
    for rotation, shift in (actor.placement, _room_of(yaw_deg, distance_m)):
        corners = corners @ rotation.T + shift
    if mirror:
        # What was left is called right.
        corners = corners[[1, 0, 3, 2]] * [-1, 1, 1]
    return seat.chair(corners)


def _mapped(figure: Figure, rotation: Floats, shift: Floats) -> Figure:
    places = {
        name: getattr(figure, name) @ rotation.T + shift
        for name in ("points", "hands", "head_top", "chin", "skull", "neck", "pelvis")
    }
    axes = {name: rotation @ getattr(figure, name) for name in ("trunk_axes", "head_axes", "pelvis_axes")}
    return replace(figure, **places, **axes)


def _world(points: Floats, camera: Camera) -> Floats:
    middle = (points[:, L.LEFT_HIP] + points[:, L.RIGHT_HIP]) / 2
    return apply(camera.rotation(), points - middle[:, None])


def _shake(camera: Camera, points: Floats, image: Floats) -> Floats:
    """Return how the picture moves at the watched landmarks from frame to frame: less than the landmarks do."""
    shown = camera.project(points[:, SHAKEN]) / SHAKE_GAIN
    moved = np.diff(shown, axis=0, prepend=np.nan)
    moved[~np.isfinite(image[:, SHAKEN]).all(-1)] = np.nan
    return np.asarray(moved, np.float32)


def _noise_in_metres(rng: np.random.Generator, off: Floats, scale: Floats, time_s: Floats, look: Look) -> Floats:
    """Return the same errors in metres; the depth, which the model guesses, errs by itself and more."""
    deep = _DEPTH_ERRS * _errors(rng, off.shape[:2], time_s, look)[..., :1]
    return np.asarray(np.concatenate([off, deep], axis=-1) / scale[:, None, None])


def _errors(rng: np.random.Generator, shape: tuple[int, ...], time_s: Floats, look: Look) -> Floats:
    slow = look.noise_px / 2 if look.drift_px is None else look.drift_px
    # The drift is drawn first, so that it does not depend on the number of frames.
    wandering = drift(rng, time_s) * slow
    return jitter(rng, shape) * look.noise_px + wandering


def _is_seen(image: Floats, camera: Camera) -> NDArray[np.bool_]:
    """Whether the landmark model finds the person at all."""
    inside = (~outside(image, camera)).sum(1) >= _FEWEST_IN_PICTURE
    with np.errstate(invalid="ignore"):
        tall = np.ptp(image[..., 1], axis=1) >= _SMALLEST_PERSON_PX
    return np.asarray(inside & tall & np.isfinite(image).all((1, 2)))


__all__ = ["DEFAULT_CAMERA", "DETAILS_HZ", "Look", "Person", "Seen", "mirrored_track", "swap_left_right", "view"]
