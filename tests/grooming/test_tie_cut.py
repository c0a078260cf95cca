"""A tie is cut out by colour from its knot on."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posture_check.grooming.tie_cut import cut_out


def shirt_with_tie(end: int, striped: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return a patch ``(240, 128, 3)`` of a white shirt over black trousers with a red tie, and the tie's mask."""
    rng = np.random.default_rng(0)
    image = np.full((240, 128, 3), 225.0)
    image[170:] = 25
    mask = np.zeros((240, 128), np.uint8)
    outline = np.array([[57, 20], [71, 20], [76, end - 12], [64, end], [52, end - 12]])
    cv2.fillPoly(mask, [outline], 1)
    image[mask > 0] = (150, 20, 40)
    if striped:
        rows, columns = np.mgrid[:240, :128]
        image[(mask > 0) & ((rows + columns) % 24 < 10)] = (30, 40, 120)
    return np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8), mask.astype(bool)


@pytest.mark.parametrize("end", [130, 168, 200])
@pytest.mark.parametrize("striped", [False, True])
def test_the_cut_is_the_tie(end: int, striped: bool) -> None:
    image, mask = shirt_with_tie(end, striped)
    cells = mask.reshape(60, 4, 32, 4).mean((1, 3))
    tie, lower = 0.9 * cells, np.zeros((60, 32))
    tie[42:] = 0  # the network overlooks what hangs over the trousers
    lower[43:] = 0.9
    found = cut_out(image, np.ones((60, 32), bool), tie, lower, (15.5, 6.5), 128 / 38.4)
    assert np.minimum(found, cells).sum() / np.maximum(found, cells).sum() > 0.8


def test_nothing_is_found_outside_the_picture() -> None:
    image, _ = shirt_with_tie(200, False)
    inside = np.ones((60, 32), bool)
    inside[30:] = False
    found = cut_out(image, inside, np.zeros((60, 32)), np.zeros((60, 32)), (15.5, 6.5), 128 / 38.4)
    assert found[31:].max() == 0
