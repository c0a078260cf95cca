"""What is drawn, and what is kept as evidence."""

from __future__ import annotations

import cv2
import numpy as np

from posture_check.checklist.overlay import evidence_jpeg, skeletons
from posture_check.landmarks.names import L
from tests.checklist.test_coaching import SIZE, person

NEAR = "distance=3.2&height=1.3&pitch=8"


def test_points_are_shares_of_the_picture_and_missing_hands_are_left_out() -> None:
    one = person(NEAR)
    (drawn,) = skeletons([one], 0, SIZE)
    assert drawn.subject
    assert drawn.hands == ()
    assert drawn.face == ()
    x, y, seen = drawn.pose[L.NOSE]
    assert abs(x * SIZE[0] - one.pose[L.NOSE, 0]) < 0.1
    assert abs(y * SIZE[1] - one.pose[L.NOSE, 1]) < 0.1
    assert 0 <= seen <= 1
    assert not skeletons([one], 5, SIZE)[0].subject


def test_the_heads_of_others_cannot_be_made_out_and_the_subject_can() -> None:
    subject, other = person(NEAR), person(NEAR, 1, moved=350)
    picture = np.random.default_rng(1).integers(0, 255, (SIZE[1], SIZE[0], 3)).astype(np.uint8)
    picture = cv2.GaussianBlur(picture, (0, 0), 2)
    kept = cv2.cvtColor(cv2.imdecode(np.frombuffer(evidence_jpeg(picture, [subject, other], 0), np.uint8), 1), 4)

    def detail(of: np.ndarray, pose: np.ndarray) -> float:
        """Return how much of the original's detail is left about a head."""
        x, y = pose[L.NOSE, :2].astype(int)
        was, now = (p[y - 20 : y + 20, x - 20 : x + 20].astype(float) for p in (picture, of))
        return float(np.corrcoef((was - was.mean()).ravel(), (now - now.mean()).ravel())[0, 1])

    assert detail(kept, subject.pose) > 0.9
    assert detail(kept, other.pose) < 0.6


def test_a_head_outside_the_picture_does_no_harm() -> None:
    outside = person(NEAR, 1, moved=5000)
    assert evidence_jpeg(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), [outside], 0)
