"""Tables as a spreadsheet (XLSX): one sheet each, headers that stay, numbers as numbers."""

from __future__ import annotations

import io
import re

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from posture_check.reports.appraisal import Cell, Column, Report, Table

_HEAD = PatternFill("solid", fgColor="E1E6EB")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_A_NAME = re.compile(r"[\[\]:*?/\\]")


def as_xlsx(report: Report) -> bytes:
    """Return a workbook with a sheet for every table of the report."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in report.tables:
        _sheet(book.create_sheet(_NOT_A_NAME.sub(" ", table.title)[:31]), report, table)
    book.properties.title = report.title
    book.properties.creator = "posture-check"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(sheet: Worksheet, report: Report, table: Table) -> None:
    _put(sheet.cell(1, 1), f"{report.title} · {table.title}")
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for i, note in enumerate(report.notes, 2):
        _put(sheet.cell(i, 1), note)
    top = len(report.notes) + 3
    for i, column in enumerate(table.columns, 1):
        cell = sheet.cell(top, i)
        _put(cell, column.name)
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(i)].width = _width(table, i - 1, column)
    for line, row in enumerate(table.rows, top + 1):
        for i, (value, column) in enumerate(zip(row, table.columns, strict=True), 1):
            _put(sheet.cell(line, i), value, column)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    if table.rows:
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(table.columns))}{top + len(table.rows)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{top}:{top}"


def _put(cell: SheetCell, value: Cell, column: Column | None = None) -> None:
    if isinstance(value, str):
        value = _UNWRITABLE.sub(" ", value)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # a name that begins with '=' is a name, not a formula
    if column is not None and column.percent:
        cell.number_format = "0%"


def _width(table: Table, index: int, column: Column) -> float:
    """Return a width that fits the header and the first rows; Chinese characters are twice as wide."""
    texts = [column.name, *(str(row[index]) for row in table.rows[:60] if row[index] is not None)]
    longest = max(sum(2 if ord(character) > 255 else 1 for character in text) for text in texts)
    return min(60.0, max(8.0, longest + 2.0))
