"""Watches a source while its tracks are made, looks at the best frames, and says what they come to.

A frame is never kept: it is judged by its pose and a few cheap pixels, looked at there and then if it beats what was
looked at before, and gone. What stays are findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from posture_check.grooming.frames import LIVE_APART_S, LIVE_KEEP_S, BestFrames, assess
from posture_check.grooming.subject import Subject
from posture_check.grooming.votes import Look, vote
from posture_check.landmarks.findings import Findings
from posture_check.sources.frame import Frame

if TYPE_CHECKING:
    from posture_check.landmarks.detectors import Detectors

Floats = NDArray[np.floating[Any]]

_SINCE_S = 1.0
"""A pose that is older tells nothing about how fast somebody moves now."""


class Reader(Protocol):
    """What reads dress and hair from one picture; a :class:`posture_check.grooming.groomer.Groomer` is one."""

    def look(self, subject: Subject) -> Findings:
        """Return what a picture shows."""
        ...


class Observer:
    """Reads dress and hair off the best frames of a source: an :class:`posture_check.landmarks.onlooker.Onlooker`.

    Parameters
    ----------
    detectors
        The landmarkers: the face is looked for on the frames that are chosen, and the person's outline.
    site
        Name of the site whose enrolled dress is recognised.
    video
        Whether the frames follow one another in time; a single picture is always looked at.
    live
        Look once a second at most, and forget what is older than some seconds: a tie that has been put right is right.
    reader
        Reads a picture; None makes a :class:`posture_check.grooming.groomer.Groomer` when first needed.
    """

    def __init__(
        self,
        detectors: Detectors,
        *,
        site: str | None = None,
        video: bool = True,
        live: bool = False,
        reader: Reader | None = None,
    ) -> None:
        self._detectors, self._site, self._video, self._live = detectors, site, video, live
        self._reader = reader
        self._best: dict[int, BestFrames[Findings]] = {}
        self._before: dict[int, tuple[Floats, float]] = {}
        self._votes: dict[int, Findings] = {}
        self._looked_s = -np.inf

    def offer(self, frame: Frame, person: int, pose: Floats, world: Floats) -> None:
        """Look at a person in a frame if it shows them better than those before."""
        now = frame.time_s
        pose_before, then = self._before.get(person, (pose, -np.inf))
        self._before[person] = (pose.copy(), now)
        shot = assess(frame.image, pose, world, (pose_before, now - then) if now - then < _SINCE_S else None)
        best = self._best.setdefault(person, self._fresh())
        if self._video and not best.wants(now, shot):
            return
        if self._live and now - self._looked_s < LIVE_APART_S:
            return
        face = self._detectors.face.find(frame.image, pose, world)
        findings = self._read(Subject(frame.image, pose, world, face))
        best.add(now, shot, findings)
        self._looked_s = now
        self._votes.pop(person, None)

    def findings(self, person: int) -> Findings:
        """Return what the looks at a person have come to by now."""
        if person not in self._votes:
            chosen = self._best[person].chosen if person in self._best else []
            self._votes[person] = vote([Look(c.time_s, c.shot.score, c.kept) for c in chosen])
        return self._votes[person]

    def forget(self, person: int) -> None:
        """Drop everything about a person."""
        for kept in (self._best, self._before, self._votes):
            kept.pop(person, None)

    def _fresh(self) -> BestFrames[Findings]:
        if self._live:
            return BestFrames(apart_s=LIVE_APART_S, keep_s=LIVE_KEEP_S, most=np.inf)
        return BestFrames()

    def _read(self, subject: Subject) -> Findings:
        if self._reader is None:
            from posture_check.grooming.groomer import Groomer

            self._reader = Groomer(self._detectors.person, self._site)
        return self._reader.look(subject)
