"""A result recorded is a result kept: the recording process is killed at random moments."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from posture_check.store import Store, open_store
from tests.store.killed import STEPS, checks_of, open_only, record
from tests.store.make import person

Told = list[tuple]


@pytest.fixture(scope="module")
def processes() -> Iterator[multiprocessing.context.BaseContext]:
    """Return a way to start processes that have everything imported already."""
    context = multiprocessing.get_context(
        "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    )
    with suppress(AttributeError):
        context.set_forkserver_preload(["tests.store.killed", "psycopg"])
    return context


def kill_once(processes, url: str | None, store: Store, run: int, after: int, delay: float) -> Told:
    """Let a process record, kill it a moment after some acknowledgement, and return all that it acknowledged."""
    mine, its = processes.Pipe(duplex=False)
    process = processes.Process(target=record, args=(url, str(store.data_dir), run, its))
    process.start()
    its.close()
    told = [mine.recv() for _ in range(after)]
    time.sleep(delay)
    process.kill()
    process.join()
    with suppress(EOFError, OSError):
        while True:
            told.append(mine.recv())
    return told


def assert_kept(store: Store, told: Told) -> None:
    """See that everything acknowledged is there, and that nothing is there by halves."""
    details = {}
    for row in store.shifts(limit=100_000):
        if any(token == row.token for _, token, *_ in told):
            details[row.token] = store.shift_detail(row.id)
    for what, token, *which in told:
        detail = details[token]
        match what:
            case "step":
                step, attempt = which
                assert (STEPS[step], attempt) in [(one.step_id, one.attempt) for one in detail.steps]
            case "override":
                assert len(detail.overrides) == 1
            case "close":
                assert (detail.shift.state, detail.shift.state_json) == ("closed", "closed")
    for detail in details.values():
        for one in detail.steps:
            assert list(one.checks) == checks_of(STEPS.index(one.step_id), one.attempt)
        last = f"{detail.steps[-1].step_id} {detail.steps[-1].attempt}" if detail.steps else '{"phase":"step"}'
        ended = {"closed"} if detail.shift.state == "closed" else {"overridden"} if detail.overrides else {last}
        assert detail.shift.state_json in ended


def survive(processes, url: str | None, store: Store, kills: int) -> int:
    store.staff_save(person(), "setup")
    chance = random.Random(20261122)
    acknowledged = 0
    for run in range(kills):
        told = kill_once(processes, url, store, run, chance.randint(1, 20), chance.uniform(0, 0.05))
        acknowledged += len(told)
        assert_kept(store, told)
        assert store.audit_verify().ok
        if url is None:
            with sqlite3.connect(store.where) as raw:
                assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
            raw.close()
    return acknowledged


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_by_50_kills(processes, tmp_path):
    with open_store(None, tmp_path / "data") as store:
        acknowledged = survive(processes, None, store, 50)
    print(f"50 kills: {acknowledged} acknowledged items, none lost")
    assert acknowledged >= 50


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_on_a_server(processes, postgres, template, tmp_path):
    name = postgres.create(template)
    with open_store(postgres.url(name), tmp_path / "data") as store:
        acknowledged = survive(processes, postgres.url(name), store, 15)
    postgres.drop(name)
    print(f"15 kills: {acknowledged} acknowledged items, none lost")
    assert acknowledged >= 15


@pytest.mark.slow
def test_records_killed_while_they_are_made_open_the_next_time(processes, tmp_path):
    chance = random.Random(7)
    for run in range(20):
        mine, its = processes.Pipe(duplex=False)
        process = processes.Process(target=open_only, args=(None, str(tmp_path / f"{run}"), its))
        process.start()
        its.close()
        assert mine.recv() == "begin"
        time.sleep(chance.uniform(0, 0.08))
        process.kill()
        process.join()
        with open_store(None, tmp_path / f"{run}") as store:
            store.staff_save(person(), "setup")
            assert store.audit_verify().ok


@pytest.mark.slow
def test_processes_that_open_new_records_at_once_all_can(processes, tmp_path, postgres):
    for turn in range(4):
        name = postgres.create()
        for url in (None, postgres.url(name)):
            started = []
            for _ in range(5):
                mine, its = processes.Pipe(duplex=False)
                process = processes.Process(target=open_only, args=(url, str(tmp_path / f"new{turn}"), its))
                started.append((process, mine, its))
            for process, _, its in started:
                process.start()
                its.close()
            for process, mine, _ in started:
                process.join(60)
                assert [mine.recv(), mine.recv()] == ["begin", 0]
        postgres.drop(name)
