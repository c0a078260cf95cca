"""The file that stands for a camera shows exactly what it was given."""

from __future__ import annotations

import itertools
from pathlib import Path

import av
import numpy as np
import pytest

from tests.browser.fake_camera import (
    GREY,
    FakeCamera,
    clip_pictures,
    letterboxed,
    looped,
    side_by_side,
    write_mjpeg,
    write_y4m,
    y4m_frame,
    y4m_header,
)
from tests.sources.media import CORNERS, corner_names, number_of, numbered, quadrants, write_video

SIZE = (64, 48)


def read_back(path: Path, form: str | None = None) -> list[np.ndarray]:
    """Return what an ordinary decoder sees in a file."""
    with av.open(str(path), format=form) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.parametrize("form", ["y4m", "mjpeg"])
def test_every_picture_is_there_once_in_its_order_and_the_right_way_up(tmp_path, form):
    path = tmp_path / f"camera.{form}"
    pictures = [*numbered(12, *SIZE), quadrants(*SIZE)]
    if form == "y4m":
        write_y4m(path, pictures, SIZE, 15)
    else:
        write_mjpeg(path, pictures, SIZE, quality=98)
    *counted, last = read_back(path, "mjpeg" if form == "mjpeg" else None)
    assert [number_of(picture) for picture in counted] == list(range(12))
    assert corner_names(last) == tuple(CORNERS)


def test_the_header_tells_size_and_rate(tmp_path):
    path = write_y4m(tmp_path / "camera.y4m", numbered(3, *SIZE), SIZE, 15)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (*SIZE, 15)


@pytest.mark.parametrize(("shape", "bars"), [((48, 24), "sides"), ((16, 64), "above and below"), ((24, 32), "none")])
def test_another_shape_is_fitted_whole_between_grey_bars(shape, bars):
    height, width = shape
    got = letterboxed(quadrants(width, height), SIZE)
    assert got.shape == (48, 64, 3)
    grey = (got == GREY).all(axis=2)
    assert grey[:, [0, -1]].all() == (bars == "sides")
    assert grey[[0, -1]].all() == (bars == "above and below")
    rows, columns = np.flatnonzero(~grey.all(axis=1)), np.flatnonzero(~grey.all(axis=0))
    inner = got[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert inner.shape[1] / inner.shape[0] == pytest.approx(width / height, rel=0.05)
    assert corner_names(inner) == tuple(CORNERS)


@pytest.mark.parametrize("have", [1, 5, 16, 40])
def test_a_loop_there_and_back_has_no_jump_even_at_its_seam(have):
    loop = [number_of(picture) for picture in looped(numbered(have), 30)]
    assert len(loop) == 30
    steps = np.abs(np.diff([*loop, loop[0]]))
    assert steps.max() <= 1
    assert max(loop) == min(have, 16) - 1


def test_a_loop_that_only_goes_forward_repeats_what_there_is():
    assert [number_of(p) for p in looped(numbered(3), 7, back=False)] == [0, 1, 2, 0, 1, 2, 0]


def test_a_recording_is_taken_at_the_cameras_rate_without_blending(tmp_path):
    path = write_video(tmp_path / "clip.mp4", numbered(12), fps=30)
    assert [number_of(p) for p in clip_pictures(path, 15)] == [0, 2, 4, 6, 8, 10, 11]
    assert [number_of(p) for p in clip_pictures(path, 30)] == list(range(12))


def test_a_simulated_scene_is_a_recording_too():
    pictures = clip_pictures("simulate:standing_v60?duration=0.4&width=320&lines=180", 15)
    assert len(pictures) in (6, 7)
    assert pictures[0].shape == (180, 320, 3)
    assert pictures[0].std() > 10


def test_what_it_shows_is_exchanged_in_place(tmp_path):
    camera = FakeCamera(tmp_path, SIZE, fps=10, seconds=1.0, noise=0)
    before = camera.path.stat()
    dark, bright = numbered(40, *SIZE)[0], numbered(40, *SIZE)[39]
    for name, picture in (("dark", dark), ("bright", bright), ("dark", dark)):
        with camera.path.open("rb") as reader:  # as Chromium has it open all the time
            camera.show_picture(name, picture)
            assert reader.read() == y4m_header(SIZE, 10) + 10 * y4m_frame(picture)
    after = camera.path.stat()
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size)


def test_a_clip_fills_the_loop(tmp_path, examples):
    camera = FakeCamera(tmp_path, (320, 180), fps=15, seconds=1.0)
    camera.show(examples / "standing-v.mp4", end_s=1.0)
    shown = read_back(camera.path)
    assert len(shown) == 15
    first = letterboxed(clip_pictures(examples / "standing-v.mp4", 15, end_s=0.1)[0], (320, 180))
    assert np.abs(shown[0].astype(float) - first).mean() < 6


def test_a_still_is_never_the_same_twice_as_with_a_real_sensor(tmp_path, examples):
    camera = FakeCamera(tmp_path, (320, 180), fps=10, seconds=1.0)
    still = clip_pictures(examples / "standing-v.mp4", 15, end_s=0.05)[0]
    camera.show_picture("still", still)
    shown = read_back(camera.path)
    assert all(np.any(a != b) for a, b in itertools.pairwise(shown))
    assert np.abs(np.mean(shown, axis=0) - letterboxed(still, (320, 180))).mean() < 4


def test_two_recordings_stand_side_by_side():
    both = side_by_side([quadrants(*SIZE)], [quadrants(*SIZE)[:, ::-1]])
    assert [picture.shape for picture in both] == [(48, 64, 3)]
    assert corner_names(both[0][:, :32]) == tuple(CORNERS)
