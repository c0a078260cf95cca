"""The way through the program: source, landmarks, measures, postures, rules, result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from posture_check.landmarks.track import TrackSet
from posture_check.rules.result import Result

Role = Literal["A", "B"]
Progress = Callable[[str, float | None], None]
"""Called with what is being done and the share done (None: unknown)."""

POSTURES = ("auto", "standing")


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose.

    Attributes
    ----------
    posture
        Postures to judge; ``auto`` judges those that are seen.
    role
        Which of the standard's variants applies. Chosen, never guessed.
    site
        Name of the site, written into the result.
    person
        Which person is judged: the largest, the most central, a number, or everybody.
    rules
        Rules file; None is the one that ships.
    calibration
        Calibration profile; None estimates the camera from the person.
    stature_cm
        The person's height if known.
    max_rate_hz
        Frames a second that are looked at, at most.
    """

    posture: tuple[str, ...] = ("auto",)
    role: Role = "A"
    site: str = "default"
    person: int | Literal["largest", "central", "all"] = "largest"
    rules: Path | None = None
    calibration: Path | None = None
    stature_cm: float | None = None
    max_rate_hz: float = 30.0


def find_tracks(spec: str, options: Options, progress: Progress | None = None) -> TrackSet:
    """Read a source and find everybody's landmarks in it.

    Raises
    ------
    InputError
        If the source cannot be read or the models cannot be had.
    """
    raise NotImplementedError


def judge(found: TrackSet, options: Options) -> Result:
    """Apply the rules to tracks; needs no video.

    Raises
    ------
    InputError
        If the rules or the calibration profile are at fault, or the chosen person is not there.
    """
    raise NotImplementedError


def check(spec: str, options: Options, progress: Progress | None = None) -> tuple[Result, TrackSet]:
    """Check one source from beginning to end."""
    found = find_tracks(spec, options, progress)
    return judge(found, options), found
