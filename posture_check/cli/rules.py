"""``posture-check rules``: read, explain and validate the rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture_check.cli.common import LangOption, RulesOption, chosen_language

if TYPE_CHECKING:
    from rich.console import RenderableType

    from posture_check.reports.wording import Lang
    from posture_check.rules.loader import RuleBook
    from posture_check.rules.result import Text
    from posture_check.rules.schema import Rule, Sided

app = typer.Typer(help="List, explain and validate the rules.", no_args_is_help=True)


@app.command("list")
def list_rules(rules: RulesOption = None, lang: LangOption = None) -> None:
    """List every rule: what it asks, its limit, and whether the limit is the document's or ours."""
    from rich import box
    from rich.table import Table

    from posture_check.measures import MEASURES
    from posture_check.reports.terminal import WIDE, stdout_console
    from posture_check.reports.wording import limit_text, say
    from posture_check.rules.loader import load_rules

    language = chosen_language(lang)
    book = load_rules(rules)
    console = stdout_console()
    roomy = console.width >= WIDE
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bright_black")
    for name in ("rule", "what", "roles", "limit", "basis", *(("views",) if roomy else ())):
        table.add_column(name, no_wrap=name != "what", ratio=1 if name == "what" else None)
    for rule in book.rules:
        unit = MEASURES[rule.measure].unit if rule.measure else None
        limit = limit_text(rule.limit.limit(), unit, language) if rule.limit else "–"
        row = (rule.id, say(rule.title, language), " ".join(rule.roles), limit, rule.basis)
        table.add_row(*row, *((" ".join(rule.views),) if roomy else ()))
    console.print(table)
    for choice in book.choices:
        either = ", ".join(option.id for option in choice.options)
        console.print(f"{say(choice.title, language)}: one of {either} (by default {choice.default})", markup=False)


@app.command()
def explain(
    clause: Annotated[str, typer.Argument(metavar="CLAUSE", help="Such as ST-02, or one rule: ST-03.side.")],
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Explain a clause: where it comes from, how it is measured, what is permitted and what to do."""
    from posture_check.reports.terminal import stdout_console
    from posture_check.rules.loader import load_rules

    language = chosen_language(lang)
    book = load_rules(rules)
    console = stdout_console()
    for i, rule in enumerate(book.clause(clause)):
        if i:
            console.print()
        console.print(_explained(rule, book, language))


@app.command()
def validate(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="By default the rules that ship.")] = None,
) -> None:
    """Check a rules file; an error names the file and the line."""
    from posture_check.rules.loader import load_rules

    book = load_rules(file)
    typer.echo(f"{book.path}: valid, {len(book.rules)} rules, {len(book.choices)} choices, sha256 {book.sha256[:12]}")


def _explained(rule: Rule, book: RuleBook, lang: Lang) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text as Words

    from posture_check.reports.wording import say

    grid = Table.grid(padding=(0, 2))
    for name, words in _facts(rule, book, lang):
        if words:
            grid.add_row(Words(name, style="bright_black"), Words(words))
    return Group(Words.assemble((rule.id, "bold"), "  ", (say(rule.title, lang), "bold")), grid)


def _facts(rule: Rule, book: RuleBook, lang: Lang) -> list[tuple[str, str]]:
    from posture_check.measures import MEASURES
    from posture_check.reports.wording import limit_text, posture_word

    source = rule.source
    also = f" (also {', '.join(source.also)})" if source.also else ""
    unit = MEASURES[rule.measure].unit if rule.measure else None
    basis = {"documented": "the document's own figure", "house": "our figure: the document gives none"}
    required = {True: "yes", False: "no, advice only", "in_view": "where the view it needs is shown"}
    choices = [
        f"{choice.id}: any of {', '.join(option.id for option in choice.options)}"
        for choice in book.choices
        if any(rule.id in option.rules for option in choice.options)
    ]
    hold = f"{rule.hold.seconds:g} s, seen in {rule.hold.share:.0%} of it" if rule.hold.seconds else ""
    return [
        ("posture", posture_word(rule.posture, lang)),
        ("roles", ", ".join(rule.roles)),
        ("source", f"{source.document} {source.section}{also}"),
        ("limit", limit_text(rule.limit.limit(), unit, lang) if rule.limit else "none: a person answers it"),
        ("basis", basis[rule.basis]),
        ("measure", rule.measure or ""),
        ("views", ", ".join(rule.views)),
        ("held", hold),
        ("required", "as part of a choice" if choices and not rule.required else required[rule.required]),
        ("part of", "; ".join(choices)),
        ("enabled", "" if rule.enabled else "no: switched off"),
        ("wrong", _either(rule.wrong, lang)),
        ("to do", _either(rule.fix, lang)),
        ("note", rule.note or ""),
    ]


def _either(words: Text | Sided, lang: Lang) -> str:
    """Return a wording, or both of them where it depends on the side of the limit."""
    from posture_check.reports.wording import say
    from posture_check.rules.result import Text

    if isinstance(words, Text):
        return say(words, lang)
    return f"{say(words.low, lang)} / {say(words.high, lang)}"
