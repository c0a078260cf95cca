"""A network camera in miniature: RTSP with the pictures inside the same connection, as real ones do it."""

from __future__ import annotations

import socket
import threading
import time
from fractions import Fraction
from typing import Any

from tests.sources.media import numbered

_SDP = (
    b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=hall\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
    b"a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:0\r\n"
)
_ANSWERS = {
    "OPTIONS": (b"Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", b""),
    "DESCRIBE": (b"Content-Type: application/sdp\r\n", _SDP),
    "SETUP": (b"Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n", b""),
}


class NetworkCamera:
    """Serves numbered pictures, 25 a second, over and over."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> NetworkCamera:
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as talk:
            try:
                while request := talk.readline().decode().split():
                    number = b"0"
                    while line := talk.readline().strip():
                        number = line.split(b":")[1].strip() if line.lower().startswith(b"cseq") else number
                    head, body = _ANSWERS.get(request[0], (b"", b""))
                    talk.write(b"RTSP/1.0 200 OK\r\nCSeq: " + number + b"\r\n" + head)
                    talk.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
                    talk.flush()
                    if request[0] == "PLAY":
                        self._play(talk)
            except OSError:
                return

    def _play(self, talk: Any) -> None:
        """Let the encoder make RTP packets and pass them on within the connection."""
        import av

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as packets:
            packets.bind(("127.0.0.1", 0))
            packets.settimeout(0.01)
            options = {"tune": "zerolatency", "preset": "ultrafast", "g": "10"}
            with av.open(f"rtp://127.0.0.1:{packets.getsockname()[1]}", "w", format="rtp") as out:
                stream: Any = out.add_stream("libx264", rate=25, options=options)
                stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
                pictures, count = numbered(40), 0
                while not self._over.is_set():
                    frame = av.VideoFrame.from_ndarray(pictures[count % 40])
                    frame.pts, frame.time_base = count, Fraction(1, 25)
                    out.mux(stream.encode(frame))
                    count += 1
                    self._relay(packets, talk)
                    time.sleep(0.025)

    @staticmethod
    def _relay(packets: socket.socket, talk: Any) -> None:
        try:
            while True:
                packet = packets.recv(65535)
                talk.write(b"$\x00" + len(packet).to_bytes(2, "big") + packet)
        except TimeoutError:
            talk.flush()
