"""Simulated people who gesture, with the arm's place and the hand's shape known exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from posture_check.measures.body import Body
from posture_check.measures.camera import Camera
from posture_check.measures.scene import known_scene
from posture_check.simulate.arm import reach
from posture_check.simulate.blend import blend, during
from posture_check.simulate.body import Body as Build
from posture_check.simulate.performance import Performance
from posture_check.simulate.pose import Arm
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view

CAMERA = Camera(1280, 720, 62.0, 1.25, 6.0)
STATURE_M = 1.70
BUILD = Build(STATURE_M)
FLAT = (10.0, 3.0, 3.0, 3.0, 3.0)
ONE_FINGER = (25.0, 2.0, 45.0, 46.0, 47.0)
FIST = (25.0, 45.0, 45.0, 46.0, 47.0)
UP_PALM, DOWN_PALM = (0.0, 0.9, 0.45), (0.0, -1.0, 0.05)
START_S, STOP_S, MOVE_S = 0.6, 2.9, 0.5


def arm(place, fingers_towards, palm, fingers=FLAT, spread=1.0, thumb_out=10.0, elbow=(0.5, -1.0, -0.6)) -> Arm:
    """An arm with its wrist at a place (outward, up, forward about the hips, in statures)."""
    reached = reach(BUILD.size, place, elbow, fingers_towards, palm, fingers)
    return replace(reached, spread=spread, thumb_out=thumb_out)


def aside(palm=UP_PALM, up=0.19, **shape) -> Arm:
    """An arm that shows the way to its own side."""
    return arm((0.30, up, 0.10), (0.9, (up - 0.19) * 4, 0.3), palm, **shape)


def towards_seat(palm=(0.3, 0.8, 0.6), **shape) -> Arm:
    """An arm that points down to its own side."""
    return arm((0.27, 0.06, 0.06), (0.7, -0.7, 0.2), palm, **shape)


def ahead(palm=(0.0, 1.0, 0.3), out=0.03, up=0.19, far=0.26) -> Arm:
    """An arm that holds something out to the front."""
    return arm((out, up, far), (-0.2, 0.0, 1.0), palm, fingers=(25.0, 15.0, 15.0, 15.0, 15.0))


def raised(palm=(0.0, 0.0, 1.0), up=0.36, out=0.22) -> Arm:
    """An arm that is raised to greet."""
    return arm((out, up, 0.06), (0.05, 1.0, 0.0), palm)


def at_face() -> Arm:
    """A hand at the cheek."""
    return arm((0.05, 0.37, 0.10), (-0.3, 1.0, -0.2), (-0.5, 0.0, -1.0), elbow=(0.6, -1.0, 0.2))


def act(right: Arm | None = None, left: Arm | None = None, *, seconds: float = 3.5, lean: float = 0.0) -> Performance:
    """A standing person who makes one gesture, held from 1.1 to 2.4 s, and comes back."""
    still = standing(body=BUILD, duration_s=seconds)

    def motion(time_s):
        pose = still.motion(time_s)
        done = replace(
            pose,
            right_arm=right or pose.right_arm,
            left_arm=left or pose.left_arm,
            trunk_flexion=pose.trunk_flexion + lean,
        )
        return blend(pose, done, during(time_s, START_S, STOP_S, MOVE_S))

    return replace(still, motion=motion, hands="other")


def waved(amplitude_deg: float, hz: float, seconds: float = 3.5) -> Performance:
    """A person who swings a raised forearm to and fro."""
    base = act(raised(), seconds=seconds)

    def motion(time_s):
        pose = base.motion(time_s)
        swing = amplitude_deg * np.sin(2 * np.pi * hz * np.asarray(time_s)) * during(time_s, START_S, STOP_S, MOVE_S)
        return replace(pose, right_arm=replace(pose.right_arm, rotation=pose.right_arm.rotation + swing))

    return replace(base, motion=motion)


def seen(performance: Performance, yaw_deg: float = 0.0, distance_m: float = 3.0, **settings) -> Body:
    """The body as a calibrated camera sees it, hands looked at six times a second."""
    settings = {"fps": 15.0, "details_hz": 6.0} | settings
    found = view(performance, CAMERA, yaw_deg, distance_m, **settings)
    return Body(found.track, known_scene(CAMERA, STATURE_M))
