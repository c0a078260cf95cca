from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posture_check.store import StoreError, open_store
from tests.store.make import SHA, begin, check, person, shift


def test_what_was_recorded_comes_back_as_it_was(store):
    token = begin(store)
    first = [check("ST-02", "fail", value=4.5), check("ST-07.heels")]
    assert store.shift_save_step(token, "front", 1, first, '{"n": 1}')
    assert store.shift_save_step(token, "badge", 1, [check("BD-01")], '{"n": 2}')
    again = [check("ST-02", value=1.0), check("ST-07.heels")]
    assert store.shift_save_step(token, "front", 2, again, '{"n": 3}')
    store.shift_close(token, "pass", '{"n": 4}')
    row = store.shifts()[0]
    detail = store.shift_detail(row.id)
    assert [(step.step_id, step.attempt, list(step.checks)) for step in detail.steps] == [
        ("front", 1, first),
        ("badge", 1, [check("BD-01")]),
        ("front", 2, again),
    ]
    assert list(detail.checks) == [check("BD-01"), *again]
    assert (row.number, row.team, row.verdict, row.tries, row.state) == ("1001", "甲组", "pass", 2, "closed")
    assert (row.checklist_sha256, row.rules_sha256, row.calibration) == (SHA, SHA, "none")


def test_a_step_is_recorded_once(store):
    token = begin(store)
    assert store.shift_save_step(token, "front", 1, [check()], "first")
    assert not store.shift_save_step(token, "front", 1, [check(verdict="fail")], "second")
    assert store.shift_resume(token).state_json == "first"
    assert store.shift_detail(1).checks == (check(),)
    store.shift_close(token, "pass", "{}")
    assert not store.shift_save_step(token, "front", 1, [check()], "late")  # a repeated call does no harm


def test_a_token_opens_one_shift(store):
    token = begin(store)
    again = store.shift_open(token, "1001", "self", "A", "shift-start", SHA, SHA, "none", "other")
    assert again == store.shift_resume(token).id
    assert store.shift_resume(token).state_json == '{"phase":"step"}'
    assert len(store.shifts()) == 1


def test_a_shift_resumes_until_it_has_ended(store, clock):
    token = begin(store)
    clock.move(seconds=20)
    assert [row.token for row in store.shifts_unfinished()] == [token]
    store.shift_save_state(token, '{"phase":"result"}')
    assert store.shift_resume(token).state_json == '{"phase":"result"}'
    clock.move(hours=1)
    assert store.shifts_unfinished() == ()
    store.shift_close(token, "incomplete", "{}", abandoned=True)
    assert store.shift_resume(token) is None
    assert store.shifts()[0].state == "abandoned"


def test_kiosks_that_share_a_server_resume_their_own_shifts(store, url, clock, tmp_path):
    mine = begin(store)
    with open_store(url or f"sqlite:///{store.where}", tmp_path / "other", clock=clock) as other:
        its = begin(other)
        assert [row.token for row in other.shifts_unfinished()] == [its]
        assert [row.token for row in store.shifts_unfinished()] == [mine]
        assert {row.kiosk for row in other.shifts()} == {store.kiosk, other.kiosk}
    with open_store(url, store.data_dir, clock=clock) as again:
        assert [row.token for row in again.shifts_unfinished()] == [mine]


def test_what_has_ended_stays_as_it_is(store, clock):
    token = shift(store, verdict="fail", tries=[[check(verdict="fail")]])
    ended = store.shifts()[0].closed_at
    clock.move(minutes=5)
    store.shift_close(token, "pass", "{}")
    assert (store.shifts()[0].verdict, store.shifts()[0].closed_at) == ("fail", ended)
    for late in (
        lambda: store.shift_save_step(token, "badge", 1, [check()], "{}"),
        lambda: store.shift_save_state(token, "{}"),
        lambda: store.shift_override(token, "boss", "why", "{}"),
    ):
        with pytest.raises(StoreError, match="has ended") as error:
            late()
        assert error.value.kind == "refused"


def test_nobody_is_recorded_who_is_not_there(store):
    with pytest.raises(StoreError, match="9999 is not on the roster"):
        begin(store, "9999")
    with pytest.raises(StoreError, match="no such shift"):
        store.shift_save_step("unknown", "front", 1, [], "{}")
    assert store.shifts() == ()
    begin(store, None)
    assert store.shifts()[0].number is None


def test_an_override_names_its_supervisor_and_reason(store):
    token = begin(store)
    with pytest.raises(StoreError, match="needs a reason"):
        store.shift_override(token, "boss", "  ", "{}")
    for _ in range(2):
        store.shift_override(token, "boss", "known injury", "{}")
    detail = store.shift_detail(1)
    assert [(one.by, one.reason) for one in detail.overrides] == [("boss", "known injury")]
    assert detail.shift.overridden
    entry = store.audit_list(event="shift.overridden")[0]
    assert (entry.actor, entry.subject, entry.detail["reason"]) == ("boss", "1001", "known injury")


def test_the_day_is_the_sites_own(store, clock):
    clock.now = clock.now.replace(day=3, hour=15, minute=59)  # 23:59 in Shanghai
    begin(store)
    clock.move(minutes=2)
    begin(store)
    assert [row.day.isoformat() for row in store.shifts()] == ["2026-11-04", "2026-11-03"]
    assert store.shifts()[0].opened_at == clock.now
    assert store.shifts()[0].opened_at.utcoffset().total_seconds() == 0


def test_shifts_are_found_by_what_they_are(store, clock):
    store.staff_save(person("1002", team="乙组", counter="5号"), "setup")
    shift(store)
    shift(store, "1002", "fail", tries=[[check(verdict="fail")]])
    clock.move(days=1)
    shift(store, kind="spot")
    begin(store, "1002")
    found = lambda **wanted: [row.id for row in store.shifts(**wanted)]  # noqa: E731
    assert found() == [4, 3, 2, 1]
    assert found(staff="1002") == [4, 2]
    assert found(team="甲组") == found(counter="3号") == [3, 1]
    assert found(kind="spot") == [3]
    assert found(verdict="fail") == [2]
    assert found(state="open") == [4]
    assert found(until=store.shifts()[-1].day) == [2, 1]
    assert found(since=store.shifts()[0].day) == [4, 3]
    assert found(before_id=3, limit=1) == [2]


def test_many_kiosks_write_at_once(store):
    tokens = [begin(store) for _ in range(8)]

    def until_free(call, *arguments):
        """Repeat a call as a kiosk does: on a busy machine the turn may not come in time."""
        while True:
            try:
                return call(*arguments)
            except StoreError as error:
                if error.kind != "locked":
                    raise

    def work(token):
        for attempt in range(1, 6):
            until_free(store.shift_save_step, token, "front", attempt, [check(), check("ST-03")], f"{attempt}")
        until_free(store.shift_close, token, "pass", "{}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, tokens))
    assert all(row.tries == 5 and row.state == "closed" for row in store.shifts())
    assert sum(len(store.shift_detail(row.id).steps) for row in store.shifts()) == 40
    assert store.audit_verify().ok
