"""The files that start a kiosk with its machine say what the guide says and what the program understands."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest
from typer.main import get_command

from posture_check.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
UNIT = PACKAGING / "posture-check-kiosk.service"
GUIDE = (ROOT / "docs" / "kiosk.md").read_text(encoding="utf-8")


def unit() -> RawConfigParser:
    """Return the service's settings; of one that is given more than once the last."""
    parser = RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT, encoding="utf-8")
    return parser


def test_systemd_accepts_the_service(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd-analyze on this machine")
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text().replace("/opt/posture-check/.venv/bin/posture-check", sys.executable))
    done = subprocess.run([tool, "verify", str(here)], capture_output=True, text=True, timeout=60, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if UNIT.stem in line]
    assert not said, said


def test_the_service_comes_back_always_and_soon() -> None:
    service = unit()["Service"]
    assert service["Restart"] == "always"
    assert float(service["RestartSec"]) <= 2
    assert unit()["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit()["Install"]["WantedBy"] == "multi-user.target"


def test_the_service_runs_as_nobody_in_particular_and_keeps_its_data_to_itself() -> None:
    service = unit()["Service"]
    assert service["User"] not in ("root", "")
    assert service["StateDirectoryMode"] == "0700"
    for setting in ("NoNewPrivileges", "ProtectHome", "PrivateTmp"):
        assert service[setting] == "yes"
    data_dir = shlex.split(service["ExecStart"])[shlex.split(service["ExecStart"]).index("--data-dir") + 1]
    assert data_dir == f"/var/lib/{service['StateDirectory']}"


def options_of(command: str) -> set[str]:
    """Return the options that a command of the program has."""
    found = get_command(app)
    for name in command.split():
        found = found.commands[name]  # type: ignore[attr-defined]
    return {option for parameter in found.params for option in parameter.opts}


def test_the_service_and_the_guide_use_options_that_there_are() -> None:
    lines = [unit()["Service"]["ExecStart"], *re.findall(r"^posture-check kiosk .*$", GUIDE, re.M)]
    lines += re.findall(r'^KIOSK_OPTIONS="(.*)"', GUIDE, re.M)
    assert len(lines) >= 5
    known = options_of("kiosk")
    for line in lines:
        assert set(re.findall(r"--[a-z][a-z-]*", line)) <= known, line


def test_the_screen_entry_has_the_guides_flags() -> None:
    entry = (PACKAGING / "posture-check-screen.desktop").read_text(encoding="utf-8")
    (started,) = re.findall(r"^Exec=(.*)$", entry, re.M)
    shown = re.search(r"^chromium --kiosk.*?127\.0\.0\.1:8000/$", GUIDE, re.M | re.S)
    assert shown is not None
    assert shown[0].split() == started.split()


def test_the_policy_admits_the_camera_and_nothing_but_the_kiosk() -> None:
    policy = json.loads((PACKAGING / "browser-policy.json").read_text(encoding="utf-8"))
    assert policy["URLBlocklist"] == ["*"]
    assert policy["VideoCaptureAllowedUrls"] == policy["URLAllowlist"]
    assert "http://127.0.0.1:8000" in policy["URLAllowlist"]
    assert policy["AudioCaptureAllowed"] is False


def test_every_file_the_guide_names_is_there() -> None:
    for name in set(re.findall(r"packaging/[\w.-]+", GUIDE)):
        assert (ROOT / name).is_file(), name
    for name in set(re.findall(r"\]\(([\w/.-]+\.\w+)\)", GUIDE)):
        assert (ROOT / "docs" / name).exists(), name
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", GUIDE, re.M)
    }
    for anchor in re.findall(r"\]\(#([\w-]+)\)", GUIDE):
        assert anchor in anchors, anchor
