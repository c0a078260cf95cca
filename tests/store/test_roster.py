from __future__ import annotations

import pytest
from pydantic import ValidationError

from posture_check.store import StoreError
from tests.store.make import person

HEADER = "工号,姓名,角色,方式,豁免,身高,班组,柜台,胸牌码,在岗\r\n"


def test_a_person_is_entered_changed_and_archived(empty):
    someone = person(variant="seated", exemptions=("HA", "BE-01"), stature_cm=171.5, badge_code="QR-1")
    empty.staff_save(someone, "boss")
    assert empty.staff_by_number(" 1001 ") == someone
    assert empty.staff_by_code("QR-1") == empty.staff_by_code("1001") == someone
    moved = someone.model_copy(update={"team": "乙组"})
    empty.staff_save(moved, "boss")
    empty.staff_save(moved, "boss")
    assert empty.staff_list() == (moved,)
    empty.staff_archive("1001", "boss")
    empty.staff_archive("1001", "boss")
    assert empty.staff_list() == ()
    assert not empty.staff_list(active_only=False)[0].active
    assert empty.staff_by_code("QR-1") is None
    empty.staff_restore("1001", "boss")
    assert [one.number for one in empty.staff_list()] == ["1001"]
    events = [(entry.event, entry.detail) for entry in reversed(empty.audit_list(subject="1001"))]
    assert events == [
        ("staff.added", {}),
        ("staff.changed", {"fields": ["team"]}),
        ("staff.archived", {}),
        ("staff.changed", {"fields": ["active"]}),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"number": "a b"},
        {"number": ""},
        {"number": "=1"},
        {"name": " "},
        {"name": "a\nb"},
        {"role": "C"},
        {"variant": "lying"},
        {"stature_cm": 30},
        {"exemptions": ("everything",)},
        {"gender": "x"},
    ],
)
def test_what_is_no_person_is_refused(fields):
    with pytest.raises(ValidationError):
        person(**fields)


def test_a_badge_belongs_to_one_person(store):
    store.staff_save(person(badge_code="QR-1"), "boss")
    with pytest.raises(StoreError, match="badge code QR-1: is that of 1001 too"):
        store.staff_save(person("1002", badge_code="QR-1"), "boss")
    assert [one.number for one in store.staff_list()] == ["1001"]


def test_what_is_exported_is_imported_unchanged(store):
    store.staff_save(person("1002", exemptions=("HA",), stature_cm=160, variant="seated", badge_code="-x"), "boss")
    store.staff_save(person("1003", name="=HYPERLINK(1)", team="@x", counter="+1", active=False), "boss")
    store.staff_save(person("1004", name="'=1", team='逗,号"引号'), "boss")
    before = store.staff_list(active_only=False)
    for lang in ("zh", "en"):
        exported = store.export_roster(lang)
        report = store.import_roster(exported.encode(), "boss")
        assert (report.ok, report.unchanged, report.changed, report.encoding) == (True, 4, 0, "utf-8")
    assert store.staff_list(active_only=False) == before
    cells = [cell for line in exported.splitlines()[1:] for cell in line.split(",")]
    assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "-", "@"))]


def test_a_preview_changes_nothing(store):
    before, entries = store.staff_list(), store.audit_list()
    table = f"{HEADER}1001,新名,A,,,,,,,\n1002,员工乙,B,,,,,,,\n"
    report = store.import_roster(table, "boss", dry_run=True)
    assert (report.added, report.changed) == (1, 1)
    assert (store.staff_list(), store.audit_list()) == (before, entries)


def test_a_badge_may_come_from_somebody_who_leaves_by_the_same_file(store):
    store.staff_save(person(badge_code="QR-1"), "boss")
    table = "number,name,role,badge_code\n1002,Yi,B,QR-1\n"
    assert not store.import_roster(table, "boss").ok
    assert [one.number for one in store.staff_list()] == ["1001"]
    assert store.import_roster(table, "boss", archive_missing=True).ok
    assert store.staff_by_code("QR-1").number == "1002"


def test_two_thousand_people_come_in_at_once(store):
    table = "number,name,role\n" + "".join(f"A{n},员工{n},B\n" for n in range(2000))
    assert store.import_roster(table.encode("gbk"), "boss").added == 2000
    assert len(store.audit_list(event="staff.added", limit=5000)) == 2001
    assert store.audit_verify().ok


def test_those_not_in_the_file_leave_only_if_asked(store):
    table = "number,name,role\n1002,Yi,B\n"
    assert store.import_roster(table, "boss").archived == 0
    assert [one.number for one in store.staff_list()] == ["1001", "1002"]
    assert store.import_roster(table, "boss", archive_missing=True).archived == 1
    assert [one.number for one in store.staff_list()] == ["1002"]


def test_one_bad_line_refuses_the_file_and_every_fault_is_named(store):
    table = (
        "number,name,role,stature_cm,variant,active,exemptions,badge_code\n"
        "1002,Yi,B,,,,,\n"
        "1003,,C,20,lying,maybe,HA nonsense,\n"
        "\n"
        "1002,Bing,A,,,,,\n"
        "1004,Ding,A,,,,XX,\n"
        "1005,Wu,A,,,,,Q\n"
        "1006,Ji,A,,,,,Q,surplus\n"
    )
    before = store.staff_list()
    report = store.import_roster(table, "boss", known_exemption=lambda name: name == "HA")
    assert [(fault.line, fault.text.en) for fault in report.problems] == [
        (3, "variant must be usual or seated"),
        (3, "active must be yes or no"),
        (3, "exemption NONSENSE: there is no such rule, clause or chapter"),
        (3, "name must not be empty, at most 80 characters"),
        (3, "role must be A or B"),
        (3, "exemptions must be like HA or BE-01, set apart by spaces"),
        (3, "stature_cm must be from 80 to 240"),
        (5, "number 1002 is on line 2 already"),
        (6, "exemption XX: there is no such rule, clause or chapter"),
        (8, "there are more cells than in the header"),
    ]
    assert all(fault.text.zh != fault.text.en for fault in report.problems)
    assert store.staff_list() == before


def test_a_badge_twice_refuses_the_file(store):
    store.staff_save(person(badge_code="QR-1"), "boss")
    table = "number,name,role,badge_code\n1002,Yi,B,QR-1\n1003,Bing,B,QR-2\n1004,Ding,B,QR-2\n"
    report = store.import_roster(table, "boss")
    assert [(fault.line, fault.text.en) for fault in report.problems] == [
        (2, "badge code QR-1 is that of 1001 too"),
        (4, "badge code QR-2 is that of 1003 too"),
    ]
    assert len(store.staff_list()) == 1


def test_two_people_may_swap_their_badges_in_one_file(store):
    swap = "number,name,role,badge_code\n1001,Jia,A,{}\n1002,Yi,B,{}\n"
    assert store.import_roster(swap.format("Q1", "Q2"), "boss").ok
    assert store.import_roster(swap.format("Q2", "Q1"), "boss").ok
    assert store.staff_by_code("Q1").number == "1002"


def test_a_file_that_is_no_roster_changes_nothing(store):
    report = store.import_roster(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff", "boss", archive_missing=True)
    assert not report.ok
    assert len(store.staff_list()) == 1
