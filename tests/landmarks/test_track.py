from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.landmarks.track import Details, load_tracks, save_tracks
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view


def saved_without(path: Path, *names: str) -> Path:
    """Save a simulated track and take arrays out of the file."""
    save_tracks(path, view(standing(), duration_s=2.0).tracks())
    with np.load(path) as data:
        kept = {name: data[name] for name in data.files if not name.endswith(names)}
    np.savez(path, **kept)
    return path


def test_a_slice_counts_its_details_from_its_own_first_frame() -> None:
    details = Details.empty(5)
    details.at[:] = [0, 10, 20, 30, 40]
    details.solidity[:] = details.at
    details.shoulders[:, 0, 0] = details.at
    part = details.slice(10, 40)
    assert part.at.tolist() == [0, 10, 20]
    assert part.at.dtype == np.int32
    assert part.solidity.tolist() == part.shoulders[:, 0, 0].tolist() == [10, 20, 30]


def test_an_older_file_has_no_outline(tmp_path: Path) -> None:
    (track,) = load_tracks(saved_without(tmp_path / "old.npz", "shoulders", "solidity")).tracks
    assert len(track.details.at) == len(track.details.shoulders) == len(track.details.solidity)
    assert np.isnan(track.details.shoulders).all()
    assert np.isfinite(track.details.face).any()


def test_a_file_without_hands_is_no_track_file(tmp_path: Path) -> None:
    path = saved_without(tmp_path / "broken.npz", "hands")
    with pytest.raises(InputError, match=r"broken\.npz: not a track file"):
        load_tracks(path)
