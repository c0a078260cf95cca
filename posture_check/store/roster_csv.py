"""The roster as CSV, the way spreadsheets in China and elsewhere save and open it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from posture_check.rules.result import Text
from posture_check.store.records import ImportProblem, Staff

COLUMNS = {
    "number": "工号",
    "name": "姓名",
    "role": "角色",
    "variant": "方式",
    "exemptions": "豁免",
    "stature_cm": "身高",
    "team": "班组",
    "counter": "柜台",
    "badge_code": "胸牌码",
    "active": "在岗",
}
"""Fields and their Chinese headers."""
_NEEDED = ("number", "name", "role")
_NAMES = {**{zh: name for name, zh in COLUMNS.items()}, **{name: name for name in COLUMNS}}
_VARIANTS = {"": "usual", "usual": "usual", "通常": "usual", "站立": "usual", "seated": "seated", "坐姿": "seated"}
_ACTIVE = {
    **dict.fromkeys(("", "yes", "y", "true", "1", "是", "在岗"), True),
    **dict.fromkeys(("no", "n", "false", "0", "否", "离岗"), False),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MAX_BYTES = 5_000_000
MAX_LINES = 20_000
MAX_PROBLEMS = 100

_SAID = {
    "number": Text(
        zh="工号应为字母、数字或 . _ -，最多 32 个", en="number must be letters, digits or . _ -, at most 32"
    ),
    "name": Text(zh="姓名不能为空，最多 80 个字", en="name must not be empty, at most 80 characters"),
    "role": Text(zh="角色应为 A 或 B", en="role must be A or B"),
    "exemptions": Text(
        zh="豁免应为 HA、BE-01 之类，以空格分隔", en="exemptions must be like HA or BE-01, set apart by spaces"
    ),
    "stature_cm": Text(zh="身高应为 80 到 240 厘米", en="stature_cm must be from 80 to 240"),
    "team": Text(zh="班组最多 60 个字", en="team must have at most 60 characters"),
    "counter": Text(zh="柜台最多 60 个字", en="counter must have at most 60 characters"),
    "badge_code": Text(zh="胸牌码最多 120 个字符", en="badge_code must have at most 120 characters"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A person and the line of the file they are on."""

    number: int
    staff: Staff


@dataclass(slots=True)
class Sheet:
    """What a file holds: its people, or what is wrong with it."""

    encoding: str = ""
    lines: list[Line] = field(default_factory=list)
    found: list[ImportProblem] = field(default_factory=list)

    @property
    def problems(self) -> tuple[ImportProblem, ...]:
        """The first problems, by line."""
        return tuple(sorted(self.found, key=lambda problem: problem.line)[:MAX_PROBLEMS])

    def wrong(self, line: int, zh: str, en: str) -> Sheet:
        """Note a problem."""
        self.found.append(ImportProblem(line=line, text=Text(zh=zh, en=en)))
        return self


def read_roster(table: str | bytes, known_exemption: Callable[[str], bool] | None = None) -> Sheet:
    """Read a roster; never raises for what is in the file."""
    sheet = Sheet()
    if len(table) > MAX_BYTES:
        return sheet.wrong(1, "文件过大（最多 5 MB）", "the file is too large (at most 5 MB)")
    text, sheet.encoding = decode(table)
    if text is None or "\0" in text:
        return sheet.wrong(
            1,
            "无法读取：请在表格软件中另存为 CSV（UTF-8）",
            "cannot be read: save it as CSV (UTF-8) in the spreadsheet program",
        )
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        numbered = [(rows.line_num, row) for row in rows]
    except csv.Error:
        return sheet.wrong(rows.line_num, "引号不成对", "a quotation mark is not closed")
    numbered = [(number, row) for number, row in numbered if any(cell.strip() for cell in row)]
    if not numbered:
        return sheet.wrong(1, "文件是空的", "the file is empty")
    if len(numbered) > MAX_LINES:
        return sheet.wrong(MAX_LINES, f"行数过多（最多 {MAX_LINES}）", f"too many lines (at most {MAX_LINES})")
    (header_line, header), body = numbered[0], numbered[1:]
    fields = _header(sheet, header_line, header)
    if sheet.found:
        return sheet
    if not body:
        return sheet.wrong(header_line, "只有表头，没有人员", "there is a header and nobody under it")
    for number, cells in body:
        staff = _person(sheet, number, fields, cells, known_exemption)
        if staff is not None:
            sheet.lines.append(Line(number, staff))
    _each_once(sheet)
    return sheet


def write_roster(people: Iterable[Staff], lang: str = "zh") -> str:
    """Write a roster as CSV, with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS.values() if lang == "zh" else COLUMNS.keys())
    yes, no = ("是", "否") if lang == "zh" else ("yes", "no")
    for staff in people:
        cells = (
            staff.number,
            staff.name,
            staff.role,
            staff.variant,
            " ".join(staff.exemptions),
            "" if staff.stature_cm is None else f"{staff.stature_cm:g}",
            staff.team,
            staff.counter,
            staff.badge_code or "",
            yes if staff.active else no,
        )
        writer.writerow([harmless(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe before it, which import takes off.

    See OWASP, CSV injection.
    """
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def decode(table: str | bytes) -> tuple[str | None, str]:
    """Return the text and the encoding that was found; None if it is none of those known."""
    if isinstance(table, str):
        return table.removeprefix("\ufeff"), "text"
    if table.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        names: Sequence[str] = ("utf-16",)
    else:
        # Chinese in GBK is hardly ever valid UTF-8, so UTF-8 is tried first; GB 18030 contains GBK.
        names = ("utf-8-sig", "gb18030")
    for name in names:
        try:
            return table.decode(name), name.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    return None, ""


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=header.count)


def _header(sheet: Sheet, line: int, cells: Sequence[str]) -> list[str]:
    fields = []
    for cell in cells:
        name = cell.strip().lower()
        fields.append(_NAMES.get(name, ""))
        if name and name not in _NAMES:
            known = f"{'、'.join(COLUMNS.values())}", ", ".join(COLUMNS)
            sheet.wrong(
                line,
                f"未知的列 {cell.strip()}；可用：{known[0]}",
                f"unknown column {cell.strip()}; there are: {known[1]}",
            )
    for name in COLUMNS:
        if fields.count(name) > 1:
            sheet.wrong(line, f"列 {COLUMNS[name]} 出现了两次", f"column {name} is there twice")
    for name in _NEEDED:
        if name not in fields:
            sheet.wrong(line, f"缺少列 {COLUMNS[name]}", f"column {name} is missing")
    return fields


def _person(
    sheet: Sheet, line: int, fields: Sequence[str], cells: Sequence[str], known: Callable[[str], bool] | None
) -> Staff | None:
    if len(cells) > len(fields) and any(cell.strip() for cell in cells[len(fields) :]):
        sheet.wrong(line, "单元格多于表头", "there are more cells than in the header")
        return None
    values = {name: _bare(cell) for name, cell in zip(fields, cells, strict=False) if name}
    before = len(sheet.found)
    variant = _VARIANTS.get(values.get("variant", "").lower())
    if variant is None:
        sheet.wrong(line, "方式应为 usual（通常）或 seated（坐姿）", "variant must be usual or seated")
    active = _ACTIVE.get(values.get("active", "").lower())
    if active is None:
        sheet.wrong(line, "在岗应为 是 或 否", "active must be yes or no")
    exemptions = [name for name in re.split(r"[\s,;、，；]+", values.get("exemptions", "").upper()) if name]
    for name in exemptions if known is not None else ():
        if known is not None and not known(name):
            sheet.wrong(
                line, f"豁免 {name}：没有这样的条款", f"exemption {name}: there is no such rule, clause or chapter"
            )
    try:
        staff = Staff.model_validate(
            {
                **values,
                "role": values.get("role", "").upper(),
                "variant": variant or "usual",
                "active": active is not False,
                "exemptions": tuple(dict.fromkeys(exemptions)),
                "stature_cm": values.get("stature_cm") or None,
                "badge_code": values.get("badge_code") or None,
            }
        )
    except ValidationError as error:
        for name in dict.fromkeys(str(fault["loc"][0]) for fault in error.errors()):
            said = _SAID[name]
            sheet.wrong(line, said.zh, said.en)
        return None
    return staff if len(sheet.found) == before else None


def _each_once(sheet: Sheet) -> None:
    seen: dict[str, int] = {}
    for line in sheet.lines:
        number = line.staff.number
        first = seen.setdefault(number, line.number)
        if first != line.number:
            sheet.wrong(
                line.number, f"工号 {number} 与第 {first} 行重复", f"number {number} is on line {first} already"
            )


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell
