"""Work beside the live picture: in a thread of its own, or at once where time does not pass by itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class AtOnce(Executor):
    """Does what it is given at once: for recordings, whose frames wait."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run it and return what came of it."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as e:
            future.set_exception(e)
        return future


def one_thread(name: str, *, at_once: bool) -> Executor:
    """Return where work is done beside the picture: one thread, or here and now."""
    return AtOnce() if at_once else ThreadPoolExecutor(1, name)


class Job(Generic[T]):
    """At most one piece of work at a time, and what the last one came to.

    Parameters
    ----------
    where
        Where it is done.
    """

    def __init__(self, where: Executor) -> None:
        self._where = where
        self._future: Future[T | None] | None = None

    @property
    def busy(self) -> bool:
        """Whether work was begun whose result has not been taken."""
        return self._future is not None

    def begin(self, work: Callable[[], T | None]) -> None:
        """Begin, unless something is under way."""
        if self._future is None:
            self._future = self._where.submit(work)

    def take(self) -> T | None:
        """Return what work came to, once, as soon as it is done, else None; an error in it is raised here."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        return future.result()

    def drop(self) -> None:
        """Forget what is under way."""
        self._future = None
