"""The person in a single picture, by the landmark models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture_check.grooming.subject import Picture, Subject

if TYPE_CHECKING:
    from posture_check.landmarks.detectors import Detectors


def find_subject(image: Picture, detectors: Detectors) -> Subject | None:
    """Return the largest person of a picture; None where nobody was found.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8 RGB, upright.
    detectors
        The landmarkers.
    """
    from posture_check.landmarks.poses import body_extent

    poses = detectors.pose(video=False).find(image, 0.0)
    if not len(poses):
        return None
    largest = max(range(len(poses)), key=lambda i: body_extent(poses.image[i]))
    pose, world = poses.image[largest], poses.world[largest]
    return Subject(image, pose, world, detectors.face.find(image, pose, world))
