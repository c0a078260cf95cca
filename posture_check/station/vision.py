"""The vision process: decodes the newest picture, looks at it, and says what it came to; one picture at a time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posture_check.checklist.messages import Begin, Sight
from posture_check.errors import InputError
from posture_check.rules.loader import load_rules
from posture_check.sources.frame import Frame
from posture_check.station.child import Line
from posture_check.station.dress import SimulatedDress
from posture_check.station.jpeg import BadPicture, decode
from posture_check.station.simulated import SimulatedDetectors, SimulatedSight

if TYPE_CHECKING:
    from posture_check.checklist.step_run import Seen, StepRun
    from posture_check.landmarks.detectors import Detectors

WATCH = Begin(run=0)
"""What is done before anything has been begun."""


class Looker:
    """Feeds pictures to the step that is under way.

    Parameters
    ----------
    camera
        As the station has it.
    detectors
        The landmarkers, or what takes their place before a simulated camera.
    """

    def __init__(self, camera: str, detectors: Detectors | SimulatedDetectors) -> None:
        self._camera, self._detectors = camera, detectors
        self._dress = SimulatedDress() if isinstance(detectors, SimulatedDetectors) else None
        self._begin = WATCH
        self._step: StepRun | None = None
        self._index = 0

    def begin(self, begin: Begin) -> None:
        """Look for this from now on.

        Raises
        ------
        InputError
            If its rules or its calibration are at fault.
        """
        from posture_check.checklist.step_run import StepRun

        self.end()
        self._begin = begin
        if begin.task == "rest":
            return
        detectors: Any = self._detectors
        scene = None
        if self._dress is not None:
            from posture_check.station.actor import known_of

            scene = known_of(self._camera, begin)
        # While nobody is being judged, the rules that will be needed are read.
        load_rules(Path(begin.rules) if begin.rules else None, begin.site)
        self._step = StepRun(begin, detectors, time.monotonic(), scene=scene, onlooker=self._dress)

    def end(self) -> None:
        """End the step that is under way."""
        step, self._step = self._step, None
        if step is not None:
            step.close()

    def look(
        self, seq: int, captured_ms: float, time_s: float, jpeg: bytes, simulated: Any
    ) -> tuple[Sight, bytes | None]:
        """Return what a picture came to, and a still to keep if there is one.

        Raises
        ------
        BadPicture
            If it is none.
        """
        if self._begin.task == "rest":
            return self.nothing(seq, captured_ms), None
        started_s = time.perf_counter()
        image, size = decode(jpeg)
        if self._step is None:
            self.begin(self._begin)
        assert self._step is not None
        if isinstance(self._detectors, SimulatedDetectors) and self._dress is not None:
            self._detectors.sight = simulated or SimulatedSight()
            self._dress.known = self._detectors.sight.dress
        self._index += 1
        try:
            seen = self._step.feed(Frame(self._index, time_s, image))
        except Exception:
            self.end()  # begun anew with the next picture
            raise
        took_ms = 1000 * (time.perf_counter() - started_s)
        return _sight(self._begin.run, seq, captured_ms, size, seen, took_ms), seen.evidence_jpeg

    def nothing(self, seq: int, captured_ms: float) -> Sight:
        """Return the sight of a picture that could not be looked at: it is answered all the same."""
        return Sight(run=self._begin.run, seq=seq, captured_ms=captured_ms, size=(0, 0))


def run(line: Line, camera: str, simulated: bool) -> None:
    """Answer every ``("frame", seq, captured_ms, time_s, jpeg, simulated)`` with ``("sight", Sight, still)``.

    ``("begin", Begin)`` says what to look for. What is wrong but does not end this process is ``("trouble", text)``,
    and ``("trouble", None)`` when it is over.

    Parameters
    ----------
    line
        To the parent.
    camera
        As the station has it.
    simulated
        Whether the people come with the pictures.

    Raises
    ------
    InputError
        If the models cannot be had.
    """
    from posture_check.landmarks.detectors import Detectors
    from posture_check.station.warm import warm_up

    detectors: Detectors | SimulatedDetectors = SimulatedDetectors() if simulated else Detectors()
    try:
        warm_up(detectors)
        looker, trouble = Looker(camera, detectors), None
        looker.begin(WATCH)
        line.send("ready")
        while True:
            what, *rest = line.receive()
            now: str | None = None
            try:
                if what == "begin":
                    looker.begin(rest[0])
                else:
                    line.send("sight", *looker.look(*rest))
            except BadPicture as bad:
                line.send("bad", looker.nothing(*rest[:2]), str(bad))
            except InputError as error:
                now = str(error)
            except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError, RuntimeError) as error:
                now = f"{type(error).__name__}: {error}"
            if now is not None and what == "frame":
                line.send("sight", looker.nothing(*rest[:2]), None)
            if now != trouble and not (now is None and what == "begin"):
                trouble = now
                line.send("trouble", now)
            del rest
    finally:
        detectors.close()


def _sight(run: int, seq: int, captured_ms: float, size: tuple[int, int], seen: Seen, took_ms: float) -> Sight:
    return Sight(
        run=run,
        seq=seq,
        captured_ms=captured_ms,
        size=size,
        people=seen.people,
        stage=seen.stage,
        guidance=seen.guidance,
        progress=seen.progress,
        remaining_s=seen.remaining_s,
        code=seen.code,
        checks=seen.checks,
        took_ms=round(took_ms, 1),
    )
