"""Stills of finished steps, only where the site turned them on; the pictures are files beside the database."""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from posture_check.store.audit import append
from posture_check.store.errors import StoreError, refused
from posture_check.store.part import Part
from posture_check.store.settings import read_setting
from posture_check.store.tables import EvidenceTable, ShiftTable

FOLDER = "evidence"
MAX_BYTES = 4_000_000
_YOUNG_S = 600.0
"""A file without an entry may be one that is just being recorded."""


class EvidencePart(Part):
    """Stills."""

    def evidence_save(self, token: str, step_id: str, jpeg: bytes) -> int | None:
        """Keep a still of a step, in which the faces of others have been blurred already.

        Returns
        -------
        int or None
            Its number; None where the site keeps no stills.

        Raises
        ------
        StoreError
            If it is no JPEG or too large, there is no such shift, or it could not be written; nothing is left then.
        """
        with self._db.read() as session:
            if not read_setting(session, "evidence"):
                return None
        if not jpeg.startswith(b"\xff\xd8\xff") or len(jpeg) > MAX_BYTES:
            raise refused("must be a JPEG of at most 4 MB", "应为不超过 4 MB 的 JPEG", "still")
        now = self._clock()
        name = f"{now:%Y%m%d}-{secrets.token_hex(12)}.jpg"
        path = self.data_dir / FOLDER / name
        _write(path, jpeg)
        try:
            with self._db.write() as session:
                shift = session.scalar(select(ShiftTable.id).where(ShiftTable.token == token))
                if shift is None:
                    raise refused("there is no such shift", "没有这条班次记录", "still")
                row = EvidenceTable(shift_id=shift, step_id=step_id, file=name, sha256=sha256(jpeg).hexdigest(), at=now)
                session.add(row)
            return row.id
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise

    def evidence_path(self, evidence_id: int, by: str | None = None) -> Path | None:
        """Return where a still lies, or None where it has been deleted.

        Parameters
        ----------
        evidence_id
            Its number.
        by
            Who looks at it; goes into the audit log.
        """
        with self._db.read() as session:
            row = session.get(EvidenceTable, evidence_id)
        path = self.data_dir / FOLDER / row.file if row else None
        if row is None or path is None or not path.is_file():
            return None
        if by is not None:
            with self._db.write() as session:
                append(session, self._clock(), "evidence.seen", by, f"shift {row.shift_id}", {"evidence": row.id})
        return path


def delete_files(data_dir: Path, names: Iterable[str]) -> None:
    """Delete the pictures of entries that are gone; what cannot be deleted now is an orphan of the next sweep."""
    for name in names:
        with suppress(OSError):
            (data_dir / FOLDER / name).unlink()


def clear_orphans(session: Session, data_dir: Path) -> int:
    """Delete pictures without entry and half-written ones; entries of other kiosks have their pictures there."""
    folder = data_dir / FOLDER
    if not folder.is_dir():
        return 0
    names = set(session.scalars(select(EvidenceTable.file)))
    count = 0
    for path in folder.iterdir():
        if path.name not in names and path.suffix in {".jpg", ".part"}:
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _YOUNG_S:
                    path.unlink()
                    count += 1
    return count


def _write(path: Path, data: bytes) -> None:
    """Write a file wholly or not at all."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise StoreError("full" if full else "read_only", str(path.parent)) from error
