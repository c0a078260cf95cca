"""Accuracy of the whole program on labelled footage: ``bench/accuracy --help``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.derive import derived_cases
from bench.figures import Findings, as_json, findings
from bench.footage import FAMILIES, Case, all_cases
from bench.judging import judge_all
from bench.limits import load_limits, regressions
from bench.simulated import is_simulated, simulated_cases
from bench.tracks import TrackCache, fill
from bench.write import markdown
from posture_check import __version__
from posture_check.audit.run import cores
from posture_check.errors import InputError

HERE = Path(__file__).resolve().parent
FOOTAGE = HERE.parent.parent / "shared" / "footage"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 0 if all is well, 1 if a limit is broken, 2 for bad usage."""
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen)
    except InputError as error:
        print(f"bench/accuracy: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench/accuracy",
        description="Check every file of the labelled footage and compare with labels and truth.",
    )
    add = parser.add_argument
    add("--footage", type=Path, default=FOOTAGE, help="folder of labelled footage (default: %(default)s)")
    add("--subset", action="store_true", help="only the files of bench/subset.txt")
    add("--family", action="append", choices=FAMILIES, help="only this kind of footage; may be repeated")
    add("--workers", type=int, default=cores(), help="processes (default: one per core)")
    add("--tracks-cache", type=Path, help="where landmarks are kept between runs")
    add("--check", action="store_true", help="compare with the limits; exit code 1 if a figure regressed")
    add("--limits", type=Path, default=HERE / "limits.toml", help="regression limits (default: %(default)s)")
    add("--json", action="store_true", help="print the findings as JSON instead of Markdown")
    add("--out", type=Path, help="where to write the report (default of a full run: bench/RESULTS.md)")
    return parser


def _run(chosen: argparse.Namespace) -> int:
    scope = "subset" if chosen.subset else "full"
    # A limits file that is wrong should be told before minutes of work, not after.
    limits = {} if chosen.family else load_limits(chosen.limits, scope)
    if chosen.check and chosen.family:
        raise InputError("--check with --family: the limits are for whole runs: leave one of them out")
    started = time.monotonic()
    found, head = _measure(chosen)
    head.append(f"Took {time.monotonic() - started:.0f} s with {chosen.workers} workers.")
    text = markdown(found, head, limits)
    out = chosen.out or (None if chosen.subset or chosen.family else HERE / "RESULTS.md")
    if out is not None:
        out.write_text(text, encoding="utf-8")
    print(as_json(found) if chosen.json else text)
    lines = regressions(found.figures, limits) if chosen.check else []
    for line in lines:
        print(f"regressed: {line}", file=sys.stderr)
    if chosen.check and not lines:
        print(f"all {len(limits)} limits hold", file=sys.stderr)
    return 1 if lines else 0


def _measure(chosen: argparse.Namespace) -> tuple[Findings, list[str]]:
    if chosen.workers < 1:
        raise InputError(f"--workers {chosen.workers}: must be at least 1")
    folder = chosen.tracks_cache or _default_cache()
    cases = all_cases(chosen.footage)
    if "derived" in (chosen.family or FAMILIES):
        cases += derived_cases(chosen.footage, folder / "derived")
    if "simulated" in (chosen.family or FAMILIES):
        cases += simulated_cases()
    cases = _choose(chosen, cases)
    kept = TrackCache(folder).open()
    broken = fill(kept, cases, chosen.workers, _progress)
    found = findings(judge_all(kept, cases, broken, chosen.workers))
    kinds = ", ".join(
        f"{sum(c.family == family for c in cases)} {family}"
        for family in FAMILIES
        if any(c.family == family for c in cases)
    )
    scope = "the subset of files in bench/subset.txt" if chosen.subset else "all files"
    return found, [f"posture-check {__version__}, {scope}: {len(cases)} ({kinds})."]


def _choose(chosen: argparse.Namespace, cases: Sequence[Case]) -> list[Case]:
    wanted = set(chosen.family or FAMILIES)
    picked = [case for case in cases if case.family in wanted]
    if chosen.subset:
        lines = (HERE / "subset.txt").read_text(encoding="utf-8").splitlines()
        names = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
        absent = names - {case.name for case in cases}
        if absent and not chosen.family:
            raise InputError(f"bench/subset.txt: not in {chosen.footage}: {', '.join(sorted(absent)[:5])}")
        picked = [case for case in picked if case.name in names or is_simulated(case)]
    if not picked:
        raise InputError(f"{chosen.footage}: nothing there to measure with these options")
    return picked


def _default_cache() -> Path:
    from posture_check.landmarks.store import default_cache_dir

    return default_cache_dir() / "bench-tracks"


def _progress(done: int, total: int, name: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{done}/{total} {name}", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done % 50 == 0 or done == total:
        print(f"{done}/{total} files", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
