"""A disk without space, a file that may not be written, a server that is gone: nothing half-written, and then on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from posture_check.store import Store, StoreError, database, open_store
from tests.store.make import begin, check, person, shift

CHECKS = [check(f"ST-{n:02}") for n in range(1, 15)]


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """Return a disk of two megabytes, or skip."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path) -> Path:
    """Take all the space."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


def until_it_fails(store: Store, token: str, first: int = 1) -> tuple[int, StoreError]:
    """Record tries of a step until one cannot be; return which, and why."""
    for attempt in range(first, 20_000):
        try:
            store.shift_save_step(token, "front", attempt, CHECKS, f"{attempt}")
        except StoreError as error:
            return attempt, error
    raise AssertionError("never full")


def assert_whole(store: Store, token: str, steps: int) -> None:
    detail = store.shift_detail(store.shift_resume(token).id)
    assert [step.attempt for step in detail.steps] == list(range(1, steps + 1))
    assert all(list(step.checks) == CHECKS for step in detail.steps)
    assert detail.shift.state_json == f"{steps}"
    assert store.audit_verify().ok
    with sqlite3.connect(store.where) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


def limit_pages(store: Store, pages: int) -> None:
    """Let SQLite itself take no more pages than it has, and some."""

    @event.listens_for(store._db.engine, "connect")
    def limit(raw, _record):
        raw.execute(f"PRAGMA max_page_count={pages}")

    store._db.engine.dispose()


@pytest.fixture
def sqlite(tmp_path) -> Iterator[Store]:
    with open_store(None, tmp_path / "data") as store:
        store.staff_save(person(), "setup")
        yield store


def test_no_space_in_the_database(sqlite):
    token = begin(sqlite)
    limit_pages(sqlite, 120)
    failed, error = until_it_fails(sqlite, token)
    assert failed > 3
    assert error.kind == "full"
    assert "the disk is full, nothing was recorded; free space there" in str(error)
    assert "磁盘已满" in error.text.zh
    assert_whole(sqlite, token, failed - 1)
    limit_pages(sqlite, 100_000)
    assert sqlite.shift_save_step(token, "front", failed, CHECKS, f"{failed}")
    assert_whole(sqlite, token, failed)


def test_no_space_on_the_disk(small_disk):
    with open_store(None, small_disk / "data") as store:
        store.staff_save(person(), "setup")
        token = begin(store)
        failed, error = until_it_fails(store, token)
        assert error.kind == "full", error.__cause__
        assert store.board().count("running") == 1  # what was recorded can still be read
        assert_whole(store, token, failed - 1)
        for _ in range(5):  # and it stays so, however often it is tried
            with pytest.raises(StoreError, match="full"):
                store.shift_save_step(token, "front", failed, CHECKS, "x")


def test_space_taken_by_others_and_given_back(small_disk):
    with open_store(None, small_disk / "data") as store:
        store.set_setting("evidence", True, "boss")
        store.staff_save(person(), "setup")
        token = begin(store)
        store.shift_save_step(token, "front", 1, CHECKS, "1")
        store._db.settle()
        filler = fill(small_disk)
        failed, error = until_it_fails(store, token, 2)
        assert error.kind == "full", error.__cause__
        with pytest.raises(StoreError, match="full"):
            store.evidence_save(token, "front", b"\xff\xd8\xff" + bytes(100_000))
        assert list((small_disk / "data" / "evidence").iterdir()) == []
        filler.unlink()
        assert store.shift_save_step(token, "front", failed, CHECKS, f"{failed}")
        assert_whole(store, token, failed)
        assert store.evidence_save(token, "front", b"\xff\xd8\xff" + bytes(1000)) is not None


def test_opening_on_a_full_disk_is_told_and_harms_nothing(small_disk):
    with open_store(None, small_disk / "data") as store:
        store.staff_save(person(), "setup")
    filler = fill(small_disk)
    with pytest.raises(StoreError) as error:
        open_store(None, small_disk / "data")
    assert error.value.kind == "full", error.value.__cause__
    with pytest.raises(StoreError, match="full"):
        open_store(None, small_disk / "other")
    filler.unlink()
    with open_store(None, small_disk / "data") as store:
        assert len(store.staff_list()) == 1
    with open_store(None, small_disk / "other") as store:
        assert store.staff_list() == ()


def test_a_disk_that_may_only_be_read_is_told(small_disk):
    with open_store(None, small_disk / "data") as store:
        store.staff_save(person(), "setup")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(StoreError, match="may not be written; give this user the right"):
        open_store(None, small_disk / "data")


def test_records_that_may_only_be_read(sqlite):
    @event.listens_for(sqlite._db.engine, "connect")
    def only_read(raw, _record):
        raw.execute("PRAGMA query_only=ON")

    sqlite._db.engine.dispose()
    with pytest.raises(StoreError) as error:
        begin(sqlite)
    assert error.value.kind == "read_only"
    assert len(sqlite.staff_list()) == 1


def test_records_held_by_another_program(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_MS", 100)
    with open_store(None, tmp_path) as store:
        store.staff_save(person(), "setup")
        other = sqlite3.connect(store.where, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="held by another program for too long") as error:
            begin(store)
        assert error.value.kind == "locked"
        assert len(store.staff_list()) == 1  # readers need not wait
        other.rollback()
        other.close()
        begin(store)
        assert len(store.shifts()) == 1


def test_a_damaged_file_is_told(sqlite):
    for _ in range(20):
        shift(sqlite, tries=[CHECKS])
    path = Path(sqlite.where)
    sqlite.close()
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = os.urandom(len(content) - 4096 * 3)
    path.write_bytes(content)

    def look() -> None:
        with open_store(None, path.parent) as store:
            store.shifts()
            store.board()
            store.audit_verify()

    with pytest.raises(StoreError) as error:
        look()
    assert error.value.kind == "damaged"


@pytest.fixture
def server(postgres, template, tmp_path) -> Iterator[Store]:
    name = postgres.create(template)
    with open_store(postgres.url(name), tmp_path / "data") as store:
        store.staff_save(person(), "setup")
        yield store
    postgres.drop(name)


def test_a_server_without_space_keeps_a_step_wholly_or_not_at_all(server):
    token = begin(server)
    server.shift_save_step(token, "front", 1, CHECKS, "1")
    with server._db.engine.begin() as connection:  # the server's own error, in the middle of the rows
        connection.exec_driver_sql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER full_disk BEFORE INSERT ON checks FOR EACH ROW "
            "WHEN (NEW.position = 7) EXECUTE FUNCTION full_disk()"
        )
    with pytest.raises(StoreError) as error:
        server.shift_save_step(token, "front", 2, CHECKS, "2")
    assert error.value.kind == "full"
    detail = server.shift_detail(1)
    assert ([step.attempt for step in detail.steps], detail.shift.state_json) == ([1], "1")
    with server._db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full_disk ON checks")
    assert server.shift_save_step(token, "front", 2, CHECKS, "2")


def test_a_server_that_is_gone_and_comes_back(server, postgres):
    token = begin(server)
    postgres.stop()
    try:
        with pytest.raises(StoreError) as error:
            server.shift_save_step(token, "front", 1, CHECKS, "1")
        assert error.value.kind == "unreachable"
    finally:
        postgres.start()
    assert server.shift_save_step(token, "front", 1, CHECKS, "1")
    assert server.audit_verify().ok


def test_a_server_that_is_locked(server):
    token = begin(server)
    server._db.engine.dispose()

    @event.listens_for(server._db.engine, "connect")
    def impatient(raw, _record):
        raw.execute("SET lock_timeout = 100")
        raw.commit()

    with server._db.engine.begin() as other:
        other.exec_driver_sql("LOCK TABLE checks IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreError) as error:
            server.shift_save_step(token, "front", 1, CHECKS, "1")
        assert error.value.kind == "locked"
    assert server.shift_save_step(token, "front", 1, CHECKS, "1")
