"""``posture-check rules``: read, explain, validate and compare the rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli.common import LangOption, RulesOption, SiteOption, chosen_language

if TYPE_CHECKING:
    from posture_check.reports.wording import Lang
    from posture_check.rules.diff import Change
    from posture_check.rules.schema import Rule

app = typer.Typer(help="List, explain, validate and compare the rules.", no_args_is_help=True)


@app.command("list")
def list_rules(rules: RulesOption = None, site: SiteOption = "default", lang: LangOption = None) -> None:
    """List every rule by posture: what it asks, its limit, and whether the limit is the document's or ours."""
    from itertools import groupby

    from rich import box
    from rich.table import Table
    from rich.text import Text as Words

    from posture_check.reports.explain import ONE_OF, label
    from posture_check.reports.terminal import WIDE, stdout_console
    from posture_check.reports.wording import posture_word, say
    from posture_check.rules.loader import load_rules

    language = chosen_language(lang)
    book = load_rules(rules, site)
    console = stdout_console()
    columns = ("rule", "what", "roles", "limit", "basis", *(("views",) if console.width >= WIDE else ()))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bright_black")
    for name in columns:
        table.add_column(label(name, language), no_wrap=name != "what", ratio=1 if name == "what" else None)
    order = list(dict.fromkeys(rule.posture for rule in book.rules))
    for posture, group in groupby(sorted(book.rules, key=lambda r: order.index(r.posture)), lambda r: r.posture):
        table.add_row()
        table.add_row("", Words(posture_word(posture, language), style="bold"))
        for rule in group:
            style = None if rule.enabled else "bright_black"
            table.add_row(*_row(rule, language)[: len(columns)], style=style)
    console.print(table)
    for choice in book.choices:
        either = ", ".join(option.id for option in choice.options)
        told = say(ONE_OF, language)
        console.print(told.format(what=say(choice.title, language), ids=either, usual=choice.default), markup=False)


@app.command()
def explain(
    clause: Annotated[str, typer.Argument(metavar="CLAUSE", help="Such as ST-02, or one rule: ST-03.side.")],
    rules: RulesOption = None,
    site: SiteOption = "default",
    lang: LangOption = None,
) -> None:
    """Explain a clause: where it comes from, how it is measured, what is permitted and what to do."""
    from posture_check.reports.explain import explained
    from posture_check.reports.terminal import stdout_console
    from posture_check.rules.loader import load_rules

    language = chosen_language(lang)
    book = load_rules(rules, site)
    console = stdout_console()
    for i, rule in enumerate(book.clause(clause)):
        if i:
            console.print()
        console.print(explained(rule, book, language))


@app.command()
def validate(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Rules file, or a site file; by default the rules that ship."),
    ] = None,
    rules: RulesOption = None,
    site: SiteOption = "default",
) -> None:
    """Check a rules file or a site file; an error names the file and the line."""
    from posture_check.errors import InputError
    from posture_check.rules.diff import is_site_file
    from posture_check.rules.loader import load_rules

    if file is not None and is_site_file(file):
        if site != "default":
            raise InputError(f"{file}: is a site file itself: leave out --site")
        book = load_rules(rules, str(file))
    else:
        if file is not None and rules is not None:
            raise InputError("rules validate: name the rules file once: as FILE or with --rules")
        book = load_rules(file or rules, site)
    where = book.path if book.site_path is None else book.site_path
    at = f", site {book.site}" if book.site_path else ""
    typer.echo(f"{where}: valid, {len(book.rules)} rules, {len(book.choices)} choices{at}, sha256 {book.sha256[:12]}")


@app.command()
def diff(
    first: Annotated[Path | None, typer.Argument(metavar="[A]", help="Rules file or site file.")] = None,
    second: Annotated[
        Path | None, typer.Argument(metavar="[B]", help="Another; without it A is compared with the rules that ship.")
    ] = None,
    site: SiteOption = "default",
    json: Annotated[bool, typer.Option("--json", help="Print the difference as JSON and nothing else.")] = False,
) -> None:
    """Show which rules differ, field by field: before (A, or the rules that ship) and after (B, or A alone).

    Exit codes: 0 the same, 1 they differ, 2 bad input.
    """
    from posture_check.rules.diff import as_document, difference, two_books

    before, after = two_books(first, second, site)
    changes = difference(before, after)
    if json:
        from json import dumps

        typer.echo(dumps(as_document(before, after), ensure_ascii=False, indent=2))
    elif changes:
        _print_changes(changes)
    else:
        typer.echo("no difference")
    raise typer.Exit(1 if changes else 0)


def _row(rule: Rule, lang: Lang) -> tuple[str, ...]:
    """Return what the list shows of a rule."""
    from posture_check.measures import MEASURES
    from posture_check.reports.explain import SWITCHED_OFF, basis_word
    from posture_check.reports.wording import limit_text, say

    unit = MEASURES[rule.measure].unit if rule.measure else None
    limit = limit_text(rule.limit.limit(), unit, lang) if rule.limit else "–"
    what = say(rule.title, lang) + ("" if rule.enabled else f" ({say(SWITCHED_OFF, lang)})")
    return rule.id, what, " ".join(rule.roles), limit, basis_word(rule.basis, lang), " ".join(rule.views)


def _print_changes(changes: list[Change]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text as Words

    from posture_check.reports.terminal import stdout_console

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bright_black")
    for name in ("rule", "field", "before", "after"):
        table.add_column(name, no_wrap=name == "rule", overflow="fold")
    for change in changes:
        name = change.id if change.what == "rule" else f"choice {change.id}"
        if change.kind != "changed":
            table.add_row(Words(name), Words(change.kind))
        for i, (field, values) in enumerate(change.fields.items()):
            table.add_row(Words("" if i else name), Words(field), *(Words(_plain(value)) for value in values))
    stdout_console().print(table)


def _plain(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
