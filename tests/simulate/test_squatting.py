import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import booleans, floats

from posture_check.landmarks.names import L
from posture_check.simulate.squatting import Squat, squatting
from tests.simulate.moving import assert_is_a_body


@settings(deadline=None, max_examples=15)
@given(offset=floats(20, 40), shank=floats(0, 30), hips=floats(-10, 12), lean=floats(5, 50), rear=floats(20, 45),
       left=booleans())  # fmt: skip
def test_the_lowest_pose_is_as_asked_by_the_skeleton_itself(offset, shank, hips, lean, rear, left):
    squat = squatting(
        foot_offset_cm=offset, front_shank_deg=shank, hip_minus_knee_cm=hips, trunk_lean_deg=lean,
        rear_heel_pitch_deg=rear, front_foot="left" if left else "right",
    )  # fmt: skip
    found = squat.truth().numbers
    assert found["front_shank_from_vertical_deg"] == pytest.approx(shank, abs=0.3)
    assert found["hip_minus_knee_height_cm"] == pytest.approx(hips, abs=0.2)
    assert found["trunk_lean_fore_deg"] == pytest.approx(lean, abs=0.1)
    p = squat.figure(np.array([found["squat_key_s"]])).points[0]
    front, back = ("LEFT", "RIGHT") if left else ("RIGHT", "LEFT")
    assert 100 * (p[L[f"{front}_ANKLE"], 2] - p[L[f"{back}_ANKLE"], 2]) == pytest.approx(offset, abs=0.2)
    assert found["front_heel_height_cm"] == pytest.approx(0, abs=0.1)
    assert found["rear_heel_height_cm"] > 5


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"foot_offset_cm": 0.0, "rear_heel_pitch_deg": 0.0, "front_shank_deg": 34.0, "trunk_lean_deg": 46.0},
        {"foot_offset_cm": 0.0, "rear_heel_pitch_deg": 0.0, "hip_minus_knee_cm": 40.0, "trunk_lean_deg": 75.0},
        {"front_heel_pitch_deg": 25.0, "front_shank_deg": 42.0, "hip_minus_knee_cm": 6.0, "front_foot": "right"},
    ],
)
def test_squatting_bodies_are_bodies(asked):
    assert_is_a_body(squatting(**asked))


def test_feet_on_the_floor_do_not_slide():
    squat = Squat()
    time_s = np.arange(0, squat.duration_s, 1 / 60)
    p = squat.performance().figure(time_s).points
    assert np.ptp(p[:, L.RIGHT_FOOT_INDEX], axis=0)[[0, 2]].max() < 0.08, "the rear foot turns on its ball"
    held = (time_s > 1.5 + 1.3) & (time_s < 1.5 + 1.3 + 1.0)
    assert np.ptp(p[held], axis=0).max() < 1e-6


def test_repeated_squats_have_their_count_and_their_times():
    squat = Squat(count=3)
    performance = squat.performance()
    phases = [p for p in performance.phases if p.what == "squatting"]
    assert len(phases) == performance.facts["squat_count"] == 3
    assert performance.phases[-1].stop_s == performance.duration_s
    time_s = np.arange(0, performance.duration_s, 1 / 30)
    height = performance.figure(time_s).pelvis[:, 1]
    low = height < height.max() - 0.05
    inside = np.zeros(len(time_s), bool)
    for _, start, stop in phases:
        inside |= (time_s > start) & (time_s < stop)
        assert height[(time_s > start) & (time_s < stop)].min() < 0.5 * height.max()
    assert not (low & ~inside).any(), "between its times the person stands"
