"""What must hold of every movement of the simulated person."""

import numpy as np

from posture_check.landmarks.names import SKELETON, L

_BENDING = {(11, 23), (12, 24), (27, 31), (28, 32), (29, 31), (30, 32)}
"""The spine is no bone, and a foot bends at its ball."""
_BONES = [tuple(pair) for pair in SKELETON if tuple(pair) not in _BENDING]
_FEET = [L.LEFT_HEEL, L.RIGHT_HEEL, L.LEFT_FOOT_INDEX, L.RIGHT_FOOT_INDEX]


def times(performance, hz=60):
    return np.arange(0.0, performance.duration_s, 1 / hz)


def assert_is_a_body(performance, fastest=8):
    """Bones keep their length, nothing is below the floor, somebody has a foot on it, nothing jumps."""
    at = times(performance)
    points = performance.figure(at).points
    lengths = np.array([np.linalg.norm(points[:, a] - points[:, b], axis=-1) for a, b in _BONES])
    assert np.ptp(lengths, axis=1).max() < 1e-6
    assert points[..., 1].min() > 0.005
    if len(at) > 1:
        assert np.linalg.norm(np.diff(points, axis=0), axis=-1).max() * 60 < fastest, "metres a second"


def lowest_foot_m(performance):
    return performance.figure(times(performance)).points[:, _FEET, 1].min(1)
