"""Speed of the program against two references measured in the same run: ``bench/speed --help``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.memory import Memory, memory_over, repeat
from bench.references import BarePose, PlainLoop
from bench.speed_write import VARIANTS, Timing, report
from bench.stopwatch import Stopwatch, TimedDetectors, TimedSource, timed_measures
from posture_check import pipeline
from posture_check.audit.pool import run_each
from posture_check.errors import InputError
from posture_check.landmarks.finder import Plan, find
from posture_check.pipeline import Options
from posture_check.sources import open_source

HERE = Path(__file__).resolve().parent
CLIP = HERE.parent / "examples" / "standing-v.mp4"

POSE_ONLY = Plan(hands=False, face=False, arms=False)
EVERYTHING = Plan(hands=True, face=True, arms=True, outline=True, shake=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 0 if it ran, 2 for bad usage."""
    parser = argparse.ArgumentParser(
        prog="bench/speed", description="Frames per second and milliseconds per stage, beside two references."
    )
    add = parser.add_argument
    add("--clip", type=Path, default=CLIP, help="a 720p clip; repeated until long enough")
    add("--seconds", type=float, default=20.0, help="length of a round in seconds of video (default: 20)")
    add("--rounds", type=int, default=3, help="rounds of each variant; the median counts (default: 3)")
    add("--minutes", type=float, default=0.0, help="also: memory over so many minutes of video (default: no)")
    add("--out", type=Path, default=HERE / "SPEED.md", help="where to write the report")
    chosen = parser.parse_args(arguments)
    if chosen.rounds < 1 or chosen.seconds <= 0:
        parser.error("--rounds and --seconds must be above 0")
    # The landmark models may start threads of their own; without this NumPy would too, and blur the picture.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        text = _run(chosen)
    except InputError as error:
        print(f"bench/speed: {error}", file=sys.stderr)
        return 2
    chosen.out.write_text(text, encoding="utf-8")
    print(text)
    return 0


def _run(chosen: argparse.Namespace) -> str:
    if not chosen.clip.is_file():
        raise InputError(f"{chosen.clip}: no such file: name a clip with --clip")
    with TemporaryDirectory(prefix="posture-check-bench-") as scratch:
        video = repeat(chosen.clip, chosen.seconds, Path(scratch) / "round.mp4")
        timings = _rounds(chosen.clip, video, chosen.rounds)
        memory = None
        if chosen.minutes > 0:
            long = repeat(chosen.clip, chosen.minutes * 60, Path(scratch) / "long.mp4")
            memory = _memory(long)
    return report(timings, memory)


def _memory(video: Path) -> Memory:
    """Measure in a fresh process: this one holds the references' models and frames."""
    (outcome,) = run_each(partial(memory_over, plan=EVERYTHING), [video], workers=1)
    if outcome.answer is None:
        raise InputError(f"{video}: memory could not be measured: {outcome.error}")
    return outcome.answer


def _rounds(clip: Path, video: Path, rounds: int) -> dict[str, Timing]:
    """Time every variant in turn, so that a busy moment of the machine does not fall on one of them alone."""
    pictures = [frame.image for frame in open_source(str(clip))]
    total = sum(1 for _ in open_source(str(video)))
    timings = {name: Timing(total) for name in VARIANTS}
    bare, plain = BarePose(), PlainLoop()
    detectors = TimedDetectors(Stopwatch())
    repeats = [pictures[i % len(pictures)] for i in range(total)]

    def ours(name: str, plan: Plan) -> Callable[[], object]:
        def run() -> None:
            timings[name].watches.append(_check(video, plan, detectors))

        return run

    variants: dict[str, Callable[[], object]] = {
        "bare": lambda: bare.run(repeats),
        "pose": ours("pose", POSE_ONLY),
        "all": ours("all", EVERYTHING),
        "plain": lambda: plain.run(video),
    }
    bare.run(pictures)  # first calls load code and make buffers
    for run in variants.values():
        run()
    for _ in range(rounds):
        for name, run in variants.items():
            wall, cpu = time.perf_counter(), time.process_time()
            run()
            timings[name].wall_s.append(time.perf_counter() - wall)
            timings[name].cpu_s.append(time.process_time() - cpu)
            print(f"{name}: {total / timings[name].wall_s[-1]:.1f} frames/s", file=sys.stderr)
    for landmarkers in (bare, plain, detectors):
        landmarkers.close()
    return timings


def _check(video: Path, plan: Plan, detectors: TimedDetectors) -> Stopwatch:
    """Check a video from its first frame to the verdict, with a clock around each stage."""
    watch = detectors.watch = Stopwatch()
    with watch.stage("tracks"):
        found = find(TimedSource(open_source(str(video)), watch), plan=plan, detectors=detectors)
    with timed_measures(watch), watch.stage("rules"):
        pipeline.judge(found, Options())
    return watch


if __name__ == "__main__":
    sys.exit(main())
