"""The back-up of a kiosk's data folder: consistent while it is written to, whole or not there."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "backup-kiosk"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with a database in use, a still and a profile."""
    folder = tmp_path / "data"
    for name, text in (("evidence/7.jpg", "still"), ("calibration/counter.yaml", "version: 1")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    with sqlite3.connect(folder / "posture-check.db") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE pairs (a INTEGER, b INTEGER)")
    database.close()
    return folder


def back_up(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_an_archive_has_everything_and_a_whole_database_even_while_it_is_written(data: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        writer = sqlite3.connect(data / "posture-check.db", timeout=10)
        number = 0
        while not stop.is_set():
            with writer:  # one transaction: a copy must hold both rows or neither
                writer.execute("INSERT INTO pairs VALUES (?, 0)", (number,))
                writer.execute("UPDATE pairs SET b = a WHERE a = ?", (number,))
            number += 1
        writer.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        done = back_up(data, tmp_path / "backups")
    finally:
        stop.set()
        thread.join()
    assert done.returncode == 0, done.stderr
    (archive,) = (tmp_path / "backups").iterdir()
    assert str(archive) in done.stdout
    assert archive.stat().st_mode & 0o077 == 0
    restored = tmp_path / "restored"
    zipfile.ZipFile(archive).extractall(restored)
    names = {str(path.relative_to(restored)) for path in restored.rglob("*") if path.is_file()}
    assert names == {"posture-check.db", "evidence/7.jpg", "calibration/counter.yaml"}
    database = sqlite3.connect(restored / "posture-check.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("SELECT count(*) FROM pairs WHERE a != b").fetchone() == (0,)
    database.close()


def test_only_the_newest_archives_are_kept(data: Path, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    for day in range(1, 6):
        (backups / f"posture-check-2026-01-0{day}-030000.zip").touch()
    (backups / "holiday.zip").touch()
    assert back_up(data, backups, "--keep", 3).returncode == 0
    kept = sorted(path.name for path in backups.iterdir())
    assert kept[:3] == ["holiday.zip", "posture-check-2026-01-04-030000.zip", "posture-check-2026-01-05-030000.zip"]
    assert len(kept) == 4


def test_what_cannot_be_backed_up_is_told_in_one_line_and_leaves_nothing(data: Path, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "posture-check.db").write_bytes(b"no database" * 500)
    for source, target, words in (
        (tmp_path / "nowhere", backups, "no such folder"),
        (data, data / "backups", "lies within the data folder"),
        (tmp_path / "broken", backups, "cannot be read as a database"),
    ):
        done = back_up(source, target)
        assert done.returncode == 2
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
    assert not backups.exists() or not list(backups.iterdir())
    assert back_up(data, backups, "--keep", 0).returncode == 2
