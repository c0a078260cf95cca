"""A small site: who works there, who may override, and what is checked."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

from posture_check.rules.evaluate import overall
from posture_check.rules.result import Check, Limit, Text, Verdict
from posture_check.store import open_store
from posture_check.store.records import Staff

ADMIN = ("chief", "correct-horse-battery")
SUPERVISOR = ("lin", "another-good-secret")
PIN = "482913"
STAFF = (
    Staff(number="1001", name="Chen Ying", role="A", team="Morning", counter="1", badge_code="BADGE-1001"),
    Staff(number="1002", name="王小明", role="A", team="Morning", counter="2"),
    Staff(number="1003", name="Zhao Min", role="B", team="Evening", counter="1"),
    Staff(number="1004", name="Anna-Katharina von Hohenstein-Wittgenstein", role="B", team="Evening", counter="3"),
)

_CHECKLIST = """\
version: 1
name: short-check
title: {{zh: 短检查, en: Short check}}
retries: 2
idle_s: {idle_s}
result_s: 20
steps:
  - id: stand
    kind: camera
    title: {{zh: 站姿, en: Standing}}
    say: {{zh: 面向镜头站好, en: Stand facing the camera}}
    postures: [standing]
    view: front
    clauses: [ST-02, ST-06, ST-10, ST-11]
    hold_s: {hold_s}
    patience_s: {patience_s}
"""
_MANUAL = """\
  - id: own
    kind: manual
    title: {zh: 自己看, en: Yourself}
    say: {zh: 请自己确认, en: Please check yourself}
    items: [HY-01]
"""


def write_checklist(
    path: Path, *, manual: bool = True, idle_s: float = 30.0, hold_s: float = 1.0, patience_s: float = 6.0
) -> Path:
    """Write a checklist of one step before the camera and, by default, one item by hand."""
    text = _CHECKLIST.format(idle_s=idle_s, hold_s=hold_s, patience_s=patience_s) + (_MANUAL if manual else "")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def furnish(data_dir: Path, *, consented: bool = True) -> None:
    """Enter staff and accounts; by default everybody has consented before."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with open_store(None, data_dir) as store:
        for staff in STAFF:
            store.staff_save(staff, "test")
        store.account_create(*ADMIN, "admin")
        store.account_create(*SUPERVISOR, "supervisor", pin=PIN)
        text = store.consent_current()
        if consented and text is not None:
            for staff in STAFF:
                store.consent_record(staff.number, text.sha256)


def _check(clause: str, title: Text, value: float, limit: float, unit: str) -> Check:
    verdict = Verdict.FAIL if value > limit else Verdict.PASS
    return Check(
        clause=clause,
        rule=clause,
        person=0,
        posture="standing",
        title=title,
        required=True,
        verdict=verdict,
        value=round(value, 1),
        unit=unit,
        error=1.1,
        limit=Limit(max=limit),
        fix=Text(zh="请整理", en="Put it right") if verdict is Verdict.FAIL else None,
    )


def remember_weeks(data_dir: Path, now: datetime, days: int = 24) -> int:
    """Enter a check of everybody on every working day before today, with a fault now and then; return how many."""
    chance, clock = random.Random(3), [now]
    mornings = [(now - timedelta(days=back)).replace(hour=1, minute=0) for back in range(days, 0, -1)]
    at = [(m + timedelta(minutes=3 * n), who) for m in mornings if m.weekday() < 5 for n, who in enumerate(STAFF)]
    with open_store(None, data_dir, clock=lambda: clock[0]) as store:
        for count, (when, staff) in enumerate(at):
            clock[0] = when
            checks = (
                _check("ST-02", Text(zh="双肩端平", en="Shoulders level"), abs(chance.gauss(0, 1.6)), 3.2, "deg"),
                _check("ST-10", Text(zh="不叉腰", en="No hands on the hips"), chance.random() * 0.53, 0.5, ""),
            )
            hashes = ("0" * 64, "0" * 64, "none")
            store.shift_open(f"past-{count}", staff.number, "self", staff.role, "short-check", *hashes, "{}")
            store.shift_save_step(f"past-{count}", "stand", 1, checks, "{}")
            store.shift_close(f"past-{count}", overall(checks), "{}")
    return len(at)
