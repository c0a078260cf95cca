"""The rules of one step, applied to some seconds of a live track by the functions that judge a recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from posture_check.calibrate.profile import Profile, load_profile
from posture_check.checklist.schema import CameraStep, Role
from posture_check.landmarks.track import Track, TrackSet
from posture_check.measures import MEASURES
from posture_check.measures.body import Body
from posture_check.measures.scene import Scene
from posture_check.pipeline import BODY_POSTURES, GROOMING, Options, body_of, judge_stretches, plan_for
from posture_check.postures.parts import HELD
from posture_check.postures.segment import Stretch, segment
from posture_check.rules.evaluate import judge_dress, unseen
from posture_check.rules.exempt import exempted
from posture_check.rules.gates import is_person
from posture_check.rules.loader import RuleBook, load_rules
from posture_check.rules.result import Check, Reason
from posture_check.rules.schema import Choice, Rule, View
from posture_check.sources.frame import SourceInfo

if TYPE_CHECKING:
    from posture_check.checklist.messages import Begin
    from posture_check.landmarks.finder import Plan

MOVED = ("walking", "gesture", "squatting")
"""Families of rules about what is done rather than held."""


def views_of(step: CameraStep) -> tuple[View, ...]:
    """Return the views from which a step is seen; empty where any will do."""
    if step.view == "any":
        return ()
    return ("left", "right") if step.view == "side" else (step.view,)


def dresses(step: CameraStep) -> bool:
    """Return whether dress and hair are judged in a step: what is small in the picture counts then."""
    return "grooming" in step.postures


def covers(clause: str, name: str) -> bool:
    """Return whether a clause of a step (``ST-07``, ``ST-07.heels``) names a rule or an option."""
    return name == clause or name.startswith(f"{clause}.")


def step_rules(step: CameraStep, book: RuleBook, role: Role) -> tuple[Rule, ...]:
    """Return the rules that a step names, or without clauses those of its postures that its view can show."""
    views = views_of(step)
    here = [r for r in book.rules if r.posture in step.postures and role in r.roles and r.measure is not None]
    if step.clauses:
        return tuple(r for r in here if any(covers(clause, r.id) for clause in step.clauses))
    return tuple(r for r in here if r.enabled and (not views or set(views) & set(r.views)))


def step_choices(step: CameraStep, book: RuleBook, role: Role) -> tuple[Choice, ...]:
    """Return the choices of which a step names an option, or without clauses those whose rules it judges."""
    own = {rule.id for rule in step_rules(step, book, role)}
    found = []
    for choice in book.choices:
        options = [option for option in choice.options if role in option.roles]
        if choice.posture not in step.postures or not options:
            continue
        named = any(covers(clause, option.id) for clause in step.clauses for option in options)
        if named or (not step.clauses and any(rule in own for option in options for rule in option.rules)):
            found.append(choice)
    return tuple(found)


def step_book(step: CameraStep, book: RuleBook, role: Role) -> RuleBook:
    """Return the rules that must be applied for a step: its own and those of its choices."""
    choices = step_choices(step, book, role)
    wanted = {rule.id for rule in step_rules(step, book, role)}
    wanted |= {rule for choice in choices for option in choice.options for rule in option.rules}
    return replace(book, rules=tuple(rule for rule in book.rules if rule.id in wanted), choices=choices)


@dataclass(frozen=True)
class Judge:
    """What a step's judging depends on.

    Attributes
    ----------
    step
        What is asked.
    book
        The rules of this step alone.
    options
        Role, exemptions and stature of the person.
    profile
        Calibration of the camera, None for a guess.
    own
        Ids of the rules that the step names.
    scene
        The exact scene, where it is known; it goes before the profile.
    """

    step: CameraStep
    book: RuleBook
    options: Options
    profile: Profile | None
    own: frozenset[str]
    scene: Scene | None = None

    @classmethod
    def of(cls, begin: Begin, scene: Scene | None = None) -> Judge:
        """Return the judge of a step that is begun.

        Raises
        ------
        InputError
            If the rules, the site or the profile cannot be read.
        """
        if begin.step is None:
            raise ValueError("a step is judged, and none was given")
        whole = load_rules(Path(begin.rules) if begin.rules else None, begin.site)
        step = begin.step
        options = Options(
            posture=step.postures,
            role=begin.role,
            site=begin.site,
            stature_cm=begin.stature_cm,
            exempt=begin.exempt,
        )
        profile = load_profile(Path(begin.calibration)) if begin.calibration else None
        own = frozenset(rule.id for rule in step_rules(step, whole, begin.role))
        return cls(step, step_book(step, whole, begin.role), options, profile, own, scene)

    @property
    def level(self) -> bool:
        """Whether the camera's own tilt is known."""
        return self.profile is not None or self.scene is not None

    @property
    def walks(self) -> bool:
        """Whether the step is walked, so that the person comes and goes."""
        return "walking" in self.step.postures

    @property
    def moves(self) -> bool:
        """Whether the step is something that is done, and not a posture that is held."""
        return bool(self._asked - set(HELD))

    @property
    def least_s(self) -> float:
        """Seconds of movement that are enough when no more comes."""
        return 1.5 if self.walks else 0.4

    @property
    def _asked(self) -> set[str]:
        """The stretches that are asked for."""
        found = {s for rule in self.book.rules if rule.posture in MOVED for s in rule.stretches}
        sits = any("sitting_down" in rule.stretches for rule in self.book.rules)
        return {s for s in found if s not in HELD} | ({"sitting_down"} if sits else set())

    @property
    def dresses(self) -> bool:
        """Whether dress and hair are judged."""
        return dresses(self.step)

    def movement(self, body: Body) -> tuple[float, float]:
        """Return for how long what is asked has been done, and when it ended, in seconds.

        Sitting down counts by how long the person has been sitting since.
        """
        asked = {"sitting"} if "sitting_down" in self._asked else self._asked
        time = body.track.time_s
        done = [s for s in segment(body) if s.posture in asked]
        if not done:
            return 0.0, 0.0
        last = max(done, key=lambda s: s.stop)
        return float(time[last.stop - 1] - time[last.start]), float(time[last.stop - 1])

    def plan(self) -> Plan:
        """Return what must be looked for in the pictures."""
        return plan_for(self.book, self.step.postures)

    def body(self, tracks: Sequence[Track], subject: int, from_s: float) -> Body | None:
        """Return the subject since a time, in their scene; None where they are not there."""
        found = next((track for track in tracks if track.person == subject), None)
        if found is None:
            return None
        first = int(np.searchsorted(found.time_s, from_s - 1e-6))
        if len(found) - first < 2:
            return None
        piece = found.slice(first, len(found))
        others = [track for track in tracks if track is not found]
        source = SourceInfo("live", "camera", *found.size)
        body = body_of(TrackSet(source, [piece, *others]), piece, self.options, self.profile)
        return body if self.scene is None else replace(body, scene=self.scene)

    def verdict(self, tracks: Sequence[Track], subject: int, from_s: float) -> list[Check]:
        """Return what the seconds since a time come to."""
        body = self.body(tracks, subject, from_s)
        return self.unseen(Reason.TOO_SHORT) if body is None else self.checks(body)

    def checks(self, body: Body, *, whole: bool = False) -> list[Check]:
        """Return the step's checks on a body.

        Parameters
        ----------
        body
            The seconds that are judged.
        whole
            Take all of it for the posture that the step asks for, as a glance for guidance does; else what is done is
            told first, as in a recording.
        """
        if not is_person(body.track):
            return self.unseen(Reason.NOT_A_PERSON)
        found: list[Check] = []
        if self.step.postures != (GROOMING,):
            stretches = self._glance(body) if whole else segment(body, vouched=self._vouched())
            found += judge_stretches(self.book, self.step.postures, self.options.role, body, stretches)
        if self.dresses:
            found += judge_dress(self.book, self.options.role, body)
        return self._own(found)

    def unseen(self, reason: Reason) -> list[Check]:
        """Return the step's checks as not assessed, for one reason."""
        role = self.options.role
        return self._own([c for p in self.step.postures for c in unseen(self.book, p, role, 0, reason)])

    def _own(self, checks: list[Check]) -> list[Check]:
        """Return those that the step names: the rules of a choice are applied for the choice's sake alone."""
        kept = [self._fair(c) for c in checks if c.rule in self.own or c.alternatives is not None]
        return [c.model_copy(update={"person": 0}) for c in exempted(kept, self.options.exempt)]

    def _fair(self, check: Check) -> Check:
        """Return a check that asks nobody to sit on a chair of which the place knows nothing."""
        if check.reason is not Reason.NOT_CALIBRATED or not check.required:
            return check
        measure = self.book.rule(check.rule).measure
        seat = measure is not None and MEASURES[measure].needs_chair
        return check.model_copy(update={"required": False}) if seat else check

    def _vouched(self) -> str | None:
        named = [posture for posture in self.step.postures if posture in BODY_POSTURES]
        return named[0] if len(named) == 1 else None

    def _glance(self, body: Body) -> list[Stretch]:
        asked = [posture for posture in self.step.postures if posture in HELD]
        return [Stretch(posture, 0, len(body)) for posture in asked[:1]]
