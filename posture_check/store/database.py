"""The connection: SQLite that keeps what it acknowledged, or PostgreSQL; one way to read and one to write."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session

from posture_check.errors import InputError
from posture_check.store.errors import Kind, StoreError, told

BUSY_MS = 5000
"""How long a writer waits for another one."""
_WRITE = "posture_check_write"
_AUDIT_LOCK = 0x706F7374  # any number of our own: advisory locks of PostgreSQL are numbers


class Database:
    """Engine and transactions; what the database refuses becomes ``StoreError``.

    Attributes
    ----------
    where
        File or address without its password, for messages.
    """

    def __init__(self, url: str | None, data_dir: Path):
        address = _address(url, data_dir)
        self.sqlite = address.get_backend_name() == "sqlite"
        self.where = address.database or "" if self.sqlite else address.render_as_string(hide_password=True)
        if self.sqlite:
            self._make_file()
        self.engine = _sqlite_engine(address) if self.sqlite else _postgres_engine(address)
        with told(self.where), self.engine.connect() as first:
            if self.sqlite and first.exec_driver_sql("PRAGMA journal_mode").scalar_one() != "wal":
                raise StoreError(
                    "refused",
                    self.where,
                    en="lies where SQLite's write-ahead log does not work (a network share?); use a local --data-dir",
                    zh="所在位置不支持 SQLite 预写日志（网络共享？）；请选择本机文件夹",
                )

    def _make_file(self) -> None:
        """Make folder and file for their owner alone: they hold personal data."""
        file = Path(self.where)
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError as error:
            kind: Kind = "full" if error.errno == errno.ENOSPC else "read_only"
            raise StoreError(kind, str(file)) from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session on one consistent state."""
        with told(self.where), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose work is on the disk when the block has ended, or not at all."""
        engine = self.engine.execution_options(**{_WRITE: True})
        with told(self.where), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def exclusive(self) -> Iterator[Connection]:
        """Give a connection that alone changes tables; others wait."""
        engine = self.engine.execution_options(**{_WRITE: True})
        with told(self.where), engine.begin() as connection:
            lock_audit(connection)
            yield connection

    def settle(self) -> None:
        """Bring SQLite's log into the file, so that what was deleted is gone from both, and count what its tables hold.

        Without counts the plans of large queries are guesses; a server counts by itself.
        """
        if self.sqlite:
            with told(self.where), self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                for statement in ("PRAGMA analysis_limit=1000", "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    raw.execute(statement).close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def lock_audit(connection: Connection) -> None:
    """Let one transaction at a time append to the audit log; SQLite's writers are alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _AUDIT_LOCK})


def _address(url: str | None, data_dir: Path) -> URL:
    if url is None:
        return URL.create("sqlite", database=str(data_dir.absolute() / "posture-check.db"))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise InputError("--database-url: not an address; write postgresql://user:password@host/name") from None
    backend = address.get_backend_name()
    if backend == "sqlite" and address.database and address.database != ":memory:":
        return address.set(database=str(Path(address.database).absolute()))
    if backend in {"postgresql", "postgres"} and address.database:
        return address.set(drivername="postgresql+psycopg")
    shown = address.render_as_string(hide_password=True)
    raise InputError(f"--database-url {shown}: not one of ours; write postgresql://user:password@host/name")


def _sqlite_engine(address: URL) -> Engine:
    engine = create_engine(address, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # transactions are begun below, not guessed by the driver
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",  # a commit is on the disk before it returns
            "foreign_keys=ON",
            "secure_delete=FAST",
            "journal_size_limit=67108864",
        ):
            raw.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock first: one that reads and then writes could find the state changed in between.
        write = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgres_engine(address: URL) -> Engine:
    try:
        return create_engine(
            address,
            pool_pre_ping=True,  # a server that was restarted is found again
            connect_args={
                "connect_timeout": 5,
                "application_name": "posture-check",
                "options": f"-c lock_timeout={BUSY_MS} -c synchronous_commit=on -c timezone=UTC",
            },
        )
    except (ImportError, NoSuchModuleError):
        raise InputError("--database-url: PostgreSQL needs psycopg: pip install 'posture-check[postgres]'") from None
