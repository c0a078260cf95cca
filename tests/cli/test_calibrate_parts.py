import json
from pathlib import Path

import numpy as np
import pytest

from posture_check.calibrate import sheets
from posture_check.calibrate.profile import load_profile
from posture_check.measures.camera import Camera
from tests.calibrate.shots import held, level, save, shoot

SEAT = "758.99,466.06 741.53,428.17 892.50,428.17 935.91,466.06"
CAMERA = ("--hfov-deg", "62", "--height-m", "1.086", "--pitch-deg", "8.14", "--roll-deg", "0")
RULER = ("--seat-depth-cm", "44", "--seat-height-cm", "45")
FLOOR = ("--points", "456,574 834,564 790,463 494.7,471", "--size-cm", "100x80")


@pytest.fixture
def profile(posture_check, tmp_path) -> Path:
    out = tmp_path / "p.yaml"
    assert posture_check("calibrate", "camera", *CAMERA, "--out", out).code == 0
    return out


def test_a_chair_is_added_to_the_profile_by_numbers_alone(posture_check, profile):
    done = posture_check("calibrate", "chair", "--profile", profile, "--seat", SEAT, *RULER)
    assert done.code == 0
    assert "seat 46 cm wide, 44 cm deep (by the camera 44.0" in done.out
    assert "the sitter's left side, 80° from their front" in done.out
    assert "--size WxH makes sure" in done.err
    kept = load_profile(profile)
    assert kept.chair.seat[0] == (758.99, 466.06)
    assert (kept.chair.depth_cm, kept.chair.height_cm, kept.chair.size) == (44, 45, None)
    assert kept.camera.hfov_deg == 62


def test_a_chair_leaves_the_profile_alone_with_out(posture_check, profile, tmp_path):
    before = profile.read_bytes()
    out = tmp_path / "q.yaml"
    size = ("--size", "1280x720")
    done = posture_check("calibrate", "chair", "--profile", profile, "--seat", SEAT, *RULER, "--out", out, *size)
    assert (done.code, done.err) == (0, "")
    assert profile.read_bytes() == before
    assert load_profile(out).chair.size == (1280, 720)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seat", SEAT, "--seat-depth-cm", "30"], "the seat is 44 ± 3 cm deep, not 30"),
        (["--seat", SEAT, "--seat-depth-cm", "60"], "deep, not 60"),
        (["--seat", " ".join(SEAT.split()[::-1])], "wrong way"),
        (["--seat", " ".join(SEAT.split()[:3])], "--seat: 3 points given"),
        (["--seat", SEAT, "--size", "640x480"], "cm wide, which no chair is"),
        (["--seat", SEAT, "--size", "1920x1080"], "the seat is 78 ± 9 cm deep, not 44"),
        (["--seat", SEAT, "--seat-height-cm", "nan"], "--seat-height-cm nan"),
        (["--seat", SEAT, "--seat-depth-cm", "4"], "--seat-depth-cm 4"),
        ([], "posture-check calibrate mark PICTURE"),
    ],
)
def test_a_wrong_chair_is_refused_in_one_line_and_not_written(posture_check, profile, arguments, said):
    before = profile.read_bytes()
    done = posture_check("calibrate", "chair", "--profile", profile, *RULER, *arguments)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert profile.read_bytes() == before


def test_a_chair_without_a_profile_is_told_so(posture_check, tmp_path):
    done = posture_check("calibrate", "chair", "--profile", tmp_path / "none.yaml", "--seat", SEAT, *RULER)
    assert done.code == 2
    assert "name an existing calibration profile" in done.err


def test_the_floor_by_four_points_gives_the_camera(posture_check, tmp_path):
    out = tmp_path / "floor.yaml"
    done = posture_check("calibrate", "floor", "--profile", out, "--hfov-deg", "62", "--size", "1280x720", *FLOOR)
    assert done.code == 0
    assert "camera 1.21 ±" in done.out
    assert "cm off the model" in done.out
    made = load_profile(out)
    assert made.camera.size == (1280, 720)
    assert made.floor.how == "points"
    assert posture_check("calibrate", "floor", "--profile", out, *FLOOR).code == 0  # field of view and size are known


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "either --points with --size-cm, or --picture"),
        (["--points", FLOOR[1]], "--hfov-deg: missing"),
        (["--points", FLOOR[1], "--hfov-deg", "62"], "--size-cm: missing"),
        ([*FLOOR, "--hfov-deg", "62"], "--size: missing"),
        ([*FLOOR, "--hfov-deg", "620", "--size", "1280x720"], "--hfov-deg 620"),
        (["--points", FLOOR[1], "--size-cm", "80x100", "--hfov-deg", "62", "--size", "1280x720"], "off those of such"),
        (["--picture", "none.png", "--hfov-deg", "62", "--size-cm", "100x80"], "none.png"),
    ],
)
def test_a_floor_that_cannot_be_is_refused(posture_check, tmp_path, arguments, said):
    done = posture_check("calibrate", "floor", "--profile", tmp_path / "f.yaml", *arguments)
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "f.yaml").exists()


def test_pictures_of_the_board_and_of_the_mat_make_a_whole_profile(posture_check, tmp_path):
    camera = Camera(1280, 720, 62.0, 1.3, 16.0)
    front = Camera(1280, 720, 62.0, 1.3, 0.0)
    views = [
        save(
            shoot(sheets.board_sheet(), 10, front, held(front, 0.55, tilt, turn, 0.02, sheets.A4_MM)),
            tmp_path / f"view{i}.png",
        )
        for i, (tilt, turn) in enumerate([(0, 0), (35, 0), (0, 35), (-30, -20)])
    ]
    page = sheets.mat_in_one(100, 80)
    size = (page.shape[1] / 4, page.shape[0] / 4)
    mat = save(shoot(page, 4, camera, level(0.0, (0.1, 3.0), size)), tmp_path / "mat.png")
    out = tmp_path / "p.yaml"
    done = posture_check("calibrate", "camera", *views, "--level", "--height-m", "1.3", "--out", out)
    assert done.code == 0
    assert "from 4 views, 96 corners" in done.out
    assert posture_check("calibrate", "floor", "--profile", out, "--picture", mat, "--size-cm", "100x80").code == 0
    made = load_profile(out)
    assert made.camera.hfov_deg == pytest.approx(62, abs=1)
    assert made.camera.pitch_deg == pytest.approx(16, abs=0.5)
    assert made.camera.height_m == pytest.approx(1.3, abs=0.02)
    assert made.lens.views == 4
    assert posture_check("calibrate", "check", "--profile", out, mat).code == 0
    chinese = posture_check("calibrate", "check", "--profile", out, mat, "--lang", "zh")
    assert "标定仍然准确" in chinese.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--height-m", "1", "--pitch-deg", "5"], "--hfov-deg: missing"),
        (["--hfov-deg", "62", "--pitch-deg", "5"], "--height-m: missing"),
        (["--hfov-deg", "62", "--height-m", "1"], "--pitch-deg: missing"),
        (["--hfov-deg", "62", "--height-m", "1", "--level", "--pitch-deg", "5"], "--level: not together"),
        (["--hfov-deg", "62", "--height-m", "1", "--on-floor", "a.png"], "--on-floor: not together"),
        (["--hfov-deg", "62", "a.png", "--height-m", "1", "--level"], "--hfov-deg: not together"),
        (["gone.png", "--height-m", "1", "--level"], "gone.png"),
        (["--hfov-deg", "62", "--height-m", "1", "--level", "--size", "wide"], "--size wide"),
    ],
)
def test_a_camera_given_twice_or_by_halves_is_refused(posture_check, tmp_path, arguments, said):
    done = posture_check("calibrate", "camera", *arguments, "--out", tmp_path / "c.yaml")
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "c.yaml").exists()


def test_a_person_is_added_and_named_results_carry_the_profile(posture_check, profile):
    scene = "simulate:standing_v60?duration=8&height=1.086&pitch=8.14&hfov=62&distance=3.4"
    done = posture_check("calibrate", "person", "--source", scene, "--profile", profile, "--name", "n7")
    assert done.code == 0, done.err
    assert "stature 17" in done.out
    assert load_profile(profile).person.name == "n7"
    judged = posture_check("check", scene, "--calibration", profile, "--json")
    assert json.loads(judged.out)["settings"]["calibration"] == "p"
    assert posture_check("calibrate", "check", "--profile", profile, scene).code == 0


def test_check_says_fits_fits_not_and_cannot_be_told(posture_check, profile, tmp_path):
    scene = "simulate:standing_v60?duration=4&height=1.086&pitch={}&hfov=62&distance=3.4"
    assert posture_check("calibrate", "check", "--profile", profile, scene.format(8.14)).code == 0
    moved = posture_check("calibrate", "check", "--profile", profile, scene.format(1), "--stature-cm", "172")
    assert moved.code == 1
    assert "the camera has moved" in moved.out
    blank = save(np.full((480, 640, 3), 90, np.uint8), tmp_path / "blank.png")
    sized = tmp_path / "sized.yaml"
    posture_check("calibrate", "camera", *CAMERA, "--size", "1280x720", "--out", sized)
    shape = posture_check("calibrate", "check", "--profile", sized, blank)
    assert shape.code == 1
    assert "640x480, another shape" in shape.out


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_sheets_are_written_to_print(posture_check, tmp_path, suffix):
    for command, names in (
        (("board",), ["a"]),
        (("mat", "--seat"), ["a"]),
        (("mat", "--one-sheet", "100x80"), ["a"]),
        (("mat",), ["a"] if suffix == ".pdf" else ["a-1", "a-2", "a-3", "a-4"]),
    ):
        folder = tmp_path / "-".join(command)
        folder.mkdir()
        done = posture_check("calibrate", *command, "--out", folder / f"a{suffix}")
        assert done.code == 0
        assert sorted(p.name for p in folder.iterdir()) == [f"{name}{suffix}" for name in names]
    assert posture_check("calibrate", "board", "--out", tmp_path / "a.txt").code == 2
    assert posture_check("calibrate", "mat", "--seat", "--one-sheet", "100x80", "--out", tmp_path / "b.pdf").code == 2


def test_the_marking_page_is_written(posture_check, tmp_path, examples):
    out = tmp_path / "mark.html"
    assert posture_check("calibrate", "mark", examples / "standing-v.mp4", "--out", out).code == 0
    assert 'option = "seat"' in out.read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_audit_takes_a_table_of_profiles(posture_check, profile, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(f"source,calibration\n*v60,{profile.name}\n", encoding="utf-8")
    sources = ("simulate:standing_v60", "simulate:standing_parallel")
    done = posture_check("audit", *sources, "--out", tmp_path / "out", "--calibrations", table, "--workers", 1)
    assert done.code in (0, 1, 3), done.err
    lines = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").open(encoding="utf-8")]
    assert {line["source"]["path"]: line["settings"]["calibration"] for line in lines} == {
        "simulate:standing_v60": "p",
        "simulate:standing_parallel": "simulated",
    }
    table.write_text("source,calibration\ngone*,p.yaml\n", encoding="utf-8")
    refused = posture_check("audit", *sources, "--out", tmp_path / "out2", "--calibrations", table)
    assert refused.code == 2
    assert "table.csv:2: 'gone*' matches none of the 2 sources" in refused.err
    assert not (tmp_path / "out2").exists()
