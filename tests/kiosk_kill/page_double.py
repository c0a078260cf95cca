"""Stands for the kiosk's page: says what a person would touch, and remembers everything that it was told."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

Message = dict[str, Any]
Rows = frozenset[tuple[str, str]]

SKIPS = 0.7
"""Share of the camera's steps that are left out, which takes no time; the others wait for the camera."""
STARTED = ("step", "manual", "result", "override", "done")


@dataclass
class Told:
    """What the page was told of one check, and therefore has to be there for ever."""

    steps: set[tuple[str, Rows]] = field(default_factory=set)
    answers: dict[str, bool] = field(default_factory=dict)
    answering: str | None = None
    phase: str = "attract"
    overridden: bool = False

    def take(self, state: Message) -> None:
        """Take a state message."""
        self.phase = state["phase"]
        for row in state["steps"]:
            if row["checks"]:
                self.steps.add((row["id"], rows_of(row)))
        step = state["step"]
        manual = step is not None and step["kind"] == "manual"
        self.answering = step["id"] if manual else None
        self.answers = {i["rule"]: i["answer"] for i in step["items"] if i["answer"] is not None} if manual else {}
        if state["phase"] == "done":
            self.overridden = bool(state["result"]["overridden"])


def rows_of(step: Message) -> Rows:
    """Return rule and verdict of everything a step's row lists."""
    return frozenset((check["id"].partition(":")[2], check["verdict"]) for check in step["checks"])


class PageDouble:
    """A page that goes through one check after the other as fast as the kiosk lets it.

    Parameters
    ----------
    port
        Where the server listens on this machine.
    number
        Whose check it is.
    pin
        A supervisor's, used when no tries are left.
    """

    def __init__(self, port: int, number: str, pin: str) -> None:
        self._port, self._number, self._pin = port, number, pin
        self._chance = random.Random(port)
        self.token: str | None = None
        self.told: dict[str, Told] = {}
        self.told_at_s = 0.0
        self.states = 0
        self.first: Message | None = None

    def run(self, patience_s: float) -> None:
        """Connect, go on with what was under way, and touch and listen until the connection breaks."""
        self.first = None
        address = f"ws://127.0.0.1:{self._port}/kiosk/ws"
        try:
            with connect(address, origin=f"http://127.0.0.1:{self._port}", open_timeout=5) as socket:  # type: ignore[arg-type]
                self._say(socket, type="hello", client="kill-test-page")
                self._listen(socket, time.monotonic() + patience_s)
        except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
            return

    def _listen(self, socket: ClientConnection, until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            try:
                data = socket.recv(timeout=left)
            except TimeoutError:
                return
            if isinstance(data, str):
                message = json.loads(data)
                if message["type"] == "state":
                    self._take(message)
                    self._answer(socket, message)

    def _take(self, state: Message) -> None:
        self.states += 1
        self.told_at_s = time.monotonic()
        if self.first is None:
            self.first = state
        if state.get("token") and state["phase"] in STARTED:
            self.token = state["token"]
            self.told.setdefault(self.token, Told()).take(state)
        elif state["phase"] == "attract":
            self.token = None

    def _answer(self, socket: ClientConnection, state: Message) -> None:
        """Do what a person would do now."""
        answer = self._touch(state)
        if answer is not None:
            self._say(socket, **answer)

    def _touch(self, state: Message) -> Message | None:
        """Return what somebody at this screen says."""
        plain: dict[str, Message] = {
            "attract": {"type": "start"},
            "identify": {"type": "identify", "number": self._number},
            "consent": {"type": "consent", "agree": True},
            "override": {"type": "override", "pin": self._pin, "reason": "test"},
            "done": {"type": "cancel"},
            "busy": {"type": "take_over"},
        }
        if state["phase"] == "manual":
            left = [item["rule"] for item in state["step"]["items"] if item["answer"] is None]
            return {"type": "answer", "item": left[0], "ok": len(left) % 3 != 0} if left else {"type": "next"}
        if state["phase"] == "step":
            return {"type": "skip"} if self._chance.random() < SKIPS else None
        if state["phase"] == "result":
            result = state["result"]
            return {"type": "retry" if result["may_retry"] else "finish" if result["verdict"] == "pass" else "override"}
        return plain.get(state["phase"])

    def _say(self, socket: ClientConnection, **message: Any) -> None:
        socket.send(json.dumps(message))
