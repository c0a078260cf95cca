"""The monthly appraisal per person, team and counter (S2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from posture_check.errors import InputError
from posture_check.reports.appraisal import SCOPE_WORDS, appraisal_report, inspections_of, pass_rate
from posture_check.web.admin.board import today
from posture_check.web.admin.desk import AtDesk, Desk, InLang, said, told
from posture_check.web.admin.exports import Format, download
from posture_check.web.rendering import page
from posture_check.web.security.forms import Supervisor

router = APIRouter()


def month_of(desk: Desk, text: str) -> str:
    """Return the month of an address, or this one."""
    known = re.fullmatch(r"2\d{3}-(0[1-9]|1[0-2])", text)
    return text if known else f"{today(desk):%Y-%m}"


@router.get("/appraisal")
def show(request: Request, who: Supervisor, desk: AtDesk, lang: InLang, month: str = "") -> Response:
    """Show a month's appraisal."""
    shown = month_of(desk, month)
    appraisal = desk.store.appraisal(shown)
    return page(
        request,
        "admin/appraisal.html",
        month=shown,
        appraisal=appraisal,
        scopes=[
            (scope, said(words, lang), [row for row in appraisal.rows if row.scope == scope])
            for scope, words in SCOPE_WORDS.items()
        ],
        rate=pass_rate,
        others=inspections_of,
    )


@router.get("/appraisal.{form}")
def export(request: Request, who: Supervisor, desk: AtDesk, lang: InLang, form: Format, month: str = "") -> Response:
    """Export a month's appraisal."""
    shown = month_of(desk, month)
    report = appraisal_report(desk.store.appraisal(shown), lang, datetime.now(UTC), desk.zone)
    try:
        response = download(report, form, f"appraisal-{shown}")
    except InputError as e:
        return page(request, "admin/error.html", status=503, status_code=503, text=told(e, lang))
    desk.store.audit("export.appraisal", who.login, shown, {"form": form})
    return response
