"""``posture-check audit``: many recordings in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posture_check.cli.common import (
    INTERRUPTED,
    CalibrationOption,
    PersonOption,
    PostureOption,
    RoleName,
    RoleOption,
    RulesOption,
    SiteOption,
    StatureOption,
    make_options,
    progress_bar,
)


def audit(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Pictures, videos and folders of them.", show_default=False),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.")],
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, metavar="N", help="Processes; by default one per core.")
    ] = None,
    posture: PostureOption = ["auto"],  # noqa: B006 - typer copies defaults
    role: RoleOption = RoleName.A,
    site: SiteOption = "default",
    person: PersonOption = "largest",
    rules: RulesOption = None,
    calibration: CalibrationOption = None,
    calibrations: Annotated[
        Path | None,
        typer.Option(
            "--calibrations",
            metavar="TABLE",
            help="Table (.csv or .yaml) of patterns of sources and their calibration profiles.",
        ),
    ] = None,
    stature_cm: StatureOption = None,
) -> None:
    """Check many recordings: a line per source in DIR/results.jsonl, tables and a report at the end.

    Exit codes: 0 all passed, 1 one failed, 3 one was incomplete or unreadable, 2 bad usage.
    """
    from posture_check.audit import run_audit

    options = make_options(posture, role, site, person, rules, calibration, stature_cm)
    with progress_bar() as progress:
        summary = run_audit(paths, out, options, workers, progress, calibrations)
    typer.echo(
        f"{summary.sources} sources: {summary.passed} pass, {summary.failed} fail, "
        f"{summary.incomplete} incomplete, {summary.unreadable} unreadable"
    )
    typer.echo(f"report: {summary.out / 'report.html'}")
    raise typer.Exit(INTERRUPTED if summary.interrupted else summary.exit_code)
