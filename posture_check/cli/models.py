"""``posture-check models``: the landmark models in the user's cache."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli.common import progress_bar

if TYPE_CHECKING:
    from posture_check.landmarks.store import ModelStatus

app = typer.Typer(help="List, install and verify the landmark models.", no_args_is_help=True)


@app.command("list")
def list_models() -> None:
    """List every model: what it is, whether it is there, and where."""
    from posture_check.landmarks.store import ModelStore

    _print(ModelStore().list())


@app.command()
def install(
    from_file: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="A MediaPipe wheel or a .task bundle; without it, fetch them."),
    ] = None,
) -> None:
    """Fetch the models, or take them from a file on a machine without a network."""
    from posture_check.landmarks.store import ModelStore

    store = ModelStore()
    with progress_bar() as progress:
        names = store.install(from_file, progress)
    typer.echo(f"installed {', '.join(names)} in {store.folder}")


@app.command()
def verify() -> None:
    """Read every model and compare its hash with the one it was stored with.

    Exit codes: 0 all are sound, 1 one is missing or damaged.
    """
    from posture_check.landmarks.store import ModelStore

    statuses = ModelStore().verify()
    _print(statuses)
    if any(status.state != "ok" for status in statuses):
        typer.echo("to mend this: posture-check models install", err=True)
        raise typer.Exit(1)


def _print(statuses: list[ModelStatus]) -> None:
    from rich.table import Table
    from rich.text import Text

    from posture_check.reports.terminal import stdout_console

    signs = {
        "ok": ("✓ ok", "green"),
        "missing": ("– missing", "yellow"),
        "damaged": ("✗ damaged", "bold red"),
    }
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bright_black")
    for name in ("model", "state", "size", "sha256", "file"):
        table.add_column(name, justify="right" if name == "size" else "left", overflow="fold")
    console = stdout_console()
    for status in statuses:
        word, style = signs[status.state]
        size = f"{status.size / 1e6:.1f} MB" if status.size else ""
        table.add_row(status.name, Text(word, style=style), size, (status.sha256 or "")[:12], status.path.name)
    console.print(table)
    for folder in dict.fromkeys(status.path.parent for status in statuses):
        console.print(f"in {folder}", style="bright_black", soft_wrap=True, markup=False)
