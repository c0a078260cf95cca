import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import builds, floats, sampled_from

from posture_check.errors import InputError
from posture_check.landmarks.names import LEFT_RIGHT_PAIRS, L
from posture_check.simulate.body import Body
from posture_check.simulate.seat import Seat
from posture_check.simulate.seated_hands import SEATED_HANDS
from posture_check.simulate.sitting import Sitting, sitting
from posture_check.simulate.truth import KNEE_WIDTH
from posture_check.simulate.view import view
from tests.simulate.moving import assert_is_a_body, lowest_foot_m

NOW = np.zeros(1)
seated = builds(
    Sitting,
    body=builds(Body, floats(1.5, 1.9)),
    seat=builds(Seat, depth_m=floats(0.38, 0.47), height_m=floats(0.40, 0.50)),
    seat_fraction=floats(0.4, 0.95),
    trunk_flexion_deg=floats(-15, 30),
    head_pitch_deg=floats(-20, 30),
    head_roll_deg=floats(-15, 15),
    knee_gap_cm=floats(0, 30),
    shank_forward_deg=floats(-30, 40),
    shoulder_tilt_deg=floats(-8, 8),
    hands=sampled_from(SEATED_HANDS),
)


@settings(deadline=None, max_examples=15)
@given(asked=seated)
def test_a_seated_person_is_as_asked_by_the_skeleton_itself(asked):
    found = asked.performance().truth(NOW).numbers
    points = asked.performance().figure(NOW).points[0]
    assert found["seat_fraction"] == pytest.approx(asked.seat_fraction, abs=1e-6)
    assert found["trunk_lean_fore_rel_deg"] == pytest.approx(asked.trunk_flexion_deg, abs=1e-6)
    assert found["head_pitch_deg"] == pytest.approx(asked.head_pitch_deg, abs=1e-6)
    assert found["head_roll_deg"] == pytest.approx(asked.head_roll_deg, abs=1e-6)
    assert found["shoulder_tilt_deg"] == pytest.approx(
        asked.shoulder_tilt_deg, abs=0.5 + 0.1 * abs(asked.trunk_flexion_deg)
    )
    knees = points[L.LEFT_KNEE] - points[L.RIGHT_KNEE]
    assert 100 * (np.linalg.norm(knees) - KNEE_WIDTH * asked.body.stature_m) == pytest.approx(
        asked.knee_gap_cm, abs=0.1
    )
    shank = points[L.LEFT_ANKLE] - points[L.LEFT_KNEE]
    assert np.degrees(np.arctan2(shank[2], -shank[1])) == pytest.approx(asked.shank_forward_deg, abs=0.1)
    assert points[[L.LEFT_HIP, L.RIGHT_HIP], 1] == pytest.approx(found["hip_above_seat_cm"] / 100 + asked.seat.height_m)


@settings(deadline=None, max_examples=15)
@given(asked=seated, crossed=sampled_from(["none", "knee", "figure4"]), jitter=floats(0, 4))
def test_seated_bodies_are_bodies_with_a_foot_on_the_floor(asked, crossed, jitter):
    performance = sitting(body=asked.body, seat_fraction=asked.seat_fraction, crossed=crossed, jitter_cm=jitter,
                          hands=asked.hands, duration_s=0.5)  # fmt: skip
    assert_is_a_body(performance)
    assert lowest_foot_m(performance).max() < 0.03


@pytest.mark.parametrize(("cm", "hertz", "leg"), [(2.0, 4.5, "right"), (4.0, 6.0, "left"), (1.0, 3.0, "right")])
def test_a_bouncing_leg_bounces_as_far_and_as_fast_as_asked(cm, hertz, leg):
    performance = sitting(jitter_cm=cm, jitter_hz=hertz, jitter_leg=leg)
    found = performance.truth().numbers
    assert found[f"knee_osc_pp_cm_{leg}"] == pytest.approx(cm, rel=0.15)
    assert found[f"knee_osc_hz_{leg}"] == pytest.approx(hertz, abs=0.1)
    assert found[f"knee_osc_pp_cm_{'left' if leg == 'right' else 'right'}"] < 0.01
    toes = performance.figure(np.linspace(0, 1, 50)).points[:, L[f"{leg.upper()}_FOOT_INDEX"]]
    assert np.ptp(toes, axis=0) == pytest.approx(0, abs=1e-9), "the ball of the foot stays"


def test_crossed_thighs_lie_over_one_another():
    p = sitting(crossed="knee", over="right").figure(NOW).points[0]
    assert p[L.RIGHT_KNEE, 1] > p[L.LEFT_KNEE, 1] + 0.1
    assert p[L.RIGHT_ANKLE, 0] > p[L.LEFT_ANKLE, 0] - 0.05, "the ankles are crossed over"
    assert p[L.RIGHT_ANKLE, 1] > 0.15


def test_an_ankle_on_the_knee_is_on_the_knee_and_the_other_knee_out():
    p = sitting(crossed="figure4", over="right").figure(NOW).points[0]
    assert np.linalg.norm(p[L.RIGHT_ANKLE] - p[L.LEFT_KNEE]) < 0.17
    assert p[L.RIGHT_ANKLE, 1] > p[L.LEFT_KNEE, 1] + 0.05
    assert p[L.RIGHT_KNEE, 0] < p[L.RIGHT_HIP, 0] - 0.15


@pytest.mark.parametrize("crossed", ["knee", "figure4"])
def test_the_left_leg_over_the_right_is_the_mirror_image(crossed):
    right, left = (sitting(crossed=crossed, over=over).figure(NOW).points[0] for over in ("right", "left"))
    order = np.arange(33)
    for a, b in LEFT_RIGHT_PAIRS:
        order[a], order[b] = b, a
    assert left == pytest.approx(right[order] * [-1, 1, 1], abs=1e-9)


def test_hands_are_where_their_name_says():
    def of(hands, **more):
        figure = sitting(hands=hands, **more).figure(NOW)
        return figure.points[0], figure

    p, _ = of("knees")
    assert np.linalg.norm(p[L.LEFT_WRIST] - p[L.LEFT_KNEE]) < 0.25
    p, figure = of("chin_right")
    assert np.linalg.norm(figure.hands[0, 1].mean(0) - figure.chin[0]) < 0.09
    p, _ = of("between_thighs", knee_gap_cm=20.0)
    inner = sorted(p[[L.RIGHT_KNEE, L.LEFT_KNEE], 0])
    assert inner[0] < p[L.RIGHT_WRIST, 0] <= p[L.LEFT_WRIST, 0] < inner[1]
    p, figure = of("round_knee", crossed="knee")
    assert np.linalg.norm(figure.hands[0] - p[L.RIGHT_KNEE], axis=-1).mean() < 0.14
    p, figure = of("lap_right_over_left")
    assert figure.hands[0, 1, :, 1].mean() > figure.hands[0, 0, :, 1].mean()
    p, _ = of("armrests")
    assert p[L.LEFT_WRIST, 1] > 0.45 + 0.2
    with pytest.raises(InputError, match="choose one of knees"):
        sitting(hands="ears").figure(NOW)


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("yaw", [-60.0, 0.0, 45.0, 90.0])
def test_the_chair_is_seen_where_the_person_sits(yaw, mirror):
    seen = view(sitting(seat_fraction=0.7, duration_s=0.1), yaw_deg=yaw, mirror=mirror)
    chair, scene = seen.chair, seen.known()
    assert scene.chair is chair
    assert scene.calibrated
    front, back = ((getattr(chair, f"{e}_left") + getattr(chair, f"{e}_right")) / 2 for e in ("front", "back"))
    assert np.linalg.norm(front - back) == pytest.approx(chair.depth_m)
    assert front[1] == pytest.approx(chair.height_m)
    hips = seen.people[0].room.pelvis[0] * ([-1, 1, 1] if mirror else [1, 1, 1])
    along = (front - hips) @ (front - back) / chair.depth_m**2
    assert along == pytest.approx(seen.truth.numbers["hip_to_front_edge_over_depth"], abs=1e-6)
    aside = chair.front_left - chair.front_right
    left_hip = seen.people[0].room.points[0, L.RIGHT_HIP if mirror else L.LEFT_HIP] * ([-1, 1, 1] if mirror else 1)
    assert (left_hip - hips) @ aside > 0, "left as the sitter sees it"
