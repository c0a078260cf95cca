"""The speed bench's figures as Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.memory import SETTLED_S, Memory
from bench.stopwatch import Stopwatch
from posture_check import __version__

STAGES = ("decode", "pose", "hands", "face", "arms", "tracks", "measures", "rules")
VARIANTS = {
    "bare": "bare pose model, frames already decoded (the floor)",
    "pose": "this program, pose only: decode to verdicts",
    "all": "this program, everything: decode to verdicts",
    "plain": "plain loop: OpenCV decode, pose + hands + face on every frame",
}


@dataclass(slots=True)
class Timing:
    """Rounds of one variant.

    Attributes
    ----------
    frames
        Frames in a round.
    wall_s, cpu_s
        Seconds of each round: by the clock, and of processor time over all cores.
    watches
        Stages of each round.
    """

    frames: int = 0
    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    watches: list[Stopwatch] = field(default_factory=list)

    @property
    def fps(self) -> float:
        """Frames a second by the clock, median of the rounds."""
        return self.frames / statistics.median(self.wall_s)

    @property
    def fps_per_core(self) -> float:
        """Frames a second of processor time, median of the rounds."""
        return self.frames / statistics.median(self.cpu_s)

    def against(self, other: Timing) -> tuple[float, float]:
        """Return how fast this is in units of another variant, by the clock and per core.

        Each round is compared with the other's round of the same turn, and the median counts: what else the
        machine does in that turn slows both.
        """
        wall = statistics.median(b / a for a, b in zip(self.wall_s, other.wall_s, strict=True))
        cpu = statistics.median(b / a for a, b in zip(self.cpu_s, other.cpu_s, strict=True))
        return wall, cpu


_HOW = """\
*Per core* counts processor time over all threads: what a machine full of workers gets from each of its cores.
The variants take turns, and ratios are medians over the turns, so that a busy moment of the machine does not
fall on one variant alone."""
_HOW_STAGES = """\
`tracks` is everything between the landmarkers: outline, shaking, who is who, left and right, growing arrays,
smoothing. `rules` is judging without the measures themselves. Hands, face and arms are looked at a few times a
second, not on every frame."""


def report(timings: dict[str, Timing], memory: Memory | None) -> str:
    """Return the whole report."""
    bare = timings["bare"]
    wall, cpu = timings["all"].against(timings["plain"])
    lines = [
        "# Speed",
        "",
        f"- posture-check {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores",
        f"- a 720p clip of one person standing, {bare.frames} frames a round",
        f"- median of {len(bare.wall_s)} rounds, one process",
        "",
        _HOW,
        "",
        *_variants(timings),
        "",
        f"Everything is {wall:.1f} times as fast as the plain loop by the clock, {cpu:.1f} times per core.",
        "",
        "## Milliseconds by stage",
        "",
        *_stages(timings["pose"], timings["all"]),
        "",
        _HOW_STAGES,
    ]
    if memory is not None:
        lines += ["", "## Memory", "", *_memory(memory)]
    return "\n".join(lines) + "\n"


def _variants(timings: dict[str, Timing]) -> Iterator[str]:
    bare = timings["bare"]
    yield "| | frames/s | frames/s per core | against the floor | against it, per core |"
    yield "|---|---|---|---|---|"
    for name, title in VARIANTS.items():
        t = timings[name]
        wall, cpu = t.against(bare)
        yield f"| {title} | {t.fps:.1f} | {t.fps_per_core:.1f} | {wall:.2f} | {cpu:.2f} |"


def _stages(pose: Timing, everything: Timing) -> Iterator[str]:
    yield "| stage | pose only: per frame | everything: per frame | everything: calls | per call |"
    yield "|---|---|---|---|---|"
    for stage in STAGES:
        calls = everything.watches[-1].calls.get(stage, 0) if everything.watches else 0
        each = _ms(everything, stage) * everything.frames / calls if calls else 0.0
        yield f"| {stage} | {_ms(pose, stage):.2f} | {_ms(everything, stage):.2f} | {calls} | {each:.2f} |"


def _ms(timing: Timing, stage: str) -> float:
    seconds = [watch.seconds.get(stage, 0.0) for watch in timing.watches]
    return 1000 * statistics.median(seconds or [0.0]) / timing.frames


def _memory(memory: Memory) -> Iterator[str]:
    settled = f"after {SETTLED_S:.0f} s"
    times = ("at the first frame", settled, "at the last frame", "after smoothing", "tracks")
    sizes = (memory.start_mb, memory.settled_mb, memory.end_mb, memory.judged_mb, memory.tracks_mb)
    yield f"One video of {memory.minutes:.1f} minutes, everything looked at, a fresh process; resident MiB."
    yield ""
    yield f"| {' | '.join(times)} |"
    yield "|---|---|---|---|---|"
    yield f"| {' | '.join(f'{size:.0f}' for size in sizes)} |"
    yield ""
    yield f"Growth {memory.growth_mb_per_minute:.2f} MiB a minute of video; the tracks, which are the result,"
    yield f"take {memory.tracks_mb_per_minute:.2f} MiB a minute of it, and no frame is kept."
