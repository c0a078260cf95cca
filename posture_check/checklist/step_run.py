"""One step of the kiosk, frame by frame: what to say now, when to hold still, and what the step came to."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from posture_check.checklist import coaching, guidance
from posture_check.checklist.aside import Job, one_thread
from posture_check.checklist.codes import read_code
from posture_check.checklist.hold import Hold
from posture_check.checklist.judging import Judge, views_of
from posture_check.checklist.look import Looks
from posture_check.checklist.messages import Begin, Guidance, Skeleton, Stage
from posture_check.checklist.overlay import evidence_jpeg, skeletons
from posture_check.landmarks.detectors import Detectors
from posture_check.landmarks.finder import Plan, TrackBuilder
from posture_check.landmarks.glimpse import Glimpse
from posture_check.landmarks.onlooker import Onlooker
from posture_check.landmarks.track import Track
from posture_check.measures.present import present
from posture_check.measures.scene import Scene
from posture_check.rules.gates import view_of
from posture_check.rules.result import Check
from posture_check.sources.frame import Frame

if TYPE_CHECKING:
    from posture_check.grooming.observer import Observer

Floats = NDArray[np.floating[Any]]

JUDGE_EVERY_S = 0.25
"""How often the last moments are judged for guidance."""
GLANCE_S = 1.5
"""How much of the past that looks at."""
GONE_S = 0.7
"""Nobody is seen for so long before it is said."""
IDLE_S, IDLE_EVERY_S = 3.0, 0.2
"""Where nobody has been for so long, frames are looked at so often: a kiosk waits most of the day."""
FAULT_S = 0.3
"""A picture is at fault for so long before it is said."""
CODE_EVERY_S = 0.15
ROOMY = 0.8
"""Share of the picture's height that a person may take and still have room to come closer."""
KEEP_S = 20.0
"""A movement is looked for in so many seconds."""
MOVED_S = 0.6
"""A movement is over when it has not gone on for so long."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What the last moments show.

    Attributes
    ----------
    subject
        Of whom.
    problem
        What to put right, None if nothing.
    moved_s
        How long what is asked has been done, of a step that is done in movement.
    ended_s
        When that ended.
    """

    subject: int
    problem: Guidance | None = None
    moved_s: float = 0.0
    ended_s: float = 0.0


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
        Look closer and judge in step with the frames instead of beside them: for recordings, whose frames wait.
    scene
        The exact scene, where it is known; it goes before a calibration.
    onlooker
        Reads dress and hair; None makes an observer where the step asks for dress.

    Raises
    ------
    InputError
        If the rules, the site or the calibration cannot be read, or the models cannot be had.
    """

    def __init__(
        self,
        begin: Begin,
        detectors: Detectors,
        now_s: float,
        *,
        in_step: bool = False,
        scene: Scene | None = None,
        onlooker: Onlooker | None = None,
    ) -> None:
        self._begin, self._began_s, self._now_s = begin, now_s, now_s
        self._judge = Judge.of(begin, scene) if begin.task == "step" else None
        self._closer = one_thread("closer look", at_once=in_step)
        self._judging = one_thread("judging", at_once=in_step)
        self._glances: Job[Glance] = Job(self._judging)
        self._verdicts: Job[list[Check]] = Job(self._judging)
        dresses = self._judge is not None and self._judge.dresses
        self._looks = Looks(onlooker or self._observer(detectors)) if dresses else None
        self._builder = None if begin.task == "code" else self._new_builder(detectors)
        self._prompter = guidance.Prompter()
        step = begin.step
        self._hold = Hold(step.hold_s, step.patience_s) if step else Hold(1.0, 1.0)
        self._subject: int | None = None
        self._seen_s: float | None = None
        self._light: tuple[float, str | None] = (-np.inf, None)
        self._fault: tuple[str | None, float] = (None, now_s)
        self._glanced_s = self._coded_s = self._fed_s = -np.inf
        self._empty: Seen | None = None
        self._glance: Glance | None = None
        self._judged: tuple[int, float] | None = None
        self._done = False

    @property
    def run(self) -> int:
        """Number of the run, as the caller chose it."""
        return self._begin.run

    def close(self) -> None:
        """End what is done beside the picture; the detectors are free for the next run then."""
        for thread in (self._closer, self._judging):
            thread.shutdown(wait=True, cancel_futures=True)

    def feed(self, frame: Frame) -> Seen:
        """Look at the next frame; its picture must stay as it is. After the step is done nothing more is judged."""
        self._now_s = frame.time_s
        if self._builder is None:
            return self._read(frame)
        if self._empty is not None and self._now_s - self._fed_s < IDLE_EVERY_S:
            return self._empty
        self._fed_s = self._now_s
        seen = self._look(self._builder, frame)
        lonely = self._now_s - (self._began_s if self._seen_s is None else self._seen_s) > IDLE_S
        self._empty = seen if lonely and self._judged is None else None
        return seen

    def _look(self, builder: TrackBuilder, frame: Frame) -> Seen:
        """Look at a frame in which there may be somebody."""
        builder.feed(frame)
        people = builder.newest()
        size = (frame.image.shape[1], frame.image.shape[0])
        self._follow(people, size)
        drawn = skeletons(people, self._subject, size)
        if self._done:
            return Seen(drawn, "done", guidance.said("done"), 1.0)
        if self._judged is not None:
            return self._ending(frame, people, drawn)
        coached = self._coach(frame, people, size)
        if self._judge is None:
            return Seen(drawn, "looking", self._prompter.say(coached, self._now_s))
        self._look_back()
        self._glance = self._glances.take() or self._glance
        if self._glance is not None and self._glance.subject != self._subject:
            self._glance = None
        if self._judge.moves:
            return self._movement(frame, people, drawn, coached)
        return self._stillness(frame, people, drawn, coached)

    # ------------------------------------------------------------------ whom, and in what light

    def _follow(self, people: Sequence[Glimpse], size: tuple[int, int]) -> None:
        """Keep to the person who is meant; somebody else in their place begins anew."""
        chosen = coaching.choose_subject(people, size, self._subject)
        if chosen is not None:
            if self._subject is not None and chosen != self._subject:
                self._hold.reset()
            self._subject, self._seen_s = chosen, self._now_s
        elif self._gone():
            self._hold.reset()
        if self._looks is not None:
            self._looks.subject = self._subject

    def _gone(self) -> bool:
        return self._seen_s is None or self._now_s - self._seen_s > GONE_S

    def _coach(self, frame: Frame, people: Sequence[Glimpse], size: tuple[int, int]) -> Guidance | None:
        """Return what is wrong with the picture, once it has been so for a moment."""
        person = next((p for p in people if p.person == self._subject), None)
        if person is None:
            return guidance.said("no_person") if self._gone() else None
        found = self._picture_fault(frame, person, people, size)
        if found != self._fault[0]:
            self._fault = (found, self._now_s)
        return guidance.said(found) if found and self._now_s - self._fault[1] >= FAULT_S else None

    def _picture_fault(
        self, frame: Frame, person: Glimpse, people: Sequence[Glimpse], size: tuple[int, int]
    ) -> str | None:
        step = self._begin.step
        if coaching.rivals(people, person.person):
            return "two_people"
        if step is None or (self._judge is not None and self._judge.moves):
            return None  # who moves comes and goes
        if self._now_s - self._light[0] >= JUDGE_EVERY_S:
            light, shot = coaching.light_of(frame.image, person)
            self._light = (self._now_s, coaching.light_fault(light, shot, step.framing))
        upright = step.framing == "body" and "standing" in step.postures
        level = self._judge is not None and self._judge.level
        return (
            self._light[1]
            or coaching.framing_fault(person, size, step.framing)
            or (coaching.tilt_fault(person) if upright and not level else None)
        )

    # ------------------------------------------------------------------ judging beside the picture

    def _look_back(self) -> None:
        """Have the last moments judged, a few times a second."""
        every = JUDGE_EVERY_S * (2 if self._judge is not None and self._judge.moves else 1)
        if self._subject is None or self._glances.busy or self._now_s - self._glanced_s < every:
            return
        self._glanced_s = self._now_s
        back_s = KEEP_S if self._judge is not None and self._judge.moves else GLANCE_S
        self._glances.begin(functools.partial(self._shown, self._tracks(), self._subject, self._now_s - back_s))

    def _shown(self, tracks: list[Track], subject: int, from_s: float) -> Glance | None:
        """Return what some seconds show: the view first, then a fault."""
        judge = self._judge
        body = judge.body(tracks, subject, from_s) if judge else None
        if judge is None or body is None or body.track.time_s[-1] - body.track.time_s[0] < GLANCE_S / 2:
            return None
        if judge.moves:
            return Glance(subject, None, *judge.movement(body))
        views = views_of(judge.step)
        if views and view_of(body.typical_yaw_deg) not in views:
            return Glance(subject, guidance.to_view(body.typical_yaw_deg, views))
        checks = judge.checks(body, whole=True)
        room = float(present(np.nanmedian, body.stature_px)) < ROOMY * body.track.size[1]
        shown = guidance.to_show(checks, judge.step.framing, room=room or judge.step.framing == "upper")
        return Glance(subject, guidance.to_fix(checks, judge.book) or shown)

    def _tracks(self) -> list[Track]:
        assert self._builder is not None
        return self._builder.tracks()

    # ------------------------------------------------------------------ steps that are held still, and those that move

    def _stillness(
        self, frame: Frame, people: Sequence[Glimpse], drawn: tuple[Skeleton, ...], coached: Guidance | None
    ) -> Seen:
        now, problem = self._now_s, coached or (self._glance.problem if self._glance else None)
        if self._gone():
            return Seen(drawn, "looking", self._prompter.say(problem, now))
        began = self._hold.from_s
        turn = self._hold.at(now, ready=self._glance is not None, wrong=problem is not None)
        if turn == "judge":
            return self._end(frame, people, drawn, now if self._hold.from_s is None else self._hold.from_s)
        if turn == "hold":
            if began is None and self._looks is not None and self._subject is not None:
                self._looks.forget(self._subject)  # what is judged is what is seen from now on
            said = self._prompter.say(guidance.said("hold"), now)
            return Seen(drawn, "hold", said, *self._hold.progress(now))
        stage: Stage = "correct" if problem is not None and problem.code == "fix" else "looking"
        return Seen(drawn, stage, self._prompter.say(problem, now))

    def _movement(
        self, frame: Frame, people: Sequence[Glimpse], drawn: tuple[Skeleton, ...], coached: Guidance | None
    ) -> Seen:
        """Watch until what was asked has been done."""
        assert self._judge is not None
        now, step, glance = self._now_s, self._judge.step, self._glance
        moved_s = glance.moved_s if glance else 0.0
        moving = glance is not None and moved_s > 0.0 and now - glance.ended_s < MOVED_S
        # Somebody who does nothing of it is judged as they are, like somebody who does it wrongly.
        waited = bool(people) and self._hold.at(now, ready=False, wrong=True) == "judge"
        if moved_s >= step.hold_s or (not moving and (moved_s >= self._judge.least_s or waited)):
            return self._end(frame, people, drawn, now - KEEP_S)
        if moved_s > 0.0:
            said = self._prompter.say(guidance.said("watching"), now)
            return Seen(drawn, "hold", said, min(moved_s / step.hold_s, 1.0))
        return Seen(drawn, "looking", self._prompter.say(coached or guidance.said("begin"), now))

    # ------------------------------------------------------------------ the end

    def _end(self, frame: Frame, people: Sequence[Glimpse], drawn: tuple[Skeleton, ...], from_s: float) -> Seen:
        """Have the subject's seconds since ``from_s`` judged as a recording is judged."""
        assert self._subject is not None
        self._judged = self._subject, from_s
        return self._ending(frame, people, drawn)

    def _ending(self, frame: Frame, people: Sequence[Glimpse], drawn: tuple[Skeleton, ...]) -> Seen:
        """Begin to judge when the last closer look is in, and give the checks as soon as they are there."""
        assert self._builder is not None
        assert self._judge is not None
        assert self._judged is not None
        if not self._verdicts.busy and self._builder.settle(wait=False):
            self._verdicts.begin(functools.partial(self._judge.verdict, self._tracks(), *self._judged))
        checks = self._verdicts.take()
        if checks is None:
            return Seen(drawn, "hold", self._prompter.say(guidance.said("wait"), self._now_s), 1.0, 0.0)
        self._done = True
        picture = evidence_jpeg(frame.image, people, self._judged[0]) if self._begin.evidence else None
        return Seen(drawn, "done", guidance.said("done"), 1.0, 0.0, tuple(checks), picture)

    def _read(self, frame: Frame) -> Seen:
        if frame.time_s - self._coded_s < CODE_EVERY_S:
            return Seen(guidance=guidance.said("code"))
        self._coded_s = frame.time_s
        return Seen(guidance=guidance.said("code"), code=read_code(frame.image))

    # ------------------------------------------------------------------ how it is made

    def _new_builder(self, detectors: Detectors) -> TrackBuilder:
        plan = self._judge.plan() if self._judge else Plan(hands=False)
        plan = replace(plan, live=True, keep_s=KEEP_S)
        return TrackBuilder(detectors, plan, video=True, onlooker=self._looks, aside=self._closer)

    def _observer(self, detectors: Detectors) -> Observer:
        from posture_check.grooming.observer import Observer

        return Observer(detectors, site=self._begin.site, live=True)
