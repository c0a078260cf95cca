"""Find hands in cut-outs around the wrists; in the whole picture they are too small for the hand model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.landmarks.crops import Crop, cut, pixels_per_metre
from posture_check.landmarks.names import HAND_LANDMARKS, H, L
from posture_check.landmarks.tasks import Landmarker

Floats = NDArray[np.floating[Any]]

CROP_M = 0.42
"""Side of the cut-out: a hand of 0.2 m and room for an error of the wrist."""
_CROP_PX = 256
_MIN_CROP_PX = 16.0
"""A smaller cut-out holds a hand of under 8 pixels."""
_BEYOND_WRIST = 0.8
"""The cut-out's middle lies this far from the wrist towards the knuckles."""
_TOGETHER_M = 0.16
"""Wrists nearer than this share one cut-out."""
_REACH_M = 0.18
"""A hand whose wrist is further than this from the body's wrist belongs to another arm."""
_OTHER_SIDE_M = 0.10
"""What the wrong handedness costs, in distance."""
_SAME_HAND_M = 0.04
_DETECTION_CONFIDENCE = 0.2
_PRESENCE_CONFIDENCE = 0.2

_ARMS = (
    (L.LEFT_WRIST, L.LEFT_INDEX, L.LEFT_PINKY),
    (L.RIGHT_WRIST, L.RIGHT_INDEX, L.RIGHT_PINKY),
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A hand in a cut-out: ``(21, 3)`` pixels, the probability that it is a left one, and how sure that is."""

    points: Floats
    left: float
    score: float


class HandFinder:
    """Both hands of a person whose pose is known.

    Parameters
    ----------
    model
        Content of the hand bundle.
    """

    def __init__(self, model: bytes) -> None:
        self._landmarker = Landmarker(
            "Hand",
            model,
            num_hands=2,
            min_hand_detection_confidence=_DETECTION_CONFIDENCE,
            min_hand_presence_confidence=_PRESENCE_CONFIDENCE,
        )

    def find(self, image: NDArray[np.uint8], pose: Floats, world: Floats) -> tuple[Floats, Floats]:
        """Look for both hands.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8 RGB.
        pose
            ``(33, 4)`` landmarks in pixels.
        world
            ``(33, 3)`` landmarks in metres.

        Returns
        -------
        hands
            ``(2, 21, 3)`` pixels, the person's left hand first, NaN where not found.
        score
            ``(2,)`` how sure the model is of the hand, 0 where none was found, NaN where the wrist is
            outside the picture or too small to look.
        """
        scale = pixels_per_metre(pose, world)
        looked = [_inside(pose[arm[0]], image.shape) and scale * CROP_M >= _MIN_CROP_PX for arm in _ARMS]
        candidates: list[_Candidate] = []
        for centre, side in _squares(pose, scale, looked):
            candidates += self._in_crop(cut(image, centre, side, _CROP_PX))
        candidates = _distinct(candidates, scale)
        hands = np.full((2, HAND_LANDMARKS, 3), np.nan, np.float32)
        score = np.where(looked, 0.0, np.nan).astype(np.float32)
        for side, chosen in enumerate(_assign(candidates, pose, scale)):
            if chosen is not None and looked[side]:
                hands[side], score[side] = candidates[chosen].points, candidates[chosen].score
        return hands, score

    def close(self) -> None:
        """Free the landmarker."""
        self._landmarker.close()

    def _in_crop(self, crop: Crop) -> list[_Candidate]:
        result = self._landmarker.detect(crop.image)
        found = []
        for hand, sides in zip(result.hand_landmarks, result.handedness, strict=True):
            points = crop.to_picture(np.array([(p.x, p.y, p.z) for p in hand]))
            best = sides[0]
            left = best.score if best.category_name == "Left" else 1.0 - best.score
            found.append(_Candidate(points, left, best.score))
        return found


def _inside(point: Floats, shape: tuple[int, ...]) -> bool:
    height, width = shape[:2]
    return bool(0 <= point[0] < width and 0 <= point[1] < height)


def _squares(pose: Floats, scale: float, looked: list[bool]) -> list[tuple[Floats, float]]:
    """Return centre and side of the squares to look at: one around each wrist, or one around both."""
    side = CROP_M * scale
    centres = []
    for arm, look in zip(_ARMS, looked, strict=True):
        wrist, index, pinky = (pose[joint, :2] for joint in arm)
        if look:
            centres.append(wrist + _BEYOND_WRIST * ((index + pinky) / 2 - wrist))
    if len(centres) == 2:
        apart = float(np.linalg.norm(pose[L.LEFT_WRIST, :2] - pose[L.RIGHT_WRIST, :2]))
        if apart < _TOGETHER_M * scale:
            return [(np.mean(centres, axis=0), side + apart)]
    return [(centre, side) for centre in centres]


def _distinct(candidates: list[_Candidate], scale: float) -> list[_Candidate]:
    """Return the candidates without those that show a hand already seen in the other cut-out."""
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: -c.score):
        apart = (np.linalg.norm((candidate.points - other.points)[:, :2], axis=1).mean() for other in kept)
        if all(distance > _SAME_HAND_M * scale for distance in apart):
            kept.append(candidate)
    return kept


def _assign(candidates: list[_Candidate], pose: Floats, scale: float) -> tuple[int | None, int | None]:
    """Return which candidate is the left and which the right hand, by place and handedness."""
    cost = np.full((len(candidates), 2), np.inf)
    for i, candidate in enumerate(candidates):
        for side, arm in enumerate(_ARMS):
            apart = np.linalg.norm(candidate.points[H.WRIST, :2] - pose[arm[0], :2]) / scale
            if apart < _REACH_M:
                against = 1.0 - candidate.left if side == 0 else candidate.left
                cost[i, side] = apart + _OTHER_SIDE_M * against
    missing = _REACH_M + _OTHER_SIDE_M  # dearer than any hand within reach, so that no hand is left out
    best: tuple[float, tuple[int | None, int | None]] = (np.inf, (None, None))
    choices: list[int | None] = [None, *range(len(candidates))]
    for left, right in product(choices, choices):
        if left is not None and left == right:
            continue
        total = (missing if left is None else cost[left, 0]) + (missing if right is None else cost[right, 1])
        if total < best[0]:
            best = (total, (left, right))
    return best[1]
