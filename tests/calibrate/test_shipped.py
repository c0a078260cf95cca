"""What ships in ``calibration/`` is what the program makes and takes."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from posture_check.calibrate.chair import fit_profile_seat
from posture_check.calibrate.profile import Profile, load_profile

FOLDER = Path(__file__).resolve().parents[2] / "calibration"
PROFILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.name)
def test_shipped_profiles_are_valid_and_fit_their_own_camera(path):
    profile = load_profile(path)
    assert profile.name == path.stem
    fit = fit_profile_seat(profile, profile.camera.size)
    assert fit is None or fit.off_sigma < 1


@pytest.mark.parametrize("name", ["board", "mat", "seat-marker"])
def test_the_sheets_to_print_are_there(name):
    assert (FOLDER / f"{name}.pdf").read_bytes().startswith(b"%PDF-")


def test_every_field_of_a_profile_says_what_it_is():
    parts = [Profile, *(Profile.__annotations__.keys() and [type(load_profile(PROFILES[0]).camera)])]
    for part in parts:
        for name, field in part.model_fields.items():
            assert field.description or name in ("format", "camera", "lens", "floor", "chair", "person"), name


def test_a_profile_of_the_first_version_still_loads(tmp_path):
    old = {
        "format": "posture-check/calibration/1",
        "name": "hall",
        "camera": {"hfov_deg": 64.0, "height_m": 1.4, "pitch_deg": 7.0, "roll_deg": 0.0, "hfov_error_deg": 1.0},
    }
    path = tmp_path / "old.yaml"
    with path.open("w", encoding="utf-8") as out:
        YAML().dump(old, out)
    profile = load_profile(path)
    assert (profile.camera.hfov_deg, profile.chair, profile.person, profile.floor) == (64.0, None, None, None)
