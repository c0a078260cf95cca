"""Tables as PDF on landscape A4, in a font that draws Chinese names."""

from __future__ import annotations

import logging
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableCellFillMode
from fpdf.fonts import FontFace

from posture_check.errors import InputError
from posture_check.fonts import DEBIAN_FONT_PACKAGE, find_cjk_font
from posture_check.reports.appraisal import Report, Table, cell_text

FAMILY = "text"
_LATIN = "helvetica"


class _Pages(FPDF):
    """Pages with their number at the foot."""

    def __init__(self, title: str, family: str) -> None:
        super().__init__("landscape", "mm", "A4")
        self._heading, self._family = title, family

    def footer(self) -> None:
        """Write title and page number."""
        self.set_y(-12)
        self.set_font(self._family, size=8)
        self.set_text_color(80)
        self.cell(0, 6, f"{self._heading} · {self.page_no()} / {{nb}}", align="R")
        self.set_text_color(0)


def as_pdf(report: Report) -> bytes:
    """Return the report as PDF.

    Raises
    ------
    InputError
        If it holds Chinese and this machine has no font that draws it.
    """
    font = find_cjk_font()
    if font is None and _needs_cjk(report):
        raise InputError(
            "PDF: this machine has no font that draws Chinese; install one "
            f"(Debian and Ubuntu: apt install {DEBIAN_FONT_PACKAGE}), or export CSV or XLSX"
        )
    # Subsetting the font tells of every table it drops.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    family = _LATIN if font is None else FAMILY
    pdf = _Pages(report.title if font else _latin(report.title), family)
    if font is not None:
        _add_font(pdf, font)
    pdf.set_title(report.title)
    pdf.set_creator("posture-check")
    pdf.set_margins(10, 10)
    pdf.set_auto_page_break(True, 14)
    pdf.add_page()
    write = (lambda text: text) if font is not None else _latin
    pdf.set_font(family, size=16)
    pdf.multi_cell(0, 9, write(report.title), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(family, size=8)
    for note in report.notes:
        pdf.multi_cell(0, 4.5, write(note), new_x="LMARGIN", new_y="NEXT")
    for table in report.tables:
        if table.rows:
            _table(pdf, family, table, font is not None)
    return bytes(pdf.output())


def _table(pdf: FPDF, family: str, table: Table, any_script: bool) -> None:
    write = (lambda text: text) if any_script else _latin
    if pdf.get_y() > pdf.h - 45:
        pdf.add_page()
    pdf.ln(4)
    pdf.set_font(family, size=11)
    pdf.cell(0, 7, write(table.title), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(family, size=7.5)
    pdf.set_draw_color(190)
    pdf.set_line_width(0.15)
    with pdf.table(
        col_widths=tuple(column.share for column in table.columns),
        line_height=4.2,
        padding=(0.7, 1.2),
        text_align=tuple("RIGHT" if _is_number(table, i) else "LEFT" for i in range(len(table.columns))),
        headings_style=FontFace(fill_color=(225, 230, 235)),
        cell_fill_color=(246, 248, 250),
        cell_fill_mode=TableCellFillMode.ROWS,
        borders_layout="HORIZONTAL_LINES",
    ) as drawn:
        drawn.row([write(column.name) for column in table.columns])
        for row in table.rows:
            drawn.row([write(cell_text(cell, column)) for cell, column in zip(row, table.columns, strict=True)])


def _is_number(table: Table, index: int) -> bool:
    found = [row[index] for row in table.rows if row[index] is not None]
    return bool(found) and all(isinstance(cell, int | float) for cell in found)


def _add_font(pdf: FPDF, font: Path) -> None:
    for style in ("", "B"):
        if font.suffix.lower() == ".ttc":
            pdf.add_font(FAMILY, style, font, collection_font_number=_simplified(font))
        else:
            pdf.add_font(FAMILY, style, font)


def _simplified(font: Path) -> int:
    """Return which font of a collection draws Simplified Chinese as it is drawn in China; the first if none says."""
    from fontTools.ttLib import TTCollection

    with TTCollection(str(font), lazy=True) as collection:
        for i, face in enumerate(collection.fonts):
            name = str(face["name"].getDebugName(1) or "")
            if name.endswith(" SC") or "Micro Hei" in name:
                return i
    return 0


def _needs_cjk(report: Report) -> bool:
    texts = [report.title, *report.notes]
    for table in report.tables:
        texts += [table.title, *(column.name for column in table.columns)]
        texts += [cell for row in table.rows for cell in row if isinstance(cell, str)]
    return any(ord(character) > 0x2E7F for text in texts for character in text)


def _latin(text: str) -> str:
    """Return what the built-in font can write."""
    return text.replace("–", "-").replace("…", "...").encode("latin-1", "replace").decode("latin-1")
