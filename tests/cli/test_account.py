from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from posture_check.cli.app import app
from posture_check.store import open_store

SECRET = "a long enough password\n"


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(app, ["account", *arguments], input=typed)
    return done.exit_code, done.output


def test_accounts_are_made_listed_and_shut_out(tmp_path: Path) -> None:
    here = ("--data-dir", str(tmp_path))
    assert "no accounts" in run("list", *here)[1]
    assert run("add", "Boss", *here, "--password-stdin", typed=SECRET) == (0, "made admin boss\n")
    code, said = run("add", "lin", "--role", "supervisor", *here, "--password-stdin", typed="482913\n")
    assert (code, said) == (0, "made supervisor lin with a PIN for the kiosk\n")
    assert run("disable", "lin", *here)[0] == 0
    listed = run("list", *here)[1]
    assert "boss" in listed
    assert "shut out" in listed
    with open_store(None, tmp_path) as store:
        assert store.account_verify("boss", SECRET.strip()) is not None
        assert store.account_verify("lin", "482913") is None


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("add", "boss"), "short\n", "at least 10 characters"),
        (("add", "a/b"), SECRET, "letters, digits"),
        (("add", "taken"), SECRET, "taken"),
        (("disable", "nobody"), "", "no such account"),
        (("disable", "taken"), "", "last administrator"),
    ],
)
def test_refusals_are_one_line_and_exit_2(tmp_path: Path, arguments: tuple[str, ...], typed: str, told: str) -> None:
    with open_store(None, tmp_path) as store:
        store.account_create("taken", SECRET.strip(), "admin")
    more = ("--password-stdin",) if typed else ()
    code, said = run(*arguments, "--data-dir", str(tmp_path), *more, typed=typed)
    assert code == 2
    assert told in said
    assert said.count("\n") == 1


def test_without_terminal_a_password_is_not_asked_for(tmp_path: Path) -> None:
    code, said = run("add", "boss", "--data-dir", str(tmp_path))
    assert code == 2
    assert "--password-stdin" in said
