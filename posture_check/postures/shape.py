"""The shape of a body, frame by frame, as far as it tells postures apart: thighs, knees, trunk, what holds it up.

Angles are of the pose model's world landmarks, which see thighs that point at the camera; heights are of the picture,
which do not err. Both are wanted: the world landmarks of people who stand bend at the hips where the camera looks down
on them or a coat hides the legs, and the picture of someone who sits facing the camera may look upright.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures.body import VISIBLE, Body
from posture_check.measures.scene import midpoint

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

HIPS, KNEES, ANKLES = (
    [L.LEFT_HIP, L.RIGHT_HIP],
    [L.LEFT_KNEE, L.RIGHT_KNEE],
    [L.LEFT_ANKLE, L.RIGHT_ANKLE],
)

THIGH_UPRIGHT, SHANK_UPRIGHT, THIGH_OVER_SHANK = 0.58, 0.4, 0.8
"""Least height of hip over knee and of knee over ankle in trunk lengths, and of the first over the second.

580 standing people in street photos show 0.79, 0.69 and 1.15 in the median (1st percentile 0.66, 0.52, 0.94), 37
rendered seated ones at most 0.57 and, from the front, at most 0.65 of the shank."""
TRUNK_UPRIGHT = 0.75
"""Least height of shoulders over hips, in trunk lengths: leaning further than 40 degrees is not standing."""
KNEES_FOLDED_DEG = 80.0
"""Knees bent further than this do not stand: at most 57 on the 580 photos and 68 on 110 rendered standing clips."""
THIGH_SEEN = 0.45
"""So much of the thighs, in trunk lengths, tells that they hang down; they are 0.7 long."""
LEG_LOW = 0.25
"""Least height of hip over knee and of knee over ankle (trunk lengths) of legs seen from above that may stand."""
HAND_LOW = 0.35
"""Hands that pick something up are at most this far above the knees, in trunk lengths."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A body's shape per frame; every field has ``(frames,)``.

    Attributes
    ----------
    legs
        Whether knees and ankles are in the picture, and one leg at least can be made out.
    thighs
        Whether hips and knees can be made out, or so much of the thighs that they can.
    straight
        Whether thighs that are seen, but perhaps not the shanks, hang straight down.
    feet_below
        Whether a foot is well below its knee in the picture.
    upright
        Whether trunk, thighs and shanks are upright in the picture.
    tall
        Whether the trunk is upright in the picture and the legs are below it.
    bent_deg
        How far the thighs are from hanging straight down: from the vertical or from the trunk's line, the lesser.
    knees_deg
        Flexion of the knees.
    lean_deg
        Trunk from the vertical.
    erect
        Cosine of the trunk's angle from the vertical in the picture: 1 upright, 0 lying, -1 upside down.
    held
        How much the body needs something to sit on, in trunk lengths: positive where its centre of mass lies behind
        the feet.
    reach
        How far the lower hand is below the middle of the knees, in trunk lengths; negative above them.
    """

    legs: Bools
    thighs: Bools
    straight: Bools
    feet_below: Bools
    upright: Bools
    tall: Bools
    bent_deg: Floats
    knees_deg: Floats
    lean_deg: Floats
    erect: Floats
    held: Floats
    reach: Floats


def shape(body: Body) -> Shape:
    """Return the shape of a body whose landmarks are all there."""
    y = body.xy[..., 1].astype(float)
    trunk_px = np.maximum(body.trunk_px, 1.0)

    def height(upper: str, lower: str) -> Floats:
        return np.asarray((_middle(y[..., None], lower) - _middle(y[..., None], upper))[..., 0] / trunk_px)

    trunk, thigh, shank = height("SHOULDER", "HIP"), height("HIP", "KNEE"), height("KNEE", "ANKLE")
    world = body.track.world.astype(float) * [1.0, -1.0, 1.0]
    back = _middle(world, "SHOULDER") - _middle(world, "HIP")
    upper, lower = (_middle(world, a) - _middle(world, b) for a, b in (("HIP", "KNEE"), ("KNEE", "ANKLE")))
    up = np.array([0.0, 1.0, 0.0])
    knees = _between(upper, lower)
    standing_legs = (thigh >= THIGH_UPRIGHT) & (shank >= SHANK_UPRIGHT) & (thigh >= THIGH_OVER_SHANK * shank)
    seen = body.track.visibility >= VISIBLE
    one_leg = (seen[:, L.LEFT_KNEE] & seen[:, L.LEFT_ANKLE]) | (seen[:, L.RIGHT_KNEE] & seen[:, L.RIGHT_ANKLE])
    bent = np.minimum(_between(upper, up), _between(upper, back))
    hands = np.maximum(y[:, L.LEFT_WRIST], y[:, L.RIGHT_WRIST])
    below_hips = (body.track.size[1] - _middle(y[..., None], "HIP")[:, 0]) / trunk_px
    knees_in = body.inside[:, KNEES].all(1)
    reaching_out = ~knees_in & (below_hips >= THIGH_SEEN) & (thigh >= THIGH_SEEN)
    return Shape(
        legs=body.inside[:, [*KNEES, *ANKLES]].all(1) & (one_leg | standing_legs),
        thighs=seen[:, HIPS].all(1) & (knees_in & seen[:, KNEES].any(1) | reaching_out),
        straight=(trunk >= TRUNK_UPRIGHT) & (thigh >= THIGH_UPRIGHT),
        feet_below=(y[:, ANKLES] - y[:, KNEES]).max(1) / trunk_px >= LEG_LOW,
        upright=(trunk >= TRUNK_UPRIGHT) & standing_legs & (knees < KNEES_FOLDED_DEG),
        tall=(trunk >= TRUNK_UPRIGHT) & (thigh >= LEG_LOW) & (shank >= LEG_LOW),
        bent_deg=bent,
        knees_deg=knees,
        lean_deg=_between(back, up),
        erect=trunk,
        held=_held(world, back),
        reach=(hands - _middle(y[..., None], "KNEE")[:, 0]) / trunk_px,
    )


HELD_AT, HELD_PER_HEIGHT, HELD_PER_LEAN = 0.22, 0.3, 0.006
"""Where the line lies between who sits and who squats: how far the centre of mass is behind the feet, more the lower
the hips and the less the trunk leans. Drawn between 41 seated people (from 0.04 above it) and 5 who squat (from 0.02
below it in all but the deepest frames), rendered and real, in trunk lengths and degrees."""


def _held(world: Floats, back: Floats) -> Floats:
    """How far the centre of mass is behind the feet, against what people who squat show.

    Shares of mass and places of the segments' centres: Winter, Biomechanics and Motor Control of Human Movement, 2009,
    with the arms and head counted to the trunk.
    """
    shoulder, hip, knee, ankle = (_middle(world, name) for name in ("SHOULDER", "HIP", "KNEE", "ANKLE"))
    heel, toe = _middle(world, "HEEL"), _middle(world, "FOOT_INDEX")
    mass = 0.65 * (0.55 * shoulder + 0.45 * hip) + 0.35 * (0.5 * hip + 0.4 * knee + 0.1 * ankle)
    feet = 0.5 * ankle + 0.25 * (heel + toe)
    forward = (toe - heel)[:, [0, 2]]
    forward = forward / np.maximum(np.linalg.norm(forward, axis=1), 1e-6)[:, None]
    trunk = np.maximum(np.linalg.norm(back, axis=1), 0.1)
    behind = ((feet - mass)[:, [0, 2]] * forward).sum(1) / trunk
    lean = np.degrees(np.arctan2((back[:, [0, 2]] * forward).sum(1), back[:, 1]))
    height = (hip - ankle)[:, 1] / trunk
    return np.asarray(behind - HELD_AT + HELD_PER_HEIGHT * (height - 0.9) - HELD_PER_LEAN * (lean - 8.0))


def _middle(points: Floats, name: str) -> Floats:
    return midpoint(points, L[f"LEFT_{name}"], L[f"RIGHT_{name}"])


def _between(a: Floats, b: Floats) -> Floats:
    """Return the angle between directions in degrees."""
    cosine = (a * b).sum(-1) / np.maximum(np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1), 1e-9)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
