"""Which posture is held, from when to when.

So far it tells standing from everything else; what the legs do decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures.body import Body
from posture_check.measures.scene import midpoint

Floats = NDArray[np.floating[Any]]

THIGH_UPRIGHT, SHANK_UPRIGHT, THIGH_OVER_SHANK = 0.58, 0.4, 0.8
"""Least height of hip over knee and of knee over ankle in trunk lengths, and of the first over the second.

580 standing people in street photos show 0.79, 0.69 and 1.15 in the median (1st percentile 0.66, 0.52, 0.94), 37
rendered seated ones at most 0.57 and, from the front, at most 0.65 of the shank."""
TRUNK_UPRIGHT = 0.75
"""Least height of shoulders over hips, in trunk lengths: leaning further than 40 degrees is not standing."""
WALKING_M_PER_S = 0.2
"""Speed of the busier ankle in the picture, averaged over a second, from which a person walks. Rendered walks show at
least 0.22 even straight towards the camera, standing ones at most 0.07."""
PACE_S = 1.0
STRIDE_S = 0.2
"""An ankle's way is taken in stretches of this time: frame by frame, jitter would add up to a walk."""
SAME_TIME_S = 1e-6
"""Times this near one another are the same: sums of them round differently early and late in a recording."""
SETTLE_S = 0.5
MIN_HOLD_S = 0.6
"""Gaps and holds shorter than these are flicker."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames ``start`` to ``stop`` (exclusive) of a track in which one posture is held."""

    posture: str
    start: int
    stop: int


def segment(body: Body, *, vouched: str | None = None) -> list[Stretch]:
    """Return what a person does, from when to when; stretches do not overlap, but gestures lie within them.

    Parameters
    ----------
    body
        Person in a scene.
    vouched
        Posture that the user vouches for: taken where the legs, out of the picture, could say otherwise.
    """
    return standing(body, legs_needed=vouched != "standing")


def standing(body: Body, *, legs_needed: bool) -> list[Stretch]:
    """Return the stretches in which a person stands.

    Parameters
    ----------
    body
        Person in a scene.
    legs_needed
        False also takes stretches on which the legs are out of the picture: whoever names the posture vouches for it.
    """
    if len(body) == 0:
        return []
    upright = _upright(body)
    found = np.isfinite(body.xy[:, L.LEFT_SHOULDER, 0])
    legs = body.inside[:, [L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE]].all(1)
    held = np.where(legs, upright & ~_walking(body), (not legs_needed) & found)
    return [Stretch("standing", a, b) for a, b in _runs(held, body.track.time_s)]


def _upright(body: Body) -> NDArray[np.bool_]:
    """Whether trunk, thighs and shanks are upright, ``(frames,)``, from heights in the picture."""
    y = body.xy[..., 1]
    trunk = np.maximum(body.trunk_px, 1.0)

    def height(upper: str, lower: str) -> Floats:
        up, low = (midpoint(y[..., None], L[f"LEFT_{n}"], L[f"RIGHT_{n}"])[..., 0] for n in (upper, lower))
        return np.asarray((low - up) / trunk)

    with np.errstate(invalid="ignore"):
        return np.asarray(
            (height("SHOULDER", "HIP") >= TRUNK_UPRIGHT)
            & (height("HIP", "KNEE") >= THIGH_UPRIGHT)
            & (height("KNEE", "ANKLE") >= SHANK_UPRIGHT)
            & (height("HIP", "KNEE") >= THIGH_OVER_SHANK * height("KNEE", "ANKLE"))
        )


def _walking(body: Body) -> NDArray[np.bool_]:
    """Whether a foot travels, ``(frames,)``: how fast an ankle goes on average in a second around each frame."""
    time = body.track.time_s
    if len(time) < 2 or time[-1] - time[0] < SETTLE_S:
        return np.zeros(len(time), bool)
    feet = body.xy[:, [L.LEFT_ANKLE, L.RIGHT_ANKLE]].astype(float)
    last = int(np.searchsorted(time, time[-1] - STRIDE_S + SAME_TIME_S, side="right"))
    ahead = np.searchsorted(time, time[:last] + STRIDE_S - SAME_TIME_S)
    speed = np.linalg.norm(feet[ahead] - feet[:last], axis=-1) * body.m_per_px[:last, None]
    speed /= (time[ahead] - time[:last])[:, None]
    summed = np.vstack([np.zeros((1, 2)), np.cumsum(np.nan_to_num(speed), axis=0)])
    middle = (time[:last] + time[ahead]) / 2
    earlier = np.minimum(np.searchsorted(middle, time - PACE_S / 2 - SAME_TIME_S), last - 1)
    later = np.maximum(np.searchsorted(middle, time + PACE_S / 2 + SAME_TIME_S), earlier + 1)
    return np.asarray(((summed[later] - summed[earlier]) / (later - earlier)[:, None]).max(1) > WALKING_M_PER_S)


def _runs(held: NDArray[np.bool_], time_s: Floats) -> list[tuple[int, int]]:
    """Return the runs of True without flicker: short gaps are bridged, short runs dropped unless they are all."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held.astype(np.int8), [0]])))
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    merged: list[tuple[int, int]] = []
    for start, stop in runs:
        if merged and time_s[start] - time_s[merged[-1][1] - 1] <= SETTLE_S:
            merged[-1] = (merged[-1][0], stop)
        else:
            merged.append((start, stop))
    whole = float(time_s[-1] - time_s[0])
    return [(a, b) for a, b in merged if time_s[b - 1] - time_s[a] >= min(MIN_HOLD_S, whole)]
