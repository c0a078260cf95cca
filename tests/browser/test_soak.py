"""The kiosk's soak, shortened: see ``bench/kiosk`` for the long one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow
MINUTES = 1.5
SPARE_MB = {"server": 20, "vision": 80, "browser": 400}
"""So much may a process grow while its caches fill: seen were 1, 35 and 151. Packed pictures that server or vision kept
would come to 50, unpacked ones to thousands; of the browser only the latter is noticed in so short a time."""


def test_no_process_grows_over_many_checks(tmp_path: Path, chromium_path: str) -> None:
    report = tmp_path / "soak.md"
    command = [sys.executable, "-m", "bench.kiosk", "--soak-alone", "--minutes", str(MINUTES), "--out", str(report)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \|", report.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name, *_ in rows} == {"server", "vision", "browser"}
    print(f"\nMiB at first and at the end: {rows}")
    for name, first, last in rows:
        assert int(last) - int(first) < SPARE_MB[name], name
