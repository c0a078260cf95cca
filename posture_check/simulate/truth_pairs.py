"""What is exactly true between two people of a scene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.simulate.body import Figure

if TYPE_CHECKING:
    from posture_check.simulate.view import Seen

Floats = NDArray[np.floating[Any]]


def pair_series(seen: Seen, me: int = 0, other: int = 1) -> dict[str, Floats]:
    """Return what is true between two people of a scene, per frame, from their skeletons.

    ``partner_distance_m`` between the hips on the floor; ``turn_from_partner_deg`` between where the first one's hips
    and shoulders face (their mean, as landmarks show a body) and where the other is, to the left positive;
    ``hips_turn_from_partner_deg`` of the hips alone; ``guide_side_m`` and ``guide_ahead_m`` how far the first is to the
    left and ahead as the other one faces; ``pace_difference_mps`` how much faster the first goes along the other's
    heading, over all of the time.
    """
    first, second = seen.people[me].room, seen.people[other].room
    away = (second.pelvis - first.pelvis)[:, [0, 2]]
    forward = _on_floor(second.pelvis_axes[..., 2])
    back = -away
    ahead = (back * forward).sum(-1)
    # The room's x runs to the picture's right and its z away: a person's left is a quarter turn from where they face.
    left = _on_floor(second.pelvis_axes[..., 0])
    speeds = [np.gradient((p.pelvis[:, [0, 2]] * forward).sum(-1), seen.time_s) if len(away) > 1 else np.zeros(1)
              for p in (first, second)]  # fmt: skip
    return {
        "partner_distance_m": np.linalg.norm(away, axis=-1),
        "turn_from_partner_deg": _bearing(_facing_way(first), first, away),
        "hips_turn_from_partner_deg": _bearing(_on_floor(first.pelvis_axes[..., 2]), first, away),
        "guide_side_m": (back * left).sum(-1),
        "guide_ahead_m": ahead,
        "pace_difference_mps": np.full(len(away), float(np.mean(speeds[0] - speeds[1]))),
    }


def _on_floor(vectors: Floats) -> Floats:
    """Return the floor part (x, z) of vectors ``(frames, 3)``, scaled to length 1."""
    flat = vectors[..., [0, 2]]
    return np.asarray(flat / np.linalg.norm(flat, axis=-1, keepdims=True))


def _facing_way(figure: Figure) -> Floats:
    """Where hips and shoulders face together, ``(frames, 2)`` on the floor."""
    p = figure.points
    lines = [_on_floor(p[:, left] - p[:, right])
             for left, right in ((L.LEFT_HIP, L.RIGHT_HIP), (L.LEFT_SHOULDER, L.RIGHT_SHOULDER))]  # fmt: skip
    left = lines[0] + lines[1]
    forward = np.stack([-left[:, 1], left[:, 0]], axis=-1)
    # Of the two directions square to the shoulders, the one the hips face.
    sign = np.sign((forward * _on_floor(figure.pelvis_axes[..., 2])).sum(-1, keepdims=True))
    return np.asarray(sign * forward / np.linalg.norm(forward, axis=-1, keepdims=True))


def _bearing(forward: Floats, figure: Figure, away: Floats) -> Floats:
    left = np.stack([-forward[:, 1], forward[:, 0]], axis=-1)
    left = left * np.sign((left * _on_floor(figure.pelvis_axes[..., 0])).sum(-1, keepdims=True))
    return np.asarray(np.degrees(np.arctan2((away * left).sum(-1), (away * forward).sum(-1))))
