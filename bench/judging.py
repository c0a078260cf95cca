"""Judge kept tracks with and without the true camera: no video, no models, seconds for hundreds of files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.footage import Case
from bench.reading import Outcome
from bench.tracks import recall
from posture_check import pipeline
from posture_check.errors import InputError
from posture_check.landmarks.track import TrackSet
from posture_check.pipeline import Options


def judge_all(folder: Path, cases: Sequence[Case], broken: dict[str, str]) -> Iterator[Outcome]:
    """Yield the outcomes of every case: without calibration, and with its true camera where that is known.

    Parameters
    ----------
    folder
        Kept tracks of this version of the landmark code.
    cases
        What to judge.
    broken
        Case name to error, for cases whose tracks could not be found.
    """
    with TemporaryDirectory(prefix="posture-check-bench-") as scratch:
        for case in cases:
            if case.name in broken:
                yield Outcome(case, "none", None, broken[case.name])
                continue
            try:
                found = recall(folder, case.path)
            except InputError as error:
                yield Outcome(case, "none", None, str(error), unreadable=True)
                continue
            yield _judge(case, found, "none", None)
            if case.camera is not None:
                yield _judge(case, found, "camera", camera_profile(case.camera, Path(scratch)))


def _judge(case: Case, found: TrackSet, setting: str, profile: Path | None) -> Outcome:
    try:
        return Outcome(case, setting, pipeline.judge(found, Options(role=case.role, calibration=profile)))
    except Exception as error:  # a case that breaks the rules is a finding, not the end of the bench
        return Outcome(case, setting, None, f"{type(error).__name__}: {error}")


def camera_profile(camera: dict[str, float], folder: Path) -> Path:
    """Write a calibration profile with a known camera and return its path."""
    path = folder / "camera.json"
    path.write_text(json.dumps({"camera": camera}), encoding="utf-8")
    return path
