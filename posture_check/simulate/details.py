"""What closer looks at hands, arms, shoulders and face find, as often as the landmark stage takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import H, L
from posture_check.landmarks.track import ARM_STATES, Details
from posture_check.measures.camera import Camera
from posture_check.simulate.body import Body, Figure
from posture_check.simulate.face import face_mesh
from posture_check.simulate.look import Look, depths, outside, turn_to_camera_deg
from posture_check.simulate.performance import Performance
from posture_check.simulate.stance import arm_states
from posture_check.simulate.visibility import HIDDEN_BY_THING

Floats = NDArray[np.floating[Any]]

HAND_DEPTH = 0.7
"""Share of a hand's depth that the hand model sees: about half of how a palm is turned, nearly all of how far fingers
are apart (rendered hands)."""
_SMALLEST_HAND_PX = 14.0
_ARM_CERTAINTY = 0.94
_CAP_ERROR_M = 0.0027
"""Error of a shoulder's outline, measured on rendered people: half a degree to a degree of the line between them."""
_CAP_NOISE_M = 0.0013
"""From look to look: the outline is that of many pixels and follows the jitter of the landmarks only so far."""
_CAPS_TURNED = 0.7
"""Sine of the turn from which the outline is no longer that of the shoulders."""
_OVERLAP_PAIRS = 12
"""Pairs of points of two hands, the nearest in the picture, that tell which hand lies over the other."""


def details_of(
    room: Figure,
    camera: Camera,
    performance: Performance,
    image: Floats,
    hidden: NDArray[np.bool_],
    time_s: Floats,
    rng: np.random.Generator,
    look: Look,
) -> Details:
    """Return what closer looks at hands, arms, shoulders and face find.

    Parameters
    ----------
    room
        The body in the camera's level room frame.
    camera
        Who looks.
    performance
        What the person does: hands in pockets are not found.
    image, hidden
        ``(frames, 33, 4)`` landmarks in the picture and ``(frames, 33)`` which of them the body hides.
    time_s
        ``(frames,)`` seconds.
    rng
        Of the noise.
    look
        How often, and how precisely.
    """
    at = np.unique(np.searchsorted(time_s, np.arange(0.0, time_s[-1] + 1e-9, 1 / look.details_hz)))
    details = Details.empty(len(at))
    details.at = at.astype(np.int32)
    details.shoulders[:] = _shoulder_caps(room, camera, image, look)[at]
    details.face[:] = _faces(room, camera, performance.body, look, rng)[at]
    states = arm_states(performance.hands)
    depth = depths(camera, room.hands[at])
    pixels = camera.project(room.hands[at]) + look.noise_px * rng.standard_normal((len(at), 2, 21, 2))
    covered = _covered(camera, room.hands[at])
    for side, (wrist, elbow) in enumerate(((L.LEFT_WRIST, L.LEFT_ELBOW), (L.RIGHT_WRIST, L.RIGHT_ELBOW))):
        visible = image[at, wrist, 3] > HIDDEN_BY_THING
        inside = ~outside(image[at], camera)[:, wrist]
        large = np.ptp(pixels[:, side], axis=1).max(-1) >= _SMALLEST_HAND_PX
        found = visible & inside & large & ~hidden[at, wrist] & ~covered[:, side] & (states[side] != "pocket")
        score = np.where(found, 0.55 if states[side] == "crossed" else 0.96, np.where(covered[:, side], 0.2, 0.06))
        details.hand_score[:, side] = np.where(inside, score, np.nan)
        details.hands[found, side, :, :2] = pixels[found, side]
        z = HAND_DEPTH * (depth[:, side] - depth[:, side, :1]) * camera.focal_px / depth[:, side, :1]
        details.hands[found, side, :, 2] = z[found]
        judged = inside & ~hidden[at, elbow] & large
        sure = np.full(len(ARM_STATES), (1 - _ARM_CERTAINTY) / (len(ARM_STATES) - 1))
        sure[ARM_STATES.index(states[side])] = _ARM_CERTAINTY
        details.arms[judged, side] = sure
    return details


def _shoulder_caps(room: Figure, camera: Camera, image: Floats, look: Look) -> Floats:
    """Shoulders as the outline shows them: a little off, each body and dress in its own way, and not from the side."""
    rng = np.random.default_rng([look.seed, 11])
    both = [L.LEFT_SHOULDER, L.RIGHT_SHOULDER]
    shoulders = room.points[:, both].copy()
    shoulders[..., 1] += _CAP_ERROR_M * look.model_bias * rng.standard_normal(2)
    noise = np.minimum(look.noise_px, _CAP_NOISE_M * camera.focal_px / depths(camera, shoulders))
    caps = camera.project(shoulders) + noise[..., None] * rng.standard_normal((len(shoulders), 2, 2))
    hidden = (image[:, both, 3] <= HIDDEN_BY_THING).any(1)
    turned = np.abs(np.sin(np.radians(turn_to_camera_deg(room)))) > _CAPS_TURNED
    caps[hidden | turned] = np.nan
    return np.asarray(caps)


def _covered(camera: Camera, hands: Floats) -> NDArray[np.bool_]:
    """Tell which hands ``(frames, 2)`` the other hand covers: of two that overlap, the one further away there."""
    depth, pixels = depths(camera, hands), camera.project(hands)
    apart = np.linalg.norm(pixels[:, 0, :, None] - pixels[:, 1, None], axis=-1).reshape(len(hands), -1)
    behind = (depth[:, 0, :, None] - depth[:, 1, None]).reshape(len(hands), -1)
    nearest = np.argsort(apart, axis=1)[:, :_OVERLAP_PAIRS]
    palm = np.linalg.norm(hands[:, :, H.MIDDLE_MCP] - hands[:, :, H.WRIST], axis=-1).mean(1)
    gap = np.take_along_axis(apart, nearest, axis=1).mean(1) * depth.mean((1, 2)) / camera.focal_px
    # A turned body has one hand nearer as a whole; what counts is where they lie over one another.
    left_behind = np.take_along_axis(behind, nearest, axis=1).mean(1)
    return np.asarray((gap < palm / 2)[:, None] & (np.stack([left_behind, -left_behind], axis=1) > 0))


def _faces(room: Figure, camera: Camera, body: Body, look: Look, rng: np.random.Generator) -> Floats:
    """Face meshes of all frames; noise moves a mesh as a whole more than its points against one another."""
    faces = face_mesh(room, camera, body.stature_m, look.model_bias)
    faces[..., :2] += look.noise_px * rng.standard_normal((len(faces), 1, 2))
    middle = faces[..., :2].mean(1)
    outside = (middle < 0).any(-1) | (middle >= [camera.width, camera.height]).any(-1)
    faces[outside] = np.nan
    return faces
