from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as Pil

from posture_check.calibrate import sheets
from posture_check.errors import InputError
from posture_check.measures.camera import Camera
from posture_check.web.admin import wizard
from tests.calibrate.shots import held, level, shoot

MAT_CM = (100.0, 80.0)
CAMERA = Camera(1280, 720, 62.0, 1.3, 16.0, 1.5)


def mat_seen_by(camera: Camera) -> wizard.Image:
    page = sheets.mat_in_one(*MAT_CM)
    size = (page.shape[1] / sheets.LARGE_PX_PER_MM, page.shape[0] / sheets.LARGE_PX_PER_MM)
    return np.asarray(shoot(page, sheets.LARGE_PX_PER_MM, camera, level(0.0, (0.1, 3.0), size, 4.0)), np.uint8)


@pytest.fixture(scope="module")
def made() -> wizard.Made:
    return wizard.from_mat("site", None, mat_seen_by(CAMERA), *MAT_CM, hfov=62.0)


def test_the_mat_gives_the_camera_and_says_so_in_both_languages(made: wizard.Made) -> None:
    camera = made.profile.camera
    assert camera.height_m == pytest.approx(1.3, abs=0.03)
    assert camera.pitch_deg == pytest.approx(16.0, abs=0.5)
    assert camera.roll_deg == pytest.approx(1.5, abs=0.5)
    (note,) = made.notes
    figure = f"{camera.height_m:.2f} ± {camera.height_error_m:.2f} m"
    assert figure in note.zh
    assert figure in note.en


def test_the_check_sees_whether_the_camera_has_moved(made: wizard.Made) -> None:
    still = wizard.check_profile(made.profile, mat_seen_by(CAMERA))
    moved = wizard.check_profile(made.profile, mat_seen_by(Camera(1280, 720, 62.0, 1.3, 18.5, 1.5)))
    empty = wizard.check_profile(made.profile, np.full((720, 1280, 3), 128, np.uint8))
    upright = wizard.check_profile(made.profile, np.full((700, 700, 3), 128, np.uint8))
    assert [[finding.fits for finding in found] for found in (still, moved, empty, upright)] == [
        [True],
        [False],
        [None],
        [False],
    ]


def test_pictures_of_the_board_give_the_field_of_view(made: wizard.Made) -> None:
    camera = Camera(1280, 720, 58.0, 1.2, 0.0)
    poses = [(0, 0, 0.0, 0.5), (35, 0, 0.1, 0.6), (-35, 10, -0.1, 0.55), (0, 35, 0.05, 0.6), (10, -35, 0.0, 0.5)]
    board = sheets.board_sheet()
    shots = [
        shoot(board, sheets.PX_PER_MM, camera, held(camera, away, tilt, turn, aside, sheets.A4_MM), i)
        for i, (tilt, turn, aside, away) in enumerate(poses)
    ]
    with pytest.raises(InputError, match="are needed"):
        wizard.with_lens(made.profile, shots[:1])
    profile = wizard.with_lens(made.profile, shots).profile
    assert profile.camera.hfov_deg == pytest.approx(58.0, abs=0.5)
    assert profile.lens is not None
    assert profile.lens.views == 5


def test_a_rectangle_that_was_marked_gives_the_same_camera() -> None:
    floor = np.array([[-0.4, 0, 2.4], [0.6, 0, 2.4], [0.6, 0, 3.2], [-0.4, 0, 3.2]])
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in CAMERA.project(floor))
    image = np.zeros((720, 1280, 3), np.uint8)
    camera = wizard.from_rectangle("site", None, image, points, 100, 80, 62.0).profile.camera
    assert camera.height_m == pytest.approx(1.3, abs=0.02)
    assert camera.pitch_deg == pytest.approx(16.0, abs=0.3)


def test_a_chair_that_does_not_fit_the_new_camera_is_taken_out_and_told(made: wizard.Made) -> None:
    image = np.zeros((720, 1280, 3), np.uint8)
    seat = np.array([[0.22, 0.45, 2.4], [-0.22, 0.45, 2.4], [-0.22, 0.45, 2.84], [0.22, 0.45, 2.84]])
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in made.profile.camera.camera(1280, 720).project(seat))
    seated = wizard.with_chair(made.profile, image, points, 44, 45, 0)
    assert seated.profile.chair is not None
    assert any("45°" in note.en for note in seated.notes)  # seen from the front the used share cannot be told
    figures: dict[str, float | None] = {"hfov_deg": 62, "height_m": 3.4, "pitch_deg": 40, "roll_deg": None}
    moved = wizard.from_figures("site", seated.profile, figures, image)
    assert moved.profile.chair is None
    assert "mark it again" in moved.notes[0].en


def test_what_cannot_be_is_told_by_its_own_name() -> None:
    grey = np.full((720, 1280, 3), 128, np.uint8)
    with pytest.raises(InputError, match=r"^picture: of the mat's sheets"):
        wizard.from_mat("site", None, grey, 100, 80, 62.0)
    with pytest.raises(InputError, match=r"^points"):
        wizard.from_rectangle("site", None, grey, "1,1 2,2", 100, 80, 62.0)
    with pytest.raises(InputError, match="hfov-deg"):
        wizard.from_figures("site", None, {"hfov_deg": 500.0, "height_m": 1.0, "pitch_deg": 0.0}, None)


def test_pictures_are_turned_upright_and_bombs_refused() -> None:
    out = io.BytesIO()
    exif = Pil.Exif()
    exif[0x0112] = 6  # the camera was held upright
    Pil.new("RGB", (40, 20)).save(out, "JPEG", exif=exif)
    assert wizard.read_picture(out.getvalue()).shape == (40, 20, 3)
    large = io.BytesIO()
    Pil.new("1", (10_000, 5_000)).save(large, "PNG")
    with pytest.raises(InputError, match="too large"):
        wizard.read_picture(large.getvalue())
    for damaged in (b"", b"GIF89a", out.getvalue()[:200]):
        with pytest.raises(InputError, match="not a JPEG"):
            wizard.read_picture(damaged)
