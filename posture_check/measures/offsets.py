"""What the pose model does systematically: constants learned once on rendered people with exact truth.

The pose model's hip, shoulder, heel and toe points are not the joint centres, and its world axes turn less than the
person does. The figures below are medians over 77 rendered standing clips of six bodies (1.54-1.83 m, cameras
1.0-1.6 m high, 2.6-4.6 m away, 0-102 degrees around the person), each against the known skeleton; the spread that
remains after taking them out is the ``*_ERROR`` beside them. ``bench/accuracy`` measures what is left.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

YAW_OFFSET_DEG = 2.5
"""Mean turn that the world landmarks show for people who face the camera."""
YAW_GAIN = 0.33
"""World landmarks turn by too little, by a third near the front and not at all side-on."""
YAW_ERROR_DEG = 4.5

LEAN_FORE_OFFSET_DEG = -2.4
"""Seen side-on, an upright trunk's shoulder points lie this far behind its hip points."""
LEAN_FORE_ERROR_DEG = 1.9
LEAN_SIDE_ERROR_DEG = 0.8
LEAN_FORE_REPEAT_DEG = 1.2
LEAN_SIDE_REPEAT_DEG = 0.65
"""What remains of these from recording to recording of one person: 10 side and 66 front clips, six bodies."""
LEAN_SIDE_PER_YAW = 0.075
"""Sideways lean that a turned upright body seems to have, degrees per degree of yaw (hip and shoulder points lie at
different depths in the body)."""

KNEE_FLEXION_GAIN = 1.37
KNEE_FLEXION_OFFSET_DEG = -0.3
"""Flexion = gain x (apparent flexion) + offset, side-on; hips and ankles lie so that bent knees look straighter."""
KNEE_ERROR_DEG = 4.0

SHOULDER_TILT_ERROR_DEG = 1.3
"""Of the shoulder points alone: they follow a raised shoulder by half only."""
OUTLINE_TILT_ERROR_DEG = 0.75
OUTLINE_TILT_NOISE_DEG = 0.3
"""Of the outline over the shoulders: between bodies and clothes, and from look to look."""
HEAD_PITCH_OFFSET_DEG = 7.5
"""The face mesh's chin-to-forehead line leans this far forward of upright: 8.5 in the median on 54 rendered people,
6.6 on 300 official portraits taken at eye level (two collections alike)."""
HEAD_PITCH_ERROR_DEG = 3.3
HEAD_PITCH_REPEAT_DEG = 2.2
"""From recording to recording of one person: 1.85 on 66 rendered clips of six bodies, more on real faces in
proportion."""
HEAD_YAW_ERROR_DEG = 2.0
HEAD_ROLL_ERROR_DEG = 2.4
NECK_LEAN_ERROR_DEG = 5.0
EAR_OUT = 0.032
"""Ear points from the head's middle plane, share of stature."""

EYE_HEIGHT = 0.937
SHOULDER_HEIGHT = 0.806
ANKLE_HEIGHT = 0.053
TRUNK_LENGTH = 0.303
SHOULDER_WIDTH = 0.197
"""Heights of the landmark midpoints above the floor, and lengths between them, upright, as shares of stature."""
JOINT_SHOULDER_WIDTH = 0.2065
"""True distance of the shoulder joints, share of stature."""


def true_yaw_deg(shoulders_deg: Floats, hips_deg: Floats) -> Floats:
    """Return the person's yaw from the apparent turn of the world shoulder and hip lines, degrees."""
    seen = (shoulders_deg + hips_deg) / 2 - YAW_OFFSET_DEG
    return np.asarray(seen * (1 + YAW_GAIN * np.cos(np.radians(np.clip(seen, -90, 90))) ** 2))


FOOT_LENGTH = 0.1515
"""True heel-to-toe distance as a share of stature (Drillis and Contini 1966 give 0.152 for the foot)."""
FOOT_ALONG = 0.70
FOOT_ACROSS = -0.027
FOOT_UP = -0.118
"""The pose model's heel-to-toe vector in the foot's own axes (forward, outward, up), in foot lengths: its toe point
lies behind the true one and its heel point is seen high on the shoe."""
FOOT_ACROSS_ERROR_M = 0.0126
FOOT_ALONG_ERROR_M = 0.0121
"""What remains of that vector across and along the picture, metres at the foot."""
FEET_OPENING_OFFSET_DEG = 4.5
HEEL_POINTS_AHEAD_M = 0.022
"""Heel points lie this far ahead of the heel along the foot."""
HEEL_WIDTH_M = 0.061
HEEL_GAP_ERROR_M = 0.013
ANKLE_GAP_ERROR = 0.045
"""Error of ankle gap over shoulder width."""
HEEL_HEIGHT = 0.027
"""Height of the seen heel point above the floor, share of stature."""
FLOOR_HEEL_ERROR_CM = 2.5
