from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.store.make import begin

COPY = "INTO audit_log SELECT seq, at, event, 'nobody', subject, detail, previous, hash FROM audit_log"
REFUSED = (
    "UPDATE audit_log SET actor = 'nobody' WHERE seq = 2",
    "DELETE FROM audit_log WHERE seq = 2",
    "DELETE FROM audit_log",
    f"INSERT {COPY} WHERE seq = 2",
)


def run(store, *statements: str) -> None:
    with store._db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def unguard(store) -> None:
    """Take the triggers away, as whoever owns the database can."""
    if store._db.sqlite:
        run(store, *(f"DROP TRIGGER audit_no_{name}" for name in ("update", "delete", "replace")))
    else:
        run(store, "DROP TRIGGER audit_no_change ON audit_log")


@pytest.fixture
def log(empty):
    for n in range(5):
        empty.audit("login.failed", "boss", f"try {n}", {"from": "127.0.0.1", "n": n, "说明": "密码错误"})
    return empty


def test_entries_come_back_newest_first(log, clock):
    entries = log.audit_list(event="login", limit=3)
    assert [entry.subject for entry in entries] == ["try 4", "try 3", "try 2"]
    assert entries[0].detail == {"from": "127.0.0.1", "n": 4, "说明": "密码错误"}
    assert entries[0].at == clock.now
    older = log.audit_list(event="login", before_seq=entries[-1].seq)
    assert [entry.subject for entry in older] == ["try 1", "try 0"]
    assert [entry.event for entry in log.audit_list(actor="setup")] == ["setting.changed"]
    assert log.audit_list(subject="try 3", since=clock.now, until=clock.now) == ()
    assert log.audit_list(event="log%") == ()


def test_the_database_itself_refuses_changes(log):
    for statement in REFUSED:
        with pytest.raises(DBAPIError, match=r"append-only|duplicate key"):
            run(log, statement)
    assert log.audit_verify().ok


def test_replacing_and_emptying_are_refused_too(log):
    statement = f"INSERT OR REPLACE {COPY}" if log._db.sqlite else "TRUNCATE audit_log"
    with pytest.raises(DBAPIError, match="append-only"):
        run(log, statement)
    assert log.audit_verify().entries == 6


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE audit_log SET actor = 'nobody' WHERE seq = 3", "entry 3 was changed"),
        ("UPDATE audit_log SET at = (SELECT max(at) FROM audit_log), event = 'x' WHERE seq = 6", "entry 6 was changed"),
        ("UPDATE audit_log SET previous = hash WHERE seq = 4", "entry 4 was changed"),
        ("DELETE FROM audit_log WHERE seq = 3", "entries 3 to 3 are missing"),
        ("DELETE FROM audit_log WHERE seq <= 2", "entries 1 to 2 are missing"),
    ],
)
def test_the_chain_shows_what_the_owner_of_the_database_changed(log, damage, problem):
    unguard(log)
    assert log.audit_verify().ok
    run(log, damage)
    report = log.audit_verify()
    assert not report.ok
    assert report.problem == problem


def test_raising_the_floor_by_hand_is_seen(log):
    digest = log.audit_list(limit=10)[3].hash
    run(
        log,
        f"INSERT INTO audit_floor (id, seq, hash) VALUES (1, 3, '{digest}')",
        "DELETE FROM audit_log WHERE seq <= 3",
    )
    assert log.audit_verify().problem == "the entries up to 3 were not deleted by the retention sweep"
    with pytest.raises(DBAPIError, match="only rises"):
        run(log, "UPDATE audit_floor SET seq = 0")
    with pytest.raises(DBAPIError, match="only rises"):
        run(log, "DELETE FROM audit_floor")


def test_the_head_changes_with_every_entry(log):
    heads = set()
    for _ in range(3):
        log.audit("export.roster", "boss")
        heads.add(log.audit_verify().head)
    assert len(heads) == 3


def test_what_is_done_and_its_entry_are_kept_together(store):
    # The second entry of this day cannot be written: then the shift must not be there either.
    guard = "WHEN NEW.event = 'shift.opened' BEGIN SELECT RAISE(ABORT, 'no'); END"
    if store._db.sqlite:
        run(store, f"CREATE TRIGGER broken BEFORE INSERT ON audit_log {guard}")
    else:
        run(
            store,
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
            "CREATE TRIGGER broken BEFORE INSERT ON audit_log FOR EACH ROW "
            "WHEN (NEW.event = 'shift.opened') EXECUTE FUNCTION broken()",
        )
    with pytest.raises(DBAPIError):
        begin(store)
    assert store.shifts() == ()
    assert store.audit_verify().ok
