"""The audit log: filter, check of its chain, export."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from posture_check.store.records import AuditEntry, AuditReport
from posture_check.store.roster_csv import harmless
from posture_check.web.admin.board import parse_day, today
from posture_check.web.admin.desk import AtDesk, Desk, InLang
from posture_check.web.admin.exports import attachment
from posture_check.web.rendering import page
from posture_check.web.security.forms import Admin, Posted

router = APIRouter()

PAGE = 100
EXPORTED = 50_000
EVENTS = (
    "account",
    "audit",
    "consent",
    "evidence",
    "export",
    "login",
    "pin",
    "retention",
    "roster",
    "setting",
    "shift",
    "staff",
)


@router.get("/audit")
def show(request: Request, who: Admin, desk: AtDesk, lang: InLang) -> Response:
    """Show entries."""
    return _page(request, desk, None)


@router.post("/audit/verify")
def verify(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Check every hash of the log."""
    return _page(request, desk, desk.store.audit_verify())


@router.get("/audit.csv")
def export(request: Request, who: Admin, desk: AtDesk) -> Response:
    """Export the entries that are asked for."""
    entries = desk.store.audit_list(**_wanted(request, desk), limit=EXPORTED)
    desk.store.audit("export.audit", who.login, "", {"entries": len(entries)})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("seq", "at", "event", "actor", "subject", "detail", "hash"))
    for entry in entries:
        detail = json.dumps(entry.detail, ensure_ascii=False)
        cells = (str(entry.seq), entry.at.isoformat(), entry.event, entry.actor, entry.subject, detail, entry.hash)
        writer.writerow([harmless(cell) for cell in cells])
    return attachment(("\ufeff" + out.getvalue()).encode(), "text/csv; charset=utf-8", "audit-log.csv")


def _wanted(request: Request, desk: Desk) -> dict[str, Any]:
    """Read an address's filter; days are the site's."""
    given = request.query_params
    here = ZoneInfo(desk.zone) if desk.zone else datetime.now(UTC).astimezone().tzinfo
    wanted: dict[str, Any] = {name: given.get(name, "").strip()[:80] or None for name in ("event", "actor", "subject")}
    now = today(desk)
    if given.get("since"):
        wanted["since"] = datetime.combine(parse_day(given["since"], now), time(), here)
    if given.get("until"):
        wanted["until"] = datetime.combine(parse_day(given["until"], now) + timedelta(days=1), time(), here)
    return wanted


def _page(request: Request, desk: Desk, verified: AuditReport | None) -> Response:
    given = request.query_params
    before = given.get("before", "")
    entries = desk.store.audit_list(
        **_wanted(request, desk), before_seq=int(before) if before.isdecimal() else None, limit=PAGE
    )
    asked = {name: given.get(name, "") for name in ("event", "actor", "subject", "since", "until")}
    return page(
        request,
        "admin/audit.html",
        entries=entries,
        asked=asked,
        events=EVENTS,
        older=entries[-1].seq if len(entries) == PAGE else None,
        verified=verified,
        detail_of=_detail,
    )


def _detail(entry: AuditEntry) -> str:
    text = json.dumps(entry.detail, ensure_ascii=False) if entry.detail else ""
    return text if len(text) <= 300 else f"{text[:300]}…"
