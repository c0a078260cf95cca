"""The audit's report: one HTML file without anything beside it, in Chinese and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from posture_check.audit.tables import Document, read_lines

_VERDICTS = ("pass", "borderline", "fail", "not_assessed")
_SIGNS = {"pass": "✓", "borderline": "≈", "fail": "✗", "not_assessed": "–", "incomplete": "…", "error": "!"}
_WORDS = {
    "pass": ("合格", "pass"),
    "borderline": ("临界", "borderline"),
    "fail": ("不合格", "fail"),
    "not_assessed": ("未评定", "not assessed"),
    "incomplete": ("不完整", "incomplete"),
    "error": ("无法读取", "unreadable"),
}
_REASONS_SHOWN = 3
_STYLE = Path(__file__).with_name("report.css")
_CLAUSE_COLUMNS = (
    "条款 clause", "要求 requirement", *_VERDICTS, "分布 share", "未评定原因 why not assessed"
)  # fmt: skip
_SOURCE_COLUMNS = (
    "结论 verdict", "文件 source", "时长 duration", "人数 people", "不合格 failed", "临界 borderline"
)  # fmt: skip
_NUMBERS = {*_VERDICTS, "时长 duration", "人数 people"}


@dataclass(slots=True)
class _Clause:
    """What became of one clause over all sources."""

    title: tuple[str, str]
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Totals:
    verdicts: Counter[str] = field(default_factory=Counter)
    clauses: dict[str, _Clause] = field(default_factory=dict)
    settings: Document | None = None


def write_report(results: Path, path: Path) -> None:
    """Write the report on the lines of ``results`` to ``path``."""
    totals = _count(results)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            for piece in _page(results, totals):
                file.write(piece)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _count(results: Path) -> _Totals:
    totals = _Totals()
    for document in read_lines(results):
        totals.verdicts["error" if "error" in document else document["verdict"]] += 1
        totals.settings = totals.settings or document.get("settings")
        for check in document.get("checks", ()):
            title = (check["title"]["zh"], check["title"]["en"])
            clause = totals.clauses.setdefault(check["rule"], _Clause(title))
            clause.verdicts[check["verdict"]] += 1
            if check["reason"]:
                clause.reasons[check["reason"]] += 1
    return totals


def _page(results: Path, totals: _Totals) -> Iterator[str]:
    yield _HEAD.format(style=_STYLE.read_text(encoding="utf-8"))
    yield _tiles(totals)
    if totals.settings:
        yield _settings(totals.settings)
    yield _table_head("条款", "Clauses", _CLAUSE_COLUMNS)
    for rule, clause in sorted(totals.clauses.items()):
        yield _clause_row(rule, clause)
    yield "</tbody></table></div>"
    if totals.verdicts["error"]:
        yield '<h2>无法读取 <small>Unreadable sources</small></h2><ul class="errors">'
        for document in read_lines(results):
            if "error" in document:
                yield f"<li>{escape(document['error'])}</li>"
        yield "</ul>"
    yield _table_head("录像", "Sources", _SOURCE_COLUMNS)
    for document in read_lines(results):
        yield _source_row(document)
    yield "</tbody></table></div></body></html>\n"


def _table_head(zh: str, en: str, columns: tuple[str, ...]) -> str:
    cells = "".join(
        f"<th{' class=n' if name in _NUMBERS else ''}>{_label(name) if name in _WORDS else name}" for name in columns
    )
    title = f"<h2>{zh} <small>{en}</small></h2>"
    return f'{title}<div class="scroll"><table><thead><tr>{cells}</thead><tbody>'


def _tiles(totals: _Totals) -> str:
    shown = ("pass", "fail", "incomplete", "error")
    tiles = [f'<div class="tile"><b>{totals.verdicts.total()}</b>录像 sources</div>']
    tiles += [f'<div class="tile {v}"><b>{totals.verdicts[v]}</b>{_label(v)}</div>' for v in shown]
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _settings(settings: Document) -> str:
    facts = (
        ("角色 role", settings["role"]),
        ("网点 site", settings["site"]),
        ("规则 rules", settings["rules_sha256"][:12]),
        ("标定 calibration", settings["calibration"]),
        ("版本 version", settings["version"]),
    )
    text = " · ".join(f"{name}: <b>{escape(str(value))}</b>" for name, value in facts)
    return f'<p class="facts">{text}</p>'


def _clause_row(rule: str, clause: _Clause) -> str:
    total = clause.verdicts.total()
    counts = "".join(f"<td class=n>{clause.verdicts[verdict] or ''}" for verdict in _VERDICTS)
    bar = "".join(
        f'<i class="{verdict}" style="width:{100 * clause.verdicts[verdict] / total:.1f}%"></i>'
        for verdict in _VERDICTS
        if clause.verdicts[verdict]
    )
    why = ", ".join(f"{escape(reason)} {n}" for reason, n in clause.reasons.most_common(_REASONS_SHOWN))
    zh, en = (escape(text) for text in clause.title)
    head = f"<tr><td><b>{escape(rule)}</b><td>{zh}<small>{en}</small>"
    return f'{head}{counts}<td class="bar"><span>{bar}</span><td>{why}'


def _source_row(document: Document) -> str:
    source = document["source"]
    path = escape(source["path"])
    if "error" in document:
        return f'<tr><td class="v error">{_label("error")}<td class="path">{path}<td><td><td><td>'
    rules: dict[str, list[str]] = {"fail": [], "borderline": []}
    for check in document["checks"]:
        if check["verdict"] in rules:
            title = f"{check['title']['zh']} {check['title']['en']}"
            rules[check["verdict"]].append(f'<abbr title="{escape(title)}">{escape(check["rule"])}</abbr>')
    duration = f"{source['duration_s']:.1f} s" if source["duration_s"] else ""
    verdict = document["verdict"]
    return (
        f'<tr><td class="v {verdict}">{_label(verdict)}<td class="path">{path}<td class=n>{duration}'
        f"<td class=n>{document['people']}<td>{', '.join(rules['fail'])}<td>{', '.join(rules['borderline'])}"
    )


def _label(verdict: str) -> str:
    zh, en = _WORDS[verdict]
    return f"{_SIGNS[verdict]} {zh} {en}"


_HEAD = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>仪态检查报告 · Posture audit</title>
<style>
{style}</style></head><body>
<h1>仪态检查报告 <small>Posture audit</small></h1>
"""
