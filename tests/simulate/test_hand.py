import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, tuples

from posture_check.landmarks.names import H
from posture_check.simulate.hand import hand_points

angles = tuples(*[floats(0, 80)] * 5)


def test_a_straight_hand_is_as_long_as_a_hand():
    assert np.linalg.norm(hand_points((0,) * 5, 0)[H.MIDDLE_TIP]) == pytest.approx(1.0, abs=0.01)


@settings(deadline=None, max_examples=20)
@given(first=angles, second=angles, spread=floats(0, 15))
def test_bones_keep_their_length_whatever_the_fingers_do(first, second, spread):
    bones = [(a, a + 1) for base in (1, 5, 9, 13, 17) for a in range(base, base + 3)]
    a, b = (
        [np.linalg.norm(points[i] - points[j]) for i, j in bones]
        for points in (hand_points(first, 0), hand_points(second, spread))
    )
    assert a == pytest.approx(b)


def test_a_fist_brings_the_tips_to_the_palm():
    straight, fist = hand_points((0,) * 5, 0), hand_points((35, 80, 80, 80, 80), 0)
    assert np.linalg.norm(fist[H.INDEX_TIP]) < 0.7 * np.linalg.norm(straight[H.INDEX_TIP])


def test_spread_opens_the_angle_between_the_fingers():
    def angle(points):
        a, b = (points[tip] - points[root] for tip, root in ((8, 5), (12, 9)))
        return np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))

    assert angle(hand_points((0,) * 5, 12)) == pytest.approx(12)
    assert angle(hand_points((0,) * 5, 0)) == pytest.approx(0, abs=1e-4)
