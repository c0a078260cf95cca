"""What every request and every WebSocket has to pass before any page sees it: refused unless allowed.

Order: is this our host, does it come from our own pages, is it small enough, who is it, may they. What comes back
carries the security headers whatever became of it.
"""

from __future__ import annotations

import html
import ipaddress
import json
import secrets
import socket
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from posture_check.rules.result import Text
from posture_check.web.security.sessions import Session, Sessions
from posture_check.web.settings import Settings
from posture_check.web.texts import both, language_of

PUBLIC = ("/static/", "/language/")
PUBLIC_PAGES = ("/login", "/logout", "/setup", "/healthz", "/favicon.ico")
ADMIN = "/admin"
BODY_LIMIT = 1024 * 1024
UPLOAD_LIMIT = 20 * 1024 * 1024
UPLOADS = ("/admin/camera", "/admin/roster/import")
"""Where pictures and whole rosters are sent."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
HSTS = "max-age=31536000"
BY_ITSELF = b"background=1"
"""In the query of what a page asks for by itself, with nobody at work."""

Finder = Callable[[str | None, bool], Awaitable[Session | None]]


class Guard:
    """The middleware.

    Parameters
    ----------
    app
        What comes behind it.
    settings
        Where the server listens: whatever is not this machine alone needs a login for every page.
    sessions
        Logins, for the tokens of forms.
    find
        Returns the session of a token whose account is still active.
    """

    def __init__(self, app: ASGIApp, settings: Settings, sessions: Sessions, find: Finder) -> None:
        self._app = app
        self._settings = settings
        self._sessions = sessions
        self._find = find
        self._names = _own_names(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope, send, self._settings.tls)
        connection = HTTPConnection(scope)
        refusal = self._stranger(connection)
        if refusal is None:
            refusal = await self._unknown(connection)
        if refusal is not None:
            await answer.refuse(*refusal)
            return
        limit = UPLOAD_LIMIT if scope["path"].startswith(UPLOADS) else BODY_LIMIT
        body = _Body(receive, limit)
        if scope["type"] == "http" and body.announced_too_large(connection.headers):
            await answer.refuse(413, _TOO_LARGE)
            return
        try:
            await self._app(scope, body if scope["type"] == "http" else receive, answer.sender(body))
        except Exception:
            if not body.exceeded:
                raise
        if body.exceeded:
            await answer.refuse(413, _TOO_LARGE)

    def _stranger(self, connection: HTTPConnection) -> tuple[int, Text] | None:
        """Refuse what was meant for another host (DNS rebinding), or comes from another site's page."""
        host = connection.headers.get("host", "")
        if not self._is_ours(host):
            return 400, both(
                f"地址 {host} 不属于本机；请用启动时显示的地址打开",
                f"{host} is not an address of this server: open the address that it printed when it started",
            )
        scope = connection.scope
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return None
        origin = connection.headers.get("origin")
        if origin is not None:
            foreign = urlsplit(origin).netloc.lower() != host.lower()
        else:
            foreign = connection.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        if foreign:
            return 403, both("拒绝来自其他网站的请求", "refused: the request comes from another site")
        return None

    async def _unknown(self, connection: HTTPConnection) -> tuple[int, Text] | None:
        """Find out who it is; refuse those who have to log in first."""
        token = connection.cookies.get(cookie_name("session", connection.scope, self._settings.tls))
        session = await self._find(token, BY_ITSELF not in connection.scope.get("query_string", b""))
        state = connection.scope.setdefault("state", {})
        state["session"] = session
        state["token"] = token if session else None
        path: str = connection.scope["path"]
        if path.startswith(PUBLIC) or path in PUBLIC_PAGES:
            return None
        admin = path == ADMIN or path.startswith(f"{ADMIN}/")
        if session is None and (admin or not self._settings.loopback):
            return 401, both("请先登录", "log in first")
        if session is not None and admin and session.scope == "kiosk":
            return 401, both("检查终端的登录不能打开管理页面", "a kiosk's login does not open the administration pages")
        return None

    def _is_ours(self, host: str) -> bool:
        name = _host_name(host)
        if name in self._names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        # An address cannot be rebound by a name server; on loopback only loopback is expected.
        return address.is_loopback if self._settings.loopback else True


_TOO_LARGE = both("上传的内容太大", "what was sent is too large")


class _Body:
    """The body of a request, counted while it comes."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._got = 0
        self.exceeded = False

    def announced_too_large(self, headers: Headers) -> bool:
        length = headers.get("content-length", "0")
        return not length.isdecimal() or int(length) > self._limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._got += len(message.get("body", b""))
        if self._got > self._limit:
            self.exceeded = True
            return {"type": "http.disconnect"}
        return message


class _Answer:
    """What goes back, with the security headers."""

    def __init__(self, scope: Scope, send: Send, tls: bool) -> None:
        self._scope = scope
        self._send = send
        self._secure = tls or scope.get("scheme") in ("https", "wss")
        self._started = False

    def sender(self, body: _Body) -> Send:
        async def send(message: Message) -> None:
            if body.exceeded and not self._started:
                return  # whatever it wanted to say: the refusal is told instead
            if message["type"] == "http.response.start":
                self._started = True
                self._dress(MutableHeaders(scope=message))
            await self._send(message)

        return send

    async def refuse(self, status: int, text: Text) -> None:
        if self._started:
            return
        if self._scope["type"] == "websocket":
            await self._send({"type": "websocket.close", "code": 1008, "reason": text.en})
            return
        headers = MutableHeaders()
        body = _page(self._scope, status, text, headers)
        self._dress(headers)
        status = 303 if "location" in headers else status
        await self._send({"type": "http.response.start", "status": status, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})

    def _dress(self, headers: MutableHeaders) -> None:
        connection = HTTPConnection(self._scope)
        for name, value in security_headers(connection.headers.get("host", ""), self._secure).items():
            headers.setdefault(name, value)
        static = self._scope["path"].startswith("/static/")
        headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
        visitor = self._scope.get("state", {}).get("new_visitor")
        if visitor:
            name = cookie_name("visitor", self._scope, self._secure)
            headers.append("Set-Cookie", cookie(name, visitor, secure=self._secure))


def security_headers(host: str, secure: bool) -> dict[str, str]:
    """Return the headers that every answer carries; ``host`` is the one the browser asked for, with its port."""
    # Older browsers do not take 'self' as allowing a WebSocket to the same host.
    socket_origin = f"{'wss' if secure else 'ws'}://{host}" if host and host.isascii() and " " not in host else ""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob:",
        "font-src": "'self'",
        "connect-src": f"'self' {socket_origin}".strip(),
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if secure:
        headers["Strict-Transport-Security"] = HSTS
    return headers


def cookie_name(what: str, scope: Scope, tls: bool) -> str:
    """Return a cookie's name; under TLS with the prefix that keeps other hosts and plain pages from setting it."""
    secure = tls or scope.get("scheme") in ("https", "wss")
    return f"__Host-pc_{what}" if secure else f"pc_{what}"


def cookie(name: str, value: str, *, secure: bool, max_age_s: int | None = None) -> str:
    """Return a ``Set-Cookie`` header that scripts cannot read and other sites cannot send."""
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Strict"]
    if max_age_s is not None:
        parts.append(f"Max-Age={max_age_s}")
    if secure:
        parts.append("Secure")
    return "; ".join(parts)


def new_visitor() -> str:
    """Return a token for a browser that is not logged in, to which its forms are bound."""
    return secrets.token_urlsafe(24)


def _page(scope: Scope, status: int, text: Text, headers: MutableHeaders) -> bytes:
    """Return the refusal as the browser takes it: the way to the login, a page, or JSON."""
    connection = HTTPConnection(scope)
    accepts_page = "text/html" in connection.headers.get("accept", "")
    if status == 401 and accepts_page and scope["method"] in SAFE_METHODS:
        query = scope.get("query_string", b"").decode("ascii", "replace")
        back = scope["path"] + (f"?{query}" if query else "")
        headers["location"] = f"/login?next={quote(back, safe='/')}"
        headers["content-length"] = "0"
        return b""
    if accepts_page:
        said = text.zh if language_of(connection) == "zh" else text.en
        page = f"<!doctype html><meta charset=utf-8><title>{status}</title><h1>{status}</h1><p>{html.escape(said)}</p>"
        body, kind = page.encode(), "text/html; charset=utf-8"
    else:
        body = json.dumps({"error": text.model_dump()}, ensure_ascii=False).encode()
        kind = "application/json"
    headers["content-type"] = kind
    headers["content-length"] = str(len(body))
    return body


def _host_name(host: str) -> str:
    """Return the name of ``name:port``, without the brackets of an IPv6 address."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _own_names(settings: Settings) -> frozenset[str]:
    names = {"localhost"}
    if not settings.loopback:
        host = socket.gethostname().lower()
        names |= {
            settings.host.lower(),
            host,
            f"{host}.local",
            socket.getfqdn().lower(),
            *(name.lower() for name in settings.allowed_hosts),
        }
    return frozenset(names)
