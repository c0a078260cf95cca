"""The tables; a change here needs a migration in ``migrations/versions``."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Double, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, literal
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from posture_check.store.times import UtcTime

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: UtcTime, float: Double, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy reads it off the class


class StaffTable(Base):
    """The roster."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(1))
    variant: Mapped[str] = mapped_column(String(10))
    exemptions: Mapped[list[str]]
    stature_cm: Mapped[float | None]
    team: Mapped[str] = mapped_column(String(60))
    counter: Mapped[str] = mapped_column(String(60))
    badge_code: Mapped[str | None] = mapped_column(String(120), unique=True)
    active: Mapped[bool]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class ShiftTable(Base):
    """Inspections of one person, of every kind."""

    __tablename__ = "shifts"
    __table_args__ = (
        Index("ix_shifts_day_kind", "day", "kind"),
        Index("ix_shifts_staff_id_day", "staff_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(80), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    team: Mapped[str] = mapped_column(String(60))
    counter: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    kiosk: Mapped[str] = mapped_column(String(40))
    inspector: Mapped[str | None] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(1))
    day: Mapped[date]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10))
    verdict: Mapped[str | None] = mapped_column(String(12))
    tries: Mapped[int]
    overridden: Mapped[bool]
    checklist_name: Mapped[str] = mapped_column(String(80))
    checklist_sha256: Mapped[str] = mapped_column(String(64))
    rules_sha256: Mapped[str] = mapped_column(String(64))
    calibration: Mapped[str] = mapped_column(Text)
    state_json: Mapped[str] = mapped_column(Text)


OPEN = ShiftTable.state == literal("open", literal_execute=True)
"""Whether a shift has not ended; written out in the query, so that the small index of those serves it."""
Index("ix_shifts_open", ShiftTable.opened_at, sqlite_where=OPEN, postgresql_where=OPEN)


class StepTable(Base):
    """Steps that were finished, each try for itself."""

    __tablename__ = "steps"
    __table_args__ = (UniqueConstraint("shift_id", "step_id", "attempt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id", ondelete="CASCADE"))
    step_id: Mapped[str] = mapped_column(String(40))
    attempt: Mapped[int]
    finished_at: Mapped[datetime]


class CheckTable(Base):
    """Checks of finished steps; ``counts`` is false once the step was tried again."""

    __tablename__ = "checks"
    __table_args__ = (Index("ix_checks_shift_id", "shift_id"), Index("ix_checks_clause_shift_id", "clause", "shift_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id", ondelete="CASCADE"))
    step: Mapped[int] = mapped_column(ForeignKey("steps.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    clause: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(60))
    required: Mapped[bool]
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(24))
    value: Mapped[float | None]
    counts: Mapped[bool]
    document: Mapped[str] = mapped_column(Text)


FAILED = CheckTable.verdict == literal("fail", literal_execute=True)
"""Whether a check failed; written out in the query, so that the index of failed checks serves it."""
Index("ix_checks_failed", CheckTable.shift_id, CheckTable.clause, sqlite_where=FAILED, postgresql_where=FAILED)


class OverrideTable(Base):
    """Shifts that a supervisor let start in spite of their verdict."""

    __tablename__ = "overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id", ondelete="CASCADE"), index=True)
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


class EvidenceTable(Base):
    """Stills, where the site keeps them; the pictures lie in files."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id", ondelete="CASCADE"), index=True)
    step_id: Mapped[str] = mapped_column(String(40))
    file: Mapped[str] = mapped_column(String(120), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class ConsentTextTable(Base):
    """Texts that people agree to; a new text is a new version."""

    __tablename__ = "consent_texts"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))


class ConsentTable(Base):
    """Who agreed to which text, and whether they took it back."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_staff_id_text_sha256", "staff_id", "text_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    text_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class SettingTable(Base):
    """What the site chose in the admin pages."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))


class AccountTable(Base):
    """Who may use the admin pages or override a verdict."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    role: Mapped[str] = mapped_column(String(12))
    secret_hash: Mapped[str] = mapped_column(String(200))
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class AuditTable(Base):
    """What was done, by whom; triggers refuse every change, and each entry carries the hash of the one before."""

    __tablename__ = "audit_log"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(String(40), index=True)
    actor: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditFloorTable(Base):
    """Up to where the audit log has been swept, at the end of its own term: one row."""

    __tablename__ = "audit_floor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
