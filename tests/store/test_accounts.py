from __future__ import annotations

import pytest
from sqlalchemy import text

from posture_check.store import StoreError


def test_a_password_opens_its_account_alone(empty):
    empty.account_create("Boss@shop", "correct horse", "admin")
    assert empty.account_verify(" boss@SHOP ", "correct horse").login == "boss@shop"
    assert empty.account_verify("boss@shop", "correct hors") is None
    assert empty.account_verify("somebody", "correct horse") is None
    assert empty.account_verify("", "") is None
    assert empty.pin_verify("correct horse") is None


def test_a_supervisors_pin_says_who_it_is(empty):
    empty.account_create("li", "482915", "supervisor")
    empty.account_create("wang", "a long password", "supervisor", pin="730164")
    assert empty.pin_verify("482915").login == "li"
    assert empty.pin_verify("730164").login == "wang"
    assert empty.account_verify("li", "482915").has_pin
    for wrong in ("482916", "", "48291", "a long password", "٤٨٢٩١٥"):
        assert empty.pin_verify(wrong) is None


REFUSED = (
    ("x", "correct horse", "admin", None, "2 to 40 letters"),
    ("bo ss", "correct horse", "admin", None, "2 to 40 letters"),
    ("boss", "short", "admin", None, "at least 10 characters"),
    ("boss", "482915", "admin", None, "at least 10 characters"),
    ("boss", "x" * 201, "admin", None, "at most 200"),
    ("li", "48291", "supervisor", None, "at least 10 characters"),
    ("li", "111111", "supervisor", None, "at least three of them different"),
    ("li", "correct horse", "supervisor", "12ab56", "6 to 12 digits"),
    ("taken", "correct horse", "admin", None, "is taken"),
    ("li", "900817", "supervisor", None, "is in use"),
)


def test_what_will_not_do_is_refused_in_words(empty):
    empty.account_create("taken", "900817", "supervisor")
    for login, secret, role, pin, told in REFUSED:
        with pytest.raises(StoreError, match=told):
            empty.account_create(login, secret, role, pin=pin)
    assert [account.login for account in empty.accounts()] == ["taken"]


def test_secrets_are_kept_as_argon2_hashes(empty):
    empty.account_create("boss", "correct horse", "admin", pin="482915")
    with empty._db.engine.connect() as connection:
        row = connection.execute(text("SELECT secret_hash, pin_hash FROM accounts")).one()
    assert all(digest.startswith("$argon2id$") for digest in row)
    told = str([entry.detail for entry in empty.audit_list()])
    assert "correct horse" not in told
    assert "482915" not in told


def test_who_is_disabled_is_shut_out_at_once(empty, clock):
    empty.account_create("boss", "correct horse", "admin")
    empty.account_create("li", "482915", "supervisor")
    clock.move(hours=1)
    changed = empty.account_disable("li", "boss")
    assert not changed.active
    assert changed.changed_at == clock.now
    assert empty.pin_verify("482915") is None
    assert empty.account_verify("li", "482915") is None
    assert not empty.account_by_login("li").active
    empty.account_enable("li", "boss")
    assert empty.pin_verify("482915").login == "li"
    assert [entry.event for entry in empty.audit_list(subject="li")] == [
        "account.enabled",
        "account.disabled",
        "account.created",
    ]


def test_the_last_administrator_stays(empty):
    empty.account_create("boss", "correct horse", "admin")
    with pytest.raises(StoreError, match="last administrator"):
        empty.account_disable("boss", "boss")
    empty.account_create("chief", "battery staple", "admin")
    empty.account_disable("boss", "chief")
    with pytest.raises(StoreError, match="last administrator"):
        empty.account_disable("chief", "chief")


def test_a_new_secret_takes_the_place_of_the_old_one(empty):
    empty.account_create("li", "482915", "supervisor")
    empty.account_set_secret("li", "730164", "li")
    assert empty.pin_verify("482915") is None
    assert empty.pin_verify("730164").login == "li"
    empty.account_set_secret("li", "a long password", "li")
    assert empty.pin_verify("730164").login == "li"  # the kiosk's PIN is another matter
    assert empty.account_verify("li", "a long password") is not None
    with pytest.raises(StoreError, match="no such account"):
        empty.account_set_secret("nobody", "a long password", "li")
