"""A result recorded is a result kept: the server is killed at random moments and loses nothing it has told."""

from __future__ import annotations

import copy
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from posture_check.store import open_store
from tests.browser.kiosk_process import KioskProcess
from tests.browser.site import PIN, furnish
from tests.kiosk_kill.page_double import STARTED, PageDouble, Told

KILLS, LANES = 50, 2
LONGEST_S = 3.5
"""Long enough for the camera to be ready and a step before it to be done, now and then."""
GONE_ON_WITH_S = 240.0
"""A check that was left for longer is not gone on with: on a machine so busy that starting took this long."""

CHECKLIST = """\
version: 1
name: kill-check
title: {zh: 检查, en: Check}
retries: 1
steps:
  - {id: first, kind: manual, title: {zh: 一, en: One}, say: {zh: 一, en: One}, items: [HY-01, AC-01]}
  - {id: second, kind: manual, title: {zh: 二, en: Two}, say: {zh: 二, en: Two}, items: [SU-03, TI-04, SH-01.clean]}
  - id: stand
    kind: camera
    optional: true
    title: {zh: 站姿, en: Standing}
    say: {zh: 站好, en: Stand}
    postures: [standing]
    clauses: [ST-02, ST-10]
    hold_s: 0.5
    patience_s: 2
  - {id: third, kind: manual, title: {zh: 三, en: Three}, say: {zh: 三, en: Three}, items: [HA-07, MK-01]}
"""


def look_into(kiosk: KioskProcess, told: dict[str, Told]) -> None:
    """Check that everything that was told is recorded, and that the database is whole."""
    with closing(sqlite3.connect(kiosk.data_dir / "posture-check.db", timeout=20)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        ids = dict(database.execute("SELECT token, id FROM shifts").fetchall())
    with open_store(None, kiosk.data_dir) as store:
        report = store.audit_verify()
        assert report.ok, report.problem
        for token, was in told.items():
            assert token in ids, f"a check that was told has gone (told up to {was.phase})"
            detail = store.shift_detail(ids[token])
            assert detail is not None
            kept = [(s.step_id, {(check.rule, check.verdict.value) for check in s.checks}) for s in detail.steps]
            for step, rows in was.steps:
                assert any(name == step and rows <= found for name, found in kept), f"{step} was told and is lost"
            if was.phase == "done":
                assert detail.shift.state != "open"
            if was.overridden:
                assert [word.reason for word in detail.overrides] == ["test"]


def look_at_the_first(page: PageDouble, token: str | None, before: Told | None) -> None:
    """Check that a page which comes back is shown the check where it was, or further."""
    first = page.first
    if first is None or token is None or before is None or before.phase not in STARTED[:-1]:
        return
    if before.phase in ("result", "override") and first["phase"] == "attract":
        return  # it was ended in the last moment: that it was, and is kept, the record shows
    assert first["token"] == token, f"the check was not gone on with: {before.phase} became {first['phase']}"
    shown = Told()
    shown.take(first)
    assert {step for step, _ in before.steps} <= {step for step, _ in shown.steps}
    if before.phase == "manual" and shown.answering == before.answering:
        assert before.answers.items() <= shown.answers.items()


def kill_again_and_again(folder: Path, seed: int, kills: int) -> PageDouble:
    """Kill a server of its own at random moments; it starts again on the same data each time."""
    moments = random.Random(seed)
    folder.mkdir()
    furnish(folder / "data")
    (folder / "checklist.yaml").write_text(CHECKLIST, encoding="utf-8")
    options = ("--camera", "simulate:shift?fault=ST-10", "--checklist", str(folder / "checklist.yaml"))
    kiosk = KioskProcess(folder / "data", *options)
    page = PageDouble(kiosk.port, "1001", PIN)
    for _ in range(kills):
        token = page.token
        fresh = time.monotonic() - page.told_at_s < GONE_ON_WITH_S
        before = copy.deepcopy(page.told.get(token)) if token and fresh else None
        kiosk.start(seeing=False)
        killer = threading.Timer(moments.uniform(0.02, LONGEST_S), kiosk.kill)
        killer.start()
        page.run(patience_s=LONGEST_S + 10)
        killer.join()
        look_at_the_first(page, token, before)
    kiosk.start(seeing=False)
    try:
        look_into(kiosk, page.told)
    finally:
        kiosk.stop()
    return page


@pytest.mark.slow
def test_nothing_told_is_lost_when_the_server_is_killed_at_fifty_random_moments(tmp_path: Path) -> None:
    """Two servers side by side, 25 kills each: every item told is kept, the database and the audit chain are whole."""
    with ThreadPoolExecutor(LANES) as lanes:
        runs = [lanes.submit(kill_again_and_again, tmp_path / f"lane{n}", n, KILLS // LANES) for n in range(LANES)]
        pages = [run.result() for run in runs]
    checks = sum(len(page.told) for page in pages)
    steps = sum(len(told.steps) for page in pages for told in page.told.values())
    print(f"\n{KILLS} kills: {checks} checks, {steps} finished steps told, {sum(p.states for p in pages)} states")
    assert steps >= KILLS // 5, "too few steps were finished for the kills to mean anything"
