"""The kiosk's conversation with its page, from the first touch to the cleared screen, on real records."""

from __future__ import annotations

import pytest

from posture_check.checklist.messages import Health
from posture_check.checklist.shift import ShiftState
from posture_check.rules.result import Text
from posture_check.store import StoreError, open_store
from tests.web.kiosk_parts import Kiosk, Visitor, lower_the_shoulder, running, settings_for, someone


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_store(None, folder).close()
    return folder / "posture-check.db"


@pytest.fixture
def kiosk(tmp_path, template):
    with running(settings_for(tmp_path), template) as made:
        yield made


def finish_steps(kiosk: Kiosk, page: Visitor, verdict: str = "pass") -> None:
    """Go from the first step to the result."""
    kiosk.station.finishes(verdict)
    page.until("state", lambda s: s["phase"] == "step" and s["step"]["id"] == "way")
    page.say("skip")
    answer(page)


def answer(page: Visitor) -> None:
    page.phase("manual")
    page.say("answer", item="HY-01", ok=True)
    page.say("answer", item="AC-01", ok=True)
    page.say("next")
    page.phase("result")


def test_a_person_passes_and_the_record_holds_every_check(kiosk):
    with kiosk.visit() as page:
        assert page.state["phase"] == "attract"
        page.say("start")
        assert page.phase("identify")["roster"] == [{"number": "1001", "name": "王芳", "team": ""}]
        page.say("identify", number="1001")
        assert page.phase("consent")["consent"]["en"]
        page.say("consent", agree=True)
        assert page.phase("step")["step"]["id"] == "front"
        assert kiosk.station.begun[-1].task == "step"
        assert kiosk.station.begun[-1].role == "B"
        finish_steps(kiosk, page)
        assert page.state["result"]["verdict"] == "pass"
        page.say("finish")
        page.phase("done")
    (shift,) = kiosk.store.shifts(staff="1001")
    assert (shift.verdict, shift.state, shift.kind) == ("pass", "closed", "self")
    detail = kiosk.store.shift_detail(shift.id)
    assert [check.rule for check in detail.checks] == ["ST-02", "HY-01", "AC-01"]
    assert kiosk.store.consent_given("1001")


def test_who_has_consented_is_not_asked_again(kiosk):
    kiosk.store.consent_record("1001", kiosk.store.consent_current().sha256)
    with kiosk.visit() as page:
        page.say("start")
        page.phase("identify")
        page.say("identify", number="1001")
        page.phase("step")


def test_what_failed_is_put_right_and_only_that_is_repeated(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        finish_steps(kiosk, page, "fail")
        result = page.state["result"]
        assert (result["verdict"], result["may_retry"], result["retries_left"]) == ("fail", True, 1)
        (wrong,) = [row for row in result["rows"] if row["group"] == "fix"]
        assert wrong["fix"]["en"] == "Lower the left shoulder a little"
        page.say("retry")
        page.phase("step")
        kiosk.station.finishes("pass")
        page.phase("result")
        assert page.state["result"]["verdict"] == "pass"
    (shift,) = kiosk.store.shifts()
    assert [(step.step_id, step.attempt) for step in kiosk.store.shift_detail(shift.id).steps] == [
        ("front", 1),
        ("hands", 1),
        ("front", 2),
    ]


def test_there_are_no_more_tries_than_the_checklist_permits(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        finish_steps(kiosk, page, "fail")
        page.say("retry")
        page.phase("step")
        kiosk.station.finishes("fail")
        page.phase("result")
        assert not page.state["result"]["may_retry"]
        page.say("retry")
        page.say("touch")
        page.say("finish")
        page.phase("done")


def test_a_step_is_recorded_before_the_page_hears_of_it(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        kiosk.station.finishes()
        page.until("state", lambda s: s["steps"][0]["counts"] is not None)
        (shift,) = kiosk.store.shifts()
        assert [step.step_id for step in kiosk.store.shift_detail(shift.id).steps] == ["front"]


def test_guidance_reaches_the_page_and_a_late_sight_changes_nothing(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        kiosk.station.sees(stage="correct", people=someone(), guidance=lower_the_shoulder())
        sight = page.until("sight")
        assert sight["guidance"]["text"]["zh"] == "请放低左肩"
        assert sight["guidance"]["marks"] == [11, 12]
        old = kiosk.station.begun[-2].run
        kiosk.station.sees(run=old, stage="done", checks=())
        page.say("language", lang="zh")
        state = page.until("state")
        assert (state["phase"], state["lang"], state["step"]["id"]) == ("step", "zh", "front")


def test_nothing_is_looked_at_before_consent(kiosk):
    with kiosk.visit() as page:
        assert not page.state["look"]
        page.say("start")
        assert not page.phase("identify")["look"]
        page.say("identify", role="A")
        assert not page.phase("consent")["look"]
        assert {begin.task for begin in kiosk.station.begun} == {"rest"}
        page.say("consent", agree=False)
        page.until("error")
        assert kiosk.store.shifts() == ()


def test_a_badge_code_says_who_it_is(kiosk):
    with kiosk.visit() as page:
        page.say("start")
        page.phase("identify")
        page.say("scan", on=True)
        assert page.until("state", lambda s: s["scanning"])["look"]
        assert kiosk.station.begun[-1].task == "code"
        kiosk.station.sees(code="SOMETHING ELSE")
        assert "not on the staff list" in page.until("error")["text"]["en"]
        kiosk.station.sees(code="BADGE-1001")
        assert page.phase("consent")["person"]["name"] == "王芳"


def test_an_unknown_number_is_told(kiosk):
    with kiosk.visit() as page:
        page.say("start")
        page.phase("identify")
        page.say("identify", number="9999")
        assert page.until("error")["text"]["zh"] == "没有这个工号，请再试一次"
        assert page.state["phase"] == "identify"


def test_a_supervisor_may_release_with_pin_and_reason(kiosk):
    kiosk.store.account_create("chief", "246810", "supervisor")
    with kiosk.visit() as page:
        page.as_guest()
        finish_steps(kiosk, page, "fail")
        page.say("override")
        page.phase("override")
        page.say("override", pin="111111", reason="seen in person")
        page.until("error")
        page.say("override", pin="246810", reason="  ")
        assert "reason" in page.until("error")["text"]["en"]
        page.say("override", pin="246810", reason="seen in person")
        assert page.phase("done")["result"]["overridden"] == {"by": "chief", "reason": "seen in person"}
    (shift,) = kiosk.store.shifts()
    assert shift.overridden
    assert shift.verdict == "fail"


def test_nobody_there_clears_the_screen_after_a_countdown(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        kiosk.later(22)
        assert page.until("idle", lambda m: m["in_s"] is not None)["in_s"] <= 10
        kiosk.later(10)
        page.phase("attract")
    (shift,) = kiosk.store.shifts()
    assert (shift.state, shift.verdict) == ("abandoned", "incomplete")


def test_a_person_in_the_picture_keeps_the_check_alive(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        kiosk.later(25)
        page.until("idle", lambda m: m["in_s"] is not None)
        kiosk.station.sees(people=someone())
        assert page.until("idle")["in_s"] is None
        assert page.state["phase"] == "step"


def test_who_waits_for_a_lost_camera_is_not_cleared_away(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        lost = Health(camera="lost", vision="ok", text=Text(zh="摄像头断开", en="The camera is gone"))
        kiosk.station.tell_health(lost)
        assert page.until("health", lambda m: m["camera"] == "lost")["text"]["en"] == "The camera is gone"
        kiosk.later(31)
        kiosk.station.tell_health(Health(camera="browser", vision="ok"))
        page.until("health", lambda m: m["camera"] == "browser")
        page.say("language", lang="zh")
        assert page.until("state", lambda s: s["lang"] == "zh")["phase"] == "step"


def test_the_result_clears_itself_after_it_was_finished(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        finish_steps(kiosk, page)
        page.say("finish")
        page.phase("done")
        kiosk.later(21)
        page.phase("attract")


def test_leaving_ends_the_check_and_returns_to_the_sites_language(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        page.say("language", lang="zh")
        page.until("state", lambda s: s["lang"] == "zh")
        page.say("cancel")
        assert page.phase("attract")["lang"] == "en"
    assert kiosk.store.shifts()[0].state == "abandoned"


def test_a_page_that_reconnects_gets_everything_again(kiosk):
    with kiosk.visit() as page:
        page.as_guest()
        kiosk.station.finishes()
        before = page.until("state", lambda s: s["step"]["id"] == "way")
    with kiosk.visit() as again:
        again.state["idle_s"] = before["idle_s"]
        assert again.state == before


def test_a_restarted_server_goes_on_with_the_check(tmp_path, template):
    settings = settings_for(tmp_path)
    with running(settings, template) as first, first.visit() as page:
        page.as_guest()
        first.station.finishes("fail")
        page.until("state", lambda s: s["step"]["id"] == "way")
    with running(settings, template) as second, second.visit() as page:
        assert page.state["phase"] == "step"
        assert page.state["step"]["id"] == "way"
        assert page.state["steps"][0]["status"] == "fail"
        assert second.station.begun[-1].step.id == "way"
        page.say("skip")
        answer(page)
        assert page.state["result"]["verdict"] == "fail"


def test_a_restarted_server_closes_what_had_ended(tmp_path, template, monkeypatch):
    """Killed between the supervisor's word and the end of the check, or long ago in its middle."""
    settings = settings_for(tmp_path)
    with running(settings, template) as first, first.visit() as page:
        page.as_guest()
        first.station.finishes("fail")
        page.until("state", lambda s: s["step"]["id"] == "way")
        page.say("skip")
        answer(page)
        monkeypatch.setattr(first.store, "shift_close", lambda *_arguments, **_more: None)
        page.say("finish")
        page.until("state", lambda s: s["phase"] == "done")
        (ended,) = first.store.shifts()
        state = ShiftState.model_validate_json(first.store.shift_resume(ended.token).state_json)
        first.store.shift_save_state(ended.token, state.finish(state.touched_s).model_dump_json())
        first.store.shift_open(
            "long-ago", None, "self", "A", "short", "a" * 64, "b" * 64, "none",
            state.model_copy(update={"token": "long-ago", "phase": "manual", "touched_s": 0.0}).model_dump_json(),
        )  # fmt: skip
        assert {shift.state for shift in first.store.shifts()} == {"open"}
        monkeypatch.undo()
    with running(settings, template) as second, second.visit() as page:
        assert page.state["phase"] == "done"
        found = {shift.token: (shift.state, shift.verdict) for shift in second.store.shifts()}
    assert found == {ended.token: ("closed", "fail"), "long-ago": ("abandoned", "fail")}


def test_a_full_disk_is_told_and_everything_is_written_when_there_is_room_again(kiosk, monkeypatch):
    def full(*_arguments: object, **_more: object) -> None:
        raise StoreError("full", "posture-check.db")

    with kiosk.visit() as page:
        page.as_guest()
        monkeypatch.setattr(kiosk.store, "shift_save_step", full)
        kiosk.station.finishes()
        assert "cannot be saved" in page.until("state", lambda s: s["trouble"])["trouble"]["en"]
        page.say("skip")
        answer(page)
        assert page.state["result"]["verdict"] == "pass"
        (shift,) = kiosk.store.shifts()
        assert kiosk.store.shift_detail(shift.id).steps == ()
        monkeypatch.undo()
        page.until("state", lambda s: s["trouble"] is None)
        assert [step.step_id for step in kiosk.store.shift_detail(shift.id).steps] == ["front", "hands"]
