import os

import av
import numpy as np
import pytest
from PIL import Image as Pillow

from posture_check.errors import InputError
from posture_check.reports import encode
from posture_check.reports.encode import VideoWriter, check_target, whole_file, write_picture

PICTURE = np.dstack([np.full((64, 96), v, np.uint8) for v in (200, 60, 20)])


def frames_of(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return stream.codec_context.name, [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(stream)]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".PNG", ".jpeg"])
def test_pictures_keep_their_colours_and_size(tmp_path, suffix):
    write_picture(tmp_path / f"图片{suffix}", PICTURE)
    back = np.asarray(Pillow.open(tmp_path / f"图片{suffix}").convert("RGB"))
    assert back.shape == PICTURE.shape
    assert np.abs(back.astype(int) - PICTURE).max() <= 6
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
@pytest.mark.parametrize("times", [[0.0, 0.04, 0.08, 0.12], [0.0, 0.5, 0.533, 2.0], [i / 29.97 for i in range(9)]])
def test_videos_keep_the_true_time_of_every_frame(tmp_path, monkeypatch, codec, times):
    monkeypatch.setattr(encode, "_CODECS", tuple(c for c in encode._CODECS if c[0] == codec))
    with VideoWriter(tmp_path / "a.mp4", 25.0) as video:
        for t in times:
            video.write(PICTURE, t)
    name, frames = frames_of(tmp_path / "a.mp4")
    assert name == {"libx264": "h264", "mpeg4": "mpeg4"}[codec]
    assert [t for t, _ in frames] == pytest.approx(times, abs=1e-4)
    assert np.abs(frames[0][1].astype(int) - PICTURE).max() < 25


def test_a_video_that_goes_wrong_leaves_nothing_and_keeps_what_was_there(tmp_path):
    out = tmp_path / "a.mp4"
    out.write_bytes(b"before")

    def fail_halfway():
        with VideoWriter(out, 25.0) as video:
            video.write(PICTURE, 0.0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_halfway()
    assert out.read_bytes() == b"before"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    out = tmp_path / "a.bin"
    with whole_file(out) as part:
        part.write_bytes(b"x")
        assert not out.exists()
    assert out.read_bytes() == b"x"

    def fail():
        with whole_file(out) as part:
            part.write_bytes(b"half")
            raise ValueError("disk")

    with pytest.raises(ValueError, match="disk"):
        fail()
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]
    assert out.read_bytes() == b"x"


def test_a_target_is_refused_before_the_work_with_a_cure(tmp_path):
    suffixes = (".mp4", ".png")
    check_target(tmp_path / "a.MP4", suffixes, "--annotate")
    with pytest.raises(InputError, match=r"--annotate .*a\.avi: unknown kind.*\.mp4 or \.png"):
        check_target(tmp_path / "a.avi", suffixes, "--annotate")
    with pytest.raises(InputError, match="no folder"):
        check_target(tmp_path / "none" / "a.mp4", suffixes, "--annotate")
    (tmp_path / "b.mp4").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        check_target(tmp_path / "b.mp4", suffixes, "--annotate")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        check_target(tmp_path / "a.mp4", (".mp4",), "--annotate")
