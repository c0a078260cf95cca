"""``posture-check records``: roster in and out, retention, and whether the records are whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli.common import LangOption, RulesOption, SiteOption, chosen_language
from posture_check.cli.kiosk import DatabaseOption, DataDirOption, default_data_dir
from posture_check.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from posture_check.store import Store

BY = "command line"
"""Who did it, in the audit log."""
app = typer.Typer(help="Records of the kiosk: roster, retention, backup, audit log.", no_args_is_help=True)


@app.command("import")
def import_roster(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Roster as CSV, as a spreadsheet program saves it.")],
    data_dir: DataDirOption = None,
    database_url: DatabaseOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    archive_missing: Annotated[
        bool, typer.Option("--archive-missing", help="Take those off the roster who are not in the file.")
    ] = False,
    rules: RulesOption = None,
    site: SiteOption = "default",
    lang: LangOption = None,
) -> None:
    """Take a roster from CSV: all of it, or with any problem nothing.

    Columns: number, name and role (A or B) are needed; variant (usual, seated), exemptions, stature_cm, team, counter,
    badge_code and active may be there. 'records export' writes such a file.
    """
    language = chosen_language(lang)
    try:
        table = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}): check the name") from None
    with open_records(data_dir, database_url) as store:
        report = store.import_roster(
            table,
            BY,
            dry_run=dry_run,
            archive_missing=archive_missing,
            known_exemption=_known_exemptions(rules, site),
        )
    for problem in report.problems:
        typer.echo(f"{file}:{problem.line}: {getattr(problem.text, language)}", err=True)
    if not report.ok:
        raise InputError(f"{file}: nothing was imported: correct the lines above and try again")
    typer.echo(
        f"{'would be ' if dry_run else ''}added {report.added}, changed {report.changed}, "
        f"taken off {report.archived}, unchanged {report.unchanged} ({report.encoding})"
    )


@app.command("export")
def export_roster(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; by default it is printed.", show_default=False)
    ] = None,
    data_dir: DataDirOption = None,
    database_url: DatabaseOption = None,
    lang: LangOption = None,
) -> None:
    """Write the roster as CSV, leavers included, so that 'records import' takes it again."""
    with open_records(data_dir, database_url) as store:
        table = store.export_roster(chosen_language(lang)).encode()
        store.audit("roster.exported", BY)
    if file is None:
        sys.stdout.buffer.write(table)
        sys.stdout.buffer.flush()
        return
    try:
        file.write_bytes(table)
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror}): choose another place") from None


@app.command()
def sweep(data_dir: DataDirOption = None, database_url: DatabaseOption = None) -> None:
    """Delete what is past the site's terms; a kiosk that runs does so by itself every day."""
    with open_records(data_dir, database_url) as store:
        report = store.sweep()
    typer.echo(", ".join(f"{name} {count}" for name, count in report.model_dump().items()))


@app.command()
def verify(data_dir: DataDirOption = None, database_url: DatabaseOption = None) -> None:
    """See whether the database is whole and the audit log unchanged.

    The last line's hash, written down elsewhere, also proves later that no entry was cut off. Exit codes: 0 whole,
    1 damaged or changed.
    """
    with open_records(data_dir, database_url) as store:
        damage, report = store.damage(), store.audit_verify()
        typer.echo(f"{store.where}: {damage or 'whole'}")
    said = "unchanged" if report.ok else report.problem
    typer.echo(f"audit log: {report.entries} entries, {said}, last {report.head}")
    raise typer.Exit(0 if report.ok and damage is None else 1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="New file for the copy.")],
    data_dir: DataDirOption = None,
    database_url: DatabaseOption = None,
) -> None:
    """Copy the database to a new file, also while the kiosk runs; stills are files of their own beside it."""
    with open_records(data_dir, database_url) as store:
        store.backup(file)
        store.audit("records.backup", BY, "", {"file": str(file)})
    typer.echo(f"wrote {file}")


def open_records(data_dir: Path | None, database_url: str | None) -> Store:
    """Open the kiosk's records.

    Raises
    ------
    InputError
        If they cannot be opened, or the kiosk's packages are missing.
    """
    try:
        from posture_check.store import open_store
    except ModuleNotFoundError as error:
        raise InputError(f"{error.name} is missing: install it with: pip install 'posture-check[kiosk]'") from None
    return open_store(database_url, (data_dir or default_data_dir()).expanduser())


def _known_exemptions(rules: Path | None, site: str) -> Callable[[str], bool]:
    from posture_check.rules.exempt import validate_exemptions
    from posture_check.rules.loader import load_rules

    book = load_rules(rules, site)

    def known(name: str) -> bool:
        try:
            validate_exemptions(book, (name,))
        except InputError:
            return False
        return True

    return known
