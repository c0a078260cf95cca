"""How soon the kiosk's overlay follows the camera, and whether it can run for days: ``bench/kiosk --help``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.kiosk_steps import CLIP, HERE, SIZES, STEPS, Image, endless, pictures
from posture_check.errors import InputError

_BARE_FRAMES = 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 0 if it ran, 2 for bad usage."""
    parser = argparse.ArgumentParser(
        prog="bench/kiosk", description="Frame to overlay, frames per second, processor time, and memory over hours."
    )
    add = parser.add_argument
    add("--clip", type=Path, default=CLIP, help="a clip of one person standing")
    add("--seconds", type=float, default=30.0, help="length of each measurement (default: 30)")
    add("--minutes", type=float, default=60.0, help="length of the soak; 0 leaves it out (default: 60)")
    add("--no-page", action="store_true", help="the server alone, without a browser")
    add("--no-station", action="store_true", help="without the server part")
    add("--soak-alone", action="store_true", help="memory alone, nothing else is measured")
    add("--out", type=Path, default=HERE / "KIOSK.md", help="where to write the report")
    chosen = parser.parse_args(arguments)
    if chosen.seconds <= 0 or chosen.minutes < 0:
        parser.error("--seconds must be above 0 and --minutes not below")
    # The landmark models may start threads of their own; without this NumPy would too, and blur the picture.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        text = _run(chosen)
    except InputError as error:
        print(f"bench/kiosk: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    chosen.out.write_text(text, encoding="utf-8")
    print(text)
    return 0


def _run(chosen: argparse.Namespace) -> str:
    from bench import kiosk_page, kiosk_station
    from bench.kiosk_soak import soak
    from bench.kiosk_write import Figures, report

    if not chosen.clip.is_file():
        raise InputError(f"{chosen.clip}: no such file: name a clip with --clip")
    figures = Figures()
    busy = _busy_cores()
    frames = {size: pictures(chosen.clip, size) for size in SIZES}
    for size in SIZES if not chosen.soak_alone else ():
        figures.bare_ms[size] = _bare(frames[size])
        if not chosen.no_station:
            figures.station += kiosk_station.measure(frames[size], tuple(STEPS), size, chosen.seconds)
            _tell(figures.station[-len(STEPS) :])
    for size in SIZES if not (chosen.no_page or chosen.soak_alone) else ():
        for kind in STEPS:
            figures.page.append(kiosk_page.measure(frames[size], kind, size, chosen.seconds))
            _tell(figures.page[-1:])
        figures.bare_ms[size] += _bare(frames[size])
    if chosen.minutes > 0 and not chosen.no_page:
        figures.soak = soak(frames[SIZES[-1]], SIZES[-1], chosen.minutes)
    return report(figures, busy)


def _tell(runs: Sequence[object]) -> None:
    from bench.kiosk_station import Run

    for run in runs:
        assert isinstance(run, Run)
        print(
            f"{run.kind} {run.size[0]}x{run.size[1]}: p50 {run.share(50):.0f} p95 {run.share(95):.0f} ms, "
            f"{run.fps:.1f} frames/s, cores { ({k: round(v, 2) for k, v in run.cores.items()}) }",
            file=sys.stderr,
        )


def _bare(frames: Sequence[Image]) -> list[float]:
    """Return what the bare pose model takes for a picture, in milliseconds, some rounds."""
    from bench.references import BarePose

    bare = BarePose()
    some = endless(frames, _BARE_FRAMES)
    bare.run(some[:20])
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        bare.run(some)
        rounds.append(1000 * (time.perf_counter() - start) / len(some))
    bare.close()
    return rounds


def _busy_cores(seconds: float = 2.0) -> float:
    """Return how many cores something else keeps busy."""
    import psutil

    return psutil.cpu_percent(seconds) / 100 * (os.cpu_count() or 1)


if __name__ == "__main__":
    sys.exit(main())
