"""Stick figures for the tests of this folder."""

from __future__ import annotations

import numpy as np

from posture_check.landmarks.names import L


def standing(x: float = 320.0, y: float = 100.0, height: float = 300.0) -> np.ndarray:
    """Return ``(33, 4)`` landmarks of a person facing the camera; ``x``, ``y`` is the top of the head."""
    place = {
        "NOSE": (0.0, 0.07), "EYE_INNER": (0.01, 0.06), "EYE": (0.02, 0.06), "EYE_OUTER": (0.03, 0.06),
        "EAR": (0.05, 0.07), "MOUTH": (0.015, 0.09), "SHOULDER": (0.11, 0.19), "ELBOW": (0.14, 0.37),
        "WRIST": (0.15, 0.50), "PINKY": (0.155, 0.54), "INDEX": (0.145, 0.545), "THUMB": (0.14, 0.525),
        "HIP": (0.06, 0.5), "KNEE": (0.06, 0.74), "ANKLE": (0.06, 0.95), "HEEL": (0.055, 0.98),
        "FOOT_INDEX": (0.08, 1.0),
    }  # fmt: skip
    out = np.zeros((33, 4), np.float32)
    out[:, 3] = 0.99
    for name, index in L.__members__.items():
        key = name.replace("LEFT_", "").replace("RIGHT_", "").replace("_LEFT", "").replace("_RIGHT", "")
        across, down = place[key]
        # Facing the camera, the person's left is at the picture's right.
        side = -1.0 if "RIGHT" in name else 1.0
        out[index, :2] = x + side * across * height, y + down * height
    return out


def world(pose: np.ndarray, stature_m: float = 1.7) -> np.ndarray:
    """Return ``(33, 3)`` metres of a flat figure of known stature."""
    height = np.ptp(pose[:, 1]) / 0.94
    out = np.zeros((33, 3), np.float32)
    out[:, :2] = (pose[:, :2] - pose[[L.LEFT_HIP, L.RIGHT_HIP], :2].mean(axis=0)) * stature_m / height
    return out


def walking(time_s: np.ndarray, *, height: float = 300.0, hz: float = 1.0) -> np.ndarray:
    """Return ``(frames, 33, 4)`` of a person seen from their left side, walking to the picture's left."""
    out = np.repeat(standing(height=height)[None], len(time_s), axis=0)
    centre = out[:, :, 0].mean(axis=1, keepdims=True)
    out[:, :, 0] = centre + 0.15 * (out[:, :, 0] - centre) + (1000 - 150 * time_s)[:, None]
    phase = 2 * np.pi * hz * time_s
    for side, sign in (("LEFT", 1.0), ("RIGHT", -1.0)):
        for name, reach in (("KNEE", 0.09), ("ANKLE", 0.2), ("HEEL", 0.2), ("FOOT_INDEX", 0.2)):
            out[:, L[f"{side}_{name}"], 0] += sign * reach * height * np.sin(phase)
        for name, reach in zip(("ELBOW", "WRIST", "PINKY", "INDEX", "THUMB"), (5, 12, 13, 13, 13), strict=True):
            out[:, L[f"{side}_{name}"], 0] -= sign * reach / 100 * height * np.sin(phase)
    return out
