import numpy as np
import pytest
from PIL import Image

from posture_check.calibrate import boards, sheets
from posture_check.calibrate.camera import first_frame, floor_in_picture, lens_from
from posture_check.calibrate.lens import fit_lens
from posture_check.calibrate.profile import CameraProfile
from posture_check.calibrate.seat_marker import seat_from_marker
from posture_check.errors import InputError
from posture_check.measures.camera import Camera
from tests.calibrate.shots import held, level, save, shoot

A4 = sheets.A4_MM
CAMERA = Camera(1280, 720, 62.0, 1.3, 16.0, 1.5)
MAT_CM = (100.0, 80.0)
MAT_PX_PER_MM = sheets.LARGE_PX_PER_MM


@pytest.fixture(scope="module")
def views(tmp_path_factory):
    """Pictures of the board held before a camera of 62 degrees, and of 45 in portrait."""
    folder = tmp_path_factory.mktemp("views")
    board = sheets.board_sheet()
    poses = [(0, 0, 0.0, 0.5), (35, 0, 0.1, 0.6), (-35, 10, -0.1, 0.55), (0, 35, 0.05, 0.6), (10, -35, 0.0, 0.5)]
    files = {}
    for hfov, size in ((62.0, (1280, 720)), (45.0, (480, 640))):
        camera = Camera(*size, hfov, 1.2, 0.0)
        files[hfov] = [
            save(
                shoot(board, 10, camera, held(camera, away, tilt, turn, aside, A4), i),
                folder / f"{hfov:.0f}-{i}.png",
            )
            for i, (tilt, turn, aside, away) in enumerate(poses)
        ]
    return files


@pytest.fixture(scope="module")
def mat_picture(tmp_path_factory):
    page = sheets.mat_in_one(*MAT_CM)
    size = (page.shape[1] / MAT_PX_PER_MM, page.shape[0] / MAT_PX_PER_MM)
    image = shoot(page, MAT_PX_PER_MM, CAMERA, level(0.0, (0.1, 3.0), size, 4.0))
    return save(image, tmp_path_factory.mktemp("mat") / "mat.png")


@pytest.mark.parametrize("hfov", [62.0, 45.0])
def test_pictures_of_the_board_give_the_field_of_view(views, hfov):
    fit = lens_from(views[hfov], boards.SQUARE_MM)
    assert fit.hfov_deg == pytest.approx(hfov, abs=0.5)
    assert abs(fit.hfov_deg - hfov) < 2 * fit.error_deg
    assert fit.reprojection_px < 0.5
    assert fit.views == 5


def test_the_size_of_the_squares_does_not_matter_to_the_field_of_view(views):
    assert lens_from(views[62.0], 30.0).hfov_deg == pytest.approx(62.0, abs=0.5)


def test_too_few_or_mixed_views_are_refused(views, mat_picture):
    with pytest.raises(InputError, match="seen well in 2 of the pictures, 3 are needed"):
        lens_from([*views[62.0][:2], mat_picture], boards.SQUARE_MM)
    with pytest.raises(InputError, match=r"several sizes \(480x640, 1280x720\)"):
        lens_from([*views[62.0][:2], *views[45.0][:2]], boards.SQUARE_MM)
    with pytest.raises(InputError, match="0 of the pictures"):
        fit_lens([])


def test_views_that_are_all_alike_do_not_tell_the_field_of_view(tmp_path):
    camera = Camera(1280, 720, 62.0, 1.2, 0.0)
    board = sheets.board_sheet()
    flat = [
        save(shoot(board, 10, camera, held(camera, 0.9, 0, 0, aside, A4), i), tmp_path / f"{i}.png")
        for i, aside in enumerate((-0.2, 0.0, 0.2))
    ]
    with pytest.raises(InputError, match=r"3 views are too alike.*tilted"):
        lens_from(flat, boards.SQUARE_MM)


def test_the_mat_in_a_picture_gives_the_cameras_place(mat_picture):
    fit, kept = floor_in_picture(mat_picture, MAT_CM, (62.0, 0.5), None)
    assert fit.camera.height_m == pytest.approx(1.3, abs=0.02)
    assert fit.camera.pitch_deg == pytest.approx(16, abs=0.5)
    assert fit.camera.roll_deg == pytest.approx(1.5, abs=0.5)
    assert fit.residual_cm < 1
    assert kept.how == "markers"
    found = floor_in_picture(mat_picture, MAT_CM, None, None)[0].camera
    assert found.hfov_deg == pytest.approx(62, abs=1)


def test_a_wrong_length_shows_in_the_markers_size(mat_picture):
    with pytest.raises(InputError, match=r"the markers are 2\d\d mm wide, printed they are 180"):
        floor_in_picture(mat_picture, (130, 104), (62.0, 0.5), None)


def test_the_board_on_the_floor_gives_the_cameras_place(tmp_path):
    camera = Camera(1280, 720, 62.0, 1.2, 45.0, -2.0)
    image = shoot(sheets.board_sheet(), 10, camera, level(0.0, (0.05, 1.2), A4, 10.0))
    fit, kept = floor_in_picture(save(image, tmp_path / "floor.png"), None, (62.0, 0.3), None)
    camera = fit.camera
    assert camera.height_m == pytest.approx(1.2, abs=min(0.05, 2.5 * camera.height_error_m))
    assert camera.pitch_deg == pytest.approx(45, abs=min(1.5, 2.5 * camera.pitch_error_deg))
    assert camera.roll_deg == pytest.approx(-2, abs=min(1.5, 2.5 * camera.roll_error_deg))
    assert kept.how == "board"


def test_a_picture_without_mat_or_board_is_told_so(views, tmp_path):
    blank = save(np.full((720, 1280, 3), 90, np.uint8), tmp_path / "blank.png")
    with pytest.raises(InputError, match="these are not seen: 1, 2, 3, 4"):
        floor_in_picture(blank, MAT_CM, (62.0, 0.5), None)
    with pytest.raises(InputError, match="the board is not seen"):
        floor_in_picture(blank, None, (62.0, 0.5), None)


@pytest.mark.parametrize("turn", [-90.0, 90.0, 135.0])
def test_the_marker_on_the_seat_gives_its_corners(tmp_path, turn):
    """Turned by 90, the seat's front points to the picture's left; the marker's upper edge lies 3 cm behind it."""
    camera = Camera(1280, 720, 62.0, 1.3, 14.0, 0.0, 1.0, 0.02, 0.5, 0.4)
    page = sheets.seat_sheet()
    image = shoot(page, 10, camera, level(0.45, (0.1, 2.4), A4, turn))
    chair = seat_from_marker(image, camera, 44, 45, 3.0)
    corners = camera.on_plane(np.array(chair.seat), 0.45)[:, [0, 2]]
    forward = np.array([-np.sin(np.radians(turn)), np.cos(np.radians(turn))])
    marker_top = np.array([0.1, 2.4]) + forward * (A4[1] / 2000 - 0.05)
    assert (corners[:2].mean(axis=0) - marker_top) @ forward == pytest.approx(0.03, abs=0.01)
    assert (corners[:2].mean(axis=0) - corners[2:].mean(axis=0)) @ forward == pytest.approx(0.44, abs=0.015)
    right = np.array([forward[1], -forward[0]])
    assert (corners[1] - corners[0]) @ right == pytest.approx(0.45, abs=0.015)


def test_a_seat_marker_of_another_height_is_noticed(tmp_path):
    camera = CameraProfile(hfov_deg=62, height_m=1.3, pitch_deg=14).camera(1280, 720)
    image = shoot(sheets.seat_sheet(), 10, camera, level(0.45, (0.1, 2.4), A4, 90.0))
    with pytest.raises(InputError, match=r"the seat marker is \d+ mm wide, not 120"):
        seat_from_marker(image, camera, 44, 15, 0.0)
    with pytest.raises(InputError, match="the seat marker is not seen"):
        seat_from_marker(np.full((720, 1280, 3), 90, np.uint8), camera, 44, 45, 0.0)


def test_sheets_are_in_true_scale(tmp_path):
    out = sheets.save_sheets([sheets.board_sheet()], tmp_path / "board.png")
    with Image.open(out[0]) as picture:
        assert picture.size == (2100, 2970)
        assert picture.info["dpi"] == pytest.approx((254, 254), abs=0.1)
    frame = first_frame(str(out[0]))
    view = boards.find_board(frame.image)
    assert len(view.corners) == (boards.COLUMNS - 1) * (boards.ROWS - 1)
    across = np.linalg.norm(view.corners[1] - view.corners[0])
    assert across == pytest.approx(boards.SQUARE_MM * 10, abs=1)


def test_pdf_pages_are_a4(tmp_path):
    import re

    (out,) = sheets.save_sheets(sheets.mat_sheets(), tmp_path / "mat.pdf")
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", out.read_bytes())
    assert len(boxes) == 4
    for width, height in boxes:
        assert float(width) / 72 * 25.4 == pytest.approx(210, abs=0.1)
        assert float(height) / 72 * 25.4 == pytest.approx(297, abs=0.1)


def test_every_marker_sheet_is_read_back_as_what_it_says():
    for i, page in enumerate(sheets.mat_sheets()):
        found = boards.find_markers(np.repeat(page[..., None], 3, axis=2))
        assert list(found) == [boards.MAT_IDS[i]]
        corners = found[boards.MAT_IDS[i]]
        assert np.linalg.norm(corners[0] - corners[1]) == pytest.approx(1800, abs=3)
    seat = sheets.seat_sheet()
    assert list(boards.find_markers(np.repeat(seat[..., None], 3, axis=2))) == [boards.SEAT_ID]


def test_the_four_sheets_laid_on_a_floor_are_the_same_as_the_mat_in_one():
    """The corners by the dots, laid at the corners of a rectangle, are what the calibration measures."""
    markers = {}
    for i, number in enumerate(boards.MAT_IDS):
        x, y = boards.mat_ground(*MAT_CM)[i]
        side = boards.MAT_MARKER_MM / 1000
        left, top = (x if x == 0 else x - side), (y + side if y == 0 else y)
        markers[number] = np.array([[left, top], [left + side, top], [left + side, top - side], [left, top - side]])
    assert np.allclose(boards.mat_corners(markers), boards.mat_ground(*MAT_CM))


@pytest.mark.parametrize("size", [(30, 80), (100, 400)])
def test_a_mat_that_cannot_be_printed_is_refused(size):
    with pytest.raises(InputError, match="each length must be 38 to 300 cm"):
        sheets.mat_in_one(*size)
