"""What the station is to look for now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal

from posture_check.checklist.messages import Begin
from posture_check.checklist.shift import ShiftState

if TYPE_CHECKING:
    from posture_check.station.station import Station

SAME_CODE_S = 4.0
"""Seconds for which a code that is nobody's is not complained about again."""


class Lookout:
    """Tells the station what to look for, each time with a new number, so that late sights are known.

    Attributes
    ----------
    run
        Number of what is looked for now.
    scanning
        Whether a QR code or barcode is looked for.
    """

    def __init__(self, station: Station) -> None:
        self._station = station
        self._refused = ("", float("-inf"))
        self.run = 0
        self.scanning = False

    def looks(self, state: ShiftState) -> bool:
        """Return whether pictures are looked at and shown; before consent they are not, but for a code."""
        return state.phase == "step" or (state.phase == "identify" and self.scanning)

    def begin(self, state: ShiftState, lang: Literal["zh", "en"], site: dict[str, Any]) -> None:
        """Let the station look for what the present phase needs.

        Parameters
        ----------
        state
            The check.
        lang
            Language of the page.
        site
            What the site chose, as fields of :class:`Begin`.
        """
        self.run += 1
        step, person = state.step, state.person
        if state.phase == "step" and step is not None and step.kind == "camera" and person is not None:
            begin = Begin(
                run=self.run,
                task="step",
                step=step,
                role=person.role,
                exempt=person.exempt,
                stature_cm=person.stature_cm,
                lang=lang,
                **site,
            )
        else:
            begin = Begin(run=self.run, task="code" if self.scanning else "rest", lang=lang, **site)
        self._station.begin(begin)

    def changes(self, before: ShiftState, state: ShiftState) -> bool:
        """Return whether a new state needs something else to be looked for."""
        return _wanted(before) != _wanted(state)

    def refuse(self, code: str) -> None:
        """Take note of a code that is nobody's."""
        self._refused = (code, time.monotonic())

    def takes(self, code: str) -> bool:
        """Return whether a code that is seen is to be asked for."""
        refused, at = self._refused
        return self.scanning and not (code == refused and time.monotonic() - at < SAME_CODE_S)


def _wanted(state: ShiftState) -> tuple[Any, ...]:
    step = state.step.id if state.step else None
    return (state.phase == "step", state.phase == "identify", step, len(state.attempts))
