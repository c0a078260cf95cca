"""Two people: how far apart on the floor, how turned to one another, and how they walk together.

The partner is whoever is nearest; which of the two is staff is chosen by the user, never guessed: the body that is
measured is the one that is judged. Where nobody is received or guided there is no value.

Places are on the map of the room (x to the picture's right, z away from the camera), seen from above: turns to the
left are positive. The depth of a person comes from where the feet stand, else from the apparent size
(:attr:`posture_check.measures.body.Body.depth_m`); every value is computed again with the camera, each stature and each
place off by its standard error, so that distances along the line of sight carry the error that they have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.measures import offsets
from posture_check.measures.angles import wrap_deg
from posture_check.measures.body import Body, Floats
from posture_check.measures.registry import measure
from posture_check.measures.series import Series

Flags = NDArray[np.bool_]

DEPTH_ERROR = 0.013
"""Standard error of a standing person's depth from the feet on the floor, share of the depth (77 rendered clips)."""
STRIDING_ERROR = 0.02
"""More of it while walking, where a foot is always off the floor: 30 rendered walks read 2 to 5 % too deep."""
ACROSS_ERROR_M = 0.015
"""Standard error of the place across the picture (107 rendered clips show 0.9-1.1 cm, a moving person more)."""
AHEAD = 0.018
"""Hip points lie this share of the stature ahead of the hips' middle: 2.8 cm in 30 rendered walks, 3.7 cm in 77
stances. Two who face one another would come out nearer by twice that."""
REACH_M = 2.1
"""Up to here people talk as in a reception: the near phase of Hall's social distance (The Hidden Dimension, 1966)."""
TOGETHER_M = 3.0
"""Up to here people who walk the same way may walk together: Hall's social distance ends at 3.6 m."""
NOT_AWAY_DEG, TURNED_TO_DEG = 100.0, 70.0
"""A host turned from the visitor by more than the first has the shoulder or the back to them and does not receive them.
A visitor faces the host within the second: two people side by side, both looking elsewhere, have nothing to do with one
another."""
STILL_M_PER_S, WALKS_M_PER_S = 0.35, 0.45
"""Slower is standing, faster is walking: slow walks of adults are at 0.6 m/s and more (Bohannon, Age and Ageing 1997:
comfortable 1.27-1.46), and a step aside is over within a second."""
SAME_WAY_DEG = 45.0
"""Two whose ways differ by more do not walk together."""
SMOOTH_S = 1.0
"""Places are averaged over this time: two steps, in which the feet's rise and fall cancel."""
LONG_ENOUGH_S = 1.0
"""A meeting shorter than this is people passing."""
NEEDS = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP)


@dataclass(frozen=True, slots=True)
class Person:
    """Where someone is and goes, ``(frames, 2)`` metres and metres a second, and the way they face, ``(frames,)``."""

    place: Floats
    velocity: Floats
    facing_deg: Floats


@dataclass(frozen=True, slots=True)
class Pair:
    """The one who is judged, the partner, and the times of the frames."""

    me: Person
    other: Person
    time_s: Floats


Quantity = Callable[[Pair], Floats]


@measure("m", needs=NEEDS, needs_partner=True, min_seconds=LONG_ENOUGH_S)
def partner_distance(body: Body) -> Series:
    """Distance on the floor to the person who is received, middle of the body to middle of the body, in metres."""
    return _told(body, distance, received)


@measure("deg", needs=NEEDS, needs_partner=True, min_seconds=LONG_ENOUGH_S)
def turn_from_partner(body: Body) -> Series:
    """Angle between where the trunk faces and the person who is received, in degrees, 0 faces them squarely."""
    error = np.hypot(offsets.YAW_ERROR_DEG, _facing_error(body))
    return _told(body, lambda pair: np.abs(bearing(pair.me, pair.other)), received, error)


@measure("deg", needs=NEEDS, needs_partner=True, min_seconds=LONG_ENOUGH_S)
def turn_to_follower(body: Body) -> Series:
    """How far off the trunk's facing the guided person is, at the nearest turn to them, in degrees."""

    def nearest_turn(pair: Pair) -> Floats:
        turned = np.abs(bearing(pair.me, pair.other))
        known = turned[np.isfinite(turned) & guided(pair)]
        return np.full(len(turned), np.percentile(known, 10) if len(known) else np.nan)

    return _told(body, nearest_turn, guided, np.hypot(offsets.YAW_ERROR_DEG, _facing_error(body)))


@measure("m", needs=NEEDS, needs_partner=True, min_seconds=2.0)
def guide_side(body: Body) -> Series:
    """How far to the left of the guided person's way the guide walks, in metres; right is negative."""
    return _told(body, lambda pair: _offset(pair)[:, 1], guided)


@measure("m", needs=NEEDS, needs_partner=True, min_seconds=2.0)
def guide_ahead(body: Body) -> Series:
    """How far ahead of the guided person the guide walks, along their way, in metres; behind is negative."""
    return _told(body, lambda pair: _offset(pair)[:, 0], guided)


@measure("m/s", needs=NEEDS, needs_partner=True, min_seconds=2.0)
def pace_difference(body: Body) -> Series:
    """How much faster the guide walks than the guided person, along their way, in metres a second.

    It is the rate at which the guide draws ahead: a straight line through the distance ahead over time.
    """

    def drawing_ahead(pair: Pair) -> Floats:
        ahead, time = _offset(pair)[:, 0], pair.time_s
        known = np.isfinite(ahead) & guided(pair)
        if known.sum() < 3 or np.ptp(time[known]) < LONG_ENOUGH_S:
            return np.full(len(time), np.nan)
        return np.full(len(time), np.polyfit(time[known], ahead[known], 1)[0])

    partner = nearest(body)
    if partner is None:
        return Series(np.full(len(body), np.nan))
    keep = guided(_pair(body, partner))
    lasting = float(np.ptp(body.track.time_s[keep])) if keep.any() else 0.0
    # The depth of each wanders by about its standard error in the course of a walk.
    depth = float(np.nanmedian(body.depth_m))
    error = np.sqrt(2) * DEPTH_ERROR * depth / max(lasting, LONG_ENOUGH_S)
    return _told(body, drawing_ahead, guided, error)


def distance(pair: Pair) -> Floats:
    """Return the distance of the two on the floor, ``(frames,)`` metres."""
    return np.asarray(np.linalg.norm(pair.other.place - pair.me.place, axis=-1))


def bearing(who: Person, whom: Person) -> Floats:
    """Return where one has another against where they face, ``(frames,)`` degrees, to their left positive."""
    to = whom.place - who.place
    return wrap_deg(np.degrees(np.arctan2(to[:, 1], to[:, 0])) - who.facing_deg)


def received(pair: Pair) -> Flags:
    """Return whether two stand within talking distance and the partner faces the other, ``(frames,)``."""
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (distance(pair) <= REACH_M)
            & (np.abs(bearing(pair.me, pair.other)) <= NOT_AWAY_DEG)
            & (np.abs(bearing(pair.other, pair.me)) <= TURNED_TO_DEG)
            & (_speed(pair.me) <= STILL_M_PER_S)
            & (_speed(pair.other) <= STILL_M_PER_S)
        )


def guided(pair: Pair) -> Flags:
    """Return whether two walk the same way, near one another, ``(frames,)``."""
    ways = [np.degrees(np.arctan2(p.velocity[:, 1], p.velocity[:, 0])) for p in (pair.me, pair.other)]
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (distance(pair) <= TOGETHER_M)
            & (np.abs(wrap_deg(ways[0] - ways[1])) <= SAME_WAY_DEG)
            & (_speed(pair.me) >= WALKS_M_PER_S)
            & (_speed(pair.other) >= WALKS_M_PER_S)
        )


def nearest(body: Body) -> Body | None:
    """Return the partner who is nearest in the middle of the time they are seen; None if there is none."""
    here, found, least = place_of(body), None, np.inf
    for partner in body.partners:
        apart = np.linalg.norm(place_of(partner) - here, axis=-1)
        apart = apart[np.isfinite(apart)]
        if len(apart) and float(np.median(apart)) < least:
            found, least = partner, float(np.median(apart))
    return found


def _told(body: Body, quantity: Quantity, gate: Callable[[Pair], Flags], error: Floats | float = 0.0) -> Series:
    """Return a quantity over the frames on which the two have to do with one another, with its error.

    Parameters
    ----------
    body
        The one who is judged.
    quantity
        What is measured, ``(frames,)``.
    gate
        On which frames it means something.
    error
        Further standard error that does not come from where the two are.
    """
    nothing = Series(np.full(len(body), np.nan))
    partner = nearest(body)
    if partner is None:
        return nothing
    pair = _pair(body, partner)
    keep = gate(pair)
    if _seconds(keep, pair.time_s) < LONG_ENOUGH_S:
        return nothing
    value = np.where(keep, quantity(pair), np.nan)
    if not np.isfinite(value).any():
        return nothing
    middle = np.nanmedian(value)
    changes = [_middle(quantity(other)[keep]) - middle for other in _perturbed(body, partner, pair)]
    steps = np.abs(np.diff(value[np.isfinite(value)]))
    noise = 1.4826 / np.sqrt(2) * float(np.median(steps)) if len(steps) else 0.0
    return Series(value, noise, np.sqrt(np.nansum(np.square(changes)) + np.square(error)))


def _perturbed(body: Body, partner: Body, pair: Pair) -> Iterator[Pair]:
    """Yield the pair as it would be if the camera, a stature or a place were off by its standard error."""
    eyes = _typical(body.middle(L.LEFT_EYE, L.RIGHT_EYE))
    ankles = _typical(body.middle(L.LEFT_ANKLE, L.RIGHT_ANKLE))
    for scene in body.scene.perturbed(eyes, ankles):
        yield _pair(Body(body.track, scene), Body(partner.track, replace(partner.scene, camera=scene.camera)))
    taller = replace(partner.scene, stature_m=partner.scene.stature_m + partner.scene.stature_error_m)
    yield _pair(body, Body(partner.track, taller))
    walking = bool(_middle(_speed(pair.me)) > STILL_M_PER_S)
    depth_error = float(np.hypot(DEPTH_ERROR, walking * STRIDING_ERROR))
    for person, other in ((pair.me, pair.other), (pair.other, pair.me)):
        for shift in (person.place * depth_error, np.array([ACROSS_ERROR_M, 0.0])):
            moved = replace(person, place=person.place + shift)
            yield Pair(moved, other, pair.time_s) if person is pair.me else Pair(other, moved, pair.time_s)


def _pair(body: Body, partner: Body) -> Pair:
    time = body.track.time_s.astype(float)
    return Pair(_person(body, time), _person(partner, time), time)


def _person(body: Body, time_s: Floats) -> Person:
    place = place_of(body)
    # The model sees a person in a cut-out, so their yaw is half against the sight line, half against the camera: in 24
    # rendered walks across the picture it changed by half of what the sight line turned.
    facing = -90.0 - (body.yaw_deg + _sight_deg(place) / 2)
    ahead = np.stack([np.cos(np.radians(facing)), np.sin(np.radians(facing))], axis=-1)
    smooth = _smoothed(place - AHEAD * body.scene.stature_m * ahead, time_s)
    ends = [np.clip(np.searchsorted(time_s, time_s + by), 0, len(time_s) - 1) for by in (-SMOOTH_S / 2, SMOOTH_S / 2)]
    lasting = time_s[ends[1]] - time_s[ends[0]]
    with np.errstate(invalid="ignore", divide="ignore"):
        velocity = (smooth[ends[1]] - smooth[ends[0]]) / lasting[:, None]
    return Person(smooth, velocity, facing)


def _facing_error(body: Body) -> float:
    """Return the standard error in degrees of how much of the sight line's turn the yaw holds."""
    return abs(_middle(_sight_deg(place_of(body)))) / 2


def _sight_deg(place: Floats) -> Floats:
    """Return the turn of the sight line to a place against the camera's, ``(frames,)`` degrees, to the right."""
    return np.asarray(np.degrees(np.arctan2(place[:, 0], place[:, 1])))


def place_of(body: Body) -> Floats:
    """Return where the middle of the hips is on the map, ``(frames, 2)`` metres."""
    hips = body.room[:, [L.LEFT_HIP, L.RIGHT_HIP]].mean(axis=1)
    return np.asarray(hips[:, [0, 2]])


def _smoothed(place: Floats, time_s: Floats) -> Floats:
    """Return the mean over ``SMOOTH_S`` around each frame of the frames that have a place; NaN where it has none."""
    known = np.asarray(np.isfinite(place).all(axis=1))
    summed = np.vstack([np.zeros((1, 2)), np.cumsum(np.where(known[:, None], place, 0.0), axis=0)])
    counted = np.concatenate([[0], np.cumsum(known)])
    # As far to either side as there are frames, so that the mean of a walk is not pulled inwards at its ends.
    reach = np.minimum(SMOOTH_S / 2, np.minimum(time_s - time_s[0], time_s[-1] - time_s))
    low = np.searchsorted(time_s, time_s - reach - 1e-9)
    high = np.searchsorted(time_s, time_s + reach + 1e-9, side="right")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (summed[high] - summed[low]) / (counted[high] - counted[low])[:, None]
    return np.where(known[:, None], mean, np.nan)


def _offset(pair: Pair) -> Floats:
    """Return where the guide is from the guided, ``(frames, 2)`` metres ahead and to the left."""
    way = _along(pair)
    to = pair.me.place - pair.other.place
    return np.stack([(to * way).sum(-1), (to * np.stack([-way[:, 1], way[:, 0]], axis=-1)).sum(-1)], axis=-1)


def _along(pair: Pair) -> Floats:
    """Return the direction of the guided person's way, ``(frames, 2)``."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(pair.other.velocity / np.linalg.norm(pair.other.velocity, axis=-1, keepdims=True))


def _speed(person: Person) -> Floats:
    return np.asarray(np.linalg.norm(person.velocity, axis=-1))


def _seconds(keep: Flags, time_s: Floats) -> float:
    """Return how long the kept frames last altogether."""
    if len(time_s) < 2:
        return 0.0
    return float(keep.sum() * np.median(np.diff(time_s)))


def _typical(points: Floats) -> Floats:
    known = points[np.isfinite(points).all(axis=1)]
    return np.asarray(np.median(known, axis=0)) if len(known) else np.full(2, np.nan)


def _middle(values: Any) -> float:
    flat = np.asarray(values, float).ravel()
    known = flat[np.isfinite(flat)]
    return float(np.median(known)) if known.size else float("nan")
