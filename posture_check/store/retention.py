"""The retention sweep: what the site no longer keeps is deleted on time, and that it was is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from posture_check.rules.result import Verdict
from posture_check.store.audit import append, sweep_audit
from posture_check.store.evidence import clear_orphans, delete_files
from posture_check.store.part import Part
from posture_check.store.records import SweepReport
from posture_check.store.settings import read_setting
from posture_check.store.shifts import close
from posture_check.store.tables import OPEN, CheckTable, EvidenceTable, ShiftTable, StaffTable

BATCH = 200
"""Shifts that are deleted in one transaction, so that a check in progress waits for a moment only."""
_DAY = timedelta(days=1)


class RetentionPart(Part):
    """Retention."""

    def sweep(self, now: datetime | None = None) -> SweepReport:
        """Delete what is past its term: shifts with their checks, stills, leavers, and last the audit log's oldest.

        Parameters
        ----------
        now
            Aware time; by default the time now.
        """
        now = now or self._clock()
        counts = dict.fromkeys(SweepReport.model_fields, 0)
        with self._db.read() as session:
            terms = {
                name: timedelta(days=read_setting(session, f"{name}_days"))
                for name in ("retention", "evidence", "leaver", "audit")
            }
        with self._db.write() as session:
            counts["abandoned"] = _abandon(session, now)
            # What the flow needs to resume holds the person's name; nothing resumes the day after.
            session.execute(
                update(ShiftTable)
                .where(ShiftTable.state != "open", ShiftTable.closed_at < now - _DAY, ShiftTable.state_json != "")
                .values(state_json="")
            )
        self._stills(EvidenceTable.at < now - terms["evidence"], now, counts)
        while self._shifts(now - terms["retention"], now, counts):
            pass
        with self._db.write() as session:
            counts["staff"] = _leavers(session, now, now - terms["leaver"])
            counts["orphans"] = clear_orphans(session, self.data_dir)
            counts["audit"] = sweep_audit(session, now - terms["audit"], now)
        self._db.settle()
        return SweepReport(**counts)

    def _stills(self, condition: Any, now: datetime, counts: dict[str, int]) -> None:
        with self._db.write() as session:
            rows = session.execute(select(EvidenceTable.id, EvidenceTable.file).where(condition)).all()
            session.execute(delete(EvidenceTable).where(condition))
            if rows:
                append(session, now, "retention.evidence", "retention", detail={"evidence": len(rows)})
        delete_files(self.data_dir, [row.file for row in rows])
        counts["evidence"] += len(rows)

    def _shifts(self, before: datetime, now: datetime, counts: dict[str, int]) -> bool:
        """Delete some shifts; return whether there may be more."""
        with self._db.write() as session:
            ids = list(
                session.scalars(
                    select(ShiftTable.id).where(ShiftTable.opened_at < before).order_by(ShiftTable.id).limit(BATCH)
                )
            )
            if not ids:
                return False
            checks = session.scalar(select(func.count()).where(CheckTable.shift_id.in_(ids))) or 0
            files = list(session.scalars(select(EvidenceTable.file).where(EvidenceTable.shift_id.in_(ids))))
            session.execute(delete(ShiftTable).where(ShiftTable.id.in_(ids)))
            append(
                session,
                now,
                "retention.shifts",
                "retention",
                detail={"shifts": len(ids), "checks": checks, "evidence": len(files), "before": before.isoformat()},
            )
        delete_files(self.data_dir, files)
        counts["shifts"] += len(ids)
        counts["checks"] += checks
        counts["evidence"] += len(files)
        return len(ids) == BATCH


def _abandon(session: Session, now: datetime) -> int:
    left: Sequence[ShiftTable] = session.scalars(
        select(ShiftTable).where(OPEN, ShiftTable.opened_at < now - _DAY)
    ).all()
    for shift in left:
        close(session, shift, Verdict.INCOMPLETE, now, abandoned=True)
    return len(left)


def _leavers(session: Session, now: datetime, before: datetime) -> int:
    """Delete those who left long ago; the shifts that are still kept lose their name."""
    ids = list(session.scalars(select(StaffTable.id).where(~StaffTable.active, StaffTable.archived_at < before)))
    if not ids:
        return 0
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        session.execute(update(ShiftTable).where(ShiftTable.staff_id.in_(some)).values(state_json="", staff_id=None))
        session.execute(delete(StaffTable).where(StaffTable.id.in_(some)))
    append(session, now, "retention.staff", "retention", detail={"staff": len(ids)})
    return len(ids)
