"""The station: one camera, one process that looks, another that captures, and whoever heals them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from posture_check.checklist.messages import Begin, Health, Sight
from posture_check.errors import InputError
from posture_check.station.capture import SIMULATION
from posture_check.station.jpeg import looks_like_jpeg
from posture_check.station.timing import PictureClock, Stillness
from posture_check.station.ward import Limits, Ward
from posture_check.station.words import health_text

BROWSER = "browser"
NOTICE_S = 1.75
"""Silence after which a camera or a process counts as lost; with the time between two looks at it, within 2 s."""
_TICK_S = 0.1
_SIGHTS_WAITING = 4

OnSight = Callable[[Sight, bytes | None], None]
OnPicture = Callable[[int, float, bytes], None]
OnHealth = Callable[[Health], None]


@dataclass(frozen=True, slots=True)
class _Offer:
    """A picture on its way to the vision process."""

    seq: int
    captured_ms: float
    time_s: float
    jpeg: bytes
    simulated: Any = None


class Station:
    """One camera and what is seen through it; every method may be called from any thread.

    Callbacks come one at a time on a thread of the station's own; they should return soon, since the next picture
    waits for them.

    Parameters
    ----------
    camera
        ``browser`` (pictures are offered), or any source: ``0``, ``camera:0``, ``rtsp://…``, a file, ``simulate:…``.

    Raises
    ------
    InputError
        If a simulated camera of that name cannot be.
    """

    def __init__(self, camera: str) -> None:
        self.camera = camera
        self.simulated = camera.startswith(SIMULATION)
        if self.simulated:
            from posture_check.station.actor import check_camera

            check_camera(camera)
        self._changed = threading.Condition()
        self._inbox: deque[tuple[str, tuple[Any, ...]]] = deque()
        self._begin: Begin | None = None
        self._newest: _Offer | None = None  # waits for the vision process to be free
        self._picture: tuple[int, float, bytes] | None = None  # the newest, for the page
        self._shown: bytes | None = None
        self._busy_since_s: float | None = None
        self._dropped = self._bad = 0
        self._clock, self._still = PictureClock(), Stillness()
        self._frozen = False
        self._picture_s: float | None = None
        self._trouble: str | None = None
        self._sights: list[OnSight] = []
        self._pictures: list[OnPicture] = []
        self._healths: list[OnHealth] = []
        self._health = Health(camera="browser" if camera == BROWSER else "starting", vision="starting")
        self._stop = False
        self._thread: threading.Thread | None = None
        self._vision = Ward(
            "vision", {"camera": camera, "simulated": self.simulated}, self._hear_vision, Limits(start_s=60.0)
        )
        self._capture: Ward | None = None
        if camera != BROWSER:
            settings = {"camera": camera, "since_s": time.time()}
            self._capture = Ward("capture", settings, self._hear_capture, Limits(start_s=60.0, idle_s=8.0))

    # ------------------------------------------------------------------ what others call

    def start(self) -> None:
        """Start the processes; returns at once."""
        if self._thread is not None:
            raise RuntimeError("a station is started once")
        self._thread = threading.Thread(target=self._run, name="station", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End everything; no callback comes afterwards. Safe to call twice."""
        with self._changed:
            self._stop = True
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def __enter__(self) -> Station:
        """Start."""
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop."""
        self.stop()

    def offer(self, seq: int, captured_ms: float, jpeg: bytes) -> bool:
        """Take a picture of the browser's camera; an older one that waits is dropped and counted.

        Returns
        -------
        bool
            False if it was refused: too long or no JPEG picture. Then no sight of it comes.
        """
        if self.camera != BROWSER or not looks_like_jpeg(jpeg):
            with self._changed:
                self._bad += 1
            return False
        with self._changed:
            now = time.monotonic()
            self._frozen = self._still.frozen(jpeg, now)
            self._picture_s, self._shown = now, jpeg
            self._put(_Offer(seq, captured_ms, self._clock.time_s(captured_ms, now), jpeg))
        return True

    def begin(self, begin: Begin) -> None:
        """Look for this from now on; a process that has to be started anew looks for it too."""
        with self._changed:
            self._begin = begin
            self._vision.tell("begin", begin)
            if self._capture is not None:
                self._capture.tell("begin", begin)

    def on_sight(self, callback: OnSight) -> None:
        """Have every sight told, with the still that is kept as evidence if there is one."""
        self._sights.append(callback)

    def on_picture(self, callback: OnPicture) -> None:
        """Have pictures of a camera of this machine told: number, time in ms, JPEG; only the newest."""
        self._pictures.append(callback)

    def on_health(self, callback: OnHealth) -> None:
        """Have every change of the health told."""
        self._healths.append(callback)

    @property
    def health(self) -> Health:
        """How the station is now."""
        with self._changed:
            return self._health

    @property
    def dropped(self) -> int:
        """Pictures thrown away so far because a newer one had come."""
        return self._dropped

    @property
    def refused(self) -> int:
        """What was offered so far and could not be used: no picture, too large, damaged."""
        return self._bad

    def picture(self) -> bytes | None:
        """Return the newest picture as JPEG, kept in memory only; None before there is one."""
        with self._changed:
            return self._shown

    def pids(self) -> dict[str, int]:
        """Return the numbers of the processes that live, by their part."""
        wards = [self._vision, *([self._capture] if self._capture else [])]
        return {ward.part: pid for ward in wards if (pid := ward.pid) is not None}

    # ------------------------------------------------------------------ what the processes say, in threads of theirs

    def _hear_vision(self, message: tuple[Any, ...]) -> None:
        with self._changed:
            what = message[0]
            if what == "ready":
                self._busy_since_s = None
                if self._begin is not None:
                    self._vision.tell("begin", self._begin)
            elif what in ("sight", "bad"):
                self._busy_since_s = None
                self._bad += what == "bad"
                self._inbox.append(("sight", (message[1], message[2] if what == "sight" else None)))
            elif what == "trouble":
                self._trouble = message[1]
            elif what == "end":
                self._busy_since_s, self._trouble = None, None
            self._feed()
            self._changed.notify_all()

    def _hear_capture(self, message: tuple[Any, ...]) -> None:
        with self._changed:
            what = message[0]
            now = time.monotonic()
            if what == "ready" and self._begin is not None and self._capture is not None:
                self._capture.tell("begin", self._begin)
            elif what == "picture":
                _, seq, captured_ms, jpeg, simulated = message
                self._picture = (seq, captured_ms, jpeg)
                self._picture_s, self._shown = now, jpeg
                self._put(_Offer(seq, captured_ms, self._clock.time_s(captured_ms, now), jpeg, simulated))
            elif what == "frozen":
                self._frozen = message[1]
            elif what == "end":
                self._frozen, self._picture_s = False, None
            self._changed.notify_all()

    def _put(self, offer: _Offer) -> None:
        if self._begin is not None and self._begin.task == "rest":
            self._newest = None
            return
        self._dropped += self._newest is not None
        self._newest = offer
        self._feed()

    def _feed(self) -> None:
        """Hand the newest picture to the vision process if that is free and its last sights have been told."""
        offer = self._newest
        if offer is None or self._busy_since_s is not None or not self._vision.ready:
            return
        if len(self._inbox) >= _SIGHTS_WAITING:
            return
        self._newest, self._busy_since_s = None, time.monotonic()
        self._vision.tell("frame", offer.seq, offer.captured_ms, offer.time_s, offer.jpeg, offer.simulated)

    # ------------------------------------------------------------------ the station's own thread

    def _run(self) -> None:
        try:
            last_s, well_s = time.monotonic(), 0.0
            while True:
                with self._changed:
                    self._changed.wait_for(self._something_to_tell, _TICK_S)
                    if self._stop:
                        return
                now = time.monotonic()
                # After a pause of this very process (a suspended machine) the others' words wait to be read.
                well_s = now + NOTICE_S if now - last_s > 1.0 else well_s
                last_s = now
                self._tell()
                if now >= well_s:
                    self._vision.tend(now, NOTICE_S, self._stuck_s(now))
                    if self._capture is not None:
                        self._capture.tend(now, NOTICE_S, self._blind_s(now))
                self._tell_health(now)
        finally:
            wards = [self._vision, *([self._capture] if self._capture else [])]
            for ward in wards:
                ward.ask_to_end()
            for ward in wards:
                ward.end()

    def _something_to_tell(self) -> bool:
        return bool(self._inbox or self._stop or (self._picture is not None and self._pictures))

    def _tell(self) -> None:
        while True:
            with self._changed:
                if self._stop:
                    return
                picture, self._picture = self._picture, None
                _, (sight, still) = self._inbox.popleft() if self._inbox else ("", (None, None))
                dropped = self._dropped
                self._feed()
            if picture is None and sight is None:
                return
            if sight is not None:
                sight = sight.model_copy(update={"dropped": dropped})
                for told in list(self._sights):
                    told(sight, still)
            if picture is not None:
                for shown in list(self._pictures):
                    shown(*picture)

    def _stuck_s(self, now: float) -> float:
        busy = self._busy_since_s
        return 0.0 if busy is None else now - busy

    def _blind_s(self, now: float) -> float:
        seen = self._picture_s
        return 0.0 if seen is None else now - seen

    def _tell_health(self, now: float) -> None:
        with self._changed:
            health = self._diagnose(now)
            if health == self._health:
                return
            self._health = health
        for told in list(self._healths):
            told(health)

    def _diagnose(self, now: float) -> Health:
        vision, capture = self._vision, self._capture
        camera: Any = "browser"
        if capture is not None:
            blind = self._blind_s(now) > NOTICE_S
            camera = "lost" if capture.lost or blind else "starting" if self._picture_s is None else "ok"
        if self._frozen and camera != "lost":
            camera = "frozen"
        sees: Any = "starting"
        if vision.lost or self._trouble is not None or self._stuck_s(now) > NOTICE_S:
            sees = "lost"
        elif vision.ready:
            sees = "ok"
        wards = [ward for ward in (capture, vision) if ward is not None]
        waits = [wait for ward in wards if (wait := ward.wait_s(now)) is not None]
        cause = next((ward.fault for ward in wards if ward.lost and ward.fault), self._trouble)
        return Health(
            camera=camera,
            vision=sees,
            text=health_text(camera, sees),
            cause=cause,
            retry_in_s=float(max(1, round(max(waits)))) if waits else None,
            restarts=sum(ward.restarts for ward in wards),
        )


__all__ = ["BROWSER", "InputError", "Station"]
