"""What every administration page works with."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol, cast

from fastapi import Depends, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from posture_check.errors import InputError
from posture_check.reports.wording import Lang
from posture_check.rules.loader import RuleBook, load_rules
from posture_check.rules.result import Text
from posture_check.store import Store
from posture_check.web.security import Security
from posture_check.web.settings import Settings
from posture_check.web.texts import language_of

STASH_S = 900.0
MOST_STASHED = 8


class Pictures(Protocol):
    """The station, as far as these pages know it."""

    def picture(self) -> bytes | None:
        """Return the newest frame as JPEG, or None."""


@dataclass(slots=True)
class Stash:
    """Uploads between their preview and the decision to take them: in memory, for minutes, for who sent them."""

    _kept: dict[str, tuple[float, str, bytes]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, login: str, content: bytes) -> str:
        """Keep something and return its ticket."""
        ticket = secrets.token_urlsafe(16)
        with self._lock:
            now = time.monotonic()
            fresh = [(name, kept) for name, kept in self._kept.items() if now - kept[0] < STASH_S]
            self._kept = dict(fresh[-(MOST_STASHED - 1) :])
            self._kept[ticket] = (now, login, content)
        return ticket

    def look(self, login: str, ticket: str) -> bytes | None:
        """Return it to who put it there."""
        with self._lock:
            kept = self._kept.get(ticket)
            if kept is None or kept[1] != login or time.monotonic() - kept[0] > STASH_S:
                return None
            return kept[2]

    def take(self, login: str, ticket: str) -> bytes | None:
        """Return it, once, to who put it there."""
        content = self.look(login, ticket)
        with self._lock:
            return None if self._kept.pop(ticket, None) is None else content


@dataclass(slots=True)
class Desk:
    """Settings, records, station and security of one server.

    Attributes
    ----------
    station
        Gives the newest picture; None where there is none.
    stash
        Uploads that wait for a decision.
    """

    settings: Settings
    store: Store
    station: Any
    security: Security
    stash: Stash = field(default_factory=Stash)

    @property
    def book(self) -> RuleBook:
        """Return the rules in force at this site."""
        return load_rules(self.settings.rules, self.settings.site)

    @property
    def zone(self) -> str | None:
        """Return the site's time zone; None is the machine's own."""
        zone: str | None = self.store.setting("timezone")
        return zone

    def picture(self) -> bytes | None:
        """Return the newest frame of the station's camera as JPEG."""
        take: Callable[[], bytes | None] | None = getattr(self.station, "picture", None)
        return take() if take is not None else None


def desk_of(request: Request) -> Desk:
    """Return the desk of the server that a request came to."""
    return cast(Desk, request.state.desk)


def lang_of(request: Request) -> Lang:
    """Return the language of a request."""
    return language_of(request)


AtDesk = Annotated[Desk, Depends(desk_of)]
InLang = Annotated[Lang, Depends(lang_of)]


def said(text: Text, lang: Lang) -> str:
    """Return a wording in one language."""
    return text.zh if lang == "zh" else text.en


def told(error: Exception, lang: Lang) -> str:
    """Return what an error says, in the language where it knows both."""
    text = getattr(error, "text", None)
    if isinstance(text, Text):
        return said(text, lang)
    return (error.zh if lang == "zh" and isinstance(error, InputError) else None) or str(error)


def onward(path: str, done: str = "") -> Response:
    """Go on to a page after a form, which then says what was done."""
    if done:
        path += f"{'&' if '?' in path else '?'}done={done}"
    return RedirectResponse(path, 303)


def not_found() -> HTTPException:
    """Return the error of something that there is not."""
    return HTTPException(404, {"zh": "没有这一项", "en": "there is no such thing"})


DONE: dict[str, Text] = {
    "saved": Text(zh="已保存。", en="Saved."),
    "archived": Text(zh="已离岗存档。", en="Taken off the roster."),
    "restored": Text(zh="已恢复。", en="Restored."),
    "imported": Text(zh="名册已导入。", en="The roster was taken."),
    "started": Text(
        zh="已发起：终端的下一次检查将记为此类检查。", en="Started: the next check at the kiosk is of this kind."
    ),
    "cancelled": Text(zh="已取消。", en="Taken back."),
    "published": Text(
        zh="新的同意书已生效，每个人下次检查前会重新征求同意。", en="In force: everybody is asked again."
    ),
    "shipped": Text(zh="已恢复出厂清单。", en="The shipped checklist is in force again."),
    "added": Text(zh="已添加。", en="Added."),
    "disabled": Text(zh="账号已停用，已退出登录。", en="The account is shut out."),
    "enabled": Text(zh="账号已启用。", en="The account is let in again."),
    "changed": Text(zh="密码已更改，请重新登录。", en="Changed: log in again."),
    "swept": Text(zh="已清理到期记录。", en="What was past its term is deleted."),
    "camera": Text(zh="已选择摄像机，下次启动终端时生效。", en="Chosen: used when the kiosk is started next."),
}
"""What pages say after something was done; the address carries the name alone."""


def done_text(request: Request, lang: Lang) -> str:
    """Return what was done just before, as the address says."""
    text = DONE.get(request.query_params.get("done", ""))
    return said(text, lang) if text else ""
