"""The result as a table in the terminal."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TextIO, cast

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from posture_check.reports.wording import (
    SIGNS,
    Lang,
    advice,
    alternatives_text,
    figures_text,
    fit_encoding,
    is_aside,
    limit_text,
    posture_word,
    reason_text,
    title,
    value_text,
    verdict_word,
)
from posture_check.rules.result import Check, Reason, Result, SourceDocument, Verdict

STYLES: dict[Verdict, str] = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.BORDERLINE: "yellow",
    Verdict.NOT_ASSESSED: "bright_black",
    Verdict.INCOMPLETE: "bold yellow",
}

WIDE = 100
"""Columns from which the verdict is written out beside its sign."""

WIDEST = 120
"""Columns that are used at most: a value far from its name is hard to read."""

_SAID_ONCE = 4
"""A reason that so many rows share is told once, below the table."""

_SEGMENTS_TOLD = 8
"""So many segments are told; the document has them all."""

_NOBODY = (Reason.NO_PERSON, Reason.NOT_A_PERSON, Reason.POSTURE_NOT_SEEN)
"""Reasons that leave a whole posture without a row worth reading."""

_ORDER = (Verdict.PASS, Verdict.FAIL, Verdict.BORDERLINE, Verdict.NOT_ASSESSED)


def print_result(result: Result, lang: Lang, console: Console | None = None) -> None:
    """Print a result for people: what was looked at, every check, and what to do.

    Parameters
    ----------
    result
        What to print.
    lang
        Language of the wording.
    console
        Where to; by default standard output, as wide as the terminal is.
    """
    console = console or stdout_console()
    width = min(console.width, WIDEST)
    console.print(render(result, lang, width), width=width)


def stdout_console() -> Console:
    """Return a console on standard output that prints stand-ins for the characters its encoding lacks."""
    return _Console(highlight=False, file=cast(TextIO, EncodedOut(sys.stdout)))


class _Console(Console):
    """A console that keeps the program's exit code when the reader leaves early (``| head``)."""

    def on_broken_pipe(self) -> None:
        """Print nothing more."""
        self.quiet = True
        forget_stdout()


def forget_stdout() -> None:
    """Send what is still to be printed nowhere, since nobody reads it any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def render(result: Result, lang: Lang, width: int) -> RenderableType:
    """Return everything that :func:`print_result` prints, for a terminal ``width`` columns wide."""
    parts: list[RenderableType] = [_header(result, lang)]
    groups = [(key, list(checks)) for key, checks in groupby(result.checks, lambda c: (c.person, c.posture))]
    people = len({person for (person, _), _ in groups})
    for (person, posture), group in groups:
        checks = [check for check in group if not is_aside(check)]
        if not checks or _nothing_seen(checks):
            continue
        name = posture_word(posture, lang)
        if people > 1:
            name = f"{'第' if lang == 'zh' else 'person '}{person}{' 人' if lang == 'zh' else ''} · {name}"
        parts.append(_table(name, checks, lang, wide=width >= WIDE))
    parts.append(_closing(result, lang))
    return Group(*parts)


def _nothing_seen(checks: Sequence[Check]) -> bool:
    """Whether nothing of a posture could be judged for one and the same reason: the closing lines say so, once."""
    reasons = {check.reason for check in checks if check.reason is not Reason.SWITCHED_OFF}
    told = any(map(_said_below, checks))
    return told and len(checks) >= _SAID_ONCE and len(reasons) == 1 and not reasons.isdisjoint(_NOBODY)


class EncodedOut:
    """A text stream that writes a stand-in where its encoding lacks a character, instead of failing.

    Parameters
    ----------
    stream
        Where the text goes.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._encoding = stream.encoding or "utf-8"
        self.encoding = "utf-8"  # so that rich keeps its plain rules, which then get stand-ins like the rest

    def write(self, text: str) -> int:
        """Write a text."""
        return self._stream.write(fit_encoding(text, self._encoding))

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the stream's file descriptor."""
        return self._stream.fileno()


def source_line(source: SourceDocument, lang: Lang) -> str:
    """Return what a source is: its kind, length and size."""
    zh = lang == "zh"
    kinds = {"image": "图片", "video": "视频", "camera": "摄像头", "stream": "网络视频", "simulation": "模拟"}
    facts = [kinds[source.kind] if zh else {"image": "picture"}.get(source.kind, source.kind)]
    if source.duration_s:
        facts.append(f"{source.duration_s:.1f} {'秒' if zh else 's'}")
    if source.frames > 1:
        facts.append(f"{source.frames} {'帧' if zh else 'frames'}")
    if source.fps:
        facts.append(f"{source.fps:.4g} {'帧/秒' if zh else 'fps'}")
    facts.append(f"{source.size[0]}×{source.size[1]}")
    return ", ".join(facts)


def _header(result: Result, lang: Lang) -> RenderableType:
    zh = lang == "zh"
    chosen = result.settings
    judged = sorted({c.person for c in result.checks})
    whom = ", ".join(map(str, judged)) or "–"
    facts = [
        f"{'角色' if zh else 'role'} {chosen.role}",
        f"{'网点' if zh else 'site'} {chosen.site}",
        _whom(result.people, whom, lang),
        f"{'标定' if zh else 'calibration'} {_calibration(chosen.calibration, lang)}",
    ]
    lines = [
        Text.assemble((result.source.path, "bold"), "   ", (source_line(result.source, lang), "bright_black")),
        Text(" · ".join(facts), style="bright_black"),
    ]
    if seen := segments_text(result, lang):
        lines.append(Text(seen, style="bright_black"))
    lines += [Text(f"{'注意：' if zh else 'note: '}{note}", style="yellow") for note in result.source.notes]
    return Group(*lines)


def _whom(people: int, whom: str, lang: Lang) -> str:
    if people == 0:
        return "画面中没有人" if lang == "zh" else "nobody in the picture"
    return f"画面 {people} 人，检查第 {whom} 人" if lang == "zh" else f"person {whom} of {people}"


def segments_text(result: Result, lang: Lang) -> str:
    """Return what is done from when to when, ``standing 0.0–3.1 · walking 3.1–8.0 s``; empty for a picture."""
    judged = {check.person for check in result.checks}
    shown = [s for s in result.segments if s.person in judged and s.end_s > s.start_s]
    words = [f"{posture_word(s.posture, lang)} {s.start_s:.1f}–{s.end_s:.1f}" for s in shown[:_SEGMENTS_TOLD]]
    more = len(shown) - len(words)
    if more > 0:
        words.append(f"还有 {more} 段" if lang == "zh" else f"{more} more")
    return " · ".join(words) + (" s" if words else "")


def _calibration(name: str, lang: Lang) -> str:
    return "无" if lang == "zh" and name == "none" else name


def _table(name: str, checks: Iterable[Check], lang: Lang, wide: bool) -> Table:
    zh = lang == "zh"
    checks = list(checks)
    said = Counter(reason_text(c, lang) for c in checks if _said_below(c))
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, padding=(0, 1), header_style="bright_black")
    table.add_column("", no_wrap=True)
    table.add_column("条款" if zh else "clause", no_wrap=True)
    table.add_column(Text(name, style="bold default"), ratio=1)
    table.add_column("测量值" if zh else "value", justify="right", no_wrap=True)
    table.add_column("要求" if zh else "limit", justify="right", no_wrap=True)
    for check in checks:
        style = STYLES[check.verdict]
        sign = SIGNS[check.verdict] + (f" {verdict_word(check.verdict, lang)}" if wide else "")
        faint = "bright_black" if check.verdict is Verdict.NOT_ASSESSED else ""
        table.add_row(
            Text(sign, style=style),
            Text(check.clause, style=faint),
            _what(check, lang, faint, brief=_said_below(check) and said[reason_text(check, lang)] >= _SAID_ONCE),
            Text(value_text(check, lang), style=style if check.verdict is Verdict.FAIL else faint),
            Text(limit_text(check.limit, check.unit, lang) if check.unit else "", style="bright_black"),
        )
    return table


def _said_below(check: Check) -> bool:
    """Whether the closing lines tell why a check was not assessed."""
    return check.required and check.reason is not None


def _what(check: Check, lang: Lang, faint: str, *, brief: bool) -> RenderableType:
    """Return the title with, below it, why it was not assessed (unless ``brief``) or what to do."""
    lines = [Text(title(check, lang), style=faint)]
    others = alternatives_text(check)
    if others and check.verdict is not Verdict.PASS:
        lines.append(Text(f"{'或' if lang == 'zh' else 'or'} {others}", style="bright_black"))
    if check.figures:
        lines.append(Text(figures_text(check, lang), style="bright_black"))
    words = advice(check, lang)
    if words and not brief:
        style = "bright_black italic" if check.verdict is Verdict.NOT_ASSESSED else STYLES[check.verdict]
        arrow = "" if check.verdict is Verdict.NOT_ASSESSED else "→ "
        lines.append(Text(arrow + words, style=style.replace("bold ", "")))
    return Group(*lines)


def _closing(result: Result, lang: Lang) -> RenderableType:
    counts = Counter(c.verdict for c in result.checks)
    line = Text()
    line.append(f"{SIGNS[result.verdict]} {verdict_word(result.verdict, lang).upper()}", style=STYLES[result.verdict])
    line.append("   ")
    for verdict in _ORDER:
        if counts[verdict]:
            line.append(f"{SIGNS[verdict]} {counts[verdict]} {verdict_word(verdict, lang)}  ", style=_plain(verdict))
    return Padding(Group(line, *(Text(words) for words in what_to_do(result, lang))), (0, 0, 1, 0))


def _plain(verdict: Verdict) -> str:
    return STYLES[verdict].replace("bold ", "")


def what_to_do(result: Result, lang: Lang) -> Iterator[str]:
    """Yield the sentences that close a result: what to mend, what could not be judged, and what then."""
    zh = lang == "zh"
    required = [c for c in result.checks if c.required]
    failed = _names((c for c in required if c.verdict is Verdict.FAIL), result)
    unseen: dict[str, list[Check]] = {}
    for check in required:
        if check.verdict is Verdict.NOT_ASSESSED:
            unseen.setdefault(reason_text(check, lang), []).append(check)
    if failed:
        yield f"请改正 {failed}，然后重新检查。" if zh else f"Put right {failed}, then check again."
    if unseen:
        yield "以下各项尚未评定，不算合格：" if zh else "Still to be judged, and so not passed:"
    whole = _postures_not_seen(result)
    for reason, checks in unseen.items():
        postures = dict.fromkeys(posture_word(c.posture, lang) for c in checks if c.posture in whole)
        names = [*postures, _names((c for c in checks if c.posture not in whole), result)]
        said = ", ".join(name for name in names if name)
        yield f"{SIGNS[Verdict.NOT_ASSESSED]} {said}{'：' if zh else ': '}{reason}"
    if result.verdict is Verdict.PASS:
        yield "各项必查内容均符合要求。" if zh else "Every required check is met."
    yield from _left_to_others(result, lang)
    if not result.checks:
        yield "没有可以检查的内容。" if zh else "There was nothing to check."


def _left_to_others(result: Result, lang: Lang) -> Iterator[str]:
    """Yield what this camera does not judge: once each, however many people there are."""
    zh = lang == "zh"
    for reason in (Reason.MANUAL, Reason.NOT_ENROLLED):
        checks = [c for c in result.checks if c.reason is reason]
        if not checks:
            continue
        names = dict.fromkeys(f"{title(c, lang)}{'（' if zh else ' ('}{c.clause}{'）' if zh else ')'}" for c in checks)
        yield f"{reason_text(checks[0], lang)}{'：' if zh else ': '}{('、' if zh else ', ').join(names)}"


def _postures_not_seen(result: Result) -> set[str]:
    """Return the postures that have no table: they are named as a whole."""
    by_posture: dict[str, list[Check]] = {}
    for check in result.checks:
        by_posture.setdefault(check.posture, []).append(check)
    return {posture for posture, checks in by_posture.items() if _nothing_seen(checks)}


def _names(checks: Iterable[Check], result: Result) -> str:
    """Return the clauses of some checks; a clause that is judged by several rules is named by the rule."""
    rules: dict[str, set[str]] = {}
    for check in result.checks:
        rules.setdefault(check.clause, set()).add(check.rule)
    return ", ".join(dict.fromkeys(c.rule if len(rules[c.clause]) > 1 else c.clause for c in checks))
