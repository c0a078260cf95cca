"""The audit itself: which sources, where the results go, and how it ends."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from posture_check.audit.calibrations import profiles_of
from posture_check.audit.job import AuditJob, error_line
from posture_check.audit.pool import run_each
from posture_check.audit.report import write_report
from posture_check.audit.tables import read_lines, write_tables
from posture_check.errors import InputError
from posture_check.pipeline import SIMULATION, Options
from posture_check.rules.result import Verdict

Progress = Callable[[str, float | None], None]
RESULTS = "results.jsonl"
_ENDLESS = ("rtsp:", "rtsps:", "rtmp:", "camera:")


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """How an audit ended.

    Attributes
    ----------
    out
        Folder with ``results.jsonl``, ``checks.csv``, ``checks.parquet``, ``report.html`` and ``tracks/``.
    sources
        Sources that were to be checked.
    passed, failed, incomplete, unreadable
        Sources by what became of them.
    interrupted
        Whether it was stopped before the last source.
    """

    out: Path
    sources: int
    passed: int
    failed: int
    incomplete: int
    unreadable: int
    interrupted: bool

    @property
    def exit_code(self) -> int:
        """0 if every source passed; 1 if any failed; else 3 (incomplete, unreadable or stopped early).

        2 is never returned here: bad usage raises ``InputError`` before the first source.
        """
        if self.failed:
            return 1
        return 0 if self.passed == self.sources and not self.interrupted else 3


def run_audit(
    paths: Sequence[str],
    out: Path,
    options: Options,
    workers: int | None = None,
    progress: Progress | None = None,
    calibrations: Path | None = None,
) -> AuditSummary:
    """Check many sources, one line in ``results.jsonl`` as each one ends.

    A source that cannot be read, or that kills its worker, gets a line with ``error``; the run goes on.
    Ctrl-C (or SIGTERM) ends the run; every line that was written stays, and tables and report are made from
    them.

    Parameters
    ----------
    paths
        Files, folders and patterns, as for a single check.
    out
        Folder for the results; made if it is not there.
    options
        As for a single check.
    workers
        Processes; None takes one per core that may be used.
    progress
        Called with what just ended and the share that is done.
    calibrations
        Table of calibration profiles by pattern of sources, for those that have one of their own.

    Raises
    ------
    InputError
        If there is nothing to check, ``out`` holds the results of another audit or cannot be written, or
        the rules, a calibration profile, their table or the models are at fault (told once, rather than once per
        source).
    """
    tell = progress or _silent
    specs = _sources(paths)
    workers = min(workers or cores(), len(specs))
    if workers < 1:
        raise InputError(f"--workers {workers}: must be at least 1")
    own = profiles_of(specs, calibrations) if calibrations is not None else {}
    results, tracks = _prepare(out)
    _prove(specs, options, tell)
    interrupted = False
    tell(f"0 of {len(specs)}", 0.0)
    try:
        with (
            _stopped_by_signal(),
            results.open("ab", buffering=0) as lines,
            closing(run_each(AuditJob(tracks, options, own), specs, workers)) as outcomes,
        ):
            for done, outcome in enumerate(outcomes, start=1):
                line = outcome.answer or error_line(outcome.item, f"{outcome.item}: {outcome.error}")
                lines.write(line.encode() + b"\n")  # unbuffered and in one piece: a crash leaves whole lines
                tell(f"{done} of {len(specs)}: {Path(outcome.item).name}", done / len(specs))
    except KeyboardInterrupt:
        interrupted = True
        for part in tracks.glob("*.part"):
            part.unlink(missing_ok=True)  # left by a worker that was ended while it wrote
    except OSError as error:
        raise InputError(f"{results}: {error.strerror}: free some space or choose another --out") from error
    tell("tables and report", None)
    write_tables(results, out)
    write_report(results, out / "report.html")
    return _summary(results, out, len(specs), interrupted)


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _silent(_what: str, _share: float | None) -> None:
    """Tell nobody."""


def _sources(paths: Sequence[str]) -> list[str]:
    """Return every source once, in the order given."""
    from posture_check.sources import expand_paths

    specs: dict[str, None] = {}
    for path in paths:
        if path.lower().startswith(_ENDLESS):
            raise InputError(f"{path}: a live source has no end: record it, and audit the recording")
        specs.update(dict.fromkeys([path] if path.startswith(SIMULATION) else expand_paths([path])))
    if not specs:
        raise InputError("audit: nothing to check: name files or folders with pictures or videos")
    return list(specs)


def _prove(specs: Sequence[str], options: Options, tell: Progress) -> None:
    """Find out here, once, whether rules and models are there, rather than in each source's line."""
    from posture_check.calibrate.profile import load_profile
    from posture_check.landmarks.store import ModelStore
    from posture_check.rules.loader import load_rules

    load_rules(options.rules, options.site)
    if options.calibration is not None:
        load_profile(options.calibration)
    if all(spec.startswith(SIMULATION) for spec in specs):
        return
    store = ModelStore()
    for name in ("pose", "hand", "face"):
        store.ensure(name, tell)


def _prepare(out: Path) -> tuple[Path, Path]:
    """Return the results file and the tracks folder, both ready to be written."""
    results, tracks = out / RESULTS, out / "tracks"
    if results.exists() and results.stat().st_size > 0:
        raise InputError(f"{out}: holds the {RESULTS} of an earlier audit: choose another --out")
    try:
        tracks.mkdir(parents=True, exist_ok=True)
        results.touch()
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}): choose another --out") from error
    return results, tracks


def _summary(results: Path, out: Path, sources: int, interrupted: bool) -> AuditSummary:
    count = dict.fromkeys(("error", *Verdict), 0)
    for document in read_lines(results):
        count["error" if "error" in document else document["verdict"]] += 1
    return AuditSummary(
        out,
        sources,
        passed=count[Verdict.PASS],
        failed=count[Verdict.FAIL],
        incomplete=count[Verdict.INCOMPLETE],
        unreadable=count["error"],
        interrupted=interrupted,
    )


@contextmanager
def _stopped_by_signal() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C, so that a scheduler's stop ends cleanly too; only the main thread may."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        with suppress(TypeError):  # None: the handler was not set from Python and cannot be put back
            signal.signal(signal.SIGTERM, before)
