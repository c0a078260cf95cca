"""Bringing the tables to this version when the records are opened."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from posture_check.store.database import Database
from posture_check.store.errors import StoreError, refused, told
from posture_check.store.tables import Base

_ONE_AT_A_TIME = Lock()
"""Alembic keeps its context in globals."""
MIGRATIONS = Path(__file__).with_name("migrations")


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings; the connection is the one to work on."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def migrate(database: Database) -> None:
    """Bring the tables to this version; several programs may do so at once.

    Raises
    ------
    StoreError
        If they were made by a newer version, or are another program's.
    """
    scripts = ScriptDirectory.from_config(config())
    head = scripts.get_current_head()
    with told(database.where), database.engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    with _ONE_AT_A_TIME, database.exclusive() as connection:  # whoever waited here finds the work done
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
            raise StoreError("newer", database.where)
        if current is None and set(inspect(connection).get_table_names()) & set(Base.metadata.tables):
            raise refused("holds the tables of another program; choose another", "已有其他程序的数据表", database.where)
        if current != head:
            command.upgrade(config(connection), "head")
