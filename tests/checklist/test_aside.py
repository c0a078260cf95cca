"""Work beside the picture."""

from __future__ import annotations

import threading

import pytest

from posture_check.checklist.aside import Job, one_thread


@pytest.mark.parametrize("at_once", [True, False])
def test_a_result_is_taken_once(at_once: bool) -> None:
    where = one_thread("x", at_once=at_once)
    job: Job[int] = Job(where)
    assert job.take() is None
    job.begin(lambda: 7)
    where.shutdown(wait=True)
    assert job.busy
    assert job.take() == 7
    assert job.take() is None
    assert not job.busy


def test_one_thing_at_a_time_and_nobody_waits() -> None:
    go = threading.Event()
    where = one_thread("x", at_once=False)
    job: Job[str] = Job(where)
    job.begin(lambda: "first" if go.wait(10) else "late")
    job.begin(lambda: "second")
    assert job.take() is None
    go.set()
    where.shutdown(wait=True)
    assert job.take() == "first"


@pytest.mark.parametrize("at_once", [True, False])
def test_what_goes_wrong_is_told_where_the_result_is_taken(at_once: bool) -> None:
    where = one_thread("x", at_once=at_once)
    job: Job[int] = Job(where)
    job.begin(lambda: 1 // 0)
    where.shutdown(wait=True)
    with pytest.raises(ZeroDivisionError):
        job.take()
    assert not job.busy
