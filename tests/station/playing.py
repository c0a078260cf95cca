"""Steps played before the simulated camera without processes: time passes as fast as it is worked out."""

from __future__ import annotations

from posture_check.checklist.messages import Begin
from posture_check.checklist.schema import CameraStep
from posture_check.checklist.step_run import StepRun
from posture_check.rules.result import Check, Text
from posture_check.sources.frame import Frame
from posture_check.station.actor import Actor, known_of
from posture_check.station.dress import SimulatedDress
from posture_check.station.play import read_play
from posture_check.station.simulated import SimulatedDetectors

RATE_HZ = 10.0
TITLE = Text(zh="一步", en="A step")


def a_step(*postures: str, **settings) -> CameraStep:
    """Return a step of these postures."""
    asked = {"id": "asked", "title": TITLE, "say": TITLE, "postures": postures, "hold_s": 2.5, "patience_s": 1.5}
    return CameraStep.model_validate(asked | settings)


class Stage:
    """A simulated camera and the steps that are played before it."""

    def __init__(self, camera: str, rate_hz: float = RATE_HZ) -> None:
        self.camera, self.rate_hz = camera, rate_hz
        self.actor = Actor(read_play(camera))
        self.now_s, self.run = 100.0, 0

    def play(self, step: CameraStep, *, role: str = "A", most_s: float = 20.0) -> dict[str, Check]:
        """Return the checks of a step by their rule; what was said meanwhile is in ``said``."""
        self.run += 1
        begin = Begin(run=self.run, task="step", step=step, role=role)
        detectors, worn = SimulatedDetectors(), SimulatedDress()
        run = StepRun(begin, detectors, self.now_s, in_step=True, scene=known_of(self.camera, begin), onlooker=worn)
        self.actor.begin(begin, self.now_s)
        self.said: list[str] = []
        try:
            for i in range(int(most_s * self.rate_hz)):
                self.now_s += 1 / self.rate_hz
                shown = self.actor.show(self.now_s, self.now_s - 100.0)
                detectors.sight, worn.known = shown.simulated, shown.simulated.dress
                seen = run.feed(Frame(i, self.now_s, shown.image))
                if seen.guidance and (not self.said or self.said[-1] != seen.guidance.code):
                    self.said.append(seen.guidance.code)
                if seen.checks is not None:
                    return {check.rule: check for check in seen.checks}
        finally:
            run.close()
        raise AssertionError(f"not done after {most_s} s: {self.said}")
