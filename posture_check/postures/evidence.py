"""How much each frame speaks for each posture: log-likelihood ratios against 'something else'.

Each posture is a conjunction (upright *and* not going anywhere), so the least of its parts counts. Every part is how
far a measure lies beyond its limit in units of how much it scatters, cut off at :data:`SURE`, so that no single frame
decides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.measures.body import Body
from posture_check.postures.motion import Footwork, feet_drift, footwork, passing, trunk_drift, turning
from posture_check.postures.shape import HAND_LOW, Shape

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

STATES = ("standing", "walking", "sitting", "squatting", "other")
SURE = 3.0
"""Largest log-likelihood ratio of a frame: e^3, 20 to 1."""

STEPPING_M_PER_S, RESTLESS_M_PER_S = 0.2, 0.22
"""Speed of one foot against the other in the picture, averaged over a second, from which a person steps, and from which
nobody stands. 30 rendered walks show at least 0.24, even straight towards the camera, 77 standing people at most 0.11;
legs half hidden by a shelf or a coat seem to move by up to 0.2."""
CARRIED, LEGS_M_PER_S = 0.45, 0.6
"""Feet that go slower against one another than this share of the faster foot's speed do not carry the body: the camera
turns, or what is taken for feet is not. Of a walk it is at least 0.69; feet faster than the second surely step."""
ACROSS_M_PER_S = 0.3
"""Speed of feet and trunk across the picture, times how far the person is turned to that side, from which the body
goes somewhere: 24 rendered walks from the side show at least 0.6. A step to the side or a swinging leg is no walk."""
UP_M_PER_S, AWAY_M_PER_S = 0.1, 0.3
"""The same along the line of sight: feet that rise or sink in the picture, and a trunk that shrinks or grows. Six
rendered walks towards the camera show at least 0.18 and 0.6; bows grow and shrink, but their feet stay."""
FEET_M_PER_S, BODY_M_PER_S = 0.25, 0.5
"""The same aslant: feet and trunk must both travel. Trunks of people who exercise on the spot show at most 0.4, of
rendered walks at least 0.65."""
PASSING = 0.2
"""Lead of each foot in turn (trunk lengths) from which feet walk that the camera follows: rendered walks 0.12-1.3
(median 0.8 from the side), standing, squatting and sitting people at most 0.06, gestures 0.17."""
LIFT, ASIDE, ASIDE_SPREAD = 0.07, 0.6, 0.1
"""The same of feet seen from the front or from behind, of which each in turn is higher up in the picture: 6 rendered
walks show at least 0.11, standing people at most 0.03. Seen within 15 degrees, a step of 0.6 m puts the feet less than
the second aside: who steps to the sides is not walking."""
SLIDING = 0.3
"""Share of the feet's speed against one another with which the slower foot goes back in the picture of a walk that the
camera follows: from the side half of it. Who stands on one leg or steps on the spot keeps that foot where it is (0.2 at
most)."""
ADRIFT_M_PER_S = 0.3
"""Feet that travel faster than this do not stand, though they do not step."""
TRUNK_M_PER_S = 0.3
"""Speed of a trunk whose legs are not seen from which it walks: people who sit or stand and talk show at most 0.2."""
SPEED_SPREAD = 0.25
"""Spread of the logarithm of such a speed."""
STANDING_BENT_DEG, SEATED_BENT_DEG, BENT_SPREAD_DEG = 29.0, 30.0, 4.0
"""Thighs from hanging: standing people show at most 22 (690 people), seated ones at least 42 (41)."""
WALKING_BENT_DEG = 45.0
"""Thighs' middle while walking and running: at most 48 (30 rendered walks; 22 in the 95th percentile)."""
STRAIGHT_DEG, BENT_KNEES_DEG = 30.0, 60.0
"""Knees seen from the front or from behind that are straighter than the first stand, even where the thighs look bent,
as under a coat or from above; knees bent further than the second stand only where the picture shows it."""
LYING_DEG = 75.0
"""A trunk further from the vertical neither sits nor squats."""
ERECT, ERECT_SPREAD = 0.5, 0.1
"""Cosine of the trunk's angle in the picture from which nobody walks: a runner leans 20-30 degrees, a camera that is
held askew adds up to 25."""
SITTING_DEG_PER_S = 40.0
"""Thighs that turn faster are on their way down or up: sitting takes 1-2 s for 80 degrees."""
HELD_SPREAD = 0.03
STOOP_DEG, STOOP_SPREAD_DEG = 47.0, 5.0
"""Trunk from the vertical from which someone with low hands picks something up rather than bows: bows are 15-45."""
BACKWARD_M_PER_S = 0.3
TURN_SINE = 0.6
"""Which way a person goes against which way they face is told only where seen this much from the side."""
THIGHS_SAY = 1.5
"""What thighs say where the shanks are out of the picture."""
UNSURE = 0.5
"""What speaks for 'something else' where nothing can be told."""
NEVER = -1e3


def evidence(body: Body, form: Shape, vouched: str | None = None) -> Floats:
    """Return log-likelihood ratios ``(frames, 5)`` in the order of :data:`STATES`.

    Parameters
    ----------
    body
        Person whose landmarks are there on every frame.
    form
        Their shape.
    vouched
        Posture that the user vouches for, where the legs are out of the picture.
    """
    feet = footwork(body)
    drift = feet_drift(body)
    going = _going(body, feet, drift)
    speaks = np.zeros((len(body), len(STATES)))
    stepping = _beyond(feet.apart, np.clip(CARRIED * feet.most, STEPPING_M_PER_S, LEGS_M_PER_S))
    busy = _beyond(feet.apart, RESTLESS_M_PER_S)
    adrift = _beyond(np.linalg.norm(drift, axis=1), ADRIFT_M_PER_S)
    facing = np.abs(np.sin(np.radians(body.yaw_deg))) < TURN_SINE
    straight_knees = facing & form.tall & (form.knees_deg < STRAIGHT_DEG)
    upright, low = _upright(form, straight_knees), _low(form, straight_knees)
    held = _cut(form.held / HELD_SPREAD)
    settled = -_beyond(turning(body, form.bent_deg), SITTING_DEG_PER_S)
    speaks[:, 0] = np.minimum(upright, -np.maximum(busy, adrift))
    on_the_way = np.maximum(upright, _cut((WALKING_BENT_DEG - form.bent_deg) / BENT_SPREAD_DEG))
    on_the_way = np.minimum(on_the_way, _erect(form))
    speaks[:, 1] = np.minimum(np.minimum(on_the_way, stepping), going)
    speaks[:, 2] = np.minimum(np.minimum(low, held), np.minimum(settled, -going))
    stooping = np.minimum(
        _cut((form.lean_deg - STOOP_DEG) / STOOP_SPREAD_DEG), _cut((form.reach + HAND_LOW) / (HAND_LOW / 3))
    )
    stooping = np.where(form.feet_below & (form.bent_deg < WALKING_BENT_DEG), stooping, -SURE)
    speaks[:, 3] = np.minimum(np.maximum(np.minimum(low, -held), stooping), -going)
    if len(body) == 1:
        speaks[:, 1] = NEVER
    return np.where(form.legs[:, None], speaks, _legless(body, form, vouched))


def _upright(form: Shape, straight_knees: Bools) -> Floats:
    from_above = np.where(form.tall, _cut((STANDING_BENT_DEG - form.bent_deg) / BENT_SPREAD_DEG), -SURE)
    from_above = np.where(form.knees_deg < BENT_KNEES_DEG, from_above, -SURE)
    return np.where(form.upright, SURE, np.where(straight_knees, np.maximum(from_above, 1.0), from_above))


def _low(form: Shape, straight_knees: Bools) -> Floats:
    """Tell what speaks for thighs that lie rather than hang, over feet that stand below them."""
    low = _cut((form.bent_deg - SEATED_BENT_DEG) / BENT_SPREAD_DEG)
    lying = (form.lean_deg > LYING_DEG) | (form.erect < np.cos(np.radians(LYING_DEG)))
    possible = form.feet_below & ~form.upright & ~straight_knees & ~lying
    return np.where(possible, low, -SURE)


def _erect(form: Shape) -> Floats:
    """Tell what speaks for a trunk that is upright enough in the picture to go about."""
    return _cut((form.erect - ERECT) / ERECT_SPREAD)


def _going(body: Body, feet: Footwork, drift: Floats) -> Floats:
    """Tell what speaks for a person getting somewhere on their feet, forwards."""
    trunk = trunk_drift(body)
    turn = np.sin(np.radians(body.yaw_deg))
    across = _beyond(np.minimum(np.abs(drift[:, 0]), np.abs(trunk[:, 0])) * np.abs(turn), ACROSS_M_PER_S)
    along = np.minimum(_beyond(np.abs(drift[:, 1]), UP_M_PER_S), _beyond(np.abs(trunk[:, 2]), AWAY_M_PER_S))
    travel, body_too = np.linalg.norm(drift, axis=1), np.linalg.norm(trunk, axis=1)
    aslant = np.minimum(_beyond(travel, FEET_M_PER_S), _beyond(body_too, BODY_M_PER_S))
    lifted = np.minimum(_beyond(feet.lift, LIFT), _cut((ASIDE - feet.aside) / ASIDE_SPREAD))
    lifted = np.where(np.abs(turn) < TURN_SINE, lifted, -SURE)
    slowly = np.minimum(_beyond(travel, UP_M_PER_S), _beyond(body_too, TRUNK_M_PER_S))
    sliding = _beyond(feet.least / np.maximum(feet.apart, 1e-3), SLIDING)
    ahead = np.minimum(_beyond(passing(body), PASSING), sliding)
    in_place = np.maximum(ahead, np.minimum(lifted, np.maximum(sliding, slowly)))
    backward = (np.abs(turn) > TURN_SINE) & (drift[:, 0] * body.facing_x < -BACKWARD_M_PER_S)
    return np.where(backward, -SURE, np.max([across, along, aslant, in_place], axis=0))


def _legless(body: Body, form: Shape, vouched: str | None) -> Floats:
    """Tell what can be told of a person whose shanks are out of the picture.

    Whether the trunk gets somewhere, and whether thighs that are seen are bent; else the user's word counts.
    """
    speaks = np.full((len(body), len(STATES)), -SURE)
    speaks[:, -1] = UNSURE
    travelling = _beyond(np.linalg.norm(trunk_drift(body), axis=1), TRUNK_M_PER_S)
    upright = np.where(form.thighs & form.straight & (form.bent_deg < STANDING_BENT_DEG), THIGHS_SAY, -SURE)
    speaks[:, 0] = np.minimum(upright, -travelling)
    low = _cut((form.bent_deg - SEATED_BENT_DEG) / BENT_SPREAD_DEG)
    low = np.where(form.thighs, np.where(form.straight, -SURE, low), 0.0)
    if len(body) > 1:
        bent = form.thighs & (form.bent_deg > WALKING_BENT_DEG)
        speaks[:, 1] = np.where(bent, -SURE, np.minimum(travelling, _erect(form)))
    speaks[:, 2] = np.where(form.thighs, np.minimum(np.minimum(low, THIGHS_SAY), -travelling), -SURE)
    against = {"standing": np.maximum(low, travelling), "sitting": np.maximum(-low, travelling), "walking": low,
               "squatting": np.maximum(-low, travelling)}  # fmt: skip
    if vouched in against:
        column = STATES.index(vouched)
        speaks[:, column] = np.where(against[vouched] <= 0, SURE, speaks[:, column])
    return speaks


def _beyond(speed: Floats, limit: Floats | float) -> Floats:
    """Tell what speaks for a speed being over its limit."""
    return _cut(np.log(np.maximum(speed, 1e-3) / limit) / SPEED_SPREAD)


def _cut(value: Floats) -> Floats:
    return np.clip(value, -SURE, SURE)
