"""Who is logged in: kept on the server, so that logging out and disabling an account take effect at once.

The browser holds a random token; the server keeps its SHA-256 alone, in a file that only its own user can read, so
that a restart logs nobody out and a copy of the file opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Scope = Literal["admin", "supervisor", "kiosk"]
"""What a session opens: all pages, the daily ones, or the kiosk alone."""

IDLE_S: dict[Scope, float] = {"admin": 30 * 60, "supervisor": 30 * 60, "kiosk": 30 * 86400}
ABSOLUTE_S: dict[Scope, float] = {"admin": 12 * 3600, "supervisor": 12 * 3600, "kiosk": 180 * 86400}
WRITE_EVERY_S = 60.0
"""When a session was last used is written down no more often than this."""
MOST_SESSIONS = 500
FILE = "sessions.json"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Session:
    """One login.

    Attributes
    ----------
    login
        The account's name.
    scope
        What it opens.
    began_s, used_s
        Unix times of the login and of the last request.
    """

    login: str
    scope: Scope
    began_s: float
    used_s: float

    def is_over(self, now: float) -> bool:
        """Return whether it has expired, by idling or by age."""
        return now - self.used_s > IDLE_S[self.scope] or now - self.began_s > ABSOLUTE_S[self.scope]


class Sessions:
    """All logins of a server.

    Parameters
    ----------
    folder
        Where they are kept; None keeps them in memory.
    clock
        Unix time in seconds.
    """

    def __init__(self, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._file = None if folder is None else folder / FILE
        self._clock = clock
        self._lock = threading.Lock()
        self._written_s = 0.0
        self._secret, self._sessions = self._read()

    def begin(self, login: str, scope: Scope) -> str:
        """Begin a session and return its token; the token is new whatever the browser held before."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._sessions = {key: s for key, s in self._sessions.items() if not s.is_over(now)}
            while len(self._sessions) >= MOST_SESSIONS:
                del self._sessions[min(self._sessions, key=lambda key: self._sessions[key].used_s)]
            self._sessions[_key(token)] = Session(login, scope, now, now)
            self._write()
        return token

    def find(self, token: str | None, *, used: bool = True) -> Session | None:
        """Return the session of a token; None if there is none or it is over.

        Parameters
        ----------
        token
            As the browser sent it.
        used
            Whether somebody is at work: a page that refreshes itself keeps no session alive.
        """
        if not token:
            return None
        now = self._clock()
        with self._lock:
            session = self._sessions.get(_key(token))
            if session is None:
                return None
            if session.is_over(now):
                del self._sessions[_key(token)]
                self._write()
                return None
            if not used:
                return session
            session.used_s = now
            if now - self._written_s > WRITE_EVERY_S:
                self._write()
            return session

    def end(self, token: str | None) -> None:
        """End a session."""
        with self._lock:
            if token and self._sessions.pop(_key(token), None) is not None:
                self._write()

    def end_all(self, login: str) -> None:
        """End every session of an account: it was disabled, or its password changed."""
        with self._lock:
            self._sessions = {key: s for key, s in self._sessions.items() if s.login != login}
            self._write()

    def csrf(self, token: str) -> str:
        """Return what a form of the browser with this token must carry."""
        return hmac.new(self._secret, f"csrf:{token}".encode(), hashlib.sha256).hexdigest()

    def csrf_is_right(self, token: str | None, given: str | None) -> bool:
        """Return whether a form carries what this browser was given."""
        return bool(token and given) and hmac.compare_digest(self.csrf(token or "").encode(), (given or "").encode())

    def _read(self) -> tuple[bytes, dict[str, Session]]:
        if self._file is not None and self._file.is_file():
            try:
                kept = json.loads(self._file.read_text("utf-8"))
                sessions = {key: Session(**fields) for key, fields in kept["sessions"].items()}
                return bytes.fromhex(kept["secret"]), sessions
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                log.warning("%s: damaged: everybody has to log in again", self._file)
        return secrets.token_bytes(32), {}

    def _write(self) -> None:
        """Write all sessions down, whole or not at all; a full disk costs a login after the next restart, no more."""
        self._written_s = self._clock()
        if self._file is None:
            return
        part = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        content = {"secret": self._secret.hex(), "sessions": {key: asdict(s) for key, s in self._sessions.items()}}
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                json.dump(content, out)
            part.replace(self._file)
        except OSError as e:
            log.warning("%s: cannot be written (%s): a restart will ask for the logins again", self._file, e.strerror)
        finally:
            part.unlink(missing_ok=True)


def _key(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
