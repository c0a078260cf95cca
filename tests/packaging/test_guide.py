"""Every command that the set-up guide shows really runs."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.kiosk_process import KioskProcess

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "kiosk.md"


def shown_commands() -> list[str]:
    """Return every line of the guide's ``sh`` blocks, without its comment."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.slow
def test_every_command_of_the_guide_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order shown, in one folder: the kiosk answers and ends cleanly with Ctrl-C, the others succeed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "packaging").symlink_to(ROOT / "packaging")
    commands = shown_commands()
    assert len(commands) >= 3
    for command in commands:
        words = shlex.split(command)
        if words[:2] == ["posture-check", "kiosk"]:
            where = words.index("--data-dir")
            options = words[2:where] + words[where + 2 :]
            kiosk = KioskProcess(Path(words[where + 1]), *options).start()
            assert kiosk.stop(signal.SIGINT) in (0, 130), kiosk.last_words()
            assert "Traceback" not in kiosk.last_words()
            assert kiosk.data_dir.is_dir()
        else:
            assert words[0] == "python", command
            done = subprocess.run(
                [sys.executable, *words[1:]], capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, f"{command}: {done.stderr}"
