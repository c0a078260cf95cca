"""The ways between postures: when someone begins to sit down and has sat down, begins to squat and is up again.

A posture is recognised where it is held; the way there begins where the hips leave the height they were held at.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures.body import Body
from posture_check.postures.shape import Shape
from posture_check.postures.stretch import Stretch

Floats = NDArray[np.floating[Any]]

ON_FOOT = ("standing", "walking")
LONGEST_S = 4.0
"""Nobody takes longer than this to sit down or to rise: what is called 'other' for longer is something else."""
HELD_S = 1.0
"""Where the shoulders are is taken from this time next to the way between."""
LOWER = 0.25
"""Shoulders come down by at least this (trunk lengths) when someone sits: from 0.81 of the stature to about 0.6."""
OFF, OFF_NOISE = 0.04, 3.0
"""One has left a posture at this share of the way down (or up), if that is this many times the scatter around it."""


def with_transitions(runs: list[Stretch], body: Body, form: Shape) -> list[Stretch]:
    """Return the runs with the ways between standing and sitting, and squats from their beginning to their end.

    Parameters
    ----------
    runs
        Postures in order of time, covering every frame.
    body
        The same frames.
    form
        Their shape.
    """
    time = body.track.time_s
    runs = [_seated(run, runs[i - 1] if i else None, body) for i, run in enumerate(_without_between(runs, time))]
    found: list[Stretch] = []
    for i, run in enumerate(runs):
        before, after = (runs[i - 1] if i else None), (runs[i + 1] if i + 1 < len(runs) else None)
        start, stop = run.start, run.stop
        if run.posture == "sitting":
            if before and before.posture in ON_FOOT:
                began, start = _way(form.bent_deg, time, before, run)
                _replace_end(found, began)
                found.append(Stretch("sitting_down", began, start))
            if after and after.posture in ON_FOOT:
                stop, up = _rising(form.bent_deg, time, run, after)
                found.append(Stretch("sitting", start, stop))
                found.append(Stretch("rising", stop, up))
                runs[i + 1] = Stretch(after.posture, up, after.stop)
                continue
        elif run.posture == "squatting":
            low = form.bent_deg + form.lean_deg
            if before and before.posture in ON_FOOT:
                start, _ = _way(low, time, before, run)
                _replace_end(found, start)
            if after and after.posture in ON_FOOT:
                _, stop = _rising(low, time, run, after)
                runs[i + 1] = Stretch(after.posture, stop, after.stop)
        found.append(Stretch(run.posture, start, stop))
    return [s for s in found if s.stop > s.start]


def _without_between(runs: list[Stretch], time: Floats) -> list[Stretch]:
    """Give short stretches of 'other' beside a seat or a squat to the run on foot: they are the way down or up."""
    runs = _without_crouching(runs, time)
    kept: list[Stretch] = []
    for i, run in enumerate(runs):
        if run.posture == "other" and kept and i + 1 < len(runs) and time[run.stop - 1] - time[run.start] <= LONGEST_S:
            pair = (kept[-1].posture, runs[i + 1].posture)
            if pair[0] in ON_FOOT and pair[1] in ("sitting", "squatting"):
                kept[-1] = Stretch(pair[0], kept[-1].start, run.stop)
                continue
            if pair[1] in ON_FOOT and pair[0] in ("sitting", "squatting"):
                runs[i + 1] = Stretch(pair[1], run.start, runs[i + 1].stop)
                continue
        kept.append(run)
    return kept


def _without_crouching(runs: list[Stretch], time: Floats) -> list[Stretch]:
    """Call a squat 'other' that ends on a chair or begins there: it is the way down or up, taken slowly.

    Nobody gets from a chair into a squat without standing up, which takes longer than ``HELD_S``.
    """

    def lasts(run: Stretch) -> float:
        return float(time[run.stop - 1] - time[run.start])

    def meets_a_chair(i: int, step: int) -> bool:
        nearest = range(i + step, i + 3 * step, step)
        beside = [runs[k] for k in nearest if 0 <= k < len(runs)]
        if len(beside) == 2 and beside[0].posture == "other" and lasts(beside[0]) <= HELD_S:
            beside = beside[1:]
        return bool(beside) and beside[0].posture == "sitting"

    joined: list[Stretch] = []
    for i, run in enumerate(runs):
        crouching = run.posture == "squatting" and lasts(run) <= LONGEST_S
        name = "other" if crouching and (meets_a_chair(i, 1) or meets_a_chair(i, -1)) else run.posture
        if joined and name == joined[-1].posture == "other":
            joined[-1] = Stretch("other", joined[-1].start, run.stop)
        else:
            joined.append(Stretch(name, run.start, run.stop))
    return joined


def _seated(run: Stretch, before: Stretch | None, body: Body) -> Stretch:
    """Call a seat 'other' into which nobody went down: a coat or a camera high up can make standing legs look bent."""
    if run.posture != "sitting" or before is None or before.posture not in ON_FOOT:
        return run
    time, shoulders = body.track.time_s, body.middle(L.LEFT_SHOULDER, L.RIGHT_SHOULDER)[:, 1]
    early = slice(before.start, int(np.searchsorted(time, max(time[before.start], time[run.start] - HELD_S))) + 1)
    late = slice(int(np.searchsorted(time, min(time[run.stop - 1], time[run.start] + HELD_S))), run.stop)
    drop = np.median(shoulders[late]) - np.median(shoulders[early][-10:])
    return run if drop >= LOWER * np.median(body.trunk_px[early][-10:]) else Stretch("other", run.start, run.stop)


def _way(bent: Floats, time: Floats, before: Stretch, after: Stretch) -> tuple[int, int]:
    """Return when the way from one run down to the next begins and ends, as frames."""
    (up, scatter_up), (down, scatter_down) = _held_values(bent, time, before, after)
    leaving = max(OFF * (down - up), OFF_NOISE * scatter_up)
    arriving = max(OFF * (down - up), OFF_NOISE * scatter_down)
    low = max(before.start, int(np.searchsorted(time, time[after.start] - LONGEST_S)))
    high = min(after.stop, int(np.searchsorted(time, time[after.start] + LONGEST_S)))
    window = bent[low:high]
    seat = after.start - low
    still_up = np.flatnonzero(window[: seat + 1] <= up + leaving)
    began = low + (int(still_up[-1]) + 1 if len(still_up) else 0)
    arrived = np.flatnonzero(window[max(began - low, 0) :] >= down - arriving)
    ended = began + int(arrived[0]) if len(arrived) else after.start
    return min(began, after.stop - 1), min(max(ended, began), after.stop - 1)


def _rising(bent: Floats, time: Floats, before: Stretch, after: Stretch) -> tuple[int, int]:
    """Return when the way up from one run to the next begins and ends, as frames."""
    frames = len(bent)
    mirrored = (Stretch(after.posture, frames - after.stop, frames - after.start),
                Stretch(before.posture, frames - before.stop, frames - before.start))  # fmt: skip
    began, ended = _way(bent[::-1], -time[::-1], *mirrored)
    return frames - ended, frames - began


def _held_values(
    bent: Floats, time: Floats, before: Stretch, after: Stretch
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return how far the thighs were bent before the way, how far after it, and how much each scatters."""
    first = max(before.start, int(np.searchsorted(time, time[before.stop - 1] - LONGEST_S)))
    last = min(after.stop, int(np.searchsorted(time, time[after.start] + LONGEST_S)) + 1)
    up, down = bent[first : before.stop], bent[after.start : last]
    # Both hold a piece of the way itself, so they are taken from the side away from it.
    return _low_end(up), (-_low_end(-down)[0], _low_end(-down)[1])


def _low_end(values: Floats) -> tuple[float, float]:
    """Return the typical value and scatter of the lower half."""
    middle = float(np.percentile(values, 30))
    return middle, float(np.median(np.abs(values[values <= middle] - middle))) * 1.5


def _replace_end(found: list[Stretch], stop: int) -> None:
    if found:
        found[-1] = Stretch(found[-1].posture, found[-1].start, stop)
