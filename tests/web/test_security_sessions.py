from __future__ import annotations

import stat
from pathlib import Path

import pytest

from posture_check.web.security.sessions import ABSOLUTE_S, FILE, IDLE_S, MOST_SESSIONS, Scope, Sessions


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("scope", ["admin", "supervisor", "kiosk"])
def test_a_session_ends_when_idle(scope: Scope) -> None:
    clock = Clock()
    sessions = Sessions(clock=clock)
    token = sessions.begin("ming", scope)
    clock.now += IDLE_S[scope] - 1
    assert sessions.find(token) is not None
    clock.now += IDLE_S[scope] + 1
    assert sessions.find(token) is None


def test_a_session_ends_with_its_age_however_busy() -> None:
    clock = Clock()
    sessions = Sessions(clock=clock)
    token = sessions.begin("ming", "admin")
    while clock.now < 1_800_000_000.0 + ABSOLUTE_S["admin"]:
        assert sessions.find(token) is not None
        clock.now += 600
    clock.now += 1
    assert sessions.find(token) is None


def test_a_page_that_refreshes_itself_keeps_no_session_alive() -> None:
    clock = Clock()
    sessions = Sessions(clock=clock)
    token = sessions.begin("ming", "admin")
    for _ in range(int(IDLE_S["admin"] // 15)):
        clock.now += 15
        assert sessions.find(token, used=False) is not None
    clock.now += 15
    assert sessions.find(token, used=False) is None


def test_sessions_outlive_a_restart_and_the_file_holds_no_token(tmp_path: Path) -> None:
    token = Sessions(tmp_path).begin("ming", "admin")
    file = tmp_path / FILE
    again = Sessions(tmp_path)
    found = again.find(token)
    assert found is not None
    assert found.login == "ming"
    assert token not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_form_token_outlives_a_restart_and_is_of_one_session(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    one, two = sessions.begin("a", "admin"), sessions.begin("b", "admin")
    again = Sessions(tmp_path)
    assert again.csrf_is_right(one, sessions.csrf(one))
    assert not again.csrf_is_right(two, sessions.csrf(one))
    assert not again.csrf_is_right(None, sessions.csrf(one))
    assert not again.csrf_is_right(one, None)


def test_a_damaged_file_logs_everybody_out_and_nothing_worse(tmp_path: Path) -> None:
    token = Sessions(tmp_path).begin("ming", "admin")
    (tmp_path / FILE).write_text('{"secret": "zz"')
    assert Sessions(tmp_path).find(token) is None


def test_logging_out_ends_one_and_shutting_out_ends_all() -> None:
    sessions = Sessions()
    one, two, other = sessions.begin("a", "admin"), sessions.begin("a", "kiosk"), sessions.begin("b", "admin")
    sessions.end(one)
    assert sessions.find(one) is None
    assert sessions.find(two) is not None
    sessions.end_all("a")
    assert sessions.find(two) is None
    assert sessions.find(other) is not None


def test_logins_without_end_do_not_fill_the_memory() -> None:
    sessions = Sessions()
    first = sessions.begin("a", "admin")
    for _ in range(MOST_SESSIONS):
        sessions.begin("a", "admin")
    assert len(sessions._sessions) == MOST_SESSIONS
    assert sessions.find(first) is None
