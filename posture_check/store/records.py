"""What the store gives and takes: plain, checked, frozen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from posture_check.checklist.schema import Role, Variant
from posture_check.rules.result import Check, Text, Verdict

Kind = Literal["self", "spot", "peer", "mystery"]
"""Kinds of inspection (S2): self check at the start of the shift, spot check, peer check, mystery visit."""
ShiftState = Literal["open", "closed", "abandoned"]
AccountRole = Literal["admin", "supervisor"]
BoardStatus = Literal["passed", "overridden", "failed", "incomplete", "running", "missing"]
Scope = Literal["person", "team", "counter"]

_Line = StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")
Number = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$")]
Exemption = Annotated[
    str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{2}(-[0-9]{2}(\.[0-9A-Za-z_]{1,30})?)?$")
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Staff(_Model):
    """One person of the roster."""

    number: Number = Field(description="Staff number: letters, digits, '.', '_' and '-'.")
    name: Annotated[str, _Line] = Field(min_length=1, max_length=80)
    role: Role = Field(description="Which of the standard's variants applies: chosen, never inferred.")
    variant: Variant = "usual"
    exemptions: tuple[Exemption, ...] = Field((), description="Rules, clauses or chapters that are not judged.")
    stature_cm: float | None = Field(None, ge=80, le=240)
    team: Annotated[str, _Line] = Field("", max_length=60)
    counter: Annotated[str, _Line] = Field("", max_length=60)
    badge_code: Annotated[str, _Line] | None = Field(
        None, min_length=1, max_length=120, description="Text of the QR code or barcode on the badge."
    )
    active: bool = True


class Override(_Model):
    """A supervisor's decision."""

    by: str
    reason: str
    at: datetime


class ShiftRow(_Model):
    """One inspection without its checks."""

    id: int
    token: str
    number: str | None = Field(description="Staff number; None for a guest, or where the person has been swept.")
    name: str | None
    team: str = Field(description="As it was on the day.")
    counter: str = Field(description="As it was on the day.")
    kind: Kind
    kiosk: str = Field(description="Which kiosk it was done at.")
    inspector: str | None
    role: Role
    day: date = Field(description="The site's own day.")
    opened_at: datetime = Field(description="In UTC, as every time here.")
    closed_at: datetime | None
    state: ShiftState
    verdict: Verdict | None
    tries: int = Field(description="The most often that one step was done; 1: nothing was retried.")
    overridden: bool
    checklist_name: str
    checklist_sha256: str
    rules_sha256: str
    calibration: str
    state_json: str = Field(description="State of the flow; empty a day after the shift was closed, and in lists.")


class StepRow(_Model):
    """A finished step with its checks."""

    step_id: str
    attempt: int
    finished_at: datetime
    checks: tuple[Check, ...]


class EvidenceRow(_Model):
    """A still that was kept."""

    id: int
    step_id: str
    at: datetime


class ShiftDetail(_Model):
    """One inspection with everything that belongs to it."""

    shift: ShiftRow
    steps: tuple[StepRow, ...]
    checks: tuple[Check, ...] = Field(description="Those of the latest try of each step: they count.")
    overrides: tuple[Override, ...]
    evidence: tuple[EvidenceRow, ...]


class Account(_Model):
    """Someone who may use the admin pages or override a verdict."""

    login: str
    role: AccountRole
    has_pin: bool
    active: bool
    created_at: datetime
    changed_at: datetime = Field(description="When secret or state changed; sessions older than this are void.")


class ConsentText(_Model):
    """The text that people agree to."""

    version: int
    sha256: str
    text: Text


class AuditEntry(_Model):
    """One line of the audit log."""

    seq: int
    at: datetime
    event: str
    actor: str
    subject: str
    detail: dict[str, object]
    hash: str


class AuditReport(_Model):
    """What the check of the audit log's chain found."""

    ok: bool
    entries: int
    head: str = Field(description="Hash of the last entry: written down elsewhere, it proves that none was cut off.")
    problem: str | None = None


class BoardRow(_Model):
    """How one person's self check of a day stands."""

    staff: Staff
    status: BoardStatus
    shift_id: int | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    tries: int = 0
    faults: tuple[str, ...] = Field((), description="Clauses that were required and failed in the end.")
    inspections: int = Field(0, description="Spot checks, peer checks and mystery visits of the day.")


class Board(_Model):
    """The day's board: everyone on the roster, and how many guests did a check."""

    day: date
    rows: tuple[BoardRow, ...]
    guests: int

    def count(self, status: BoardStatus) -> int:
        """Return how many people have this status."""
        return sum(row.status == status for row in self.rows)


class DayCount(_Model):
    """Closed inspections of one day."""

    day: date
    made: int
    passed: int
    failed: int
    incomplete: int
    overridden: int


class ClauseCount(_Model):
    """How often a clause was judged, at the first try and in the end."""

    clause: str
    title: Text
    judged: int = Field(description="Shifts in which it was judged at all: passed, borderline or failed.")
    failed_first: int
    failed_last: int


class ClauseValue(_Model):
    """One judged value of a clause, for plots."""

    shift_id: int
    number: str | None
    at: datetime
    attempt: int
    check: Check


class History(_Model):
    """What happened in some days to a person, a team, a counter or everyone."""

    since: date
    until: date
    days: tuple[DayCount, ...]
    clauses: tuple[ClauseCount, ...]
    values: tuple[ClauseValue, ...] = Field(
        (), description="Only where one clause was asked for: the newest 2000, in order of time."
    )
    shifts: tuple[ShiftRow, ...] = Field(description="Newest first, 500 at most.")


class Fault(_Model):
    """A clause that failed, and in how many inspections."""

    clause: str
    title: Text
    shifts: int


class Tally(_Model):
    """What became of the closed inspections of some kinds."""

    made: int = 0
    passed_first: int = 0
    passed_retried: int = 0
    failed: int = 0
    incomplete: int = 0
    overridden: int = Field(0, description="Let start by a supervisor; not counted as failed or incomplete.")
    abandoned: int = Field(0, description="Walked away from; not counted in made.")


class AppraisalRow(_Model):
    """One person, team or counter in one month (S2)."""

    scope: Scope
    key: str = Field(description="Staff number, team or counter.")
    name: str
    team: str = ""
    counter: str = ""
    people: int = 1
    self_check: Tally = Tally()
    spot: Tally = Tally()
    peer: Tally = Tally()
    mystery: Tally = Tally()
    days_done: int = Field(
        0, description="Days with a closed self check; of a team or counter: of its people together."
    )
    days_missing: int = Field(
        0,
        description="Days, today left out, on which the site did self checks and the person, on the roster, did none. "
        "Leave and days off are not known here.",
    )
    faults: tuple[Fault, ...] = ()


class Appraisal(_Model):
    """A month's rows: people, then teams, then counters."""

    month: str
    rows: tuple[AppraisalRow, ...]
    site_days: int


class ImportProblem(_Model):
    """Why a roster file was refused, and at which line (1 is the header)."""

    line: int
    text: Text


class ImportReport(_Model):
    """What an import did; with problems nothing was changed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    archived: int = 0
    encoding: str = ""
    problems: tuple[ImportProblem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it was taken."""
        return not self.problems


class SweepReport(_Model):
    """What the retention sweep deleted."""

    shifts: int = 0
    checks: int = 0
    evidence: int = 0
    staff: int = 0
    audit: int = 0
    abandoned: int = Field(0, description="Shifts left open for a day that were closed.")
    orphans: int = Field(0, description="Pictures without an entry that were cleared away.")
