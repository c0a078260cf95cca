from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers, sampled_from

from posture_check.landmarks.names import L
from posture_check.measures.body import Body
from posture_check.measures.legs import knee_flexion
from tests.measures.people import body_of, still, value_of

few = settings(deadline=None, max_examples=12)
SEEDS = integers(0, 2**31)


@few
@given(seed=SEEDS, bend=floats(2, 40))
def test_a_bent_knee_is_read_from_the_side(seed, bend):
    shot = still(seed, side=True, knee_left_deg=bend, knee_right_deg=bend, feet_angle_deg=30.0)
    found = value_of("knee_angle", body_of(shot))
    assert found.value == pytest.approx(180 - bend, abs=2 * found.error)


def test_from_the_front_a_knee_has_no_angle():
    assert value_of("knee_angle", body_of(still(1, knee_left_deg=25.0, knee_right_deg=25.0))) is None


@few
@given(seed=SEEDS, near=sampled_from(["left", "right"]), bend=floats(25, 38))
def test_where_the_knees_differ_the_near_one_counts(seed, near, bend):
    shot = still(seed, side=True, **{f"knee_{near}_deg": bend, f"knee_{_other(near)}_deg": 3.0}, feet_angle_deg=20.0)
    shot = replace(shot, yaw_deg=85.0 if near == "left" else -85.0)
    found = value_of("knee_angle", body_of(shot))
    assert found.value == pytest.approx(180 - bend, abs=2 * found.error)


def _other(side: str) -> str:
    return {"left": "right", "right": "left"}[side]


@few
@given(turn=floats(-200, 200), bend=floats(0, 60))
def test_a_leg_that_hangs_upside_down_does_not_flip_from_122_to_minus_238(turn, bend):
    """Thigh and shank directions that straddle the wrap still differ by the bend."""
    shot = still(4, side=True)
    shot = replace(shot, camera=replace(shot.camera, pitch_deg=0.0, roll_deg=0.0))
    track, centre = shot.seen().track, shot.camera.width / 2
    image = track.image[:1].copy()
    for side in ("LEFT", "RIGHT"):
        knee = np.array([centre, centre])
        for name, angle in (("HIP", turn), ("ANKLE", turn + 180 - bend)):
            way = np.radians(angle)
            image[0, L[f"{side}_{name}"], :2] = knee + 100 * np.array([np.sin(way), -np.cos(way)])
        image[0, L[f"{side}_KNEE"], :2] = knee
    leg = type(track)(0, track.frame[:1], track.time_s[:1], image, track.world[:1], track.noise, track.size)
    found = abs(float(knee_flexion(Body(leg, shot.scene()), "LEFT")[0]))
    assert found == pytest.approx(bend, abs=0.5)
