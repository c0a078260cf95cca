"""Loads what every step needs before the first person comes: models, rules, and all the code that judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from posture_check.checklist.messages import Begin
from posture_check.checklist.schema import CameraStep
from posture_check.rules.result import Text
from posture_check.sources.frame import Frame
from posture_check.station.actor import tell
from posture_check.station.dress import SimulatedDress
from posture_check.station.simulated import SimulatedDetectors, SimulatedSight

if TYPE_CHECKING:
    from posture_check.landmarks.detectors import Detectors

_SIZE = (640, 360)
_RATE_HZ, _LASTS_S = 6.0, 2.5


def warm_up(detectors: Detectors | SimulatedDetectors) -> None:
    """Run a step with somebody simulated in it, and each model once on a blank picture.

    Raises
    ------
    InputError
        If the models or the rules cannot be had.
    """
    blank = np.full((_SIZE[1], _SIZE[0], 3), 127, np.uint8)
    pose, world = _practice(blank)
    if isinstance(detectors, SimulatedDetectors):
        return
    detectors.pose(video=True).find(blank, 0.0)
    hands, score = detectors.hands.find(blank, pose, world)
    detectors.face.find(blank, pose, world)
    detectors.arms.judge(blank, pose, hands, score)
    detectors.person.solidity(blank, pose)


def _practice(blank: NDArray[np.uint8]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Judge a simulated person for some seconds; return the landmarks of the last picture."""
    from posture_check.checklist.step_run import StepRun
    from posture_check.measures.camera import Camera
    from posture_check.simulate.standing import standing
    from posture_check.simulate.view import view

    camera = Camera(width=_SIZE[0], height=_SIZE[1], hfov_deg=65.0, height_m=1.3, pitch_deg=6.0)
    seen = view(standing(), camera, fps=_RATE_HZ, duration_s=_LASTS_S, details_hz=_RATE_HZ)
    title = Text(zh="预备", en="Warming up")
    step = CameraStep(id="warm_up", title=title, say=title, postures=("standing",), hold_s=1.0, patience_s=1.0)
    detectors: Any = SimulatedDetectors()
    run = StepRun(
        Begin(run=0, task="step", step=step),
        detectors,
        0.0,
        in_step=True,
        scene=seen.known(),
        onlooker=SimulatedDress(),
    )
    try:
        for i, time_s in enumerate(seen.time_s):
            person = tell(seen.people[0], i)
            detectors.sight = SimulatedSight((person,) if person else ())
            run.feed(Frame(i, float(time_s), blank))
    finally:
        run.close()
    return seen.track.image[-1], seen.track.world[-1]
