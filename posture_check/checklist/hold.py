"""When a posture is held for long enough to be judged: time alone, no picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Turn = Literal["guide", "hold", "judge"]
"""What to do with a frame: say what is wrong, count down, or judge the seconds since ``from_s``."""

SETTLED_S = 0.3
"""Nothing is wrong for so long before a hold begins."""
BREAK_S = 0.5
"""Something is wrong for so long before a hold is broken off: a blink of the landmarks is no fault."""
LONGEST_GAP_S = 0.5
"""A pause between two frames counts for the person's patience up to here."""


@dataclass(slots=True)
class Hold:
    """The hold of one step.

    Attributes
    ----------
    hold_s
        How long it lasts.
    patience_s
        Seconds of guidance, broken holds included, after which the person is judged as they are.
    from_s
        When the hold began, or, to be judged, from when on; None outside one.
    """

    hold_s: float
    patience_s: float
    from_s: float | None = None
    _guided_s: float = 0.0
    _clear_s: float | None = None
    _wrong_s: float | None = None
    _before_s: float | None = None
    _present_s: float | None = None

    def reset(self) -> None:
        """Begin anew: somebody else, or nobody, is there."""
        self.from_s = self._clear_s = self._wrong_s = self._before_s = self._present_s = None
        self._guided_s = 0.0

    def at(self, now_s: float, *, ready: bool, wrong: bool) -> Turn:
        """Return what to do now that the person is there.

        Parameters
        ----------
        now_s
            Time of the frame, rising.
        ready
            Whether it has been looked at whether anything is wrong.
        wrong
            Whether something is.
        """
        passed = 0.0 if self._before_s is None else min(now_s - self._before_s, LONGEST_GAP_S)
        self._before_s = now_s
        self._present_s = now_s if self._present_s is None else self._present_s
        if self.from_s is not None:
            self._wrong_s = (now_s if self._wrong_s is None else self._wrong_s) if wrong else None
            if self._wrong_s is None or now_s - self._wrong_s < BREAK_S:
                return "judge" if now_s - self.from_s >= self.hold_s else "hold"
            self._guided_s += now_s - self.from_s
            self.from_s = self._clear_s = None
        self._guided_s += passed
        if self._guided_s >= self.patience_s:
            self.from_s = max(now_s - self.hold_s, self._present_s)
            return "judge"
        clear = ready and not wrong
        self._clear_s = (now_s if self._clear_s is None else self._clear_s) if clear else None
        if self._clear_s is not None and now_s - self._clear_s >= SETTLED_S:
            self.from_s, self._wrong_s = now_s, None
            return "hold"
        return "guide"

    def progress(self, now_s: float) -> tuple[float, float]:
        """Return the share of the hold that is done and the seconds that are left."""
        held = 0.0 if self.from_s is None else max(now_s - self.from_s, 0.0)
        return min(held / self.hold_s, 1.0), max(self.hold_s - held, 0.0)
