"""A drawn head of known shape: landmarks, face mesh and head map, for tests."""

from __future__ import annotations

import numpy as np

from posture_check.grooming.hair_regions import BROWS, EAR_ROOT, TEMPLES_AND_TOP
from posture_check.grooming.headmap import FACE_OVAL, SIZE_PX, HeadMap, Part, head_patch
from posture_check.grooming.subject import EYE_LEFT_OUTER, EYE_RIGHT_OUTER, FACE_CHIN, FACE_TOP, Subject
from posture_check.landmarks.names import L

SIZE = (1000, 1200)
NECK_CM = 26.0
"""From the eyes down to the line of the shoulder landmarks."""


def _mesh_cm():
    """Return ``(468, 3)`` cm from between the eyes: to the wearer's left, down, away from the camera."""
    points = np.zeros((468, 3))
    angle = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)  # from the top over the wearer's left
    for index, a in zip(FACE_OVAL, angle, strict=True):
        points[index] = (7.0 * np.sin(a), 2.0 - 9.0 * np.cos(a), 6.0 * np.sin(a) ** 2)
    for index, x in zip(TEMPLES_AND_TOP, np.linspace(-5.5, 5.5, len(TEMPLES_AND_TOP)), strict=True):
        points[index] = (x, -7.0, 0.0)
    for index, x in zip(BROWS, np.linspace(5.5, -5.5, len(BROWS)), strict=True):
        points[index] = (x, -2.5, 0.0)
    for side, sign in (("left", 1), ("right", -1)):
        for index, y in zip(EAR_ROOT[side], (0.0, 2.0, 4.0), strict=True):
            points[index] = (7.0 * sign, y, 6.0)
    points[EYE_RIGHT_OUTER], points[EYE_LEFT_OUTER] = (-4.5, 0, 0), (4.5, 0, 0)
    points[FACE_TOP], points[FACE_CHIN] = (0, -7, 0), (0, 11, 0)
    return points


def subject(yaw_deg=0.0, px_per_cm=8.0, face=True, image=None):
    """Return a person whose head is turned so that it shows more of its left side the larger the yaw."""
    middle, a = np.array([500.0, 330.0]), np.radians(yaw_deg)
    mesh = _mesh_cm() * px_per_cm
    x, z = mesh[:, 0], mesh[:, 2]
    turned = np.stack([x * np.cos(a) + z * np.sin(a), mesh[:, 1], z * np.cos(a) - x * np.sin(a)], -1)
    turned[:, :2] += middle
    pose, world = np.zeros((33, 4)), np.zeros((33, 3))
    pose[:, 3] = 1.0
    pose[:, :2] = middle
    for name, at in {
        L.LEFT_EYE: (3, 0),
        L.RIGHT_EYE: (-3, 0),
        L.MOUTH_LEFT: (2.5, 6.8),
        L.MOUTH_RIGHT: (-2.5, 6.8),
        L.NOSE: (0, 4),
        L.LEFT_EAR: (7, 2),
        L.RIGHT_EAR: (-7, 2),
        L.LEFT_SHOULDER: (17, NECK_CM),
        L.RIGHT_SHOULDER: (-17, NECK_CM),
        L.LEFT_HIP: (11, NECK_CM + 50),
        L.RIGHT_HIP: (-11, NECK_CM + 50),
    }.items():
        pose[name, :2] = middle + px_per_cm * np.array(at)
    world[L.LEFT_EAR], world[L.RIGHT_EAR] = 0.07 * _side(a), -0.07 * _side(a)
    world[L.LEFT_SHOULDER], world[L.RIGHT_SHOULDER] = (0.17, 0, 0), (-0.17, 0, 0)
    picture = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8) if image is None else image
    return Subject(picture, pose, world, turned if face else np.full((468, 3), np.nan))


def _side(a):
    return np.array([np.cos(a), 0.0, -np.sin(a)])


def head_map(person, areas):
    """Return a head map painted with areas ``(part, x0, y0, x1, y1)`` in cm of the head's frame, the last on top.

    Where nothing is painted there is background. The patch's own pixels can be coloured by the caller.
    """
    patch = head_patch(person)
    planes = np.zeros((len(Part), SIZE_PX, SIZE_PX), np.float32)
    planes[Part.BACKGROUND] = 1
    found = HeadMap(patch, person.head, planes)
    x, y = found.cm[..., 0], found.cm[..., 1]
    for part, x0, y0, x1, y1 in areas:
        here = (x >= x0) & (x < x1) & (y >= y0) & (y < y1)
        planes[:, here] = 0
        planes[part, here] = 1
    return found
