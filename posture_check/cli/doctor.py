"""``posture-check doctor``: what this machine lacks, and the cure for each thing."""

from __future__ import annotations

import typer


def doctor() -> None:
    """Look at everything the program needs from this machine; changes and fetches nothing.

    Exit codes: 0 recordings can be judged (there may be warnings), 1 they cannot.
    """
    from rich.table import Table
    from rich.text import Text

    from posture_check.doctor import examine, healthy
    from posture_check.reports.terminal import stdout_console

    findings = examine()
    signs = {"ok": ("✓", "green"), "warning": ("~", "yellow"), "error": ("✗", "bold red")}
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        sign, style = signs[finding.state]
        detail = Text(finding.detail)
        if finding.cure:
            detail.append(f"\n→ {finding.cure}", style=style)
        table.add_row(Text(sign, style=style), Text(finding.name), detail)
    stdout_console().print(table)
    raise typer.Exit(0 if healthy(findings) else 1)
