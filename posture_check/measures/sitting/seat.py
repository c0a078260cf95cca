"""How much of the seat a person takes, against the calibrated chair."""

from __future__ import annotations

import itertools

import numpy as np

from posture_check.landmarks.names import L
from posture_check.measures.body import Body, Floats
from posture_check.measures.registry import measure
from posture_check.measures.scene import Chair, midpoint
from posture_check.measures.series import Series

REAR_OF_HIPS = 0.072
"""From the hips' landmarks back to the rearmost point of the buttocks' skin, share of stature: mean over 23 rendered
clips of six bodies, 45-111 degrees around the person, seat fractions 0.35-0.95."""
REAR_ERROR = 0.0078
"""What remains of it: 0.03 of a seat's depth; bodies differ (a small one by +0.06, a tall one by -0.04), clips of one
body hardly."""
BODY_LENGTH, BODY_LENGTH_ERROR = 0.721, 0.033
"""Trunk, thigh and shank between the landmarks' midpoints, share of stature, and its spread over the same clips."""
ASIDE_M = 0.015
"""How far from the chair's middle the middle of the hips may be."""
MIN_TURN = 0.5
"""Sine of the least angle between the sight line and the chair's middle plane: nearer the front the seat's depth is
foreshortened too much."""


def along_seat(body: Body, chair: Chair, xy: Floats) -> tuple[Floats, Floats]:
    """Return where pixels lie in the upright plane through the chair's middle.

    The person's middle is in that plane, so that no stature needs to be assumed.

    Parameters
    ----------
    body
        Person in a scene.
    chair
        The calibrated seat.
    xy
        ``(frames, 2)`` pixels.

    Returns
    -------
    ``(frames,)`` metres backward from the front edge, and ``(frames,)`` metres above the floor; NaN where the plane
    is seen too much from its edge.
    """
    front, _, ahead = _middle_line(chair)
    across = np.array([ahead[2], 0.0, -ahead[0]])
    camera = body.scene.camera
    lens = np.array([0.0, camera.height_m, 0.0])
    rays = camera.rays(xy.astype(float))
    steep = rays @ across
    level = np.linalg.norm(rays * [1, 0, 1], axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        far = np.where(np.abs(steep) >= MIN_TURN * level, ((front - lens) @ across) / steep, np.nan)
    points = lens + rays * far[..., None]
    return np.asarray((front - points) @ ahead), np.asarray(points[..., 1])


def _middle_line(chair: Chair) -> tuple[Floats, Floats, Floats]:
    """Return the middles of the front and the back edge, and the level unit direction from back to front."""
    front = (np.asarray(chair.front_left) + np.asarray(chair.front_right)) / 2
    back = (np.asarray(chair.back_left) + np.asarray(chair.back_right)) / 2
    ahead = (front - back) * [1, 0, 1]
    return front, back, ahead / np.linalg.norm(ahead)


@measure("ratio", needs=(L.LEFT_HIP, L.RIGHT_HIP), near=("SHOULDER", "KNEE"), needs_chair=True)
def seat_fraction(body: Body) -> Series:
    """How much of the seat's depth the person takes: from its front edge to the rearmost point of the body on it.

    The hips' landmarks are put into the chair's middle plane; the rear of the buttocks lies a share of the stature
    behind them. How large the body looks in that plane refines the stature.
    """
    chair = body.scene.chair
    if chair is None:
        return Series(np.full(len(body), np.nan))
    places = [
        along_seat(body, chair, midpoint(body.xy, L[f"LEFT_{name}"], L[f"RIGHT_{name}"]))
        for name in ("SHOULDER", "HIP", "KNEE", "ANKLE")
    ]
    stature, stature_error = _stature(body, places)
    fraction = (places[1][0] + REAR_OF_HIPS * stature) / chair.depth_m
    aside = ASIDE_M * abs(np.tan(np.radians(90.0 - _turn_deg(body, chair))))
    error = np.sqrt((REAR_ERROR * stature) ** 2 + (REAR_OF_HIPS * stature_error) ** 2 + chair.error_m**2 + aside**2)
    noise = body.noise_m(L.LEFT_HIP, L.RIGHT_HIP) / chair.depth_m
    return Series(fraction, noise, error / chair.depth_m)


def _stature(body: Body, places: list[tuple[Floats, Floats]]) -> tuple[float, float]:
    """Return the stature and its error: what the scene says and what the body's lengths say, each by its weight."""
    told, told_error = body.scene.stature_m, max(body.scene.stature_error_m, 1e-3)
    lengths = [np.hypot(a[0] - b[0], a[1] - b[1]) for a, b in itertools.pairwise(places)]
    total = np.sum(lengths, axis=0)
    seen = total[np.isfinite(total)]
    feet = body.seen[:, [body.near("KNEE"), body.near("ANKLE")]].all(1).mean() > 0.5
    if not len(seen) or not feet:
        return told, told_error
    measured = float(np.median(seen)) / BODY_LENGTH
    measured_error = measured * BODY_LENGTH_ERROR / BODY_LENGTH
    weight = told_error**-2 / (told_error**-2 + measured_error**-2)
    return (
        weight * told + (1 - weight) * measured,
        float((told_error**-2 + measured_error**-2) ** -0.5),
    )


def _turn_deg(body: Body, chair: Chair) -> float:
    """Return the angle between the sight line to the chair and its middle plane, 0..90 degrees."""
    front, back, ahead = _middle_line(chair)
    sight = (front + back) / 2 * [1, 0, 1]
    cosine = abs(float(sight @ ahead)) / float(np.linalg.norm(sight))
    return float(np.degrees(np.arccos(np.clip(cosine, 0, 1))))
