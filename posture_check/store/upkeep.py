"""Looking after the database itself: is it whole, and a copy of it."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from posture_check.store.errors import StoreError, refused, told
from posture_check.store.part import Part


class UpkeepPart(Part):
    """The database itself."""

    def damage(self) -> str | None:
        """Return what is wrong with the database's file, or None; a server looks after its own."""
        if not self._db.sqlite:
            return None
        with told(self._db.where), self._db.engine.connect() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(5)")]
            loose = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if found != ["ok"]:
            return "; ".join(" ".join(line.split()) for line in found)
        return f"{len(loose)} entries belong to nothing" if loose else None

    def backup(self, target: Path) -> None:
        """Write a whole copy of the records to a new file, while they are in use; stills are files of their own.

        Raises
        ------
        StoreError
            If there is a file already, it cannot be written, or the records are on a server.
        """
        if not self._db.sqlite:
            raise refused("lie on a server: use pg_dump", "位于数据库服务器上：请使用 pg_dump", "records")
        part = target.with_name(f"{target.name}.part")
        try:
            if target.exists():
                raise refused("is there already; choose another name", "文件已存在，请另选名称", str(target))
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))  # for its owner alone
            with told(str(target)), self._db.engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("VACUUM INTO ?", (str(part),))
            part.rename(target)
        except OSError as error:
            raise StoreError("full" if error.errno == errno.ENOSPC else "read_only", str(target)) from error
        finally:
            with suppress(OSError):
                part.unlink()
