"""Clips in which nobody may pass, made from rendered clips of people who stand well.

Real footage has few upper bodies and tiny people who would otherwise stand faultlessly; here only the
framing is at fault, so a ``pass`` can have no other excuse.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.footage import Case

Image = NDArray[np.uint8]
Joints = dict[str, tuple[float, float]]

SOURCES = ("d_stand_V_01", "d_stand_parallel_01", "e_stand_V_01", "e_near_par_01")
TINY_PX = 50
"""Height of the person in the tiny clips, in pixels: landmarks are off by more than any limit allows."""

_FRAMES = 60
_RATE = 30


def derived_cases(footage: Path, folder: Path) -> list[Case]:
    """Return the derived clips, making those that are not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = []
    for clip in SOURCES:
        video = footage / "rendered" / f"{clip}.mp4"
        truth = footage / "rendered" / "truth" / f"{clip}.json.gz"
        if not (video.exists() and truth.exists()):
            continue
        for kind, why, change in (
            ("upper", "upper body only", _upper_body),
            ("tiny", "too small", _tiny),
        ):
            path = folder / f"{kind}-{clip}.mp4"
            if not path.exists():
                _write(path, video, change, _joints(truth))
            cases.append(Case(f"derived/{path.name}", path, "derived", must_not_pass=why))
    return cases


def _joints(truth: Path) -> Joints:
    """Return the first frame's joints in pixels, by name."""
    with gzip.open(truth, "rt", encoding="utf-8") as file:
        joints: dict[str, Any] = json.load(file)["joints_2d"]
    return {name: (float(points[0][0]), float(points[0][1])) for name, points in joints.items()}


def _upper_body(image: Image, joints: Joints) -> Image:
    """Cut the picture off just below the hips."""
    hips = max(joints["left_hip"][1], joints["right_hip"][1])
    rows = int(hips + 0.03 * image.shape[0]) // 2 * 2
    return np.ascontiguousarray(image[:rows])


def _tiny(image: Image, joints: Joints) -> Image:
    """Shrink the picture onto a grey one of the same size."""
    import cv2

    rows = [y for _, y in joints.values()]
    scale = TINY_PX / (max(rows) - min(rows))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.full_like(image, 170)
    height, width = small.shape[:2]
    top, left = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
    canvas[top : top + height, left : left + width] = small
    return canvas


def _frames(video: Path) -> Iterator[Image]:
    import av

    with av.open(str(video)) as container:
        for i, frame in enumerate(container.decode(video=0)):
            if i == _FRAMES:
                return
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def _write(path: Path, video: Path, change: Callable[[Image, Joints], Image], joints: Joints) -> None:
    import av

    part = path.with_name(f".{path.name}")
    with av.open(str(part), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(_RATE), options={"crf": "18"})
        stream.pix_fmt = "yuv420p"
        for i, image in enumerate(_frames(video)):
            changed = change(image, joints)
            if i == 0:
                stream.height, stream.width = changed.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(changed, format="rgb24")))
        container.mux(stream.encode())
    part.replace(path)
