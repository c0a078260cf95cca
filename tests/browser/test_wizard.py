"""The camera wizard: a picture is taken, four points are marked in it, and the camera that took it comes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from posture_check.calibrate.profile import load_profile
from posture_check.measures.camera import Camera
from tests.browser.admin_page import Admin
from tests.browser.conftest import Shoot
from tests.browser.kiosk_process import KioskProcess
from tests.browser.site import furnish
from tests.browser.watch import Watch
from tests.calibrate.test_chair import corners

pytestmark = pytest.mark.slow

TRUTH = Camera(1280, 720, 62.0, 1.3, 16.0, 1.5)
FLOOR_M = np.array([[-0.4, 0, 2.4], [0.6, 0, 2.4], [0.6, 0, 3.2], [-0.4, 0, 3.2]])
SEAT_M = corners(60)
LIVE_S = 1.5
"""How often the page looks for a new picture."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, alone: None) -> Iterator[KioskProcess]:
    """Return a server that has not been calibrated."""
    folder = tmp_path_factory.mktemp("site")
    furnish(folder / "data")
    with KioskProcess(folder / "data", "--camera", "simulate:shift") as kiosk:
        yield kiosk


def picture(path: Path) -> Path:
    """Draw a room as the camera sees it: a rectangle on the floor and the seat of a chair."""
    image = np.full((TRUTH.height, TRUTH.width, 3), 190, np.uint8)
    for outline, colour in ((FLOOR_M, (150, 160, 170)), (SEAT_M, (90, 70, 60))):
        cv2.fillPoly(image, [np.round(TRUTH.project(outline)).astype(np.int32)], colour, cv2.LINE_AA)
    cv2.imwrite(str(path), image)
    return path


def click(page: Page, points: NDArray[np.floating]) -> None:
    """Click points of the picture on the canvas over it."""
    canvas = page.locator("#marks")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    for x, y in points:
        canvas.click(position={"x": x * box["width"] / TRUTH.width, "y": y * box["height"] / TRUTH.height})


def go_by_keys(page: Page, x: float, y: float) -> None:
    """Move the cross from the picture's middle to a point and set it there, by keyboard alone."""
    canvas = page.locator("#marks")
    canvas.focus()
    for way, forward, back in (
        (x - TRUTH.width / 2, "ArrowRight", "ArrowLeft"),
        (y - TRUTH.height / 2, "ArrowDown", "ArrowUp"),
    ):
        unit = TRUTH.width / 960
        coarse, fine = divmod(round(abs(way) / (2 * unit)), 10)
        for keys, times in (("Shift+", coarse), ("", fine)):
            for _ in range(times):
                canvas.press(keys + (forward if way > 0 else back))
    canvas.press("Enter")


def test_a_camera_and_a_chair_are_calibrated_by_marking(
    page: Page, server: KioskProcess, tmp_path: Path, shoot: Shoot, watch: Watch
) -> None:
    watch.allow("answer 400", "status of 400")
    admin = Admin(page, server).come_in()
    admin.go("camera")
    said, points = page.locator("#said"), page.get_by_test_id("camera-points")

    wrong = tmp_path / "wrong.jpg"
    wrong.write_text("no picture", encoding="utf-8")
    page.get_by_test_id("camera-upload").set_input_files(wrong)
    expect(said).to_contain_text("not a JPEG")
    page.wait_for_timeout(2000 * LIVE_S)  # the picture goes on; what was wrong stays
    expect(said).to_contain_text("not a JPEG")
    expect(said).to_have_attribute("data-wrong", "true")
    shoot(page, "wrong")

    page.get_by_test_id("camera-upload").set_input_files(picture(tmp_path / "room.png"))
    expect(said).to_contain_text("1280×720")
    expect(said).not_to_have_attribute("data-wrong", "true")
    page.locator("#what").select_option("floor")
    floor = TRUTH.project(FLOOR_M)
    click(page, floor[[0, 2]])
    page.locator("#undo").click()
    click(page, floor[1:])
    expect(said).to_contain_text("All four points")
    shoot(page, "floor")
    for name, value in (("width", "100"), ("depth", "80")):
        page.get_by_test_id(f"calibration-{name}").fill(value)
    page.locator("#m-hfov").fill("62")
    page.get_by_test_id("calibration-floor").click()
    expect(page.get_by_test_id("calibration-profile")).to_contain_text("points")
    shoot(page, "camera")
    (path,) = (server.data_dir / "calibration").glob("*.yaml")
    camera = load_profile(path).camera
    # Clicks fall on whole pixels of a picture that is shown smaller: two of its own.
    assert camera.height_m == pytest.approx(TRUTH.height_m, abs=0.04)
    assert camera.pitch_deg == pytest.approx(TRUTH.pitch_deg, abs=0.8)

    page.get_by_test_id("camera-upload").set_input_files(tmp_path / "room.png")
    expect(said).to_contain_text("1280×720")
    page.locator("#what").select_option("seat")
    seat = TRUTH.project(SEAT_M)
    go_by_keys(page, *seat[0])
    page.locator("#marks").press("Backspace")
    expect(points).to_be_empty()
    click(page, seat)
    shoot(page, "seat")
    for name, value in (("seat-depth", "44"), ("seat-height", "45")):
        page.get_by_test_id(f"calibration-{name}").fill(value)
    page.get_by_test_id("calibration-chair-save").click()
    expect(page.get_by_test_id("calibration-profile")).to_contain_text("44 × 45 cm")
    shoot(page, "chair")
    chair = load_profile(path).chair
    assert chair is not None
    assert np.abs(np.array(chair.seat) - seat).max() < 3.0
