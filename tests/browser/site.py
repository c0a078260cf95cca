"""A small site: who works there, who may override, and what is checked."""

from __future__ import annotations

from pathlib import Path

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
    hold_s: 1.0
    patience_s: {patience_s}
"""
_MANUAL = """\
  - id: own
    kind: manual
    title: {zh: 自己看, en: Yourself}
    say: {zh: 请自己确认, en: Please check yourself}
    items: [HY-01]
"""


def write_checklist(path: Path, *, manual: bool = True, idle_s: float = 30.0, patience_s: float = 6.0) -> Path:
    """Write a checklist of one step before the camera and, by default, one item by hand."""
    text = _CHECKLIST.format(idle_s=idle_s, patience_s=patience_s) + (_MANUAL if manual else "")
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
