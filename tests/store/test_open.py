from __future__ import annotations

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from posture_check.errors import InputError
from posture_check.store import StoreError, open_store
from posture_check.store.tables import Base
from tests.store.make import person


def test_the_migrations_make_the_tables_that_the_program_uses(empty):
    with empty._db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_records_opened_again_are_the_same(store, url):
    with open_store(url, store.data_dir) as again:
        assert again.staff_list() == store.staff_list()
        again.staff_save(person("1002"), "boss")
    assert len(store.staff_list()) == 2


def test_records_of_a_newer_version_are_left_alone(store, url):
    with store._db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(StoreError, match="made by a newer version of posture-check; update the program") as error:
        open_store(url, store.data_dir)
    assert error.value.kind == "newer"
    assert "\n" not in str(error.value)
    with store._db.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0999"


def test_many_open_new_records_at_once(tmp_path, postgres):
    name = postgres.create()
    for url in (None, postgres.url(name)):
        with ThreadPoolExecutor(6) as pool:
            stores = list(pool.map(lambda _, url=url: open_store(url, tmp_path / "new"), range(6)))
        for n, store in enumerate(stores):
            store.staff_save(person(str(n)), "boss")
        assert [len(store.staff_list()) for store in stores] == [6] * 6
        for store in stores:
            store.close()
    postgres.drop(name)


def test_another_programs_tables_are_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "posture-check.db") as other:
        other.execute("CREATE TABLE staff (x)")
    with pytest.raises(StoreError, match="tables of another program"):
        open_store(None, tmp_path)
    assert [name for (name,) in other.execute("SELECT name FROM sqlite_master")] == ["staff"]
    other.close()


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "posture-check.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="not readable as records; put a backup") as error:
        open_store(None, tmp_path)
    assert error.value.kind == "damaged"
    assert (tmp_path / "posture-check.db").read_bytes().startswith(b"not a database")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "not an address"),
        ("mysql://u:secret@h/db", "not one of ours"),
        ("postgresql://u:secret@127.0.0.1", "not one of ours"),
        ("postgresql://u:secret@127.0.0.1:1/db", "cannot be reached"),
    ],
)
def test_an_address_that_will_not_do_is_told_without_its_password(tmp_path, url, told):
    with pytest.raises(InputError, match=told) as error:
        open_store(url, tmp_path)
    assert "secret" not in str(error.value)


def test_a_database_that_is_not_there_is_told(tmp_path, postgres):
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store(postgres.url("nowhere"), tmp_path)


def test_a_commit_is_on_the_disk(empty):
    with empty._db.engine.connect() as connection:
        if empty._db.sqlite:
            pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas}
            assert found == pragmas
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_folder_and_file_are_their_owners_alone(tmp_path):
    with open_store(None, tmp_path / "deep" / "data") as store:
        assert stat.S_IMODE((tmp_path / "deep" / "data").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "deep" / "data" / "posture-check.db").stat().st_mode) == 0o600
        assert store.where.endswith("posture-check.db")


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="may not be written"):
        open_store(None, tmp_path / "file" / "data")
