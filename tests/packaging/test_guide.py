"""The commands that the set-up guide shows work; those of the program itself are run with all documents' commands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from posture_check.store import open_store

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "kiosk.md"


def shown_commands() -> list[str]:
    """Return the lines of the guide's ``sh`` blocks that are not the program's own, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]
    return [line for line in lines if not line.startswith("posture-check ")]


def test_the_back_up_of_the_guide_copies_a_real_data_folder(tmp_path: Path) -> None:
    (tmp_path / "packaging").symlink_to(ROOT / "packaging")
    (tmp_path / "data").mkdir()
    with open_store(None, tmp_path / "data") as store:
        store.account_create("chief", "correct-horse-battery", "admin")
        commands = shown_commands()
        assert commands
        for command in commands:
            program, *words = shlex.split(command)
            assert program == "python", command
            done = subprocess.run(
                [sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, f"{command}: {done.stderr}"
            assert ".zip" in done.stdout
