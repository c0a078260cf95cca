"""The kiosk bench's figures as Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.kiosk_soak import SETTLED, Soak
from bench.kiosk_station import Run
from bench.kiosk_steps import STEPS, Size
from posture_check import __version__

P95_MS, ALL_FPS, POSE_FPS = 150.0, 15.0, 24.0
"""What is promised on two cores: delay to the overlay, frames a second with everything and with pose alone."""


@dataclass(slots=True)
class Figures:
    """All that was measured.

    Attributes
    ----------
    bare_ms
        The bare pose model on the same frames, alone on the machine: by size, milliseconds of each round.
    station, page
        Server part and page part.
    soak
        Memory, if it was watched.
    """

    bare_ms: dict[Size, list[float]] = field(default_factory=dict)
    station: list[Run] = field(default_factory=list)
    page: list[Run] = field(default_factory=list)
    soak: Soak | None = None

    def bare(self, size: Size) -> float:
        """Return the reference for a size."""
        return statistics.median(self.bare_ms[size])


def report(figures: Figures, busy: float) -> str:
    """Return the whole report.

    Parameters
    ----------
    figures
        What was measured.
    busy
        Cores that something else kept busy meanwhile.
    """
    lines = [
        "# The kiosk: frame to overlay",
        "",
        f"- posture-check {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, shared by "
        "browser, server and vision",
        f"- something else kept {busy:.1f} cores busy meanwhile" if busy > 0.1 else "- nothing else ran",
        "- a camera of 30 frames a second; at most two pictures under way, always the newest; one that had to "
        "wait is sent if it will be in time (0.8 of 150 ms, two deviations allowed for); the page sends smaller ones "
        "where the step before was late (over 150 ms, or under 20 a second)",
        "",
        *(_delays(figures) if figures.bare_ms else ()),
    ]
    if figures.soak is not None:
        lines += ["", "## Memory", "", *_memory(figures.soak)]
    return "\n".join(lines) + "\n"


def _delays(figures: Figures) -> Iterator[str]:
    bare = "; ".join(f"{_size(size)}: {figures.bare(size):.1f} ms" for size in figures.bare_ms)
    yield f"The unit *bare* is what the bare pose model takes for the same decoded picture, in the same run: {bare}."
    yield from ("", "## Server: picture in hand to sight", "")
    yield from _table(figures, figures.station, ("vision", "server"))
    if figures.page:
        yield from ("", "## Page: camera frame to overlay drawn", "")
        yield from _table(figures, figures.page, _PAGE_PARTS)
        yield ""
        yield from _promises(figures.page)


_COLUMNS = (
    "step", "camera", "sent as", "p50 ms", "p95 ms", "p50 in bare", "p95 in bare", "frames/s", "dropped", "not sent",
)  # fmt: skip
_PAGE_PARTS = ("vision", "server", "browser")


def _table(figures: Figures, runs: Sequence[Run], parts: Sequence[str]) -> Iterator[str]:
    yield f"| {' | '.join((*_COLUMNS, *(f'{part}, cores' for part in parts)))} |"
    yield f"|{'---|' * (len(_COLUMNS) + len(parts))}"
    for run in runs:
        bare = figures.bare(run.size)
        p50, p95 = run.share(50), run.share(95)
        cores = " | ".join(f"{run.cores.get(part, 0.0):.2f}" for part in parts)
        yield (
            f"| {STEPS[run.kind]} | {_size(run.size)} | {_size(run.sent)} | {p50:.0f} | {p95:.0f} "
            f"| {p50 / bare:.1f} | {p95 / bare:.1f} | {run.fps:.1f} | {run.dropped} | {run.skipped} | {cores} |"
        )


def _promises(runs: Sequence[Run]) -> Iterator[str]:
    for run in runs:
        least = POSE_FPS if run.kind == "pose" else ALL_FPS
        kept = run.share(95) <= P95_MS and run.fps >= least
        yield (
            f"- {STEPS[run.kind]}, {_size(run.size)}: promised p95 <= {P95_MS:.0f} ms at >= {least:.0f} frames/s: "
            f"{'kept' if kept else 'missed'} ({run.share(95):.0f} ms at {run.fps:.1f})"
        )


def _memory(soak: Soak) -> Iterator[str]:
    yield f"{soak.minutes:.0f} minutes, {soak.visits} checks begun and left one after the other, everything looked at."
    yield f"The first {SETTLED:.0%} of the time, in which caches fill, are left out of the slope."
    yield ""
    yield "Settled and at the end: medians of the first and the last third of the rest."
    yield ""
    yield "| process | at first, MiB | settled, MiB | at the end, MiB | growth, MiB an hour |"
    yield "|---|---|---|---|---|"
    for part, values in soak.mb.items():
        (settled, end), (slope, error) = soak.levels(part), soak.growth(part)
        yield f"| {part} | {values[0]:.0f} | {settled:.0f} | {end:.0f} | {slope:+.1f} ± {error:.1f} |"


def _size(size: Size) -> str:
    return f"{size[0]}x{size[1]}"
