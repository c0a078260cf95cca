"""``posture-check grooming``: a site's own dress, how good the figures are, and training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli.common import LangOption, chosen_language, progress_bar
from posture_check.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from posture_check.grooming.descriptors import Item
    from posture_check.grooming.enroll import Eyes, Outcome
    from posture_check.grooming.evaluate import Said
    from posture_check.grooming.site_photos import SitePhoto
    from posture_check.reports.wording import Lang
    from posture_check.rules.result import Text

NOT_STORED = 1
"""Exit code where a head was trained and the one before is kept."""
_SHOWN_WRONG = 20

app = typer.Typer(help="Enrol a site's own dress, measure, and train.", no_args_is_help=True)

SiteName = Annotated[
    str | None,
    typer.Option(
        "--site", metavar="NAME|FILE", help="The site, by its name or its file, as for check.", show_default=False
    ),
]


@app.command()
def enroll(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Photos: DIR/<tie|scarf|badge|uniform>/<correct|incorrect>/PERSON_….jpg",
            show_default=False,
        ),
    ] = None,
    site: SiteName = None,
    camera: Annotated[
        str | None,
        typer.Option("--camera", metavar="INDEX", help="Take the photos with this camera, guided.", show_default=False),
    ] = None,
    items: Annotated[
        list[str] | None,
        typer.Option("--item", metavar="NAME", help="With --camera or --undo: tie, scarf, badge, uniform; repeatable."),
    ] = None,
    shots: Annotated[int, typer.Option(min=1, max=20, help="With --camera: photos per person and kind of dress.")] = 4,
    force: Annotated[
        bool, typer.Option("--force", help="Store a head even if it is worse than the one in use.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Put back what was in use before the last enrolment.")] = False,
    lang: LangOption = None,
) -> None:
    """Teach a site's own tie, scarf, badge or uniform from 10 to 60 photos of correct and incorrect dress.

    No photo is kept. Exit codes: 0 stored, 1 trained but not better than what is in use (kept), 2 bad usage or photos.
    """
    from posture_check.grooming.enroll import Looker
    from posture_check.grooming.enroll import enroll as train_heads
    from posture_check.grooming.site_heads import site_folder
    from posture_check.grooming.site_photos import site_photos
    from posture_check.reports.terminal import stdout_console

    words, console = chosen_language(lang), stdout_console()
    if site is None:
        raise InputError("--site: missing: name the site whose dress this is")
    site = _site_name(site)
    if undo:
        _undo(site, items, words)
        return
    if (folder is None) == (camera is None):
        raise InputError("grooming enroll: give either a folder of photos or --camera")
    site_folder(site)  # says at once what is wrong with the name
    chosen = _items(items)
    photos = site_photos(folder) if folder is not None else []
    eyes = Looker()
    if camera is not None:
        photos = _camera_photos(camera, chosen, shots, words, eyes)
    with progress_bar() as progress:
        outcomes = train_heads(site, photos, eyes, force=force, progress=progress)
    for outcome in outcomes:
        _show_outcome(outcome, console, words)
    if not all(outcome.stored for outcome in outcomes):
        raise typer.Exit(NOT_STORED)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Photos laid out as for enroll, or a footage folder.")],
    site: SiteName = None,
    json_: Annotated[bool, typer.Option("--json", help="Print a JSON document instead of the table.")] = False,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="OUT.png", help="Contact sheet of what was judged wrongly.")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Measure the figures on labelled photos: precision, recall, what was not assessed, and every failure."""
    from posture_check.grooming.evaluate import evaluate as look
    from posture_check.grooming.evaluate import failures_sheet, rows
    from posture_check.reports.encode import PICTURE_SUFFIXES, check_target, write_picture

    if sheet is not None:
        check_target(sheet, PICTURE_SUFFIXES, "--sheet")
    with progress_bar() as progress:
        said = look(folder, site and _site_name(site), progress=progress)
    if sheet is not None:
        write_picture(sheet, failures_sheet(said))
    if json_:
        import json

        wrong = [
            {"picture": s.case.name, "measure": s.measure, "truth": s.truth, "value": s.value} for s in said if s.wrong
        ]
        document = {"schema": "posture-check/grooming-evaluation/1", "measures": [r.plain() for r in rows(said)]}
        typer.echo(json.dumps({**document, "wrong": wrong}, ensure_ascii=False, indent=2))
        return
    _show_evaluation(said, chosen_language(lang))
    if sheet is not None:
        typer.echo(f"wrote {sheet}", err=True)


@app.command()
def train(
    footage: Annotated[Path, typer.Option("--footage", metavar="DIR", help="Folder of labelled footage.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write the models to.")] = Path("models"),
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Only this model; repeatable.", show_default=False),
    ] = None,
) -> None:
    """Train the models that ship, from footage to ONNX files and their cards; takes hours. For developers."""
    from posture_check.grooming.train.all import train as train_models

    train_models(footage, out, only or None, typer.echo)


def _site_name(site: str) -> str:
    """Return the name that checks with this ``--site`` carry: a site file has one of its own."""
    from posture_check.rules.loader import load_rules

    return load_rules(None, site).site


def _camera_photos(camera: str, items: list[Item], shots: int, lang: Lang, eyes: Eyes) -> list[SitePhoto]:
    from posture_check.grooming.site_camera import Dialogue, take_photos
    from posture_check.reports.wording import say
    from posture_check.sources import open_source

    if not items:
        raise InputError("--item: missing: name what is to be enrolled (tie, scarf, badge or uniform)")

    def ask(text: Text) -> str:
        return str(typer.prompt(say(text, lang), default="", show_default=False, prompt_suffix="", err=True))

    def tell(text: Text) -> None:
        typer.echo(say(text, lang), err=True)

    with open_source(camera, max_rate_hz=None) as source:
        return take_photos(
            source, items, Dialogue(ask, tell, lambda picture: eyes.look(picture) is not None), shots=shots
        )


def _items(names: Sequence[str] | None) -> list[Item]:
    from posture_check.grooming.descriptors import ITEMS

    for name in names or ():
        if name not in ITEMS:
            raise InputError(f"--item {name}: not known: choose from {', '.join(ITEMS)}")
    return [item for item in ITEMS if item in (names or ())]


def _undo(site: str, names: Sequence[str] | None, lang: Lang) -> None:
    from posture_check.cli.grooming_tables import DONE, item_word
    from posture_check.grooming.descriptors import ITEMS
    from posture_check.grooming.enroll import undo
    from posture_check.reports.wording import say

    done = undo(site, _items(names) or ITEMS)
    if not done:
        raise InputError(f"--site {site}: nothing is enrolled there, so there is nothing to undo")
    for item, what in done.items():
        typer.echo(f"{item_word(item, lang)}: {say(DONE[what], lang)}")


def _show_outcome(outcome: Outcome, console: Console, lang: Lang) -> None:
    from posture_check.cli.grooming_tables import outcome_table

    console.print(outcome_table(outcome, lang))


def _show_evaluation(said: Sequence[Said], lang: Lang) -> None:
    from posture_check.cli.grooming_tables import evaluation_table
    from posture_check.reports.terminal import stdout_console

    stdout_console().print(evaluation_table(said, lang, _SHOWN_WRONG))
