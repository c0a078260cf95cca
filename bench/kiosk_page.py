"""Page part: the real server and a real browser whose camera is a file; from a frame to the overlay that is drawn."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import psutil

from bench.kiosk_load import Load
from bench.kiosk_station import Run
from bench.kiosk_steps import HOLD_S, Image, Size, bench_checklist
from posture_check.errors import InputError
from tests.browser.fake_camera import write_mjpeg
from tests.browser.kiosk_page import KioskPage
from tests.browser.kiosk_process import KioskProcess
from tests.browser.site import furnish

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_SETTLE_S, _READY_S, _CHOOSE_S = 3.0, 300.0, 8.0
_VISIT_S = HOLD_S - 4.0
"""A step is left before it ends by itself, and begun again."""


@contextmanager
def kiosk_page(frames: Sequence[Image], kind: str, size: Size) -> Iterator[tuple[KioskPage, dict[str, int]]]:
    """Run a server and a page in front of it; give the page and the numbers of the processes by part.

    Raises
    ------
    InputError
        If there is no Chromium.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        raise InputError("no chromium on the path: install it, or leave the page part out with --no-page")
    with TemporaryDirectory(prefix="posture-check-bench-") as scratch:
        folder = Path(scratch)
        camera = write_mjpeg(folder / "camera.mjpeg", frames, size)
        furnish(folder / "data")
        checklist = bench_checklist(kind, folder / "checklist.yaml")
        options = ("--camera", "browser", "--checklist", str(checklist))
        with KioskProcess(folder / "data", *options).start(seeing=False) as kiosk, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=_flags(camera))
            try:
                yield _opened(browser, kiosk), _parts(kiosk.pid)
            finally:
                browser.close()


def measure(frames: Sequence[Image], kind: str, size: Size, seconds: float) -> Run:
    """Measure one kind of step in the page."""
    run = Run(kind, size, size)
    with kiosk_page(frames, kind, size) as (kiosk, parts):
        load: Load | None = None

        def begun(page: Page) -> None:
            nonlocal load
            page.wait_for_timeout(1000 * _SETTLE_S)
            page.evaluate("window.__kioskStats.reset()")
            load = load or Load(parts)

        def over(page: Page) -> None:
            found: dict[str, Any] = page.evaluate(
                "(() => { const s = window.__kioskStats; return {delays: s.delays ?? [], sent: s.sent,"
                " skipped: s.skipped, sights: s.sights, fps: s.fps, p50: s.p50, p95: s.p95, dropped: s.dropped,"
                " size: s.size} })()"
            )
            run.delays_ms += found["delays"] or [found["p50"], found["p95"]]
            run.offered += found["sent"]
            run.skipped += found["skipped"]
            run.dropped = found["dropped"]
            run.sent = (found["size"][0], found["size"][1])
            rates.append(found["fps"])

        rates: list[float] = []
        visit(kiosk, _CHOOSE_S)  # the page chooses the size of its pictures by the step before
        visit(kiosk, seconds, begun, over)
        assert load is not None
        run.cores = load.cores()
        run.fps = sum(rates) / len(rates)
    return run


def visit(
    kiosk: KioskPage,
    seconds: float,
    begun: Callable[[Page], None] = lambda page: None,
    over: Callable[[Page], None] = lambda page: None,
) -> None:
    """Go through checks one after the other for some seconds; tell when a step is under way and before it is left."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        kiosk.begin()
        kiosk.phase("step")
        begun(kiosk.page)
        kiosk.page.wait_for_timeout(1000 * min(_VISIT_S - _SETTLE_S, max(left, 1.0)))
        over(kiosk.page)
        kiosk.leave()


def _flags(camera: Path) -> list[str]:
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return [*flags, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else flags


def _opened(browser: Browser, kiosk: KioskProcess) -> KioskPage:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(60_000)
    page = KioskPage(context.new_page(), kiosk)
    page.open()
    until = time.monotonic() + _READY_S
    while not kiosk.answers(seeing=True):
        if time.monotonic() > until:
            raise InputError(f"the kiosk does not see after {_READY_S:.0f} s: {kiosk.last_words()}")
        time.sleep(0.5)
    return page


def _parts(server: int) -> dict[str, int]:
    """Return the processes: the server, its children by name, and the browser with all of its own."""
    found = {"server": server}
    for child in psutil.Process(server).children():
        if "resource_tracker" not in " ".join(child.cmdline()):
            found["vision"] = child.pid
    for child in psutil.Process().children(recursive=True):
        if "chrom" in child.name() and "--type=" not in " ".join(child.cmdline()):
            found["browser"] = child.pid
    return found
