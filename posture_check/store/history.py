"""History of a person, a team, a counter or a clause, counted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, defer

from posture_check.rules.result import Check, Text, Verdict
from posture_check.store.part import Part
from posture_check.store.records import ClauseCount, ClauseValue, DayCount, History, Kind
from posture_check.store.shifts import shift_row
from posture_check.store.tables import CheckTable, ShiftTable, StaffTable, StepTable

MAX_SHIFTS = 500
MAX_VALUES = 2000
_JUDGED = (Verdict.PASS.value, Verdict.BORDERLINE.value, Verdict.FAIL.value)


class HistoryPart(Part):
    """History."""

    def history(
        self,
        *,
        since: date,
        until: date,
        staff: str | None = None,
        team: str | None = None,
        counter: str | None = None,
        clause: str | None = None,
        kinds: Sequence[Kind] = (),
    ) -> History:
        """Return what happened on some days.

        Parameters
        ----------
        since, until
            The site's days, both included.
        staff, team, counter
            A staff number; team and counter as they were on the day. None: everyone's.
        clause
            Only shifts in which this clause was judged; gives its values too.
        kinds
            Kinds of inspection; none: all.
        """
        where: list[ColumnElement[bool]] = [
            ShiftTable.day >= since,
            ShiftTable.day <= until,
            ShiftTable.state == "closed",
        ]
        if staff is not None:
            where.append(
                ShiftTable.staff_id == select(StaffTable.id).where(StaffTable.number == staff).scalar_subquery()
            )
        if team is not None:
            where.append(ShiftTable.team == team)
        if counter is not None:
            where.append(ShiftTable.counter == counter)
        if kinds:
            where.append(ShiftTable.kind.in_(kinds))
        only = list(where)
        if clause is not None:
            judged = select(CheckTable.shift_id).where(CheckTable.clause == clause, CheckTable.verdict.in_(_JUDGED))
            only.append(ShiftTable.id.in_(judged))
        with self._db.read() as session:
            return History(
                since=since,
                until=until,
                days=_days(session, only),
                clauses=_clauses(session, where, clause),
                values=_values(session, where, clause) if clause is not None else (),
                shifts=tuple(
                    shift_row(row.ShiftTable, row.StaffTable, state=False)
                    for row in session.execute(
                        select(ShiftTable, StaffTable)
                        .outerjoin(StaffTable)
                        .where(*only)
                        .options(defer(ShiftTable.state_json))
                        .order_by(ShiftTable.id.desc())
                        .limit(MAX_SHIFTS)
                    )
                ),
            )


def count_if(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Return an aggregate: how many rows meet all conditions."""
    first, *others = conditions
    for other in others:
        first = first & other
    return func.coalesce(func.sum(case((first, 1), else_=0)), 0)


def titles(session: Session, clauses: Sequence[str]) -> dict[str, Text]:
    """Return how clauses are called, as their latest check says."""
    found = {}
    for clause in clauses:  # one step into the index each, where a grouped query would read all of it
        newest = (
            select(CheckTable.document)
            .where(CheckTable.clause == clause)
            .order_by(CheckTable.shift_id.desc(), CheckTable.id.desc())
            .limit(1)
        )
        found[clause] = Check.model_validate_json(session.execute(newest).scalar_one()).title
    return found


def _days(session: Session, where: list[ColumnElement[bool]]) -> tuple[DayCount, ...]:
    started = ~ShiftTable.overridden
    query = (
        select(
            ShiftTable.day,
            func.count().label("made"),
            count_if(ShiftTable.verdict == "pass", started).label("passed"),
            count_if(ShiftTable.verdict == "fail", started).label("failed"),
            count_if(ShiftTable.verdict == "incomplete", started).label("incomplete"),
            count_if(ShiftTable.overridden.is_(True)).label("overridden"),
        )
        .where(*where)
        .group_by(ShiftTable.day)
        .order_by(ShiftTable.day)
    )
    return tuple(DayCount.model_validate(dict(row._mapping)) for row in session.execute(query))


def _clauses(session: Session, where: list[ColumnElement[bool]], clause: str | None) -> tuple[ClauseCount, ...]:
    """Count, for each clause, the shifts that judged it, failed it at the first try, and failed it in the end."""
    first = StepTable.attempt == 1
    failed = CheckTable.verdict == Verdict.FAIL.value

    def shifts(condition: ColumnElement[bool]) -> Any:
        return func.count(func.distinct(case((condition, CheckTable.shift_id))))

    query = (
        select(
            CheckTable.clause,
            func.count(func.distinct(CheckTable.shift_id)).label("judged"),
            shifts(failed & first).label("failed_first"),
            shifts(failed & CheckTable.counts).label("failed_last"),
        )
        .join(ShiftTable, ShiftTable.id == CheckTable.shift_id)
        .join(StepTable, StepTable.id == CheckTable.step)
        .where(*where, CheckTable.verdict.in_(_JUDGED))
        .group_by(CheckTable.clause)
        .order_by(CheckTable.clause)
    )
    if clause is not None:
        query = query.where(CheckTable.clause == clause)
    rows = session.execute(query).all()
    named = titles(session, [row.clause for row in rows])
    return tuple(
        ClauseCount(
            clause=row.clause,
            title=named[row.clause],
            judged=row.judged,
            failed_first=row.failed_first,
            failed_last=row.failed_last,
        )
        for row in rows
    )


def _values(session: Session, where: list[ColumnElement[bool]], clause: str) -> tuple[ClauseValue, ...]:
    query = (
        select(CheckTable.shift_id, CheckTable.document, StepTable.finished_at, StepTable.attempt, StaffTable.number)
        .join(ShiftTable, ShiftTable.id == CheckTable.shift_id)
        .join(StepTable, StepTable.id == CheckTable.step)
        .outerjoin(StaffTable, StaffTable.id == ShiftTable.staff_id)
        .where(*where, CheckTable.clause == clause, CheckTable.verdict.in_(_JUDGED))
        .order_by(CheckTable.shift_id.desc(), CheckTable.id.desc())
        .limit(MAX_VALUES)
    )
    found = [
        ClauseValue(
            shift_id=row.shift_id,
            number=row.number,
            at=row.finished_at,
            attempt=row.attempt,
            check=Check.model_validate_json(row.document),
        )
        for row in session.execute(query)
    ]
    return tuple(reversed(found))
