import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import builds, floats, text

from posture_check.calibrate.profile import CameraProfile, Profile, load_profile, save_profile
from posture_check.errors import InputError

CAMERAS = builds(
    CameraProfile,
    hfov_deg=floats(11, 169),
    height_m=floats(0.01, 19),
    pitch_deg=floats(-60, 89),
    roll_deg=floats(-45, 45),
    roll_error_deg=floats(0, 5),
)
HALL = Profile(name="大厅 1", camera=CameraProfile(hfov_deg=64.5, height_m=1.42, pitch_deg=7.25, roll_deg=-0.5))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(camera=CAMERAS, name=text(alphabet="abc 大厅:#'\"-", min_size=1, max_size=12))
def test_a_profile_comes_back_as_it_was_saved(tmp_path, camera, name):
    path = tmp_path / "profile.yaml"
    save_profile(Profile(name=name, camera=camera), path)
    assert load_profile(path) == Profile(name=name, camera=camera)
    assert [p.name for p in tmp_path.iterdir()] == ["profile.yaml"]


def test_the_camera_is_that_of_the_profile_for_the_pictures_at_hand():
    camera = HALL.camera.camera(1280, 720)
    assert (camera.width, camera.height, camera.hfov_deg, camera.height_m) == (1280, 720, 64.5, 1.42)
    assert (camera.pitch_deg, camera.roll_deg) == (7.25, -0.5)
    assert (camera.hfov_error_deg, camera.height_error_m, camera.pitch_error_deg, camera.roll_error_deg) == (
        1,
        0.02,
        0.5,
        0.4,
    )
    assert HALL.camera.camera(720, 1280).focal_px == camera.focal_px


VALID = "format: posture-check/calibration/1\nname: hall\ncamera: {hfov_deg: 64, height_m: 1.4, pitch_deg: 7}\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (VALID.replace("1.4", "-1.4"), r"camera\.height_m: .*greater than 0"),
        (VALID.replace("64", "640"), r"camera\.hfov_deg: .*less than 170"),
        (VALID.replace("64", "wide"), r"camera\.hfov_deg: .*number"),
        (VALID.replace("pitch_deg: 7", "tilt_deg: 7"), r"camera\.\w+: "),
        (VALID + "colour: red\n", "colour: .*not permitted"),
        (VALID.replace("name: hall\n", ""), "name: Field required"),
        (VALID.replace("hall", "''"), "name: "),
        (VALID.replace("calibration/1", "calibration/9"), "format: "),
        ("- 1\n", "valid dictionary"),
        ("", "valid dictionary"),
        ("name: [", "not YAML"),
        ("a: b\x00c", "not YAML"),
    ],
)
def test_a_bad_profile_is_told_in_one_line_with_its_cure(tmp_path, content, said):
    path = tmp_path / "profile.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as told:
        load_profile(path)
    message = str(told.value)
    assert message.startswith(f"{path}: ")
    assert re.search(said, message), message
    assert "again with 'posture-check calibrate camera'" in message
    assert "\n" not in message


def test_a_profile_that_is_not_there_or_not_text_is_told_so(tmp_path):
    with pytest.raises(InputError, match=r"cannot be read .*name an existing calibration profile"):
        load_profile(tmp_path / "none.yaml")
    (tmp_path / "picture.yaml").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(InputError, match="not YAML"):
        load_profile(tmp_path / "picture.yaml")


def test_a_profile_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    with pytest.raises(InputError, match=r"cannot be written .*existing folder"):
        save_profile(HALL, tmp_path / "none" / "profile.yaml")
    (tmp_path / "taken").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        save_profile(HALL, tmp_path / "taken")
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]


def test_saving_anew_replaces_the_old_profile_whole(tmp_path):
    path = tmp_path / "profile.yaml"
    save_profile(HALL, path)
    save_profile(HALL.model_copy(update={"name": "x"}), path)
    assert load_profile(path).name == "x"
