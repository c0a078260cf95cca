"""Login, logout, set-up of the first administrator, and the choice of language."""

from __future__ import annotations

import math
import re

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from posture_check.errors import InputError
from posture_check.web.rendering import page
from posture_check.web.security.forms import Guarding, Posted, session_of
from posture_check.web.security.guard import cookie, cookie_name
from posture_check.web.security.logins import Refused, Security
from posture_check.web.security.sessions import ABSOLUTE_S
from posture_check.web.texts import LANG_COOKIE, both, language_of, sayer

router = APIRouter(include_in_schema=False)

LANGUAGE_S = 365 * 86400
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


@router.get("/login")
def login_page(request: Request, security: Guarding, next: str = "") -> Response:
    """Show the login, or the way to the set-up while there is no administrator."""
    session = session_of(request)
    if session is not None and (session.scope != "kiosk" or not next.startswith("/admin")):
        return RedirectResponse(local_path(next) or home(session.scope), 303)
    if security.setup_code is not None:
        return RedirectResponse("/setup", 303)
    return page(request, "admin/login.html", next=local_path(next), name="", error=None, kiosk=False)


@router.post("/login")
def log_in(request: Request, security: Guarding, form: Posted) -> Response:
    """Begin a session."""
    name, kiosk, onward = form.text("login", 80), form.ticked("kiosk"), local_path(form.text("next"))
    answer = security.log_in(address_of(request), name, form.raw("secret")[:200], kiosk=kiosk)
    if answer.token is None or answer.scope is None:
        said = answer.text
        refused = page(
            request,
            "admin/login.html",
            status=429 if answer.wait_s else 401,
            next=onward,
            name=name,
            error=said and (said.zh if language_of(request) == "zh" else said.en),
            kiosk=kiosk,
        )
        if answer.wait_s:
            refused.headers["Retry-After"] = str(math.ceil(answer.wait_s))
        return refused
    security.sessions.end(request.scope["state"].get("token"))
    if kiosk and onward.startswith("/admin"):
        onward = "/"
    response = RedirectResponse(onward or home(answer.scope), 303)
    _set_session(request, security, response, answer.token, int(ABSOLUTE_S[answer.scope]) if kiosk else None)
    return response


@router.post("/logout")
def log_out(request: Request, security: Guarding, form: Posted) -> Response:
    """End the session."""
    security.sessions.end(request.scope["state"].get("token"))
    response = RedirectResponse("/login", 303)
    _set_session(request, security, response, "", 0)
    return response


@router.get("/setup")
def setup_page(request: Request, security: Guarding) -> Response:
    """Ask for the code from the console and the first administrator's name and password."""
    if security.setup_code is None:
        return RedirectResponse("/login", 303)
    return page(request, "admin/setup.html", name="", error=None)


@router.post("/setup")
def set_up(request: Request, security: Guarding, form: Posted) -> Response:
    """Make the first administrator, and log them in."""
    name, secret = form.text("login", 80), form.raw("secret")[:200]
    t = sayer(language_of(request))
    try:
        if secret != form.raw("again")[:200]:
            raise Refused(both("两次输入的密码不同", "the two passwords differ"))
        account = security.set_up(address_of(request), form.text("code", 40), name, secret)
    except (Refused, InputError) as e:
        said = getattr(e, "text", None)
        error = str(e) if said is None else t(said.zh, said.en)
        wait = getattr(e, "wait_s", 0.0)
        if security.setup_code is None:
            return RedirectResponse("/login", 303)
        return page(request, "admin/setup.html", status=429 if wait else 400, name=name, error=error)
    response = RedirectResponse("/admin", 303)
    _set_session(request, security, response, security.sessions.begin(account.login, "admin"), None)
    return response


@router.get("/language/{lang}")
def choose_language(request: Request, security: Guarding, lang: str, next: str = "/") -> Response:
    """Remember the language in the browser and go back."""
    if lang not in ("zh", "en"):
        raise HTTPException(404)
    response = RedirectResponse(local_path(next) or "/", 303)
    secure = security.settings.tls or request.url.scheme == "https"
    response.set_cookie(LANG_COOKIE, lang, LANGUAGE_S, samesite="strict", secure=secure)
    return response


def local_path(path: str) -> str:
    """Return a path of this server to go on to; empty for anything that could lead elsewhere."""
    return path if _LOCAL.fullmatch(path) else ""


def home(scope: str) -> str:
    """Return where a login leads by itself."""
    return "/" if scope == "kiosk" else "/admin"


def address_of(request: Request) -> str:
    """Return the address that tries are counted by."""
    return request.client.host if request.client else "?"


def _set_session(request: Request, security: Security, response: Response, token: str, max_age_s: int | None) -> None:
    secure = security.settings.tls or request.url.scheme == "https"
    name = cookie_name("session", request.scope, security.settings.tls)
    response.headers.append("Set-Cookie", cookie(name, token, secure=secure, max_age_s=max_age_s))
