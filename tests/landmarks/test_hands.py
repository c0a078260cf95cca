from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from posture_check.landmarks.crops import cut, pixels_per_metre
from posture_check.landmarks.detectors import Detectors
from posture_check.landmarks.names import H, L
from posture_check.sources import open_source
from tests.landmarks.bodies import standing, world

CLIPS = {"d_stand_V_01": 2, "d_stand_hips_01": 2, "d_stand_crossed_01": 2, "e_stand_behind_01": 0}


def found_in(detectors: Detectors, image: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    poses = detectors.pose(video=False).find(image)
    hands, score = detectors.hands.find(image, poses.image[0], poses.world[0])
    return hands, score, poses.image[0]


def test_hanging_hands_lie_at_their_wrists(detectors: Detectors, standing_picture: np.ndarray) -> None:
    hands, score, pose = found_in(detectors, standing_picture)
    assert (score > 0.5).all()
    for side, wrist in enumerate((L.LEFT_WRIST, L.RIGHT_WRIST)):
        assert np.linalg.norm(hands[side, H.WRIST, :2] - pose[wrist, :2]) < 0.04 * np.ptp(pose[:, 1])
        assert hands[side, H.MIDDLE_TIP, 1] > hands[side, H.WRIST, 1]


def test_a_mirrored_picture_has_mirrored_hands(detectors: Detectors, standing_picture: np.ndarray) -> None:
    width = standing_picture.shape[1]
    hands, _, pose = found_in(detectors, standing_picture)
    mirrored, _, _ = found_in(detectors, np.ascontiguousarray(standing_picture[:, ::-1]))
    again = mirrored[::-1].copy()
    again[..., 0] = width - again[..., 0]
    apart = np.median(np.linalg.norm(again - hands, axis=2)[..., :], axis=1)
    assert (apart < 0.02 * np.ptp(pose[:, 1])).all()


@pytest.mark.slow
@pytest.mark.parametrize("clip", CLIPS)
def test_hands_are_where_the_rendered_hands_are(detectors: Detectors, footage: Path, clip: str) -> None:
    with gzip.open(footage / "rendered" / "truth" / f"{clip}.json.gz") as file:
        joints = json.load(file)["joints_2d"]
    with open_source(str(footage / "rendered" / f"{clip}.mp4")) as source:
        frame = next(iter(source))
    hands, _, pose = found_in(detectors, frame.image)
    scale = np.ptp(pose[:, 1]) / 1.7
    right_place = 0
    for side, name in enumerate(("left", "right")):
        true = np.array([joints[f"{name}_hand_{i}"][0] for i in range(21)])
        right_place += bool(np.median(np.linalg.norm(hands[side, :, :2] - true, axis=1)) < 0.03 * scale)
    assert right_place == CLIPS[clip]
    assert np.isfinite(hands[:, 0, 0]).sum() == CLIPS[clip]


def test_a_hand_outside_the_picture_is_not_looked_for(detectors: Detectors, standing_picture: np.ndarray) -> None:
    pose = standing(x=100, height=400)
    pose[[L.RIGHT_WRIST, L.RIGHT_INDEX, L.RIGHT_PINKY], 0] = -50
    _, score = detectors.hands.find(np.zeros((480, 640, 3), np.uint8), pose, world(pose))
    assert score[0] == 0.0
    assert np.isnan(score[1])


def test_a_tiny_hand_is_not_looked_for(detectors: Detectors) -> None:
    pose = standing(height=40)
    _, score = detectors.hands.find(np.zeros((480, 640, 3), np.uint8), pose, world(pose))
    assert np.isnan(score).all()


@pytest.mark.parametrize("centre", [(50.0, 60.0), (-20.0, 10.0), (630.0, 470.0)])
@pytest.mark.parametrize("side", [33.0, 200.0, 700.0])
def test_a_cut_out_knows_where_it_came_from(centre: tuple[float, float], side: float) -> None:
    rows, columns = np.mgrid[:480, :640]
    image = np.stack([columns / 640 * 255, rows / 480 * 255, np.full((480, 640), 255)], axis=2).astype(np.uint8)
    crop = cut(image, np.array(centre), side, 256)
    inside = np.argwhere(crop.image[..., 2] == 255)
    if not len(inside):
        assert centre[0] + side / 2 < 0
        return
    y, x = np.median(inside, axis=0).astype(int)
    point = crop.to_picture(np.array([[(x + 0.5) / 256, (y + 0.5) / 256, 0.0]]))[0]
    assert point[0] == pytest.approx(crop.image[y, x, 0] / 255 * 640, abs=6)
    assert point[1] == pytest.approx(crop.image[y, x, 1] / 255 * 480, abs=6)


def test_scale_is_that_of_the_body() -> None:
    pose = standing(height=340)
    assert pixels_per_metre(pose, world(pose, stature_m=1.7)) == pytest.approx(200, rel=0.01)
