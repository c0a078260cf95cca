"""What one look at a frame costs, beside the pose model in the same run, and how large the models are."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.grooming_cases import Case
from bench.grooming_read import Looker
from bench.references import BarePose
from posture_check.grooming.subject import Subject

SIZE = (1280, 720)
ROUNDS = 5
FRAMES = 8


@dataclass
class Cost:
    """Milliseconds and megabytes.

    Attributes
    ----------
    frames
        Pictures that were looked at.
    look_ms
        One look: the face mesh and all readers.
    pose_ms
        The bare pose model on the same pictures.
    parts
        Milliseconds by part of the look.
    models_mb
        Our own models altogether, in 10^6 bytes.
    """

    frames: int = 0
    look_ms: float | None = None
    pose_ms: float | None = None
    parts: dict[str, float] = field(default_factory=dict)
    models_mb: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the pose model's time a look takes."""
        return self.look_ms / self.pose_ms if self.look_ms and self.pose_ms else None

    def figures(self) -> dict[str, float | None]:
        """Return the numbers by name."""
        return {"cost.look_ms": self.look_ms, "cost.ratio": self.ratio, "cost.models_mb": self.models_mb}


def cost(looker: Looker, cases: Sequence[Case], models: Path) -> Cost:
    """Return what a look costs on stills of 1280x720 seen from the front; of every stage the quickest of some rounds.

    The quickest round is the one that other programs disturbed least; the median over the pictures counts.
    """
    found = Cost(models_mb=sum(path.stat().st_size for path in models.glob("*.onnx")) / 1e6)
    seen = (case.example.subject() for case in cases if case.front)
    subjects = [s for s in seen if s is not None and s.size == SIZE][:FRAMES]
    if not subjects:
        return found
    found.frames = len(subjects)
    stages = stage_ms(looker, subjects)
    found.pose_ms = stages.pop("pose")
    found.look_ms = stages["face mesh"] + stages.pop("all readers")
    found.parts = stages
    return found


def stage_ms(looker: Looker, subjects: Sequence[Subject]) -> dict[str, float]:
    """Return milliseconds by stage: the pose model alone, the face mesh, all readers together and each by itself."""
    from posture_check.landmarks.detectors import Detectors

    pose = BarePose()
    with Detectors() as detectors:
        stages: dict[str, Callable[[Subject], object]] = {
            "pose": lambda s: pose.run([s.image]),
            "face mesh": lambda s: detectors.face.find(s.image, s.pose, s.world),
            "all readers": looker.groomer.look,
            **looker.parts(),
        }
        best = {name: [_quickest(stage, _fresh(s)) for s in subjects] for name, stage in stages.items()}
    pose.close()
    return {name: statistics.median(ms) for name, ms in best.items()}


def _quickest(stage: Callable[[Subject], object], subject: Callable[[], Subject]) -> float:
    stage(subject())  # first calls load networks
    times = []
    for _ in range(ROUNDS):
        fresh = subject()
        start = time.perf_counter()
        stage(fresh)
        times.append(1000 * (time.perf_counter() - start))
    return min(times)


def _fresh(subject: Subject) -> Callable[[], Subject]:
    """Return a maker of the subject with nothing worked out yet: what it keeps would make the next look cheaper."""
    return lambda: Subject(subject.image, subject.pose, subject.world, subject.face)
