"""The roster: who works here, in which role and variant, and what they are exempt from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from posture_check.rules.result import Text
from posture_check.store.audit import append
from posture_check.store.errors import refused
from posture_check.store.part import Part, staff_row
from posture_check.store.records import ImportProblem, ImportReport, Staff
from posture_check.store.roster_csv import Line, read_roster, write_roster
from posture_check.store.tables import StaffTable

_FIELDS = tuple(name for name in Staff.model_fields if name != "exemptions")


class RosterPart(Part):
    """The roster."""

    def staff_list(self, active_only: bool = True) -> tuple[Staff, ...]:
        """Return the roster by number."""
        query = select(StaffTable).order_by(StaffTable.number)
        with self._db.read() as session:
            return tuple(
                staff_of(row) for row in session.scalars(query.where(StaffTable.active) if active_only else query)
            )

    def staff_by_number(self, number: str) -> Staff | None:
        """Return the person with a staff number, leavers included."""
        return self._one(StaffTable.number == number.strip())

    def staff_by_code(self, code: str) -> Staff | None:
        """Return who wears the badge with this QR code or barcode; a code may also be the staff number itself."""
        return self._one(StaffTable.badge_code == code.strip()) or self.staff_by_number(code)

    def staff_save(self, staff: Staff, by: str) -> Staff:
        """Enter a person, or change the entry of that number.

        Raises
        ------
        StoreError
            If another person wears the same badge code.
        """
        now = self._clock()
        with self._db.write() as session:
            row = session.scalar(select(StaffTable).where(StaffTable.number == staff.number))
            _badge_is_free(session, staff, row)
            _save(session, row, staff, by, now)
        return staff

    def staff_archive(self, number: str, by: str) -> None:
        """Take a person off the roster; the entry is deleted at the end of the site's term for leavers."""
        now = self._clock()
        with self._db.write() as session:
            _archive(session, staff_row(session, number), by, now)

    def staff_restore(self, number: str, by: str) -> Staff:
        """Put a person who left back on the roster; the badge code has to be entered again."""
        now = self._clock()
        with self._db.write() as session:
            row = staff_row(session, number)
            staff = staff_of(row).model_copy(update={"active": True})
            _save(session, row, staff, by, now)
        return staff

    def import_roster(
        self,
        table: str | bytes,
        by: str,
        *,
        dry_run: bool = False,
        archive_missing: bool = False,
        known_exemption: Callable[[str], bool] | None = None,
    ) -> ImportReport:
        """Take a roster from CSV: all of it, or with any problem nothing.

        Parameters
        ----------
        table
            CSV as a spreadsheet saves it: UTF-8, UTF-16 or GBK; comma, semicolon or tab; header in Chinese or
            English.
        by
            Who imports.
        dry_run
            Only say what would change.
        archive_missing
            Take those off the roster who are not in the file.
        known_exemption
            Whether there is a rule, clause or chapter of this name.
        """
        sheet = read_roster(table, known_exemption)
        if sheet.problems:
            return ImportReport(encoding=sheet.encoding, problems=sheet.problems)
        now = self._clock()
        with self._db.write() as session:
            rows = {row.number: row for row in session.scalars(select(StaffTable))}
            gone = set(rows) - {line.staff.number for line in sheet.lines} if archive_missing else set()
            archived = sum(_archive(session, rows[number], by, now) for number in sorted(gone))
            problems = _badge_problems(sheet.lines, rows.values())
            if problems:
                session.rollback()
                return ImportReport(encoding=sheet.encoding, problems=problems)
            before = {number: staff_of(row) for number, row in rows.items()}
            for line in sheet.lines:  # badges that change hands are free first
                row = rows.get(line.staff.number)
                if row is not None and row.badge_code != line.staff.badge_code:
                    row.badge_code = None
            session.flush()
            made = [
                _save(session, rows.get(line.staff.number), line.staff, by, now, before.get(line.staff.number))
                for line in sheet.lines
            ]
            report = ImportReport(
                added=made.count("added"),
                changed=made.count("changed"),
                unchanged=made.count("unchanged"),
                archived=archived,
                encoding=sheet.encoding,
            )
            if dry_run:
                session.rollback()
            else:
                append(session, now, "roster.imported", by, "", report.model_dump(exclude={"problems"}))
        return report

    def export_roster(self, lang: str = "zh", active_only: bool = False) -> str:
        """Return the roster as CSV that ``import_roster`` takes again; formulas in it are made harmless."""
        return write_roster(self.staff_list(active_only), lang)

    def _one(self, condition: ColumnElement[bool]) -> Staff | None:
        with self._db.read() as session:
            row = session.scalar(select(StaffTable).where(condition))
            return staff_of(row) if row else None


def staff_of(row: StaffTable) -> Staff:
    """Return a roster entry as it is given out."""
    fields = {name: getattr(row, name) for name in _FIELDS}
    return Staff.model_validate({**fields, "exemptions": tuple(row.exemptions)})


def _save(
    session: Session, row: StaffTable | None, staff: Staff, by: str, now: datetime, before: Staff | None = None
) -> str:
    """Enter or change a person; ``before`` is the entry as it was, if it has been touched already."""
    if row is None:
        fields = {name: getattr(staff, name) for name in _FIELDS}
        archived = None if staff.active else now
        session.add(StaffTable(**fields, exemptions=list(staff.exemptions), created_at=now, archived_at=archived))
        append(session, now, "staff.added", by, staff.number)
        return "added"
    before = before or staff_of(row)
    changed = sorted(name for name in Staff.model_fields if getattr(before, name) != getattr(staff, name))
    if not changed:
        return "unchanged"
    for name in _FIELDS:
        setattr(row, name, getattr(staff, name))
    row.exemptions = list(staff.exemptions)
    if "active" in changed:
        row.archived_at = None if staff.active else now
    append(session, now, "staff.changed", by, staff.number, {"fields": changed})
    return "changed"


def _archive(session: Session, row: StaffTable, by: str, now: datetime) -> bool:
    if not row.active:
        return False
    row.active, row.archived_at, row.badge_code = False, now, None  # the badge goes to somebody else
    append(session, now, "staff.archived", by, row.number)
    return True


def _badge_is_free(session: Session, staff: Staff, row: StaffTable | None) -> None:
    if staff.badge_code is None:
        return
    owner = session.scalar(select(StaffTable).where(StaffTable.badge_code == staff.badge_code))
    if owner is not None and owner is not row:
        raise refused(f"is that of {owner.number} too", f"与工号 {owner.number} 重复", f"badge code {staff.badge_code}")


def _badge_problems(lines: Iterable[Line], rows: Iterable[StaffTable]) -> tuple[ImportProblem, ...]:
    """Return the badge codes that would belong to two people once the file is taken."""
    lines = list(lines)
    listed = {line.staff.number for line in lines}
    owners = {row.badge_code: row.number for row in rows if row.badge_code and row.number not in listed}
    problems = []
    for line in lines:
        code = line.staff.badge_code
        owner = owners.setdefault(code, line.staff.number) if code else line.staff.number
        if owner != line.staff.number:
            said = Text(zh=f"胸牌码 {code} 与工号 {owner} 重复", en=f"badge code {code} is that of {owner} too")
            problems.append(ImportProblem(line=line.number, text=said))
    return tuple(problems)
