"""A page that is connected: what goes out to it, and what it says, until it leaves."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from posture_check.rules.result import Text
from posture_check.web.kiosk.outbox import Outbox
from posture_check.web.kiosk.protocol import Hello, Refused, read_frame, read_message

if TYPE_CHECKING:
    from posture_check.web.kiosk.desk import Desk

REFUSED_CODE = 4400
"""Close code of a page that says what is no message; it does not come back by itself with the same."""
REPLACED_CODE = 4409
"""Close code of a connection whose page has made a new one."""


class Page:
    """One WebSocket."""

    def __init__(self, socket: WebSocket, desk: Desk) -> None:
        self._socket = socket
        self._desk = desk
        self.outbox = Outbox()
        self.client = ""
        self.address = socket.client.host if socket.client else "unknown"

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message of the slot that is its type."""
        self.outbox.put(message["type"], json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    def tell_error(self, text: Text) -> None:
        """Say that something was not possible."""
        self.tell({"type": "error", "text": text.model_dump()})

    async def serve(self) -> None:
        """Talk with the page until it leaves."""
        await self._socket.accept()
        sender = asyncio.create_task(self._send())
        try:
            await self._listen()
        except Refused as error:
            await self._close(REFUSED_CODE, str(error))
        except (WebSocketDisconnect, RuntimeError):
            pass  # the page has gone; RuntimeError where it went while being written to
        finally:
            sender.cancel()
            await self._desk.left(self)

    async def replaced(self) -> None:
        """Close, because the same page has a newer connection."""
        await self._close(REPLACED_CODE, "connected anew")

    async def _close(self, code: int, reason: str) -> None:
        with suppress(RuntimeError):  # closed already
            await self._socket.close(code, reason[:120])

    async def _send(self) -> None:
        try:
            while True:
                for message in await self.outbox.take():
                    if isinstance(message, bytes):
                        await self._socket.send_bytes(message)
                    else:
                        await self._socket.send_text(message)
        except (WebSocketDisconnect, RuntimeError):
            return  # listening ends, too

    async def _listen(self) -> None:
        settings = self._desk.settings
        while True:
            raw = await self._socket.receive()
            if raw["type"] == "websocket.disconnect":
                return
            data = raw.get("bytes")
            if data is not None:
                self._desk.frame(self, *read_frame(data, settings.max_frame_bytes))
                continue
            message = read_message(raw.get("text") or "", settings.max_message_bytes)
            if isinstance(message, Hello):
                await self._desk.hello(self, message)
            elif not self.client:
                raise Refused("a page says hello first")
            else:
                await self._desk.said(self, message)
