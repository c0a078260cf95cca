"""Today's board: who passed, who is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posture_check.rules.result import Verdict
from posture_check.store.part import Part
from posture_check.store.records import Board, BoardRow, BoardStatus
from posture_check.store.roster import staff_of
from posture_check.store.tables import FAILED, CheckTable, ShiftTable, StaffTable

_ORDER: dict[BoardStatus, int] = {
    "passed": 0,
    "overridden": 1,
    "running": 2,
    "failed": 3,
    "incomplete": 4,
    "missing": 5,
}
_COLUMNS = (
    ShiftTable.id,
    ShiftTable.staff_id,
    ShiftTable.opened_at,
    ShiftTable.closed_at,
    ShiftTable.state,
    ShiftTable.verdict,
    ShiftTable.tries,
    ShiftTable.overridden,
)


class BoardPart(Part):
    """The board."""

    def board(self, day: date | None = None) -> Board:
        """Return how everyone on the roster stands on a day of the site; None is today.

        Of several self checks the best counts, and of equal ones the latest.
        """
        with self._db.read() as session:
            day = day or self._day(session, self._clock())
            people = session.scalars(select(StaffTable).where(StaffTable.active).order_by(StaffTable.number)).all()
            mine = (ShiftTable.day == day, ShiftTable.kind == "self")
            best: dict[int | None, tuple[BoardStatus, Any]] = {}
            guests = 0
            for row in session.execute(select(*_COLUMNS).where(*mine).order_by(ShiftTable.opened_at, ShiftTable.id)):
                guests += row.staff_id is None
                status = _status(row)
                if row.staff_id not in best or _ORDER[status] <= _ORDER[best[row.staff_id][0]]:
                    best[row.staff_id] = (status, row)
            failed = [row.id for status, row in best.values() if status in {"failed", "overridden", "running"}]
            faults = _faults(session, failed)
            other = (
                select(ShiftTable.staff_id, func.count())
                .where(ShiftTable.day == day, ShiftTable.kind != "self")
                .group_by(ShiftTable.staff_id)
            )
            others = {staff_id: count for staff_id, count in session.execute(other)}
            rows = tuple(_row(person, best.get(person.id), faults, others) for person in people)
        return Board(day=day, rows=rows, guests=guests)


def _row(
    person: StaffTable,
    found: tuple[BoardStatus, Any] | None,
    faults: dict[int, list[str]],
    others: dict[int | None, int],
) -> BoardRow:
    inspections = others.get(person.id, 0)
    if found is None:
        return BoardRow(staff=staff_of(person), status="missing", inspections=inspections)
    status, shift = found
    return BoardRow(
        staff=staff_of(person),
        status=status,
        shift_id=shift.id,
        opened_at=shift.opened_at,
        closed_at=shift.closed_at,
        tries=shift.tries,
        faults=tuple(faults.get(shift.id, ())),
        inspections=inspections,
    )


def _status(row: Any) -> BoardStatus:
    if row.overridden:
        return "overridden"
    if row.state == "open":
        return "running"
    match Verdict(row.verdict):
        case Verdict.PASS:
            return "passed"
        case Verdict.FAIL:
            return "failed"
    return "incomplete"


def _faults(session: Session, shifts: Sequence[int]) -> dict[int, list[str]]:
    """Return the clauses that failed in the end, by shift."""
    faults: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(shifts), 500):
        query = (
            select(CheckTable.shift_id, CheckTable.clause)
            .where(
                CheckTable.shift_id.in_(shifts[start : start + 500]),
                CheckTable.counts,
                CheckTable.required,
                FAILED,
            )
            .order_by(CheckTable.id)
        )
        for shift, clause in session.execute(query):
            if clause not in faults[shift]:
                faults[shift].append(clause)
    return faults
