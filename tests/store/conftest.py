from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from posture_check.store import Store, open_store
from tests.store.make import Clock, person
from tests.store.postgres import Postgres, why_not


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a real PostgreSQL server, or skip."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    server = Postgres()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def template(postgres, tmp_path_factory) -> str:
    """Return the name of a migrated database, of which each test gets a copy."""
    name = postgres.create()
    open_store(postgres.url(name), tmp_path_factory.mktemp("template")).close()
    return name


@pytest.fixture(scope="session")
def template_file(tmp_path_factory) -> Path:
    """Return a migrated SQLite database, of which each test gets a copy."""
    folder = tmp_path_factory.mktemp("template-file")
    open_store(None, folder).close()
    return folder / "posture-check.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, template_file) -> Iterator[str | None]:
    """Return the address of an empty database of each kind."""
    if request.param == "sqlite":
        (tmp_path / "data").mkdir()
        shutil.copy(template_file, tmp_path / "data")
        yield None
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("template"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty(url, tmp_path: Path, clock) -> Iterator[Store]:
    """Return records without anybody, on the site's day of Shanghai."""
    with open_store(url, tmp_path / "data", clock=clock) as store:
        store.set_setting("timezone", "Asia/Shanghai", "setup")
        yield store


@pytest.fixture
def store(empty) -> Store:
    """Return records with one person."""
    empty.staff_save(person(), "setup")
    return empty
