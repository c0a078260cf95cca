"""Results and tracks made by hand, over the example clips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from posture_check.landmarks.names import L
from posture_check.landmarks.track import Track, TrackSet
from posture_check.rules.result import (
    SCHEMA,
    Check,
    Result,
    Segment,
    Settings,
    SourceDocument,
    Text,
    Verdict,
)
from posture_check.sources.frame import SourceInfo

SIZE = (1280, 720)


def make_check(rule: str = "ST-02", verdict: Verdict = Verdict.PASS, **fields: Any) -> Check:
    """Return a check; what is not given is filled in plausibly."""
    judged = verdict is not Verdict.NOT_ASSESSED
    filled: dict[str, Any] = {
        "clause": rule.partition(".")[0],
        "rule": rule,
        "person": 0,
        "posture": "standing",
        "title": Text(zh="双肩端平", en="Shoulders level"),
        "required": True,
        "verdict": verdict,
        "start_s": 0.0 if judged else None,
        "end_s": 3.0 if judged else None,
        "evidence_s": 1.0 if judged else None,
    }
    return Check(**(filled | fields))


def make_result(checks: list[Check], verdict: Verdict = Verdict.PASS, **source: Any) -> Result:
    """Return a document over a video of 3.1 s; ``source`` replaces facts about it."""
    facts: dict[str, Any] = {
        "path": "clip.mp4",
        "kind": "video",
        "duration_s": 3.1,
        "frames": 93,
        "fps": 30.0,
        "size": SIZE,
    }
    return Result(
        schema=SCHEMA,
        source=SourceDocument(**(facts | source)),
        settings=Settings(
            role="A",
            site="default",
            rules_sha256="0" * 64,
            models={"pose": "0" * 64},
            calibration="none",
            version="0.1.0",
        ),
        people=1,
        segments=[Segment(posture="standing", person=0, start_s=0.0, end_s=3.0)],
        checks=checks,
        verdict=verdict,
    )


def standing_points() -> np.ndarray:
    """Return ``(33, 2)`` pixels of a person who stands in the middle of a 1280×720 picture, facing us."""
    half = {
        "EYE_INNER": (6, 96), "EYE": (12, 96), "EYE_OUTER": (18, 96), "EAR": (30, 104), "SHOULDER": (62, 172),
        "ELBOW": (78, 268), "WRIST": (84, 352), "PINKY": (90, 384), "INDEX": (82, 388), "THUMB": (74, 376),
        "HIP": (36, 362), "KNEE": (34, 492), "ANKLE": (24, 622), "HEEL": (14, 640), "FOOT_INDEX": (58, 672),
    }  # fmt: skip
    points = np.zeros((33, 2))
    for name, (x, y) in half.items():
        points[L[f"LEFT_{name}"]] = (640 + x, y)
        points[L[f"RIGHT_{name}"]] = (640 - x, y)
    points[L.NOSE] = (640, 116)
    points[L.MOUTH_LEFT], points[L.MOUTH_RIGHT] = (650, 132), (630, 132)
    return points


def make_track(frames: int = 93, fps: float = 30.0, *, person: int = 0, shift: float = 0.0) -> Track:
    """Return a track of somebody who stands still, ``shift`` pixels to the right of the middle."""
    image = np.zeros((frames, 33, 4), np.float32)
    image[..., :2] = standing_points() + np.array([shift, 0.0])
    image[..., 3] = 0.95
    return Track(
        person=person,
        frame=np.arange(frames, dtype=np.int32),
        time_s=np.arange(frames) / fps,
        image=image,
        world=np.zeros((frames, 33, 3), np.float32),
        noise=np.ones(33, np.float32),
        size=SIZE,
    )


def make_tracks(path: Path | str, *tracks: Track, kind: Any = "video") -> TrackSet:
    """Return the tracks of one source."""
    still = kind == "image"
    info = SourceInfo(str(path), kind, *SIZE, None if still else 30.0, 1 if still else 93, 0.0 if still else 3.1)
    return TrackSet(info, list(tracks) or [make_track()], {"pose": "0" * 64})
