"""Shifts as they happen: every finished step is on the disk before the caller goes on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session, defer

from posture_check.rules.result import Check, Verdict
from posture_check.store.audit import append
from posture_check.store.errors import refused
from posture_check.store.part import Part, staff_row
from posture_check.store.records import EvidenceRow, Kind, Override, ShiftDetail, ShiftRow, ShiftState, StepRow
from posture_check.store.tables import OPEN, CheckTable, EvidenceTable, OverrideTable, ShiftTable, StaffTable, StepTable


class ShiftsPart(Part):
    """Shifts. All that writes may be called again after an error, or by a server that was restarted."""

    def shift_open(
        self,
        token: str,
        staff_number: str | None,
        kind: Kind,
        role: str,
        checklist_name: str,
        checklist_sha256: str,
        rules_sha256: str,
        calibration: str,
        state_json: str,
        *,
        by: str | None = None,
    ) -> int:
        """Begin a shift's record and return its number; a token that is known gives the same one.

        Parameters
        ----------
        token
            Chosen by the caller, unique for ever.
        staff_number
            None for a guest who is not on the roster.
        kind, role
            Kind of inspection, variant of the standard.
        checklist_name, checklist_sha256, rules_sha256, calibration
            By what the person is judged.
        state_json
            State of the flow, from which it resumes.
        by
            Who inspects, where it is no self check.

        Raises
        ------
        StoreError
            If the person is not on the roster, or nothing could be recorded.
        """
        now = self._clock()
        with self._db.write() as session:
            known = session.scalar(select(ShiftTable).where(ShiftTable.token == token))
            if known is not None:
                return known.id
            person = None if staff_number is None else staff_row(session, staff_number)
            row = ShiftTable(
                token=token,
                staff_id=person.id if person else None,
                team=person.team if person else "",
                counter=person.counter if person else "",
                kind=kind,
                kiosk=self.kiosk,
                inspector=by[:80] if by else None,
                role=role,
                day=self._day(session, now),
                opened_at=now,
                state="open",
                tries=0,
                overridden=False,
                checklist_name=checklist_name,
                checklist_sha256=checklist_sha256,
                rules_sha256=rules_sha256,
                calibration=calibration,
                state_json=state_json,
            )
            session.add(row)
            session.flush()
            append(session, now, "shift.opened", by or "kiosk", staff_number or "", {"shift": row.id, "kind": kind})
            return row.id

    def shift_save_step(self, token: str, step_id: str, attempt: int, checks: Sequence[Check], state_json: str) -> bool:
        """Record a finished step, its checks and the state of the flow: together or not at all.

        Parameters
        ----------
        token
            Of the shift.
        step_id, attempt
            Which step, and which try of it, from 1: together they name the step's record.
        checks
            What became of it.
        state_json
            State of the flow after the step.

        Returns
        -------
        bool
            False if this try was recorded before: then the first record stands and nothing is changed.

        Raises
        ------
        StoreError
            If there is no such shift, it is closed, or nothing could be recorded.
        """
        now = self._clock()
        with self._db.write() as session:
            shift = _shift(session, token)
            mine = (StepTable.shift_id == shift.id, StepTable.step_id == step_id)
            attempts = set(session.scalars(select(StepTable.attempt).where(*mine)))
            if attempt in attempts:
                return False
            _must_be_open(shift)
            step = StepTable(shift_id=shift.id, step_id=step_id, attempt=attempt, finished_at=now)
            session.add(step)
            session.flush()
            if attempts:
                earlier = select(StepTable.id).where(*mine, StepTable.attempt < attempt)
                session.execute(
                    update(CheckTable)
                    .where(CheckTable.step.in_(earlier))
                    .values(counts=False)
                    .execution_options(synchronize_session=False)
                )
            if checks:
                session.execute(
                    insert(CheckTable), [_columns(shift.id, step.id, i, check) for i, check in enumerate(checks)]
                )
            shift.tries = max(shift.tries, len(attempts) + 1)
            shift.state_json = state_json
        return True

    def shift_save_state(self, token: str, state_json: str) -> None:
        """Record where the flow stands."""
        with self._db.write() as session:
            shift = _shift(session, token)
            _must_be_open(shift)
            shift.state_json = state_json

    def shift_override(self, token: str, by: str, reason: str, state_json: str) -> None:
        """Record that a supervisor lets the shift start in spite of its verdict.

        Raises
        ------
        StoreError
            If there is no reason, no such shift, or nothing could be recorded.
        """
        now, reason = self._clock(), reason.strip()
        if not reason:
            raise refused("needs a reason", "必须填写理由", "override")
        with self._db.write() as session:
            shift = _shift(session, token)
            _must_be_open(shift)
            known = select(OverrideTable.id).where(
                OverrideTable.shift_id == shift.id, OverrideTable.by == by[:80], OverrideTable.reason == reason[:500]
            )
            if session.scalar(known) is None:
                session.add(OverrideTable(shift_id=shift.id, by=by[:80], reason=reason[:500], at=now))
                detail = {"shift": shift.id, "reason": reason[:500]}
                append(session, now, "shift.overridden", by, _number(session, shift), detail)
            shift.overridden, shift.state_json = True, state_json

    def shift_close(self, token: str, verdict: Verdict | str, state_json: str, *, abandoned: bool = False) -> None:
        """End a shift; one that has ended is left as it is.

        Parameters
        ----------
        token, state_json
            As above.
        verdict
            The contract's overall verdict of what counts.
        abandoned
            The person walked away before the end.
        """
        now = self._clock()
        with self._db.write() as session:
            shift = _shift(session, token)
            if shift.state != "open":
                return
            close(session, shift, Verdict(verdict), now, abandoned=abandoned)
            shift.state_json = state_json

    def shift_resume(self, token: str) -> ShiftRow | None:
        """Return a shift that has not ended, with the state of its flow; None if there is none or it has ended."""
        with self._db.read() as session:
            found = session.execute(_rows().where(ShiftTable.token == token, ShiftTable.state == "open")).first()
            return shift_row(found.ShiftTable, found.StaffTable) if found else None

    def shifts_unfinished(self, within_s: float = 600) -> tuple[ShiftRow, ...]:
        """Return this kiosk's shifts that were begun not long ago and have not ended, newest first, to resume one."""
        since = self._clock() - timedelta(seconds=within_s)
        query = _rows().where(OPEN, ShiftTable.opened_at >= since, ShiftTable.kiosk == self.kiosk)
        with self._db.read() as session:
            rows = session.execute(query.order_by(ShiftTable.opened_at.desc(), ShiftTable.id.desc()))
            return tuple(shift_row(row.ShiftTable, row.StaffTable) for row in rows)

    def shifts(
        self,
        *,
        staff: str | None = None,
        team: str | None = None,
        counter: str | None = None,
        kind: Kind | None = None,
        state: ShiftState | None = None,
        verdict: Verdict | str | None = None,
        since: date | None = None,
        until: date | None = None,
        before_id: int | None = None,
        limit: int = 200,
    ) -> tuple[ShiftRow, ...]:
        """Return shifts, newest first, without the state of their flow.

        Parameters
        ----------
        staff, team, counter, kind, state, verdict
            Only those; a staff number, and team and counter of the day.
        since, until
            The site's days, both included.
        before_id
            Only older ones: the last ``id`` of the page before.
        limit
            At most so many.
        """
        query = _rows().options(defer(ShiftTable.state_json)).order_by(ShiftTable.id.desc()).limit(limit)
        wanted = {"team": team, "counter": counter, "kind": kind, "state": state}
        for name, value in wanted.items():
            if value is not None:
                query = query.where(getattr(ShiftTable, name) == value)
        if verdict is not None:
            query = query.where(ShiftTable.verdict == Verdict(verdict).value)
        if staff is not None:
            query = query.where(StaffTable.number == staff)
        if since is not None:
            query = query.where(ShiftTable.day >= since)
        if until is not None:
            query = query.where(ShiftTable.day <= until)
        if before_id is not None:
            query = query.where(ShiftTable.id < before_id)
        with self._db.read() as session:
            rows = session.execute(query)
            return tuple(shift_row(row.ShiftTable, row.StaffTable, state=False) for row in rows)

    def shift_detail(self, shift_id: int) -> ShiftDetail | None:
        """Return a shift with its steps, checks, overrides and stills."""
        with self._db.read() as session:
            found = session.execute(_rows().where(ShiftTable.id == shift_id)).first()
            if found is None:
                return None
            steps = list(
                session.scalars(select(StepTable).where(StepTable.shift_id == shift_id).order_by(StepTable.id))
            )
            checks = list(
                session.scalars(
                    select(CheckTable)
                    .where(CheckTable.shift_id == shift_id)
                    .order_by(CheckTable.step, CheckTable.position)
                )
            )
            read = {row.id: Check.model_validate_json(row.document) for row in checks}
            overrides = session.scalars(
                select(OverrideTable).where(OverrideTable.shift_id == shift_id).order_by(OverrideTable.id)
            )
            stills = session.scalars(
                select(EvidenceTable).where(EvidenceTable.shift_id == shift_id).order_by(EvidenceTable.id)
            )
            return ShiftDetail(
                shift=shift_row(found.ShiftTable, found.StaffTable),
                steps=tuple(
                    StepRow(
                        step_id=step.step_id,
                        attempt=step.attempt,
                        finished_at=step.finished_at,
                        checks=tuple(read[row.id] for row in checks if row.step == step.id),
                    )
                    for step in steps
                ),
                checks=tuple(read[row.id] for row in checks if row.counts),
                overrides=tuple(Override(by=row.by, reason=row.reason, at=row.at) for row in overrides),
                evidence=tuple(EvidenceRow(id=row.id, step_id=row.step_id, at=row.at) for row in stills),
            )


def close(session: Session, shift: ShiftTable, verdict: Verdict, now: datetime, *, abandoned: bool) -> None:
    """End a shift, and note in the audit log what its checks were."""
    documents = session.scalars(
        select(CheckTable.document)
        .where(CheckTable.shift_id == shift.id)
        .order_by(CheckTable.step, CheckTable.position)
    )
    digest = sha256("\n".join(documents).encode()).hexdigest()
    shift.state = "abandoned" if abandoned else "closed"
    shift.verdict, shift.closed_at = verdict.value, now
    detail = {"shift": shift.id, "verdict": verdict.value, "checks_sha256": digest}
    append(session, now, f"shift.{shift.state}", shift.inspector or "kiosk", _number(session, shift), detail)


def shift_row(row: ShiftTable, staff: StaffTable | None, *, state: bool = True) -> ShiftRow:
    """Return a shift as it is given out."""
    fields = {
        name: getattr(row, name) for name in ShiftRow.model_fields if name not in {"number", "name", "state_json"}
    }
    return ShiftRow.model_validate(
        {
            **fields,
            "number": staff.number if staff else None,
            "name": staff.name if staff else None,
            "state_json": row.state_json if state else "",
        }
    )


def _rows() -> Select[ShiftTable, StaffTable]:
    return select(ShiftTable, StaffTable).outerjoin(StaffTable, StaffTable.id == ShiftTable.staff_id)


def _shift(session: Session, token: str) -> ShiftTable:
    row = session.scalar(select(ShiftTable).where(ShiftTable.token == token).with_for_update())
    if row is None:
        raise refused("there is no such shift; begin it again", "没有这条班次记录，请重新开始", "shift")
    return row


def _must_be_open(shift: ShiftTable) -> None:
    if shift.state != "open":
        raise refused("has ended; begin a new one", "已结束，请重新开始", f"shift {shift.id}")


def _number(session: Session, shift: ShiftTable) -> str:
    person = session.get(StaffTable, shift.staff_id) if shift.staff_id is not None else None
    return person.number if person else ""


def _columns(shift_id: int, step: int, position: int, check: Check) -> dict[str, object]:
    return {
        "shift_id": shift_id,
        "step": step,
        "position": position,
        "clause": check.clause,
        "rule": check.rule,
        "required": check.required,
        "verdict": check.verdict.value,
        "reason": check.reason.value if check.reason else None,
        "value": check.value,
        "counts": True,
        "document": json.dumps(
            check.model_dump(mode="json", exclude_none=True), ensure_ascii=False, separators=(",", ":")
        ),
    }
