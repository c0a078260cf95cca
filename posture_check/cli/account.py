"""``posture-check account``: who may open the administration pages; the first administrator is made here."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from posture_check.cli.kiosk import DatabaseOption, DataDirOption
from posture_check.cli.records import open_records
from posture_check.errors import InputError


class AccountRoleName(StrEnum):
    """What an account may do."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"


app = typer.Typer(help="Accounts of the administration pages: make, list, shut out.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Login: letters, digits and . _ @ -")],
    role: Annotated[
        AccountRoleName, typer.Option(help="admin opens all pages; supervisor sees records and overrides at the kiosk.")
    ] = AccountRoleName.ADMIN,
    data_dir: DataDirOption = None,
    database_url: DatabaseOption = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin instead of asking.")
    ] = False,
) -> None:
    """Make an account; asks for the password. There is no default one."""
    with open_records(data_dir, database_url) as store:
        account = store.account_create(name, _secret(role, password_stdin), role.value, by="command line")
    typer.echo(f"made {account.role} {account.login}{' with a PIN for the kiosk' if account.has_pin else ''}")


@app.command("list")
def list_accounts(data_dir: DataDirOption = None, database_url: DatabaseOption = None) -> None:
    """List the accounts."""
    with open_records(data_dir, database_url) as store:
        accounts = store.accounts()
    for account in accounts:
        state = "active" if account.active else "shut out"
        pin = "PIN" if account.has_pin else "-"
        typer.echo(f"{account.login:<24} {account.role:<10} {pin:<4} {state:<8} {account.created_at:%Y-%m-%d}")
    if not accounts:
        typer.echo("no accounts: make the first with 'posture-check account add NAME'")


@app.command()
def disable(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Login of the account.")],
    data_dir: DataDirOption = None,
    database_url: DatabaseOption = None,
) -> None:
    """Shut an account out; a kiosk that runs ends its logins within seconds."""
    with open_records(data_dir, database_url) as store:
        account = store.account_disable(name, "command line")
    typer.echo(f"shut out {account.login}")


def _secret(role: AccountRoleName, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InputError("account add: no terminal to ask for the password: give it with --password-stdin")
    what = "Password (at least 10 characters)"
    if role is AccountRoleName.SUPERVISOR:
        what = "Password (at least 10 characters), or a PIN of 6 to 12 digits"
    return str(typer.prompt(what, hide_input=True, confirmation_prompt=True))
