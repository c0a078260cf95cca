"""The command line. Thin: each command parses, calls and prints; what it needs is imported when it runs."""

from __future__ import annotations


def main() -> None:
    """Run ``posture-check`` with the arguments of the process; always ends in ``SystemExit``."""
    from posture_check.cli.app import run

    run()
