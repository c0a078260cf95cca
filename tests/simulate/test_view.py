from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, integers, sampled_from

from posture_check.landmarks.names import L
from posture_check.landmarks.track import ARM_STATES
from posture_check.simulate.body import Body
from posture_check.simulate.performance import Performance
from posture_check.simulate.scenarios import SCENARIOS
from posture_check.simulate.standing import standing
from posture_check.simulate.view import DEFAULT_CAMERA, view

FREE, HIP, POCKET, CROSSED = (ARM_STATES.index(s) for s in ("free", "hip", "pocket", "crossed"))


def camera(**changes):
    return replace(DEFAULT_CAMERA, **changes)


@settings(deadline=None, max_examples=12)
@given(
    yaw=floats(-170, 170),
    height=floats(0.6, 2.2),
    pitch=floats(-5, 15),
    roll=floats(-10, 10),
    distance=floats(2.5, 6),
)
def test_landmarks_lie_where_the_camera_projects_the_body(yaw, height, pitch, roll, distance):
    eye = camera(height_m=height, pitch_deg=pitch, roll_deg=roll)
    seen = view(standing(), eye, yaw, distance, fps=4, model_bias=False)
    person = seen.people[0]
    assert person.track.xy == pytest.approx(eye.project(person.room.points), abs=1e-2)
    # The camera's own geometry takes the pixels back to the body.
    depth = person.room.points[..., 2]
    assert eye.at_depth(person.track.xy.astype(float), depth) == pytest.approx(person.room.points, abs=1e-3)


@settings(deadline=None, max_examples=12)
@given(yaw=floats(-170, 170), distance=floats(2.5, 6), pitch=floats(-5, 15))
def test_world_landmarks_are_the_body_about_its_hips_in_camera_axes(yaw, distance, pitch):
    seen = view(standing(), camera(pitch_deg=pitch), yaw, distance, fps=4, model_bias=False)
    world, points = seen.track.world.astype(float), seen.people[0].room.points
    assert world[:, (L.LEFT_HIP, L.RIGHT_HIP)].mean(1) == pytest.approx(np.zeros((len(world), 3)), abs=1e-6)
    turned = world[:, 0] @ seen.camera.rotation()
    middle = (points[:, L.LEFT_HIP] + points[:, L.RIGHT_HIP]) / 2
    assert turned == pytest.approx(points[:, 0] - middle, abs=1e-5)


def test_yaw_turns_the_person_as_in_the_rendered_footage():
    front, left, right, back = (view(standing(), yaw_deg=y, fps=None).people[0] for y in (0, 90, -90, 180))
    assert front.track.xy[0, L.LEFT_SHOULDER, 0] > front.track.xy[0, L.RIGHT_SHOULDER, 0]
    assert back.track.xy[0, L.LEFT_SHOULDER, 0] < back.track.xy[0, L.RIGHT_SHOULDER, 0]
    for person, near, far in ((left, "LEFT", "RIGHT"), (right, "RIGHT", "LEFT")):
        z = person.track.image[0, :, 2]
        assert z[L[f"{near}_SHOULDER"]] < z[L[f"{far}_SHOULDER"]]
        visible = person.track.visibility[0]
        assert visible[L[f"{near}_WRIST"]] > 0.9
        assert visible[L[f"{far}_WRIST"]] < 0.3
    assert left.track.xy[0, L.NOSE, 0] < left.track.xy[0, L.LEFT_EAR, 0], (
        "from their left they look to the picture's left"
    )


@settings(deadline=None, max_examples=12)
@given(
    yaw=floats(-170, 170), roll=floats(-8, 8), tilt=floats(-8, 8), head=floats(-30, 30),
    hands=sampled_from(["sides", "hip_left", "pocket_right"]),
)  # fmt: skip
def test_a_flipped_picture_is_that_of_the_mirrored_scene(yaw, roll, tilt, head, hands):
    asked = standing(shoulder_tilt_deg=tilt, head_yaw_deg=head, hands=hands)
    other = Performance(
        lambda t: asked.motion(t).mirrored(), asked.body, hands=asked.truth(np.zeros(1)).mirrored().hands
    )
    flipped = view(asked, camera(roll_deg=roll), yaw, fps=4, mirror=True)
    mirrored = view(other, camera(roll_deg=-roll), -yaw, fps=4)
    assert flipped.camera == mirrored.camera
    assert flipped.track.image == pytest.approx(mirrored.track.image, abs=1e-2)
    assert flipped.track.world == pytest.approx(mirrored.track.world, abs=1e-5)
    assert flipped.track.details.hand_score == pytest.approx(mirrored.track.details.hand_score, nan_ok=True)
    assert flipped.track.details.arms == pytest.approx(mirrored.track.details.arms, nan_ok=True)
    assert flipped.truth.numbers == pytest.approx(mirrored.truth.numbers, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(stature=floats(1.4, 2.0))
def test_a_body_twice_as_large_seen_from_twice_as_far_gives_the_same_picture(stature):
    def seen(h):
        person = standing(body=Body(h), heel_gap_cm=h, sway_cm=h, sway_fore_cm=h)
        return view(person, camera(height_m=0.75 * h), 20, 2.0 * h, fps=4).track.xy

    assert seen(stature) == pytest.approx(seen(1.0), abs=1e-2)


@settings(deadline=None, max_examples=4)
@given(noise=floats(0.2, 4), seed=integers(0, 1000))
def test_noise_has_the_strength_that_was_asked_and_is_told(noise, seed):
    clean, noisy = (view(standing(duration_s=5), fps=30, noise_px=n, drift_px=0, seed=seed).track for n in (0.0, noise))
    off = (noisy.xy - clean.xy)[:, [L.NOSE, L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP]]
    assert off.std() == pytest.approx(noise, rel=0.1)
    assert noisy.noise == pytest.approx(np.full(33, noise), rel=1e-6)
    assert view(standing(duration_s=5), noise_px=noise, drift_px=0, seed=seed).track.xy == pytest.approx(noisy.xy)


def test_seeds_differ():
    a, b = (view(standing(), fps=4, noise_px=1, seed=s).track.xy for s in (1, 2))
    assert np.abs(a - b).max() > 0.5


@pytest.mark.parametrize(("fps", "frames"), [(30, 90), (29.97, 90), (7.5, 22), (60, 180), (None, 1)])
def test_frame_rates_give_true_times(fps, frames):
    seen = view(standing(), fps=fps)
    assert len(seen.track) == frames
    if fps:
        assert np.diff(seen.track.time_s) == pytest.approx(np.full(frames - 1, 1 / fps))
    else:
        assert np.isnan(seen.track.noise).all()


def test_the_frame_rate_does_not_change_what_is_seen():
    slow, fast = (view(standing(), fps=fps, noise_px=0, drift_px=2, seed=3).track for fps in (10, 30))
    assert slow.xy == pytest.approx(fast.xy[::3], abs=1e-3)


@pytest.mark.parametrize(
    ("hands", "left", "right"),
    [("sides", FREE, FREE), ("hips", HIP, HIP), ("hip_left", HIP, FREE), ("pockets", POCKET, POCKET),
     ("crossed", CROSSED, CROSSED), ("front_right_over_left", FREE, FREE)],
)  # fmt: skip
def test_details_say_what_each_arm_does(hands, left, right):
    details = view(standing(hands=hands), noise_px=1).track.details
    assert np.diff(details.at) == pytest.approx(15), "twice a second"
    assert (details.arms.argmax(-1) == [left, right]).all()
    assert details.arms.sum(-1) == pytest.approx(1.0)


def test_a_hand_in_a_pocket_is_not_found_and_a_free_one_is():
    details = view(standing(hands="pocket_right")).track.details
    assert (details.hand_score[:, 0] > 0.9).all()
    assert (details.hand_score[:, 1] < 0.1).all()
    assert np.isfinite(details.hands[:, 0]).all()
    assert np.isnan(details.hands[:, 1]).all()


@pytest.mark.parametrize(("hands", "upper"), [("front_right_over_left", 1), ("front_left_over_right", 0)])
def test_of_joined_hands_only_the_upper_one_is_found(hands, upper):
    details = view(standing(hands=hands), noise_px=1).track.details
    assert (details.hand_score[:, upper] > 0.9).all()
    assert (details.hand_score[:, 1 - upper] < 0.3).all()


def test_hands_behind_the_back_are_hidden_from_the_front_only():
    def wrists(yaw):
        return view(standing(hands="behind"), yaw_deg=yaw, fps=4).track.visibility[:, [L.LEFT_WRIST, L.RIGHT_WRIST]]

    assert wrists(0).max() < 0.3
    assert wrists(180).min() > 0.9


def test_a_landmark_outside_the_picture_keeps_its_place_and_is_not_visible():
    scene = SCENARIOS["upper_body_only"].make(Body())
    seen = view(scene, camera(height_m=scene.viewpoint.height_m, pitch_deg=3), 0, scene.viewpoint.distance_m)
    feet = seen.track.image[:, [L.LEFT_HEEL, L.RIGHT_HEEL, L.LEFT_KNEE]]
    assert (feet[..., 1] > seen.camera.height).all()
    assert (feet[..., 3] < 0.3).all()
    assert (seen.track.visibility[:, L.NOSE] > 0.9).all()


def test_what_a_thing_hides_is_hardly_visible():
    track = view(standing(), fps=4, occlusion=(L.LEFT_KNEE, L.RIGHT_KNEE)).track
    assert (track.visibility[:, [L.LEFT_KNEE, L.RIGHT_KNEE]] < 0.3).all()
    assert (track.visibility[:, L.LEFT_HIP] > 0.9).all()


def test_somebody_too_small_or_out_of_the_picture_is_not_found():
    assert np.isnan(view(standing(), camera(pitch_deg=0), 0, 80).track.image).all()
    assert view(standing(), camera(pitch_deg=75), 0, 3.2).tracks().tracks == []


def test_the_face_is_found_from_the_front_and_not_from_the_side():
    assert np.isfinite(view(standing(), yaw_deg=30).track.details.face).all()
    assert np.isnan(view(standing(), yaw_deg=90).track.details.face).all()
    assert np.isnan(view(standing(head_yaw_deg=75)).track.details.face).all()


def test_two_people_stand_side_by_side_with_numbers_of_their_own():
    scene = SCENARIOS["two_people"].make(Body())
    found = view(scene, distance_m=3.6).tracks("simulate:two_people")
    assert [t.person for t in found.tracks] == [0, 1]
    noses = [t.xy[:, L.NOSE, 0] for t in found.tracks]
    assert (noses[0] - noses[1] > 200).all(), "the subject's left is the picture's right"
    assert found.source.kind == "simulation"
    assert found.source.frames == 90


def test_nobody_gives_no_track():
    found = view(SCENARIOS["no_person"].make(Body())).tracks()
    assert found.tracks == []
    assert found.source.duration_s == pytest.approx(3.0)


def test_series_of_the_truth_go_with_the_frames_of_the_track():
    seen = view(standing(sway_cm=6))
    assert all(len(v) == len(seen.track) for v in seen.truth.series.values())


@pytest.mark.parametrize("yaw", [0, 25, -40, 90, 180])
def test_left_and_right_are_never_exchanged(yaw):
    seen = view(standing(), yaw_deg=yaw, fps=4, model_bias=False)
    left_hip, right_hip = (seen.people[0].room.points[0, L[f"{s}_HIP"]] for s in ("LEFT", "RIGHT"))
    assert (left_hip - right_hip)[0] == pytest.approx(2 * 0.057 * 1.72 * np.cos(np.radians(yaw)), abs=1e-3)
