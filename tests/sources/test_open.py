import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from posture_check.errors import InputError
from posture_check.sources import (
    Frame,
    Options,
    Source,
    SourceInfo,
    expand_paths,
    open_source,
    register_scheme,
)
from posture_check.sources import open as door
from tests.sources.media import quadrants


class Simulated:
    def __init__(self, rest, options):
        self.info = SourceInfo(f"pretend:{rest}", "simulation", 64, 48)
        self.options = options

    def __iter__(self):
        yield Frame(0, 0.0, np.zeros((48, 64, 3), np.uint8))

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass


@pytest.fixture
def pretend(monkeypatch):
    monkeypatch.setattr(door, "_factories", {})
    register_scheme("pretend", Simulated)


def test_a_registered_scheme_opens_and_gets_what_follows_and_the_options(pretend):
    source = open_source("pretend:standing_v60", max_rate_hz=15, start_s=1, end_s=2)
    assert isinstance(source, Source)
    assert source.info.path == "pretend:standing_v60"
    assert source.options == Options(15, 1, 2)
    assert expand_paths(["pretend:standing_v60"]) == ["pretend:standing_v60"]


@pytest.mark.parametrize("scheme", ["c", "http", "rtsp", "camera", "Über", "a b", ""])
def test_a_scheme_cannot_take_a_name_that_means_something_else(scheme):
    with pytest.raises(ValueError, match="cannot be a scheme"):
        register_scheme(scheme, Simulated)


def test_an_unknown_scheme_is_a_missing_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="pretended:x: no such file"):
        open_source("pretended:x")


def test_every_source_keeps_the_protocol(clip, tmp_path):
    Image.fromarray(quadrants()).save(tmp_path / "p.png")
    for path in (clip, tmp_path / "p.png"):
        with open_source(path) as source:
            assert isinstance(source, Source)


def test_digits_are_a_file_where_there_is_one_else_a_camera(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(quadrants()).save(tmp_path / "7", format="PNG")
    with open_source("7") as source:
        assert source.info.kind == "image"
    opened = []
    monkeypatch.setattr("posture_check.sources.camera.open_capture", lambda index: opened.append(index) or Unplugged())
    with pytest.raises(InputError, match=r"camera:8: the camera cannot be used \(it does not answer\)"):
        open_source("8")
    assert opened == [8]


class Unplugged:
    def isOpened(self):
        return False

    def release(self):
        pass


@pytest.mark.parametrize("spec", ["camera:", "camera:front", "camera:-1", "camera:0x1"])
def test_a_camera_wants_a_number(spec):
    with pytest.raises(InputError, match=f"{spec}: a camera is named by its number; try camera:0"):
        open_source(spec)


def test_a_picture_named_as_a_video_is_refused_with_the_cure(tmp_path):
    path = tmp_path / "clip.mp4"
    Image.fromarray(quadrants()).save(path, format="JPEG")
    with pytest.raises(InputError) as caught:
        open_source(path)
    assert str(caught.value) == (
        f"{path}: not a video (the file is a JPEG picture); "
        "rename it clip.jpeg to check it as one, or re-export the video"
    )


def test_a_video_named_as_a_picture_is_read_with_a_note(tmp_path, clip):
    path = tmp_path / "photo.jpg"
    path.write_bytes(clip.read_bytes())
    with open_source(path) as source:
        assert len(list(source)) == 40
    assert source.info.kind == "video"
    assert source.info.notes == ["named as a picture but read as a video, which it is (MP4 or QuickTime video)"]


def test_a_name_that_is_not_utf8_is_opened_and_shown_printable(tmp_path, clip):
    raw = bytes(tmp_path) + b"/clip-\xff.mp4"
    try:
        Path(raw.decode("utf-8", "surrogateescape")).write_bytes(clip.read_bytes())
    except (OSError, UnicodeError):
        pytest.skip("this file system allows only UTF-8 names")
    with open_source(raw.decode("utf-8", "surrogateescape")) as source:
        assert len(list(source)) == 40
    assert source.info.path.encode().endswith(b"clip-?.mp4")


def test_importing_the_stage_loads_no_decoder():
    root = Path(__file__).resolve().parents[2]
    heavy = ("av", "cv2", "PIL", "scipy")
    code = f"import sys, posture_check.sources; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"
