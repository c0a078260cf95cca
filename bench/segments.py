"""What is done when, against what is known: share of the time with the right posture, and flicker."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.footage import Case
from bench.reading import Outcome
from posture_check.rules.result import Result, Segment

Bools = NDArray[np.bool_]

POSTURES = ("standing", "walking", "sitting_down", "sitting", "rising", "squatting", "other")
"""What somebody does at any time is one of these; gestures happen within them."""

WANTED = {
    "rendered-standing": "standing",
    "rendered-walking": "walking",
    "rendered-sitting": "sitting",
    "rendered-gesture": "standing",
}
"""The posture that a family's rendered clips show from beginning to end."""

GESTURES = {
    "gest_show": "pointing",
    "near_show": "pointing",
    "gest_finger": "pointing",
    "gest_finger2": "pointing",
    "gest_palmdown": "pointing",
    "gest_spread": "pointing",
    "gest_seat": "inviting",
    "gest_hand2": "handing_over",
    "gest_tray": "tray",
    "gest_wave": "waving",
    "gest_wild": "waving",
    "gest_wild2": "waving",
    "gest_bow": "bow",
}
"""The gesture that a scenario shows once. An arm held out towards a seat is told from one held out to show the way
by its height alone, so either name will do for those two; for wild waving no name is asked for but one."""
ALIKE = {"pointing": {"pointing", "inviting"}, "inviting": {"pointing", "inviting"}}

LABELS = {
    "standing": {"standing"},
    "walking": {"walking"},
    "sitting": {"sitting"},
    "squat": {"squatting"},
    "talking": {"standing"},
}
"""Postures that a label of a real file stands for; a file with any other label is not scored."""

_DOWN, _UP = 0.35, 0.85
"""Share of the way up from the lowest place of the shoulders to the highest: below one surely down, above the other
surely standing. Whoever bends from the waist to pick something up keeps the hips up and is down all the same."""


@dataclass(slots=True)
class Timing:
    """How well the time of some cases is divided.

    Attributes
    ----------
    n
        Cases.
    seconds, right_s
        Known time, and of this with the right posture.
    unseen
        Cases whose posture was found at no time.
    changes
        Changes from one posture to another beyond those there are.
    wrong
        Case, share of its time that was right, and what was said instead.
    """

    n: int = 0
    seconds: float = 0.0
    right_s: float = 0.0
    unseen: int = 0
    changes: int = 0
    wrong: list[tuple[str, float, str]] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """Share of the known time with the right posture."""
        return self.right_s / self.seconds if self.seconds else None


def timings(outcomes: Iterable[Outcome]) -> dict[str, Timing]:
    """Return how well the postures of rendered clips are told, by family."""
    found: dict[str, Timing] = {}
    for outcome in outcomes:
        case = outcome.case
        if not case.rendered or outcome.result is None:
            continue
        known = squat_truth(case) if case.family == "rendered-squatting" else None
        if known is None and case.family not in WANTED:
            continue
        wanted = known or {WANTED[case.family]: np.ones(outcome.result.source.frames, bool)}
        _count(found.setdefault(case.family, Timing()), case, outcome.result, wanted, 2 if known else 0)
    return found


def _count(timing: Timing, case: Case, result: Result, wanted: Mapping[str, Bools], changes: int) -> None:
    frames = len(next(iter(wanted.values())))
    time_s = np.arange(frames) * result.source.duration_s / max(frames, 1)
    mine = [s for s in result.segments if s.person == _subject(result) and s.posture in POSTURES]
    right = sum(int((keep & covered(mine, name, time_s)).sum()) for name, keep in wanted.items())
    known = sum(int(keep.sum()) for keep in wanted.values())
    step = result.source.duration_s / max(frames, 1)
    timing.n += 1
    timing.seconds += known * step
    timing.right_s += right * step
    timing.unseen += right == 0
    timing.changes += max(0, turns(mine) - changes)
    if right < 0.9 * known:
        said = sorted({s.posture for s in mine} - set(wanted)) or ["nothing"]
        timing.wrong.append((case.name, right / known, ", ".join(said)))


def _subject(result: Result) -> int:
    return result.checks[0].person if result.checks else 0


def covered(segments: Sequence[Segment], posture: str, time_s: NDArray[np.floating]) -> Bools:
    """Return at which times ``(frames,)`` some segment of a posture holds."""
    hit = np.zeros(len(time_s), bool)
    for s in segments:
        if s.posture == posture:
            hit |= (time_s >= s.start_s - 1e-3) & (time_s <= s.end_s + 1e-3)
    return hit


def turns(segments: Sequence[Segment]) -> int:
    """Return how often one lasting posture follows another; the ways between them are no postures of their own."""
    ways = ("sitting_down", "rising", "other")
    held = [s.posture for s in sorted(segments, key=lambda s: s.start_s) if s.posture not in ways]
    return max(0, len(held) - 1)


def squat_truth(case: Case) -> dict[str, Bools] | None:
    """Return at which frames somebody in a rendered clip surely squats and surely stands; None without truth."""
    if case.truth is None or not case.truth.exists():
        return None
    with gzip.open(case.truth, "rt", encoding="utf-8") as file:
        joints = json.load(file)["joints_3d"]
    height = (np.array(joints["left_shoulder"])[:, 1] + np.array(joints["right_shoulder"])[:, 1]) / 2
    way = (height - height.min()) / np.ptp(height)
    return {"squatting": way < _DOWN, "standing": way > _UP}


@dataclass(frozen=True, slots=True)
class GestureSeen:
    """Which gesture a rendered clip shows and which were found."""

    case: str
    wanted: str | None
    found: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether it was found once and nothing else was; where none is shown, whether none was found."""
        if self.wanted is None:
            return not self.found
        return len(self.found) == 1 and self.found[0] in ALIKE.get(self.wanted, {self.wanted})


def gestures(outcomes: Iterable[Outcome]) -> list[GestureSeen]:
    """Return which gestures were found in every rendered clip of people standing or gesturing."""
    rows = []
    for o in outcomes:
        if o.result is None or o.case.family not in ("rendered-gesture", "rendered-standing"):
            continue
        found = tuple(s.posture for s in o.result.segments if s.posture not in POSTURES)
        wanted = GESTURES.get(o.case.scenario or "") if o.case.family == "rendered-gesture" else None
        rows.append(GestureSeen(o.case.name, wanted, found))
    return rows


@dataclass(frozen=True, slots=True)
class RealTime:
    """What was found in a real file whose posture is labelled.

    Attributes
    ----------
    case, labels
        Which file, and the postures its label names.
    share
        Of the time of everybody who was found to do anything, the share with a labelled posture.
    said
        Seconds by posture.
    """

    case: str
    labels: tuple[str, ...]
    share: float | None
    said: dict[str, float]


def real_times(outcomes: Iterable[Outcome]) -> list[RealTime]:
    """Return the postures found in the real files all of whose labels are known postures."""
    rows = []
    for o in outcomes:
        result = o.everybody or o.result
        labels = o.case.postures
        if o.case.rendered or result is None or not labels or not set(labels) <= set(LABELS):
            continue
        allowed = set().union(*(LABELS[label] for label in labels))
        if "sitting" in allowed:
            allowed |= {"sitting_down", "rising"}
        said: dict[str, float] = {}
        step = 1 / result.source.fps if result.source.fps else 1.0
        for s in result.segments:
            if s.posture in POSTURES:
                said[s.posture] = said.get(s.posture, 0.0) + s.end_s - s.start_s + step
        whole = sum(said.values())
        share = sum(t for name, t in said.items() if name in allowed) / whole if whole else None
        rows.append(RealTime(o.case.name, labels, share, said))
    return rows


def longest(segments: Iterable[Segment], posture: str, gap_s: float = 0.0) -> list[tuple[float, float]]:
    """Return the times of a posture's segments, those no farther apart than ``gap_s`` as one."""
    spans = sorted((s.start_s, s.end_s) for s in segments if s.posture == posture)
    merged: list[tuple[float, float]] = []
    for start, end in spans:
        if merged and start - merged[-1][1] <= gap_s:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def overlaps(spans: Iterable[tuple[float, float]], start_s: float, end_s: float) -> float:
    """Return how many seconds of some spans lie between two times."""
    return sum(max(0.0, min(b, end_s) - max(a, start_s)) for a, b in spans)


def pairwise_order(groups: Sequence[Sequence[float]]) -> float | None:
    """Return the share of pairs from neighbouring groups that are in rising order; None without a pair."""
    pairs = [x < y for a, b in itertools.pairwise(groups) for x in a for y in b]
    return sum(pairs) / len(pairs) if pairs else None
