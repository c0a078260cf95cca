"""Exact measures of the hands and arms of a simulated person; names as of the rendered footage."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import H, L
from posture_check.simulate.body import Figure
from posture_check.simulate.rotation import angle_between, apply, turn, unit

Floats = NDArray[np.floating[Any]]

_FINGERS = [[base + joint for joint in range(4)] for base in (H.INDEX_MCP, H.MIDDLE_MCP, H.RING_MCP, H.PINKY_MCP)]
_FACE = [L.NOSE, L.LEFT_EYE, L.RIGHT_EYE, L.LEFT_EAR, L.RIGHT_EAR, L.MOUTH_LEFT, L.MOUTH_RIGHT]


def hand_series(figure: Figure) -> dict[str, Floats]:
    """Return what the hands do, per frame.

    ``palm_up_deg``: 90 up, -90 down. ``palm_fwd_dot``: 1 forward. ``finger_flex``: bend of all three joints together,
    degrees, per finger. ``finger_spread_deg``: mean angle of neighbouring fingers. ``hand_across_deg``,
    ``hand_raise_deg``: where the hand points, 0 forward and 90 to its own side, and above the horizontal.
    """
    out: dict[str, Floats] = {}
    level = turn("y", -np.asarray(figure.heading))
    nearest = []
    for i, side in enumerate(("left", "right")):
        hand = figure.hands[:, i]
        palm = apply(level, palm_normal(hand, side))
        along = apply(level, unit(hand[:, H.MIDDLE_MCP] - hand[:, H.WRIST]))
        outward = 1.0 if side == "left" else -1.0
        out[f"palm_up_deg_{side}"] = np.degrees(np.arcsin(np.clip(palm[:, 1], -1, 1)))
        out[f"palm_fwd_dot_{side}"] = palm[:, 2]
        out[f"hand_across_{side}_deg"] = np.degrees(np.arctan2(outward * along[:, 0], along[:, 2]))
        out[f"hand_raise_{side}_deg"] = np.degrees(np.arcsin(np.clip(along[:, 1], -1, 1)))
        bones, out_of_palm = np.diff(hand[:, _FINGERS], axis=2), palm_normal(hand, side)
        for finger, name in enumerate(("index", "middle", "ring", "little")):
            metacarpal = hand[:, _FINGERS[finger][0]] - hand[:, H.WRIST]
            bends = [angle_between(bones[:, finger, j], bones[:, finger, j + 1]) for j in range(2)]
            # The knuckle's own bend is told against the straight hand: the metacarpals fan out a little.
            first = np.degrees(np.arcsin(np.clip((unit(bones[:, finger, 0]) * out_of_palm).sum(-1), -1, 1)))
            folded = (unit(bones[:, finger, 0]) * unit(metacarpal)).sum(-1) < 0
            out[f"{name}_flex_{side}_deg"] = np.where(folded, 180 - first, first) + bends[0] + bends[1]
        flat = bones[:, :, 0] - (bones[:, :, 0] @ out_of_palm[..., None]) * out_of_palm[:, None]
        fans = [angle_between(flat[:, f], flat[:, f + 1]) for f in range(3)]
        out[f"finger_spread_{side}_deg"] = np.mean(fans, axis=0)
        thumb, index = hand[:, H.THUMB_TIP] - hand[:, H.THUMB_CMC], hand[:, H.INDEX_PIP] - hand[:, H.INDEX_MCP]
        out[f"thumb_index_angle_{side}_deg"] = angle_between(thumb, index)
        arm = figure.points[:, L[f"{side.upper()}_WRIST"]] - figure.points[:, L[f"{side.upper()}_SHOULDER"]]
        out[f"arm_out_{side}_deg"] = angle_between(arm, np.array([0.0, -1.0, 0.0]))
        faces = np.concatenate([figure.points[:, _FACE], figure.chin[:, None]], axis=1)
        gaps = np.linalg.norm(hand[:, :, None] - faces[:, None], axis=-1)
        nearest.append(100 * gaps.min((1, 2)))
    return out | {"hand_face_dist_cm": np.minimum(*nearest)}


def palm_normal(hand: Floats, side: str) -> Floats:
    """Return unit vectors ``(frames, 3)`` out of the palms of hands ``(frames, 21, 3)``."""
    fingers = hand[:, H.MIDDLE_MCP] - hand[:, H.WRIST]
    across = hand[:, H.INDEX_MCP] - hand[:, H.PINKY_MCP]
    normal = unit(np.cross(fingers, across))
    return normal if side == "left" else -normal
