"""What each arm does: free, hand on the hip, hand in a pocket, arms crossed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.arm_geometry import (
    arm_features,
    body_axes,
    crossed_likelihood,
    hip_likelihood,
    joined_likelihood,
)
from posture_check.landmarks.names import L
from posture_check.landmarks.track import ARM_STATES
from posture_check.resources import models_dir

Floats = NDArray[np.floating[Any]]

MIN_TRUNK_PX = 40.0
"""Below this a hand spans under about 12 pixels: what it does cannot be made out."""
_NEEDED = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP)


class ArmClassifier:
    """Geometry for hips and crossed arms, a small trained model (``models/arms.md``) for pockets.

    Parameters
    ----------
    model_path
        The pocket model; None is the one that ships.
    """

    def __init__(self, model_path: Path | None = None) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        path = model_path or models_dir() / "arms.onnx"
        self._session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
        meta = self._session.get_modelmeta().custom_metadata_map
        self._threshold, self._slope = float(meta["threshold"]), float(meta["slope"])

    def judge(self, image: NDArray[np.uint8], landmarks: Floats, hands: Floats, hand_score: Floats) -> Floats:
        """Return ``(2, 4)`` probabilities of ``ARM_STATES``, the person's left arm first.

        NaN for an arm that cannot be judged: shoulder, elbow or wrist out of the picture, or the person too small.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8 RGB; its size tells what lies in the picture.
        landmarks
            ``(33, 4)`` x, y, z in pixels and visibility.
        hands
            ``(2, 21, 3)`` hand landmarks in pixels, NaN where not found.
        hand_score
            ``(2,)`` how sure each hand is.
        """
        points = landmarks.astype(float)
        states = np.full((2, len(ARM_STATES)), np.nan, np.float32)
        size = np.array([image.shape[1], image.shape[0]])
        trunk = body_axes(points)[2]
        if not np.isfinite(trunk) or trunk < MIN_TRUNK_PX:
            return states
        crossed, joined = crossed_likelihood(points), joined_likelihood(points)
        for side in (0, 1):
            needed = [*_NEEDED, L.LEFT_ELBOW + side, L.LEFT_WRIST + side]
            at = points[needed, :2]
            if not ((at >= 0) & (at < size)).all():
                continue
            hip = hip_likelihood(points, side)
            pocket = self._pocket(arm_features(points, hands, hand_score, side)) * (1 - max(hip, crossed, joined))
            free = max(0.0, 1 - hip - crossed - pocket)
            states[side] = np.array([free, hip, pocket, crossed]) / max(1.0, free + hip + pocket + crossed)
        return states

    def _pocket(self, features: Floats) -> float:
        """Return the calibrated probability: 0.5 at the threshold that was chosen on held-out photos."""
        vote = float(self._session.run(["share"], {"features": features[None].astype(np.float32)})[0][0, 1])
        return float(1 / (1 + np.exp(-self._slope * (vote - self._threshold))))
