import http.server
import io
import socket
import threading
import time

import numpy as np
import pytest
from PIL import Image

from posture_check.errors import InputError
from posture_check.sources import open_source
from posture_check.sources.address import without_password
from posture_check.sources.base import Options
from posture_check.sources.live import RetryBudget
from posture_check.sources.stream import open_stream
from tests.sources.media import number_of, numbered, write_video
from tests.sources.rtsp import NetworkCamera


def jpeg(number):
    buffer = io.BytesIO()
    Image.fromarray(np.full((48, 64, 3), 20 + 5 * number, np.uint8)).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


@pytest.fixture
def server(tmp_path):
    """Serve recordings from a folder and /live, a motion JPEG camera that hangs up after each 25 pictures."""
    connections = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def __init__(self, *args):
            super().__init__(*args, directory=str(tmp_path))

        def do_GET(self):
            if not self.path.startswith("/live"):
                return super().do_GET()
            connections.append(time.monotonic())
            if len(connections) > 3:
                return self.send_error(503)
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=ffmpeg")
            self.end_headers()
            for number in range(25):
                picture = jpeg(number)
                head = f"--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: {len(picture)}\r\n\r\n"
                try:
                    self.wfile.write(head.encode() + picture + b"\r\n")
                except OSError:
                    return None
                time.sleep(0.03)
            return None

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", connections
        running.shutdown()


def test_a_recording_on_a_web_server_is_read_in_full(server, tmp_path):
    address, _ = server
    write_video(tmp_path / "clip.mp4", numbered(40), options={"movflags": "faststart"})
    with open_source(f"{address}/clip.mp4") as source:
        numbers = []
        for frame in source:
            numbers.append(number_of(frame.image))
            time.sleep(0.001)
    assert numbers == list(range(40))
    assert (source.info.kind, source.info.notes) == ("stream", [])
    assert source.info.duration_s == pytest.approx(1.6)


def test_a_live_stream_reconnects_and_then_gives_up(server):
    address, connections = server
    times = []
    budget = RetryBudget(tries=3, wait_s=0.1, steady_s=0.3)
    with open_stream(f"{address}/live", Options(), budget) as source:
        assert source.info.kind == "stream"
        with pytest.raises(InputError, match=r"/live: no more pictures .*check the address, the password"):
            times.extend(frame.time_s for frame in source)
    assert len(connections) > 3
    assert len(times) >= 40
    assert (np.diff(times) > 0).all()
    assert times[-1] == pytest.approx(connections[2] - connections[0] + 0.7, abs=0.7)
    assert "the connection was lost" in source.info.notes[0]


def test_a_network_camera_gives_its_pictures_in_order_with_its_own_times():
    with (
        NetworkCamera() as hall,
        open_source(f"rtsp://guard:s3cret@127.0.0.1:{hall.port}/hall", end_s=1.2) as source,
    ):
        seen = [(frame.time_s, number_of(frame.image)) for frame in source]
    info = source.info
    assert (info.path, info.kind) == (f"rtsp://guard:***@127.0.0.1:{hall.port}/hall", "stream")
    assert (info.width, info.height) == (64, 48)
    times, numbers = np.array(seen).T
    assert 10 <= len(times) <= 30
    assert times[-1] < 1.2
    assert (np.diff(times) > 0).all()
    steps = np.diff(numbers) % 40
    assert np.diff(times) == pytest.approx(steps / 25, abs=0.002)


@pytest.mark.slow
def test_an_address_that_stays_silent_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        with pytest.raises(InputError, match=r"no video is to be had there .*; check the address"):
            open_source(f"rtsp://127.0.0.1:{silent.getsockname()[1]}/hall")
        assert time.monotonic() - begun < 25


def test_an_address_that_does_not_answer_is_refused_without_its_password():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(InputError) as caught:
        open_source(f"rtsp://guard:s3cret@127.0.0.1:{port}/hall")
    assert str(caught.value).startswith(f"rtsp://guard:***@127.0.0.1:{port}/hall: ")
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_page_is_refused(server):
    address, _ = server
    with pytest.raises(InputError, match=r"/none.mp4: .*(404|Not Found)"):
        open_source(f"{address}/none.mp4")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://a:b@h/1", "rtsp://a:***@h/1"),
        ("rtsp://a:b@c:d@h:554/1?x=y", "rtsp://a:***@h:554/1?x=y"),
        ("https://h/a:b@c.mp4", "https://h/a:b@c.mp4"),
        ("rtsp://a@h/1", "rtsp://a@h/1"),
        ("browser", "browser"),
        ("//[", "//["),
    ],
)
def test_passwords_are_masked(url, shown):
    assert without_password(url) == shown
