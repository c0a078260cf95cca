"""The board, the history and the appraisal: counted by hand on a small site."""

from __future__ import annotations

from datetime import date

import pytest

from posture_check.store import StoreError
from posture_check.store.records import Tally
from tests.store.make import begin, check, person, shift

FAILED = [check("ST-02", "fail", value=5.0), check("ST-07.heels"), check("HA-07", "fail", required=False)]
PASSED = [check("ST-02"), check("ST-07.heels"), check("HA-07", "fail", required=False)]


@pytest.fixture
def site(empty, clock):
    """Three people; Monday 2 November 2026, 9:00 in Shanghai."""
    for number, team, counter in (("1", "甲", "一"), ("2", "甲", "二"), ("3", "乙", "一")):
        empty.staff_save(person(number, team=team, counter=counter), "boss")
    return empty


def test_the_board_shows_everyone_and_their_best_of_the_day(site, clock):
    site.staff_save(person("4"), "boss")
    site.staff_save(person("5"), "boss")
    site.staff_save(person("6"), "boss")
    site.staff_save(person("7", active=False), "boss")
    shift(site, "1", "fail", tries=[FAILED])
    clock.move(minutes=5)
    shift(site, "1", "pass", tries=[FAILED, PASSED])
    shift(site, "2", "fail", tries=[FAILED, FAILED])
    shift(site, "3", "fail", tries=[FAILED], override=True)
    begin(site, "4")
    shift(site, "5", "incomplete", tries=[[]])
    shift(site, "6", "pass", kind="mystery")
    shift(site, None, "pass")
    board = site.board()
    assert board.day == date(2026, 11, 2)
    assert [(row.staff.number, row.status, row.tries, row.faults) for row in board.rows] == [
        ("1", "passed", 2, ()),
        ("2", "failed", 2, ("ST-02",)),
        ("3", "overridden", 1, ("ST-02",)),
        ("4", "running", 0, ()),
        ("5", "incomplete", 1, ()),
        ("6", "missing", 0, ()),
    ]
    assert (board.guests, board.count("passed"), board.rows[5].inspections) == (1, 1, 1)
    assert all(row.status == "missing" for row in site.board(date(2026, 11, 3)).rows)


def test_the_history_counts_days_and_clauses(site, clock):
    shift(site, "1", "pass", tries=[FAILED, PASSED])
    shift(site, "2", "fail", tries=[FAILED, FAILED])
    clock.move(days=1)
    shift(site, "1", "pass", tries=[PASSED])
    shift(site, "3", "incomplete", tries=[[check("ST-02", "not_assessed")]], kind="spot")
    begin(site, "2")
    span = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}
    history = site.history(**span)
    assert [(d.day.day, d.made, d.passed, d.failed, d.incomplete) for d in history.days] == [
        (2, 2, 1, 1, 0),
        (3, 2, 1, 0, 1),
    ]
    assert [(c.clause, c.judged, c.failed_first, c.failed_last) for c in history.clauses] == [
        ("HA-07", 3, 3, 3),
        ("ST-02", 3, 2, 1),
        ("ST-07", 3, 0, 0),
    ]
    assert history.clauses[1].title.en == "Clause ST-02"
    assert [row.number for row in history.shifts] == ["3", "1", "2", "1"]
    assert history.values == ()
    one = site.history(**span, staff="1", clause="ST-02")
    assert [(value.attempt, value.check.verdict, value.check.value) for value in one.values] == [
        (1, "fail", 5.0),
        (2, "pass", 1.25),
        (1, "pass", 1.25),
    ]
    assert [clause.clause for clause in one.clauses] == ["ST-02"]
    assert sum(day.made for day in site.history(**span, team="甲").days) == 3
    assert sum(day.made for day in site.history(**span, counter="一").days) == 3
    assert sum(day.made for day in site.history(**span, kinds=["spot"]).days) == 1
    assert site.history(since=date(2026, 11, 3), until=date(2026, 11, 3)).days == history.days[1:]
    assert site.history(**span, staff="9").shifts == ()


def test_the_appraisal_adds_up_people_teams_and_counters(site, clock):
    shift(site, "1", "pass", tries=[PASSED])  # Monday
    shift(site, "2", "pass", tries=[FAILED, PASSED])
    clock.move(days=1)
    shift(site, "1", "fail", tries=[FAILED, FAILED])  # Tuesday
    shift(site, "3", "fail", tries=[FAILED], override=True)
    shift(site, "3", "pass", tries=[PASSED], kind="spot")
    token = begin(site, "2")
    site.shift_close(token, "incomplete", "{}", abandoned=True)
    clock.move(days=1)
    shift(site, "3", "incomplete", tries=[[]])  # today, which is not over
    appraisal = site.appraisal("2026-11")
    rows = {(row.scope, row.key): row for row in appraisal.rows}
    assert list(rows) == [
        ("person", "1"),
        ("person", "2"),
        ("person", "3"),
        ("team", "乙"),
        ("team", "甲"),
        ("counter", "一"),
        ("counter", "二"),
    ]
    assert rows["person", "1"].self_check == Tally(made=2, passed_first=1, failed=1)
    assert rows["person", "2"].self_check == Tally(made=1, passed_retried=1, abandoned=1)
    assert rows["person", "3"].self_check == Tally(made=2, overridden=1, incomplete=1)
    assert rows["person", "3"].spot == Tally(made=1, passed_first=1)
    assert rows["team", "甲"].self_check == Tally(made=3, passed_first=1, passed_retried=1, failed=1, abandoned=1)
    assert rows["counter", "一"].self_check == Tally(made=4, passed_first=1, failed=1, overridden=1, incomplete=1)
    assert appraisal.site_days == 3
    days = {row.key: (row.days_done, row.days_missing) for row in appraisal.rows}
    assert days == {"1": (2, 0), "2": (1, 1), "3": (2, 1), "甲": (3, 1), "乙": (2, 1), "一": (4, 1), "二": (1, 1)}
    assert [(fault.clause, fault.shifts) for fault in rows["team", "甲"].faults] == [("ST-02", 2)]
    assert [(fault.clause, fault.title.zh) for fault in rows["person", "3"].faults] == [("ST-02", "条款ST-02")]
    assert (rows["team", "甲"].people, rows["team", "乙"].people) == (2, 1)


def test_days_before_and_after_the_roster_are_not_missing(site, clock):
    shift(site, "1")
    clock.move(days=1)
    site.staff_save(person("8"), "boss")
    shift(site, "1")
    clock.move(days=1)
    site.staff_archive("2", "boss")
    shift(site, "1")
    clock.move(days=1)
    shift(site, "1")
    clock.move(days=1)
    missing = {row.key: row.days_missing for row in site.appraisal("2026-11").rows if row.scope == "person"}
    assert missing == {"1": 0, "2": 3, "3": 4, "8": 3}
    october, december = site.appraisal("2026-10"), site.appraisal("2026-12")
    assert (october.rows, october.site_days) == ((), 0)
    assert [row.key for row in december.rows if row.scope == "person"] == ["1", "3", "8"]


def test_who_moved_is_counted_where_they_were(site, clock):
    shift(site, "1", "fail", tries=[FAILED])
    site.staff_save(person("1", team="乙", counter="一"), "boss")
    clock.move(days=1)
    shift(site, "1")
    rows = {row.key: row for row in site.appraisal("2026-11").rows if row.scope == "team"}
    assert (rows["甲"].self_check.failed, rows["乙"].self_check.passed_first) == (1, 1)


def test_a_month_is_written_as_a_month(site):
    for wrong in ("2026", "November", "2026-13", ""):
        with pytest.raises(StoreError, match="must be like 2026-11"):
            site.appraisal(wrong)
    assert site.appraisal("2026-02").rows == ()
