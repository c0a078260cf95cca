"""Figures of the neck and upper chest that tell what is worn there: edges and colours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

_SIDE = 64
_CLOSE, _WIDE = (slice(0, 64), slice(32, 96)), (slice(0, 80), slice(0, 128))
"""Parts of the patch: 19 cm around the collar, and the chest from shoulder to shoulder."""
_CLOSE_COLOURS, _WIDE_COLOURS = 12, 8


_CELL, _TURNS = 8, 9
_CLIP = 0.2
"""Largest share of one orientation in a block, as Dalal and Triggs found best."""


def features(image: NDArray[np.uint8]) -> Floats:
    """Return the figures ``(4152,)`` float32 of a neck patch ``(240, 128, 3)`` or its upper rows, uint8 RGB.

    They are oriented gradients (Dalal and Triggs, CVPR 2005) close by and of the whole chest, and both in few large
    pixels in L*a*b*.
    """
    found = []
    for part, colours in ((_CLOSE, _CLOSE_COLOURS), (_WIDE, _WIDE_COLOURS)):
        found += _described(image[part], colours)
    return np.concatenate(found).astype(np.float32)


def _described(image: NDArray[np.uint8], colours: int) -> list[Floats]:
    import cv2

    square = np.asarray(cv2.resize(image, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    lab = cv2.cvtColor(square, cv2.COLOR_RGB2LAB)
    coarse = cv2.resize(lab, (colours, colours), interpolation=cv2.INTER_AREA).astype(np.float32) / 64
    grey = cv2.cvtColor(square, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return [_edges(grey), coarse.ravel()]


def _edges(grey: Floats) -> Floats:
    """Return oriented gradients of a square ``(64, 64)``: 7 x 7 blocks of 2 x 2 cells of 9 orientations."""
    bent = np.sqrt(grey)
    across, down = np.zeros_like(bent), np.zeros_like(bent)
    across[:, 1:-1] = bent[:, 2:] - bent[:, :-2]
    down[1:-1] = bent[2:] - bent[:-2]
    strength = np.hypot(across, down)
    turn = np.mod(np.arctan2(down, across), np.pi) * (_TURNS / np.pi)
    low = np.floor(turn).astype(int)
    part = turn - low
    cells = grey.shape[0] // _CELL
    row, column = np.indices(grey.shape) // _CELL
    place = (row * cells + column) * _TURNS
    count = cells * cells * _TURNS
    found = np.bincount((place + low % _TURNS).ravel(), (strength * (1 - part)).ravel(), count)
    found += np.bincount((place + (low + 1) % _TURNS).ravel(), (strength * part).ravel(), count)
    grid = found.reshape(cells, cells, _TURNS)
    blocks = np.concatenate([grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:]], -1)
    for _ in range(2):
        blocks = blocks / np.sqrt((blocks**2).sum(-1, keepdims=True) + 1e-2)
        blocks = np.minimum(blocks, _CLIP)
    return np.asarray(blocks.ravel())
