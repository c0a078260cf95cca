"""A page without a browser, and a station that does what the test says: the kiosk's two edges."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketTestSession

from posture_check.checklist.messages import Begin, Guidance, Health, Sight, Skeleton
from posture_check.rules.result import Check, Text, Verdict
from posture_check.store import Store, open_store
from posture_check.store.records import Staff
from posture_check.web.app import create_app
from posture_check.web.settings import Settings

JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 60
ADDRESS = "http://127.0.0.1:8000"
SOCKET = "ws://127.0.0.1:8000/kiosk/ws"
CHECKLIST = """
version: 1
name: short
title: {zh: 短检查, en: Short check}
retries: 1
idle_s: 30
result_s: 20
steps:
  - kind: camera
    id: front
    title: {zh: 正面, en: Front}
    say: {zh: 请面向镜头, en: Face the camera}
    postures: [standing]
    clauses: [ST-02]
  - kind: camera
    id: way
    title: {zh: 指引, en: The way}
    say: {zh: 请指引方向, en: Show the way}
    postures: [gesture]
    optional: true
  - kind: manual
    id: hands
    title: {zh: 自查, en: By yourself}
    say: {zh: 请确认, en: Please confirm}
    items: [HY-01, AC-01]
"""


class PlayedStation:
    """Camera and vision that are not there: keeps what it was asked, and says what the test lets it say."""

    simulated = False
    camera = "browser"

    def __init__(self) -> None:
        self.begun: list[Begin] = []
        self.offered: list[tuple[int, float, bytes]] = []
        self.running = False
        self.health = Health(camera="browser", vision="ok")

    def start(self) -> None:
        self.running = True
        self.tell_health(self.health)

    def stop(self) -> None:
        self.running = False

    def begin(self, begin: Begin) -> None:
        self.begun.append(begin)

    def offer(self, seq: int, captured_ms: float, jpeg: bytes) -> bool:
        self.offered.append((seq, captured_ms, jpeg))
        return True

    def picture(self) -> bytes | None:
        return None

    def on_sight(self, callback: Callable[[Sight, bytes | None], None]) -> None:
        self.tell_sight = callback

    def on_picture(self, callback: Callable[[int, float, bytes], None]) -> None:
        self.tell_picture = callback

    def on_health(self, callback: Callable[[Health], None]) -> None:
        self.tell_health = callback

    def sees(self, **fields: Any) -> Sight:
        """Tell what the present run sees."""
        sight = Sight(**{"run": self.begun[-1].run, "seq": 1, "captured_ms": 1.0, "size": (1280, 720), **fields})
        self.tell_sight(sight, None)
        return sight

    def finishes(self, verdict: str = "pass") -> None:
        """End the present step."""
        step = self.begun[-1].step
        assert step is not None, "no step has been begun"
        self.sees(stage="done", checks=(shoulders(verdict),))


def shoulders(verdict: str = "pass") -> Check:
    """Return a check of a camera step."""
    return Check(
        clause="ST-02",
        rule="ST-02",
        person=0,
        posture="standing",
        title=Text(zh="双肩端平", en="Shoulders level"),
        required=True,
        verdict=Verdict(verdict),
        fix=Text(zh="请放低左肩", en="Lower the left shoulder a little"),
    )


def someone() -> tuple[Skeleton, ...]:
    """Return one person in the picture."""
    return (Skeleton(person=0, subject=True, pose=((0.5, 0.5, 1.0),) * 33),)


def lower_the_shoulder() -> Guidance:
    """Return something to put right."""
    return Guidance(code="fix", text=Text(zh="请放低左肩", en="Lower the left shoulder a little"), marks=(11, 12))


@dataclass
class Visitor:
    """A page as the server sees it."""

    socket: WebSocketTestSession
    state: dict[str, Any] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)

    def say(self, kind: str, **fields: Any) -> None:
        self.socket.send_text(json.dumps({"type": kind, **fields}))

    def next(self) -> dict[str, Any] | bytes:
        """Return the next message of the server."""
        raw = self.socket.receive()
        if raw.get("type") == "websocket.close":
            raise AssertionError(f"closed: {raw.get('code')} {raw.get('reason')}")
        if raw.get("bytes") is not None:
            return bytes(raw["bytes"])
        message: dict[str, Any] = json.loads(raw["text"])
        self.heard.append(message)
        if message["type"] == "state":
            self.state = message
        return message

    def until(self, kind: str, wanted: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """Return the first message of a kind that is as wanted."""
        while True:
            message = self.next()
            if isinstance(message, dict) and message["type"] == kind and wanted(message):
                return message

    def phase(self, phase: str) -> dict[str, Any]:
        """Wait for a phase."""
        return self.until("state", lambda state: state["phase"] == phase)

    def as_guest(self) -> None:
        """Come as far as the first step, without a name."""
        self.say("start")
        self.phase("identify")
        self.say("identify", role="A")
        self.phase("consent")
        self.say("consent", agree=True)
        self.phase("step")


@dataclass
class Kiosk:
    """A server with its edges."""

    app: FastAPI
    client: TestClient
    station: PlayedStation
    store: Store

    @contextmanager
    def visit(self, client: str = "page-0001") -> Iterator[Visitor]:
        """Open the page."""
        with self.client.websocket_connect(SOCKET, headers={"origin": ADDRESS}) as socket:
            visitor = Visitor(socket)
            visitor.say("hello", client=client)
            visitor.until("state")
            yield visitor

    def later(self, seconds: float) -> None:
        """Let the desk's clock go on."""
        desk = self.app.state.desk
        ahead = desk.clock() - time.time() + seconds
        desk.clock = lambda: time.time() + ahead


def settings_for(folder: Path, **fields: Any) -> Settings:
    """Return settings with the short checklist."""
    checklist = folder / "short.yaml"
    checklist.write_text(CHECKLIST, encoding="utf-8")
    return Settings(**{"data_dir": folder, "checklist": checklist, "lang": "en", **fields})


@contextmanager
def running(settings: Settings, template: Path, station: Any = None) -> Iterator[Kiosk]:
    """Run a server on records that are made if they are not there, by default with a station that the test plays."""
    if not (settings.data_dir / template.name).exists():
        shutil.copy(template, settings.data_dir)
    station = station or PlayedStation()
    with open_store(None, settings.data_dir) as store:
        if store.staff_by_number("1001") is None:
            store.staff_save(Staff(number="1001", name="王芳", role="B", badge_code="BADGE-1001"), "test")
        app = create_app(settings, store, station)
        with TestClient(app, base_url=ADDRESS) as client:
            yield Kiosk(app, client, station, store)
