"""What is still to be sent to a page: of each kind the newest alone, so that a slow page never makes a queue."""

from __future__ import annotations

import asyncio
from typing import Literal

Slot = Literal["state", "health", "idle", "error", "sight", "picture"]
_ORDER: tuple[Slot, ...] = ("state", "health", "idle", "error", "sight", "picture")


class Outbox:
    """A slot per kind of message; belongs to the event loop and is not thread-safe."""

    def __init__(self) -> None:
        self._slots: dict[Slot, str | bytes] = {}
        self._filled = asyncio.Event()
        self.replaced = 0

    def put(self, slot: Slot, message: str | bytes) -> None:
        """Leave a message; one of the same kind that has not gone out yet is replaced."""
        self.replaced += slot in self._slots
        self._slots[slot] = message
        self._filled.set()

    async def take(self) -> list[str | bytes]:
        """Wait for messages and return them, the important ones first."""
        await self._filled.wait()
        self._filled.clear()
        taken = [self._slots[slot] for slot in _ORDER if slot in self._slots]
        self._slots.clear()
        return taken
