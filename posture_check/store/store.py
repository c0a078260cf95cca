"""The store: all records behind one door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from posture_check.store.accounts import AccountsPart
from posture_check.store.appraisal import AppraisalPart
from posture_check.store.audit import AuditPart
from posture_check.store.board import BoardPart
from posture_check.store.database import Database
from posture_check.store.evidence import EvidencePart
from posture_check.store.history import HistoryPart
from posture_check.store.migrate import migrate
from posture_check.store.retention import RetentionPart
from posture_check.store.roster import RosterPart
from posture_check.store.shifts import ShiftsPart
from posture_check.store.site import SitePart
from posture_check.store.times import now_utc
from posture_check.store.upkeep import UpkeepPart


class Store(
    RosterPart,
    ShiftsPart,
    AccountsPart,
    SitePart,
    AuditPart,
    BoardPart,
    HistoryPart,
    AppraisalPart,
    EvidencePart,
    RetentionPart,
    UpkeepPart,
):
    """The records of a site; every method is one short transaction and may be called from any thread.

    Everything that reads or writes raises ``StoreError`` where the database cannot: then nothing was half-written, and
    the same call succeeds once its cause is gone.
    """

    @property
    def where(self) -> str:
        """File of the database, or its address without the password."""
        return self._db.where

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._db.close()


def open_store(url: str | None, data_dir: Path, *, clock: Callable[[], datetime] = now_utc) -> Store:
    """Open a site's records; they are made, or brought to this version, if need be.

    Parameters
    ----------
    url
        Address of a PostgreSQL database; None is SQLite in ``data_dir``.
    data_dir
        Folder of the site's data; made if it is not there, for its owner alone.
    clock
        Gives the time, aware.

    Raises
    ------
    StoreError
        If they cannot be opened or written, or were made by a newer version.
    InputError
        If the address is none.
    """
    database = Database(url, data_dir)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return Store(database, data_dir, clock)
