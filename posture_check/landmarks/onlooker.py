"""Whoever else looks at the pictures while tracks are made from them, such as the reader of dress and hair."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.findings import Findings
from posture_check.sources.frame import Frame

Floats = NDArray[np.floating[Any]]


class Onlooker(Protocol):
    """Looks at pictures while the tracks are made, and says what it read from them about each person.

    People go by the numbers they have while the source is read; those of the finished tracks are others.

    Examples
    --------
    How a pipeline has dress looked at, in a source of any kind:

    >>> from posture_check.grooming.observer import Observer  # doctest: +SKIP
    >>> onlooker = Observer(detectors, video=source.info.kind != "image")  # doctest: +SKIP
    >>> found = find(source, plan=plan, detectors=detectors, onlooker=onlooker)  # doctest: +SKIP
    >>> found.tracks[0].findings["tie_worn"]  # doctest: +SKIP
    """

    def offer(self, frame: Frame, person: int, pose: Floats, world: Floats) -> None:
        """Offer a look at a person, ``(33, 4)`` pixels and ``(33, 3)`` metres; the frame must not be kept."""
        ...

    def findings(self, person: int) -> Findings:
        """Return what is known of a person by now; empty of one who was never offered."""
        ...

    def forget(self, person: int) -> None:
        """Drop everything about a person whose track is gone."""
        ...
