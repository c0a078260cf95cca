"""A performance: who does what, for how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.simulate.body import Body, Figure
from posture_check.simulate.pose import Pose
from posture_check.simulate.seat import Seat
from posture_check.simulate.truth import Phase, Truth, measure, seated
from posture_check.simulate.verdicts import Labels, Role, implied_labels

Floats = NDArray[np.floating[Any]]
Motion = Callable[[Floats], Pose]
"""From times ``(frames,)`` in seconds to the pose at those times."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A person in a posture or movement.

    Attributes
    ----------
    motion
        The pose over time.
    body
        Whose pose.
    duration_s
        How long it lasts.
    hands
        What the hands do: a name of ``stance.HANDS``.
    feet
        How the feet stand: ``v``, ``fist``, ``parallel``, ``t`` or ``other``.
    leaning
        Whether the person leans on something.
    stands
        Whether the person stands, at least at first.
    standing_until_s
        When the person stops standing; None: never.
    facts
        Exact numbers that follow from how the movement was made, such as step length.
    held_s
        From when to when the numbers are taken; None: while the person stands, else all of the time.
    phases, events
        What is done, from when to when: postures one after another, and gestures within them.
    seat
        The chair, if there is one.
    """

    motion: Motion
    body: Body = field(default_factory=Body)
    duration_s: float = 3.0
    hands: str = "sides"
    feet: str = "v"
    leaning: bool = False
    stands: bool = True
    standing_until_s: float | None = None
    facts: Mapping[str, float] = field(default_factory=dict)
    held_s: tuple[float, float] | None = None
    phases: tuple[Phase, ...] = ()
    events: tuple[Phase, ...] = ()
    seat: Seat | None = None

    def figure(self, time_s: Floats) -> Figure:
        """Return the body at given times."""
        time_s = np.asarray(time_s, float)
        return self.body.figure(self.motion(time_s), len(time_s))

    def truth(self, time_s: Floats | None = None) -> Truth:
        """Return the exact measures over given times, by default at 60 Hz.

        The numbers are those of the time for which they are asked, the series those of all frames.
        """
        if time_s is None:
            time_s = np.arange(0.0, self.duration_s, 1 / 60)
        figure, held = self.figure(time_s), self._held(time_s)
        found = measure(figure, self.body, time_s, held if held.any() else None, self.hands, self.feet)
        found = replace(found, phases=self.phases, events=self.events)
        if self.seat is not None:
            series = seated(figure, self.body, self.seat)
            found.series.update(series)
            kept = held if held.any() else ~held
            found.numbers.update({name: float(values[kept].mean()) for name, values in series.items()})
        found.numbers.update(self.facts)
        return found

    def _held(self, time_s: Floats) -> NDArray[np.bool_]:
        if self.held_s is not None:
            return np.asarray((time_s >= self.held_s[0]) & (time_s < self.held_s[1]))
        if self.standing_until_s is not None:
            return np.asarray(time_s < self.standing_until_s)
        return np.ones(len(time_s), bool)

    def labels(self, role: Role = "A") -> Labels:
        """Return the verdicts on standing that the truth implies; none for somebody who does something else."""
        if not self.stands or self.events:
            return {}
        return implied_labels(self.truth(), role, self.leaning)
