"""Simulated people drawn at random, as cameras drawn at random see them, and what is true of each measure.

Truth is taken from the skeleton, never from the measures' own code. Where a measure is defined on the landmarks
rather than on the joints (the neck), the skeleton as the landmark model sees it is taken instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from posture_check.landmarks.names import L
from posture_check.landmarks.track import Track
from posture_check.measures import MEASURES
from posture_check.measures.body import Body
from posture_check.measures.camera import Camera
from posture_check.measures.scene import (
    ASSUMED_HEIGHT_ERROR_M,
    ASSUMED_HEIGHT_M,
    ASSUMED_HFOV_DEG,
    ASSUMED_HFOV_ERROR_DEG,
    ASSUMED_ROLL_ERROR_DEG,
    Scene,
    estimated_scene,
    known_scene,
)
from posture_check.measures.series import Value, summarise
from posture_check.rules.loader import load_rules
from posture_check.simulate.bias import with_model_bias
from posture_check.simulate.body import Body as Build
from posture_check.simulate.performance import Performance
from posture_check.simulate.standing import standing
from posture_check.simulate.view import Seen, view

Knowledge = Literal["exact", "profile", "guess"]
"""What is known of the camera: everything, what a careful technician measures, nothing."""

SIDED = ("shoulder_tilt", "trunk_lean_side", "weight_offset", "head_yaw", "head_roll")
"""Measures whose sign says which side."""
SIDE_VIEW = ("trunk_lean_fore", "knee_angle", "neck_lean")
STANDING = tuple(dict.fromkeys(r.measure for r in load_rules().rules if r.posture == "standing" and r.measure))
"""Measures that rules of standing use; those of the other postures have their own people and their own tests."""
FOOT_HALF_WIDTH_M = 0.045
SEEN_HAND_CM = 20.0


@dataclass(frozen=True)
class Shot:
    """A person in front of a camera; everything that a case is drawn from."""

    posture: dict[str, Any]
    camera: Camera
    yaw_deg: float
    distance_m: float
    stature_m: float
    fps: float | None = 15.0
    noise_px: float = 0.0
    seed: int = 0
    look: dict[str, Any] = field(default_factory=dict)

    def performance(self) -> Performance:
        return standing(body=Build(self.stature_m), **self.posture)

    def seen(self, **changed: Any) -> Seen:
        settings = {"fps": self.fps, "noise_px": self.noise_px, "seed": self.seed} | self.look | changed
        return view(self.performance(), self.camera, self.yaw_deg, self.distance_m, **settings)

    def scene(self, knowledge: Knowledge = "exact", track: Track | None = None) -> Scene:
        if knowledge == "exact":
            return known_scene(self.camera, self.stature_m)
        if knowledge == "profile":
            return known_scene(_measured(self.camera, np.random.default_rng(self.seed)))
        assert track is not None
        return estimated_scene(track.size, np.nanmedian(track.xy.astype(float), axis=0))


def _measured(camera: Camera, rng: np.random.Generator) -> Camera:
    """What a profile says of a camera: off by what it states as its errors."""
    errors = {"hfov_deg": 1.0, "height_m": 0.02, "pitch_deg": 0.5, "roll_deg": 0.4}
    found = {name: getattr(camera, name) + error * rng.standard_normal() for name, error in errors.items()}
    stated = {f"{name[:-4]}_error{name[-4:]}" if name.endswith("_deg") else f"{name[:-2]}_error_m": error
              for name, error in errors.items()}  # fmt: skip
    return replace(camera, **found, **stated)


def value_of(name: str, body: Body) -> Value | None:
    """Return a measure over all frames on which what it needs is seen."""
    measure = MEASURES[name]
    return summarise(measure.function(body).masked(body.seen[:, measure.landmarks(body)].all(1)), body.track.time_s)


def draw_camera(
    rng: np.random.Generator, stature_m: float, knowledge: Knowledge, scale: float = 1.0
) -> tuple[Camera, float]:
    """Return a camera that has the whole person in its picture, and its distance."""
    width, height = (1280, 720) if rng.random() < 0.5 else (720, 1280)
    distance = rng.uniform(2.4, 4.5)
    if knowledge == "guess":
        # People set a camera up about so, and nobody tells the program how: what it says of that is drawn from.
        lens = np.clip(rng.normal(ASSUMED_HEIGHT_M, ASSUMED_HEIGHT_ERROR_M), 0.7, 1.9)
        hfov = np.clip(rng.normal(ASSUMED_HFOV_DEG, ASSUMED_HFOV_ERROR_DEG), 50, 80)
        roll = rng.normal(0, ASSUMED_ROLL_ERROR_DEG)
    else:
        lens, hfov, roll = rng.uniform(0.9, 1.8), rng.uniform(54, 75), rng.uniform(-6, 6)
    pitch = np.degrees(np.arctan2(lens - 0.52 * stature_m, distance)) + rng.uniform(-2, 2)
    camera = Camera(round(scale * width), round(scale * height), float(hfov), float(lens), float(pitch), float(roll))
    return camera, distance


def draw(rng: np.random.Generator, knowledge: Knowledge = "exact", **fixed: Any) -> Shot:
    """Return a person who stands in any way, seen from the front or, with ``side``, from about the side."""
    side, scale = fixed.pop("side", False), fixed.pop("scale", 1.0)
    stature = float(np.clip(rng.normal(1.67, 0.09), 1.45, 1.92))
    camera, distance = draw_camera(rng, stature, knowledge, scale)
    posture = _side_on(rng) if side else _facing(rng)
    posture |= fixed
    yaw = rng.choice([-1, 1]) * rng.uniform(62, 118) if side else rng.uniform(-32, 32)
    tall = camera.focal_px / distance * stature
    noise = tall * np.exp(rng.uniform(np.log(0.0002), np.log(0.0025)))
    fps = float(rng.choice([5, 10, 24, 30]))
    return Shot(posture, camera, float(yaw), distance, stature, fps, float(noise), int(rng.integers(2**30)))


def _facing(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "shoulder_tilt_deg": rng.uniform(-9, 9),
        "trunk_lateral_deg": rng.uniform(-7, 7),
        "trunk_flexion_deg": rng.uniform(-3, 3),
        "head_pitch_deg": rng.uniform(-20, 20),
        "head_yaw_deg": rng.uniform(-25, 25),
        "head_roll_deg": rng.uniform(-14, 14),
        "hips_aside_cm": rng.uniform(-6, 6),
        "knee_left_deg": rng.uniform(2, 8),
        "knee_right_deg": rng.uniform(2, 8),
        "feet_angle_deg": rng.uniform(0, 100),
        "heel_gap_cm": rng.uniform(0, 12),
        "sway_cm": rng.uniform(0.2, 2),
        "duration_s": rng.uniform(0.7, 1.5),
    }


def _side_on(rng: np.random.Generator) -> dict[str, Any]:
    knee = rng.uniform(0, 35)
    return {
        "shoulder_tilt_deg": rng.uniform(-3, 3),
        "trunk_lateral_deg": rng.uniform(-2, 2),
        "trunk_flexion_deg": rng.uniform(-12, 14),
        "head_pitch_deg": rng.uniform(-10, 25),
        "knee_left_deg": knee,
        "knee_right_deg": knee,
        "feet_angle_deg": rng.uniform(20, 75),
        "heel_gap_cm": rng.uniform(0, 4),
        "duration_s": rng.uniform(0.7, 1.5),
    }


def still(seed: int, **fixed: object) -> Shot:
    """Return a quiet person of that seed, wholly in the picture, without noise or faults but what is asked for."""
    upright = {"shoulder_tilt_deg": 0.0, "trunk_lateral_deg": 0.0, "trunk_flexion_deg": 0.0, "hips_aside_cm": 0.0,
               "sway_cm": 0.0, "sway_fore_cm": 0.0, "duration_s": 0.5}  # fmt: skip
    shot = draw(np.random.default_rng(seed), **(upright | fixed))
    return replace(shot, camera=wider(shot.camera), noise_px=0.0)


def wider(camera: Camera) -> Camera:
    """Return the same camera with a larger sensor: as many pixels per degree, more degrees."""
    side = 1.4 * max(camera.width, camera.height)
    hfov = 2 * np.degrees(np.arctan(side / 2 / camera.focal_px))
    return replace(camera, width=round(side), height=round(side), hfov_deg=float(hfov))


def body_of(shot: Shot, **changed: object) -> Body:
    return Body(shot.seen(**changed).track, shot.scene())


Truth = Callable[[Seen, Shot], float]


def _number(name: str) -> Truth:
    return lambda seen, _shot: float(np.median(seen.truth.series[name]))


def _near_knee(seen: Seen, shot: Shot) -> float:
    return float(np.median(seen.truth.series["knee_left_deg" if shot.yaw_deg > 0 else "knee_right_deg"]))


def _points(seen: Seen) -> np.ndarray:
    return seen.people[0].room.points


def _middle(points: np.ndarray, name: str) -> np.ndarray:
    return (points[:, L[f"LEFT_{name}"]] + points[:, L[f"RIGHT_{name}"]]) / 2


def _weight(seen: Seen, _shot: Shot) -> float:
    p, left = _points(seen), seen.people[0].room.pelvis_axes[..., 0] * [1, 0, 1]
    left = left / np.linalg.norm(left, axis=-1, keepdims=True)
    offset = ((_middle(p, "HIP") - _middle(p, "ANKLE")) * left).sum(-1)
    half = np.abs(((p[:, L.LEFT_ANKLE] - p[:, L.RIGHT_ANKLE]) * left).sum(-1)) / 2 + FOOT_HALF_WIDTH_M
    return float(np.median(offset / half))


def _overhang(seen: Seen, shot: Shot) -> float:
    """Centre of mass of the true skeleton (Winter's shares of mass and places of the centres) over the true feet."""
    p = _points(seen)
    trunk = 0.56 * _middle(p, "SHOULDER") + 0.44 * _middle(p, "HIP")
    arms = (_middle(p, "SHOULDER") + 2 * _middle(p, "ELBOW") + _middle(p, "WRIST")) / 4
    legs = (_middle(p, "HIP") + 2 * _middle(p, "KNEE") + _middle(p, "ANKLE")) / 4
    total = 0.081 * _middle(p, "EAR") + 0.497 * trunk + 0.100 * arms + 0.322 * legs
    centre = total[:, 0]
    ends = p[:, [L[f"{s}_{n}"] for s in ("LEFT", "RIGHT") for n in ("ANKLE", "HEEL", "FOOT_INDEX")], 0]
    reach = FOOT_HALF_WIDTH_M * abs(np.cos(np.radians(shot.yaw_deg)))
    return float(np.median(100 * np.maximum(ends.min(1) - reach - centre, centre - ends.max(1) - reach)))


def _range(values: np.ndarray) -> float:
    """Peak to peak without the outermost tenth, as of a sine whose tenth was cut off."""
    low, high = np.percentile(values, (5, 95))
    return float(100 * (high - low) / np.cos(np.pi * 0.05))


def _sway(seen: Seen, _shot: Shot) -> float:
    return _range(_middle(_points(seen), "SHOULDER")[:, 0])


def _knees(seen: Seen, _shot: Shot) -> float:
    return max(_range(_points(seen)[:, knee, 0]) for knee in (L.LEFT_KNEE, L.RIGHT_KNEE))


def _neck(seen: Seen, shot: Shot) -> float:
    person, side = seen.people[0], "LEFT" if shot.yaw_deg > 0 else "RIGHT"
    points = with_model_bias(person.room, person.body.stature_m)
    neck = points[:, L[f"{side}_EAR"]] - points[:, L[f"{side}_SHOULDER"]]
    ahead = (neck * person.room.pelvis_axes[..., 2]).sum(-1)
    return float(np.median(np.degrees(np.arctan2(ahead, neck[:, 1]))))


def _t_miss(seen: Seen, _shot: Shot) -> float:
    p, length = _points(seen) * [1, 0, 1], seen.people[0].body.size.foot * seen.people[0].body.stature_m
    heel, arch = {}, {}
    for side in ("LEFT", "RIGHT"):
        foot = p[:, L[f"{side}_FOOT_INDEX"]] - p[:, L[f"{side}_HEEL"]]
        heel[side] = p[:, L[f"{side}_HEEL"]]
        arch[side] = heel[side] + 0.45 * length * foot / np.linalg.norm(foot, axis=-1, keepdims=True)
    misses = [np.linalg.norm(heel[a] - arch[b], axis=-1) for a, b in (("LEFT", "RIGHT"), ("RIGHT", "LEFT"))]
    return float(100 * np.median(np.minimum(*misses)))


def _wrists(seen: Seen) -> dict[str, np.ndarray]:
    """Wrists about the middle of the hips in the picture plane, outward and up, cm of a person of 1.70 m."""
    p = _points(seen)
    scale = 170 / seen.people[0].body.stature_m
    return {
        side: scale * (p[:, L[f"{side}_WRIST"]] - _middle(p, "HIP"))[:, :2] * [outward, 1]
        for side, outward in (("LEFT", 1), ("RIGHT", -1))
    }


def _outside(value: np.ndarray, low: float, high: float) -> np.ndarray:
    return np.maximum(np.maximum(low - value, value - high), 0)


def _off_sides(seen: Seen, _shot: Shot) -> float:
    off = [np.hypot(_outside(w[:, 0], 14, np.inf), _outside(w[:, 1], -np.inf, 6.5)) for w in _wrists(seen).values()]
    return float(np.median(np.maximum(*off)))


def _off_front(seen: Seen, shot: Shot) -> float:
    wrists = _wrists(seen)
    off = [np.hypot(_outside(w[:, 0], -16, 16), _outside(w[:, 1], -3, 18)) for w in wrists.values()]
    mirrored = wrists["RIGHT"] * [-1, 1]
    apart = _outside(np.linalg.norm(wrists["LEFT"] - mirrored, axis=-1), -np.inf, 22)
    hidden = shot.posture["hands"] in ("behind", "pockets")
    return float(np.median(np.maximum(np.maximum(*off), apart))) + (SEEN_HAND_CM if hidden else 0)


def _off_back(seen: Seen, shot: Shot) -> float:
    off = np.maximum(*[_outside(w[:, 0], -15, 15) for w in _wrists(seen).values()])
    return float(np.median(off)) + (0 if shot.posture["hands"] == "behind" else SEEN_HAND_CM)


TRUE: dict[str, Truth] = {
    "shoulder_tilt": _number("shoulder_tilt_deg"),
    "trunk_lean_side": _number("trunk_lean_side_deg"),
    "trunk_lean_fore": _number("trunk_lean_fore_rel_deg"),
    "weight_offset": _weight,
    "support_overhang": _overhang,
    "sway": _sway,
    "knee_oscillation": _knees,
    "head_pitch": _number("head_pitch_deg"),
    "head_yaw": _number("head_yaw_deg"),
    "head_roll": _number("head_roll_deg"),
    "mouth_opening": lambda _seen, _shot: 0.0005 / 0.029,
    "neck_lean": _neck,
    "knee_angle": _near_knee,
    "feet_opening": _number("feet_angle_deg"),
    "heel_gap": _number("heel_gap_cm"),
    "toe_gap": _number("toe_gap_cm"),
    "ankle_gap": _number("ankle_gap_over_shoulder"),
    "t_stance_miss": _t_miss,
    "hands_off_sides": _off_sides,
    "hands_off_front": _off_front,
    "hands_off_back": _off_back,
}
"""What is true of each measure that has a true figure; the classifiers' certainties have none."""
