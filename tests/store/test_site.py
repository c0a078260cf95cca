from __future__ import annotations

import pytest

from posture_check.rules.result import Text
from posture_check.store import StoreError
from tests.store.make import person

NEW = Text(zh="新的同意书", en="A new text")


def test_a_setting_comes_back_as_it_was(empty):
    assert empty.setting("camera", "browser") == "browser"
    for value in (None, True, 3, 1.5, "文本", ["a", {"b": 1}], {"x": [1, 2]}):
        empty.set_setting("camera", value, "boss")
        assert empty.setting("camera", "browser") == value
        assert empty.settings()["camera"] == value


def test_settings_of_the_store_have_defaults_and_bounds(empty):
    assert empty.setting("retention_days") == 180
    assert empty.setting("evidence") is False
    wrong = {
        "retention_days": 0,
        "audit_days": "many",
        "evidence": "yes",
        "timezone": "Mars/Olympus",
        "leaver_days": True,
    }
    for key, value in wrong.items():
        with pytest.raises(StoreError, match=f"setting {key}: must be"):
            empty.set_setting(key, value, "boss")
    with pytest.raises(StoreError, match="at least as long as the shifts"):
        empty.set_setting("retention_days", 2000, "boss")
    assert set(empty.settings()) == {"timezone"}


def test_a_change_is_audited_once(empty):
    for value in (30, 30, 60):
        empty.set_setting("retention_days", value, "boss")
    entries = empty.audit_list(subject="retention_days")
    assert [entry.detail for entry in entries] == [{"before": 30, "after": 60}, {"before": 180, "after": 30}]


def test_consent_is_to_a_text_and_may_be_taken_back(store):
    text = store.consent_current()
    assert text.version == 1
    assert not store.consent_given("1001")
    for _ in range(2):
        store.consent_record("1001", text.sha256)
    assert store.consent_given("1001")
    assert len(store.audit_list(event="consent.given")) == 1
    store.consent_withdraw("1001", "boss")
    assert not store.consent_given("1001")
    store.consent_record("1001", text.sha256)
    assert store.consent_given("1001")


def test_a_new_text_asks_everybody_anew(store):
    old = store.consent_current()
    store.consent_record("1001", old.sha256)
    new = store.consent_publish(NEW, "boss")
    assert (new.version, store.consent_current()) == (2, new)
    assert not store.consent_given("1001")
    with pytest.raises(StoreError, match="has changed meanwhile"):
        store.consent_record("1001", old.sha256)
    store.consent_record("1001", new.sha256)
    assert store.consent_given("1001")
    assert store.consent_publish(NEW, "boss") == new
    store.consent_publish(Text(zh="三", en="Three"), "boss")
    with pytest.raises(StoreError, match="was in force before"):
        store.consent_publish(NEW, "boss")


def test_consent_needs_somebody(store):
    with pytest.raises(StoreError, match="not on the roster"):
        store.consent_record("9", store.consent_current().sha256)
    assert not store.consent_given("9")
    store.staff_save(person("1002"), "setup")
    assert not store.consent_given("1002")
