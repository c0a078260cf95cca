"""Which page has the kiosk: one at a time; the others wait, and may take it over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posture_check.web.kiosk.page import Page

GRACE_S = 5.0
"""Seconds that a page which lost its connection has the kiosk kept for it, before a waiting page gets it."""


class Seats:
    """The page that shows the check, and those that were opened beside it.

    Attributes
    ----------
    active
        The page that has the kiosk; None while there is none.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: list[Page] = []
        self._last_client = ""
        self._gone_s = float("-inf")
        self.active: Page | None = None

    def ask(self, page: Page) -> tuple[bool, Page | None]:
        """Give a page the kiosk if it is free or was its own.

        Returns
        -------
        tuple
            Whether it has it now, and the connection of the same page that it replaces.
        """
        old = self.active
        mine = page.client == self._last_client
        if old is page:
            return True, None
        if (old is None and (mine or not self._last_client or self._is_free())) or (old is not None and mine):
            self._seat(page)
            return True, old
        if page not in self._waiting:
            self._waiting.append(page)
        return False, None

    def take_over(self, page: Page) -> Page | None:
        """Give a page the kiosk, whoever has it; return who waits from now on."""
        old = self.active
        self._seat(page)
        if old is None or old is page:
            return None
        self._waiting.append(old)
        return old

    def leave(self, page: Page) -> None:
        """Forget a page that has gone."""
        if page in self._waiting:
            self._waiting.remove(page)
        if self.active is page:
            self.active = None
            self._gone_s = self._clock()

    def next_waiting(self) -> Page | None:
        """Return the page that should get the kiosk because the one that had it stays away."""
        return self._waiting[0] if self._waiting and self._is_free() else None

    def _seat(self, page: Page) -> None:
        self.active = page
        self._last_client = page.client
        if page in self._waiting:
            self._waiting.remove(page)

    def _is_free(self) -> bool:
        return self.active is None and self._clock() - self._gone_s > GRACE_S
