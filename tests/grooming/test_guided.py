"""A map fitted to the edges of a drawn picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posture_check.grooming.guided import guided

rows, columns = np.mgrid[:60, :80]


def test_a_plane_that_is_the_picture_comes_back():
    image = np.zeros((60, 80, 3), np.uint8)
    image[..., 1] = 3 * columns
    found = guided(image[..., 1] / 255, image, 4, 1e-4)
    assert found == pytest.approx(image[..., 1] / 255, abs=0.01)


def test_without_any_edge_it_is_a_mean():
    image = np.full((60, 80, 3), 77, np.uint8)
    plane = np.random.default_rng(0).random((60, 80))
    twice = cv2.blur(cv2.blur(plane, (9, 9), borderType=cv2.BORDER_REFLECT), (9, 9), borderType=cv2.BORDER_REFLECT)
    assert guided(plane, image, 4, 0.03) == pytest.approx(twice, abs=1e-3)


@pytest.mark.parametrize("off", [-3, 3])
def test_a_blurred_edge_beside_the_pictures_moves_to_it(off):
    image = np.zeros((60, 80, 3), np.uint8)
    image[columns >= 40] = (200, 60, 30)
    plane = cv2.GaussianBlur((columns >= 40 + off).astype(np.float32), (0, 0), 1.5)
    found = guided(plane, image, 4, 0.03) > 0.5
    assert (found[30] != (columns[30] >= 40)).sum() < abs(off)
