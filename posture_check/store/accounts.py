"""Accounts of those who administer the site or override a verdict; secrets are kept as argon2 hashes alone."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posture_check.store.audit import append
from posture_check.store.errors import refused
from posture_check.store.part import Part
from posture_check.store.records import Account, AccountRole
from posture_check.store.tables import AccountTable

PASSWORD_LENGTH = 10
_PIN = re.compile(r"[0-9]{6,12}")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,39}")
# A PIN is tried against every supervisor: OWASP's smaller choice of argon2id, some 20 ms each.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


class AccountsPart(Part):
    """Accounts."""

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts by login."""
        with self._db.read() as session:
            return tuple(_account(row) for row in session.scalars(select(AccountTable).order_by(AccountTable.login)))

    def account_create(
        self, login: str, secret: str, role: AccountRole, *, pin: str | None = None, by: str = "setup"
    ) -> Account:
        """Make an account.

        Parameters
        ----------
        login
            Letters, digits and ``._@-``; capitals do not count.
        secret
            Password of at least 10 characters; a supervisor's may be a PIN of 6 to 12 digits, which then also
            overrides at the kiosk.
        role
            Administrators do everything; supervisors override, and see what there is.
        pin
            A PIN for the kiosk beside the password.
        by
            Who makes it.

        Raises
        ------
        StoreError
            If the login is taken, or login, secret or PIN will not do.
        """
        login, now = _clean_login(login), self._clock()
        secret_hash, pin_hash = self._hashes(secret, pin, role)
        with self._db.write() as session:
            if _find(session, login) is not None:
                raise refused("is taken; choose another", "已被占用，请另选", f"login {login}")
            row = AccountTable(
                login=login,
                role=role,
                secret_hash=secret_hash,
                pin_hash=pin_hash,
                active=True,
                created_at=now,
                changed_at=now,
            )
            session.add(row)
            append(session, now, "account.created", by, login, {"role": role, "pin": pin_hash is not None})
        return _account(row)

    def account_set_secret(self, login: str, secret: str, by: str, *, pin: str | None = None) -> Account:
        """Give an account a new password or PIN; a supervisor's kiosk PIN is kept unless one is given."""
        login, now = _clean_login(login), self._clock()
        with self._db.read() as session:
            role = _known(session, login).role
        secret_hash, pin_hash = self._hashes(secret, pin, role, but=login)
        with self._db.write() as session:
            row = _known(session, login)
            row.secret_hash, row.pin_hash, row.changed_at = secret_hash, pin_hash or row.pin_hash, now
            append(session, now, "account.secret_changed", by, login)
        return _account(row)

    def account_disable(self, login: str, by: str) -> Account:
        """Shut an account out.

        Raises
        ------
        StoreError
            If it is the last administrator.
        """
        return self._switch(login, by, active=False)

    def account_enable(self, login: str, by: str) -> Account:
        """Let an account in again."""
        return self._switch(login, by, active=True)

    def account_verify(self, login: str, secret: str) -> Account | None:
        """Return the account if login and secret are right; as slow for an unknown login as for a wrong secret."""
        with self._db.read() as session:
            row = _find(session, unicodedata.normalize("NFKC", login).strip().lower())
        right = _matches(row.secret_hash if row else _nobody(), secret)
        return _account(row) if row is not None and right and row.active else None

    def account_by_login(self, login: str) -> Account | None:
        """Return an account, or None: to see that the one of a session is still active."""
        with self._db.read() as session:
            row = _find(session, login)
            return _account(row) if row else None

    def pin_verify(self, pin: str) -> Account | None:
        """Return whose kiosk PIN this is, or None. Wrong PINs must be slowed down by whoever asks."""
        with self._db.read() as session:
            rows = session.scalars(select(AccountTable).where(AccountTable.pin_hash.is_not(None), AccountTable.active))
            known = list(rows)
        if not _PIN.fullmatch(pin):
            return None
        return next((_account(row) for row in known if _matches(row.pin_hash or "", pin)), None)

    def _hashes(self, secret: str, pin: str | None, role: str, but: str = "") -> tuple[str, str | None]:
        """Return the hashes of a new secret and PIN, made outside any transaction: they take their time."""
        if role == "supervisor" and pin is None and _PIN.fullmatch(secret):
            pin = secret
        elif len(secret) < PASSWORD_LENGTH:
            raise refused(
                f"too short: at least {PASSWORD_LENGTH} characters (a supervisor's PIN: 6 to 12 digits)",
                f"太短：至少 {PASSWORD_LENGTH} 个字符（主管 PIN 为 6 到 12 位数字）",
                "password",
            )
        if len(secret) > 200:
            raise refused("too long: at most 200 characters", "太长：最多 200 个字符", "password")
        if pin is None:
            return _HASHER.hash(secret), None
        if not _PIN.fullmatch(pin) or len(set(pin)) < 3:
            raise refused(
                "must be 6 to 12 digits, at least three of them different",
                "应为 6 到 12 位数字，至少三个不同数字",
                "PIN",
            )
        owner = self.pin_verify(pin)
        if owner is not None and owner.login != but:
            raise refused("is in use; choose another", "已被使用，请另选", "PIN")
        return _HASHER.hash(secret), _HASHER.hash(pin)

    def _switch(self, login: str, by: str, *, active: bool) -> Account:
        now = self._clock()
        with self._db.write() as session:
            row = _known(session, _clean_login(login))
            others = select(func.count()).where(
                AccountTable.role == "admin", AccountTable.active, AccountTable.id != row.id
            )
            if not active and row.role == "admin" and not session.scalar(others):
                raise refused(
                    "is the last administrator; make another first", "是最后一个管理员，请先创建另一个", login
                )
            if row.active != active:
                row.active, row.changed_at = active, now
                append(session, now, "account.enabled" if active else "account.disabled", by, row.login)
        return _account(row)


def _clean_login(login: str) -> str:
    clean = unicodedata.normalize("NFKC", login).strip().lower()
    if not _LOGIN.fullmatch(clean):
        raise refused("2 to 40 letters, digits and . _ @ -", "2 到 40 个字母、数字或 . _ @ -", f"login {clean!r}")
    return clean


def _find(session: Session, login: str) -> AccountTable | None:
    return session.scalar(select(AccountTable).where(AccountTable.login == login))


def _known(session: Session, login: str) -> AccountTable:
    row = _find(session, login)
    if row is None:
        raise refused("there is no such account", "没有这个账号", f"login {login}")
    return row


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody's password")


def _matches(digest: str, secret: str) -> bool:
    try:
        return _HASHER.verify(digest, secret)
    except (VerificationError, InvalidHashError):
        return False


def _account(row: AccountTable) -> Account:
    return Account.model_validate(
        {
            "login": row.login,
            "role": row.role,
            "has_pin": row.pin_hash is not None,
            "active": row.active,
            "created_at": row.created_at,
            "changed_at": row.changed_at,
        }
    )
