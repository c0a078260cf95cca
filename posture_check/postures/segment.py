"""What a person does, from when to when.

Every frame speaks for or against each posture (:mod:`~posture_check.postures.evidence`); the most likely sequence is
decoded (:mod:`~posture_check.postures.decode`), so that nothing flickers; the ways between postures are cut out of it
(:mod:`~posture_check.postures.transitions`); gestures lie within it (:mod:`~posture_check.postures.gestures`).
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.landmarks.track import Details
from posture_check.measures.body import Body
from posture_check.postures.decode import costs, most_likely
from posture_check.postures.evidence import STATES, evidence
from posture_check.postures.motion import SETTLE_S
from posture_check.postures.shape import shape
from posture_check.postures.stretch import Stretch
from posture_check.postures.transitions import with_transitions

__all__ = ["Stretch", "segment"]

GLIMPSE_S = 0.5
"""Somebody who is seen for less than this in a longer recording does nothing that can be told."""
CHANGES = costs(STATES, never=(("sitting", "squatting"),))
"""Nobody gets from a chair into a squat without standing up."""


def segment(body: Body, *, vouched: str | None = None) -> list[Stretch]:
    """Return what a person does, from when to when; stretches do not overlap, but gestures lie within them.

    Where nobody is seen there is no stretch. What is none of the postures, or cannot be told, is ``other``.

    Parameters
    ----------
    body
        Person in a scene.
    vouched
        Posture that the user vouches for: taken where the legs, out of the picture, could say otherwise; never against
        what is seen.
    """
    from posture_check.postures.gestures import gestures

    found = [stretch for piece in _pieces(body) for stretch in _postures(body, piece, vouched)]
    return sorted([*found, *gestures(body, found)], key=lambda s: (s.start, -s.stop))


def _postures(body: Body, frames: NDArray[np.intp], vouched: str | None) -> list[Stretch]:
    """Return the postures of one piece, in frames of the whole body."""
    piece = _picked(body, frames)
    time = piece.track.time_s
    whole = body.track.time_s[-1] - body.track.time_s[0]
    if time[-1] - time[0] < min(GLIMPSE_S, whole):
        return [Stretch("other", int(frames[0]), int(frames[-1]) + 1)]
    form = shape(piece)
    states = most_likely(evidence(piece, form, vouched), time, CHANGES)
    cuts = np.concatenate([[0], np.flatnonzero(np.diff(states)) + 1, [len(states)]])
    runs = [Stretch(STATES[states[a]], int(a), int(b)) for a, b in itertools.pairwise(cuts)]
    return [
        Stretch(s.posture, int(frames[s.start]), int(frames[s.stop - 1]) + 1)
        for s in with_transitions(runs, piece, form)
    ]


def _pieces(body: Body) -> list[NDArray[np.intp]]:
    """Return the frames on which the person is found, in pieces between which they are away for some time."""
    there = np.flatnonzero(np.isfinite(body.xy[:, L.LEFT_SHOULDER, 0]))
    if len(there) == 0:
        return []
    away = np.diff(body.track.time_s[there]) > SETTLE_S
    return [p for p in np.split(there, np.flatnonzero(away & (np.diff(there) > 1)) + 1) if len(p)]


def _picked(body: Body, frames: NDArray[np.intp]) -> Body:
    """Return the body on some frames only, without the details that postures do not need."""
    if len(frames) == len(body):
        return body
    track = body.track
    some = replace(
        track,
        frame=track.frame[frames],
        time_s=track.time_s[frames],
        image=track.image[frames],
        world=track.world[frames],
        shake=track.shake[frames],
        details=Details.empty(),
    )
    return Body(some, body.scene)
