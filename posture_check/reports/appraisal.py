"""The monthly appraisal and the history of inspections as plain tables, and those as CSV.

What the tables say is decided here once; CSV, XLSX and PDF only write it down.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from posture_check.reports.wording import VERDICT_WORDS, Lang, say
from posture_check.rules.result import Text, Verdict
from posture_check.store.records import Appraisal, AppraisalRow, Fault, History, Scope, Tally
from posture_check.store.roster_csv import harmless
from posture_check.store.times import local_time

Cell = str | int | float | date | None

KIND_WORDS: dict[str, Text] = {
    "self": Text(zh="自查", en="self check"),
    "spot": Text(zh="抽查", en="spot check"),
    "peer": Text(zh="互查", en="peer check"),
    "mystery": Text(zh="神秘访客", en="mystery visit"),
}
"""Kinds of inspection (S2)."""

SCOPE_WORDS: dict[Scope, Text] = {
    "person": Text(zh="个人", en="People"),
    "team": Text(zh="班组", en="Teams"),
    "counter": Text(zh="柜台", en="Counters"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name
        Header, in the language of the table.
    share
        Its part of the page's width.
    percent
        Whether its numbers are shares, 0 to 1, to be shown as percent.
    """

    name: str
    share: float = 1.0
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a title; every row has a cell for every column."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What one file holds: a heading, lines of explanation, and tables."""

    title: str
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    lang: Lang


def appraisal_report(appraisal: Appraisal, lang: Lang, made: datetime, zone: str | None = None) -> Report:
    """Return a month's appraisal: one table each of people, teams and counters.

    Parameters
    ----------
    appraisal
        The month's rows.
    lang
        Language of headers and words.
    made
        When it is made, for the heading.
    zone
        The site's time zone; None is the machine's own.
    """
    zh = lang == "zh"
    tables = tuple(
        _appraisal_table(scope, [row for row in appraisal.rows if row.scope == scope], lang) for scope in SCOPE_WORDS
    )
    notes = (
        f"{'检查日' if zh else 'days with checks'}: {appraisal.site_days} · "
        f"{'生成于' if zh else 'made'} {local_time(made, zone):%Y-%m-%d %H:%M}",
        "合格率 = 首次或重试后合格的自查 ÷ 完成的自查；主管放行单列，不计入合格；"
        "请假与休息不在系统中，未查天数需人工核对。"
        if zh
        else "Pass rate: self checks passed, at once or after a retry, of those made. Overrides are counted apart, "
        "not as passed. Leave is not known here: look at days without a check before judging them.",
    )
    return Report(f"{'月度考核' if zh else 'Monthly appraisal'} {appraisal.month}", notes, tables, lang)


def pass_rate(tally: Tally) -> float | None:
    """Return the share that passed, at once or retried, of those made; None where none was."""
    return (tally.passed_first + tally.passed_retried) / tally.made if tally.made else None


def inspections_of(row: AppraisalRow) -> Tally:
    """Return spot checks, peer checks and mystery visits together."""
    parts = (row.spot, row.peer, row.mystery)
    return Tally(**{name: sum(getattr(part, name) for part in parts) for name in Tally.model_fields})


def faults_text(faults: Sequence[Fault], lang: Lang, most: int = 3) -> str:
    """Return the commonest faults, such as ``ST-02 Shoulders level (4)``."""
    return "; ".join(f"{fault.clause} {say(fault.title, lang)} ({fault.shifts})" for fault in faults[:most])


def history_report(history: History, subject: str, lang: Lang, zone: str | None = None) -> Report:
    """Return the history of a person, team, counter or clause: inspections, clauses, days, and values if asked for.

    Times are those of the site's ``zone``; None is the machine's own.
    """
    zh = lang == "zh"
    tables = [_shift_table(history, lang, zone), _clause_table(history, lang), _day_table(history, lang)]
    if history.values:
        tables.append(_value_table(history, lang, zone))
    title = f"{'检查历史' if zh else 'History of inspections'}: {subject}"
    return Report(title, (f"{history.since} – {history.until}",), tuple(tables), lang)


def verdict_text(verdict: Verdict | None, overridden: bool, lang: Lang) -> str:
    """Return a shift's verdict and whether a supervisor let it start all the same."""
    word = say(VERDICT_WORDS[verdict or Verdict.INCOMPLETE], lang)
    if overridden:
        word += "（主管放行）" if lang == "zh" else " (let start)"
    return word


def as_csv(report: Report) -> str:
    """Return all tables below one another as CSV; it begins with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([report.title])
    for table in report.tables:
        writer.writerow([])
        writer.writerow([table.title])
        writer.writerow([column.name for column in table.columns])
        for row in table.rows:
            writer.writerow([_plain(cell, column) for cell, column in zip(row, table.columns, strict=True)])
    return "\ufeff" + out.getvalue()


def cell_text(cell: Cell, column: Column) -> str:
    """Return a cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.0%}" if column.percent else f"{cell:g}"
    return str(cell)


def _plain(cell: Cell, column: Column) -> str:
    text = cell_text(cell, column)
    return harmless(text) if isinstance(cell, str) else text


def _appraisal_table(scope: Scope, rows: Sequence[AppraisalRow], lang: Lang) -> Table:
    zh = lang == "zh"
    person = scope == "person"
    first = [Column("工号" if zh else "Number", 1.1), Column("姓名" if zh else "Name", 1.3)]
    if person:
        first += [Column("班组" if zh else "Team", 1.1), Column("柜台" if zh else "Counter", 1.1)]
    else:
        first = [Column(say(SCOPE_WORDS[scope], lang), 2.0), Column("人数" if zh else "People", 0.7)]
    columns = (
        *first,
        Column("自查" if zh else "Checks", 0.8),
        Column("合格率" if zh else "Pass rate", 0.9, percent=True),
        Column("首次合格" if zh else "At once", 0.9),
        Column("重试合格" if zh else "Retried", 0.9),
        Column("不合格" if zh else "Failed", 0.8),
        Column("未完成" if zh else "Incomplete", 1.0),
        Column("主管放行" if zh else "Overridden", 1.0),
        Column("未查天数" if zh else "Days without", 1.0),
        Column("抽查等" if zh else "Inspections", 1.0),
        Column("其中合格" if zh else "Of these passed", 1.0),
        Column("常见问题" if zh else "Commonest faults", 3.4),
    )
    return Table(say(SCOPE_WORDS[scope], lang), columns, tuple(_appraisal_cells(row, lang) for row in rows))


def _appraisal_cells(row: AppraisalRow, lang: Lang) -> tuple[Cell, ...]:
    own, others = row.self_check, inspections_of(row)
    first: tuple[Cell, ...] = (row.key, row.name, row.team, row.counter)
    if row.scope != "person":
        first = (row.name, row.people)
    return (
        *first,
        own.made,
        pass_rate(own),
        own.passed_first,
        own.passed_retried,
        own.failed,
        own.incomplete,
        own.overridden,
        row.days_missing,
        others.made,
        others.passed_first + others.passed_retried,
        faults_text(row.faults, lang),
    )


def _shift_table(history: History, lang: Lang, zone: str | None) -> Table:
    zh = lang == "zh"
    names = (
        ("日期", "时间", "工号", "姓名", "班组", "柜台", "类型", "结果", "次数")
        if zh
        else ("Day", "Time", "Number", "Name", "Team", "Counter", "Kind", "Result", "Tries")
    )
    rows = tuple(
        (
            shift.day,
            f"{local_time(shift.closed_at or shift.opened_at, zone):%H:%M}",
            shift.number or "",
            shift.name or ("访客" if zh else "guest"),
            shift.team,
            shift.counter,
            say(KIND_WORDS[shift.kind], lang),
            verdict_text(shift.verdict, shift.overridden, lang),
            shift.tries,
        )
        for shift in history.shifts
    )
    shares = (1.0, 0.6, 1.0, 1.2, 1.2, 1.2, 1.1, 1.6, 0.6)
    return Table("检查" if zh else "Inspections", tuple(map(Column, names, shares)), rows)


def _clause_table(history: History, lang: Lang) -> Table:
    zh = lang == "zh"
    columns = (
        Column("条款" if zh else "Clause", 0.8),
        Column("内容" if zh else "What", 3.0),
        Column("评定次数" if zh else "Judged", 0.9),
        Column("首次不合格" if zh else "Failed at first", 1.1),
        Column("最终不合格" if zh else "Failed in the end", 1.2),
        Column("首次不合格率" if zh else "Share failed at first", 1.3, percent=True),
    )
    rows = tuple(
        (
            clause.clause,
            say(clause.title, lang),
            clause.judged,
            clause.failed_first,
            clause.failed_last,
            clause.failed_first / clause.judged if clause.judged else None,
        )
        for clause in history.clauses
    )
    return Table("按条款" if zh else "By clause", columns, rows)


def _day_table(history: History, lang: Lang) -> Table:
    zh = lang == "zh"
    names = (
        ("日期", "检查", "合格", "不合格", "未完成", "主管放行")
        if zh
        else ("Day", "Made", "Passed", "Failed", "Incomplete", "Overridden")
    )
    rows = tuple((day.day, day.made, day.passed, day.failed, day.incomplete, day.overridden) for day in history.days)
    return Table("按天" if zh else "By day", tuple(Column(name) for name in names), rows)


def _value_table(history: History, lang: Lang, zone: str | None) -> Table:
    zh = lang == "zh"
    names = (
        ("时间", "工号", "规则", "第几次", "值", "误差", "单位", "结果")
        if zh
        else ("Time", "Number", "Rule", "Try", "Value", "Error", "Unit", "Result")
    )
    rows = tuple(
        (
            f"{local_time(value.at, zone):%Y-%m-%d %H:%M}",
            value.number or "",
            value.check.rule,
            value.attempt,
            None if value.check.value is None else round(value.check.value, 3),
            None if value.check.error is None else round(value.check.error, 3),
            value.check.unit or "",
            say(VERDICT_WORDS[value.check.verdict], lang),
        )
        for value in history.values
    )
    return Table("测量值" if zh else "Values", tuple(Column(name) for name in names), rows)
