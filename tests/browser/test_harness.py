"""The means of the browser tests can fail: each finds the fault it is there for."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import cv2
import numpy as np
import psutil
import pytest
from playwright.sync_api import Page

from tests.browser.fake_camera import FakeCamera
from tests.browser.looks import axe_findings, covered_controls, focus_is_seen, overflows, small_targets
from tests.browser.unplug import unplug
from tests.browser.watch import Watch

GOOD = """<!doctype html><html lang="en"><head><title>Good</title></head><body><main><h1>Good</h1>
<button style="width:80px;height:50px">Go</button></main></body></html>"""

VIDEO_PAGE = b"<!doctype html><title>x</title><link rel=icon href=data:><video autoplay muted></video>"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return a page of the loopback address, where a browser lends its camera."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            if self.path == "/":
                self.wfile.write(
                    b"<!doctype html><title>x</title><link rel=icon href=data:><video autoplay muted></video>"
                )

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_good_page_has_no_finding(page: Page) -> None:
    page.set_content(GOOD)
    page.keyboard.press("Tab")
    assert focus_is_seen(page)
    for findings in (axe_findings(page), overflows(page), small_targets(page), covered_controls(page)):
        assert findings == []


@pytest.mark.parametrize(
    ("body", "measure", "finding"),
    [
        ('<button style="width:80px;height:50px"></button>', axe_findings, "button-name"),
        ('<p style="color:#999;background:#fff">pale</p>', axe_findings, "color-contrast"),
        ('<p style="width:2000px">far too wide</p>', overflows, "reaches over the side"),
        ('<p style="height:2000px">far too high</p>', overflows, "reaches over the top or bottom"),
        ('<p style="width:40px;overflow:hidden;white-space:nowrap">does not fit</p>', overflows, "cuts its text off"),
        ('<button data-testid="tiny" style="width:30px;height:50px">x</button>', small_targets, "tiny: 30×50"),
        ('<button>under</button><div style="position:fixed;inset:0">veil</div>', covered_controls, "under lies under"),
    ],
)
def test_each_fault_is_found(page: Page, body: str, measure, finding: str) -> None:
    page.set_content(GOOD.replace("</main>", f"{body}</main>"))
    assert finding in "\n".join(measure(page))


def test_a_focus_that_does_not_show_is_found(page: Page) -> None:
    page.set_content(GOOD.replace("<button style=", '<button style="outline:none;box-shadow:none" data-x='))
    page.keyboard.press("Tab")
    assert not focus_is_seen(page)


def test_what_may_scroll_is_no_overflow(page: Page) -> None:
    inner = '<div style="height:50px;overflow:auto"><p style="height:3000px">long</p></div>'
    page.set_content(GOOD.replace("</main>", f"{inner}</main>"))
    assert overflows(page) == []


def test_errors_of_a_page_are_noticed_unless_expected(page: Page, watch: Watch, address: str) -> None:
    page.goto(address)
    page.evaluate("console.error('broken'); setTimeout(() => { throw new Error('thrown') })")
    page.evaluate("fetch('http://192.0.2.1/').catch(() => {})")
    page.wait_for_timeout(100)
    said = "\n".join(watch.faults())
    for words in ("broken", "thrown", "another machine was asked: http://192.0.2.1/"):
        assert words in said
    watch.allow("broken", "thrown", "192.0.2.1")
    assert watch.faults() == []


def colour_seen(page: Page) -> np.ndarray:
    """Return the mean colour (RGB) of what the page's video shows."""
    picture = cv2.imdecode(np.frombuffer(page.locator("video").screenshot(), np.uint8), cv2.IMREAD_COLOR)
    return picture.reshape(-1, 3).mean(axis=0)[::-1]


OPEN = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({video: {width: {ideal: 640}, height: {ideal: 480}}});
  const video = document.querySelector('video'), track = stream.getVideoTracks()[0];
  video.srcObject = stream;
  window.ended = new Promise(done => { track.onended = () => done(true) });
  await new Promise(done => video.requestVideoFrameCallback(done));
  return [track.getSettings().width, track.getSettings().height];
}"""


def test_chromium_shows_what_the_camera_shows_and_notices_when_it_is_unplugged(
    page: Page, camera: FakeCamera, address: str
) -> None:
    page.goto(address)
    assert page.evaluate(OPEN) == [640, 480]
    for name, colour in (("red", (200, 30, 30)), ("blue", (30, 30, 200))):
        camera.show_picture(name, np.full((720, 1280, 3), colour, np.uint8))
        page.wait_for_timeout(300)
        assert np.abs(colour_seen(page) - colour).max() < 25
    assert unplug(psutil.Process())
    assert page.evaluate("window.ended")
    assert page.evaluate(OPEN) == [640, 480]  # plugged in again
