"""Looks at dress and hair beside the live picture: in a thread of its own, so that the overlay never waits for one."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.findings import Findings
from posture_check.sources.frame import Frame

if TYPE_CHECKING:
    from posture_check.grooming.observer import Observer

Floats = NDArray[np.floating[Any]]


class Looks:
    """An onlooker that hands each look over to a thread, at most one at a time; those in between are left out.

    Parameters
    ----------
    observer
        Who looks. It must have landmarkers of its own: those of the live picture are busy in another thread.
    in_step
        Wait for each look.

    Attributes
    ----------
    subject
        The only person who is looked at; None is nobody.
    """

    def __init__(self, observer: Observer, *, in_step: bool = False) -> None:
        self._observer, self._in_step = observer, in_step
        self._thread = ThreadPoolExecutor(1, "dress")
        self._under_way: Future[None] | None = None
        self._known: dict[int, Findings] = {}
        self._stale: set[int] = set()
        self.subject: int | None = None

    @property
    def busy(self) -> bool:
        """Whether a look is under way."""
        return self._under_way is not None and not self._under_way.done()

    def offer(self, frame: Frame, person: int, pose: Floats, world: Floats) -> None:
        """Begin a look at a person, unless one is under way."""
        self._collect()
        if self._under_way is not None or person != self.subject:
            return
        copy = Frame(frame.index, frame.time_s, frame.image.copy())
        self._under_way = self._thread.submit(self._look, copy, person, pose.copy(), world.copy())
        if self._in_step:
            self.wait()

    def findings(self, person: int) -> Findings:
        """Return what is known of a person by now."""
        self._collect()
        return self._known.get(person, {})

    def forget(self, person: int) -> None:
        """Drop everything about a person, a look that is under way included."""
        self._known.pop(person, None)
        self._stale.add(person)

    def wait(self) -> None:
        """Wait until no look is under way."""
        if self._under_way is not None:
            self._under_way.exception()
            self._collect()

    def close(self) -> None:
        """End the thread once its look is done."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _look(self, frame: Frame, person: int, pose: Floats, world: Floats) -> None:
        for gone in list(self._stale):
            self._observer.forget(gone)
            self._stale.discard(gone)
        self._observer.offer(frame, person, pose, world)
        found = self._observer.findings(person)
        if person not in self._stale:
            self._known[person] = found

    def _collect(self) -> None:
        """Take the end of a look; what went wrong in the thread is raised here, where it can be told."""
        if self._under_way is not None and self._under_way.done():
            done, self._under_way = self._under_way, None
            done.result()
