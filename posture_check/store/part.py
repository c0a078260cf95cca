"""What every part of the store stands on."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from posture_check.store.database import Database
from posture_check.store.errors import refused
from posture_check.store.settings import read_setting
from posture_check.store.tables import StaffTable
from posture_check.store.times import local_day


class Part:
    """Database, folder and clock.

    Attributes
    ----------
    data_dir
        Folder of the site's data; stills lie in its ``evidence``.
    kiosk
        Which kiosk this is: several may share the records of a server.
    """

    def __init__(self, database: Database, data_dir: Path, clock: Callable[[], datetime]):
        self._db = database
        self._clock = clock
        self.data_dir = data_dir
        self.kiosk = _kiosk(data_dir)

    def _day(self, session: Session, when: datetime) -> date:
        """Return the site's day at a time."""
        return local_day(when, read_setting(session, "timezone"))


def _kiosk(data_dir: Path) -> str:
    """Return the name of this kiosk: drawn once, and kept in its folder; the machine's where that is not possible."""
    file = data_dir / "kiosk-id"
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError), file.open("x", encoding="ascii") as new:
            new.write(secrets.token_hex(8))
        name = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    return (name or platform.node() or "kiosk")[:40]


def staff_row(session: Session, number: str) -> StaffTable:
    """Return the roster's entry of a number.

    Raises
    ------
    StoreError
        If there is none.
    """
    row = session.scalar(select(StaffTable).where(StaffTable.number == number.strip()))
    if row is None:
        raise refused(f"staff number {number} is not on the roster", f"名册中没有工号 {number}")
    return row
