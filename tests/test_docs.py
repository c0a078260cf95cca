"""Every command that the documents show really runs."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from posture_check.reports.encode import write_picture
from posture_check.sources import open_source

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    "README.md", "docs/architecture.md", "models/arms.md", "calibration/README.md", "docs/grooming.md", "docs/kiosk.md",
)  # fmt: skip
SERVER = "posture-check kiosk"
"""Runs until it is stopped."""
OTHER_JOBS = ("./run", "./test", "bench/")
"""These set the machine up or take long; CI calls ./test and the bench itself, and `test_run_script` calls ./run."""


def shown_commands() -> list[str]:
    """Return every command line of the documents' ``sh`` blocks, without its comment."""
    commands = []
    for name in DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S):
            commands += [line.split("  #")[0].strip() for line in block.splitlines() if line.strip()]
    return commands


def test_the_readme_shows_both_set_up_commands() -> None:
    """The two commands that do all the set-up are in the README and can be executed."""
    for script in ("./run", "./test"):
        assert script in shown_commands()
        assert os.access(ROOT / script, os.X_OK)


def test_every_script_the_documents_name_exists() -> None:
    """A command that another job runs must at least be there."""
    for command in shown_commands():
        if command.startswith(OTHER_JOBS):
            assert (ROOT / command.split()[0]).is_file(), command


def write_site_photos(folder: Path) -> None:
    """Write the photos that docs/grooming.md enrols: people of the examples in bluish light, and in reddish.

    Mirrored and under less light the two stand in for two others.
    """
    for person, clip in itertools.product(("one", "two"), ("standing-v", "hands-on-hips")):
        source = open_source(ROOT / "examples" / f"{clip}.mp4")
        for number, frame in enumerate(itertools.islice(source, 0, 40, 20)):
            image = frame.image if person == "one" else frame.image[:, ::-1] * 0.8
            for label, tint in (("correct", (20, 40, 140)), ("incorrect", (160, 60, 20))):
                path = folder / "uniform" / label / f"{clip}-{person}_{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                write_picture(path, (image * 0.6 + np.array(tint) * 0.4).astype(np.uint8))
        source.close()


@pytest.mark.slow
def test_every_posture_check_command_of_the_documents_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order shown, in one folder: each ends with a verdict or with success, none with an error."""
    monkeypatch.setenv("POSTURE_CHECK_DATA", str(tmp_path / "data"))
    write_site_photos(tmp_path / "photos")
    for name in ("examples", "rules.yaml"):
        (tmp_path / name).symlink_to(ROOT / name)
    commands = [c for c in shown_commands() if c.startswith("posture-check") and not c.startswith(SERVER)]
    assert len(commands) >= 12
    for command in commands:
        words = [sys.executable, "-m", "posture_check.cli", *shlex.split(command)[1:]]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode in (0, 1, 3), f"{command}: {done.returncode}\n{done.stderr[-2000:]}"
        assert done.stdout.strip() or "--out" in command or "models" in command, command


@pytest.mark.slow
def test_run_script_judges_the_examples(tmp_path: Path) -> None:
    """./run on this environment judges every example and writes its annotated copy."""
    venv = Path(sys.prefix)
    if not (venv / ".installed").is_file():
        pytest.skip("this environment was not made by ./test, so ./run would install into it")
    env = {**os.environ, "POSTURE_CHECK_VENV": str(venv)}
    done = subprocess.run(["./run"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    for clip in (ROOT / "examples").glob("*.mp4"):
        assert clip.name in done.stdout
        annotated = ROOT / "out" / f"{clip.stem}.annotated.mp4"
        assert annotated.stat().st_size > 10_000


@pytest.mark.slow
def test_every_kiosk_command_of_the_documents_serves_until_ctrl_c(tmp_path: Path) -> None:
    """Each says where its page is and ends cleanly when it is interrupted."""
    commands = [c for c in shown_commands() if c.startswith(SERVER)]
    assert commands
    for command in commands:
        words = [sys.executable, "-m", "posture_check.cli", *shlex.split(command)[1:], "--port", "0"]
        if "--data-dir" not in words:
            words += ["--data-dir", "data"]
        said = tmp_path / "said.txt"
        with said.open("w") as out, subprocess.Popen(words, cwd=tmp_path, stdout=out, stderr=out) as server:
            try:
                until = time.monotonic() + 60
                while "http://127.0.0.1:" not in said.read_text() and time.monotonic() < until:
                    assert server.poll() is None, f"{command}: {said.read_text()[-2000:]}"
                    time.sleep(0.2)
                assert "http://127.0.0.1:" in said.read_text(), command
                server.send_signal(signal.SIGINT)
                assert server.wait(30) in (0, 130), f"{command}: {said.read_text()[-2000:]}"
            finally:
                server.kill()
        assert "Traceback" not in said.read_text(), command
