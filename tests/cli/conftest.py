from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from posture_check.cli.app import run
from posture_check.landmarks.track import save_tracks
from tests.reports.make import make_track, make_tracks


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def posture_check(capfd, monkeypatch) -> Callable[..., Outcome]:
    """Run the command line in this process, in English unless told otherwise."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: object) -> Outcome:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Outcome(int(ended.value.code or 0), out, err)

    return call


@pytest.fixture
def track_file(tmp_path, examples) -> Path:
    """Return a saved track of somebody who stands still, over an example clip."""
    path = tmp_path / "standing.npz"
    save_tracks(path, make_tracks(examples / "standing-v.mp4", make_track()))
    return path
