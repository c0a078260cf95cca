"""The chair of a simulated person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.measures.scene import Chair

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Seat:
    """A chair whose sitter faces along z; the middle of its front edge is over x = 0, z = 0.

    Attributes
    ----------
    depth_m, width_m, height_m
        Of the top of the seat; usual office chairs (EN 1335-1) have 38-47, 40 and more, 40-51 cm.
    backrest_m
        Height of the backrest's top above the seat; 0 is a stool.
    """

    depth_m: float = 0.44
    width_m: float = 0.46
    height_m: float = 0.45
    backrest_m: float = 0.48

    def corners(self) -> Floats:
        """Return ``(4, 3)`` of the top: front left, front right, back right, back left as the sitter sees them."""
        half, high, back = self.width_m / 2, self.height_m, -self.depth_m
        return np.array([[half, high, 0.0], [-half, high, 0.0], [-half, high, back], [half, high, back]])

    def chair(self, corners: Floats, error_m: float = 0.0) -> Chair:
        """Return the chair as measures know it, from where its corners ``(4, 3)`` are in the camera's room."""
        front_left, front_right, back_right, back_left = corners
        return Chair(front_left, front_right, back_right, back_left, self.depth_m, self.height_m, error_m)
