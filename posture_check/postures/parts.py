"""The parts of stretches that rules are judged on: holds of bearable length, postures without the gestures in them."""

from __future__ import annotations

import itertools

import numpy as np

from posture_check.landmarks.track import Track
from posture_check.postures.stretch import Stretch

HOLD_S = {"standing": 10.0, "sitting": 10.0, "walking": 20.0}
"""A posture held longer is judged in parts of this length, so that a fault of some seconds is not averaged away. A walk
needs several strides of each leg; the ways between postures and gestures are judged whole."""
HELD = ("standing", "sitting")
"""Postures that are held still: their rules on hands, head and trunk do not mean who is showing the way or bowing."""
GESTURES = ("pointing", "inviting", "handing_over", "tray", "waving", "bow")
ABOUT_S = 0.4
"""Before and after a gesture the arm is on its way."""
MIN_QUIET_S = 0.6
"""Shorter rests between two gestures are no hold."""


def holds(track: Track, held: Stretch) -> list[Stretch]:
    """Cut a long stretch into holds of equal time, at most ``HOLD_S``, each judged for itself."""
    time_s = track.time_s[held.start : held.stop]
    parts = max(1, int(np.ceil((time_s[-1] - time_s[0]) / HOLD_S.get(held.posture, np.inf))))
    cuts = np.searchsorted(time_s, np.linspace(time_s[0], time_s[-1], parts + 1)[1:-1])
    ends = [held.start, *(held.start + int(cut) for cut in cuts), held.stop]
    return [Stretch(held.posture, a, b) for a, b in itertools.pairwise(ends) if b > a]


def without_gestures(track: Track, stretches: list[Stretch]) -> list[Stretch]:
    """Return the stretches with the gestures taken out of the postures that are held.

    What is left of a posture between two gestures counts if it lasts. A single picture shows no gesture come and go:
    there the posture stays.
    """
    time_s = track.time_s
    busy = np.zeros(len(time_s), bool)
    for stretch in stretches:
        if stretch.posture in GESTURES:
            first = np.searchsorted(time_s, time_s[stretch.start] - ABOUT_S)
            last = np.searchsorted(time_s, time_s[stretch.stop - 1] + ABOUT_S, side="right")
            busy[first:last] = True
    if len(time_s) < 2 or not busy.any():
        return stretches
    kept: list[Stretch] = []
    for stretch in stretches:
        if stretch.posture not in HELD or not busy[stretch.start : stretch.stop].any():
            kept.append(stretch)
            continue
        free = np.concatenate([[0], ~busy[stretch.start : stretch.stop], [0]]).astype(np.int8)
        edges = stretch.start + np.flatnonzero(np.diff(free))
        kept += [
            Stretch(stretch.posture, int(a), int(b))
            for a, b in zip(edges[::2], edges[1::2], strict=True)
            if time_s[b - 1] - time_s[a] >= MIN_QUIET_S
        ]
    return kept
