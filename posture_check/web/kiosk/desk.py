"""The kiosk's desk: one check at a time, one page that shows it, one station that looks.

Everything here runs on the event loop. The station's callbacks come from its own thread and are handed over; the store
is written in threads, and what a step came to is written before the page hears of it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from posture_check.checklist.messages import Health, Sight
from posture_check.checklist.shift import Person, ShiftState
from posture_check.errors import InputError
from posture_check.rules.loader import RuleBook
from posture_check.rules.result import Text
from posture_check.store.errors import StoreError
from posture_check.web.kiosk import words
from posture_check.web.kiosk.ledger import Ledger
from posture_check.web.kiosk.lookout import Lookout
from posture_check.web.kiosk.page import Page
from posture_check.web.kiosk.presence import Presence
from posture_check.web.kiosk.protocol import (
    Answer,
    Consent,
    Hello,
    Identify,
    Language,
    Message,
    Override,
    Scan,
    Simple,
    Skip,
    frame_message,
)
from posture_check.web.kiosk.seats import Seats
from posture_check.web.kiosk.view import state_message

if TYPE_CHECKING:
    from posture_check.station.station import Station
    from posture_check.store import Store
    from posture_check.web.security import Security
    from posture_check.web.settings import Settings

_LOG = logging.getLogger(__name__)
TICK_S = 0.5
PICTURE_WANTED_S = 10.0
"""Seconds for which a wish for the newest picture lets a browser's camera send."""


class Desk:
    """The one kiosk of this server."""

    def __init__(
        self, settings: Settings, store: Store, station: Station, book: RuleBook, security: Security | None = None
    ) -> None:
        self.settings = settings
        self.clock: Callable[[], float] = time.time  # one that survives a restart, as the state does
        self._station = station
        self._book = book
        self._security = security
        self._ledger = Ledger(settings, store, book, simulated=station.simulated)
        self._state = ShiftState(checklist=self._ledger.checklist())
        self.lang = settings.lang
        self._lock = asyncio.Lock()
        self._seats = Seats()
        self._lookout = Lookout(station)
        self._presence = Presence()
        self.health = Health(camera="browser" if settings.browser_camera else "starting")
        self._newest: bytes | None = None
        self._wanted_s = float("-inf")
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    # ------------------------------------------------------------------ beginning and end

    async def open(self) -> None:
        """Start the station and the clock."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._ledger.refresh)
        resumed = await asyncio.to_thread(self._ledger.resume, self.clock())
        if resumed is not None:
            self._state = resumed.touch(self.clock())
        self._station.on_sight(lambda sight, jpeg: self._hand_over(self._sight, sight, jpeg))
        self._station.on_picture(lambda *picture: self._hand_over(self._picture, *picture))
        self._station.on_health(lambda health: self._hand_over(self._well, health))
        await asyncio.to_thread(self._station.start)
        await self._look()
        self._spawn(self._clock())
        self._spawn(self._ledger.keep_house())
        self._spawn(self._ledger.catch_up(self._show))

    async def close(self) -> None:
        """Stop the clock and the station; a check under way stays in the store to be resumed."""
        self._loop = None
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._ledger.flush()
        await asyncio.to_thread(self._station.stop)

    def newest_jpeg(self) -> bytes | None:
        """Return the newest picture of the camera; asking lets a browser's camera send for some seconds."""
        first = time.monotonic() - self._wanted_s > PICTURE_WANTED_S
        self._wanted_s = time.monotonic()
        if first:
            self._hand_over(self._show)
        return self._newest

    def _hand_over(self, call: Callable[..., None], *arguments: Any) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(call, *arguments)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ------------------------------------------------------------------ pages

    async def hello(self, page: Page, message: Hello) -> None:
        """Take a page: it gets the desk if that is free or was its own, else it waits."""
        page.client = message.client
        seated, old = self._seats.ask(page)
        if old is not None:
            await old.replaced()
        if seated:
            self._welcome(page)
        else:
            self._send_away(page)

    async def left(self, page: Page) -> None:
        """Forget a page that has gone."""
        self._seats.leave(page)

    def _take_over(self, page: Page) -> None:
        old = self._seats.take_over(page)
        if old is not None:
            self._send_away(old)
        self._welcome(page)

    def _send_away(self, page: Page) -> None:
        page.tell({"type": "state", "phase": "busy", "lang": self.lang, "steps": []})

    def _welcome(self, page: Page) -> None:
        self._presence.forget_countdown()
        page.tell(self.health.model_dump(mode="json"))
        self._show()

    def _show(self) -> None:
        if self._seats.active is not None:
            self._seats.active.tell(self._message())

    def _message(self) -> dict[str, Any]:
        state = self._state
        out = state_message(state, self._book)
        out |= {
            "lang": self.lang,
            "camera": "browser" if self.settings.browser_camera else "server",
            "look": self._wants_pictures(),
            "scanning": self._lookout.scanning,
            "run": self._lookout.run,
            "idle_s": state.patience_s,
            "trouble": _dump(self._ledger.trouble),
        }
        if state.phase == "identify":
            out["roster"] = [{"number": s.number, "name": s.name, "team": s.team} for s in self._ledger.roster]
        if state.phase == "consent":
            guest = state.person is None or state.person.number is None
            out["consent"] = (words.GUEST_CONSENT_TEXT if guest else self._ledger.consent_text).model_dump()
        return out

    # ------------------------------------------------------------------ what the station tells

    def frame(self, page: Page, seq: int, captured_ms: float, jpeg: bytes) -> None:
        """Take a picture of the active page's camera, if pictures are wanted now."""
        if page is not self._seats.active or not self.settings.browser_camera or not self._wants_pictures():
            return
        self._newest = jpeg
        self._station.offer(seq, captured_ms, jpeg)

    def _wants_pictures(self) -> bool:
        wished = time.monotonic() - self._wanted_s < PICTURE_WANTED_S
        return wished or self._lookout.looks(self._state)

    def _picture(self, seq: int, captured_ms: float, jpeg: bytes) -> None:
        self._newest = jpeg
        if self._seats.active is not None and self._lookout.looks(self._state):
            self._seats.active.outbox.put("picture", frame_message(seq, captured_ms, jpeg))

    def _well(self, health: Health) -> None:
        self.health = health
        if self._presence.health(health) and self._state.phase == "step":
            self._state = self._state.touch(self.clock())
        if self._seats.active is not None:
            self._seats.active.tell(health.model_dump(mode="json"))

    def _sight(self, sight: Sight, evidence: bytes | None) -> None:
        late = sight.run != self._lookout.run  # of the step before
        if sight.stage == "done" and sight.checks is not None and not late and self._state.phase == "step":
            self._spawn(self._step_done(sight, evidence))  # the page hears of it when it is written
            return
        self._pass_on(sight)
        if late:
            return
        if sight.people and self._state.phase == "step" and self._presence.sees():
            self._state = self._state.touch(self.clock())
        if sight.code and self._lookout.takes(sight.code):
            self._lookout.scanning = False
            self._spawn(self._code(sight.code))

    def _pass_on(self, sight: Sight) -> None:
        if self._seats.active is not None:
            self._seats.active.outbox.put("sight", sight.model_dump_json(exclude={"checks"}, exclude_none=True))

    async def _step_done(self, sight: Sight, evidence: bytes | None) -> None:
        async with self._lock:
            state, step = self._state, self._state.step
            if sight.run == self._lookout.run and step is not None and sight.checks is not None:
                done = state.step_done(step.id, sight.checks, self.clock())
                if done is not state:
                    await self._ledger.step(done, evidence)
                    self._pass_on(sight)
                    await self._become(done)
                    self._show()
                    return
            self._pass_on(sight)

    async def _code(self, code: str) -> None:
        async with self._lock:
            try:
                person = await asyncio.to_thread(self._ledger.person_by_code, code)
            except StoreError as error:
                return self._say(error.text)
            if person is None:
                self._say(words.UNKNOWN_CODE)
                self._lookout.refuse(code)
                self._lookout.scanning = self._state.phase == "identify"
            elif self._state.phase == "identify":
                await self._identified(person)
            self._show()

    # ------------------------------------------------------------------ what the page says

    async def said(self, page: Page, message: Message) -> None:
        """Do what a page says; what does not fit the phase changes nothing."""
        if page is not self._seats.active:
            if isinstance(message, Simple) and message.type == "take_over":
                self._take_over(page)
            return
        async with self._lock:
            try:
                await self._do(page, message)
            except InputError as error:
                _LOG.warning("%s", error)
                page.tell_error(error.text if isinstance(error, StoreError) else words.NOT_ALLOWED_NOW)
            if not (isinstance(message, Simple) and message.type == "touch"):
                self._show()

    async def _do(self, page: Page, message: Message) -> None:
        before = self._state
        match message:
            case Simple():
                await self._simple(message)
            case Language():
                self.lang = message.lang
                self._state = self._state.touch(self.clock())
            case Identify():
                await self._identify(message)
            case Scan():
                await self._scan(message.on)
            case Consent():
                await self._consent(message.agree)
            case Skip():
                if before.step is not None:
                    await self._become(before.step_skipped(before.step.id, self.clock()))
            case Answer():
                await self._become(before.answer(message.item, message.ok, self._book, self.clock()))
            case Override():
                await self._override(page, message)

    async def _simple(self, message: Simple) -> None:
        now, state = self.clock(), self._state
        match message.type:
            case "start":
                await asyncio.to_thread(self._ledger.refresh)
                fresh = ShiftState(checklist=await asyncio.to_thread(self._ledger.checklist))
                if state.phase == "attract":
                    await self._become(fresh.start(secrets.token_urlsafe(18), now))
            case "next":
                done = state.answers_done(self._book, now)
                if done is not state:
                    await self._ledger.step(done, None)
                    await self._become(done)
            case "retry":
                await self._become(state.retry(now))
            case "back":
                await self._become(state.back(now))
            case "finish":
                await self._become(state.finish(now))
            case "cancel":
                await self._become(state.clear(now))
            case "touch":
                self._state = state.touch(now)

    async def _identify(self, message: Identify) -> None:
        if self._state.phase != "identify":
            return
        if message.number is None:
            if message.role is None:
                return self._say(words.WHICH_ROLE)
            return await self._identified(Person(role=message.role, variant=message.variant))
        person = await asyncio.to_thread(self._ledger.person, message.number.strip())
        if person is None:
            self._state = self._state.touch(self.clock())
            return self._say(words.UNKNOWN_NUMBER)
        await self._identified(person)

    async def _identified(self, person: Person) -> None:
        consented = await asyncio.to_thread(self._ledger.consented, person)
        await self._become(self._state.identify(person, self.clock(), consented=consented))

    async def _scan(self, on: bool) -> None:
        self._state = self._state.touch(self.clock())
        self._lookout.scanning = on and self._state.phase == "identify"
        await self._look()

    async def _consent(self, agree: bool) -> None:
        state = self._state
        if state.phase != "consent" or state.person is None:
            return
        if not agree:
            self._say(words.NEEDS_CONSENT)
            return await self._become(state.clear(self.clock()))
        await self._ledger.consent(state.person)
        await self._become(state.consent(self.clock()))

    async def _override(self, page: Page, message: Override) -> None:
        state, now = self._state, self.clock()
        if message.pin is None:
            return await self._become(state.ask_override(now))
        if state.phase not in ("result", "override"):
            return
        if not message.reason.strip():
            return self._say(words.REASON_NEEDED)
        self._state = state = state.touch(now)
        by, text = await asyncio.to_thread(self._supervisor, page.address, message.pin)
        if by is None:
            return self._say(text or words.PIN_WRONG)
        done = state.override(by, message.reason, now)
        if done is not state:
            await self._ledger.override(done)
            await self._become(done)

    def _supervisor(self, address: str, pin: str) -> tuple[str | None, Text | None]:
        assert self._security is not None
        answer = self._security.pin(address=address, pin=pin)
        return (answer.account.login if answer.account else None), answer.text

    def _say(self, text: Text) -> None:
        if self._seats.active is not None:
            self._seats.active.tell_error(text)

    # ------------------------------------------------------------------ going on

    async def _become(self, state: ShiftState) -> None:
        """Take the state that follows, write what is to be kept of it, and let the station look for what it needs."""
        old = self._state
        if state is old:
            return
        self._state = state
        if state.phase != "identify":
            self._lookout.scanning = False
        if state.phase == "attract":
            self.lang = self.settings.lang
            await self._ledger.leave(old)
            self._state = ShiftState(checklist=await asyncio.to_thread(self._ledger.checklist))
        else:
            await self._ledger.keep(old, state)
        if self._lookout.changes(old, state):
            await self._look()

    async def _look(self) -> None:
        await asyncio.to_thread(self._lookout.begin, self._state, self.lang, self._ledger.begin())

    async def _clock(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self._tick()
            except Exception:
                _LOG.exception("the kiosk's clock")  # the next tick tries again

    async def _tick(self) -> None:
        waiting = self._seats.next_waiting()
        if waiting is not None:
            self._take_over(waiting)
        async with self._lock:
            if self._state.phase == "step" and self._presence.waits_for_us():
                self._state = self._state.touch(self.clock())
            after = self._state.tick(self.clock())
            cleared = after is not self._state
            await self._become(after)
            if cleared:
                self._show()
        self._count_down()

    def _count_down(self) -> None:
        changed, seconds = self._presence.countdown(self._state, self.clock())
        if changed and self._seats.active is not None:
            self._seats.active.tell({"type": "idle", "in_s": seconds})


def _dump(text: Text | None) -> dict[str, str] | None:
    return None if text is None else text.model_dump()
