"""The pool: every item has its outcome, whatever the items do to their workers."""

from __future__ import annotations

import os
import signal
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from posture_check.audit.pool import THREAD_VARIABLES, run_each


def act(item: str) -> str:
    """Do what the item says (runs in a worker)."""
    if item == "raise":
        raise RuntimeError("odd\ninput")
    if item == "exit":
        os._exit(7)
    if item == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "threads":
        return ",".join(os.environ.get(name, "-") for name in THREAD_VARIABLES)
    return item.upper()


@dataclass
class Counter:
    """Counts its own calls, as open models stay on a task."""

    calls: int = field(default=0)

    def __call__(self, _item: int) -> tuple[int, int]:
        self.calls += 1
        return os.getpid(), self.calls


def sleep_and_leave_a_trace(folder: str) -> None:
    """Say who works here, then take long."""
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(60)


def test_items_that_kill_their_worker_cost_only_themselves() -> None:
    items = ["a", "exit", "b", "kill", "raise", "c", "exit", "d"]
    outcomes = list(run_each(act, items, workers=2))
    assert sorted(o.item for o in outcomes) == sorted(items)
    assert sorted(o.answer for o in outcomes if o.error is None) == ["A", "B", "C", "D"]
    errors = {o.item: o for o in outcomes if o.error is not None}
    assert errors["exit"].crashed
    assert "exit code 7" in str(errors["exit"].error)
    assert "SIGKILL" in str(errors["kill"].error)
    assert not errors["raise"].crashed
    assert str(errors["raise"].error).startswith("RuntimeError: odd")


def test_a_worker_keeps_what_its_task_stores() -> None:
    answers = [o.answer for o in run_each(Counter(), list(range(6)), workers=1)]
    assert [calls for _, calls in answers] == [1, 2, 3, 4, 5, 6]
    assert len({pid for pid, _ in answers}) == 1


def test_workers_use_one_thread_and_the_parent_keeps_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "9")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    (outcome,) = run_each(act, ["threads"], workers=1)
    assert outcome.answer == ",".join("1" for _ in THREAD_VARIABLES)
    assert os.environ["OMP_NUM_THREADS"] == "9"
    assert "MKL_NUM_THREADS" not in os.environ


def test_stopping_early_ends_every_worker(tmp_path: Path) -> None:
    items = [str(tmp_path), "not a folder", str(tmp_path)]
    with closing(run_each(sleep_and_leave_a_trace, items, workers=2)) as outcomes:
        first = next(outcomes)  # the one that cannot leave its trace fails at once
        assert first.error is not None
        deadline = time.monotonic() + 20
        while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)
    pids = [int(path.name) for path in tmp_path.iterdir()]
    assert len(pids) == 1
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_no_workers_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next(run_each(act, ["a"], workers=0))
