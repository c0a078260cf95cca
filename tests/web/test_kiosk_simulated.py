"""Whole checks before the simulated camera: real processes, real rules, real records, the shipped checklist."""

from __future__ import annotations

import pytest

from posture_check.station.station import Station
from posture_check.store import open_store
from tests.web.kiosk_parts import Kiosk, Visitor, running, settings_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_store(None, folder).close()
    return folder / "posture-check.db"


def do_steps(page: Visitor) -> dict:
    """Do whatever is asked until the result; optional steps are left out."""
    state = page.state
    while state["phase"] != "result":
        assert state["phase"] != "attract", [(m["phase"], m["run"]) for m in page.heard if m["type"] == "state"]
        if state["phase"] == "manual":
            for item in state["step"]["items"]:
                page.say("answer", item=item["rule"], ok=True)
            page.say("next")
            state = page.until("state", lambda s: s["phase"] != "manual")
        elif state["step"]["optional"]:
            step = state["step"]["id"]
            page.say("skip")
            state = page.until("state", lambda s, step=step: s["step"] is None or s["step"]["id"] != step)
        else:
            step = state["step"]["id"]
            state = page.until("state", lambda s, step=step: s["step"] is None or s["step"]["id"] != step)
    return state["result"]


def wrong(result: dict) -> set[str]:
    return {row["clause"] for row in result["rows"] if row["group"] == "fix"}


def recorded(kiosk: Kiosk) -> list[tuple[str, int]]:
    (shift,) = kiosk.store.shifts()
    return [(step.step_id, step.attempt) for step in kiosk.store.shift_detail(shift.id).steps]


def test_a_cooperative_person_passes_and_pictures_reach_the_page(tmp_path, template):
    settings = settings_for(tmp_path, camera="simulate:shift", checklist=None)
    with running(settings, template, Station("simulate:shift")) as kiosk, kiosk.visit() as page:
        assert page.state["camera"] == "server"
        page.as_guest()
        picture = page.next()
        while not isinstance(picture, bytes):
            picture = page.next()
        assert picture[12:15] == b"\xff\xd8\xff"
        result = do_steps(page)
        assert result["verdict"] == "pass", [row for row in result["rows"] if row["group"] in ("fix", "unseen")]
        steps = recorded(kiosk)
        assert len(steps) == len({name for name, _ in steps}) >= 3
        (shift,) = kiosk.store.shifts()
        assert shift.calibration == "simulated"


def test_hands_on_the_hips_are_put_right_and_pass_the_second_time(tmp_path, template):
    camera = "simulate:shift?fault=ST-10"
    settings = settings_for(tmp_path, camera=camera, checklist=None)
    with running(settings, template, Station(camera)) as kiosk, kiosk.visit() as page:
        page.as_guest()
        first = do_steps(page)
        assert "ST-10" in wrong(first)
        assert first["may_retry"]
        said = {m["guidance"].get("clause") for m in page.heard if m["type"] == "sight" and m.get("guidance")}
        assert said & wrong(first)
        page.say("retry")
        page.phase("step")
        second = do_steps(page)
        assert second["verdict"] == "pass", [row for row in second["rows"] if row["group"] in ("fix", "unseen")]
        steps = recorded(kiosk)
        assert max(attempt for _, attempt in steps) == 2
        assert sum(attempt == 2 for _, attempt in steps) == 1
