"""Tracks of every case, found once and kept, so that a change of the rules is measured in seconds.

A kept file is valid for the same file content, landmark models and landmark code: all three are in its name.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.footage import Case
from posture_check import pipeline
from posture_check.audit.pool import run_each
from posture_check.errors import InputError
from posture_check.landmarks.track import TrackSet, load_tracks, save_tracks
from posture_check.pipeline import Options
from posture_check.resources import models_dir
from posture_check.rules.loader import load_rules

Progress = Callable[[int, int, str], None]
"""Called with how many are done, of how many, and the one that just ended."""

_VERSIONS_KEPT = 3  # of the landmark code, so that switching between two branches does not start anew


def code_key() -> str:
    """Return a hash of everything but the footage that the tracks depend on."""
    package = Path(inspect.getfile(pipeline)).parent
    digest = hashlib.sha256(inspect.getsource(pipeline.find_tracks).encode())
    plan = pipeline.plan_for(load_rules(), pipeline.wanted_postures(Options()))
    digest.update(repr(plan).encode())  # the rules decide whether hands and faces are looked at
    files: list[Path] = []
    for folder, pattern in (
        (package / "landmarks", "*.py"),
        (package / "sources", "*.py"),
        (models_dir(), "*.json"),
        (models_dir(), "*.onnx"),
    ):
        files += sorted(folder.rglob(pattern))
    for file in files:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class TrackCache:
    """Kept tracks below a folder.

    Attributes
    ----------
    folder
        Holds one folder per version of the landmark code.
    """

    folder: Path

    def open(self) -> Path:
        """Return the folder for this version of the code; the oldest versions are dropped."""
        current = self.folder / code_key()
        current.mkdir(parents=True, exist_ok=True)
        (current / "used").touch()
        versions = [path for path in self.folder.iterdir() if (path / "used").exists()]
        versions.sort(key=lambda path: (path / "used").stat().st_mtime, reverse=True)
        for stale in versions[_VERSIONS_KEPT:]:
            shutil.rmtree(stale, ignore_errors=True)
        return current


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds one file's tracks and keeps them; runs in a worker."""

    folder: Path

    def __call__(self, path: Path) -> None:
        """Write the tracks, or why there are none."""
        kept = self.folder / f"{content_key(path)}.npz"
        try:
            save_tracks(kept, pipeline.find_tracks(str(path), Options()))
        except InputError as error:
            if not str(error).startswith(str(path)):
                raise  # a fault of the rules or the models says nothing about this file
            kept.with_suffix(".json").write_text(json.dumps({"error": str(error)}), encoding="utf-8")


def content_key(path: Path) -> str:
    """Return a hash of a file's content and suffix (the suffix may decide how it is read)."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{digest[:24]}{path.suffix.lower().replace('.', '-')}"


def fill(folder: Path, cases: Sequence[Case], workers: int, progress: Progress) -> dict[str, str]:
    """Find the tracks that are not kept yet.

    Returns
    -------
    dict
        Case name to what went wrong, for those that raised anything but ``InputError`` or killed their
        worker.
    """
    missing = [case for case in cases if case.family != "simulated" and not _kept(folder, case.path)]
    names = {case.path: case.name for case in missing}
    broken: dict[str, str] = {}
    longest_first = sorted(names, key=lambda path: path.stat().st_size, reverse=True)
    for done, outcome in enumerate(run_each(Finder(folder), longest_first, workers), start=1):
        if outcome.error is not None:
            broken[names[outcome.item]] = outcome.error
        progress(done, len(missing), names[outcome.item])
    return broken


def recall(folder: Path, path: Path) -> TrackSet:
    """Return the kept tracks of a file.

    Raises
    ------
    InputError
        If the file was refused, or its tracks are not kept.
    """
    key = content_key(path)
    refused = folder / f"{key}.json"
    if refused.exists():
        raise InputError(json.loads(refused.read_text(encoding="utf-8"))["error"])
    return load_tracks(folder / f"{key}.npz")


def _kept(folder: Path, path: Path) -> bool:
    key = content_key(path)
    return any((folder / f"{key}{suffix}").exists() for suffix in (".npz", ".json"))
