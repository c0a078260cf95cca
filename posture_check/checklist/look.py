"""Looks at the dress and hair of the one person who is meant, and forgets on demand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.findings import Findings
from posture_check.landmarks.onlooker import Onlooker
from posture_check.sources.frame import Frame

Floats = NDArray[np.floating[Any]]


class Looks:
    """An onlooker for a live picture.

    It looks (:meth:`offer`) in the thread in which the track builder looks closer, and is asked in another.

    Parameters
    ----------
    observer
        Who looks.

    Attributes
    ----------
    subject
        The only person who is looked at; None is nobody.
    """

    def __init__(self, observer: Onlooker) -> None:
        self._observer = observer
        self._known: dict[int, Findings] = {}
        self._stale: set[int] = set()
        self.subject: int | None = None

    def offer(self, frame: Frame, person: int, pose: Floats, world: Floats) -> None:
        """Look at the subject if the frame is worth it."""
        if person != self.subject:
            return
        for gone in list(self._stale):
            self._observer.forget(gone)
            self._stale.discard(gone)
        self._observer.offer(frame, person, pose, world)
        found = self._observer.findings(person)
        if person not in self._stale:
            self._known[person] = found

    def findings(self, person: int) -> Findings:
        """Return what is known of a person by now."""
        return self._known.get(person, {})

    def forget(self, person: int) -> None:
        """Drop everything about a person, a look that is under way included."""
        self._stale.add(person)
        self._known.pop(person, None)
