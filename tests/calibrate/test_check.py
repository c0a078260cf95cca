import functools

import numpy as np
import pytest

from posture_check.calibrate import boards, sheets
from posture_check.calibrate.camera import first_frame, floor_in_picture, placed_camera
from posture_check.calibrate.check import Finding, check_markers, check_person, check_shape, verdict
from posture_check.calibrate.person import calibrate_person, seen_stature, typical
from posture_check.calibrate.place import neutral_of, profile_scene, same_shape
from posture_check.calibrate.profile import CameraProfile, PersonProfile, Profile
from posture_check.calibrate.seat_marker import seat_from_marker
from posture_check.errors import InputError
from posture_check.measures.camera import Camera
from posture_check.measures.scene import ADULT_STATURE_M
from posture_check.rules.result import Text
from posture_check.simulate.source import simulated_tracks
from tests.calibrate.shots import level, save, shoot

SIMULATED = "simulate:standing_v60?height=1.3&pitch=6&distance=3.2&hfov=62&stature=1.72&duration={}&yaw={}"
CAMERA = CameraProfile(hfov_deg=62, height_m=1.3, pitch_deg=6)
HALL = Profile(name="hall", camera=CAMERA)
MAT = sheets.mat_in_one(100, 80)
MAT_MM = (MAT.shape[1] / sheets.LARGE_PX_PER_MM, MAT.shape[0] / sheets.LARGE_PX_PER_MM)


def stand(seconds=8, yaw=0):
    return simulated_tracks(SIMULATED.format(seconds, yaw))[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mats")


@functools.cache
def mat_frame(folder, pitch, height=1.3, roll=0.0):
    image = shoot(MAT, sheets.LARGE_PX_PER_MM, Camera(1280, 720, 62, height, pitch, roll), level(0, (0.1, 3.0), MAT_MM))
    name = save(image, folder / f"mat{pitch}{height}{roll}.png")
    return name, first_frame(name)


def test_the_height_of_a_person_is_seen_through_the_camera():
    found = stand()
    seen = seen_stature(CAMERA.camera(1280, 720), typical(found.tracks[0]))
    assert seen.metres == pytest.approx(1.72, abs=0.04)
    assert abs(seen.metres - 1.72) < 2 * seen.error_m < 0.12
    assert seen.distance_m == pytest.approx(3.2, abs=0.15)


@pytest.mark.parametrize(
    ("change", "known", "fits"),
    [
        ({}, None, True),
        ({}, 172.0, True),
        ({}, 150.0, False),
        ({"pitch_deg": 14}, None, False),
        ({"pitch_deg": 11}, None, None),
        ({"pitch_deg": 0}, None, False),
        ({"pitch_deg": 8.5}, 172.0, False),
        ({"height_m": 2.2}, None, False),
    ],
)
def test_somebody_who_stands_there_tells_whether_the_camera_has_moved(change, known, fits):
    profile = Profile(name="hall", camera=CAMERA.model_copy(update=change))
    finding = check_person(profile, stand(), known)
    assert finding.fits is fits
    assert "cm" in finding.text.en
    assert "cm" in finding.text.zh


def test_nobody_tells_nothing():
    found = stand()
    found.tracks.clear()
    finding = check_person(HALL, found)
    assert finding.fits is None
    assert "nobody stands" in finding.text.en


def test_another_shape_of_picture_does_not_fit_and_another_size_does():
    profile = Profile(name="a", camera=CAMERA.model_copy(update={"size": (1280, 720)}))
    assert check_shape(profile, (1920, 1080)) is None
    assert check_shape(profile, (720, 1280)) is None
    assert check_shape(profile, (640, 480)).fits is False
    assert check_shape(HALL, (640, 480)) is None
    assert same_shape((1280, 720), (854, 480))
    with pytest.raises(InputError, match="made for pictures of 1280x720, this one is 640x480"):
        profile_scene(profile, (640, 480))


@pytest.mark.parametrize(
    ("pitch", "height", "roll", "fits"),
    [
        (14, 1.3, 0.0, True),
        (14.2, 1.3, 0.0, True),
        (16, 1.3, 0.0, False),
        (14, 1.3, 3.0, False),
        (14, 1.45, 0.0, False),
    ],
)
def test_the_mat_on_the_floor_tells_whether_the_tripod_has_moved(folder, pitch, height, roll, fits):
    fit, kept = floor_in_picture(mat_frame(folder, 14)[0], (100, 80), (62, 0.5), None)
    profile = Profile(name="a", camera=placed_camera(fit), floor=kept)
    (finding,) = check_markers(profile, [mat_frame(folder, pitch, height, roll)[1]])
    assert finding.fits is fits
    assert verdict([finding]) is fits


def test_the_marker_on_the_seat_tells_whether_the_chair_has_moved(tmp_path):
    camera = Camera(1280, 720, 62, 1.3, 14)
    profile = CameraProfile(hfov_deg=62, height_m=1.3, pitch_deg=14)

    def frame(x):
        image = shoot(sheets.seat_sheet(), 10, camera, level(0.45, (x, 2.4), sheets.A4_MM, 90.0))
        return first_frame(save(image, tmp_path / f"{x}.png"))

    chair = seat_from_marker(frame(0.1).image, profile.camera(1280, 720), 44, 45, 2.0)
    hall = Profile(name="a", camera=profile, chair=chair)
    assert check_markers(hall, [frame(0.105)])[0].fits is True
    moved = check_markers(hall, [frame(0.16)])[0]
    assert moved.fits is False
    assert "6.0 cm" in moved.text.en or "5.9 cm" in moved.text.en or "6.1 cm" in moved.text.en


def test_pictures_without_markers_tell_nothing(folder, tmp_path):
    fit, kept = floor_in_picture(mat_frame(folder, 14)[0], (100, 80), (62, 0.5), None)
    blank = first_frame(save(np.full((720, 1280, 3), 90, np.uint8), tmp_path / "blank.png"))
    assert check_markers(Profile(name="a", camera=placed_camera(fit), floor=kept), [blank]) == []
    assert boards.find_markers(blank.image) == {}


def test_the_verdict_is_the_worst_that_is_told():
    fits, fits_not, unknown = (Finding(told, Text(zh="x", en="x")) for told in (True, False, None))
    assert verdict([fits, unknown]) is True
    assert verdict([fits, fits_not]) is False
    assert verdict([unknown]) is None
    assert verdict([]) is None


def test_a_person_is_measured_from_the_front_and_then_from_the_side():
    front = calibrate_person(stand(), HALL, "7")
    assert front.stature_cm == pytest.approx(172, abs=4)
    assert abs(front.lean_side_deg) < 3
    assert front.lean_fore_deg is None
    assert front.proportions["left_thigh"] == pytest.approx(0.24, abs=0.04)
    with_front = HALL.model_copy(update={"person": front})
    both = calibrate_person(stand(yaw=90), with_front, "7", stature_cm=172)
    assert both.lean_side_deg == front.lean_side_deg
    assert both.lean_fore_deg is not None
    assert (both.stature_cm, both.stature_error_cm) == (172, 1)
    other = calibrate_person(stand(yaw=90), with_front, "8", stature_cm=172)
    assert other.lean_side_deg is None


def test_who_does_not_stand_long_enough_is_told_so():
    with pytest.raises(InputError, match=r"stands upright and whole for \d\.\d s, 5 are needed"):
        calibrate_person(stand(2), HALL, "7")
    nobody = stand()
    nobody.tracks.clear()
    with pytest.raises(InputError, match="nobody is seen"):
        calibrate_person(nobody, HALL, "7")
    with pytest.raises(InputError, match=r"hardly anybody is.*calibrate check"):
        calibrate_person(stand(), Profile(name="a", camera=CAMERA.model_copy(update={"pitch_deg": 13})), "7")


def test_the_profiles_person_reaches_the_scene():
    person = PersonProfile(name="7", stature_cm=181, stature_error_cm=2, lean_side_deg=1.5, error_deg=1.2)
    profile = HALL.model_copy(update={"person": person})
    scene = profile_scene(profile, (1280, 720))
    assert (scene.stature_m, scene.stature_error_m) == (1.81, 0.02)
    assert (scene.neutral.lean_side_deg, scene.neutral.lean_fore_deg, scene.neutral.error_deg) == (1.5, None, 1.2)
    assert profile_scene(profile, (1280, 720), 1.65).stature_m == 1.65
    assert profile_scene(HALL, (1280, 720)).stature_m == ADULT_STATURE_M
    assert neutral_of(None) is None


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        ("trunk_lean_forward", r"trunk leans \+\d+\.\d° forward, which is no neutral pose"),
        ("trunk_lean_side", r"trunk leans [+-]\d+\.\d° to the left, which is no neutral pose"),
        ("head_down", r"head is \+\d+\.\d° down, which is no neutral pose"),
    ],
)
def test_a_pose_that_is_at_fault_is_not_taken_for_neutral(scene, said):
    yaw = 90 if "forward" in scene else 0
    found = simulated_tracks(f"simulate:{scene}?height=1.3&pitch=6&distance=3.2&hfov=62&duration=8&yaw={yaw}")[0]
    with pytest.raises(InputError, match=said):
        calibrate_person(found, HALL, "7")
