"""What this machine lacks to run the station, and the cure for each thing."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from posture_check.errors import InputError
from posture_check.fonts import DEBIAN_FONT_PACKAGE, find_cjk_font
from posture_check.landmarks.native import library_cure, missing_system_libraries, quiet_native_logs
from posture_check.landmarks.store import ModelStore

PYTHON_RANGE = ((3, 11), (3, 14))
"""First supported version, and the first that is not."""

_VIDEO_CLASS = Path("/sys/class/video4linux")
_PROBED_CAMERAS = 4  # where the system cannot list its cameras, so many indices are tried


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    name
        What was looked at, in a word or two.
    state
        ``ok``; ``warning`` (one feature is missing); ``error`` (nothing can be judged).
    detail
        What was found.
    cure
        What to do; empty when ``ok``.
    """

    name: str
    state: Literal["ok", "warning", "error"]
    detail: str
    cure: str = ""


def examine(store: ModelStore | None = None) -> list[Finding]:
    """Look at everything the program needs from the machine; changes nothing and fetches nothing.

    Parameters
    ----------
    store
        Model store to look at; by default the user's.

    Returns
    -------
    list of Finding
        One or more per check, in the order in which a technician would mend them.
    """
    checks: tuple[Callable[[], list[Finding]], ...] = (
        _python,
        _libraries,
        _mediapipe,
        lambda: _models(store),
        _font,
        _cameras,
    )
    return [finding for check in checks for finding in check()]


def healthy(findings: list[Finding]) -> bool:
    """Return whether recordings can be judged: no finding is an error."""
    return all(finding.state != "error" for finding in findings)


def _python() -> list[Finding]:
    found = platform.python_version()
    first, after = PYTHON_RANGE
    if first <= sys.version_info[:2] < after:
        return [Finding("python", "ok", f"{found} ({sys.executable})")]
    wanted = f"{first[0]}.{first[1]} to {after[0]}.{after[1] - 1}"
    return [Finding("python", "error", f"{found} is not supported", f"install Python {wanted}")]


def _libraries() -> list[Finding]:
    missing = missing_system_libraries()
    if missing:
        return [Finding("system libraries", "error", f"missing {', '.join(missing)}", library_cure(missing))]
    return [Finding("system libraries", "ok", "all there")]


def _mediapipe() -> list[Finding]:
    try:
        with quiet_native_logs():
            from mediapipe.tasks.python import vision  # noqa: F401 - the import itself is the test
    except (ImportError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        cure = "mend the system libraries above, else install posture-check again"
        return [Finding("mediapipe", "error", f"cannot be loaded: {reason}", cure)]
    return [Finding("mediapipe", "ok", metadata.version("mediapipe"))]


def _models(store: ModelStore | None) -> list[Finding]:
    try:
        store = store or ModelStore()
        statuses = store.verify()
    except (InputError, OSError) as error:
        return [Finding("models", "error", str(error), "make the cache folder readable")]
    bad = [status for status in statuses if status.state != "ok"]
    standard = store.third_party.models
    findings = [
        Finding(
            f"model {status.name}",
            "warning",  # not an error: the first use mends it by itself
            f"{status.state}: {status.path}",
            "run 'posture-check models install'"
            if status.name in standard
            else f"run 'posture-check models install --from {status.path.name}' again, or remove the file",
        )
        for status in bad
    ]
    if not findings:
        names = ", ".join(status.name for status in statuses)
        findings = [Finding("models", "ok", f"{names} in {store.folder}")]
    return findings


def _font() -> list[Finding]:
    from posture_check.reports.text import draws_chinese

    font = find_cjk_font()
    if font is not None or draws_chinese():
        return [Finding("chinese font", "ok", str(font or "carried by OpenCV"))]
    cure = f"install one (Debian, Ubuntu: 'apt-get install {DEBIAN_FONT_PACKAGE}')"
    return [Finding("chinese font", "warning", "none: annotated pictures show no Chinese", cure)]


def _cameras() -> list[Finding]:
    cameras = list(_listed_cameras() if sys.platform.startswith("linux") else _probed_cameras())
    if cameras:
        return [Finding("cameras", "ok", ", ".join(cameras))]
    return [
        Finding(
            "cameras",
            "warning",
            "none found: recordings and pictures can be judged, a live person cannot",
            "plug one in, and let this user read it (Linux: group 'video')",
        )
    ]


def _listed_cameras() -> Iterator[str]:
    """Cameras that Linux lists; the second device of a camera, which carries no pictures, is left out."""
    for device in sorted(_VIDEO_CLASS.glob("video*")):
        try:
            name = (device / "name").read_text(encoding="utf-8").strip()
            index = (device / "index").read_text(encoding="utf-8").strip()
        except OSError:
            continue
        if index == "0":
            yield f"{device.name.removeprefix('video')} ({name})"


def _probed_cameras() -> Iterator[str]:
    try:
        import cv2
    except ImportError:
        return
    for index in range(_PROBED_CAMERAS):
        with quiet_native_logs():
            capture = cv2.VideoCapture(index)
            opened = capture.isOpened()
            capture.release()
        if opened:
            yield str(index)
