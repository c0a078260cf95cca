"""A report as a file to download: CSV, XLSX or PDF."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from starlette.responses import Response

from posture_check.reports.appraisal import Report, as_csv

Format = Literal["csv", "xlsx", "pdf"]

_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def download(report: Report, form: Format, name: str) -> Response:
    """Return a report as a file.

    Raises
    ------
    InputError
        If a PDF is asked for and no font draws what it holds.
    """
    if form == "csv":
        return attachment(as_csv(report).encode(), _TYPES[form], f"{name}.csv")
    if form == "xlsx":
        from posture_check.reports.appraisal_xlsx import as_xlsx

        return attachment(as_xlsx(report), _TYPES[form], f"{name}.xlsx")
    from posture_check.reports.appraisal_pdf import as_pdf

    return attachment(as_pdf(report), _TYPES[form], f"{name}.pdf")


def attachment(content: bytes, kind: str, name: str) -> Response:
    """Return a file that the browser saves under a name, Chinese ones included (RFC 6266)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    headers = {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=kind, headers=headers)
