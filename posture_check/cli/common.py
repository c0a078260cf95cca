"""What several commands share: common options, one-line errors, and a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from posture_check.errors import InputError

if TYPE_CHECKING:
    from posture_check.pipeline import Options
    from posture_check.reports.wording import Lang

BAD_INPUT = 2
INTERRUPTED = 130

Progress = Callable[[str, float | None], None]


class Language(StrEnum):
    """Languages that results are written in."""

    ZH = "zh"
    EN = "en"


class RoleName(StrEnum):
    """Variants of the standard."""

    A = "A"
    B = "B"


PostureOption = Annotated[
    list[str],
    typer.Option(
        "--posture",
        metavar="NAME",
        help="auto (those that are seen), standing, walking, sitting, squatting, gesture, expression or grooming "
        "(not part of auto); give it several times for several.",
    ),
]
RoleOption = Annotated[RoleName, typer.Option(help="Which of the standard's variants applies; never guessed.")]
SiteOption = Annotated[
    str,
    typer.Option(
        metavar="NAME|FILE",
        help="The site: a file (.yaml) of what it changes in the rules, or its name, written into the result.",
    ),
]
PersonOption = Annotated[
    str, typer.Option(metavar="WHO", help="Who is judged: largest, central, all, or a number from 0.")
]
RulesOption = Annotated[
    Path | None, typer.Option("--rules", metavar="FILE", help="Rules file; by default the one that ships.")
]
CalibrationOption = Annotated[
    Path | None,
    typer.Option("--calibration", metavar="FILE", help="Calibration profile; without one the camera is estimated."),
]
StatureOption = Annotated[
    float | None, typer.Option("--stature-cm", min=80, max=240, help="The person's height, if known.")
]
ExemptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--exempt",
        metavar="CLAUSE",
        help="What the person is exempt from: a rule, a clause (BE-01) or a chapter (HA: hair, as under a headscarf); "
        "give it several times for several.",
        show_default=False,
    ),
]
LangOption = Annotated[
    Language | None,
    typer.Option("--lang", help="Language of the wording; by default the system's.", show_default=False),
]


def complain(message: str) -> None:
    """Print one line to stderr, whatever the message held."""
    typer.echo(f"posture-check: {' '.join(message.split())}", err=True)


def chosen_language(chosen: Language | None) -> Lang:
    """Return the language to write in."""
    from posture_check.reports.wording import language

    return language(None if chosen is None else chosen.value)


def make_options(
    posture: list[str],
    role: RoleName,
    site: str,
    person: str,
    rules: Path | None,
    calibration: Path | None,
    stature_cm: float | None,
    exempt: list[str] | None = None,
) -> Options:
    """Return the options of the pipeline.

    Raises
    ------
    InputError
        If a posture or person is not one of those there are.
    """
    from posture_check.pipeline import POSTURES, Options

    names = tuple(name.strip() for value in posture for name in value.split(","))
    for name in names:
        if name not in POSTURES:
            raise InputError(f"--posture {name}: not known: choose from {', '.join(POSTURES)}")
    return Options(
        posture=names,
        role=role.value,
        site=site,
        person=_person(person),
        rules=rules,
        calibration=calibration,
        stature_cm=stature_cm,
        exempt=tuple(name.strip().upper() for value in exempt or () for name in value.split(",")),
    )


def _person(text: str) -> int | Literal["largest", "central", "all"]:
    match text:
        case "largest" | "central" | "all":
            return text
    if text.isascii() and text.isdecimal():
        return int(text)
    raise InputError(f"--person {text}: not known: choose largest, central, all, or a number from 0")


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Give a function that shows progress on stderr, or None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[share]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None, share="")

        def show(what: str, share: float | None) -> None:
            if share is None:
                bar.update(task, description=what, total=None, share="")
            else:
                bar.update(task, description=what, total=1.0, completed=share, share=f"{share:4.0%}")

        yield show


def profile_target(out: Path | None, profile: Path | None) -> Path:
    """Return where a changed calibration profile goes: the named file, else where it came from.

    Raises
    ------
    InputError
        If it could not be written there.
    """
    from posture_check.reports.encode import check_target

    target = out or profile
    if target is None:
        raise InputError("--out: missing: name the profile to write")
    check_target(target, (".yaml", ".yml"), "--out" if out else "--profile")
    return target
