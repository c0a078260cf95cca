"""How long a page or a person waits with a large site's records: 2,000 people, 50,000 shifts."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, text

from posture_check.store import Store, open_store
from posture_check.store.shifts import _columns
from posture_check.store.tables import CheckTable, ShiftTable, StaffTable, StepTable
from tests.store.make import SHA, Clock, begin, check

PEOPLE, DAYS, CHECKS = 2000, 25, 20
BEGIN = datetime(2026, 11, 1, 1, tzinfo=UTC)


def fill(store: Store) -> None:
    """Write a month as the store itself would, only in large pieces."""
    good = [_columns(0, 0, n, check(f"ST-{n:02}")) for n in range(CHECKS)]
    bad = [{**row, "verdict": "fail"} if n == 3 else row for n, row in enumerate(good)]
    people = [
        {
            "id": n,
            "number": f"{n:05}",
            "name": f"员工{n}",
            "role": "AB"[n % 2],
            "variant": "usual",
            "exemptions": [],
            "team": f"{n % 40}组",
            "counter": f"{n % 200}号",
            "active": True,
            "created_at": BEGIN,
        }
        for n in range(1, PEOPLE + 1)
    ]
    with store._db.write() as session:
        session.execute(insert(StaffTable), people)
    for day in range(DAYS):
        when = BEGIN + timedelta(days=day)
        ids = [day * PEOPLE + one["id"] for one in people]
        failed = {number for number in ids if number % 9 == 0}
        with store._db.write() as session:
            session.execute(
                insert(ShiftTable),
                [
                    {
                        "id": number,
                        "token": f"t{number}",
                        "staff_id": one["id"],
                        "team": one["team"],
                        "counter": one["counter"],
                        "kind": "self" if number % 50 else "spot",
                        "kiosk": "one",
                        "role": one["role"],
                        "day": when.date(),
                        "opened_at": when,
                        "closed_at": when,
                        "state": "closed",
                        "verdict": "fail" if number in failed else "pass",
                        "tries": 1,
                        "overridden": False,
                        "checklist_name": "shift-start",
                        "checklist_sha256": SHA,
                        "rules_sha256": SHA,
                        "calibration": "none",
                        "state_json": "",
                    }
                    for number, one in zip(ids, people, strict=True)
                ],
            )
            step = {"step_id": "front", "attempt": 1, "finished_at": when}
            session.execute(insert(StepTable), [{**step, "id": number, "shift_id": number} for number in ids])
            rows = (
                {**row, "shift_id": number, "step": number}
                for number in ids
                for row in (bad if number in failed else good)
            )
            session.execute(insert(CheckTable), list(rows))
    if not store._db.sqlite:
        with store._db.write() as session:
            for table in ("staff", "shifts", "steps", "checks"):
                session.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))


def timed(call: Callable[[int], object], times: int = 9) -> tuple[float, float, float]:
    """Return median and longest time of a call, and its median of this thread's own work, in milliseconds."""
    took, worked = [], []
    for n in range(times):
        before, idle = time.perf_counter(), time.thread_time()
        call(n)
        took.append((time.perf_counter() - before) * 1000)
        worked.append((time.thread_time() - idle) * 1000)
    return statistics.median(took), max(took), statistics.median(worked)


def measured(store: Store) -> dict[str, tuple[float, float, float]]:
    """Return what the calls of a kiosk and of the pages take, as :func:`timed` does."""
    step = [check(f"ST-{n:02}") for n in range(CHECKS)]
    tokens = [begin(store, f"{n:05}") for n in range(1, 31)]
    month = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}
    store.sweep()  # as every day: it also counts what the tables hold
    return {
        "shift_open": timed(lambda n: begin(store, f"{n + 100:05}"), 30),
        "shift_save_step": timed(lambda n: store.shift_save_step(tokens[n], "front", 1, step, "{}" * 5000), 30),
        "shift_close": timed(lambda n: store.shift_close(tokens[n], "pass", "{}"), 30),
        "shift_resume": timed(lambda n: store.shift_resume(tokens[n])),
        "staff_by_number": timed(lambda n: store.staff_by_number(f"{n + 1:05}")),
        "board": timed(lambda _: store.board()),
        "shifts, a page": timed(lambda _: store.shifts()),
        "shift_detail": timed(lambda n: store.shift_detail(n + 1)),
        "history of a person": timed(lambda _: store.history(**month, staff="00007")),
        "history of a team": timed(lambda _: store.history(**month, team="7组"), 3),
        "history of a clause": timed(lambda _: store.history(**month, clause="ST-03"), 3),
        "appraisal": timed(lambda _: store.appraisal("2026-11"), 3),
    }


def main() -> None:
    """Fill a database and print the times, also as multiples of finding one person by their number."""
    asked = argparse.ArgumentParser(prog="bench/records", description=__doc__)
    asked.add_argument("--database-url", help="an empty PostgreSQL database; by default SQLite")
    url = asked.parse_args().database_url
    clock = Clock((BEGIN + timedelta(days=DAYS - 1)).isoformat())
    with TemporaryDirectory() as folder, open_store(url, Path(folder), clock=clock) as store:
        fill(store)
        found = measured(store)
    unit = found["staff_by_number"][0]
    print(f"{PEOPLE * DAYS} shifts, {PEOPLE * DAYS * CHECKS} checks\n")
    print("| call | median ms | longest ms | own work ms | in look-ups of a person |\n|---|---|---|---|---|")
    for name, (median, longest, work) in found.items():
        print(f"| {name} | {median:.1f} | {longest:.1f} | {work:.1f} | {median / unit:.1f} |")


if __name__ == "__main__":
    main()
