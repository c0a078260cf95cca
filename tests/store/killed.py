"""The process that is killed: it records, and says after each commit what it recorded."""

from __future__ import annotations

import itertools
from multiprocessing.connection import Connection
from pathlib import Path

from posture_check.store import open_store
from tests.store.make import begin, check

STEPS = ("front", "badge", "side")


def checks_of(step: int, attempt: int) -> list:
    """Return as many checks as only this step and try has."""
    return [check(f"ST-{n:02}", value=float(n)) for n in range(1, 4 + step + attempt)]


def record(url: str | None, data_dir: str, run: int, told: Connection) -> None:
    """Record shifts until the end comes; ``told`` gets every acknowledgement."""
    with open_store(url, Path(data_dir)) as store:
        for n in itertools.count():
            token = f"run-{run}-{n}"
            begin(store, "1001", token=token)
            told.send(("open", token))
            for step, name in enumerate(STEPS):
                for attempt in (1, 2):
                    store.shift_save_step(token, name, attempt, checks_of(step, attempt), f"{name} {attempt}")
                    told.send(("step", token, step, attempt))
            store.shift_override(token, "boss", "why", "overridden")
            told.send(("override", token))
            store.shift_close(token, "fail", "closed")
            told.send(("close", token))


def open_only(url: str | None, data_dir: str, told: Connection) -> None:
    """Make new records, and say so."""
    told.send("begin")
    with open_store(url, Path(data_dir)) as store:
        told.send(len(store.staff_list()))
