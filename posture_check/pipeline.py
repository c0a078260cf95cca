"""The way through the program: source, landmarks, measures, postures, rules, result."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from posture_check import __version__
from posture_check.calibrate.place import profile_scene
from posture_check.calibrate.profile import Profile, load_profile
from posture_check.errors import InputError
from posture_check.landmarks.track import Track, TrackSet
from posture_check.measures import MEASURES
from posture_check.measures.body import Body, Floats
from posture_check.measures.present import present
from posture_check.measures.scene import (
    ADULT_STATURE_ERROR_M,
    ADULT_STATURE_M,
    Scene,
    guessed_scene,
)
from posture_check.postures.parts import HELD, holds, without_gestures
from posture_check.postures.segment import Stretch, segment
from posture_check.resources import own_model_sha256
from posture_check.rules.evaluate import judge_dress, judge_posture, overall, unseen
from posture_check.rules.exempt import exempted, validate_exemptions
from posture_check.rules.gates import is_person
from posture_check.rules.loader import RuleBook, load_rules
from posture_check.rules.result import SCHEMA, Check, Reason, Result, Segment, Settings, SourceDocument
from posture_check.rules.schema import Posture

if TYPE_CHECKING:
    from posture_check.landmarks.detectors import Detectors
    from posture_check.landmarks.finder import Plan

Role = Literal["A", "B"]
Progress = Callable[[str, float | None], None]
"""Called with what is being done and the share done (None: unknown)."""

POSTURES = ("auto", *get_args(Posture))
BODY_POSTURES = ("standing", "walking", "sitting", "squatting")
GROOMING = "grooming"
SIMULATION = "simulate:"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose.

    Attributes
    ----------
    posture
        Postures to judge; ``auto`` judges those that are seen.
    role
        Which of the standard's variants applies. Chosen, never guessed.
    site
        Name of the site, written into the result, or the site file whose changes apply.
    person
        Which person is judged: the largest, the most central, a number, or everybody.
    rules
        Rules file; None is the one that ships.
    calibration
        Calibration profile; None estimates the camera from the person.
    stature_cm
        The person's height if known.
    max_rate_hz
        Frames a second that are looked at, at most.
    exempt
        Rules, clauses or chapters (``HA``) that the person is exempt from.
    """

    posture: tuple[str, ...] = ("auto",)
    role: Role = "A"
    site: str = "default"
    person: int | Literal["largest", "central", "all"] = "largest"
    rules: Path | None = None
    calibration: Path | None = None
    stature_cm: float | None = None
    max_rate_hz: float = 30.0
    exempt: tuple[str, ...] = ()


def find_tracks(spec: str, options: Options, progress: Progress | None = None) -> TrackSet:
    """Read a source and find everybody's landmarks in it.

    The landmarkers are made once in a process and used for one source after another.

    Raises
    ------
    InputError
        If the source cannot be read or the models cannot be had.
    """
    if spec.startswith(SIMULATION):
        from posture_check.simulate.source import simulated_tracks

        return simulated_tracks(spec)[0]
    from posture_check.landmarks.finder import find
    from posture_check.sources import open_source

    book = load_rules(options.rules, options.site)
    wanted = wanted_postures(options)
    source = open_source(spec, max_rate_hz=options.max_rate_hz)
    onlooker = None
    if GROOMING in wanted:
        from posture_check.grooming.observer import Observer

        onlooker = Observer(_detectors(), site=book.site, video=source.info.kind != "image")
    found = find(source, plan=plan_for(book, wanted), progress=progress, detectors=_detectors(), onlooker=onlooker)
    if onlooker is not None:
        from posture_check.grooming.groomer import MODELS

        found.models |= {name: own_model_sha256(name) for name in MODELS}
    return found


def judge(found: TrackSet, options: Options) -> Result:
    """Apply the rules to tracks; needs no video.

    Raises
    ------
    InputError
        If the rules or the calibration profile are at fault, or the chosen person is not there.
    """
    book = load_rules(options.rules, options.site)
    validate_exemptions(book, options.exempt)
    profile = load_profile(options.calibration) if options.calibration else None
    segments: list[Segment] = []
    checks: list[Check] = []
    subjects = choose_subjects(found.tracks, options.person)
    for track in subjects:
        if is_person(track):
            body = body_of(found, track, options, profile)
            stretches = segment(body, vouched=vouched(options))
            segments += [
                Segment(
                    posture=s.posture,
                    person=track.person,
                    start_s=_at(track, s.start),
                    end_s=_at(track, s.stop - 1),
                )
                for s in stretches
            ]
            checks += _judge_person(book, options, body, stretches)
        else:
            checks += _unseen(book, options, track.person, Reason.NOT_A_PERSON)
    if not subjects:
        checks += _unseen(book, options, 0, Reason.NO_PERSON)
    checks = exempted(checks, options.exempt)
    info = found.source
    return Result(
        schema=SCHEMA,
        source=SourceDocument(
            path=info.path,
            kind=info.kind,
            duration_s=round(info.duration_s, 6),
            frames=info.frames,
            fps=info.fps,
            size=(info.width, info.height),
            notes=info.notes,
        ),
        settings=Settings(
            role=options.role,
            site=book.site,
            rules_sha256=book.sha256,
            models=found.models,
            calibration=profile.name if profile else "simulated" if info.kind == "simulation" else "none",
            exempt=list(options.exempt),
            version=__version__,
        ),
        people=len(found.tracks),
        segments=segments,
        checks=checks,
        verdict=overall(checks),
    )


def check(spec: str, options: Options, progress: Progress | None = None) -> tuple[Result, TrackSet]:
    """Check one source from beginning to end."""
    found = find_tracks(spec, options, progress)
    return judge(found, options), found


def wanted_postures(options: Options) -> tuple[str, ...]:
    """Return the postures whose rules are to be judged.

    ``auto`` is about what is done. Dress is looked at when it is asked for: a role-play recording is not failed because
    its actors wear no tie.
    """
    if "auto" not in options.posture:
        return options.posture
    return (*(p for p in POSTURES[1:] if p != GROOMING), *(p for p in options.posture if p == GROOMING))


def vouched(options: Options) -> str | None:
    """Return the posture that the user vouches for by naming it alone; None if it must be seen."""
    named = [posture for posture in options.posture if posture in BODY_POSTURES]
    return named[0] if len(named) == 1 and "auto" not in options.posture else None


def _judge_person(book: RuleBook, options: Options, body: Body, stretches: list[Stretch]) -> list[Check]:
    """Return the checks of every wanted posture; with ``auto`` of those alone that are seen.

    Whoever neither stands, walks, sits nor squats as far as can be seen has shown no posture, whatever their hands and
    face do: standing, with which every shift starts, then stays on the list as not seen. A posture of which the
    gestures leave no hold stays on the list as too short: it was there, and was not judged.
    """
    track = body.track
    checks = judge_stretches(book, wanted_postures(options), options.role, body, stretches)
    dress = judge_dress(book, options.role, body) if GROOMING in wanted_postures(options) else []
    if "auto" not in options.posture:
        return [*checks, *dress]
    seen = [check for check in checks if check.reason is not Reason.POSTURE_NOT_SEEN]
    if not any(s.posture in BODY_POSTURES for s in stretches):
        seen = [*unseen(book, "standing", options.role, track.person, Reason.POSTURE_NOT_SEEN), *seen]
    return [*seen, *dress]


def judge_stretches(
    book: RuleBook, postures: Sequence[str], role: Role, body: Body, stretches: list[Stretch]
) -> list[Check]:
    """Return the checks of several postures (grooming left out), each on the stretches in which it is held.

    Parameters
    ----------
    book
        Rules in force.
    postures
        Families of rules.
    role
        A or B.
    body
        The person.
    stretches
        What they do, from when to when.
    """
    track = body.track
    whole = [part for s in stretches for part in holds(track, s)]
    still = [part for s in without_gestures(track, stretches) for part in holds(track, s)]
    checks: list[Check] = []
    for posture in postures:
        if posture == GROOMING:
            continue
        parts = still if posture in HELD else whole
        busy = any(s.posture == posture for s in whole) and not any(s.posture == posture for s in parts)
        otherwise = Reason.TOO_SHORT if busy else Reason.POSTURE_NOT_SEEN
        checks += judge_posture(book, posture, role, body, parts, otherwise)
    return checks


def _unseen(book: RuleBook, options: Options, person: int, reason: Reason) -> list[Check]:
    return [c for posture in wanted_postures(options) for c in unseen(book, posture, options.role, person, reason)]


def plan_for(book: RuleBook, postures: tuple[str, ...]) -> Plan:
    """Return what must be looked for so that the rules of these postures can be judged."""
    from posture_check.landmarks.finder import Plan

    used = [MEASURES[r.measure] for r in book.rules if r.posture in postures and r.enabled and r.measure]
    return Plan(
        hands=any(m.needs_hands for m in used),
        face=any(m.needs_face for m in used),
        arms=any(m.needs_arms for m in used),
        outline=bool(used),
        shake=any(m.needs_shake for m in used),
    )


def choose_subjects(tracks: list[Track], person: int | Literal["largest", "central", "all"]) -> list[Track]:
    """Return whose posture is judged: the largest, the most central, a number, or everybody.

    Size and place count over the whole source: a passer-by who is large for a moment is not the subject.

    Raises
    ------
    InputError
        If there is no person of that number.
    """
    if not tracks or person == "all":
        return tracks
    if isinstance(person, int):
        chosen = [track for track in tracks if track.person == person]
        if not chosen:
            known = ", ".join(str(track.person) for track in tracks)
            raise InputError(f"--person {person}: no such person in this source (there are: {known})")
        return chosen
    score = _presence if person == "largest" else _centrality
    return [max(tracks, key=score)]


def body_of(found: TrackSet, track: Track, options: Options, profile: Profile | None) -> Body:
    """Return a person in their scene, with everybody else beside them."""
    scene = scene_of(found, track, options, profile)
    # One camera sees them all; what is known of a person is known of the subject only.
    others = replace(scene, stature_m=ADULT_STATURE_M, stature_error_m=ADULT_STATURE_ERROR_M, chair=None, neutral=None)
    partners = (other for other in found.tracks if other is not track and is_person(other))
    return Body(track, scene, tuple(Body(other.in_step_with(track), others) for other in partners))


def scene_of(found: TrackSet, track: Track, options: Options, profile: Profile | None) -> Scene:
    """Return the scene of a track: calibrated, simulated, or guessed from the person."""
    stature_m = options.stature_cm / 100 if options.stature_cm else None
    if profile is not None:
        return profile_scene(profile, track.size, stature_m)
    if found.source.path.startswith(SIMULATION):
        from posture_check.simulate.source import simulated_known

        return simulated_known(found.source.path, stature_m)
    return guessed_scene(track.size, track.xy.astype(float), stature_m)


def _presence(track: Track) -> float:
    return float(np.nansum(_extent(track)))


def _centrality(track: Track) -> float:
    centre = present(np.nanmean, track.xy, axis=1)
    off = np.linalg.norm((centre - np.array(track.size) / 2) / np.array(track.size), axis=-1)
    return float(np.nansum(1.0 / (0.1 + off)))


def _extent(track: Track) -> Floats:
    down = track.xy[..., 1]
    return present(np.nanmax, down, axis=1) - present(np.nanmin, down, axis=1)


def _at(track: Track, i: int) -> float:
    return float(track.time_s[i])


@functools.cache
def _detectors() -> Detectors:
    from posture_check.landmarks.detectors import Detectors

    return Detectors()
