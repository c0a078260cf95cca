"""All commands together, and what becomes of their errors."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from posture_check import __version__
from posture_check.cli import account, audit, calibrate, check, doctor, grooming, kiosk, models, records, rules
from posture_check.cli.common import BAD_INPUT, INTERRUPTED, complain
from posture_check.errors import InputError

CRASHED = 70
"""Exit code of a fault of the program itself (``EX_SOFTWARE``): never that of a verdict."""


class Guarded(TyperGroup):
    """Turns what commands raise into one clear line and an exit code that scripts can tell apart."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            complain(str(error))
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except (BrokenPipeError, typer.Abort):
            raise  # the reader has left (``| head``), or the user has: the framework ends quietly
        except Exception as error:
            if hasattr(error, "exit_code"):
                raise  # a usage error or a wanted exit
            if _interrupted(error):
                raise typer.Exit(INTERRUPTED) from None
            import traceback

            traceback.print_exc()
            complain("internal error, see above: please report it with the command that caused it")
            raise typer.Exit(CRASHED) from None


def _interrupted(error: BaseException) -> bool:
    """Whether an error stems from Ctrl-C, which surfaces as an ImportError while a compiled part is imported."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, KeyboardInterrupt):
        seen = seen.__cause__ or seen.__context__
    return seen is not None


app = typer.Typer(
    cls=Guarded,
    help="Checks how service staff stand, sit, walk, gesture and dress against a written etiquette standard.",
    epilog="Exit codes: 0 pass, 1 fail, 3 incomplete, 2 bad usage or bad input, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # the plain help loads in half the time
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"posture-check {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave."),
    ] = False,
) -> None:
    """Everything that holds for all commands."""


app.command("check")(check.check)
app.command("audit")(audit.audit)
app.command("kiosk")(kiosk.kiosk)
app.add_typer(account.app, name="account")
app.add_typer(records.app, name="records")
app.add_typer(rules.app, name="rules")
app.add_typer(models.app, name="models")
app.add_typer(calibrate.app, name="calibrate")
app.add_typer(grooming.app, name="grooming")
app.command("doctor")(doctor.doctor)


def run(arguments: list[str] | None = None) -> None:
    """Run the command line; always ends in ``SystemExit``.

    Parameters
    ----------
    arguments
        Without the program's name; by default the process's own.
    """
    _stop_on_sigterm()
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal lacks must not end the program.
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    app(arguments, prog_name="posture-check")


def _stop_on_sigterm() -> None:
    """Let SIGTERM unwind the stack, so that no file is left half-written."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, stop)
