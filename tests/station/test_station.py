import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from posture_check.checklist.messages import Begin
from posture_check.errors import InputError
from posture_check.station.jpeg import encode
from posture_check.station.station import Station
from tests.sources.rtsp import NetworkCamera
from tests.station.playing import a_step

SMALL = "simulate:shift?width=640&lines=360&fps=15"
BLANK = encode(np.full((240, 320, 3), 90, np.uint8))
posix = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes are stopped by POSIX signals")


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_step_before_a_simulated_camera_ends_in_checks_that_passed(listen):
    heard = listen(SMALL)
    heard.wait(heard.well)
    heard.begin(Begin(run=7, task="step", step=a_step("standing", hold_s=1.0)))
    heard.wait(lambda: any(s.checks for _, s in heard.sights))
    done = next(s for _, s in heard.sights if s.checks)
    assert done.run == 7
    assert done.stage == "done"
    assert {check.verdict for check in done.checks if check.required} <= {"pass", "borderline"}
    assert heard.threads == {"station"}
    seqs = [seq for _, seq in heard.pictures]
    assert seqs == sorted(set(seqs))
    assert heard.station.picture()[:2] == b"\xff\xd8"


@posix
@pytest.mark.slow
def test_a_killed_process_is_noticed_in_two_seconds_and_the_step_goes_on(listen):
    heard = listen(SMALL)
    heard.wait(heard.well)
    for part, how in (
        ("vision", signal.SIGKILL),
        ("capture", signal.SIGKILL),
        ("vision", signal.SIGSTOP),
        ("capture", signal.SIGSTOP),
    ):
        heard.begin(Begin(run=heard.station.health.restarts + 1, task="step", step=a_step("standing", patience_s=60)))
        pid, before = heard.station.pids()[part], heard.station.health.restarts
        os.kill(pid, how)
        which = "camera" if part == "capture" else "vision"
        took = heard.wait(lambda which=which: getattr(heard.station.health, which) == "lost", 5)
        assert took < 2.0, (part, how)
        heard.wait(heard.well)
        assert heard.station.health.restarts == before + 1
        assert not _alive(pid)
        heard.wait(lambda run=before + 1: heard.sights and heard.sights[-1][1].run == run)


def test_the_newest_picture_wins_and_nothing_waits_in_line(listen):
    heard = listen("browser")
    station = heard.station
    # Pictures that come while the models are loaded.
    for seq in range(50):
        assert station.offer(seq, 1000.0 + seq, BLANK)
    assert station.dropped == 49
    heard.wait(lambda: heard.sights)
    assert heard.sights[0][1].seq == 49
    heard.wait(heard.well)
    burst = encode(np.random.default_rng(0).integers(0, 256, (720, 1280, 3), np.uint8))
    for seq in range(100, 200):
        station.offer(seq, 2000.0 + seq, burst)
    heard.wait(lambda: heard.sights[-1][1].seq == 199)
    seen = [s.seq for _, s in heard.sights]
    assert len(seen) < 20
    assert seen == sorted(seen)
    assert station.dropped == 150 - len(seen)
    assert heard.sights[-1][1].captured_ms == 2199.0
    # What is no picture is refused, and what is a damaged one is answered.
    assert not station.offer(300, 0.0, b"GIF89a" + bytes(500))
    assert not station.offer(301, 0.0, bytes(10))
    assert station.offer(302, 3000.0, burst[:2000] + b"\0" * 500)
    heard.wait(lambda: heard.sights[-1][1].seq == 302)
    assert station.refused in (2, 3)
    assert heard.well()


def test_a_camera_that_cannot_be_is_refused_at_once_or_sought_with_patience(listen, tmp_path):
    with pytest.raises(InputError, match="no such scene"):
        Station("simulate:nobody")
    heard = listen(str(tmp_path / "none.mp4"))
    heard.wait(lambda: heard.station.health.camera == "lost" and heard.station.health.restarts >= 2)
    health = heard.station.health
    assert "none.mp4" in health.cause
    assert health.text.en


@pytest.mark.slow
def test_a_camera_that_freezes_or_is_unplugged_is_told_and_comes_back(listen):
    # The windows are counted from the start: on a busy machine a process may take long to come up.
    heard = listen(SMALL + "&frozen=20-23&lost=27-29")
    for state in ("frozen", "ok", "lost", "ok"):
        heard.wait(lambda state=state: heard.station.health.camera == state)
    told = [health for _, health in heard.healths]
    assert all(health.text for health in told if health.camera in ("frozen", "lost"))
    assert any("unplugged" in (health.cause or "") for health in told)


@pytest.mark.slow
def test_recordings_play_as_fast_as_a_camera_would_and_again(listen, examples):
    heard = listen(str(examples / "standing-v.mp4"))
    heard.wait(lambda: len(heard.pictures) > 10)
    start, count = time.monotonic(), len(heard.pictures)
    heard.wait(lambda: len(heard.pictures) > count + 90)
    assert (len(heard.pictures) - count) / (time.monotonic() - start) < 31


@pytest.mark.slow
def test_a_network_camera_is_seen_and_its_loss_noticed_without_telling_its_password(listen):
    with NetworkCamera() as hall:
        heard = listen(f"rtsp://guard:s3cret@127.0.0.1:{hall.port}/hall")
        heard.wait(lambda: len(heard.pictures) > 20)
        assert heard.station.health.camera == "ok"
    assert heard.wait(lambda: heard.station.health.camera == "lost") < 2.5  # the last picture may come after the end
    heard.wait(lambda: heard.station.health.restarts and heard.station.health.cause)
    assert not any("s3cret" in (health.cause or "") for _, health in heard.healths)


def test_the_end_leaves_no_process_and_no_callback(listen):
    heard = listen(SMALL)
    heard.wait(lambda: len(heard.station.pids()) == 2)
    pids = heard.station.pids().values()
    start = time.monotonic()
    heard.station.stop()
    heard.station.stop()
    assert time.monotonic() - start < 8
    said = len(heard.sights) + len(heard.pictures)
    time.sleep(0.3)
    assert len(heard.sights) + len(heard.pictures) == said
    assert not any(_alive(pid) for pid in pids)


_PARENT = textwrap.dedent("""
    import sys, time
    from posture_check.station.station import Station

    if __name__ == "__main__":
        with Station(sys.argv[1]) as station:
            while len(station.pids()) < 2 or station.picture() is None:
                time.sleep(0.05)
            print(*station.pids().values(), flush=True)
            try:
                time.sleep(600)
            except KeyboardInterrupt:
                print("bye", flush=True)
""")


@posix
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.slow
def test_children_end_with_their_parent_and_ctrl_c_is_quiet(how, tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(script), SMALL],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        if how == signal.SIGINT:
            os.killpg(parent.pid, how)  # as a terminal does
        else:
            parent.kill()
        out, err = parent.communicate(timeout=20)
        end = time.monotonic() + 8
        while any(_alive(pid) for pid in pids) and time.monotonic() < end:
            time.sleep(0.05)
        assert not any(_alive(pid) for pid in pids)
        assert err == ""
        assert (parent.returncode, out) == ((0, "bye\n") if how == signal.SIGINT else (-signal.SIGKILL, ""))
    finally:
        parent.kill()
        parent.wait()


def test_at_rest_nothing_is_looked_at_and_the_camera_still_lives(listen):
    """A simulated person stands there: before anybody has agreed, no picture is looked at."""
    heard = listen(SMALL)
    heard.begin(Begin(run=7, task="rest"))
    heard.wait(heard.well)
    time.sleep(1.0)
    before, pictures = len(heard.sights), len(heard.pictures)
    time.sleep(2.0)
    assert len(heard.sights) == before
    assert 1 <= len(heard.pictures) - pictures <= 5
    assert heard.well()
    heard.begin(Begin(run=8, task="watch"))
    heard.wait(lambda: heard.sights and heard.sights[-1][1].run == 8)
