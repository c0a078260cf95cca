import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.sources.base import Options
from posture_check.sources.camera import CameraSource, open_capture
from posture_check.sources.live import RetryBudget
from tests.sources.media import number_of

FAST = RetryBudget(tries=2, wait_s=0.05, longest_wait_s=0.1, steady_s=0.2, stall_s=0.8)


class FakeCapture:
    """A camera of 100 pictures a second that counts and can fail: the one thing no test machine has."""

    def __init__(self, script):
        self.script = script
        self.released = False

    def isOpened(self):
        return self.script["there"]

    def read(self):
        time.sleep(0.01)
        if self.script["hang"]:
            time.sleep(3)
        if self.script["left"] <= 0:
            return False, None
        self.script["left"] -= 1
        self.script["taken"] = min(self.script["taken"] + 1, 40)
        return True, np.full((48, 64, 3), 20 + 5 * self.script["taken"], np.uint8) // np.uint8([1, 1, 2])

    def get(self, prop):
        return 100.0

    def release(self):
        self.released = True


@pytest.fixture
def rig():
    script = {"there": True, "left": 10**9, "taken": -2, "hang": False}
    captures = []

    def opener(index):
        captures.append(FakeCapture(script))
        return captures[-1]

    yield script, captures, opener
    assert not [t for t in threading.enumerate() if t.name == "posture-check-decode" and not script["hang"]]


def camera(opener, *, budget=FAST, **how):
    return CameraSource(0, "camera:0", Options(**how), budget=budget, opener=opener)


def test_times_are_of_the_clock_and_colours_are_rgb(rig):
    _, captures, opener = rig
    begun = time.monotonic()
    with camera(opener, end_s=0.5) as source:
        assert (source.info.kind, source.info.width, source.info.height, source.info.fps) == (
            "camera",
            64,
            48,
            30.0,
        )
        frames = [(frame.time_s, frame.image) for frame in source]
    took = time.monotonic() - begun
    times = np.array([t for t, _ in frames])
    assert times[0] == 0
    assert (np.diff(times) >= 0.9 / 30 - 1e-6).all()
    assert times[-1] < 0.5 <= took < 5
    assert source.info.fps == pytest.approx((len(times) - 1) / times[-1])
    image = frames[0][1]
    assert (image[..., 0] == image[..., 2] // 2).all(), "red was halved in the camera's BGR"
    assert captures[0].released


def test_a_slow_reader_gets_the_newest_picture_never_an_old_one(rig):
    script, _, opener = rig
    with camera(opener, max_rate_hz=None) as source:
        for frame in source:
            if frame.index == 0:
                script["taken"] = 0
                time.sleep(0.2)
            elif frame.index == 1:
                shown = number_of(frame.image[..., 1:2])
                assert script["taken"] - shown <= 5, "the picture was an old one"
                assert shown >= 5
                break


def test_a_camera_that_comes_back_goes_on_with_a_note(rig):
    script, captures, opener = rig
    with camera(opener, end_s=1.6, budget=RetryBudget(tries=20, wait_s=0.05, longest_wait_s=0.1)) as source:
        frames = iter(source)
        times = [next(frames).time_s for _ in range(5)]
        script["left"] = 0
        threading.Timer(0.6, lambda: script.update(left=10**9)).start()
        times += [frame.time_s for frame in frames]
    assert len(captures) >= 2
    assert (np.diff(times) > 0).all()
    assert np.diff(times).max() > 0.4
    assert times[-1] > 1.4
    assert len(source.info.notes) == 1
    assert "the connection was lost" in source.info.notes[0]


@pytest.mark.parametrize("unplugged", [True, False])
def test_a_camera_lost_for_good_is_an_error_within_the_budget(rig, unplugged):
    script, captures, opener = rig
    with camera(opener, budget=replace(FAST, stall_s=20)) as source:
        frames = iter(source)
        next(frames)
        script["left"] = 0
        script["there"] = not unplugged
        begun = time.monotonic()
        with pytest.raises(
            InputError, match=r"camera:0: no more pictures .*reopening it failed 2 times; check its cable"
        ):
            list(frames)
    assert time.monotonic() - begun < 10
    assert len(captures) == 3
    assert all(capture.released for capture in captures)


def test_a_camera_that_hangs_is_an_error_in_time(rig):
    script, _, opener = rig
    with camera(opener) as source:
        frames = iter(source)
        next(frames)
        script["hang"] = True
        begun = time.monotonic()
        with pytest.raises(InputError, match=r"camera:0: no picture for 0.8 s; check its cable"):
            list(frames)
        assert time.monotonic() - begun < 15


def test_a_camera_without_a_picture_is_refused_at_once(rig):
    script, captures, opener = rig
    script["left"] = 0
    with pytest.raises(InputError, match=r"camera:0: the camera cannot be used \(it stopped giving pictures\)"):
        camera(opener)
    assert captures[0].released


def test_a_real_missing_camera_is_refused_quietly(capfd):
    with pytest.raises(
        InputError, match=r"camera:99: the camera cannot be used \(it does not answer\); check its cable"
    ):
        CameraSource(99, "camera:99", Options(), opener=open_capture)
    assert capfd.readouterr() == ("", "")
