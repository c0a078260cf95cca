"""Logins and PINs: who may come in, counted, delayed, and written into the audit log."""

from __future__ import annotations

import logging
import math
import secrets
import threading
import time
import unicodedata
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from posture_check.rules.result import Text
from posture_check.store import Store, StoreError
from posture_check.store.records import Account
from posture_check.web.security.guard import cookie_name, new_visitor
from posture_check.web.security.sessions import Scope, Session, Sessions
from posture_check.web.security.throttle import ACCOUNT_WAIT_S, LONGEST_WAIT_S, Throttle
from posture_check.web.settings import Settings
from posture_check.web.texts import both

RECHECK_S = 5.0
"""An account that was disabled elsewhere (on the command line) is out after this long."""
CODE_DIGITS = 8

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PinAnswer:
    """What became of a PIN.

    Attributes
    ----------
    account
        The supervisor; None if it was refused.
    wait_s
        How long the next try has to wait, 0 where it need not.
    text
        What to tell the person; None if it was right.
    """

    account: Account | None
    wait_s: float = 0.0
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class LoginAnswer:
    """What became of a login: a token, or why not."""

    token: str | None
    scope: Scope | None = None
    wait_s: float = 0.0
    text: Text | None = None


class Security:
    """Everything that decides who may do what; one per server.

    Attributes
    ----------
    sessions
        Logins.
    setup_code
        One-time code with which the first administrator is made on the set-up page; None where there is one already,
        or the server can be reached from elsewhere.
    """

    def __init__(self, settings: Settings, store: Store, throttle: Throttle | None = None) -> None:
        self.settings = settings
        self.store = store
        self.sessions = Sessions(settings.data_dir)
        self.throttle = throttle or Throttle()
        self._accounts: dict[str, Account] = {}
        self._accounts_s = -math.inf
        self._setup = threading.Lock()
        self.setup_code = _code() if settings.loopback and not has_administrator(store) else None

    async def find(self, token: str | None, used: bool) -> Session | None:
        """Return the session of a token, if its account is still what it was when it logged in."""
        session = self.sessions.find(token, used=used)
        if session is None:
            return None
        if time.monotonic() - self._accounts_s > RECHECK_S:
            await run_in_threadpool(self.reload_accounts)
        account = self._accounts.get(session.login)
        if account is None or not account.active or account.changed_at.timestamp() > session.began_s:
            self.sessions.end(token)
            return None
        return session

    def reload_accounts(self) -> None:
        """Read the accounts again; while the records cannot be read, those known last count."""
        try:
            self._accounts = {account.login: account for account in self.store.accounts()}
            self._accounts_s = time.monotonic()
        except StoreError as e:
            log.warning("accounts: %s", e)

    def log_in(self, address: str, login: str, secret: str, *, kiosk: bool = False) -> LoginAnswer:
        """Check a name and its password or PIN; begin a session if they are right. Takes its time (argon2).

        Parameters
        ----------
        address
            Of the browser, for counting.
        login, secret
            As typed.
        kiosk
            Whether the session opens the kiosk alone, for long.
        """
        login = login.strip()
        account_key, address_key = f"account:{_plain(login)}", f"address:{address}"
        wait = self.throttle.start({account_key: ACCOUNT_WAIT_S, address_key: LONGEST_WAIT_S})
        if wait > 0:
            return LoginAnswer(None, None, wait, too_many(wait))
        account = self.store.account_verify(login, secret)
        if account is None:
            # What is no account's name may be a password that was typed into the wrong field.
            self.reload_accounts()
            self._note(
                "login.refused", known if (known := _plain(login)) in self._accounts else "?", {"address": address}
            )
            return LoginAnswer(None, None, 0.0, both("用户名、密码或 PIN 不正确", "wrong name, password or PIN"))
        self.throttle.succeeded([account_key], [address_key])
        self.reload_accounts()
        scope: Scope = "kiosk" if kiosk else account.role
        self._note("login", account.login, {"address": address, "scope": scope})
        return LoginAnswer(self.sessions.begin(account.login, scope), scope)

    def pin(self, address: str, pin: str) -> PinAnswer:
        """Check a supervisor's PIN, as at the kiosk. Takes its time (argon2)."""
        here, anywhere = f"pin:{address}", "pin"
        wait = self.throttle.start({here: LONGEST_WAIT_S, anywhere: ACCOUNT_WAIT_S})
        if wait > 0:
            return PinAnswer(None, wait, too_many(wait))
        account = self.store.pin_verify(pin)
        if account is None:
            self._note("pin.refused", "kiosk", {"address": address})
            return PinAnswer(None, 0.0, both("PIN 不正确", "wrong PIN"))
        self.throttle.succeeded([here, anywhere])
        return PinAnswer(account)

    def set_up(self, address: str, code: str, login: str, secret: str) -> Account:
        """Make the first administrator, with the code from the console.

        Raises
        ------
        Refused
            If the code is wrong or used up, or too many were tried.
        InputError
            If the name or the password will not do.
        """
        with self._setup:
            if self.setup_code is None or has_administrator(self.store):
                raise Refused(both("已有管理员，请登录", "there is an administrator already: log in"))
            key = f"setup:{address}"
            wait = self.throttle.start({key: LONGEST_WAIT_S})
            if wait > 0:
                raise Refused(too_many(wait), wait)
            typed = "".join(character for character in code if character.isdecimal())
            if not secrets.compare_digest(typed.encode(), self.setup_code.replace("-", "").encode()):
                raise Refused(both("一次性代码不正确，请看启动程序的窗口", "wrong code: see the window of the program"))
            self.throttle.succeeded([key])
            account = self.store.account_create(login.strip(), secret, "admin")
            self.setup_code = None
            self.reload_accounts()
            return account

    def csrf(self, connection: HTTPConnection) -> str:
        """Return what the forms of this browser carry."""
        return self.sessions.csrf(self._token(connection))

    def csrf_is_right(self, connection: HTTPConnection, given: str | None) -> bool:
        """Return whether a form carries what this browser was given."""
        return self.sessions.csrf_is_right(self._token(connection), given)

    def _token(self, connection: HTTPConnection) -> str:
        """Return what this browser's forms are bound to: its session, else a cookie for visitors."""
        state = connection.scope["state"]
        if state.get("token"):
            return str(state["token"])
        known = connection.cookies.get(cookie_name("visitor", connection.scope, self.settings.tls))
        if known:
            return known
        return str(state.setdefault("new_visitor", new_visitor()))

    def _note(self, event: str, actor: str, detail: dict[str, object]) -> None:
        """Write into the audit log; a full disk keeps nobody out."""
        try:
            self.store.audit(event, actor[:80], actor[:80], detail)
        except StoreError as e:
            log.warning("audit log: %s", e)


class Refused(Exception):
    """Something was refused; the text is for the person who asked."""

    def __init__(self, text: Text, wait_s: float = 0.0) -> None:
        super().__init__(text.en)
        self.text = text
        self.wait_s = wait_s


def too_many(wait_s: float) -> Text:
    """Return what is said to somebody who tried too often."""
    wait = math.ceil(wait_s)
    return both(f"尝试次数过多，请等待 {wait} 秒", f"too many tries: wait {wait} s")


def has_administrator(store: Store) -> bool:
    """Return whether anybody can open all pages."""
    return any(account.role == "admin" and account.active for account in store.accounts())


def _plain(login: str) -> str:
    """Return a login as the store reads it, so that no other spelling is counted apart."""
    return unicodedata.normalize("NFKC", login).strip().lower()[:80]


def _code() -> str:
    digits = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    return f"{digits[:4]}-{digits[4:]}"
