"""Grooming measured on labelled pictures: ``bench/grooming --help``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.grooming_cases import FAMILIES, Case, all_cases
from bench.grooming_cost import Cost, cost
from bench.grooming_figures import Found, findings
from bench.grooming_folds import load_folds
from bench.grooming_promises import over_all_views
from bench.grooming_read import Looker, read_all
from bench.grooming_sheet import write_sheets
from bench.grooming_write import markdown
from bench.limits import load_limits, regressions
from posture_check import __version__
from posture_check.errors import InputError
from posture_check.resources import models_dir

HERE = Path(__file__).resolve().parent
FOOTAGE = HERE.parent.parent / "shared" / "footage"
SUBSET = HERE / "grooming_subset.txt"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 0 if all is well, 1 if a limit is broken, 2 for bad usage."""
    chosen = _parser().parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        return _run(chosen)
    except InputError as error:
        print(f"bench/grooming: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench/grooming",
        description="Look at every labelled picture of people's dress and hair, and compare with labels and truth.",
    )
    add = parser.add_argument
    add("--footage", type=Path, default=FOOTAGE, help="folder of labelled footage (default: %(default)s)")
    add("--only", action="append", choices=FAMILIES, metavar="FAMILY",
        help=f"only pictures of this family ({', '.join(FAMILIES)}); may be repeated")  # fmt: skip
    add("--subset", action="store_true", help="only the pictures of bench/grooming_subset.txt")
    add("--check", action="store_true", help="compare with the limits; exit code 1 if a figure regressed")
    add("--limits", type=Path, default=HERE / "grooming_limits.toml", help="regression limits (default: %(default)s)")
    add("--sheet", type=Path, metavar="FOLDER", help="also: contact sheets of every failure, into this folder")
    add("--no-cost", action="store_true", help="do not time a look")
    add("--json", action="store_true", help="print the figures as JSON instead of Markdown")
    add("--out", type=Path, help="where to write the report (default of a full run: bench/GROOMING.md)")
    return parser


def _run(chosen: argparse.Namespace) -> int:
    if chosen.check and chosen.only:
        raise InputError("--check with --only: the limits are for whole runs: leave one of them out")
    limits = {} if chosen.only else load_limits(chosen.limits, "subset" if chosen.subset else "full")
    started = time.monotonic()
    found, spent = _measure(chosen)
    head = [_scope(chosen, found), f"Took {time.monotonic() - started:.0f} s in one process."]
    text = markdown(found, spent, head, limits)
    out = chosen.out or (None if chosen.subset or chosen.only else HERE / "GROOMING.md")
    if out is not None:
        out.write_text(text, encoding="utf-8")
    print(json.dumps(found.figures, indent=1) if chosen.json else text)
    if chosen.sheet:
        print(f"{len(write_sheets(found, chosen.sheet))} contact sheets in {chosen.sheet}", file=sys.stderr)
    lines = regressions(found.figures, limits) if chosen.check else []
    for line in lines:
        print(f"regressed: {line}", file=sys.stderr)
    if chosen.check and not lines:
        print(f"all {len(limits)} limits hold", file=sys.stderr)
    return 1 if lines else 0


def _measure(chosen: argparse.Namespace) -> tuple[Found, Cost]:
    cases = choose(all_cases(chosen.footage), chosen.only, _subset() if chosen.subset else None)
    if not cases:
        raise InputError(f"{chosen.footage}: nothing there to measure with these options")
    looker = Looker()
    readings = list(read_all(looker, cases, _progress(len(cases))))
    found = findings(readings, load_folds(models_dir()))
    found.figures |= over_all_views(found)
    spent = Cost() if chosen.no_cost else cost(looker, cases, models_dir())
    found.figures |= spent.figures()
    return found, spent


def choose(cases: Sequence[Case], families: Sequence[str] | None, subset: Sequence[str] | None) -> list[Case]:
    """Return the cases that were asked for.

    Raises
    ------
    InputError
        If a picture of the subset is not there.
    """
    picked = [case for case in cases if families is None or case.family in families]
    if subset is None:
        return picked
    wanted = set(subset)
    absent = wanted - {case.name for case in cases}
    if absent:
        raise InputError(f"{SUBSET.name}: not in the footage: {', '.join(sorted(absent)[:5])}")
    return [case for case in picked if case.name in wanted]


def _subset() -> list[str]:
    lines = SUBSET.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _scope(chosen: argparse.Namespace, found: Found) -> str:
    counts = {family: sum(r.case.family == family for r in found.readings) for family in FAMILIES}
    kinds = ", ".join(f"{n} {family}" for family, n in counts.items() if n)
    scope = "the subset of pictures in bench/grooming_subset.txt" if chosen.subset else "all pictures"
    lost = sum(r.findings is None for r in found.readings)
    return f"posture-check {__version__}, {scope}: {len(found.readings)} ({kinds}); nobody was found in {lost}."


def _progress(total: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if done % 100 == 0 or done == total:
            print(f"{done}/{total} pictures", file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    sys.exit(main())
