"""Starting a spot check, a peer check or a mystery visit: the next check at the kiosk is of that kind (S2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from posture_check.reports.wording import Lang
from posture_check.web.admin.desk import AtDesk, Desk, InLang, done_text, onward
from posture_check.web.chosen import Inspection, cancel_inspection, start_inspection, waiting_inspections
from posture_check.web.rendering import page
from posture_check.web.security.forms import Posted, Supervisor
from posture_check.web.texts import KINDS, word

router = APIRouter()

STARTED = ("spot", "peer", "mystery")


@router.get("/inspect")
def show(request: Request, who: Supervisor, desk: AtDesk, lang: InLang) -> Response:
    """Show what can be started and what waits."""
    return _page(request, desk, lang, done=done_text(request, lang))


@router.post("/inspect")
def start(request: Request, who: Supervisor, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Start an inspection, of a person or of whoever comes next."""
    kind, number = form.text("kind", 10), form.text("number", 40)
    if kind not in STARTED:
        return _page(request, desk, lang, "请选择检查类型。" if lang == "zh" else "Choose the kind.")
    person = desk.store.staff_by_number(number) if number else None
    if number and (person is None or not person.active):
        zh, en = f"名册中没有工号 {number}。", f"Number {number} is not on the roster."
        return _page(request, desk, lang, zh if lang == "zh" else en)
    inspection = Inspection.model_validate(
        {
            "kind": kind,
            "by": form.text("by", 80) or who.login,
            "number": person.number if person else None,
            "at": datetime.now(UTC),
        }
    )
    start_inspection(desk.store, inspection)
    return onward("/admin/inspect", "started")


@router.post("/inspect/cancel")
def cancel(who: Supervisor, desk: AtDesk, form: Posted) -> Response:
    """Take a started inspection back."""
    cancel_inspection(desk.store, form.text("number", 40) or None, who.login)
    return onward("/admin/inspect", "cancelled")


def _page(request: Request, desk: Desk, lang: Lang, error: str = "", done: str = "") -> Response:
    people = {person.number: person for person in desk.store.staff_list()}
    recent = [shift for shift in desk.store.shifts(limit=400) if shift.kind != "self"][:25]
    return page(
        request,
        "admin/inspect.html",
        status=400 if error else 200,
        waiting=waiting_inspections(desk.store, datetime.now(UTC)),
        people=people,
        kinds=[(kind, word(KINDS, kind, lang)) for kind in STARTED],
        kind_word=lambda kind: word(KINDS, cast(str, kind), lang),
        recent=recent,
        error=error,
        done=done,
    )
