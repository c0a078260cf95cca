import json

import pytest

from posture_check.calibrate.profile import load_profile

FIGURES = ("--hfov-deg", "62", "--height-m", "1.22", "--pitch-deg", "5.6")


def test_a_camera_profile_holds_the_figures_and_can_be_used(posture_check, tmp_path):
    out = tmp_path / "counter-3.yaml"
    assert posture_check("calibrate", "camera", *FIGURES, "--roll-deg", "-0.5", "--out", out).code == 0
    camera = load_profile(out).camera
    assert (camera.hfov_deg, camera.height_m, camera.pitch_deg, camera.roll_deg) == (62, 1.22, 5.6, -0.5)
    done = posture_check("check", "simulate:standing_v60", "--json", "--calibration", out)
    assert json.loads(done.out)["settings"]["calibration"] == "counter-3"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["--hfov-deg", "300"], "--hfov-deg 300"),
        (["--height-m", "-1"], "--height-m -1"),
        (["--pitch-deg", "95"], "--pitch-deg 95"),
        (["--roll-deg", "nan"], "--roll-deg nan"),
        (["--out", "a.json"], "let its name end in .yaml"),
        (["--out", "gone/a.yaml"], "no folder gone"),
    ],
)
def test_impossible_figures_are_refused_with_their_option(posture_check, tmp_path, change, said):
    done = posture_check("calibrate", "camera", *FIGURES, "--out", tmp_path / "a.yaml", *change)
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "a.yaml").exists()


def test_a_missing_figure_is_bad_usage(posture_check, tmp_path):
    assert posture_check("calibrate", "camera", *FIGURES[:4], "--out", tmp_path / "a.yaml").code == 2
