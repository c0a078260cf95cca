import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from posture_check.errors import InputError
from posture_check.landmarks.names import L
from posture_check.simulate.body import Body
from posture_check.simulate.gestures import HAND_SHAPES, WILD, gesturing, usual
from posture_check.simulate.view import view
from tests.simulate.moving import assert_is_a_body, times

WHATS = ["pointing", "inviting", "handing_over", "tray", "waving", "touching_face", "bow"]
STILL = {"sway_cm": 0.0, "sway_fore_cm": 0.0}


@settings(deadline=None, max_examples=15)
@given(
    side=sampled_from(["left", "right"]), across=floats(10, 80), elbow=floats(80, 165), palm=floats(-85, 85),
    lean=floats(0, 12), height=floats(-45, 10), stature=floats(1.5, 1.9),
)  # fmt: skip
def test_a_pointing_arm_is_as_asked_by_the_skeleton_itself(side, across, elbow, palm, lean, height, stature):
    asked = usual("pointing", side=side, across_deg=across, elbow_deg=elbow, palm_up_deg=palm, lean_deg=lean,
                  raise_deg=height)  # fmt: skip
    performance = gesturing(asked, body=Body(stature), **STILL)
    found = performance.truth().numbers
    assert found[f"elbow_{side}_deg"] == pytest.approx(elbow, abs=0.1)
    assert found[f"palm_up_deg_{side}"] == pytest.approx(palm, abs=1.0)
    assert found[f"hand_across_{side}_deg"] == pytest.approx(across, abs=6), "the palm's middle is not quite its axis"
    assert found[f"hand_raise_{side}_deg"] == pytest.approx(asked.hand_raise_deg, abs=6)
    assert found["trunk_lean_fore_rel_deg"] == pytest.approx(lean, abs=0.01)
    assert found["head_yaw_deg"] == pytest.approx(asked.head_yaw_deg * (1 if side == "left" else -1), abs=0.01)
    p = performance.figure(np.array([sum(asked.held_s) / 2])).points[0]
    arm = p[L[f"{side.upper()}_WRIST"]] - p[L[f"{side.upper()}_SHOULDER"]]
    assert np.degrees(np.arcsin(arm[1] / np.linalg.norm(arm))) == pytest.approx(height, abs=0.1)


def test_hand_shapes_differ_in_what_tells_them_apart():
    found = {hand: gesturing(usual("pointing", hand=hand), **STILL).truth().numbers for hand in HAND_SHAPES}
    flex, spread, thumb = "{}_flex_right_deg", "finger_spread_right_deg", "thumb_index_angle_right_deg"
    assert found["index"][flex.format("index")] < 20 < 150 < found["index"][flex.format("middle")]
    assert found["fist"][flex.format("index")] > 150
    assert found["together"][spread] < 1 < 15 < found["spread"][spread]
    assert found["thumb_out"][thumb] > found["together"][thumb] + 20
    with pytest.raises(InputError, match="choose one of relaxed"):
        usual("pointing", hand="claw")


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("stature", [1.55, 1.85])
def test_gesturing_bodies_are_bodies_that_come_back_to_rest(what, stature):
    performance = gesturing(usual(what), body=Body(stature), **STILL)
    assert_is_a_body(performance)
    at = times(performance)
    p = performance.figure(at).points
    (event,) = performance.events
    outside = (at <= event.start_s) | (at >= event.stop_s)
    assert np.ptp(p[outside], axis=0).max() < 1e-6
    assert event.what == what


def test_hands_over_trays_waves_faces_and_bows_are_what_they_should_be():
    handing = gesturing(usual("handing_over", hands_apart_cm=14.0), **STILL).truth().numbers
    assert handing["wrist_gap_m"] == pytest.approx(0.14, abs=0.002)
    assert handing["wrist_left_above_shoulder_m"] == pytest.approx(-0.17, abs=0.002)
    one = gesturing(usual("handing_over", side="right"), **STILL).truth().numbers
    assert one["wrist_gap_m"] > 0.3
    for elbow in (90.0, 130.0):
        tray = gesturing(usual("tray", elbow_deg=elbow), **STILL).truth().numbers
        assert tray["elbow_left_deg"] == pytest.approx(elbow, abs=0.1)
        assert tray["arm_left_upper_deg"] == pytest.approx(0, abs=0.5), "the upper arm hangs"
        assert tray["palm_up_deg_left"] == pytest.approx(80, abs=1)
    wave = gesturing(usual("waving"), **STILL)
    assert wave.truth().numbers["palm_fwd_dot_right"] > 0.95
    p = wave.figure(np.array([2.0])).points[0]
    assert p[L.RIGHT_WRIST, 1] == pytest.approx(p[L.RIGHT_EAR, 1], abs=0.15)
    assert gesturing(usual("touching_face"), **STILL).truth().numbers["hand_face_dist_cm"] < 3
    bow = gesturing(usual("bow", lean_deg=32.0), **STILL).truth()
    assert bow.numbers["trunk_lean_fore_rel_deg"] == pytest.approx(32, abs=0.01)
    assert bow.series["trunk_lean_fore_rel_deg"][[0, -1]] == pytest.approx(0, abs=0.01)


def test_a_wild_wave_goes_far_and_fast():
    def range_and_speed(**more):
        performance = gesturing(usual("waving", **more), **STILL)
        at = np.arange(*performance.held_s, 1 / 60)
        wrist = performance.figure(at).points[:, L.RIGHT_WRIST]
        return np.ptp(wrist, axis=0).max(), np.linalg.norm(np.diff(wrist, axis=0), axis=-1).max() * 60

    small, wild = range_and_speed(), range_and_speed(**WILD)
    assert small[0] < 0.08
    assert wild[0] > 0.4
    assert wild[1] > 3 * small[1]


def test_hands_are_looked_at_as_often_as_asked_and_show_their_shape():
    performance = gesturing(usual("pointing", hand="index"), **STILL)
    for hertz in (2.0, 8.0):
        seen = view(performance, distance_m=2.2, details_hz=hertz, duration_s=4.0)
        assert len(seen.track.details.at) == 4 * hertz
    hands = seen.track.details.hands
    held = (seen.time_s[seen.track.details.at] > 1.7) & (seen.time_s[seen.track.details.at] < 2.8)
    assert np.isfinite(hands[held, 1]).all()
    tips = [np.linalg.norm(hands[held, 1, t, :2] - hands[held, 1, 0, :2], axis=-1).mean() for t in (8, 12)]
    assert tips[0] > 1.3 * tips[1], "the index finger is longer than the bent middle finger"


def test_several_gestures_have_their_own_times():
    first, second = usual("pointing"), usual("bow", start_s=5.0, stop_s=7.5)
    performance = gesturing(first, second)
    assert [e.what for e in performance.events] == ["pointing", "bow"]
    assert performance.truth().events == performance.events
    assert performance.phases[0].stop_s == performance.duration_s == 8.5
