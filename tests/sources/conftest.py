"""What the tests of sources share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.media import numbered, write_video


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a healthy clip of 40 numbered frames, 25 a second, with B-frames and a key frame a second."""
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    write_video(path, numbered(40), codec_options={"g": "25", "bf": "2"})
    return path
