"""A pool of worker processes that outlives the death of any of them.

The standard executor gives up on every task when one worker dies. In an overnight run of thousands of
recordings one damaged file that kills a native decoder must cost its own line and nothing else, so each
worker has a pipe of its own and holds one item at a time: when the pipe closes, the item is known, and a
new worker takes the next one.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Set to 1 in every worker: the processes are what runs in parallel; threads on top only fight for the
cores."""

_GOODBYE_S = 10.0  # models are freed in well under a second; a worker that takes longer is stuck


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Answer]):
    """What became of one item.

    Attributes
    ----------
    item
        The item.
    answer
        What the task returned; None if it failed.
    error
        None, or one line saying why there is no answer.
    crashed
        Whether the process died, rather than the task raised.
    """

    item: Item
    answer: Answer | None
    error: str | None = None
    crashed: bool = False


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    holds: int | None = None


def run_each(
    task: Callable[[Item], Answer], items: Sequence[Item], workers: int
) -> Generator[Outcome[Item, Answer], None, None]:
    """Run a task on every item in worker processes; yield each outcome as it ends, in no fixed order.

    Processes are spawned, so the task and the items must pickle. A task object is sent once to each worker
    and kept: what it stores on itself (open models) lasts for all the items of that worker. When the caller
    stops early, or an exception such as ``KeyboardInterrupt`` passes through, every worker is ended before
    this returns.

    Parameters
    ----------
    task
        Called with one item.
    items
        What to do.
    workers
        Processes at most; never more than there are items.

    Yields
    ------
    Outcome
        One for every item.

    Raises
    ------
    ValueError
        If ``workers`` is less than 1.
    """
    if workers < 1:
        raise ValueError(f"workers must be at least 1 (got {workers})")
    waiting = deque(range(len(items)))
    crew: list[_Worker] = []
    try:
        while True:
            _hand_out(task, items, waiting, crew, workers)
            busy = {worker.pipe: worker for worker in crew if worker.holds is not None}
            if not busy:
                break
            for pipe in connection.wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]  # wait() returns what it was given
                outcome = _collect(worker, items)
                if outcome.crashed:
                    crew.remove(worker)
                yield outcome
        for worker in crew:
            with suppress(OSError):
                worker.pipe.send(None)
        for worker in crew:
            worker.process.join(_GOODBYE_S)
    finally:
        for worker in crew:
            _end(worker)


def _hand_out(
    task: Callable[[Any], Any], items: Sequence[Any], waiting: deque[int], crew: list[_Worker], workers: int
) -> None:
    """Give every idle worker an item, having started workers up to the number allowed."""
    idle = [worker for worker in crew if worker.holds is None]
    while waiting and (idle or len(crew) < workers):
        if not idle:
            crew.append(_start(task))
            idle.append(crew[-1])
        worker = idle.pop()
        worker.holds = waiting.popleft()
        with suppress(OSError):  # died before it began: its pipe reports that when it is read
            worker.pipe.send(items[worker.holds])


def _start(task: Callable[[Any], Any]) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, task), daemon=True)
    with _one_thread():
        process.start()
    theirs.close()  # else the pipe would stay open when the worker dies
    return _Worker(process, ours)


def _collect(worker: _Worker, items: Sequence[Any]) -> Outcome[Any, Any]:
    """Take one answer from a worker, or find out that it died."""
    assert worker.holds is not None
    item = items[worker.holds]
    try:
        answer, error = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join(_GOODBYE_S)
        how = _cause(worker.process.exitcode)
        _end(worker)
        return Outcome(item, None, f"the worker process died ({how}): try this source alone", crashed=True)
    worker.holds = None
    return Outcome(item, answer, error)


def _cause(exitcode: int | None) -> str:
    """Say in words how a process ended."""
    if exitcode is None:
        return "it hung"
    if exitcode >= 0:
        return f"exit code {exitcode}"
    with suppress(ValueError):
        name = signal.Signals(-exitcode).name
        return f"{name}, most likely out of memory" if name == "SIGKILL" else name
    return f"signal {-exitcode}"


def _end(worker: _Worker) -> None:
    if worker.process.is_alive():
        worker.process.terminate()
        worker.process.join(_GOODBYE_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.pipe.close()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let a child that is started meanwhile see one thread per numeric library."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _serve(pipe: Connection, task: Callable[[Any], Any]) -> None:
    """Live as a worker: answer items until told to stop or until the parent is gone."""
    # Ctrl-C goes to the whole process group; the parent alone decides what then happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            return
        if item is None:
            return
        reply: tuple[Any, str | None]
        try:
            reply = (task(item), None)
        except Exception as error:  # the pool must go on whatever one item does
            reply = (None, f"{type(error).__name__}: {error}")
        try:
            pipe.send(reply)
        except (BrokenPipeError, ConnectionError):
            return
