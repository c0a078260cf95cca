"""What every part of the store stands on."""

from __future__ import annotations

from collections.abc import Callable
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
    """

    def __init__(self, database: Database, data_dir: Path, clock: Callable[[], datetime]):
        self._db = database
        self._clock = clock
        self.data_dir = data_dir

    def _day(self, session: Session, when: datetime) -> date:
        """Return the site's day at a time."""
        return local_day(when, read_setting(session, "timezone"))


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
