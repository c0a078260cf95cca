"""The arm classifier on simulated people, whose arms are known."""

from __future__ import annotations

import numpy as np
import pytest

from posture_check.landmarks.arms import ArmClassifier
from posture_check.landmarks.names import LEFT_RIGHT_PAIRS
from posture_check.landmarks.track import ARM_STATES, Track
from posture_check.simulate.source import simulated_tracks

HIP, POCKET, CROSSED = (ARM_STATES.index(name) for name in ("hip", "pocket", "crossed"))


@pytest.fixture(scope="module")
def classifier() -> ArmClassifier:
    """Return the classifier that ships."""
    return ArmClassifier()


def judged(classifier: ArmClassifier, track: Track) -> np.ndarray:
    """Return the states of both arms on the track's first looked-at frame."""
    width, height = track.size
    details = track.details
    image = np.zeros((height, width, 3), np.uint8)
    return classifier.judge(image, track.image[details.at[0]], details.hands[0], np.nan_to_num(details.hand_score[0]))


@pytest.mark.parametrize(
    ("scene", "state"), [("hands_on_hips", HIP), ("arms_crossed", CROSSED), ("standing_v60", ARM_STATES.index("free"))]
)
def test_simulated_arms_are_told_apart(classifier: ArmClassifier, scene: str, state: int) -> None:
    """Both arms of a scene are called what they are."""
    track = simulated_tracks(f"simulate:{scene}")[0].tracks[0]
    assert (judged(classifier, track).argmax(axis=1) == state).all()


def test_a_mirrored_person_has_the_other_arm(classifier: ArmClassifier) -> None:
    """Mirroring picture and landmarks swaps the arms' probabilities and changes nothing else."""
    track = simulated_tracks("simulate:hand_on_hip_left")[0].tracks[0]
    width, height = track.size
    points, hands, score = track.image[track.details.at[0]], track.details.hands[0], track.details.hand_score[0]
    flipped = points.copy()
    flipped[:, 0] = width - 1 - flipped[:, 0]
    for left, right in LEFT_RIGHT_PAIRS:
        flipped[[left, right]] = flipped[[right, left]]
    other = hands[::-1].copy()
    other[..., 0] = width - 1 - other[..., 0]
    image = np.zeros((height, width, 3), np.uint8)
    before = classifier.judge(image, points, hands, np.nan_to_num(score))
    after = classifier.judge(image, flipped, other, np.nan_to_num(score[::-1]))
    np.testing.assert_allclose(after, before[::-1], atol=0.02)
    assert before[0, HIP] > 0.5 > before[1, HIP]


def test_scale_does_not_matter(classifier: ArmClassifier) -> None:
    """A person seen twice as large is judged alike."""
    track = simulated_tracks("simulate:hands_on_hips")[0].tracks[0]
    width, height = track.size
    points, hands, score = track.image[track.details.at[0]], track.details.hands[0], track.details.hand_score[0]
    large = points.copy()
    large[:, :3] *= 2
    small = classifier.judge(np.zeros((height, width, 3), np.uint8), points, hands, score)
    big = classifier.judge(np.zeros((2 * height, 2 * width, 3), np.uint8), large, hands * 2, score)
    np.testing.assert_allclose(big, small, atol=0.02)


def test_an_arm_out_of_the_picture_is_not_judged(classifier: ArmClassifier) -> None:
    """An arm whose wrist lies beside the picture gives NaN, the other one is judged."""
    track = simulated_tracks("simulate:standing_v60")[0].tracks[0]
    points = track.image[track.details.at[0]].copy()
    points[15, 0] = -5
    width, height = track.size
    states = classifier.judge(
        np.zeros((height, width, 3), np.uint8), points, track.details.hands[0], track.details.hand_score[0]
    )
    assert np.isnan(states[0]).all()
    assert np.isfinite(states[1]).all()
    assert states[1].sum() == pytest.approx(1.0, abs=0.01)
