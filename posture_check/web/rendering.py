"""Pages from templates: language, login and form token of the request are always there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from posture_check import __version__
from posture_check.store import Store, StoreError
from posture_check.store.times import local_time
from posture_check.web import texts
from posture_check.web.security.forms import security_of, session_of

TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment() -> Environment:
    """Return the templates; everything that is put into them is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html", "svg")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(version=__version__)
    made.filters["pair"] = lambda value: (value, value)
    return made


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    request
        Of the browser; tells language, login and the token of forms.
    template
        Path below ``templates``.
    status
        Of the answer.
    context
        What the template shows.
    """
    lang = texts.language_of(request)
    session = session_of(request)
    query = f"?{request.url.query}" if request.url.query else ""
    shared: dict[str, Any] = {
        "lang": lang,
        "other_lang": texts.OTHER[lang],
        "t": texts.sayer(lang),
        "words": texts,
        "session": session,
        "csrf": security_of(request).csrf(request),
        "here": request.url.path,
        "here_full": (request.url.path + query) if request.method == "GET" else request.url.path,
        "when": clock(security_of(request).store),
    }
    html = environment().get_template(template).render(shared | context)
    return HTMLResponse(html, status)


def clock(store: Store) -> Callable[..., str]:
    """Return the function that writes a time as the site's clocks show it."""
    try:
        zone = store.setting("timezone")
    except StoreError:  # the page that tells of it must not fail for the same reason
        zone = None

    def when(at: datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
        return "" if at is None else local_time(at, zone).strftime(form)

    return when
