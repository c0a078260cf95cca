from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, WebSocket
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from posture_check.store import Store, open_store
from posture_check.web.security.guard import BODY_LIMIT
from tests.web.admin_client import HOME, Browser, make_app
from tests.web.admin_seed import ADMIN, PIN, SUPERVISOR


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(None, tmp_path_factory.mktemp("records")) as made:
        made.account_create(*ADMIN, "admin")
        made.account_create(*SUPERVISOR, "supervisor", pin=PIN)
        yield made


def app_of(store: Store, tmp_path: Path, **fields: object) -> FastAPI:
    app, _ = make_app(store, tmp_path, **fields)

    @app.websocket("/kiosk/ws")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("here")
        await websocket.close()

    return app


def socket_opens(client: TestClient, headers: dict[str, str]) -> bool:
    try:
        with client.websocket_connect(f"{HOME.replace('http', 'ws')}/kiosk/ws", headers=headers) as socket:
            return socket.receive_text() == "here"
    except WebSocketDisconnect:
        return False


@pytest.mark.parametrize("path", ["/", "/login", "/static/common/tokens.css", "/nothing", "/admin"])
def test_every_answer_carries_the_headers(store: Store, tmp_path: Path, path: str) -> None:
    answer = Browser(app_of(store, tmp_path)).get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["permissions-policy"].startswith("camera=(self)")
    assert answer.headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "10.0.0.5:8000", "", "localhost.evil.example"])
def test_on_loopback_another_host_name_is_refused(store: Store, tmp_path: Path, host: str) -> None:
    assert Browser(app_of(store, tmp_path)).get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:9", "[::1]:8000", "LOCALHOST"])
def test_on_loopback_its_own_names_are_served(store: Store, tmp_path: Path, host: str) -> None:
    assert Browser(app_of(store, tmp_path)).get("/", headers={"host": host}).status_code == 200


def test_further_names_are_served_where_the_site_says_so(store: Store, tmp_path: Path) -> None:
    app = app_of(store, tmp_path, host="0.0.0.0", allowed_hosts=("Kiosk.bank.example",))
    for host, status in (("kiosk.bank.example", 303), ("10.1.2.3:8000", 303), ("evil.example", 400)):
        assert Browser(app).get("/", headers={"host": host}).status_code == status


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8001", "http://localhost:8000"])
def test_forms_and_sockets_of_other_sites_are_refused(store: Store, tmp_path: Path, origin: str) -> None:
    browser = Browser(app_of(store, tmp_path))
    token = browser.token()
    data = {"login": ADMIN[0], "secret": ADMIN[1], "csrf": token}
    assert browser.post("/login", data=data, headers={"origin": origin}).status_code == 403
    assert not socket_opens(browser, {"origin": origin})
    assert socket_opens(browser, {"origin": HOME})
    assert browser.post("/login", data=data, headers={"origin": HOME}).status_code == 303


def test_a_form_without_origin_from_another_site_is_known_by_its_fetch_metadata(store: Store, tmp_path: Path) -> None:
    browser = Browser(app_of(store, tmp_path))
    answer = browser.post("/login", data={"csrf": browser.token()}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_large_bodies_are_refused_announced_or_not(store: Store, tmp_path: Path) -> None:
    browser = Browser(app_of(store, tmp_path))
    assert browser.post("/login", content=b"x" * (BODY_LIMIT + 1)).status_code == 413

    def unannounced() -> Iterator[bytes]:
        for _ in range(BODY_LIMIT // 65536 + 2):
            yield b"x" * 65536

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/login", content=unannounced(), headers=form).status_code == 413


def test_off_loopback_everything_needs_a_login(store: Store, tmp_path: Path) -> None:
    app = app_of(store, tmp_path, host="0.0.0.0")
    browser = Browser(app)
    assert browser.get("/").headers["location"] == "/login?next=/"
    assert browser.get("/kiosk", headers={"accept": "application/json"}).status_code == 401
    assert not socket_opens(browser, {"origin": HOME})
    for path in ("/login", "/static/common/tokens.css", "/healthz"):
        assert browser.get(path).status_code == 200
    assert browser.log_in(*SUPERVISOR, kiosk="1").headers["location"] == "/"
    assert browser.get("/").status_code == 200
    assert socket_opens(browser, {"origin": HOME})


def test_a_kiosk_login_opens_no_administration_page(store: Store, tmp_path: Path) -> None:
    browser = Browser(app_of(store, tmp_path, host="0.0.0.0"))
    answer = browser.log_in(*ADMIN, kiosk="1", next="/admin/board")
    assert answer.headers["location"] == "/"
    assert "Max-Age=15552000" in answer.headers["set-cookie"]
    for path in ("/admin/board", "/admin/accounts", "/admin/roster.csv"):
        assert browser.get(path).status_code == 303


def test_cookies_cannot_be_read_or_sent_along_and_are_secure_under_tls(store: Store, tmp_path: Path) -> None:
    plain = Browser(app_of(store, tmp_path)).log_in(*ADMIN).headers["set-cookie"]
    assert plain.startswith("pc_session=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in plain.split(";")}
    assert "Secure" not in plain
    browser = Browser(app_of(store, tmp_path), "https://127.0.0.1:8000")
    answer = browser.log_in(*ADMIN)
    assert answer.headers["set-cookie"].startswith("__Host-pc_session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers
