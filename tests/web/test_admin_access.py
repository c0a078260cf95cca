"""Nobody comes in without login, without right, or with a form that is not ours: for every route there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from posture_check.store import Store, open_store
from posture_check.web.admin import (
    accounts,
    appraisal,
    audit,
    board,
    camera,
    checklist,
    history,
    inspect,
    retention,
    roster,
    shifts,
)
from tests.web.admin_client import Browser, make_app
from tests.web.admin_seed import ADMIN, SUPERVISOR

PAGES = (accounts, appraisal, audit, board, camera, checklist, history, inspect, retention, roster, shifts)
FILLED = {
    "form": "csv",
    "number": "1001",
    "login": "lihua",
    "shift_id": "1",
    "evidence_id": "1",
    "sheet": "mat",
    "ticket": "x",
}
DAILY = (
    "/board",
    "/history",
    "/appraisal",
    "/inspect",
    "/roster",
    "/roster/badges",
    "/staff/",
    "/shifts/",
    "/evidence/",
    "/me",
)


def routes() -> list[tuple[str, str]]:
    found = []
    for module in PAGES:
        router: APIRouter = module.router
        for route in router.routes:
            assert isinstance(route, APIRoute)
            found += [(method, "/admin" + route.path.format(**FILLED)) for method in route.methods]
    return sorted(found)


@dataclass
class Site:
    store: Store
    app: FastAPI
    admin: Browser
    supervisor: Browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    with open_store(None, folder) as store:
        store.account_create(*ADMIN, "admin")
        store.account_create(*SUPERVISOR, "supervisor")
        app, _ = make_app(store, folder)
        made = Site(store, app, Browser(app), Browser(app))
        made.admin.log_in(*ADMIN)
        made.supervisor.log_in(*SUPERVISOR)
        yield made


def test_there_are_routes_to_test() -> None:
    assert len(routes()) > 45


def test_every_route_refuses_without_login(site: Site) -> None:
    stranger = Browser(site.app)
    for method, path in routes():
        answer = stranger.request(method, path)
        assert answer.status_code == (303 if method == "GET" else 401), (method, path)
        assert "/login" in answer.headers.get("location", "/login")
        assert stranger.request(method, path, headers={"accept": "application/json"}).status_code == 401, (method, path)


def test_every_form_is_refused_without_its_token(site: Site) -> None:
    before = site.store.audit_verify().entries
    for method, path in routes():
        if method != "POST":
            continue
        assert site.admin.post(path, data={"number": "1001"}).status_code == 403, path
        assert site.admin.post(path, data={"csrf": "0" * 64}).status_code == 403, path
        # The token of another login is no better.
        assert site.admin.post(path, data={"csrf": site.supervisor.token("/admin/me")}).status_code == 403, path
    assert site.store.audit_verify().entries == before


def test_supervisors_see_and_do_not_change(site: Site) -> None:
    token = site.supervisor.token("/admin/me")
    for method, path in routes():
        daily = path == "/admin/roster" or path.removeprefix("/admin").startswith(DAILY)
        changes = path.startswith("/admin/roster/") and path != "/admin/roster/badges"
        if daily and not changes:
            continue
        answer = site.supervisor.request(method, path, data={"csrf": token} if method == "POST" else None)
        assert answer.status_code == 403, (method, path)
    for page in ("/admin/board", "/admin/history", "/admin/appraisal", "/admin/roster", "/admin/inspect", "/admin/me"):
        assert site.supervisor.get(page).status_code == 200, page


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/common/..%5c..%5capp.py",
        "/static//etc/passwd",
        "/admin/evidence/..%2f..%2fsessions.json",
        "/admin/evidence/1.jpg/../../sessions.json",
        "/admin/camera/held/..%2f..%2fsessions.json",
        "/admin/camera/print/..%2f..%2fsessions.pdf",
        "/admin/staff/..%2f..%2fsessions.json",
        "/admin/history.exe",
        "/admin/appraisal.csv/../../../etc/passwd",
    ],
)
def test_no_path_leads_to_a_file(site: Site, path: str) -> None:
    answer = site.admin.get(path)
    assert answer.status_code in (404, 422), path
    assert "secret" not in answer.text
    assert "install_security" not in answer.text


def test_errors_are_told_in_both_languages(site: Site) -> None:
    assert "没有这个页面" in site.admin.get("/admin/nothing", headers={"accept-language": "zh"}).text
    english = Browser(site.app)
    english.headers["accept-language"] = "en"
    english.log_in(*ADMIN)
    assert "There is no such page" in english.get("/admin/nothing").text
    assert english.get("/admin/nothing", headers={"accept": "*/*"}).json()["error"]["zh"]
