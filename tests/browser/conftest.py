"""A real browser with a camera of our making, and the real server."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.fake_camera import FakeCamera
from tests.browser.watch import Watch

ARTIFACTS_VARIABLE = "POSTURE_CHECK_ARTIFACTS"
WINDOW = {"width": 1280, "height": 800}
PATIENCE_MS = 30_000
"""How long anything may take before a test gives it up: long, since a busy machine is no fault."""
expect.set_options(timeout=PATIENCE_MS)
_shots_folder: list[Path] = []

Shoot = Callable[[Page, str], Path]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return Debian's Chromium, or skip."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on the path: apt-get install chromium")
    return path


@pytest.fixture(scope="module", autouse=True)
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the browser tests of several workers apart: each has a server, its models and a browser to feed."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder
    with FileLock(shared / "browser.lock"):
        yield


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Return what drives the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def fake_camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    """Return the camera of all pages; what it shows is chosen while it runs."""
    return FakeCamera(tmp_path_factory.mktemp("camera"))


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright, chromium_path: str, fake_camera: FakeCamera) -> Iterator[Browser]:
    """Return a browser without a window, whose camera is a file."""
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={fake_camera.path}",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    browser = playwright_driver.chromium.launch(executable_path=chromium_path, args=flags)
    yield browser
    browser.close()


@pytest.fixture
def camera(fake_camera: FakeCamera) -> FakeCamera:
    """Return the pages' camera, showing an empty room."""
    fake_camera.show_nothing()
    return fake_camera


@pytest.fixture
def watch() -> Watch:
    """Return what the pages of a test did wrong so far."""
    return Watch()


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """Return a fresh profile in English; at the end its pages must have done nothing wrong."""
    context = browser.new_context(viewport=WINDOW, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    context.on("page", watch.on)
    yield context
    context.close()
    assert watch.faults() == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return a page of the fresh profile."""
    return context.new_page()


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Return the folder for screenshots, outside the repository."""
    chosen = os.environ.get(ARTIFACTS_VARIABLE)
    folder = Path(chosen) if chosen else Path(tempfile.mkdtemp(prefix="posture-check-pages-"))
    folder.mkdir(parents=True, exist_ok=True)
    _shots_folder.append(folder)
    return folder


@pytest.fixture
def shoot(artifacts: Path, request: pytest.FixtureRequest) -> Shoot:
    """Return a function that keeps a picture of a page under a name."""
    test = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    count = 0

    def take(page: Page, name: str) -> Path:
        nonlocal count
        count += 1
        path = artifacts / f"{test}-{count:02d}-{name}.png"
        page.screenshot(path=path)
        return path

    return take


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the pictures are."""
    for folder in _shots_folder:
        terminalreporter.write_line(f"screenshots: {folder}")
