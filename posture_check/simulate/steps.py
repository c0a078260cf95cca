"""Where a walking person's feet are: each stays where it lands until it is lifted for its next landing.

Timing after common gait figures (Winter): a foot is in the air for about 40 % of its cycle, so both feet are
down for about a fifth of each step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.simulate.blend import ease
from posture_check.simulate.body import Body
from posture_check.simulate.pose import Foot
from posture_check.simulate.stance import Feet

Floats = NDArray[np.floating[Any]]

_OVER_FOOT = 0.6
"""Share of a step's time after landing when the hips pass over the foot; a runner's do in the middle of its stance."""
_SWING = 0.8
"""Share of a step's time that its foot is in the air while walking; from 1 on there is a flight."""
_LIFT_M, _RUNNING_LIFT_M = 0.05, 0.14
_HEEL_OFF_DEG = 28.0
_TOES_UP_DEG = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gait:
    """The steps of a walk, from standing.

    Attributes
    ----------
    body
        Who walks.
    start_s
        When the first foot leaves the floor; before that the person stands.
    step_length_m, step_time_s
        From foot to foot; ``uneven`` makes every other step so much longer in time (a share).
    step_width_m
        Between the heels' middles across the path.
    foot_out_deg
        Toes turned out.
    flight
        Share of the time with no foot on the floor; more than 0 is running.
    turn_deg, turn_s
        How far the path turns to the left after the start, and in what time.
    duration_s
        Seconds.
    """

    body: Body = field(default_factory=Body)
    start_s: float = 0.0
    step_length_m: float = 0.62
    step_time_s: float = 0.55
    uneven: float = 0.0
    step_width_m: float = 0.11
    foot_out_deg: float = 7.0
    flight: float = 0.0
    turn_deg: float = 0.0
    turn_s: float = 1.2
    duration_s: float = 6.0

    @property
    def swing_share(self) -> float:
        """Share of a step's time that its foot is in the air."""
        return 1.0 + self.flight if self.flight > 0 else _SWING

    @property
    def over_foot(self) -> float:
        """Share of a step's time after a landing when the hips pass over that foot."""
        return (1.0 - self.flight) / 2 if self.flight > 0 else _OVER_FOOT

    @property
    def lift_m(self) -> float:
        """How high a foot is lifted."""
        return _RUNNING_LIFT_M if self.flight > 0 else _LIFT_M


class Path:
    """The line the hips follow, and when and where each foot lands.

    Parameters
    ----------
    walk
        How the person walks.
    """

    def __init__(self, walk: Gait) -> None:
        self._walk = walk
        end = max(walk.duration_s, walk.start_s) + 4 * walk.step_time_s
        self._grid = np.arange(0.0, end, 0.01)
        since = self._grid - walk.start_s
        speed = walk.step_length_m / walk.step_time_s * ease(since / (1.5 * walk.step_time_s))
        self._heading = walk.turn_deg * ease(since / walk.turn_s)
        way = np.radians(self._heading)
        self._x = np.cumsum(speed * np.sin(way)) * 0.01
        self._z = np.cumsum(speed * np.cos(way)) * 0.01
        count = int((end - walk.start_s) / walk.step_time_s)
        even = np.arange(count) % 2 == 0
        self.landings = walk.start_s + walk.step_time_s * (np.arange(1, count + 1) + walk.uneven * even)

    def at(self, time_s: Floats) -> tuple[Floats, Floats, Floats]:
        """Hips' place and heading at given times."""
        return (
            np.interp(time_s, self._grid, self._x),
            np.interp(time_s, self._grid, self._z),
            np.interp(time_s, self._grid, self._heading),
        )

    def steps_at(self, time_s: Floats) -> Floats:
        """Landings so far as a continuous count; even at a landing of the right foot."""
        known = np.concatenate([[self._walk.start_s], self.landings])
        return np.asarray(np.interp(time_s, known, np.arange(-1.0, len(self.landings))))


def feet_over_time(walk: Gait, path: Path, feet: Feet, ahead: float, time_s: Floats) -> Feet:
    """Return both feet over time: each stands, swings to its next landing, stands again.

    Parameters
    ----------
    walk, path
        How and where the person walks.
    feet
        Where the feet stand at first.
    ahead
        How far the hips then are ahead of the heels' line, metres.
    time_s
        ``(frames,)`` seconds.
    """
    found = []
    for side, (foot, sign) in enumerate(zip(feet, (1, -1), strict=True)):
        # The right foot goes first.
        landings = path.landings[1 - side :: 2]
        x, z, heading = path.at(landings + walk.over_foot * walk.step_time_s)
        way, half = np.radians(heading), sign * walk.step_width_m / 2
        back = ahead - 0.35 * walk.body.size.foot * walk.body.stature_m
        places = np.stack([x + half * np.cos(way) + back * np.sin(way), z - half * np.sin(way) + back * np.cos(way)])
        xs, zs = (np.concatenate([[first], rest]) for first, rest in zip((foot.x, foot.z), places, strict=True))
        yaws = np.concatenate([[float(foot.yaw)], heading + sign * walk.foot_out_deg])
        found.append(_swinging(walk, landings, xs, zs, yaws, time_s))
    return found[0], found[1]


def _swinging(walk: Gait, landings: Floats, xs: Floats, zs: Floats, yaws: Floats, time_s: Floats) -> Foot:
    swing = walk.swing_share * walk.step_time_s
    # Number of the place the foot comes from: it stays there until it is lifted for the next landing.
    come_from = np.searchsorted(landings, time_s, side="right")
    to = np.minimum(come_from + 1, len(xs) - 1)
    landing = landings[np.minimum(come_from, len(landings) - 1)]
    phase = np.clip((time_s - (landing - swing)) / swing, 0, 1)
    share = ease(phase)
    before = np.clip((time_s - (landing - swing - 0.45 * walk.step_time_s)) / (0.45 * walk.step_time_s), 0, 1)
    landed = landings[np.maximum(come_from - 1, 0)]
    after = np.where(come_from > 0, np.clip((time_s - landed) / (0.2 * walk.step_time_s), 0, 1), 1)
    pitch = np.where(
        phase > 0,
        _HEEL_OFF_DEG - (_HEEL_OFF_DEG + _TOES_UP_DEG) * share,
        _HEEL_OFF_DEG * ease(before) - _TOES_UP_DEG * (1 - after),
    )
    return Foot(
        x=xs[come_from] + share * (xs[to] - xs[come_from]),
        z=zs[come_from] + share * (zs[to] - zs[come_from]),
        yaw=yaws[come_from] + share * (yaws[to] - yaws[come_from]),
        pitch=pitch,
        lift=walk.lift_m * np.sin(np.pi * phase) ** 2,
    )
