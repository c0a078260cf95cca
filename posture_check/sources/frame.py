"""What every source delivers: frames with their true time, and facts about the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SourceKind = Literal["image", "video", "camera", "stream", "simulation"]


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright RGB picture and when it was taken.

    Attributes
    ----------
    index
        Position in the source, counted from 0.
    time_s
        Seconds since the first frame, from the container's own timestamps (PTS).
    image
        ``(height, width, 3)`` uint8, RGB, rotation tags already applied.
    """

    index: int
    time_s: float
    image: NDArray[np.uint8]


@dataclass(slots=True)
class SourceInfo:
    """Facts about a source; ``frames``, ``duration_s`` and ``notes`` are final once it has been read.

    Attributes
    ----------
    path
        As the user named it.
    kind
        What it is.
    width, height
        Pixels after rotation.
    fps
        Average rate as a fraction of true times (never rounded), None for a picture.
    frames
        Frames delivered so far.
    duration_s
        Time of the last frame plus one frame, 0 for a picture.
    notes
        Plain sentences about what was wrong but handled, e.g. a truncated file.
    """

    path: str
    kind: SourceKind
    width: int
    height: int
    fps: float | None = None
    frames: int = 0
    duration_s: float = 0.0
    notes: list[str] = field(default_factory=list)
