import io
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from posture_check.errors import InputError
from posture_check.sources import open_source
from tests.sources.media import number_of, numbered, quadrants, write_video


def decode_threads():
    return [t for t in threading.enumerate() if t.name == "posture-check-decode"]


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    yield
    assert decode_threads() == []


def read(path, **how):
    with open_source(path, **how) as source:
        frames = [(frame.index, frame.time_s, number_of(frame.image)) for frame in source]
    assert [index for index, _, _ in frames] == list(range(source.info.frames))
    return source.info, [t for _, t, _ in frames], [n for _, _, n in frames]


def test_a_clip_gives_all_frames_in_order_with_its_facts(clip):
    info, times, numbers = read(clip)
    assert numbers == list(range(40))
    assert times == pytest.approx(np.arange(40) / 25)
    assert (info.kind, info.width, info.height, info.frames, info.notes) == ("video", 64, 48, 40, [])
    assert info.fps == pytest.approx(25.0)
    assert info.duration_s == pytest.approx(1.6)
    assert info.path == str(clip)


def test_facts_known_beforehand_and_as_it_goes(clip):
    with open_source(clip) as source:
        assert (source.info.width, source.info.fps, source.info.frames) == (64, 25.0, 0)
        assert source.info.duration_s == pytest.approx(1.6)
        for frame in source:
            assert source.info.frames == frame.index + 1
            assert source.info.duration_s == pytest.approx((frame.index + 1) / 25)


@settings(max_examples=15, deadline=None)
@given(
    gaps=st.lists(st.integers(5, 400), min_size=1, max_size=20),
    start=st.sampled_from([0, 1234]),
    suffix=st.sampled_from([".mkv", ".mp4"]),
)
def test_variable_frame_rate_keeps_every_true_time(tmp_path_factory, gaps, start, suffix):
    stamps = start + np.concatenate([[0], np.cumsum(gaps)])
    path = tmp_path_factory.mktemp("vfr") / f"phone{suffix}"
    write_video(path, numbered(len(stamps)), stamps.tolist())
    info, times, numbers = read(path, max_rate_hz=None)
    assert numbers == list(range(len(stamps)))
    assert times == pytest.approx((stamps - stamps[0]) / 1000, abs=1e-6)
    assert info.fps == pytest.approx(1000 * len(gaps) / sum(gaps), rel=1e-3)
    assert info.notes == []


@pytest.mark.parametrize("fps", [60, 50, 30, 24])
def test_fast_video_is_thinned_by_time(tmp_path, fps):
    path = write_video(tmp_path / "fast.mp4", numbered(40), fps=fps)
    info, times, numbers = read(path, max_rate_hz=30)
    step = 2 if fps > 33 else 1
    assert numbers == list(range(0, 40, step))
    assert times == pytest.approx(np.arange(0, 40, step) / fps)
    assert info.fps == pytest.approx(fps / step)
    assert info.duration_s == pytest.approx(40 / fps)


@pytest.mark.parametrize(
    ("start", "end"), [(0.4, 0.8), (0.0, 0.5), (1.0, None), (2.5, 3.1), (3.48, 20.0), (None, 0.02)]
)
def test_a_part_is_cut_out_by_time_and_keeps_its_time(tmp_path, start, end):
    path = write_video(tmp_path / "long.mp4", numbered(40) * 3, codec_options={"g": "20", "bf": "2"})
    info, times, numbers = read(path, start_s=start, end_s=end)
    expected = [i for i in range(120) if (start or 0) - 1e-9 <= i / 25 < (end or 99) - 1e-9]
    assert numbers == [i % 40 for i in expected]
    assert times == pytest.approx([i / 25 for i in expected])
    assert info.notes == []
    assert info.duration_s == pytest.approx((expected[-1] + 1) / 25)


def test_a_part_of_a_file_that_cannot_be_sought_is_reached_by_reading(tmp_path):
    buffer = io.BytesIO()
    buffer.seekable = lambda: False  # type: ignore[method-assign]
    write_video(buffer, numbered(40) * 3, container="matroska", options={"live": "1"}, codec_options={"g": "200"})
    path = tmp_path / "no-index.mkv"
    path.write_bytes(buffer.getvalue())
    _, times, numbers = read(path, start_s=3.0, end_s=3.2)
    assert numbers == [i % 40 for i in range(75, 80)]
    assert times == pytest.approx(np.arange(75, 80) / 25, abs=1e-3)


def test_a_part_behind_the_end_is_refused(clip):
    with (
        open_source(clip, start_s=7) as source,
        pytest.raises(InputError, match=r"no frame after 7 s \(it lasts 1.6 s\)"),
    ):
        list(source)


@pytest.mark.parametrize(
    "how", [{"start_s": -1}, {"start_s": 2, "end_s": 2}, {"max_rate_hz": 0}, {"end_s": float("nan")}]
)
def test_senseless_options_are_refused(clip, how):
    with pytest.raises(InputError):
        open_source(clip, **how)


def test_gif_frames_have_their_own_durations(tmp_path):
    pictures = [Image.fromarray(picture) for picture in numbered(5)]
    path = tmp_path / "动图.gif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=[100, 300, 50, 200, 1500], loop=0)
    info, times, numbers = read(path)
    assert numbers == list(range(5))
    assert times == pytest.approx([0.0, 0.1, 0.4, 0.45, 0.65])
    assert (info.kind, info.notes) == ("video", [])


def test_transparent_video_lies_on_white(tmp_path):
    picture = np.dstack([quadrants(), np.full((48, 64), 255, np.uint8)])
    picture[:24, :32, 3] = 0
    path = write_video(tmp_path / "cut-out.mkv", [picture] * 2, codec="ffv1", pix_fmt="bgra")
    with open_source(path) as source:
        image = next(iter(source)).image
    assert (image[5, 5] == 255).all()
    assert image[40, 40] == pytest.approx([128, 128, 128], abs=2)


def test_webm_without_duration(tmp_path):
    buffer = io.BytesIO()
    write_video(buffer, numbered(20), codec="libvpx", container="webm", options={"live": "1"})
    path = tmp_path / "browser.webm"
    path.write_bytes(buffer.getvalue())
    info, times, numbers = read(path)
    assert numbers == list(range(20))
    assert times == pytest.approx(np.arange(20) / 25, abs=1e-3)
    assert info.duration_s == pytest.approx(0.8, abs=2e-3)
    assert info.notes == []


@pytest.mark.parametrize("name", ["站姿 検査.mp4", "12:30 clip.mp4", "a b #1 %20?.mp4", "-clip.mp4", "naïve%03d.mp4"])
def test_any_name_will_do(tmp_path, clip, name, monkeypatch):
    (tmp_path / name).write_bytes(clip.read_bytes())
    assert read(tmp_path / name)[2] == list(range(40))
    monkeypatch.chdir(tmp_path)
    assert read(name)[0].path == name


def noisy(count):
    rng = np.random.default_rng(1)
    return [rng.integers(0, 255, (48, 64, 3), np.uint8) for _ in range(count)]


@pytest.mark.parametrize(
    ("suffix", "codec", "said"),
    [(".avi", "mpeg4", "it could be read up to "), (".mkv", "libx264", " of 4.0 s could be read")],
)
def test_of_a_cut_short_recording_what_decodes_is_used_and_said(tmp_path, suffix, codec, said):
    whole = write_video(tmp_path / f"whole{suffix}", noisy(100), codec=codec)
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    info, times, _ = read(path)
    assert 30 < info.frames < 70
    assert info.duration_s == pytest.approx(times[-1] + 0.04, abs=0.002)
    assert len(info.notes) == 1
    assert "damaged or cut short" in info.notes[0]
    assert said in info.notes[0]
    assert read(whole)[0].notes == []


def test_a_damaged_middle_is_passed_over_and_said(tmp_path):
    path = write_video(tmp_path / "scratch.avi", noisy(60), codec="mjpeg", pix_fmt="yuvj420p")
    data = bytearray(path.read_bytes())
    start = data.find(b"00dc", len(data) // 2) + 8
    end = data.find(b"00dc", start)
    data[start:end] = bytes(end - start)
    path.write_bytes(data)
    info, times, _ = read(path)
    assert info.frames == 59
    assert times[-1] == pytest.approx(59 / 25)
    assert "damaged part" in info.notes[0]


def test_a_video_cut_before_its_index_is_refused_with_the_reason(tmp_path, clip):
    path = tmp_path / "broken.mp4"
    path.write_bytes(clip.read_bytes()[:1500])
    with pytest.raises(InputError, match=r"broken.mp4: .*cut off before its index was written \(no 'moov' part\)"):
        open_source(path)


def test_a_video_whose_pictures_are_all_damaged_is_refused(tmp_path, clip):
    data = bytearray(clip.read_bytes())
    start, end = data.find(b"mdat") + 4, data.find(b"moov") - 4
    data[start:end] = bytes(end - start)
    path = tmp_path / "zeros.mp4"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"zeros.mp4: not one frame could be decoded"):
        open_source(path)


def test_a_tiny_video_is_refused(tmp_path):
    path = write_video(tmp_path / "tiny.mp4", numbered(3, 8, 64))
    with pytest.raises(InputError, match=r"tiny.mp4: too small \(8x64 pixels\)"):
        open_source(path)


def write_sound(path, container=None):
    import av

    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
        frame.rate = 8000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("name", ["speech.mp4", "speech.m4a", "speech.mkv"])
def test_sound_without_pictures_is_refused(tmp_path, name):
    path = write_sound(tmp_path / name, "ipod" if name.endswith("m4a") else None)
    with pytest.raises(InputError, match=rf"{name}: (it holds sound but no pictures|.*sound recording)"):
        open_source(path)


def test_frames_without_any_timestamp_are_spaced_at_the_coded_rate_and_said(tmp_path):
    path = write_video(tmp_path / "bare.h264", numbered(30), container="h264", codec_options={"bf": "0"})
    info, times, numbers = read(path)
    assert numbers == list(range(30))
    assert np.diff(times) == pytest.approx(np.full(29, 0.04), abs=1e-6)
    assert "30 frames had no timestamp" in "".join(info.notes)


def test_leaving_early_frees_the_file_and_the_thread(clip):
    source = open_source(clip)
    for frame in source:
        if frame.index == 3:
            break
    del frame
    assert source.info.frames == 4
    source.close()
    assert decode_threads() == []
    with pytest.raises(RuntimeError, match="read once"):
        iter(source)


def test_an_unread_source_closes(clip):
    source = open_source(clip)
    source.close()
    source.close()
    assert list(source) == []


def test_an_error_in_the_decoding_thread_reaches_the_reader(clip, monkeypatch):
    from posture_check.sources.upright import Upright

    def fail(self, frame):
        raise MemoryError("no room")

    monkeypatch.setattr(Upright, "__call__", fail)
    with open_source(clip) as source, pytest.raises(MemoryError, match="no room"):
        list(source)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent to processes by POSIX signals here")
def test_ctrl_c_ends_the_program_at_once(clip):
    program = textwrap.dedent(
        """
        import sys, time
        from posture_check.sources import open_source
        with open_source(sys.argv[1]) as source:
            for frame in source:
                print(frame.index, flush=True)
                time.sleep(60 if frame.index else 0)
        """
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", program, str(clip)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "0\n"
        assert child.stdout.readline() == "1\n"
        begun = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=20)
    assert time.monotonic() - begun < 5
    assert child.returncode != 0
    assert errors.strip().endswith("KeyboardInterrupt")


def test_nothing_is_written_to_the_terminal(clip, tmp_path, capfd):
    cut = tmp_path / "cut.avi"
    whole = write_video(tmp_path / "whole.avi", noisy(50), codec="mpeg4")
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    read(clip)
    read(cut)
    assert capfd.readouterr() == ("", "")


REAL = {
    "derived/demo4_rotmeta90.mp4": ((720, 1280), 401, 30.0, 401 / 30),
    "derived/pose_squats_rotmeta270.mp4": ((1280, 720), 65, 5.0, 13.0),
    "gait-lab/public/samples/gym-treadmill.mp4": ((640, 360), 503, 25.0, 20.12),
    "moviepy/media/no_duration.webm": ((1280, 720), 74, 14.985, 4.94),
    "moviepy/media/chaplin.mp4": ((640, 360), 241, 25.0, 9.64),
    "intel-sample-videos/preview/people-detection.gif": ((480, 270), 23, 12.083, 1.91),
    "intel-sample-videos/preview/worker-zone-detection.gif": ((480, 270), 71, 15.0, 4.74),
}


@pytest.mark.parametrize("name", REAL)
def test_real_recordings_are_read_as_they_are(footage, name):
    size, frames, fps, duration = REAL[name]
    with open_source(footage / "posture" / name) as source:
        times = np.array([frame.time_s for frame in source])
    info = source.info
    assert ((info.width, info.height), info.frames, info.notes) == (size, frames, [])
    assert info.fps == pytest.approx(fps, rel=0.01)
    assert info.duration_s == pytest.approx(duration, abs=0.02)
    assert (np.diff(times) > 0).all()


def test_real_truncated_recording_is_used_and_noted(footage):
    with open_source(footage / "posture/derived/openpose_video_truncated_700k.avi", max_rate_hz=None) as source:
        times = [frame.time_s for frame in source]
    assert source.info.frames >= 108
    assert times[-1] < 2.3
    assert len(source.info.notes) == 1
    assert "of 205 frames" in source.info.notes[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("derived/demo4_truncated_600k.mp4", "no 'moov' part"),
        ("derived/empty.mp4", "the file is empty"),
        ("moviepy/media/bitmap.mp4", r"too small \(1x1 pixels\)"),
        ("gait-lab/public/samples/brisk-walking.mp4", r"not a video \(the file is a JPEG picture\)"),
        ("sports2d/demo4_eye_digitised.csv", "the file is text"),
        ("moviepy", "a folder"),
    ],
)
def test_real_traps_are_refused_in_one_line(footage, name, said):
    with pytest.raises(InputError, match=said) as caught:
        open_source(footage / "posture" / name)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(footage / "posture" / name))


def test_memory_does_not_grow_with_the_length_of_a_recording(tmp_path):
    psutil = pytest.importorskip("psutil")
    pictures = [np.ascontiguousarray(np.roll(quadrants(640, 480), 8 * i, axis=1)) for i in range(10)]
    path = write_video(tmp_path / "long.mp4", pictures * 60, codec_options={"preset": "ultrafast"})
    held = []
    with open_source(path) as source:
        for frame in source:
            if frame.index in {50, 599}:
                held.append(psutil.Process().memory_info().rss)
    one_picture = 640 * 480 * 3
    assert held[1] - held[0] < 30 * one_picture, "550 more frames must not cost 30 pictures' room"
