"""Journeys with the browser's own camera, which shows recordings of people, through the real models."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest
from playwright.sync_api import Page, expect

from posture_check.store import open_store
from tests.browser.conftest import Shoot
from tests.browser.fake_camera import FakeCamera, clip_pictures, side_by_side
from tests.browser.kiosk_page import KioskPage
from tests.browser.kiosk_process import KioskProcess
from tests.browser.site import furnish, write_checklist
from tests.browser.speed import within_45_s
from tests.browser.unplug import unplug
from tests.browser.watch import Watch

pytestmark = pytest.mark.slow

AWAY = ("ERR_CONNECTION_REFUSED", "WebSocket connection", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
"""What a browser says of a server that was killed."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, alone: None) -> Iterator[KioskProcess]:
    """Return a furnished server for the browser's camera, with a short checklist."""
    folder = tmp_path_factory.mktemp("kiosk")
    furnish(folder / "data")
    checklist = write_checklist(folder / "checklist.yaml", manual=False)
    with KioskProcess(folder / "data", "--camera", "browser", "--checklist", str(checklist)) as kiosk:
        yield kiosk


@pytest.fixture
def kiosk(page: Page, server: KioskProcess, camera: FakeCamera) -> Iterator[KioskPage]:
    """Return the kiosk's page on its attract screen; whatever the test began is left at its end."""
    shown = KioskPage(page, server).open()
    shown.leave()
    yield shown
    shown.leave()


def hands_on_hips(footage_folder: Path | None, examples: Path) -> tuple[Path, bool]:
    """Return somebody with the hands on the hips: a photo of a real person where there is one."""
    photo = footage_folder / "posture/ccp/photos/1854.jpg" if footage_folder else None
    return (photo, True) if photo is not None and photo.is_file() else (examples / "hands-on-hips.mp4", False)


@pytest.fixture
def footage_or_none() -> Path | None:
    """Return the folder of labelled footage if it is there."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "footage"
    return folder if folder.is_dir() else None


def test_somebody_who_stands_well_passes(kiosk: KioskPage, camera: FakeCamera, examples: Path, shoot: Shoot) -> None:
    camera.show(examples / "standing-v.mp4")
    kiosk.begin()
    kiosk.guidance("hold")
    shoot(kiosk.page, "hold")
    assert kiosk.to_result() == "pass", kiosk.items()
    shoot(kiosk.page, "pass")
    assert kiosk.items()["ST-10"] == "pass"
    stats = kiosk.stats()
    print(f"\nsights and delay to the overlay: {stats}")


def test_pictures_are_smaller_from_the_next_step_on_where_the_machine_falls_behind(kiosk: KioskPage) -> None:
    sizes = kiosk.page.evaluate(
        """async () => {
          const gauge = (await import("/static/kiosk/gauge.js")).makeGauge();
          const step = (late, fine = false) => {
            for (let i = 0; i < 40; i += 1) gauge.seen(performance.now() - late);
            const within = gauge.size(1280, 720);
            gauge.begun(fine);
            return [within, gauge.size(1280, 720)];
          };
          const steps = [step(200), step(100), step(100, true), step(100), step(20)];
          return [...steps, gauge.size(720, 1280), gauge.size(640, 480), gauge.size(1920, 1080)];
        }"""
    )
    whole, less = [1280, 720], [832, 468]
    assert sizes[:5] == [[whole, less], [less, less], [less, whole], [whole, less], [less, whole]]
    assert sizes[5:] == [[720, 1280], [640, 480], [1280, 720]]


def test_a_picture_that_could_not_go_goes_once_as_soon_as_it_can_but_not_when_it_is_old(kiosk: KioskPage) -> None:
    """Where the camera stands still with two pictures under way, nothing but the answer to one of them can send."""
    more = kiosk.page.evaluate(
        """async () => {
          const { browserCamera } = await import("/static/kiosk/camera.js");
          const { numberOf } = await import("/static/kiosk/packing.js");
          const wait = (ms) => new Promise((done) => setTimeout(done, ms));
          const video = document.body.appendChild(document.createElement("video"));
          const stats = { sent: 0, skipped: 0 };
          let [sent, answered, swift] = [0, 0, true];
          const answer = () => camera.seen((answered = sent));
          const send = (data) => {
            sent = numberOf(data);
            if (swift) setTimeout(answer, 5);
            return true;
          };
          const camera = browserCamera(video, { send, state() {} }, stats);
          camera.look(true);
          camera.start();
          while (sent < 10) await wait(5);
          swift = false;
          await wait(30);
          const standStill = async () => {
            await video.play();
            while (sent - answered < 2) await wait(2);
            await new Promise((done) => video.requestVideoFrameCallback(done));
            video.pause();
          };
          const sentAfterAnswer = async () => {
            const before = sent;
            answer();
            await wait(200);
            return sent - before;
          };
          await standStill();
          const fresh = await sentAfterAnswer();
          const again = await sentAfterAnswer();
          await standStill();
          await wait(200);
          return { fresh, again, old: await sentAfterAnswer() };
        }"""
    )
    assert more == {"fresh": 1, "again": 0, "old": 0}


def test_a_browser_without_workers_sends_its_pictures_all_the_same(
    page: Page, server: KioskProcess, camera: FakeCamera, watch: Watch
) -> None:
    watch.allow("pictures are encoded in the page")
    page.add_init_script("window.Worker = class { postMessage() { setTimeout(() => this.onerror({message: ''})); } }")
    camera.show_nothing()
    kiosk = KioskPage(page, server).open()
    kiosk.leave()
    kiosk.begin()
    kiosk.guidance("no_person")
    assert kiosk.stats()["sights"] > 0
    kiosk.leave()


def test_what_is_drawn_lies_on_the_person_and_covers_no_more_of_the_picture(
    kiosk: KioskPage, camera: FakeCamera, examples: Path
) -> None:
    camera.show(examples / "standing-v.mp4")
    kiosk.begin()
    kiosk.guidance("hold")
    left, right, drawn = kiosk.page.evaluate(
        """() => {
          const glass = document.getElementById("glass").getBoundingClientRect();
          const canvas = document.getElementById("overlay");
          const box = canvas.getBoundingClientRect();
          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          const [left, right] = [box.left - glass.left, glass.right - box.right];
          return [left / glass.width, right / glass.width, data.some((value) => value > 0)];
        }"""
    )
    assert drawn
    assert left > 0.2, "the person stands in the middle"
    assert right > 0.2
    kiosk.to_result()


def test_hands_on_the_hips_fail_and_pass_when_they_are_taken_down(
    kiosk: KioskPage, camera: FakeCamera, examples: Path, footage_or_none: Path | None, shoot: Shoot
) -> None:
    wrong, real = hands_on_hips(footage_or_none, examples)
    print(f"\nfault shown by {'a real person' if real else 'a rendered person'}")
    camera.show(wrong)
    kiosk.begin()
    kiosk.phase("step")
    assert kiosk.to_result() == "fail", kiosk.items()
    assert kiosk.items()["ST-10"] == "fail"
    shoot(kiosk.page, "fail")
    camera.show(examples / "standing-v.mp4")
    kiosk.touch("retry")
    assert kiosk.to_result() == "pass", kiosk.items()
    shoot(kiosk.page, "pass")


def test_an_empty_room_is_told_and_nothing_passes(kiosk: KioskPage, camera: FakeCamera, shoot: Shoot) -> None:
    camera.show_nothing()
    kiosk.begin()
    kiosk.guidance("no_person")
    shoot(kiosk.page, "no-person")
    kiosk.leave()
    with open_store(None, kiosk.kiosk.data_dir) as store:
        detail = store.shift_detail(store.shifts(limit=1)[0].id)
    assert detail is not None
    assert detail.shift.verdict != "pass"


def test_two_people_are_told(
    kiosk: KioskPage, camera: FakeCamera, examples: Path, footage_or_none: Path | None, shoot: Shoot
) -> None:
    real = footage_or_none / "mmaction2/demo/demo_skeleton.mp4" if footage_or_none else None
    if real is not None and real.is_file():
        camera.show(real)
    else:
        clips = (clip_pictures(examples / f"{name}.mp4", 15) for name in ("standing-v", "hands-on-hips"))
        camera.show_pictures("two people", side_by_side(*clips))
    kiosk.begin()
    kiosk.guidance("two_people")
    shoot(kiosk.page, "two-people")


def test_the_camera_is_unplugged_in_mid_step_and_comes_back(
    kiosk: KioskPage, camera: FakeCamera, examples: Path, shoot: Shoot
) -> None:
    camera.show_nothing()
    kiosk.begin()
    kiosk.guidance("no_person")
    assert unplug(psutil.Process())
    expect(kiosk.part("health")).to_be_visible(timeout=2000)
    shoot(kiosk.page, "unplugged")
    camera.show(examples / "standing-v.mp4")
    assert kiosk.to_result() == "pass", kiosk.items()


def test_a_killed_server_comes_back_and_the_check_goes_on(
    kiosk: KioskPage, camera: FakeCamera, examples: Path, shoot: Shoot, watch: Watch
) -> None:
    watch.allow(*AWAY)
    camera.show(hands_on_hips(None, examples)[0])
    kiosk.begin()
    kiosk.to_result()
    before = kiosk.items()
    camera.show_nothing()
    kiosk.touch("retry")
    kiosk.guidance("no_person")
    kiosk.kiosk.kill()
    expect(kiosk.page.locator("body")).to_have_attribute("data-connection", "lost", timeout=5000)
    shoot(kiosk.page, "server-away")
    kiosk.kiosk.start()
    kiosk.connected()
    kiosk.phase("step")
    camera.show(examples / "standing-v.mp4")
    assert kiosk.to_result() == "pass", kiosk.items()
    with open_store(None, kiosk.kiosk.data_dir) as store:
        detail = store.shift_detail(store.shifts(limit=1)[0].id)
    assert detail is not None
    assert [(step.step_id, step.attempt) for step in detail.steps] == [("stand", 1), ("stand", 2)]
    first = {check.rule: check.verdict.value for check in detail.steps[0].checks}
    assert before.items() <= first.items()


def code_picture(text: str) -> np.ndarray:
    """Return a QR code as somebody holds it up: a part of the picture, on white."""
    code = cv2.QRCodeEncoder.create().encode(text)
    side = 330
    code = cv2.resize(code, (side, side), interpolation=cv2.INTER_NEAREST)
    room = np.full((720, 1280, 3), 110, np.uint8)
    room[150 : 150 + side + 80, 430 : 430 + side + 80] = 255
    room[190 : 190 + side, 470 : 470 + side] = code[..., None]
    return room


def test_a_badge_code_shown_to_the_camera_says_who_it_is(kiosk: KioskPage, camera: FakeCamera, shoot: Shoot) -> None:
    camera.show_picture("stranger", code_picture("BADGE-9999"))
    kiosk.touch("start")
    kiosk.phase("identify")
    kiosk.touch("identify-scan")
    expect(kiosk.part("toast")).to_be_visible(timeout=10_000)
    shoot(kiosk.page, "unknown-code")
    camera.show_picture("badge", code_picture("BADGE-1001"))
    kiosk.phase("consent", "step", within_s=10)
    expect(kiosk.page.locator("body")).to_contain_text("Chen Ying")
    shoot(kiosk.page, "known")


FOOTAGE = {
    "front": "rendered/d_stand_V_01.mp4",
    "side": "rendered/e_stand_leanok_01.mp4",
    "close": "rendered_grooming/gd_057.jpg",
}


def what_is_asked(kiosk: KioskPage) -> str:
    """Return how the present step wants to see the person."""
    body = kiosk.page.locator("body")
    if body.get_attribute("data-step-framing") == "upper":
        return "close"
    return "front" if (body.get_attribute("data-step-view") or "front") in ("front", "any") else "side"


def test_the_checklist_that_ships_with_recorded_people_takes_less_than_45_seconds(
    page: Page, tmp_path: Path, camera: FakeCamera, footage: Path, shoot: Shoot
) -> None:
    """A cooperative person: does what each step asks as soon as it is asked."""
    furnish(tmp_path / "data")
    with KioskProcess(tmp_path / "data", "--camera", "browser") as server:
        kiosk = KioskPage(page, server).open()
        for name in FOOTAGE.values():
            camera.show(footage / name)  # made beforehand, so that exchanging them takes no time
        camera.show_nothing()
        kiosk.page.wait_for_timeout(2000)
        began, asked = time.monotonic(), {}
        kiosk.begin()
        while (phase := kiosk.phase("step", "manual", "result", within_s=60)) != "result":
            step = kiosk.page.locator("body").get_attribute("data-step") or ""
            if phase == "manual":
                kiosk.answer_all()
            elif kiosk.part("skip").count():
                kiosk.touch("skip")
            elif step and step not in asked:
                camera.show(footage / FOOTAGE[what_is_asked(kiosk)])
                asked[step] = round(time.monotonic() - began, 1)
            kiosk.page.wait_for_timeout(50)
        took_s = time.monotonic() - began
        shoot(kiosk.page, "result")
        print(f"\nfrom touch to result, recorded people: {took_s:.1f} s; steps began at {asked}; {kiosk.items()}")
        page.goto("about:blank")
        within_45_s(took_s)
