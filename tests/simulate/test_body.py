from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import builds, floats, just, one_of

from posture_check.landmarks.names import LEFT_RIGHT_PAIRS, SKELETON, L
from posture_check.simulate.body import Body
from posture_check.simulate.pose import Arm, Foot, Hanging, Leg, Planted, Pose

small, angle = floats(-15, 15), floats(-60, 60)
arms = builds(Arm, flexion=angle, abduction=floats(0, 70), rotation=angle, elbow=floats(0, 140), pronation=angle)
legs = builds(Leg, flexion=floats(-20, 100), abduction=small, rotation=small, knee=floats(0, 120), ankle=small)
planted = builds(
    lambda out_left, out_right, gap, left, right, x: Planted(
        Foot(gap, 0.0, out_left), Foot(-gap, 0.0, -out_right), x, 0.03, left, right
    ),
    floats(0, 45), floats(0, 45), floats(0.03, 0.2), floats(3, 30), floats(3, 30), floats(-0.04, 0.04),
)  # fmt: skip
poses = builds(
    Pose,
    legs=one_of(planted, builds(Hanging, left=legs, right=legs)),
    left_arm=arms,
    right_arm=arms,
    heading=floats(-180, 180),
    trunk_flexion=small,
    trunk_lateral=small,
    trunk_rotation=small,
    shoulder_tilt=small,
    head_pitch=small,
    head_yaw=angle,
    head_roll=small,
)
statures = floats(1.4, 2.0)


@settings(deadline=None, max_examples=20)
@given(pose=poses, stature=statures)
def test_a_mirrored_pose_gives_the_mirrored_figure(pose, stature):
    body = Body(stature)
    straight, mirrored = body.figure(pose), body.figure(pose.mirrored())
    order = np.arange(33)
    for left, right in LEFT_RIGHT_PAIRS:
        order[left], order[right] = right, left
    flip = np.array([-1.0, 1.0, 1.0])
    assert mirrored.points == pytest.approx(straight.points[:, order] * flip, abs=1e-9)
    assert mirrored.hands == pytest.approx(straight.hands[:, ::-1] * flip, abs=1e-9)


@settings(deadline=None, max_examples=20)
@given(pose=poses, other=poses)
def test_bones_keep_their_length_in_every_pose(pose, other):
    bones = [pair for pair in SKELETON if pair not in {(11, 23), (12, 24), (27, 31), (28, 32)}]

    def lengths(figure):
        return [np.linalg.norm(figure.points[0, a] - figure.points[0, b]) for a, b in bones]

    body = Body()
    assert lengths(body.figure(pose)) == pytest.approx(lengths(body.figure(other)), abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(pose=builds(Pose, legs=just(Hanging()), left_arm=arms, right_arm=arms), stature=statures)
def test_a_larger_body_is_the_same_body_enlarged(pose, stature):
    assert Body(stature).figure(pose).points == pytest.approx(stature * Body(1.0).figure(pose).points)


def test_joint_heights_are_those_of_the_published_table():
    figure = Body(1.8).figure(Pose(legs=Hanging()))
    height = {name: figure.points[0, L[f"LEFT_{name}"], 1] / 1.8 for name in ("ANKLE", "KNEE", "HIP", "SHOULDER")}
    assert height == pytest.approx({"ANKLE": 0.039, "KNEE": 0.285, "HIP": 0.530, "SHOULDER": 0.818})
    assert figure.points[0, L.LEFT_EYE, 1] / 1.8 == pytest.approx(0.936, abs=0.003)
    assert figure.points[0, L.LEFT_WRIST, 1] / 1.8 == pytest.approx(0.485, abs=0.003)
    assert figure.head_top[0, 1] / 1.8 == pytest.approx(1.0, abs=0.005)


def test_left_is_left_and_the_face_looks_forward():
    figure = Body().figure(Pose(legs=Hanging()))
    for left, right in LEFT_RIGHT_PAIRS:
        assert figure.points[0, left, 0] > figure.points[0, right, 0]
    assert figure.points[0, L.NOSE, 2] > figure.points[0, L.LEFT_EAR, 2]
    assert figure.points[0, L.LEFT_FOOT_INDEX, 2] > figure.points[0, L.LEFT_HEEL, 2]


def test_a_heading_turns_the_whole_body_to_its_left():
    straight = Body().figure(Pose(legs=Hanging()))
    turned = Body().figure(Pose(legs=Hanging(), heading=90.0))
    assert turned.points[0, L.NOSE, 0] == pytest.approx(straight.points[0, L.NOSE, 2])


def test_every_field_may_move_over_time():
    times = np.linspace(0, 1, 7)
    moving = {f.name: 5 * times for f in fields(Pose) if f.name not in {"legs", "left_arm", "right_arm"}}
    figure = Body().figure(Pose(legs=Hanging(Leg(flexion=30 * times)), left_arm=Arm(elbow=90 * times), **moving))
    assert figure.points.shape == (7, 33, 3)
    single = Body().figure(
        Pose(legs=Hanging(Leg(flexion=30.0)), left_arm=Arm(elbow=90.0), **dict.fromkeys(moving, 5.0))
    )
    assert figure.points[-1] == pytest.approx(single.points[0])


def test_arrays_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="different lengths"):
        Body().figure(Pose(legs=Hanging(), heading=np.zeros(3), head_yaw=np.zeros(4)))
