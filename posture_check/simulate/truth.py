"""Exact measures of a simulated person, and the verdicts that follow from them.

Names and signs are those of the rendered footage: head pitch down positive, yaw and roll to the person's left
positive; shoulder tilt left higher positive; trunk lean forward and to the left positive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.names import L
from posture_check.simulate.body import Body, Figure
from posture_check.simulate.leg import HEEL_HEIGHT
from posture_check.simulate.rotation import angle_between, apply, turn
from posture_check.simulate.seat import Seat
from posture_check.simulate.truth_hands import hand_series

Floats = NDArray[np.floating[Any]]

_SIDEWAYS = (
    "shoulder_tilt_deg",
    "hip_tilt_deg",
    "trunk_lean_side_deg",
    "head_yaw_deg",
    "head_roll_deg",
    "facing_deg",
    "hip_off_support_cm",
)


KNEE_WIDTH = 0.075
"""Of two knees side by side, joint centre to joint centre, with trousers; in statures."""
BUTTOCKS_BEHIND_HIPS, HIPS_ABOVE_SEAT = 0.055, 0.048
"""Of a seated body, to the hip joints, in statures: medians of 38 rendered seated people (six bodies; 0.043-0.066 and
0.040-0.066)."""


class Phase(NamedTuple):
    """A posture or a gesture and when it is there, in seconds."""

    what: str
    start_s: float
    stop_s: float


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a performance.

    Attributes
    ----------
    numbers
        One figure per measure: the mean over time, or what the name says.
    series
        The measures per frame.
    hands, feet
        What the hands and the feet do, as the scenario names it.
    phases, events
        Postures one after another and gestures within them, with their times.
    """

    numbers: dict[str, float]
    series: dict[str, Floats] = field(repr=False)
    hands: str = "sides"
    feet: str = "v"
    phases: tuple[Phase, ...] = ()
    events: tuple[Phase, ...] = ()

    def mirrored(self) -> Truth:
        """Return what is true of the mirror image."""
        series = {swap_left_right(k): -v if k in _SIDEWAYS else v for k, v in self.series.items()}
        numbers = {swap_left_right(k): -v if k in _SIDEWAYS else v for k, v in self.numbers.items()}
        return Truth(numbers, series, swap_left_right(self.hands), self.feet, self.phases, self.events)


def measure(
    figure: Figure,
    body: Body,
    time_s: Floats,
    held: NDArray[np.bool_] | None = None,
    hands: str = "sides",
    feet: str = "v",
) -> Truth:
    """Measure a figure exactly.

    Parameters
    ----------
    figure
        The body over time.
    body
        Whose it is.
    time_s
        ``(frames,)`` seconds.
    held
        ``(frames,)`` which frames the numbers are taken over; None is all.
    hands, feet
        What they do, carried along.
    """
    series = {**_upper_body(figure, body), **_limbs(figure), **_feet(figure, body), **_legs(figure, body)}
    series |= hand_series(figure)
    keep = slice(None) if held is None else held
    numbers = {name: float(values[keep].mean()) for name, values in series.items()}
    numbers["stature_m"] = body.stature_m
    numbers["trunk_lean_fore_neutral_deg"] = body.size.upright_lean_deg
    numbers["foot_length_m"] = body.size.foot * body.stature_m
    lean = series["trunk_lean_fore_deg"][keep]
    numbers["trunk_lean_fore_max_deg"], numbers["trunk_lean_fore_min_deg"] = (
        float(lean.max()),
        float(lean.min()),
    )
    for name in ("head_pitch", "head_yaw", "head_roll"):
        numbers[f"{name}_range_deg"] = float(np.ptp(series[f"{name}_deg"][keep]))
    numbers |= _movement(figure.points[keep], figure.heading[keep], time_s[keep])
    return Truth(numbers, series, hands, feet)


def swap_left_right(name: str) -> str:
    """Return a name with the words left and right exchanged."""
    return "_".join({"left": "right", "right": "left"}.get(word, word) for word in name.split("_"))


def _level(figure: Figure, points: Floats) -> Floats:
    """World vectors ``(frames, 3)`` in axes of the heading: left, up, forward."""
    return apply(turn("y", -figure.heading), points)


def _upper_body(figure: Figure, body: Body) -> dict[str, Floats]:
    p = figure.points
    shoulders = _level(figure, p[:, L.LEFT_SHOULDER] - p[:, L.RIGHT_SHOULDER])
    hips = _level(figure, p[:, L.LEFT_HIP] - p[:, L.RIGHT_HIP])
    spine = _level(figure, (p[:, L.LEFT_SHOULDER] + p[:, L.RIGHT_SHOULDER]) / 2 - figure.pelvis)
    face, left = _level(figure, figure.head_axes[..., 2]), _level(figure, figure.head_axes[..., 0])
    pitch = np.arcsin(np.clip(-face[:, 1], -1, 1))
    ears = (p[:, L.LEFT_EAR] + p[:, L.RIGHT_EAR]) / 2 - (p[:, L.LEFT_SHOULDER] + p[:, L.RIGHT_SHOULDER]) / 2
    fore = np.degrees(np.arctan2(spine[:, 2], spine[:, 1]))
    return {
        "shoulder_width_m": np.linalg.norm(shoulders, axis=-1),
        "shoulder_tilt_deg": _slope(shoulders),
        "hip_tilt_deg": _slope(hips),
        "trunk_lean_fore_deg": fore,
        "trunk_lean_fore_rel_deg": fore - body.size.upright_lean_deg,
        "trunk_lean_side_deg": np.degrees(np.arctan2(spine[:, 0], spine[:, 1])),
        "head_pitch_deg": np.degrees(pitch),
        "head_yaw_deg": np.degrees(np.arctan2(face[:, 0], face[:, 2])),
        "head_roll_deg": np.degrees(np.arcsin(np.clip(-left[:, 1] / np.maximum(np.cos(pitch), 1e-9), -1, 1))),
        "ear_forward_of_shoulder_cm": 100 * _level(figure, ears)[:, 2],
        "facing_deg": np.array(figure.heading, float),
    }


def _slope(line: Floats) -> Floats:
    return np.degrees(np.arctan2(line[:, 1], np.hypot(line[:, 0], line[:, 2])))


def _limbs(figure: Figure) -> dict[str, Floats]:
    p, out = figure.points, {}
    for side in ("left", "right"):
        shoulder, elbow, wrist, hip, knee, ankle = (
            p[:, L[f"{side.upper()}_{j}"]] for j in ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE")
        )
        out[f"knee_{side}_deg"] = angle_between(hip - knee, ankle - knee)
        out[f"elbow_{side}_deg"] = angle_between(shoulder - elbow, wrist - elbow)
        out[f"wrist_{side}_above_shoulder_m"] = wrist[:, 1] - shoulder[:, 1]
        for name, arm in (("upper", elbow - shoulder), ("whole", wrist - shoulder)):
            in_trunk = apply(np.swapaxes(figure.trunk_axes, -1, -2), arm)
            out[f"arm_{side}_{name}_deg"] = np.degrees(np.arctan2(in_trunk[:, 2], -in_trunk[:, 1]))
    out["wrist_gap_m"] = np.linalg.norm(p[:, L.LEFT_WRIST] - p[:, L.RIGHT_WRIST], axis=-1)
    return out


def _feet(figure: Figure, body: Body) -> dict[str, Floats]:
    p, h = figure.points, body.stature_m
    out = {}
    for side, outward in (("left", 1), ("right", -1)):
        foot = _level(figure, p[:, L[f"{side.upper()}_FOOT_INDEX"]] - p[:, L[f"{side.upper()}_HEEL"]])
        out[f"foot_out_{side}_deg"] = outward * np.degrees(np.arctan2(foot[:, 0], foot[:, 2]))
    out["feet_angle_deg"] = out["foot_out_left_deg"] + out["foot_out_right_deg"]
    heels = _gap(p[:, L.LEFT_HEEL], p[:, L.RIGHT_HEEL])
    toes = _gap(p[:, L.LEFT_FOOT_INDEX], p[:, L.RIGHT_FOOT_INDEX])
    ankles = _gap(p[:, L.LEFT_ANKLE], p[:, L.RIGHT_ANKLE])
    middle = (p[:, L.LEFT_ANKLE] + p[:, L.RIGHT_ANKLE]) / 2
    shoulders = np.linalg.norm(p[:, L.LEFT_SHOULDER] - p[:, L.RIGHT_SHOULDER], axis=-1)
    return out | {
        "heel_centre_gap_cm": 100 * heels,
        "heel_gap_cm": 100 * (heels - body.size.heel_width * h),
        "toe_centre_gap_cm": 100 * toes,
        "toe_gap_cm": 100 * (toes - body.size.toe_width * h),
        "ankle_gap_m": ankles,
        "ankle_gap_over_shoulder": ankles / shoulders,
        "hip_off_support_cm": 100 * _level(figure, figure.pelvis - middle)[:, 0],
    }


def _legs(figure: Figure, body: Body) -> dict[str, Floats]:
    """Measure what the legs do: knees apart, shanks, heels off the floor, feet one before the other."""
    p, h = figure.points, body.stature_m
    out: dict[str, Floats] = {}
    for side in ("left", "right"):
        hip, knee, ankle, heel = (p[:, L[f"{side.upper()}_{j}"]] for j in ("HIP", "KNEE", "ANKLE", "HEEL"))
        shank, thigh = _level(figure, ankle - knee), _level(figure, knee - hip)
        out[f"shank_forward_{side}_deg"] = np.degrees(np.arctan2(shank[:, 2], -shank[:, 1]))
        out[f"thigh_up_{side}_deg"] = np.degrees(np.arctan2(thigh[:, 1], np.hypot(thigh[:, 0], thigh[:, 2])))
        out[f"ankle_ahead_of_knee_{side}_cm"] = 100 * shank[:, 2]
        out[f"ankle_height_{side}_cm"] = 100 * ankle[:, 1]
        out[f"heel_height_{side}_cm"] = 100 * heel[:, 1] - 100 * HEEL_HEIGHT * h
    knees = _level(figure, p[:, L.LEFT_KNEE] - p[:, L.RIGHT_KNEE])
    apart = 100 * np.linalg.norm(knees, axis=-1)
    width = np.linalg.norm(p[:, L.LEFT_SHOULDER] - p[:, L.RIGHT_SHOULDER], axis=-1)
    ahead = _level(figure, p[:, L.LEFT_ANKLE] - p[:, L.RIGHT_ANKLE])[:, 2]
    # Feet side by side have no front one: then it is the mean of both.
    share = np.clip(0.5 + ahead / 0.02, 0, 1)

    def of_front(left: Floats, right: Floats) -> Floats:
        return np.asarray(share * left + (1 - share) * right)

    heels = out["heel_height_left_cm"], out["heel_height_right_cm"]
    shanks = out["shank_forward_left_deg"], out["shank_forward_right_deg"]
    knee_heights = p[:, L.LEFT_KNEE, 1], p[:, L.RIGHT_KNEE, 1]
    return out | {
        "knee_centre_gap_cm": apart,
        "knee_gap_cm": apart - 100 * KNEE_WIDTH * h,
        "knee_gap_over_shoulder": apart / 100 / width,
        "foot_offset_cm": 100 * np.abs(ahead),
        "front_heel_height_cm": of_front(*heels),
        "rear_heel_height_cm": of_front(*heels[::-1]),
        "front_shank_from_vertical_deg": np.abs(of_front(*shanks)),
        "hip_minus_knee_height_cm": 100 * (figure.pelvis[:, 1] - of_front(*knee_heights)),
    }


def seated(figure: Figure, body: Body, seat: Seat) -> dict[str, Floats]:
    """Return how a body lies on its seat, per frame; the seat faces along z."""
    rear = -(figure.pelvis[:, 2] - BUTTOCKS_BEHIND_HIPS * body.stature_m)
    return {
        "seat_fraction": rear / seat.depth_m,
        "buttock_rear_from_front_edge_m": rear,
        "hip_to_front_edge_over_depth": -figure.pelvis[:, 2] / seat.depth_m,
        "hip_above_seat_cm": 100 * (figure.pelvis[:, 1] - seat.height_m),
    }


def _gap(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.linalg.norm((a - b)[:, [0, 2]], axis=-1))


def _movement(p: Floats, heading: Floats, time_s: Floats) -> dict[str, float]:
    level = turn("y", -heading)
    middle = apply(level, (p[:, L.LEFT_SHOULDER] + p[:, L.RIGHT_SHOULDER]) / 2)
    out = {
        "sway_lateral_pp_cm": 100 * float(np.ptp(middle[:, 0])),
        "sway_fore_pp_cm": 100 * float(np.ptp(middle[:, 2])),
        "sway_freq_hz": _main_frequency(middle[:, 0], time_s),
    }
    for side in ("left", "right"):
        knee = apply(level, p[:, L[f"{side.upper()}_KNEE"]])
        widest = int(np.argmax(np.ptp(knee, axis=0)))
        out[f"knee_osc_pp_cm_{side}"] = 100 * float(np.ptp(knee[:, widest]))
        out[f"knee_osc_hz_{side}"] = _main_frequency(knee[:, widest], time_s)
    return out


def _main_frequency(values: Floats, time_s: Floats) -> float:
    if len(values) < 4:
        return float("nan")
    if np.ptp(values) < 1e-6:
        return 0.0
    step = float(np.median(np.diff(time_s)))
    power = np.abs(np.fft.rfft((values - values.mean()) * np.hanning(len(values)), 8 * len(values)))
    return float(np.fft.rfftfreq(8 * len(values), step)[int(power.argmax())])
