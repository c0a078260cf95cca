"""Writes to the store away from the event loop, in order; what could not be written is kept and tried again."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from posture_check.rules.result import Text
from posture_check.store.errors import StoreError
from posture_check.web.kiosk.words import NOT_SAVED

_LOG = logging.getLogger(__name__)
_MOST = 2000


class Recorder:
    """A line of writes: each is done before the next, and before its caller goes on.

    Attributes
    ----------
    trouble
        What to tell the person while something waits to be written; None when all is well.
    """

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], object]] = deque(maxlen=_MOST)
        self._lock = asyncio.Lock()
        self.trouble: Text | None = None

    async def save(self, write: Callable[[], object]) -> bool:
        """Write now; False where it could not be, or where others wait already: then it waits with them.

        A store that is away must not hold the page up with every touch, so only :meth:`flush` tries again.
        """
        self._waiting.append(write)
        return False if self.trouble is not None else await self.flush()

    async def flush(self) -> bool:
        """Write what waits; False where the store cannot take it yet."""
        async with self._lock:
            while self._waiting:
                try:
                    await asyncio.to_thread(self._waiting[0])
                except StoreError as error:
                    if error.kind != "refused":
                        self.trouble = NOT_SAVED
                        return False
                    _LOG.warning("not recorded: %s", error)  # it would be refused again
                except Exception:
                    _LOG.exception("not recorded")
                self._waiting.popleft()
            self.trouble = None
            return True
