"""What a worker does with one source: check it, keep its tracks, and answer with its line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from posture_check import pipeline
from posture_check.errors import PostureCheckError
from posture_check.landmarks.track import save_tracks
from posture_check.pipeline import Options
from posture_check.rules.result import SCHEMA

_STEM_CHARACTERS = 50  # of up to 4 bytes each: well inside the 255 bytes that file systems allow a name


def track_name(spec: str) -> str:
    """Return the file name for a source's tracks: its stem for people, a hash of the whole path to be unique.

    The name follows from ``source.path`` in the results alone, so that any line finds its tracks.
    """
    digest = hashlib.sha256(_text(spec).encode()).hexdigest()[:12]
    stem = re.sub(r"[^\w.-]+", "_", Path(_text(spec)).stem).strip("._-")[:_STEM_CHARACTERS]
    return f"{stem}-{digest}.npz" if stem else f"{digest}.npz"


def error_line(spec: str, message: str) -> str:
    """Return the line of a source that could not be judged."""
    one_line = " ".join(message.split())
    document = {"schema": SCHEMA, "source": {"path": _text(spec)}, "error": _text(one_line)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class AuditJob:
    """Check one source after another with the same options; sent to a worker once.

    Attributes
    ----------
    tracks
        Folder to keep the tracks in.
    options
        As for a single check.
    calibrations
        Calibration profile of each source that has one of its own.
    """

    tracks: Path
    options: Options
    calibrations: Mapping[str, Path] = field(default_factory=dict)

    def __call__(self, spec: str) -> str:
        """Return the source's line: its result document, or its error."""
        try:
            options = replace(self.options, calibration=self.calibrations.get(spec, self.options.calibration))
            found = pipeline.find_tracks(spec, options)
            # Before judging: new rules can be tried on the tracks even if these rules refuse them.
            save_tracks(self.tracks / track_name(spec), found)
            line = pipeline.judge(found, options).to_json()
            line.encode()  # a path that is not valid text would fail only when it is written
        except PostureCheckError as error:
            return error_line(spec, str(error))
        except Exception as error:  # one odd source must not end the run; its line says what happened
            return error_line(spec, f"{spec}: {type(error).__name__}: {error}")
        return line


def _text(path: str) -> str:
    """Return a path as valid text: bytes of a file name that are not UTF-8 become escapes."""
    return path.encode("utf-8", "backslashreplace").decode()
