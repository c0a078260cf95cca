"""The monthly appraisal (S2): what a month's inspections come to per person, team and counter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posture_check.rules.result import Text, Verdict
from posture_check.store.errors import refused
from posture_check.store.history import titles
from posture_check.store.part import Part
from posture_check.store.records import Appraisal, AppraisalRow, Fault, Scope, Tally
from posture_check.store.settings import read_setting
from posture_check.store.tables import FAILED, CheckTable, ShiftTable, StaffTable
from posture_check.store.times import local_day

TOP_FAULTS = 5


@dataclass(slots=True)
class _Sum:
    """What is added up for one person, team or counter."""

    tallies: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: Counter[str] = field(default_factory=Counter)
    people: int = 0
    done: int = 0
    missing: int = 0


_Sums = dict[tuple[Scope, int | str], _Sum]


class AppraisalPart(Part):
    """Appraisal."""

    def appraisal(self, month: str) -> Appraisal:
        """Return the rows of a month: everyone who was on the roster in it, then teams and counters.

        Inspections count for the team and counter of their day, days done and missing for those of today.

        Parameters
        ----------
        month
            Such as ``2026-11``, of the site's days.
        """
        first, last = _month(month)
        sums: _Sums = defaultdict(_Sum)
        with self._db.read() as session:
            timezone = read_setting(session, "timezone")
            today = local_day(self._clock(), timezone)
            _add_shifts(session, first, last, sums)
            _add_faults(session, first, last, sums)
            done = _days_done(session, first, last)
            site_days = set().union(*done.values())
            people = []
            for person in session.scalars(select(StaffTable).order_by(StaffTable.number)):
                begin = local_day(person.created_at, timezone)
                end = local_day(person.archived_at, timezone) if person.archived_at else last
                if (begin > last or end < first) and ("person", person.id) not in sums:
                    continue
                people.append(person)
                mine = done.get(person.id, set())
                missing = sum(begin <= day <= end and day < today for day in site_days - mine)
                for key in _keys(person.id, person.team, person.counter):
                    sums[key].people += 1
                    sums[key].done += len(mine)
                    sums[key].missing += missing
            named = titles(session, sorted({clause for added in sums.values() for clause in added.faults}))
        rows = [_row("person", person.number, sums[("person", person.id)], named, person) for person in people]
        for scope in ("team", "counter"):
            keys = sorted(str(name) for kind, name in sums if kind == scope)
            rows += [_row(scope, key, sums[(scope, key)], named) for key in keys]
        return Appraisal(month=month, rows=tuple(rows), site_days=len(site_days))


def _month(month: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise refused("must be like 2026-11", "应为 2026-11 这样的格式", f"month {month}") from None
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _keys(staff_id: int | None, team: str, counter: str) -> Iterator[tuple[Scope, int | str]]:
    """Yield what an inspection is added to: the person, the team and the counter, as far as there are."""
    if staff_id is not None:
        yield "person", staff_id
    if team:
        yield "team", team
    if counter:
        yield "counter", counter


def _add_shifts(session: Session, first: date, last: date, sums: _Sums) -> None:
    kept = (
        ShiftTable.staff_id,
        ShiftTable.team,
        ShiftTable.counter,
        ShiftTable.kind,
        ShiftTable.state,
        ShiftTable.verdict,
        ShiftTable.overridden,
        (ShiftTable.tries > 1).label("retried"),
    )
    query = (
        select(*kept, func.count().label("shifts"))
        .where(ShiftTable.day >= first, ShiftTable.day <= last, ShiftTable.state != "open")
        .group_by(*kept)
    )
    for row in session.execute(query):
        became = _became(row)
        for key in _keys(row.staff_id, row.team, row.counter):
            tally = sums[key].tallies[row.kind]
            tally[became] += row.shifts
            tally["made"] += row.shifts if became != "abandoned" else 0


def _became(row: Any) -> str:
    if row.state == "abandoned":
        return "abandoned"
    if row.overridden:
        return "overridden"
    match Verdict(row.verdict):
        case Verdict.PASS:
            return "passed_retried" if row.retried else "passed_first"
        case Verdict.FAIL:
            return "failed"
    return "incomplete"


def _add_faults(session: Session, first: date, last: date, sums: _Sums) -> None:
    """Count in how many inspections each required clause failed, be it put right later."""
    kept = (ShiftTable.staff_id, ShiftTable.team, ShiftTable.counter, CheckTable.clause)
    query = (
        select(*kept, func.count(func.distinct(CheckTable.shift_id)).label("shifts"))
        .join(ShiftTable, ShiftTable.id == CheckTable.shift_id)
        .where(
            ShiftTable.day >= first,
            ShiftTable.day <= last,
            ShiftTable.state == "closed",
            CheckTable.required,
            FAILED,
        )
        .group_by(*kept)
    )
    for row in session.execute(query):
        for key in _keys(row.staff_id, row.team, row.counter):
            sums[key].faults[row.clause] += row.shifts


def _days_done(session: Session, first: date, last: date) -> dict[int | None, set[date]]:
    """Return the days with a closed self check, by person; guests under None."""
    query = (
        select(ShiftTable.staff_id, ShiftTable.day)
        .where(ShiftTable.day >= first, ShiftTable.day <= last, ShiftTable.kind == "self", ShiftTable.state == "closed")
        .distinct()
    )
    done: dict[int | None, set[date]] = defaultdict(set)
    for staff_id, day in session.execute(query):
        done[staff_id].add(day)
    return done


def _row(scope: Scope, key: str, added: _Sum, named: dict[str, Text], person: StaffTable | None = None) -> AppraisalRow:
    tallies = {kind: Tally(**added.tallies[kind]) for kind in ("self", "spot", "peer", "mystery")}
    most = sorted(added.faults.items(), key=lambda item: (-item[1], item[0]))[:TOP_FAULTS]
    return AppraisalRow(
        scope=scope,
        key=key,
        name=person.name if person else key,
        team=person.team if person else key if scope == "team" else "",
        counter=person.counter if person else key if scope == "counter" else "",
        people=added.people,
        self_check=tallies["self"],
        spot=tallies["spot"],
        peer=tallies["peer"],
        mystery=tallies["mystery"],
        days_done=added.done,
        days_missing=added.missing,
        faults=tuple(Fault(clause=clause, title=named[clause], shifts=count) for clause, count in most),
    )
