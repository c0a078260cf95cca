"""What a simulated camera is asked to show: ``simulate:shift?fault=ST-10&away=10-14``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from posture_check.errors import InputError
from posture_check.measures.camera import Camera
from posture_check.station.dress import DRESS_FAULTS
from posture_check.station.parts import BODY_FAULTS

PREFIX = "simulate:"
SHIFT = "shift"
FAULTS = (*BODY_FAULTS, *DRESS_FAULTS)

Windows = tuple[tuple[float, float], ...]

_WHEN = {
    "away": "nobody is in view",
    "two": "a second person stands beside the first",
    "dark": "the light is off",
    "lost": "the camera is unplugged",
    "frozen": "the camera repeats its last picture",
}
_NUMBERS: dict[str, tuple[float, float, float]] = {
    "people": (1, 0, 2),
    "fps": (25, 1, 60),
    "width": (1280, 320, 1920),
    "lines": (720, 240, 1080),
    "stature": (1.72, 1.2, 2.1),
    "noise": (1.0, 0, 20),
    "seed": (0, 0, 2**31),
}
"""Default, least, most."""


@dataclass(frozen=True, slots=True)
class Play:
    """What is played before a simulated camera.

    Attributes
    ----------
    name
        ``shift`` does what the steps ask; any scene of the simulator plays as it is.
    faults
        Clauses that are not kept the first time a step asks for them, and kept the next.
    code
        Staff number whose code is shown when a code is asked for; None shows none.
    when
        Windows in seconds since the station's start, by what happens in them.
    numbers
        Settings of camera and person.
    rest
        Settings that go on to the scene of that name.
    """

    name: str = SHIFT
    faults: tuple[str, ...] = ()
    code: str | None = None
    when: dict[str, Windows] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    rest: str = ""

    def number(self, name: str) -> float:
        """Return a setting, or its default."""
        return self.numbers.get(name, _NUMBERS[name][0])

    def happens(self, what: str, at_s: float) -> bool:
        """Tell whether something goes on at a time, in seconds since the station's start."""
        return any(start <= at_s < end for start, end in self.when.get(what, ()))

    def people(self, at_s: float) -> int:
        """Return how many people are in view."""
        if self.happens("away", at_s):
            return 0
        return 2 if self.happens("two", at_s) else int(self.number("people"))

    def camera(self) -> Camera:
        """Return the camera of a shift: it stays where it is, as a kiosk's does."""
        width, height = int(self.number("width")), int(self.number("lines"))
        return Camera(width=width, height=height, hfov_deg=65.0, height_m=1.3, pitch_deg=6.0)


def read_play(camera: str) -> Play:
    """Read a simulated camera's specification.

    Parameters
    ----------
    camera
        ``simulate:NAME?settings``.

    Raises
    ------
    InputError
        If there is no such scene or setting.
    """
    name, _, query = camera.removeprefix(PREFIX).partition("?")
    faults: tuple[str, ...] = ()
    code: str | None = None
    when: dict[str, Windows] = {}
    numbers: dict[str, float] = {}
    rest: list[str] = []
    for key, text in parse_qsl(query, keep_blank_values=True):
        if key == "fault":
            faults += tuple(_fault(camera, clause) for clause in re.split(r"[, ]+", text))
        elif key == "code":
            code = _code(camera, text)
        elif key in _WHEN:
            when[key] = (*when.get(key, ()), _window(camera, key, text))
        elif key in _NUMBERS and (name == SHIFT or key in ("people", "fps")):
            numbers[key] = _number(camera, key, text)
        elif name == SHIFT:
            known = ", ".join(("fault", "code", *_WHEN, *_NUMBERS))
            raise InputError(f"{camera}: no setting {key!r}; choose from {known}")
        else:
            rest.append(f"{key}={text}")
    play = Play(name, faults, code, when, numbers, "&".join(rest))
    if name != SHIFT:
        from posture_check.simulate.source import simulated_known

        try:
            simulated_known(scene_spec(play))
        except InputError as error:
            raise InputError(f"{error}; or {PREFIX}{SHIFT}, which does what the steps ask") from None
    return play


def scene_spec(play: Play) -> str:
    """Return the simulator's name of a scene that plays as it is."""
    return f"{PREFIX}{play.name}?{play.rest}".rstrip("?")


def _fault(camera: str, clause: str) -> str:
    if clause not in FAULTS:
        raise InputError(f"{camera}: fault={clause}: cannot be shown; choose from {', '.join(FAULTS)}")
    return clause


def _code(camera: str, text: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,40}", text):
        raise InputError(f"{camera}: code={text}: must be a staff number")
    return text


def _window(camera: str, key: str, text: str) -> tuple[float, float]:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)?", text)
    if not found:
        raise InputError(f"{camera}: {key}={text}: must be FROM-TO in seconds, such as 10-14 ({_WHEN[key]})")
    start, end = float(found[1]), float(found[2]) if found[2] else float("inf")
    if end <= start:
        raise InputError(f"{camera}: {key}={text}: must end after it begins")
    return start, end


def _number(camera: str, key: str, text: str) -> float:
    _, least, most = _NUMBERS[key]
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise InputError(f"{camera}: {key}={text}: must be a number from {least:g} to {most:g}")
    return value
