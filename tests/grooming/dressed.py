"""Drawn people with ties of known patterns, a site's folder of such photos, and eyes that see them, for tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np

from posture_check.grooming.subject import Subject
from posture_check.landmarks.findings import Finding, Mark
from tests.grooming.people import EYES, PX_PER_CM, landmarks, mesh, person

LEFT_PX = 150
"""So much of the drawn person's picture is cut away at either side."""
NECK = EYES + np.array([0, 14.0]) * PX_PER_CM
"""A little below the chin, in pixels."""
BADGE = EYES + np.array([9.0, 40.0]) * PX_PER_CM
"""Upper left corner of a badge on the wearer's left breast."""
NAVY, RED, WHITE, GREEN = (20, 30, 90), (200, 30, 40), (235, 235, 235), (30, 110, 60)
WORN = {
    "tie_worn": Finding(0.97, 0.1),
    "scarf_worn": Finding(0.03, 0.1),
    "bow_worn": Finding(0.02, 0.1),
}


def cloth(height, width, first, second, kind="plain", period=12):
    """Return a piece of cloth ``(height, width, 3)``."""
    y, x = np.mgrid[:height, :width]
    inner = {
        "plain": np.zeros((height, width), bool),
        "stripe": (x + y) % period < period // 2,
        "mirrored": (x - y) % period < period // 2,
        "check": (x % period < period // 2) ^ (y % period < period // 2),
    }[kind]
    return np.where(inner[..., None], np.uint8(second), np.uint8(first))


@cache
def _bare():
    """Return the person without tie or badge, down to the hips."""
    return cv2.medianBlur(np.ascontiguousarray(person(sleeve=2.0, leg=2.0).image[:480, LEFT_PX:-LEFT_PX]), 5)


def dressed(tie=(NAVY, RED, "stripe"), badge=None, seed=0):
    """Return a picture of someone in a tie ``(first, second, kind)`` and perhaps a badge of a colour; light by seed."""
    image = _bare().copy()
    rng = np.random.default_rng(seed)
    if tie is not None:
        x, y = (NECK + rng.normal(0, 2, 2) - (LEFT_PX, 0)).astype(int)
        piece = cloth(200, 36, *tie)
        image[y : y + 200, x - 18 : x + 18] = piece
    if badge is not None:
        x, y = (BADGE - (LEFT_PX, 0)).astype(int)
        image[y : y + 20, x : x + 40] = badge
    grain = np.kron(rng.normal(0, 3, (60, 40)), np.ones((8, 10)))[..., None]  # coarse, so that files stay small
    return np.clip(image * rng.uniform(0.9, 1.05) + grain, 0, 255).astype(np.uint8)


def subject(image):
    """Return the drawn person of a picture."""
    world = np.zeros((33, 3))
    world[11:13, 0], world[7:9, 0] = (0.17, -0.17), (0.07, -0.07)
    pose, face = landmarks(), mesh()
    pose[:, 0] -= LEFT_PX
    face[:, 0] -= LEFT_PX
    return Subject(image, pose, world, face)


def badge_finding():
    """Return the finding of a badge where `dressed` draws it."""
    x, y = (float(v) for v in BADGE - (LEFT_PX, 0))
    return Finding(0.95, 0.1, marks=(Mark("area", ((x, y), (x + 40, y), (x + 40, y + 20), (x, y + 20))),))


class DrawnEyes:
    """Sees the drawn person in every picture that is not all of one colour."""

    def __init__(self, **findings):
        self.findings = WORN | {"badge_worn": badge_finding()} | findings

    def look(self, image):
        """Return the person and the findings."""
        return None if np.ptp(image) < 20 else (subject(image), self.findings)


def write_photos(
    folder: Path, people=("anna", "ben", "chen"), each=3, item="tie", issued=None, others=None, seed=0
) -> Path:
    """Write photos of each person in the issued tie and in others; return the folder."""
    issued = issued or (NAVY, RED, "stripe")
    others = others or [(NAVY, WHITE, "check"), (GREEN, GREEN, "plain"), (RED, WHITE, "mirrored")]
    for label, designs in (("correct", [issued]), ("incorrect", others)):
        for who, name in enumerate(people):
            for number in range(each):
                path = folder / item / label / f"{name}_{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                light = seed + 100 * who + 10 * number + (label == "correct")
                picture = dressed(designs[number % len(designs)], seed=light)
                cv2.imwrite(str(path), picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return folder
