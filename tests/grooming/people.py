"""A drawn person with skin, sleeves, trousers and shoes of known colours, their landmarks and face mesh, for tests."""

from __future__ import annotations

import cv2
import numpy as np

from posture_check.grooming.subject import Subject
from posture_check.landmarks.names import L

PX_PER_CM = 5.0
SIZE = (700, 1000)
EYES = np.array([350.0, 100.0])
SKINS = {"light": (226, 180, 150), "brown": (150, 100, 70), "dark": (84, 56, 42)}

_HALF = {
    127: (7, 0), 93: (6.9, 3), 132: (6.7, 4.5), 58: (6.2, 6.2), 172: (5.2, 8), 150: (3.2, 10.5),
    117: (4.5, 2.3), 118: (4, 2.6), 101: (3, 3), 36: (2.8, 4), 205: (3.5, 4.8), 50: (4.7, 3.6),
    109: (2, -5), 108: (1, -3.5), 33: (4.5, 0), 61: (2.5, 7),
}  # fmt: skip
_OTHER = {
    127: 356, 93: 323, 132: 361, 58: 288, 172: 397, 150: 379, 117: 346, 118: 347, 101: 330, 36: 266, 205: 425, 50: 280,
    109: 338, 108: 337, 33: 263, 61: 291,
}  # fmt: skip
_MIDDLE = {168: 0, 6: 1, 197: 2, 195: 2.5, 5: 3.3, 4: 4, 2: 5, 0: 6.3, 17: 8.2, 152: 11.2, 10: -6, 151: -3.5}
_BODY = {
    L.LEFT_EYE: (3, 0), L.LEFT_EAR: (7, 2), L.MOUTH_LEFT: (2.5, 7), L.LEFT_SHOULDER: (17, 26), L.LEFT_ELBOW: (26, 54),
    L.LEFT_WRIST: (30, 80), L.LEFT_HIP: (9, 76), L.LEFT_KNEE: (10, 118), L.LEFT_ANKLE: (10, 157),
    L.LEFT_HEEL: (10, 160), L.LEFT_FOOT_INDEX: (13, 166),
}  # fmt: skip


def mesh(turned_deg=0.0):
    """Return a face mesh ``(468, 3)`` px, seen turned about the vertical."""
    points = np.zeros((468, 3))
    for index, (x, y) in _HALF.items():
        depth = 0.12 * x**2
        points[index], points[_OTHER[index]] = (-x, y, depth), (x, y, depth)
    for index, y in _MIDDLE.items():
        points[index] = (0, y, 0)
    a = np.radians(turned_deg)
    x, z = points[:, 0].copy(), points[:, 2].copy()
    points[:, 0], points[:, 2] = x * np.cos(a) + z * np.sin(a), z * np.cos(a) - x * np.sin(a)
    points *= PX_PER_CM
    points[:, :2] += EYES
    return points


def landmarks():
    """Return pose landmarks ``(33, 4)`` px of a person standing with arms hanging."""
    pose = np.zeros((33, 4))
    pose[:, :2], pose[:, 3] = EYES, 1.0
    pose[L.NOSE, :2] = EYES + np.array([0, 4 * PX_PER_CM])
    for left, (x, y) in _BODY.items():
        pose[left, :2] = EYES + PX_PER_CM * np.array([x, y])
        pose[left + 1, :2] = EYES + PX_PER_CM * np.array([-x, y])
    return pose


def person(
    skin="light", shirt=(230, 230, 235), trousers=(40, 42, 60), shoes=(20, 20, 20), sleeve=1.0, leg=1.0, turned_deg=0.0
):
    """Return a drawn person.

    Parameters
    ----------
    skin
        One of ``SKINS``.
    shirt, trousers, shoes
        RGB.
    sleeve
        Where sleeves end along the arm: 1 at the elbow, 2 at the wrist.
    leg
        Where trousers end along the leg: 1 at the knee, 2 at the ankle.
    turned_deg
        Turn of the head.
    """
    image = np.full((SIZE[1], SIZE[0], 3), (140, 150, 145), np.uint8)
    tone, pose = SKINS[skin], landmarks()
    at = pose[:, :2]

    def bone(colour, width_cm, points, until):
        """Draw from the first point on, ``until`` bones far."""
        for i in range(2):
            share = min(max(until - i, 0.0), 1.0)
            if share > 0:
                a, b = points[i], points[i] + share * (points[i + 1] - points[i])
                width = int(width_cm * PX_PER_CM)
                cv2.line(image, tuple(int(v) for v in a), tuple(int(v) for v in b), colour, width)

    for side in (0, 1):
        leg_at = at[[L.LEFT_HIP + side, L.LEFT_KNEE + side, L.LEFT_ANKLE + side]]
        bone(tone, 10, leg_at, 2)
        bone(trousers, 14, leg_at, leg)
        heel, toe = (tuple(int(v) for v in at[i + side]) for i in (L.LEFT_HEEL, L.LEFT_FOOT_INDEX))
        cv2.line(image, heel, toe, shoes, int(9 * PX_PER_CM))
        arm_at = at[[L.LEFT_SHOULDER + side, L.LEFT_ELBOW + side, L.LEFT_WRIST + side]]
        bone(tone, 7, arm_at, 2)
        cv2.circle(image, tuple(int(v) for v in arm_at[2] + [0, 20]), int(4 * PX_PER_CM), tone, -1)
        bone(shirt, 10, arm_at, sleeve)
    corners = at[[L.RIGHT_SHOULDER, L.LEFT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP]].astype(np.int32)
    cv2.fillPoly(image, [corners], shirt)
    cv2.ellipse(image, (int(EYES[0]), int(EYES[1] + 10)), (38, 50), 0, 0, 360, tone, -1)
    noise = np.random.default_rng(0).normal(0, 3, image.shape)
    image = np.clip(cv2.GaussianBlur(image, (0, 0), 1.0) + noise, 0, 255).astype(np.uint8)
    world = np.zeros((33, 3))
    world[L.LEFT_SHOULDER], world[L.RIGHT_SHOULDER] = (0.17, 0, 0), (-0.17, 0, 0)
    world[L.LEFT_EAR], world[L.RIGHT_EAR] = (0.07, 0, 0), (-0.07, 0, 0)
    return Subject(image, pose, world, mesh(turned_deg))
