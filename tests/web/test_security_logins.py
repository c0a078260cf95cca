from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posture_check.errors import InputError
from posture_check.store import Store, open_store
from posture_check.web.security import announce_setup, exposure_notes
from posture_check.web.security.logins import Security
from posture_check.web.security.routes import local_path
from posture_check.web.security.throttle import FREE_TRIES
from posture_check.web.settings import Settings
from tests.web.admin_client import Browser, make_app
from tests.web.admin_seed import ADMIN, PIN, SUPERVISOR


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    with open_store(None, tmp_path) as made:
        yield made


@pytest.fixture
def store(empty: Store) -> Store:
    empty.account_create(*ADMIN, "admin")
    empty.account_create(*SUPERVISOR, "supervisor", pin=PIN)
    return empty


def test_login_leads_on_and_logout_ends_it(store: Store, tmp_path: Path) -> None:
    browser = Browser(make_app(store, tmp_path)[0])
    assert browser.get("/admin/board?team=a b").headers["location"] == "/login?next=/admin/board%3Fteam%3Da%2520b"
    answer = browser.log_in(*ADMIN, next="/admin/roster")
    assert answer.headers["location"] == "/admin/roster"
    assert browser.get("/admin/roster").status_code == 200
    token = browser.cookies["pc_session"]
    assert browser.submit("/logout").headers["location"] == "/login"
    browser.cookies.set("pc_session", token)
    assert browser.get("/admin/roster").status_code == 303


def test_a_wrong_password_and_an_unknown_name_are_told_alike(store: Store, tmp_path: Path) -> None:
    app, _ = make_app(store, tmp_path)
    said = set()
    for login, secret in ((ADMIN[0], "wrong"), ("nobody", "wrong")):
        browser = Browser(app)
        answer = browser.log_in(login, secret)
        assert answer.status_code == 401
        assert "pc_session" not in browser.cookies
        said.add(answer.text.replace(login, "?").replace(browser.token(), "").count('data-testid="login-error"'))
    assert said == {1}
    # A name that is nobody's may be a password in the wrong field: it is not written down.
    assert [(entry.event, entry.actor) for entry in store.audit_list(event="login")] == [
        ("login.refused", "?"),
        ("login.refused", ADMIN[0]),
    ]


def test_too_many_tries_have_to_wait_even_with_the_right_password(store: Store, tmp_path: Path) -> None:
    browser = Browser(make_app(store, tmp_path)[0])
    for _ in range(FREE_TRIES):
        assert browser.log_in(ADMIN[0], "wrong").status_code == 401
    answer = browser.log_in(*ADMIN)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    # From the same address another account waits, too; the spelling of a name makes no difference.
    assert browser.log_in(*SUPERVISOR).status_code == 429
    assert browser.log_in(f" {ADMIN[0].upper()} ", ADMIN[1]).status_code == 429


def test_a_new_token_is_given_at_login(store: Store, tmp_path: Path) -> None:
    browser = Browser(make_app(store, tmp_path)[0])
    browser.get("/login")
    browser.cookies.set("pc_session", "chosen-by-somebody-else")
    browser.log_in(*ADMIN)
    tokens = [cookie.value for cookie in browser.cookies.jar if cookie.name == "pc_session"]
    assert any(token and token != "chosen-by-somebody-else" for token in tokens)


def test_an_account_that_is_shut_out_elsewhere_is_out_at_once(store: Store, tmp_path: Path) -> None:
    app, security = make_app(store, tmp_path)
    browser = Browser(app)
    browser.log_in(*SUPERVISOR)
    assert browser.get("/admin/board").status_code == 200
    store.account_disable(SUPERVISOR[0], "command line")
    security._accounts_s = -1e9  # five seconds later
    assert browser.get("/admin/board").status_code == 303


def test_a_changed_password_ends_older_logins(store: Store, tmp_path: Path) -> None:
    app, security = make_app(store, tmp_path)
    browser = Browser(app)
    browser.log_in(*SUPERVISOR)
    store.account_set_secret(SUPERVISOR[0], "quite another secret", "command line")
    security._accounts_s = -1e9
    assert browser.get("/admin/board").status_code == 303


def test_pins_are_counted_by_place_and_in_all(store: Store, tmp_path: Path) -> None:
    security = Security(Settings(data_dir=tmp_path), store)
    right = security.pin("10.0.0.1", PIN)
    assert right.account is not None
    assert right.account.login == SUPERVISOR[0]
    for _ in range(FREE_TRIES):
        wrong = security.pin("10.0.0.1", "000111")
        assert wrong.account is None
        assert wrong.text is not None
    for address in ("10.0.0.1", "10.0.0.2"):
        waiting = security.pin(address, PIN)
        assert waiting.account is None
        assert waiting.wait_s > 0


def test_the_first_administrator_is_made_with_the_code_of_the_console(empty: Store, tmp_path: Path) -> None:
    app, security = make_app(empty, tmp_path)
    line = announce_setup(security, "http://127.0.0.1:8000/")
    assert line is not None
    assert security.setup_code is not None
    assert security.setup_code in line
    browser = Browser(app)
    assert browser.get("/login").headers["location"] == "/setup"
    form = {"login": "first", "secret": "a long secret", "again": "a long secret"}
    assert browser.submit("/setup", {**form, "code": "0000-0000"}, "/setup").status_code == 400
    assert (
        browser.submit("/setup", {**form, "code": security.setup_code, "again": "other"}, "/setup").status_code == 400
    )
    code = security.setup_code.replace("-", " ")
    assert (
        browser.submit("/setup", {**form, "code": code, "secret": "short", "again": "short"}, "/setup").status_code
        == 400
    )
    assert empty.accounts() == ()
    assert browser.submit("/setup", {**form, "code": code}, "/setup").headers["location"] == "/admin"
    assert browser.get("/admin/accounts").status_code == 200
    assert announce_setup(security, "http://127.0.0.1:8000/") is None
    assert browser.get("/setup").headers["location"] == "/login"


def test_set_up_codes_are_not_guessed(empty: Store, tmp_path: Path) -> None:
    app, security = make_app(empty, tmp_path)
    browser = Browser(app)
    form = {"login": "first", "secret": "a long secret", "again": "a long secret", "code": "12345678"}
    statuses = [browser.submit("/setup", form, "/setup").status_code for _ in range(FREE_TRIES + 1)]
    assert statuses[-1] == 429
    assert security.setup_code is not None


def test_without_administrator_nothing_but_loopback_is_served(empty: Store, tmp_path: Path) -> None:
    everywhere = Settings(data_dir=tmp_path, host="0.0.0.0")
    with pytest.raises(InputError, match=r"posture-check account add NAME.*--tls-cert"):
        exposure_notes(everywhere, empty)
    assert Security(everywhere, empty).setup_code is None
    assert exposure_notes(Settings(data_dir=tmp_path), empty) == []
    empty.account_create(*ADMIN, "admin")
    (note,) = exposure_notes(everywhere, empty)
    assert "--tls-cert" in note
    assert "readable" in note


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "", "admin"])
def test_a_login_never_leads_elsewhere(path: str) -> None:
    assert local_path(path) == ""


def test_local_paths_are_kept() -> None:
    assert local_path("/admin/board?day=2026-11-01") == "/admin/board?day=2026-11-01"


def test_the_language_is_remembered_and_leads_back(store: Store, tmp_path: Path) -> None:
    browser = Browser(make_app(store, tmp_path)[0])
    assert "登录" in browser.get("/login").text
    assert browser.get("/language/en?next=/login").headers["location"] == "/login"
    assert "Log in" in browser.get("/login").text
    assert browser.get("/language/en?next=//evil.example").headers["location"] == "/"
    assert browser.get("/language/fr").status_code == 404
