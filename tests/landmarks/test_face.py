from __future__ import annotations

import numpy as np

from posture_check.landmarks.detectors import Detectors
from posture_check.landmarks.names import L
from tests.landmarks.bodies import standing, world

NOSE_TIP, CHIN, FOREHEAD, RIGHT_EDGE, LEFT_EDGE = 1, 152, 10, 234, 454
MOUTH_RIGHT, MOUTH_LEFT = 61, 291


def test_the_mesh_lies_on_the_face(detectors: Detectors, standing_picture: np.ndarray) -> None:
    poses = detectors.pose(video=False).find(standing_picture)
    pose = poses.image[0]
    face = detectors.face.find(standing_picture, pose, poses.world[0])
    assert face.shape == (468, 3)
    size = face[CHIN, 1] - face[FOREHEAD, 1]
    assert 0.08 < size / np.ptp(pose[:, 1]) < 0.16
    for mesh, joint in ((NOSE_TIP, L.NOSE), (MOUTH_LEFT, L.MOUTH_LEFT), (MOUTH_RIGHT, L.MOUTH_RIGHT)):
        assert np.linalg.norm(face[mesh, :2] - pose[joint, :2]) < 0.2 * size
    assert face[LEFT_EDGE, 0] > face[NOSE_TIP, 0] > face[RIGHT_EDGE, 0]
    # The nose is nearer than the edges, by about as much as it sticks out.
    depth = face[[LEFT_EDGE, RIGHT_EDGE], 2].mean() - face[NOSE_TIP, 2]
    assert 0.3 < depth / size < 1.2


def test_no_face_without_a_head(detectors: Detectors) -> None:
    pose = standing()
    face = detectors.face.find(np.full((480, 640, 3), 128, np.uint8), pose, world(pose))
    assert np.isnan(face).all()


def test_a_tiny_face_is_not_looked_for(detectors: Detectors, standing_picture: np.ndarray) -> None:
    pose = standing(height=40)
    assert np.isnan(detectors.face.find(standing_picture, pose, world(pose))).all()
