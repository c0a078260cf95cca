"""The track: every landmark of one person over time, and the file it is kept in.

A track is all that measures, postures and rules ever see, so rules can run again without decoding video. Pixels are
those of the upright picture, x to the right, y down; left and right are the person's own.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError
from posture_check.landmarks.findings import Findings, from_plain, to_plain
from posture_check.landmarks.names import HAND_LANDMARKS, POSE_LANDMARKS, SHAKEN
from posture_check.sources.frame import SourceInfo

Floats = NDArray[np.floating[Any]]

FORMAT = "posture-check/tracks/1"
FACE_LANDMARKS = 468
ARM_STATES: tuple[str, ...] = ("free", "hip", "pocket", "crossed")
"""What the arm classifier tells apart, in the order of its probabilities."""
_LATER = ("shoulders", "solidity", "glance")
"""Details that the first track files of this format do not have: they were not looked at."""


@dataclass(slots=True)
class Details:
    """What is looked at on some frames only: hands, face, what each arm does, and the outline of the person.

    Attributes
    ----------
    at
        ``(samples,)`` indices into the track's frames, rising.
    hands
        ``(samples, 2, 21, 3)`` pixels (z in pixels relative to the wrist), person's left hand first, NaN where the hand
        was not found.
    hand_score
        ``(samples, 2)`` presence of each hand in 0..1, NaN where it could not be looked for.
    face
        ``(samples, 468, 3)`` pixels (z in pixels, smaller is nearer), NaN where no face was found.
    arms
        ``(samples, 2, 4)`` probabilities of ``ARM_STATES`` per arm, person's left first, NaN where not judged.
    shoulders
        ``(samples, 2, 2)`` pixels of the centres of the circles under the shoulders' outline, person's left first, NaN
        where the outline shows no shoulders.
    solidity
        ``(samples,)`` area of the person over the square of their height in the picture, NaN where not looked at.
    glance
        ``(samples,)`` whether only the hands were looked at, because one was raised or stretched out.
    """

    at: NDArray[np.int32]
    hands: Floats
    hand_score: Floats
    face: Floats
    arms: Floats
    shoulders: Floats
    solidity: Floats
    glance: NDArray[np.bool_]

    @classmethod
    def empty(cls, samples: int = 0) -> Details:
        """Return details of ``samples`` frames on which nothing was found."""
        nan = np.nan
        return cls(
            at=np.zeros(samples, np.int32),
            hands=np.full((samples, 2, HAND_LANDMARKS, 3), nan, np.float32),
            hand_score=np.full((samples, 2), nan, np.float32),
            face=np.full((samples, FACE_LANDMARKS, 3), nan, np.float32),
            arms=np.full((samples, 2, len(ARM_STATES)), nan, np.float32),
            shoulders=np.full((samples, 2, 2), nan, np.float32),
            solidity=np.full(samples, nan, np.float32),
            glance=np.zeros(samples, bool),
        )

    def slice(self, start: int, stop: int) -> Details:
        """Return the details of frames ``start`` to ``stop`` (exclusive), counted from ``start``."""
        keep = (self.at >= start) & (self.at < stop)
        kept = {f.name: getattr(self, f.name)[keep] for f in fields(self)}
        kept["at"] = kept["at"] - np.int32(start)
        return Details(**kept)


@dataclass(slots=True)
class Track:
    """One person over time.

    Attributes
    ----------
    person
        Stable number of the person in this source, from 0.
    frame
        ``(frames,)`` index of each frame in the source.
    time_s
        ``(frames,)`` seconds since the first frame of the source, strictly rising.
    image
        ``(frames, 33, 4)`` x, y, z, visibility. x and y in pixels, z in pixels relative to the hips (smaller is
        nearer the camera), visibility 0..1. NaN where the person was not found.
    world
        ``(frames, 33, 3)`` metres about the hip midpoint, camera axes (x right, y down, z away), as the landmark model
        imagines them.
    noise
        ``(33,)`` standard deviation of each landmark's frame-to-frame jitter in pixels, NaN where it cannot be told
        (a single picture).
    size
        Width and height of the picture in pixels.
    details
        Hands, face, arms and outline where they were looked at.
    shake
        ``(frames, 7, 2)`` by how many pixels the picture moved since the frame before at the landmarks of
        :data:`posture_check.landmarks.names.SHAKEN`, NaN where it was not looked at.
    findings
        What was read of dress and hair from the pixels, over the whole track; empty where nobody looked.
    """

    person: int
    frame: NDArray[np.int32]
    time_s: Floats
    image: Floats
    world: Floats
    noise: Floats
    size: tuple[int, int]
    details: Details = field(default_factory=Details.empty)
    shake: Floats = field(default_factory=lambda: np.zeros((0, len(SHAKEN), 2), np.float32))
    findings: Findings = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that every array agrees on the number of frames."""
        n = len(self.time_s)
        if len(self.shake) == 0:
            self.shake = np.full((n, len(SHAKEN), 2), np.nan, np.float32)
        want = {
            "frame": (n,),
            "image": (n, POSE_LANDMARKS, 4),
            "world": (n, POSE_LANDMARKS, 3),
            "noise": (POSE_LANDMARKS,),
            "shake": (n, len(SHAKEN), 2),
        }
        for name, shape in want.items():
            got = getattr(self, name).shape
            if got != shape:
                raise ValueError(f"track: {name} must have shape {shape}, got {got}")

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.time_s)

    @property
    def xy(self) -> Floats:
        """``(frames, 33, 2)`` pixels."""
        return self.image[..., :2]

    @property
    def visibility(self) -> Floats:
        """``(frames, 33)`` visibility in 0..1."""
        return self.image[..., 3]

    def slice(self, start: int, stop: int) -> Track:
        """Return frames ``start`` to ``stop`` (exclusive) as a track of their own; arrays are views."""
        return Track(
            self.person,
            self.frame[start:stop],
            self.time_s[start:stop],
            self.image[start:stop],
            self.world[start:stop],
            self.noise,
            self.size,
            self.details.slice(start, stop),
            self.shake[start:stop],
            self.findings,
        )

    def in_step_with(self, other: Track) -> Track:
        """Return this person on the frames of another track, NaN where they are not there.

        Both are of the same source. Details on frames that the other track does not have are left out.
        """
        rows = np.searchsorted(self.frame, other.frame)
        there = rows < len(self)
        there[there] = self.frame[rows[there]] == other.frame[there]
        image = np.full((len(other), *self.image.shape[1:]), np.nan, self.image.dtype)
        world = np.full((len(other), *self.world.shape[1:]), np.nan, self.world.dtype)
        image[there], world[there] = self.image[rows[there]], self.world[rows[there]]
        details = self.details.slice(0, len(self))
        row_of = np.full(len(self), -1, np.int32)
        row_of[rows[there]] = np.flatnonzero(there)
        kept = {f.name: getattr(details, f.name)[row_of[details.at] >= 0] for f in fields(Details)}
        kept["at"] = row_of[kept["at"]]
        shake = np.full((len(other), len(SHAKEN), 2), np.nan, np.float32)
        shake[there] = self.shake[rows[there]]
        return Track(
            self.person,
            other.frame,
            other.time_s,
            image,
            world,
            self.noise,
            self.size,
            Details(**kept),
            shake,
            self.findings,
        )


@dataclass(slots=True)
class TrackSet:
    """All tracks of one source.

    Attributes
    ----------
    source
        Facts about the source.
    tracks
        One per person, in the order of their numbers.
    models
        Name and SHA-256 of every model that made them.
    """

    source: SourceInfo
    tracks: list[Track]
    models: dict[str, str] = field(default_factory=dict)


def save_tracks(path: Path, found: TrackSet) -> None:
    """Write all tracks of one source to one file, whole or not at all.

    Parameters
    ----------
    path
        Where to write; ``.npz`` by convention.
    found
        What to write.
    """
    arrays: dict[str, NDArray[Any]] = {}
    people: list[dict[str, Any]] = []
    for i, track in enumerate(found.tracks):
        people.append({"person": track.person, "size": list(track.size), "findings": to_plain(track.findings)})
        for name in ("frame", "time_s", "image", "world", "noise", "shake"):
            arrays[f"{i}.{name}"] = getattr(track, name)
        for f in fields(Details):
            arrays[f"{i}.details.{f.name}"] = getattr(track.details, f.name)
    head = {"format": FORMAT, "source": asdict(found.source), "models": found.models, "people": people}
    arrays["head"] = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            np.savez_compressed(out, **arrays)  # type: ignore[arg-type]  # numpy types the keywords as its own options
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def load_tracks(path: Path) -> TrackSet:
    """Read what :func:`save_tracks` wrote.

    Raises
    ------
    InputError
        If the file is not there or is not a track file of this version.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            head = json.loads(bytes(data["head"]))
            if head.get("format") != FORMAT:
                raise InputError(
                    f"{path}: track format {head.get('format')!r}, expected {FORMAT!r}: make it again with --track"
                )
            tracks = [_read_track(data, i, person) for i, person in enumerate(head["people"])]
            return TrackSet(SourceInfo(**head["source"]), tracks, dict(head["models"]))
    except FileNotFoundError as e:
        raise InputError(f"{path}: no such file") from e
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as e:
        raise InputError(f"{path}: not a track file; make it again with --track") from e


def _read_track(data: Any, i: int, person: dict[str, Any]) -> Track:
    details = Details.empty(len(data[f"{i}.details.at"]))
    for f in fields(Details):
        if f.name not in _LATER or f"{i}.details.{f.name}" in data:
            setattr(details, f.name, data[f"{i}.details.{f.name}"])
    arrays = {name: data[f"{i}.{name}"] for name in ("frame", "time_s", "image", "world", "noise")}
    if f"{i}.shake" in data:  # the first track files of this format do not have it
        arrays["shake"] = data[f"{i}.shake"]
    size: Sequence[int] = person["size"]
    findings = from_plain(person.get("findings", {}))  # the first track files of this format do not have it
    return Track(person=person["person"], size=(size[0], size[1]), details=details, findings=findings, **arrays)
