"""How long records are kept, whether stills are, the site's clock, and what people agree to."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from posture_check.reports.wording import Lang
from posture_check.rules.result import Text
from posture_check.store import StoreError
from posture_check.store.records import SweepReport
from posture_check.store.settings import SETTINGS
from posture_check.web.admin.desk import AtDesk, Desk, InLang, done_text, onward, said, told
from posture_check.web.rendering import page
from posture_check.web.security.forms import Admin, Form, Posted

router = APIRouter()

# Given in this order, the audit log's term is long enough before that of the shifts grows, and the other way round.
GROWING = ("audit_days", "retention_days", "evidence_days", "leaver_days")
SHRINKING = ("retention_days", "audit_days", "evidence_days", "leaver_days")
CONSENT_LENGTH = 4000


@router.get("/retention")
def show(request: Request, who: Admin, desk: AtDesk, lang: InLang) -> Response:
    """Show terms and texts."""
    return _page(request, desk, lang, done=done_text(request, lang))


@router.post("/retention")
def save(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Change terms, stills and time zone: all of them, or with anything wrong none."""
    wrong, values = _typed(form, lang)
    for name, value in values.items():
        if not SETTINGS[name].test(value):
            wrong.append(f"{said(SETTINGS[name].title, lang)}: {said(SETTINGS[name].allowed, lang)}")
    if not wrong and values["audit_days"] < values["retention_days"]:
        wrong.append(
            "审计日志的保存期不得短于班次记录"
            if lang == "zh"
            else "the audit log must be kept at least as long as the shifts"
        )
    if wrong:
        return _page(request, desk, lang, wrong=wrong, typed=values)
    grows = values["retention_days"] > desk.store.setting("retention_days")
    try:
        for name in (*(GROWING if grows else SHRINKING), "evidence", "timezone"):
            desk.store.set_setting(name, values[name], who.login)
    except StoreError as e:
        return _page(request, desk, lang, wrong=[told(e, lang)], typed=values)
    return onward("/admin/retention", "saved")


@router.post("/retention/consent")
def publish(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Put a new consent text in force."""
    zh, en = (form.text(name, CONSENT_LENGTH) for name in ("zh", "en"))
    try:
        desk.store.consent_publish(Text(zh=zh, en=en), who.login)
    except ValidationError:
        both = "中文和英文都要填写" if lang == "zh" else "give both, Chinese and English"
        return _page(request, desk, lang, wrong=[both], consent={"zh": zh, "en": en})
    except StoreError as e:
        return _page(request, desk, lang, wrong=[told(e, lang)], consent={"zh": zh, "en": en})
    return onward("/admin/retention", "published")


@router.post("/retention/sweep")
def sweep(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Delete now what is past its term."""
    desk.store.audit("retention.asked", who.login)
    return _page(request, desk, lang, swept=desk.store.sweep())


def _typed(form: Form, lang: Lang) -> tuple[list[str], dict[str, Any]]:
    values: dict[str, Any] = {}
    wrong = []
    for name in GROWING:
        typed = form.text(name, 10)
        if typed.isdecimal():
            values[name] = int(typed)
        else:
            wrong.append(f"{said(SETTINGS[name].title, lang)}: {said(SETTINGS[name].allowed, lang)}")
    values["evidence"] = form.ticked("evidence")
    values["timezone"] = form.text("timezone", 60) or None
    return wrong, values


def _page(
    request: Request,
    desk: Desk,
    lang: Lang,
    *,
    done: str = "",
    wrong: list[str] | None = None,
    typed: dict[str, Any] | None = None,
    consent: dict[str, str] | None = None,
    swept: SweepReport | None = None,
) -> Response:
    current = desk.store.consent_current()
    kept = {name: desk.store.setting(name) for name in SETTINGS}
    return page(
        request,
        "admin/retention.html",
        status=400 if wrong else 200,
        values=kept | (typed or {}),
        settings=SETTINGS,
        days=GROWING[1:] + GROWING[:1],
        consent_version=current.version,
        consent=consent or {"zh": current.text.zh, "en": current.text.en},
        wrong=wrong or [],
        swept=swept,
        done=done,
    )
