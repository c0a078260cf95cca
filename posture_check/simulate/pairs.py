"""Two people: one guides the other, receives them, hands them something.

The first actor is always the one who is judged. World axes as everywhere: x to the left of a person of heading 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.simulate.body import Body
from posture_check.simulate.gestures import Gesture, gesturing, usual
from posture_check.simulate.performance import Performance
from posture_check.simulate.scene import Actor, Scene, Viewpoint
from posture_check.simulate.standing import standing
from posture_check.simulate.walking import Walk, walking

Floats = NDArray[np.floating[Any]]


def guiding(
    body: Body | None = None,
    customer: Body | None = None,
    *,
    left_m: float = 0.55,
    ahead_m: float = 0.9,
    speed_mps: float = 1.1,
    customer_speed_mps: float | None = None,
    turn_to_customer_deg: float = 0.0,
    duration_s: float = 5.0,
    viewpoint: Viewpoint | None = None,
    **walk: Any,
) -> Scene:
    """Return a scene in which somebody walks a customer to a place; both walk straight on.

    Parameters
    ----------
    body, customer
        The guide and the one who is guided.
    left_m, ahead_m
        Where the guide is at first as the customer has it: to their left and ahead of them.
    speed_mps, customer_speed_mps
        Speeds once they walk; None is the guide's.
    turn_to_customer_deg
        How far the guide turns head and shoulders back towards the customer; the shoulders go half as far.
    duration_s
        Seconds.
    viewpoint
        Where from; None is from ahead, so that neither hides the other.
    **walk
        Further settings of the guide's :class:`Walk`.
    """
    towards = -np.sign(left_m) if left_m else 1.0
    turned = {"head_yaw_deg": towards * turn_to_customer_deg, "trunk_turn_deg": towards * turn_to_customer_deg / 2}
    guide = _at_speed(speed_mps, body=body or Body(), duration_s=duration_s, **(turned | walk))
    follows = _at_speed(
        customer_speed_mps or speed_mps, body=customer or Body(1.66), duration_s=duration_s, step_time_s=0.57
    )
    # Ahead of the camera's axis by as much as they go, so that they are in the picture all the time.
    actors = (Actor(guide, x_m=left_m / 2, z_m=ahead_m), Actor(follows, x_m=-left_m / 2))
    # From the side on which neither hides the other.
    usual_view = Viewpoint(yaw_deg=-12 if left_m > 0 else 12, distance_m=9.0, pitch_deg=2, height_m=1.5)
    return Scene(actors, viewpoint or usual_view, duration_s)


def receiving(
    body: Body | None = None,
    visitor: Body | None = None,
    *,
    distance_m: float = 0.75,
    turn_deg: float = 45.0,
    duration_s: float = 3.0,
    viewpoint: Viewpoint | None = None,
    **standing_settings: Any,
) -> Scene:
    """Return a scene in which somebody stands with a visitor, turned away from facing them by an angle.

    Parameters
    ----------
    body, visitor
        Who receives, and who is received.
    distance_m
        From the middle of one body to the middle of the other, along the floor.
    turn_deg
        Angle between where the first one's hips face and where the visitor is; the visitor is then to their left.
    duration_s
        Seconds.
    viewpoint
        Where from; None is a view that shows both.
    **standing_settings
        Further settings of how the first one stands.
    """
    host = standing(body=body or Body(), duration_s=duration_s, **standing_settings)
    guest = standing(body=visitor or Body(1.66), duration_s=duration_s)
    return _facing(host, guest, distance_m, turn_deg, viewpoint or Viewpoint(yaw_deg=-45, distance_m=3.6))


def handing(
    body: Body | None = None,
    visitor: Body | None = None,
    *,
    distance_m: float = 0.95,
    gesture: Gesture | None = None,
    viewpoint: Viewpoint | None = None,
) -> Scene:
    """Return a scene in which one hands the other something, who takes it with both hands.

    Parameters
    ----------
    body, visitor
        Who gives, and who takes.
    distance_m
        From body to body along the floor.
    gesture
        How it is handed over; None is with both hands.
    viewpoint
        Where from; None is from the side of both.
    """
    give = gesture or usual("handing_over")
    host = gesturing(give, body=body or Body())
    takes = usual("handing_over", start_s=give.start_s + 0.2, stop_s=give.stop_s + 0.2, lean_deg=3.0)
    guest = gesturing(takes, body=visitor or Body(1.66))
    return _facing(host, guest, distance_m, 0.0, viewpoint or Viewpoint(yaw_deg=-60, distance_m=3.4))


def _at_speed(speed_mps: float, **settings: Any) -> Performance:
    seconds = settings.get("step_time_s", Walk().step_time_s)
    return walking(**settings, step_length_m=speed_mps * seconds)


def _facing(host: Performance, guest: Performance, distance_m: float, turn_deg: float, viewpoint: Viewpoint) -> Scene:
    """Put the first at the origin and the other so far off, to their left by an angle, facing them."""
    way = np.radians(turn_deg)
    towards = np.array([np.sin(way), 0.0, np.cos(way)])
    mine, theirs = (p.figure(np.zeros(1)).pelvis[0] * [1, 0, 1] for p in (host, guest))
    heading = turn_deg + 180.0
    turned = Actor(guest, heading_deg=heading).placement[0] @ theirs
    place = mine + distance_m * towards - turned
    there = Actor(guest, x_m=float(place[0]), z_m=float(place[2]), heading_deg=heading)
    return Scene((Actor(host), there), viewpoint, min(host.duration_s, guest.duration_s))
