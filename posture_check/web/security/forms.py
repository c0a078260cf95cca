"""Dependencies of routes: who asks, and a form that is really ours."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, HTTPException
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from posture_check.web.security.guard import UPLOAD_LIMIT
from posture_check.web.security.logins import Security
from posture_check.web.security.sessions import Session

# Pictures and rosters that are sent stay in memory: by default larger ones are laid down in temporary files.
MultiPartParser.spool_max_size = UPLOAD_LIMIT

MOST_FIELDS = 400
MOST_FIELD_BYTES = 512 * 1024


def security_of(request: Request) -> Security:
    """Return the server's security."""
    return cast(Security, request.app.state.security)


def session_of(request: Request) -> Session | None:
    """Return the session of a request; None where nobody is logged in."""
    return cast("Session | None", request.scope["state"].get("session"))


def administrator(request: Request) -> Session:
    """Let administrators alone through."""
    session = supervisor(request)
    if session.scope != "admin":
        raise HTTPException(403, {"zh": "只有管理员可以。", "en": "Administrators only."})
    return session


def supervisor(request: Request) -> Session:
    """Let supervisors and administrators through."""
    session = session_of(request)
    if session is None or session.scope == "kiosk":
        raise HTTPException(401, {"zh": "请先登录。", "en": "Log in first."})
    return session


async def posted(request: Request) -> Form:
    """Return the form of a request, if it came from one of our pages.

    The token is looked for in the field ``csrf`` and in the header ``X-CSRF-Token``.
    """
    data = await request.form(max_files=20, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES)
    token = data.get("csrf") or request.headers.get("x-csrf-token")
    if not isinstance(token, str) or not security_of(request).csrf_is_right(request, token):
        raise HTTPException(
            403,
            {
                "zh": "页面已过期：请返回、重新打开页面再试。",
                "en": "The page is out of date: go back, load it again, repeat.",
            },
        )
    return Form(data)


class Form:
    """What was filled in, as text; a field that is not there is empty."""

    def __init__(self, data: FormData) -> None:
        self._data = data

    def text(self, name: str, most: int = 10_000) -> str:
        """Return a field without the blanks around it, cut where nobody types that much."""
        value = self._data.get(name)
        return value.strip()[:most] if isinstance(value, str) else ""

    def raw(self, name: str) -> str:
        """Return a field as it is: a password may begin with a blank."""
        value = self._data.get(name)
        return value if isinstance(value, str) else ""

    def all(self, name: str) -> list[str]:
        """Return every value of a field."""
        return [value for value in self._data.getlist(name) if isinstance(value, str)]

    def ticked(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return bool(self.text(name))

    def number(self, name: str) -> float | None:
        """Return a number; None where the field is empty.

        Raises
        ------
        ValueError
            If it is no number.
        """
        value = self.text(name).replace(",", ".")
        return float(value) if value else None

    def file(self, name: str) -> tuple[str, bytes] | None:
        """Return name and content of an uploaded file; None if none was chosen."""
        return next(iter(self.files(name)), None)

    def files(self, name: str) -> list[tuple[str, bytes]]:
        """Return name and content of every file that was chosen."""
        found = []
        for value in self._data.getlist(name):
            if isinstance(value, UploadFile) and value.filename:
                value.file.seek(0)
                found.append((value.filename, value.file.read()))
        return found


Admin = Annotated[Session, Depends(administrator)]
Supervisor = Annotated[Session, Depends(supervisor)]
Posted = Annotated[Form, Depends(posted)]
Guarding = Annotated[Security, Depends(security_of)]
