"""What the kiosk's socket takes and refuses, and who has the kiosk when several pages are open."""

from __future__ import annotations

import json
import struct

import pytest
from starlette.websockets import WebSocketDisconnect

from posture_check.store import open_store
from tests.web.kiosk_parts import ADDRESS, JPEG, SOCKET, running, settings_for


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_store(None, folder).close()
    return folder / "posture-check.db"


@pytest.fixture
def kiosk(tmp_path, template):
    with running(settings_for(tmp_path, max_frame_bytes=20_000, max_message_bytes=2048), template) as made:
        yield made


def frame(seq: int = 7, captured: float = 12.5, jpeg: bytes = JPEG) -> bytes:
    return struct.pack("<Id", seq, captured) + jpeg


def test_a_picture_reaches_the_station_as_it_came(kiosk):
    with kiosk.visit() as page:
        page.socket.send_bytes(frame(1))
        page.as_guest()
        page.socket.send_bytes(frame(2**32 - 1, 1234.5))
        page.say("language", lang="zh")
        page.until("state", lambda s: s["lang"] == "zh")
    assert kiosk.station.offered == [(2**32 - 1, 1234.5, JPEG)], "before consent nothing is looked at"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", "header"),
        (frame(jpeg=b"GIF89a" + b"0" * 40), "JPEG"),
        (frame(captured=float("nan")), "number"),
        (frame(jpeg=JPEG + b"0" * 20_000), "bytes at most"),
        ("{", "not a message"),
        ('{"type": "shutdown"}', "not a message"),
        ('{"type": "answer", "item": "HY-01"}', "answer.ok"),
        ('{"type": "start", "more": 1}', "more"),
        (json.dumps({"type": "override", "pin": "1", "reason": "x" * 3000}), "bytes at most"),
    ],
)
def test_what_is_no_message_ends_the_connection_and_says_why(kiosk, sent, why):
    with kiosk.visit() as page:
        if isinstance(sent, bytes):
            page.socket.send_bytes(sent)
        else:
            page.socket.send_text(sent)
        with pytest.raises(AssertionError, match=r"closed: 4400") as refused:
            page.until("error")
        assert why in str(refused.value)


def test_a_page_says_hello_first(kiosk):
    with kiosk.client.websocket_connect(SOCKET, headers={"origin": ADDRESS}) as socket:
        socket.send_text('{"type": "start"}')
        assert socket.receive()["code"] == 4400


def test_another_sites_page_gets_no_socket(kiosk):
    with (
        pytest.raises(WebSocketDisconnect),
        kiosk.client.websocket_connect(SOCKET, headers={"origin": "http://evil.example"}),
    ):
        pass


def test_a_second_page_is_told_and_may_take_over(kiosk):
    with kiosk.visit("page-0001") as first, kiosk.visit("page-0002") as second:
        assert second.state["phase"] == "busy"
        second.say("start")
        second.socket.send_bytes(frame())
        second.say("take_over")
        assert second.until("state")["phase"] == "attract"
        assert first.phase("busy")
        first.say("start")
        second.say("start")
        second.phase("identify")
        assert kiosk.station.offered == []


def test_the_same_page_that_connects_anew_replaces_its_old_connection(kiosk):
    with kiosk.visit("page-0001") as first:
        first.as_guest()
        with kiosk.visit("page-0001") as again:
            assert again.state["phase"] == "step"
            with pytest.raises(AssertionError, match="4409"):
                first.phase("busy")


def test_the_page_and_its_parts_are_served_under_a_strict_policy(kiosk):
    page = kiosk.client.get("/")
    assert page.url.path == "/kiosk"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "style=" not in page.text
    assert "<script>" not in page.text
    for part in ("/static/kiosk/main.js", "/static/kiosk/kiosk.css", "/static/common/icon.svg"):
        assert kiosk.client.get(part).status_code == 200
    assert kiosk.client.get("/healthz").json()["ok"]


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"]
)
def test_no_path_leads_out_of_the_static_files(kiosk, path):
    assert kiosk.client.get(path).status_code in (404, 405)


def test_a_network_address_needs_a_login_for_page_and_socket(tmp_path, template):
    with running(settings_for(tmp_path, host="0.0.0.0"), template) as kiosk:
        page = kiosk.client.get("/kiosk", headers={"accept": "text/html"}, follow_redirects=False)
        assert page.status_code == 303
        assert page.headers["location"].startswith("/login")
        with pytest.raises(WebSocketDisconnect), kiosk.visit():
            pass
