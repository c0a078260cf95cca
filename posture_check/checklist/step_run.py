"""One step of the kiosk, frame by frame: what to say now, when to hold still, and what the step came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.checklist import coaching, guidance
from posture_check.checklist.codes import read_code
from posture_check.checklist.judging import Judge, views_of
from posture_check.checklist.look import Looks
from posture_check.checklist.overlay import evidence_jpeg, skeletons
from posture_check.landmarks.finder import Detectors, Glimpse, Plan, TrackBuilder
from posture_check.landmarks.track import Track
from posture_check.measures.body import Body
from posture_check.postures.segment import segment
from posture_check.rules.gates import view_of
from posture_check.rules.result import Check
from posture_check.sources.frame import Frame
from posture_check.station.messages import Begin, Guidance, Skeleton, Stage

Floats = NDArray[np.floating[Any]]

JUDGE_EVERY_S = 0.25
"""How often the last moments are judged for guidance."""
GLANCE_S = 1.0
"""How much of the past that looks at."""
SETTLED_S = 0.3
"""Nothing is wrong for so long before a hold begins."""
BREAK_S = 0.5
"""Something is wrong for so long before a hold is broken off: a blink of the landmarks is no fault."""
GONE_S = 0.7
"""Nobody is seen for so long before it is said."""
CODE_EVERY_S = 0.15
KEEP_S = 20.0
"""A movement is looked for in so many seconds."""
MOVED_S = 0.6
"""A movement is over when it has not gone on for so long."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one frame came to.

    Attributes
    ----------
    people
        Everybody in the frame, to be drawn.
    stage
        Where the step is.
    guidance
        The one thing to say now.
    progress, remaining_s
        Of the hold: share done, 0..1, and seconds left; None outside one.
    checks
        With stage ``done``, once: what the step came to.
    evidence_jpeg
        With it, if asked for: the last picture, the heads of others made unrecognisable.
    code
        Text of a QR code or barcode, in the task ``code``.
    """

    people: tuple[Skeleton, ...] = ()
    stage: Stage = "looking"
    guidance: Guidance | None = None
    progress: float = 0.0
    remaining_s: float | None = None
    checks: tuple[Check, ...] | None = None
    evidence_jpeg: bytes | None = None
    code: str | None = None


class StepRun:
    """What a station looks for from ``begin`` on.

    Parameters
    ----------
    begin
        What to look for.
    detectors
        The landmarkers of this process.
    now_s
        Time at which it begins, by the clock of the frames' ``time_s``.
    in_step
        Look at dress in step with the frames instead of beside them: for recordings, where time does not pass.

    Raises
    ------
    InputError
        If the rules, the site or the calibration cannot be read, or the models cannot be had.
    """

    def __init__(self, begin: Begin, detectors: Detectors, now_s: float, *, in_step: bool = False) -> None:
        self._begin, self._now_s = begin, now_s
        self._judge = Judge.of(begin) if begin.task == "step" else None
        self._looks = self._dress(in_step) if begin.step and "grooming" in begin.step.postures else None
        plan = self._judge.plan() if self._judge else Plan(hands=False)
        self._builder: TrackBuilder | None = None
        if begin.task != "code":
            plan = Plan(
                hands=plan.hands,
                face=plan.face,
                arms=plan.arms,
                outline=plan.outline,
                shake=plan.shake,
                live=True,
                keep_s=KEEP_S,
            )
            self._builder = TrackBuilder(detectors, plan, video=True, onlooker=self._looks)
        self._prompter = guidance.Prompter()
        self._subject: int | None = None
        self._seen_s: float | None = None
        self._light: tuple[float, str | None] = (-np.inf, None)
        self._fault_since: dict[str, float] = {}
        self._judged_s = -np.inf
        self._problem: Guidance | None = None
        self._ready = False
        self._clear_since: float | None = None
        self._wrong_since: float | None = None
        self._hold_from: float | None = None
        self._guided_s = 0.0
        self._done = False
        self._code_s = -np.inf

    @property
    def run(self) -> int:
        """Number of the run, as the caller chose it."""
        return self._begin.run

    def close(self) -> None:
        """End the looks at dress."""
        if self._looks is not None:
            self._looks.close()

    def feed(self, frame: Frame) -> Seen:
        """Look at the next frame; the frame is not kept. After the step is done nothing more is judged."""
        passed, self._now_s = min(max(frame.time_s - self._now_s, 0.0), BREAK_S), frame.time_s
        if self._builder is None:
            return self._read(frame)
        self._builder.feed(frame)
        people = self._builder.newest()
        size = (frame.image.shape[1], frame.image.shape[0])
        self._follow(people, size)
        drawn = skeletons(people, self._subject, size)
        coached = self._coach(frame, people, size)
        if self._done:
            return Seen(drawn, "done", guidance.said("done"), 1.0)
        if self._judge is None:
            return Seen(drawn, "looking", self._prompter.say(coached, frame.time_s))
        if self._judge.moves:
            return self._movement(frame, people, drawn, coached, passed)
        return self._stillness(frame, people, drawn, coached, passed)

    # ------------------------------------------------------------------ whom, and in what light

    def _follow(self, people: Sequence[Glimpse], size: tuple[int, int]) -> None:
        """Keep to the person who is meant; somebody else in their place begins anew."""
        chosen = coaching.choose_subject(people, size, self._subject)
        if chosen is not None:
            if self._subject is not None and chosen != self._subject:
                self._begin_anew()
            self._subject, self._seen_s = chosen, self._now_s
        elif self._gone():
            self._begin_anew()
        if self._looks is not None:
            self._looks.subject = self._subject

    def _gone(self) -> bool:
        return self._seen_s is None or self._now_s - self._seen_s > GONE_S

    def _begin_anew(self) -> None:
        self._hold_from = self._clear_since = self._wrong_since = None
        self._ready, self._problem, self._guided_s = False, None, 0.0

    def _coach(self, frame: Frame, people: Sequence[Glimpse], size: tuple[int, int]) -> Guidance | None:
        """Return what is wrong with the picture, once it has been so for a moment."""
        person = next((p for p in people if p.person == self._subject), None)
        if person is None:
            return guidance.said("no_person") if self._gone() else None
        found = self._picture_fault(frame, person, people, size)
        self._fault_since = {found: self._fault_since.get(found, self._now_s)} if found else {}
        if found and self._now_s - self._fault_since[found] >= SETTLED_S:
            return guidance.said(found)
        return None

    def _picture_fault(
        self, frame: Frame, person: Glimpse, people: Sequence[Glimpse], size: tuple[int, int]
    ) -> str | None:
        if coaching.rivals(people, person.person):
            return "two_people"
        step = self._begin.step
        if step is None or (self._judge is not None and self._judge.walks):
            return None
        if self._now_s - self._light[0] >= JUDGE_EVERY_S:
            light, shot = coaching.light_of(frame.image, person)
            self._light = (self._now_s, coaching.light_fault(light, shot, step.framing))
        fault = self._light[1] or coaching.framing_fault(person, size, step.framing)
        if fault is None and step.framing == "body" and self._judge is not None and self._judge.profile is None:
            leans = abs(coaching.tilt_deg(person.pose)) > coaching.TILT_DEG
            return "tilted" if leans and "standing" in step.postures else None
        return fault

    # ------------------------------------------------------------------ steps that are held still

    def _stillness(
        self,
        frame: Frame,
        people: Sequence[Glimpse],
        drawn: tuple[Skeleton, ...],
        coached: Guidance | None,
        passed: float,
    ) -> Seen:
        now, step = self._now_s, self._begin.step
        assert step is not None
        if now - self._judged_s >= JUDGE_EVERY_S and self._subject is not None and not self._gone():
            self._judged_s = now
            self._problem = self._glance()
        problem = coached or self._problem
        if self._hold_from is not None:
            self._wrong_since = (self._wrong_since or now) if problem else None
            if self._wrong_since is not None and now - self._wrong_since >= BREAK_S:
                self._guided_s += now - self._hold_from
                self._hold_from = self._clear_since = None
            elif now - self._hold_from >= step.hold_s:
                return self._finish(frame, people, drawn, self._hold_from)
            else:
                return self._holding(drawn, step.hold_s)
        if self._gone():
            return Seen(drawn, "looking", self._prompter.say(problem, now))
        self._guided_s += passed
        if self._guided_s >= step.patience_s:
            return self._finish(frame, people, drawn, now - step.hold_s)
        self._clear_since = (self._clear_since or now) if problem is None and self._ready else None
        if self._clear_since is not None and now - self._clear_since >= SETTLED_S:
            self._hold_from, self._wrong_since = now, None
            if self._looks is not None and self._subject is not None:
                self._looks.forget(self._subject)
            return self._holding(drawn, step.hold_s)
        stage: Stage = "correct" if problem is not None and problem.code == "fix" else "looking"
        return Seen(drawn, stage, self._prompter.say(problem, now))

    def _holding(self, drawn: tuple[Skeleton, ...], hold_s: float) -> Seen:
        assert self._hold_from is not None
        held = self._now_s - self._hold_from
        said = self._prompter.say(guidance.said("hold"), self._now_s)
        return Seen(drawn, "hold", said, min(held / hold_s, 1.0), max(hold_s - held, 0.0))

    def _glance(self) -> Guidance | None:
        """Judge the last moments and return what to put right: the view first, then a fault."""
        assert self._judge is not None and self._subject is not None
        body = self._body(self._now_s - GLANCE_S)
        if body is None or body.track.time_s[-1] - body.track.time_s[0] < GLANCE_S / 2:
            return self._problem
        self._ready = True
        views = views_of(self._judge.step)
        if views and view_of(body.typical_yaw_deg) not in views:
            return guidance.to_view(body.typical_yaw_deg, views)
        checks = self._judge.checks(body, whole=True)
        return guidance.to_fix(checks, self._judge.book) or guidance.to_show(checks)

    # ------------------------------------------------------------------ steps that are done in movement

    def _movement(
        self,
        frame: Frame,
        people: Sequence[Glimpse],
        drawn: tuple[Skeleton, ...],
        coached: Guidance | None,
        passed: float,
    ) -> Seen:
        """Watch until what was asked has been done."""
        assert self._judge is not None
        now, step = self._now_s, self._judge.step
        self._guided_s += passed if people else 0.0
        if now - self._judged_s < 2 * JUDGE_EVERY_S or self._subject is None:
            return self._watching(drawn, coached)
        self._judged_s = now
        body = self._body(now - KEEP_S)
        if body is not None:
            lasted, since = self._judge.movement(body, segment(body))
            self._moved_s = lasted
            if lasted >= step.hold_s or (lasted > 0 and since >= MOVED_S and lasted >= self._judge.least_s):
                return self._finish(frame, people, drawn, now - KEEP_S)
        if self._guided_s >= step.patience_s and not self._gone() and self._moved_s == 0.0:
            return self._finish(frame, people, drawn, now - KEEP_S)
        return self._watching(drawn, coached)

    _moved_s = 0.0

    def _watching(self, drawn: tuple[Skeleton, ...], coached: Guidance | None) -> Seen:
        assert self._judge is not None
        share = min(self._moved_s / self._judge.step.hold_s, 1.0)
        if share > 0:
            said = self._prompter.say(guidance.said("watching"), self._now_s)
            return Seen(drawn, "hold", said, share, None)
        return Seen(drawn, "looking", self._prompter.say(coached or guidance.said("begin"), self._now_s))

    # ------------------------------------------------------------------ the end

    def _finish(self, frame: Frame, people: Sequence[Glimpse], drawn: tuple[Skeleton, ...], from_s: float) -> Seen:
        """Judge the seconds since ``from_s`` as a recording is judged."""
        assert self._judge is not None and self._subject is not None
        if self._looks is not None:
            self._looks.wait()
        body = self._body(from_s)
        if body is None:  # nobody was there for long enough
            self._begin_anew()
            return Seen(drawn, "looking", self._prompter.say(guidance.said("no_person"), self._now_s))
        checks = tuple(self._judge.checks(body))
        self._done = True
        picture = evidence_jpeg(frame.image, people, self._subject) if self._begin.evidence else None
        return Seen(drawn, "done", guidance.said("done"), 1.0, 0.0, checks, picture)

    def _body(self, from_s: float) -> Body | None:
        assert self._judge is not None and self._builder is not None and self._subject is not None
        tracks: list[Track] = self._builder.tracks()
        return self._judge.body(tracks, self._subject, from_s, self._now_s)

    def _read(self, frame: Frame) -> Seen:
        if frame.time_s - self._code_s < CODE_EVERY_S:
            return Seen(guidance=guidance.said("code"))
        self._code_s = frame.time_s
        return Seen(guidance=guidance.said("code"), code=read_code(frame.image))

    def _dress(self, in_step: bool) -> Looks:
        from posture_check.grooming.observer import Observer

        return Looks(Observer(Detectors(), site=self._begin.site, live=True), in_step=in_step)
