"""Real models, made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from posture_check.errors import ModelError
from posture_check.landmarks.detectors import Detectors
from posture_check.sources import open_source
from posture_check.sources.frame import Frame


@pytest.fixture(scope="session")
def detectors() -> Iterator[Detectors]:
    """Return the landmarkers, or skip where the models cannot be had."""
    with Detectors() as made:
        try:
            made.pose(video=False)
        except ModelError as error:
            pytest.skip(str(error))
        yield made


@pytest.fixture(scope="session")
def standing_frames(examples: Path) -> list[Frame]:
    """Return the first second of the clip of a standing person, at 10 frames a second."""
    with open_source(str(examples / "standing-v.mp4"), max_rate_hz=10) as source:
        return [frame for frame in source if frame.time_s < 1.0]


@pytest.fixture(scope="session")
def standing_picture(standing_frames: list[Frame]) -> np.ndarray:
    return standing_frames[0].image
