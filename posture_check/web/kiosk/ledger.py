"""What the kiosk asks of the store and writes into it: people, consent, checks under way, and what the site chose."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from posture_check.checklist.loader import checklist_to_text, load_checklist
from posture_check.checklist.schema import Checklist
from posture_check.checklist.shift import Person, ShiftState
from posture_check.errors import InputError
from posture_check.rules.loader import RuleBook
from posture_check.rules.result import Text, Verdict
from posture_check.store.errors import StoreError
from posture_check.web.chosen import (
    Inspection,
    active_calibration,
    active_checklist,
    active_checklist_sha256,
    take_inspection,
)
from posture_check.web.kiosk import words
from posture_check.web.kiosk.recorder import Recorder

if TYPE_CHECKING:
    from posture_check.store import Store
    from posture_check.store.records import Staff
    from posture_check.web.settings import Settings

_LOG = logging.getLogger(__name__)
SWEEP_EVERY_S = 24 * 3600.0
AGAIN_S = 1.0
"""Seconds between two tries to write what waits."""
RESUMED_WITHIN_S = 5 * 60
"""Seconds after which a check that was cut off by a restart is not gone on with."""
OPEN_AT_MOST_S = 90 * 24 * 3600.0
"""How far back checks that a stop left open are looked for."""
UNDER_WAY = ("step", "manual", "result", "override", "done")


class Ledger:
    """The store as the desk needs it. Methods that are not coroutines may block: call them in a thread."""

    def __init__(self, settings: Settings, store: Store, book: RuleBook, *, simulated: bool = False) -> None:
        self._settings = settings
        self._store = store
        self._book = book
        self._recorder = Recorder()
        self._begin: dict[str, Any] = {"site": settings.site}
        self._inspection: tuple[str, Inspection | None] | None = None
        self._uncalibrated = "simulated" if simulated else "none"
        self._calibration = self._uncalibrated
        self._evidence = False
        self.roster: list[Staff] = []
        self.unreadable = False
        self.outdated: Text | None = None
        self.consent_text: Text = words.CONSENT_TEXT
        self._consent_sha256 = ""

    # ------------------------------------------------------------------ reading

    @property
    def trouble(self) -> Text | None:
        """What to tell the person about the records; None when all is well."""
        unreadable = words.RECORDS_UNREADABLE if self.unreadable else None
        return self._recorder.trouble or unreadable or self.outdated

    def checklist(self) -> Checklist:
        """Return the checklist that the site uses: the one given at the start, else that of the admin pages."""
        if self._settings.checklist is not None:
            return load_checklist(self._settings.checklist, self._book)
        try:
            self.outdated = None
            return active_checklist(self._store, self._book)
        except StoreError:
            self.unreadable = True
            return load_checklist(None, self._book)
        except InputError as error:
            _LOG.warning("%s; the one that ships is used", error)
            self.outdated = words.CHECKLIST_OUTDATED
            return load_checklist(None, self._book)

    def refresh(self) -> None:
        """Read roster, consent text and the site's choices anew; keep the old ones where they cannot be read."""
        try:
            self.roster = list(self._store.staff_list(active_only=True))
            consent = self._store.consent_current()
            self.consent_text, self._consent_sha256 = consent.text, consent.sha256
            calibration = self._settings.calibration or active_calibration(self._store, self._settings.data_dir)
            self._evidence = bool(self._store.setting("evidence", False))
            self.unreadable = False
        except InputError as error:
            _LOG.warning("%s", error)
            self.unreadable = True
            return
        self._calibration = calibration.name if calibration else self._uncalibrated
        self._begin = {
            "site": self._settings.site,
            "rules": None if self._settings.rules is None else str(self._settings.rules),
            "calibration": None if calibration is None else str(calibration),
            "evidence": self._evidence,
        }

    def begin(self) -> dict[str, Any]:
        """Return what the station needs to know of the site."""
        return self._begin

    def person(self, number: str) -> Person | None:
        """Return whom a staff number belongs to; None if nobody."""
        staff = self._store.staff_by_number(number)
        return _person(staff) if staff is not None and staff.active else None

    def person_by_code(self, code: str) -> Person | None:
        """Return whose badge carries a code: the badge's own, else the staff number."""
        staff = self._store.staff_by_code(code) or self._store.staff_by_number(code)
        return _person(staff) if staff is not None and staff.active else None

    def consented(self, person: Person) -> bool:
        """Return whether a person has agreed to the present text; a guest is asked every time."""
        return person.number is not None and self._store.consent_given(person.number)

    def resume(self, now_s: float) -> ShiftState | None:
        """Return the check that was under way when the server stopped, None where there was none.

        Whatever else a stop left open is closed: as it ended where its end was reached, else as abandoned.

        Parameters
        ----------
        now_s
            Time by the clock of the states.
        """
        found: ShiftState | None = None
        for row in self._store.shifts_unfinished(within_s=OPEN_AT_MOST_S):
            state = _read(row.state_json)
            if state is None or state.token != row.token:
                self._store.shift_close(row.token, Verdict.INCOMPLETE, row.state_json or "{}", abandoned=True)
                continue
            goes_on = found is None and now_s - state.touched_s < RESUMED_WITHIN_S
            if goes_on:
                found = state
            if not goes_on or state.phase == "done":
                unfinished = state.phase in ("step", "manual")
                self._store.shift_close(row.token, state.verdict(), state.model_dump_json(), abandoned=unfinished)
        return found

    # ------------------------------------------------------------------ writing

    async def keep_house(self) -> None:
        """Delete once a day what has been kept for long enough; never ends."""
        while True:
            try:
                await asyncio.to_thread(self._store.sweep)
            except InputError as error:
                _LOG.warning("%s", error)
            await asyncio.sleep(SWEEP_EVERY_S)

    async def catch_up(self, told: Callable[[], None]) -> None:
        """Write what could not be written before, as soon as that is possible; never ends.

        Parameters
        ----------
        told
            Called when all has been written.
        """
        while True:
            await asyncio.sleep(AGAIN_S)
            if self._recorder.trouble is not None and await self._recorder.flush():
                told()

    async def flush(self) -> None:
        """Try once more to write what waits."""
        await self._recorder.flush()

    async def consent(self, person: Person) -> None:
        """Keep that a person agreed."""
        number, sha256 = person.number, self._consent_sha256
        if number is not None:
            await self._recorder.save(lambda: self._store.consent_record(number, sha256))

    async def keep(self, before: ShiftState, state: ShiftState) -> None:
        """Keep the state of a check: open it when its steps begin, close it when it is over."""
        token = state.token
        if token is None or state.phase not in UNDER_WAY:
            return
        if before.phase not in UNDER_WAY:
            await self._recorder.save(lambda: self._open(state))
        elif state.phase == "done" and before.phase != "done":
            await self._recorder.save(lambda: self._store.shift_close(token, state.verdict(), state.model_dump_json()))
        elif len(state.attempts) == len(before.attempts):  # else the step was written with it
            await self._recorder.save(lambda: self._store.shift_save_state(token, state.model_dump_json()))

    async def step(self, state: ShiftState, evidence: bytes | None) -> None:
        """Keep what a step came to, together with the state that follows it."""
        token, attempt = state.token, state.attempts[-1]
        assert token is not None
        await self._recorder.save(
            lambda: self._store.shift_save_step(
                token, attempt.step, attempt.attempt, attempt.checks, state.model_dump_json()
            )
        )
        if evidence is not None and self._evidence:
            await self._recorder.save(lambda: self._store.evidence_save(token, attempt.step, evidence))

    async def override(self, state: ShiftState) -> None:
        """Keep a supervisor's word."""
        token, word = state.token, state.overridden
        assert token is not None
        assert word is not None
        await self._recorder.save(
            lambda: self._store.shift_override(token, word.by, word.reason, state.model_dump_json())
        )

    async def leave(self, state: ShiftState) -> None:
        """Close a check that was left before its end."""
        token = state.token
        if token is not None and state.phase in UNDER_WAY and state.phase != "done":
            walked_away = state.phase in ("step", "manual")
            await self._recorder.save(
                lambda: self._store.shift_close(token, state.verdict(), state.model_dump_json(), abandoned=walked_away)
            )

    def _checklist_sha256(self, checklist: Checklist) -> str:
        if self._settings.checklist is not None or self.outdated is not None:
            return sha256(checklist_to_text(checklist).encode()).hexdigest()
        return active_checklist_sha256(self._store, self._book)

    def _open(self, state: ShiftState) -> None:
        person, token = state.person, state.token
        assert person is not None
        assert token is not None
        if self._inspection is None or self._inspection[0] != token:  # it is taken once, however often this is tried
            self._inspection = (token, take_inspection(self._store, person.number, datetime.now(UTC)))
        inspection = self._inspection[1]
        self._store.shift_open(
            token,
            person.number,
            inspection.kind if inspection else "self",
            person.role,
            state.checklist.name,
            self._checklist_sha256(state.checklist),
            self._book.sha256,
            self._calibration,
            state.model_dump_json(),
            by=inspection.by if inspection else None,
        )


def _read(text: str) -> ShiftState | None:
    """Return a state that was kept; None where another version wrote it or there is nothing to go on with."""
    try:
        state = ShiftState.model_validate_json(text)
    except ValidationError:
        return None
    return state if state.phase in UNDER_WAY else None


def _person(staff: Staff) -> Person:
    return Person(
        number=staff.number,
        name=staff.name,
        role=staff.role,
        variant=staff.variant,
        exempt=staff.exemptions,
        stature_cm=staff.stature_cm,
    )
