"""Accounts of administrators and supervisors, and one's own password."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from posture_check.errors import InputError
from posture_check.reports.wording import Lang
from posture_check.store.records import AccountRole
from posture_check.web.admin.desk import AtDesk, Desk, InLang, done_text, onward, told
from posture_check.web.rendering import page
from posture_check.web.security.forms import Admin, Posted, Supervisor
from posture_check.web.security.routes import address_of
from posture_check.web.texts import ACCOUNT_ROLES, word

router = APIRouter()

CREATED: tuple[AccountRole, ...] = ("supervisor", "admin")


@router.get("/accounts")
def show(request: Request, who: Admin, desk: AtDesk, lang: InLang) -> Response:
    """Show all accounts."""
    return _page(request, desk, lang, done=done_text(request, lang))


@router.post("/accounts")
def create(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Make an account."""
    role = form.text("role", 20)
    login = form.text("login", 80)
    try:
        if role not in CREATED:
            raise InputError("请选择角色" if lang == "zh" else "choose a role")
        secret, pin = form.raw("secret")[:300], form.text("pin", 40) or None
        desk.store.account_create(login, secret, role, pin=pin, by=who.login)
    except InputError as e:
        return _page(request, desk, lang, wrong=told(e, lang), login=login, role=role)
    desk.security.reload_accounts()
    return onward("/admin/accounts", "added")


@router.post("/accounts/{login}/disable")
def disable(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted, login: str) -> Response:
    """Shut an account out, at once."""
    try:
        desk.store.account_disable(login, who.login)
    except InputError as e:
        return _page(request, desk, lang, wrong=told(e, lang))
    desk.security.sessions.end_all(login)
    desk.security.reload_accounts()
    return onward("/admin/accounts", "disabled")


@router.post("/accounts/{login}/enable")
def enable(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted, login: str) -> Response:
    """Let an account in again."""
    try:
        desk.store.account_enable(login, who.login)
    except InputError as e:
        return _page(request, desk, lang, wrong=told(e, lang))
    desk.security.reload_accounts()
    return onward("/admin/accounts", "enabled")


@router.post("/accounts/{login}/secret")
def set_secret(request: Request, who: Admin, desk: AtDesk, lang: InLang, form: Posted, login: str) -> Response:
    """Give an account a new password, as after it was forgotten; its logins end."""
    try:
        desk.store.account_set_secret(login, form.raw("secret")[:300], who.login, pin=form.text("pin", 40) or None)
    except InputError as e:
        return _page(request, desk, lang, wrong=told(e, lang))
    desk.security.sessions.end_all(login)
    desk.security.reload_accounts()
    return onward("/admin/accounts", "saved")


@router.get("/me")
def me(request: Request, who: Supervisor, desk: AtDesk, lang: InLang) -> Response:
    """Show the form for one's own password."""
    return page(request, "admin/me.html", wrong="")


@router.post("/me")
def change(request: Request, who: Supervisor, desk: AtDesk, lang: InLang, form: Posted) -> Response:
    """Change one's own password; every login of the account ends."""
    new = form.raw("secret")[:300]
    wrong = ""
    if new != form.raw("again")[:300]:
        wrong = "两次输入的密码不同" if lang == "zh" else "the two passwords differ"
    else:
        answer = desk.security.log_in(address_of(request), who.login, form.raw("old")[:300])
        desk.security.sessions.end(answer.token)
        if answer.token is None and answer.text is not None:
            wrong = answer.text.zh if lang == "zh" else answer.text.en
    if not wrong:
        try:
            desk.store.account_set_secret(who.login, new, who.login, pin=form.text("pin", 40) or None)
        except InputError as e:
            wrong = told(e, lang)
    if wrong:
        return page(request, "admin/me.html", status=400, wrong=wrong)
    desk.security.sessions.end_all(who.login)
    desk.security.reload_accounts()
    return onward("/login")


def _page(
    request: Request, desk: Desk, lang: Lang, *, wrong: str = "", done: str = "", login: str = "", role: str = ""
) -> Response:
    return page(
        request,
        "admin/accounts.html",
        status=400 if wrong else 200,
        accounts=desk.store.accounts(),
        roles=[(name, word(ACCOUNT_ROLES, name, lang)) for name in CREATED],
        wrong=wrong,
        done=done,
        login=login,
        role=role or CREATED[0],
    )
