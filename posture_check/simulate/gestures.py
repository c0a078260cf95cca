"""A standing person who gestures: shows the way, invites, hands over, carries a tray, waves, touches the face, bows.

Each gesture is an event with its times; the hand and the arm are held as asked in its middle part.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError
from posture_check.simulate.blend import blend, during
from posture_check.simulate.body import Body, Figure
from posture_check.simulate.performance import Performance
from posture_check.simulate.placing import Place, placed_arm
from posture_check.simulate.pose import FIST, RELAXED_FINGERS, STRAIGHT_FINGERS, Arm, Planted, Pose, Value
from posture_check.simulate.rotation import unit
from posture_check.simulate.standing import Standing
from posture_check.simulate.truth import Phase

Floats = NDArray[np.floating[Any]]

What = Literal["pointing", "inviting", "handing_over", "tray", "waving", "touching_face", "bow"]


@dataclass(frozen=True, slots=True)
class HandShape:
    """Flexion of thumb to little finger, angle between neighbouring fingers, thumb away from the index finger."""

    fingers: tuple[Value, ...]
    spread_deg: float = 1.0
    thumb_out_deg: float = 0.0


HAND_SHAPES: dict[str, HandShape] = {
    "relaxed": HandShape(RELAXED_FINGERS, 3.0),
    "together": HandShape(STRAIGHT_FINGERS, 0.0, -10.0),
    "thumb_out": HandShape(STRAIGHT_FINGERS, 0.0, 22.0),
    "spread": HandShape(STRAIGHT_FINGERS, 18.0, 12.0),
    "index": HandShape((45.0, 3.0, 74.0, 77.0, 80.0), 0.0, -12.0),
    "fist": HandShape(FIST, 0.0, -12.0),
}
"""Ways to hold the fingers; flexion per joint, as rendered hands have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """One gesture and when it is made.

    Attributes
    ----------
    what
        Its kind.
    side
        The hand that makes it; ``handing_over`` takes both unless told otherwise.
    start_s, stop_s, move_s
        From rest to rest, and how long getting there and back takes.
    hand
        A name of :data:`HAND_SHAPES`.
    across_deg
        Direction of the hand: 0 forward, 90 to its own side.
    raise_deg
        Line from shoulder to wrist above (+) or below the horizontal.
    hand_raise_deg
        Fingers above (+) or below the horizontal.
    elbow_deg
        Angle at the elbow, 180 = straight.
    palm_up_deg
        Palm up 90, sideways (forward or inward) 0, down -90.
    lean_deg
        Trunk forward against the natural upright; of a bow, how deep.
    head_yaw_deg
        Head turned towards the hand's side.
    hands_apart_cm
        Between the wrists, for ``handing_over`` with both hands.
    height_m
        Wrists against the shoulders, for ``handing_over``.
    swing_deg, swing_hz
        Of a wave: how far the arm goes to and fro, and how often a second.
    """

    what: What = "pointing"
    side: Literal["left", "right", "both"] = "right"
    start_s: float = 1.0
    stop_s: float = 3.5
    move_s: float = 0.6
    hand: str = "together"
    across_deg: float = 45.0
    raise_deg: float = -35.0
    hand_raise_deg: float = 4.0
    elbow_deg: float = 110.0
    palm_up_deg: float = 55.0
    lean_deg: float = 5.0
    head_yaw_deg: float = 22.0
    hands_apart_cm: float = 12.0
    height_m: float = -0.17
    swing_deg: float = 8.0
    swing_hz: float = 1.6

    @property
    def held_s(self) -> tuple[float, float]:
        """From when to when it is held."""
        return self.start_s + self.move_s, self.stop_s - self.move_s

    def facts(self) -> dict[str, float]:
        """Return what was asked of it."""
        names = ("start_s", "stop_s", "across_deg", "hand_raise_deg", "elbow_deg", "palm_up_deg", "lean_deg")
        return {f"gesture_{name}": float(getattr(self, name)) for name in names}


_MODEL: dict[str, dict[str, Any]] = {
    "pointing": {},
    "inviting": {"hand": "thumb_out", "raise_deg": -48.0, "hand_raise_deg": -20.0, "elbow_deg": 150.0},
    "handing_over": {"side": "both", "across_deg": 0.0, "elbow_deg": 115.0, "head_yaw_deg": 0.0,
                     "hand": "relaxed", "hand_raise_deg": 8.0},
    "tray": {"side": "both", "across_deg": 0.0, "elbow_deg": 90.0, "palm_up_deg": 80.0, "lean_deg": 0.0,
             "head_yaw_deg": 0.0, "hand_raise_deg": 0.0},
    "waving": {"across_deg": 90.0, "raise_deg": 20.0, "elbow_deg": 45.0, "palm_up_deg": 0.0,
               "lean_deg": 0.0, "head_yaw_deg": 0.0, "hand_raise_deg": 84.0},
    "touching_face": {"hand": "relaxed", "lean_deg": 0.0, "head_yaw_deg": 0.0},
    "bow": {"lean_deg": 25.0, "stop_s": 3.4, "move_s": 0.9, "head_yaw_deg": 0.0},
}  # fmt: skip
"""Each gesture as it should be made, where that is not the default of :class:`Gesture`."""


def usual(what: What, **settings: Any) -> Gesture:
    """Return a gesture as it should be made, but for what is asked.

    Raises
    ------
    InputError
        If there is no such hand shape.
    """
    gesture = Gesture(what=what, **(_MODEL[what] | settings))
    if gesture.hand not in HAND_SHAPES:
        raise InputError(f"hand {gesture.hand!r}: no such shape; choose one of {', '.join(HAND_SHAPES)}")
    return gesture


WILD: dict[str, Any] = {"raise_deg": 45.0, "elbow_deg": 135.0, "swing_deg": 120.0, "swing_hz": 1.8, "hand": "spread"}
"""Settings of a wave that goes far beyond what is moderate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesturing:
    """A standing person and their gestures, which must not overlap.

    Attributes
    ----------
    base
        How the person stands.
    gestures
        What they do.
    duration_s
        Seconds; None is a second more than the last gesture needs.
    """

    base: Standing = field(default_factory=Standing)
    gestures: tuple[Gesture, ...] = (Gesture(),)
    duration_s: float | None = None

    @property
    def length_s(self) -> float:
        """Seconds."""
        return max(g.stop_s for g in self.gestures) + 1.0 if self.duration_s is None else self.duration_s

    def pose(self, time_s: Floats) -> Pose:
        """Return the pose at given times."""
        time_s = np.asarray(time_s, float)
        pose = self.base.pose(time_s)
        for gesture in self.gestures:
            share = during(time_s, gesture.start_s, gesture.stop_s, gesture.move_s)
            pose = self._with(pose, gesture, share, time_s)
        return pose

    def performance(self) -> Performance:
        """Return it as a performance; its numbers are those of the first gesture while it is held."""
        first = self.gestures[0]
        return Performance(
            self.pose,
            self.base.body,
            self.length_s,
            hands=self.base.hands,
            feet=self.base.feet,
            held_s=first.held_s,
            phases=(Phase("standing", 0.0, self.length_s),),
            events=tuple(Phase(g.what, g.start_s, g.stop_s) for g in self.gestures),
            facts=first.facts(),
        )

    def _with(self, pose: Pose, gesture: Gesture, share: Floats, time_s: Floats) -> Pose:
        yaw = gesture.head_yaw_deg * (-1 if gesture.side == "right" else 1)
        pitch = gesture.lean_deg if gesture.what == "bow" else 10.0 if gesture.what == "handing_over" else 0.0
        pose = replace(
            pose,
            trunk_flexion=pose.trunk_flexion + gesture.lean_deg * share,
            head_yaw=pose.head_yaw + yaw * share,
            head_pitch=pose.head_pitch + pitch * share,
        )
        if gesture.what == "bow":
            return replace(pose, legs=_balanced(pose.legs, gesture.lean_deg * share, self.base.body))
        still = self.base.body.figure(self._still(gesture))
        for side in ("left", "right"):
            if gesture.side in (side, "both"):
                own = getattr(pose, f"{side}_arm")
                arm = _waving(gesture_arm(gesture, side, self.base.body, still), gesture, time_s)
                pose = replace(pose, **{f"{side}_arm": blend(own, arm, share)})
        return pose

    def _still(self, gesture: Gesture) -> Pose:
        """Return the pose in which the gesture is held, without sway."""
        pose = replace(self.base, sway_cm=0.0, sway_fore_cm=0.0, knee_shake_cm=0.0).pose(np.zeros(1))
        return replace(pose, trunk_flexion=pose.trunk_flexion + gesture.lean_deg)


def gesturing(*gestures: Gesture, body: Body | None = None, **standing: Any) -> Performance:
    """Return a standing person who gestures; further settings are those of :class:`Standing`."""
    settings = standing if body is None else {"body": body, **standing}
    return Gesturing(base=Standing(**settings), gestures=gestures or (Gesture(),)).performance()


def gesture_arm(gesture: Gesture, side: str, body: Body, still: Figure) -> Arm:
    """Return the arm that holds a gesture; the hand points and faces as asked, in the world.

    Parameters
    ----------
    gesture
        Which.
    side
        ``left`` or ``right``.
    body
        Whose arm.
    still
        The body as it stands in the middle of the gesture, one frame.
    """
    h, size = body.stature_m, body.size
    outward = np.array([1.0 if side == "left" else -1.0, 1.0, 1.0])
    shoulder = still.points[0, 11 if side == "left" else 12] * outward
    a, b, bend = size.upper_arm * h, size.forearm * h, np.radians(gesture.elbow_deg)
    fingers = _direction(gesture.across_deg, gesture.hand_raise_deg)
    palm = _palm(fingers, gesture)
    elbow: Floats = np.array([0.35, -1.0, -0.5])
    if gesture.what == "tray":
        # The upper arm hangs; the forearm opens from it in the forward plane.
        elbow = np.array([0.0, -1.0, 0.0])
        wrist = shoulder + a * elbow + b * np.array([0.0, np.cos(bend), np.sin(bend)])
        fingers = np.array([0.0, 0.0, 1.0])
    elif gesture.what == "touching_face":
        wrist = still.points[0, 0] * outward + h * np.array([0.055, -0.070, -0.020])
        fingers, palm, elbow = np.array([-0.45, 0.85, 0.1]), np.array([-0.6, 0.0, -0.8]), np.array([0.9, -0.8, 0.3])
    elif gesture.what == "handing_over":
        reach = np.sqrt(a * a + b * b - 2 * a * b * np.cos(bend))
        aside = gesture.hands_apart_cm / 200 if gesture.side == "both" else 0.05
        down = gesture.height_m
        ahead = np.sqrt(max(reach**2 - (aside - shoulder[0]) ** 2 - down**2, 0.01))
        wrist = np.array([aside, shoulder[1] + down, shoulder[2] + ahead])
    else:
        reach = np.sqrt(a * a + b * b - 2 * a * b * np.cos(bend))
        wrist = shoulder + reach * _direction(gesture.across_deg, gesture.raise_deg)
    shape = HAND_SHAPES[gesture.hand]
    arm = placed_arm(Place(wrist, elbow, fingers, palm, shape.fingers), side.upper(), body, still)
    turned = (float(np.asarray(arm.pronation)) + 180) % 360 - 180
    return replace(arm, pronation=turned, spread=shape.spread_deg, thumb_out=shape.thumb_out_deg)


def _direction(across_deg: float, raise_deg: float) -> Floats:
    across, up = np.radians([across_deg, raise_deg])
    return np.array([np.sin(across) * np.cos(up), np.sin(up), np.cos(across) * np.cos(up)])


def _palm(fingers: Floats, gesture: Gesture) -> Floats:
    """Return the palm's direction, square to the fingers and as far up as asked, else forward or inward."""
    if abs(fingers[1]) > 0.98:
        return np.array([0.0, 0.0, 1.0])
    level = unit(np.cross(fingers, [0.0, 1.0, 0.0]))
    if gesture.hand_raise_deg > 45:
        # A raised hand shows its palm to the front.
        return np.array([0.0, 0.0, 1.0])
    up = unit(np.array([0.0, 1.0, 0.0]) - fingers[1] * fingers)
    sine = np.clip(np.sin(np.radians(gesture.palm_up_deg)) / up[1], -1, 1)
    return np.asarray(sine * up + np.sqrt(1 - sine**2) * level)


def _waving(arm: Arm, gesture: Gesture, time_s: Floats) -> Arm:
    if gesture.what != "waving":
        return arm
    beat = np.sin(2 * np.pi * gesture.swing_hz * (time_s - gesture.start_s))
    # The forearm swings about the elbow, as a small wave does; a wild one takes the whole arm along.
    whole = max(0.0, gesture.swing_deg - 30.0) / 2
    return replace(
        arm,
        elbow=arm.elbow + min(gesture.swing_deg, 30.0) / 2 * beat,
        abduction=arm.abduction + whole * beat,
    )


def _balanced(legs: Any, lean_deg: Floats, body: Body) -> Planted:
    """Return legs whose hips go back while the trunk goes forward, so that the weight stays over the feet."""
    assert isinstance(legs, Planted)
    return replace(legs, pelvis_z=legs.pelvis_z - 0.10 * body.stature_m * np.sin(np.radians(lean_deg)))
