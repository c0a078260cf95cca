import os
import shutil

import pytest
from PIL import Image

from posture_check.errors import InputError
from posture_check.sources import expand_paths
from tests.sources.media import quadrants


@pytest.fixture
def shelf(tmp_path, clip):
    for name in ("b/clip.mp4", "b/c/深.MOV", "a.mkv", "b/no-suffix", ".hidden/clip.mp4", "b/._clip.mp4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(clip, path)
    Image.fromarray(quadrants()).save(tmp_path / "b/photo.dat", format="PNG")
    (tmp_path / "b/notes.txt").write_text("nothing to see")
    (tmp_path / "b/results.jsonl").write_text("{}\n")
    (tmp_path / "b/damaged.avi").write_bytes(b"")
    return tmp_path


def test_a_folder_gives_its_recordings_sorted_at_any_depth(shelf):
    found = [os.path.relpath(path, shelf) for path in expand_paths([shelf])]
    assert found == ["a.mkv", "b/c/深.MOV", "b/clip.mp4", "b/damaged.avi", "b/no-suffix", "b/photo.dat"]


def test_files_come_as_named_in_the_order_named_and_once(shelf, monkeypatch):
    monkeypatch.chdir(shelf)
    assert expand_paths(["b/notes.txt", "b/clip.mp4", "b", "a.mkv"]) == [
        "b/notes.txt",
        "b/clip.mp4",
        "b/c/深.MOV",
        "b/damaged.avi",
        "b/no-suffix",
        "b/photo.dat",
        "a.mkv",
    ]


def test_addresses_pass_through():
    addresses = ["rtsp://camera.local/1", "https://example.org/a.mp4", "camera:0"]
    assert expand_paths(addresses) == addresses


def test_a_folder_without_recordings_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing to see")
    with pytest.raises(InputError, match=r"no picture or video in this folder; choose"):
        expand_paths([tmp_path])


def test_a_missing_path_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none: no such file or folder"):
        expand_paths([tmp_path / "none"])


def test_a_loop_of_links_ends(shelf):
    try:
        (shelf / "b/up").symlink_to(shelf, target_is_directory=True)
    except OSError:
        pytest.skip("this system allows no symbolic links")
    assert len(expand_paths([shelf])) == 6
