from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from posture_check.store import retention
from tests.store.make import begin, check, person, shift

JPEG = b"\xff\xd8\xff\xe0" + bytes(200)


def rows(store, table: str) -> int:
    with store._db.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def stills(store) -> list[str]:
    folder = store.data_dir / "evidence"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_what_is_past_its_term_is_deleted_and_nothing_else(store, clock, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    store.set_setting("evidence", True, "boss")
    store.set_setting("retention_days", 60, "boss")
    for _ in range(5):
        token = begin(store)
        store.shift_save_step(token, "front", 1, [check("ST-02", "fail"), check()], "{}")
        store.evidence_save(token, "front", JPEG)
        store.shift_override(token, "boss", "why", "{}")
        store.shift_close(token, "fail", "{}")
    clock.move(days=59)
    kept = shift(store)
    clock.move(days=2)
    report = store.sweep()
    assert (report.shifts, report.checks, report.evidence, report.audit) == (5, 10, 5, 0)
    assert [row.token for row in store.shifts()] == [kept]
    counts = {table: rows(store, table) for table in ("shifts", "steps", "checks", "overrides", "evidence")}
    assert counts == {"shifts": 1, "steps": 1, "checks": 1, "overrides": 0, "evidence": 0}
    assert stills(store) == []
    told = [entry.detail["shifts"] for entry in store.audit_list(event="retention.shifts")]
    assert told == [1, 2, 2]
    assert store.audit_verify().ok
    assert not any(store.sweep().model_dump().values())


def test_stills_have_a_term_of_their_own(store, clock):
    store.set_setting("evidence", True, "boss")
    token = begin(store)
    number = store.evidence_save(token, "front", JPEG)
    store.shift_close(token, "pass", "{}")
    clock.move(days=29)
    assert store.sweep().evidence == 0
    clock.move(days=2)
    assert store.sweep().evidence == 1
    assert store.evidence_path(number) is None
    assert stills(store) == []
    assert len(store.shifts()) == 1


def test_leavers_go_with_their_name_and_consent(store, clock):
    store.staff_save(person("1002", badge_code="Q"), "boss")
    store.consent_record("1002", store.consent_current().sha256)
    shift(store, "1002")
    shift(store)
    store.staff_archive("1002", "boss")
    clock.move(days=89)
    assert store.sweep().staff == 0
    clock.move(days=2)
    assert store.sweep().staff == 1
    assert [one.number for one in store.staff_list(active_only=False)] == ["1001"]
    assert [(row.number, row.name, row.team) for row in store.shifts()][1] == (None, None, "甲组")
    assert rows(store, "consents") == 0
    assert store.audit_list(event="retention.staff")[0].detail == {"staff": 1}


def test_the_state_of_a_flow_is_forgotten_after_a_day(store, clock):
    token = begin(store)
    store.shift_close(token, "pass", '{"person": "员工1001"}')
    store.sweep()
    assert store.shift_detail(1).shift.state_json == '{"person": "员工1001"}'
    clock.move(hours=25)
    store.sweep()
    assert store.shift_detail(1).shift.state_json == ""


def test_a_shift_left_open_ends_as_abandoned(store, clock):
    begin(store)
    clock.move(hours=25)
    begin(store)
    assert store.sweep().abandoned == 1
    assert [(row.state, row.verdict) for row in store.shifts()] == [("open", None), ("abandoned", "incomplete")]


def test_the_audit_log_outlives_the_shifts_and_still_verifies(store, clock):
    store.set_setting("audit_days", 400, "boss")
    shift(store)
    first = store.audit_verify().entries
    clock.move(days=200)
    assert store.sweep().shifts == 1
    entries = store.audit_verify().entries
    assert entries == first + 1
    clock.move(days=201)
    assert store.sweep().audit == first
    report = store.audit_verify()
    assert report.ok
    assert report.entries == 2
    assert store.audit_list()[0].detail["entries"] == first
    assert [entry.event for entry in store.audit_list()] == ["audit.swept", "retention.shifts"]
    clock.move(days=300)
    store.sweep()
    store.audit("login", "boss")
    assert store.audit_verify().ok


def test_nothing_is_audited_of_a_sweep_that_swept_nothing(store):
    before = store.audit_verify().entries
    store.sweep()
    assert store.audit_verify().entries == before


@pytest.mark.parametrize("on", [False, True])
def test_stills_are_kept_only_where_the_site_turned_them_on(store, on):
    store.set_setting("evidence", on, "boss")
    number = store.evidence_save(begin(store), "front", JPEG)
    if not on:
        assert number is None
        assert not (store.data_dir / "evidence").exists()
        return
    path = store.evidence_path(number, by="boss")
    assert path.read_bytes() == JPEG
    assert path.stat().st_mode & 0o077 == 0 or os.name != "posix"
    assert [(one.id, one.step_id) for one in store.shift_detail(1).evidence] == [(number, "front")]
    assert store.audit_list(event="evidence.seen")[0].actor == "boss"


def test_a_still_without_its_entry_is_not_left(store):
    store.set_setting("evidence", True, "boss")
    with pytest.raises(Exception, match="no such shift"):
        store.evidence_save("unknown", "front", JPEG)
    with pytest.raises(Exception, match="must be a JPEG"):
        store.evidence_save(begin(store), "front", b"GIF89a")
    assert stills(store) == []


def test_orphans_are_cleared_but_not_what_is_just_being_written(store):
    store.set_setting("evidence", True, "boss")
    token = begin(store)
    gone, kept = store.evidence_save(token, "front", JPEG), store.evidence_save(token, "front", JPEG)
    store.evidence_path(gone).unlink()
    folder = store.data_dir / "evidence"
    old = time.time() - timedelta(hours=1).total_seconds()
    for name in ("20260101-lost.jpg", "20260101-half.part"):
        (folder / name).write_bytes(JPEG)
        os.utime(folder / name, (old, old))
    (folder / "20260101-young.part").write_bytes(JPEG)
    assert store.sweep().orphans == 2
    assert stills(store) == sorted([store.evidence_path(kept).name, "20260101-young.part"])
    assert store.evidence_path(gone) is None
    assert len(store.shift_detail(1).evidence) == 2  # its picture may lie at another kiosk
