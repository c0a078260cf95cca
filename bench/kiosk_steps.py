"""What the kiosk's bench looks for, and the pictures it looks at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.checklist.loader import checklist_to_text, load_checklist
from posture_check.checklist.schema import CameraStep, Checklist
from posture_check.sources import open_source

Image = NDArray[np.uint8]
Size = tuple[int, int]

HERE = Path(__file__).resolve().parent
CLIP = HERE.parent / "examples" / "standing-v.mp4"
SIZES: tuple[Size, ...] = ((640, 480), (1280, 720))
HOLD_S = 20.0
"""The longest hold that a checklist may ask for: a step must not end while it is measured."""

STEPS = {
    "pose": "pose only",
    "all": "pose, hands, face, arms, outline",
    "dress": "the same, and dress and hair",
}


def bench_step(kind: str) -> CameraStep:
    """Return the step of the shipped checklist that looks for this, made so that it does not end by itself."""
    front = next(s for s in load_checklist(None).steps if isinstance(s, CameraStep) and s.id == "front")
    changed: dict[str, Any] = {"hold_s": HOLD_S, "patience_s": 60.0}
    if kind == "pose":
        changed |= {"clauses": ("ST-02", "ST-03.side", "ST-04", "ST-13"), "postures": ("standing",)}
    elif kind == "all":
        changed |= {"clauses": tuple(c for c in front.clauses if c.startswith("ST-")), "postures": ("standing",)}
    return front.model_copy(update=changed)


def bench_checklist(kind: str, path: Path) -> Path:
    """Write a checklist of that step alone."""
    whole = load_checklist(None)
    alone: Checklist = whole.model_copy(update={"name": "bench", "steps": (bench_step(kind),)})
    path.write_text(checklist_to_text(alone), encoding="utf-8")
    return path


def pictures(clip: Path, size: Size) -> list[Image]:
    """Return a clip's frames, there and back, cut and scaled to a size."""
    frames = [_fitted(frame.image, size) for frame in open_source(str(clip))]
    return frames + frames[-2:0:-1]


def endless(frames: Sequence[Any], count: int) -> list[Any]:
    """Return the first so many of these frames, over and over."""
    return list(islice(cycle(frames), count))


def _fitted(image: Image, size: Size) -> Image:
    """Return the middle of a picture in another shape and size: what a camera of that shape would see."""
    import cv2

    height, width = image.shape[:2]
    shape = size[0] / size[1]
    if width / height > shape:
        cut = round(height * shape)
        image = image[:, (width - cut) // 2 : (width - cut) // 2 + cut]
    else:
        cut = round(width / shape)
        image = image[(height - cut) // 2 : (height - cut) // 2 + cut]
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
