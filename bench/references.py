"""What the program's speed is held against, measured in the same run on the same frames."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.native import quiet_native_logs
from posture_check.landmarks.store import ModelStore
from posture_check.landmarks.tasks import load_tasks

Image = NDArray[np.uint8]

_FRAME_MS = 33


class BarePose:
    """The pose model alone on frames that are already decoded: nothing that finds poses can be faster."""

    def __init__(self) -> None:
        self._landmarker = _landmarker("Pose", num_poses=1)
        self._ms = 0

    def run(self, frames: Sequence[Image]) -> int:
        """Find one person in each frame; return how many frames had one."""
        found = 0
        for image in frames:
            self._ms += _FRAME_MS
            result = self._landmarker.detect_for_video(load_tasks().picture(image), self._ms)
            found += bool(result.pose_landmarks)
        return found

    def close(self) -> None:
        """Free the model."""
        self._landmarker.close()


class PlainLoop:
    """What a user would write: decode with OpenCV, then pose, hands and face on every whole frame."""

    def __init__(self) -> None:
        self._landmarkers = [
            _landmarker("Pose", num_poses=1),
            _landmarker("Hand", num_hands=2),
            _landmarker("Face", num_faces=1),
        ]
        self._ms = 0

    def run(self, path: Path) -> int:
        """Run all models on every frame of a video; return the number of frames."""
        import cv2

        capture = cv2.VideoCapture(str(path))
        frames = 0
        while True:
            ok, image = capture.read()
            if not ok:
                break
            frames += 1
            self._ms += _FRAME_MS
            rgb = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)
            picture = load_tasks().picture(rgb)
            for landmarker in self._landmarkers:
                landmarker.detect_for_video(picture, self._ms)
        capture.release()
        return frames

    def close(self) -> None:
        """Free the models."""
        for landmarker in self._landmarkers:
            landmarker.close()


def _landmarker(kind: str, **options: Any) -> Any:
    tasks = load_tasks()
    settings = getattr(tasks.vision, f"{kind}LandmarkerOptions")(
        base_options=tasks.base_options(ModelStore().bytes(kind.lower())),
        running_mode=tasks.vision.RunningMode.VIDEO,
        **options,
    )
    with quiet_native_logs():
        return getattr(tasks.vision, f"{kind}Landmarker").create_from_options(settings)
