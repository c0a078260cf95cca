"""What the site chose on the admin pages, as the kiosk reads it: checklist, camera, calibration, inspections."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from posture_check.checklist.loader import checklist_from_text, checklist_to_text, load_checklist
from posture_check.checklist.schema import Checklist
from posture_check.rules.loader import RuleBook
from posture_check.store import Store

CHECKLIST = "checklist"
CAMERA = "camera"
CALIBRATION = "calibration"
INSPECTIONS = "inspections"
INSPECTION_LASTS = timedelta(hours=2)
"""A started inspection that nobody came to is forgotten after this long."""
MOST_INSPECTIONS = 50
PROFILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class Inspection(BaseModel):
    """An inspection that somebody started and the next shift check will be.

    ``number`` is of whom; None takes whoever comes next.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["spot", "peer", "mystery"]
    by: str
    number: str | None
    at: datetime


class ChecklistVersion(BaseModel):
    """A checklist that was saved on the admin pages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    at: datetime
    by: str
    text: str
    note: str = ""

    @property
    def sha256(self) -> str:
        """Return the hash of the text."""
        return sha256(self.text.encode()).hexdigest()


def checklist_version(store: Store) -> ChecklistVersion | None:
    """Return the checklist that the site saved last; None where the shipped one is in force."""
    number = store.setting(CHECKLIST, 0)
    return read_version(store, number) if number else None


def read_version(store: Store, number: int) -> ChecklistVersion | None:
    """Return a version that was saved; None if there is none of this number."""
    kept = store.setting(f"{CHECKLIST}.{number}")
    return None if kept is None else ChecklistVersion.model_validate(kept)


def active_checklist(store: Store, book: RuleBook) -> Checklist:
    """Return the checklist in force.

    Raises
    ------
    InputError
        If the saved one does not fit the rules any more; the message says what and where.
    """
    saved = checklist_version(store)
    if saved is None:
        return load_checklist(None, book)
    return checklist_from_text(saved.text, f"checklist version {saved.version}", book)


def active_checklist_sha256(store: Store, book: RuleBook) -> str:
    """Return the hash of the text of the checklist in force, as records carry it."""
    saved = checklist_version(store)
    return saved.sha256 if saved else sha256(checklist_to_text(load_checklist(None, book)).encode()).hexdigest()


def active_camera(store: Store, given: str) -> str:
    """Return the camera that was chosen on the admin pages; else the one given at the start."""
    return str(store.setting(CAMERA) or given)


def calibration_path(data_dir: Path, name: str) -> Path | None:
    """Return where a profile of the admin pages lies; None for what is no profile's name."""
    return data_dir / "calibration" / f"{name}.yaml" if PROFILE_NAME.fullmatch(name) else None


def active_calibration(store: Store, data_dir: Path) -> Path | None:
    """Return the calibration profile in force; None where there is none."""
    path = calibration_path(data_dir, str(store.setting(CALIBRATION) or ""))
    return path if path is not None and path.is_file() else None


def waiting_inspections(store: Store, now: datetime) -> tuple[Inspection, ...]:
    """Return the inspections that were started and not yet made."""
    kept: list[dict[str, Any]] = store.setting(INSPECTIONS, [])
    found = (Inspection.model_validate(item) for item in kept)
    return tuple(item for item in found if now - item.at <= INSPECTION_LASTS)


def start_inspection(store: Store, inspection: Inspection) -> None:
    """Let the next shift check, or the next one of a person, be an inspection."""
    others = [item for item in waiting_inspections(store, inspection.at) if item.number != inspection.number]
    _keep(store, [*others, inspection][-MOST_INSPECTIONS:], inspection.by)


def cancel_inspection(store: Store, number: str | None, by: str) -> None:
    """Take a started inspection back."""
    _keep(store, [item for item in waiting_inspections(store, datetime.now(UTC)) if item.number != number], by)


def take_inspection(store: Store, staff_number: str | None, now: datetime) -> Inspection | None:
    """Return the inspection that this person's check is, once; None if it is their own check.

    Parameters
    ----------
    store
        Where started inspections wait.
    staff_number
        Whose check begins; None is a guest.
    now
        Aware time.
    """
    waiting = waiting_inspections(store, now)
    mine = [item for item in waiting if item.number is not None and item.number == staff_number]
    taken = next(iter(mine or [item for item in waiting if item.number is None]), None)
    if taken is not None:
        _keep(store, [item for item in waiting if item is not taken], "kiosk")
    return taken


def _keep(store: Store, inspections: list[Inspection], by: str) -> None:
    store.set_setting(INSPECTIONS, [item.model_dump(mode="json") for item in inspections], by)
