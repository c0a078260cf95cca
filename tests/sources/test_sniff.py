import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from posture_check.errors import InputError
from posture_check.sources import sniff
from posture_check.sources.sniff import identify, read_head
from tests.sources.media import numbered, quadrants, write_video


@pytest.mark.parametrize("form", ["JPEG", "PNG", "BMP", "TIFF", "WEBP", "PPM", "GIF", "AVIF"])
@pytest.mark.parametrize("name", ["p.jpg", "p.mp4", "p", "p.txt"])
def test_pictures_are_known_by_content_whatever_their_name(tmp_path, form, name):
    Image.fromarray(quadrants()).save(tmp_path / name, format=form)
    assert sniff(tmp_path / name) == "image"


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("mp4", "libx264"),
        ("mov", "libx264"),
        ("matroska", "libx264"),
        ("webm", "libvpx"),
        ("avi", "mpeg4"),
        ("flv", "flv"),
        ("mpegts", "mpeg2video"),
        ("mpeg", "mpeg1video"),
        ("mpeg2video", "mpeg2video"),
        ("h264", "libx264"),
        ("asf", "mpeg4"),
        ("ogg", "libtheora"),
        ("3gp", "mpeg4"),
        ("nut", "libx264"),
        ("gif", "gif"),
    ],
)
def test_videos_are_known_by_content_whatever_their_name(tmp_path, container, codec):
    import av

    if codec not in av.codecs_available:
        pytest.skip(f"this build of the decoder has no {codec} to make the file with")
    path = tmp_path / "p.jpg"
    pix_fmt = "rgb8" if codec == "gif" else "yuv420p"
    write_video(str(path), numbered(5), codec=codec, container=container, pix_fmt=pix_fmt)
    assert sniff(path) == "video"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b"time,angle\n0.1,30\n", "the file is text"),
        ("时间，角度\n".encode(), "the file is text"),
        ("时间".encode("utf-16"), "the file is text"),
        (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/hostname\n", "the file is text"),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", "the file is text"),
        (b"%PDF-1.7\n%\xe2\xe3", "the file is a PDF document"),
        (b"PK\x03\x04" + bytes(60), "the file is a ZIP archive or office document"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), "the file is a sound recording"),
        (b"\x00\x00\x00\x1cftypM4A " + bytes(40), "the file is a sound recording"),
        (bytes(4000), "not a known kind of picture or video"),
    ],
)
def test_what_is_neither_is_refused_by_what_it_is(tmp_path, content, said):
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        sniff(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_missing_files_and_folders_are_told_apart(tmp_path):
    with pytest.raises(InputError, match="no such file; check the spelling"):
        sniff(tmp_path / "none.mp4")
    with pytest.raises(InputError, match="a folder, not one source"):
        sniff(tmp_path)
    with pytest.raises(InputError, match="not a regular file"):
        sniff(os.devnull)


def test_a_file_one_may_not_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"x")
    path.chmod(0)

    def deny(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    if os.access(path, os.R_OK):  # an administrator may read everything
        monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(InputError, match=r"clip.mp4: no permission to read it; ask its owner"):
        read_head(path, str(path))


@given(st.binary(max_size=1024))
def test_any_bytes_have_a_kind(head):
    found = identify(head)
    assert found.family in {"image", "video", "other", "unknown"}
    assert str(found)


@given(st.text(min_size=1, max_size=200).filter(lambda text: all(c.isprintable() for c in text)))
def test_writing_of_any_language_is_never_taken_for_a_recording_by_the_decoder(text):
    head = text.encode()
    if not head.startswith((b"BM", b"P", b"GIF8", b"OggS", b".RMF", b"RIFF", b"FLV", b"G")) and head[4:8] not in {
        b"ftyp",
        b"moov",
        b"mdat",
        b"free",
        b"skip",
        b"wide",
        b"pnot",
    }:
        assert identify(head).family == "other"
