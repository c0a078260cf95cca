"""The audit log: appended to and never changed; each entry carries the hash of the one before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from posture_check.store.database import lock_audit
from posture_check.store.part import Part
from posture_check.store.records import AuditEntry, AuditReport
from posture_check.store.tables import AuditFloorTable, AuditTable

START = "0" * 64
"""What the first entry has for a hash before it."""
_LAST = "audit_last"


def append(
    session: Session, now: datetime, event: str, actor: str, subject: str = "", detail: Mapping[str, Any] | None = None
) -> None:
    """Append an entry in the transaction of what it tells of: both are kept, or neither."""
    seq, previous = session.info.get(_LAST) or _last(session)
    entry = AuditTable(
        seq=seq + 1,
        at=now.astimezone(UTC),
        event=event[:40],
        actor=actor[:80],
        subject=subject[:120],
        detail=json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str),
        previous=previous,
    )
    entry.hash = _hash(entry)
    session.add(entry)
    session.info[_LAST] = (entry.seq, entry.hash)  # stays true: nobody else appends before this transaction has ended


def _last(session: Session) -> tuple[int, str]:
    lock_audit(session.connection())
    last = session.execute(select(AuditTable.seq, AuditTable.hash).order_by(AuditTable.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else _floor(session)


def sweep_audit(session: Session, before: datetime, now: datetime) -> int:
    """Delete the entries at the beginning of the log that are older than a time; what is left still verifies."""
    kept = session.scalar(select(func.min(AuditTable.seq)).where(AuditTable.at >= before))
    old = select(AuditTable).where(AuditTable.at < before).order_by(AuditTable.seq.desc()).limit(1)
    last = session.scalar(old.where(AuditTable.seq < kept) if kept else old)
    if last is None:
        return 0
    floor, digest = last.seq, last.hash
    count = floor - _floor(session)[0]
    # The entry that tells of it comes first: it holds the floor, and stays.
    append(session, now, "audit.swept", "retention", detail={"floor": floor, "hash": digest, "entries": count})
    session.expunge(last)
    session.merge(AuditFloorTable(id=1, seq=floor, hash=digest))
    session.flush()
    session.execute(delete(AuditTable).where(AuditTable.seq <= floor))
    return count


def _floor(session: Session) -> tuple[int, str]:
    row = session.get(AuditFloorTable, 1)
    return (row.seq, row.hash) if row else (0, START)


def _hash(entry: AuditTable) -> str:
    said = [
        entry.seq,
        entry.at.isoformat(timespec="microseconds"),
        entry.event,
        entry.actor,
        entry.subject,
        entry.detail,
        entry.previous,
    ]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


class AuditPart(Part):
    """What was done, and by whom."""

    def audit(self, event: str, actor: str, subject: str = "", detail: Mapping[str, Any] | None = None) -> None:
        """Append an entry.

        Parameters
        ----------
        event
            What happened: ``login.failed``, ``export.roster``.
        actor
            Who did it: a login, ``kiosk``, ``retention``.
        subject
            To whom or to what: a staff number, a setting.
        detail
            Anything more, as JSON.
        """
        with self._db.write() as session:
            append(session, self._clock(), event, actor, subject, detail)

    def audit_list(
        self,
        *,
        event: str | None = None,
        actor: str | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before_seq: int | None = None,
        limit: int = 200,
    ) -> tuple[AuditEntry, ...]:
        """Return entries, newest first.

        Parameters
        ----------
        event
            An event, or all that begin with it (``account`` for ``account.created``).
        actor, subject
            Whose, of whom.
        since, until
            Aware times; ``until`` itself is left out.
        before_seq
            Only older ones: the last ``seq`` of the page before.
        limit
            At most so many.
        """
        query = select(AuditTable).order_by(AuditTable.seq.desc()).limit(limit)
        if event:
            query = query.where(AuditTable.event.startswith(event, autoescape=True))
        if actor:
            query = query.where(AuditTable.actor == actor)
        if subject:
            query = query.where(AuditTable.subject == subject)
        if since:
            query = query.where(AuditTable.at >= since)
        if until:
            query = query.where(AuditTable.at < until)
        if before_seq is not None:
            query = query.where(AuditTable.seq < before_seq)
        with self._db.read() as session:
            return tuple(_entry(row) for row in session.scalars(query))

    def audit_verify(self) -> AuditReport:
        """Check every hash of the log.

        Whoever can rewrite the whole database can also compute a new chain: the head, written down or printed
        elsewhere, shows that too.
        """
        with self._db.read() as session:
            seq, previous = floor = _floor(session)
            told, count = None, 0
            for row in session.scalars(select(AuditTable).order_by(AuditTable.seq).execution_options(yield_per=1000)):
                count += 1
                if row.seq != seq + 1:
                    return _broken(count, previous, f"entries {seq + 1} to {row.seq - 1} are missing")
                if row.previous != previous or row.hash != _hash(row):
                    return _broken(count, previous, f"entry {row.seq} was changed")
                if row.event == "audit.swept" and row.actor == "retention":
                    told = json.loads(row.detail)
                seq, previous = row.seq, row.hash
        if floor[0] and (told is None or (told["floor"], told["hash"]) != floor):
            return _broken(count, previous, f"the entries up to {floor[0]} were not deleted by the retention sweep")
        return AuditReport(ok=True, entries=count, head=previous)


def _broken(count: int, head: str, problem: str) -> AuditReport:
    return AuditReport(ok=False, entries=count, head=head, problem=problem)


def _entry(row: AuditTable) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        at=row.at,
        event=row.event,
        actor=row.actor,
        subject=row.subject,
        detail=json.loads(row.detail),
        hash=row.hash,
    )
