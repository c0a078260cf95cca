"""One inspection with every check, and its stills."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from posture_check.errors import InputError
from posture_check.reports.wording import Lang, advice, limit_text, reason_text, title, value_text
from posture_check.rules.result import Check, Verdict
from posture_check.web.admin.desk import AtDesk, Desk, InLang, not_found, said
from posture_check.web.chosen import active_checklist
from posture_check.web.rendering import page
from posture_check.web.security.forms import Supervisor
from posture_check.web.texts import KINDS, ROLES, verdict_word, word

router = APIRouter()

_ORDER = (Verdict.FAIL, Verdict.BORDERLINE, Verdict.NOT_ASSESSED, Verdict.PASS)


@router.get("/shifts/{shift_id}")
def show(request: Request, who: Supervisor, desk: AtDesk, lang: InLang, shift_id: int) -> Response:
    """Show an inspection."""
    detail = desk.store.shift_detail(shift_id)
    if detail is None:
        raise not_found()
    latest = {id(check) for check in detail.checks}
    steps = [(step, sorted(step.checks, key=_rank)) for step in detail.steps]
    counted = {str(verdict): sum(check.verdict is verdict for check in detail.checks) for verdict in _ORDER}
    return page(
        request,
        "admin/shift.html",
        detail=detail,
        shift=detail.shift,
        steps=steps,
        counted=counted,
        counts=lambda check: id(check) in latest or check in detail.checks,
        title_of=lambda check: title(check, lang),
        value_of=lambda check: value_text(check, lang),
        limit_of=lambda check: limit_text(check.limit, check.unit, lang),
        reason_of=lambda check: reason_text(check, lang),
        advice_of=lambda check: advice(check, lang),
        verdict_of=lambda verdict: verdict_word(verdict, lang),
        step_titles=step_titles(desk, lang),
        kind=word(KINDS, detail.shift.kind, lang),
        role=word(ROLES, detail.shift.role, lang),
    )


@router.get("/evidence/{evidence_id}.jpg")
def still(who: Supervisor, desk: AtDesk, evidence_id: int) -> Response:
    """Return a still, if it is kept yet; who looked is written down."""
    path = desk.store.evidence_path(evidence_id, by=who.login)
    if path is None:
        raise not_found()
    return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


def step_titles(desk: Desk, lang: Lang) -> dict[str, str]:
    """Return how the steps of the checklist in force are called; records keep their names alone."""
    try:
        checklist = active_checklist(desk.store, desk.book)
    except InputError:
        return {}
    return {step.id: said(step.title, lang) for step in checklist.steps}


def _rank(check: Check) -> int:
    return _ORDER.index(check.verdict) if check.verdict in _ORDER else len(_ORDER)
