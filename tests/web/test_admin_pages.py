"""What the pages do, with a small site of a few days."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import openpyxl
import pytest

from posture_check.calibrate.profile import load_profile
from posture_check.checklist.loader import checklist_to_text, load_checklist, look_over
from posture_check.rules.loader import load_rules
from posture_check.store import Store
from posture_check.web.chosen import (
    active_calibration,
    active_camera,
    active_checklist,
    active_checklist_sha256,
    take_inspection,
)
from posture_check.web.security import Security
from tests.calibrate.test_chair import corners
from tests.web.admin_client import Browser, Camera, make_app
from tests.web.admin_seed import ADMIN, PIN, SUPERVISOR, seed

EXAMPLE = Path(__file__).parents[2] / "examples"


def grab_jpeg() -> bytes:
    movie = cv2.VideoCapture(str(sorted(EXAMPLE.glob("*.mp4"))[0]))
    ok, frame = movie.read()
    movie.release()
    assert ok
    return bytes(cv2.imencode(".jpg", frame)[1])


@dataclass
class Site:
    folder: Path
    store: Store
    security: Security
    station: Camera
    admin: Browser
    supervisor: Browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    store = seed(folder, days=1, people=6)
    station = Camera(grab_jpeg())
    app, security = make_app(store, folder, station)
    made = Site(folder, store, security, station, Browser(app), Browser(app))
    made.admin.log_in(*ADMIN)
    made.supervisor.log_in(*SUPERVISOR)
    yield made
    store.close()


PAGES = (
    *("board", "history", "appraisal", "inspect", "roster", "roster/add", "staff/1001", "roster/badges"),
    *("checklist", "camera", "retention", "accounts", "audit", "me"),
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_in_both_languages(site: Site, path: str) -> None:
    zh = site.admin.get(f"/admin/{path}", headers={"accept-language": "zh-CN"})
    en = site.admin.get(f"/admin/{path}", headers={"accept-language": "en"})
    assert (zh.status_code, en.status_code) == (200, 200)
    assert '<html lang="zh-CN"' in zh.text
    assert '<html lang="en"' in en.text
    for page in (zh.text, en.text):
        assert not re.search(r"<script(?! type=\"module\" src=\"/static/)", page)
        assert not re.search(r"\son\w+=", page)
        assert "style=" not in page
        assert page.count("<h1>") == 1


def test_the_board_tells_who_passed_and_who_is_missing(site: Site) -> None:
    board = site.store.board()
    page = site.admin.get("/admin/board").text
    for row in board.rows:
        assert f'data-testid="board-row-{row.staff.number}" data-state="{row.status}"' in page
    part = site.admin.get("/admin/board?part=1").text
    assert "<html" not in part
    assert "board-table" in part
    chosen = site.admin.get("/admin/board?team=早班").text
    numbers = {row.staff.number for row in board.rows if row.staff.team == "早班"}
    assert set(re.findall(r"board-row-(\d+)", chosen)) == numbers
    assert "board-row-" not in site.admin.get("/admin/board?day=1999-01-01&status=passed").text
    assert site.admin.get("/admin/board?day=nonsense").status_code == 200


def test_an_inspection_shows_every_check_with_value_limit_and_fix(site: Site) -> None:
    shift = next(shift for shift in site.store.shifts() if shift.tries > 1)
    detail = site.store.shift_detail(shift.id)
    assert detail is not None
    page = site.admin.get(f"/admin/shifts/{shift.id}").text
    for check in detail.checks:
        assert check.rule in page
    assert "±" in page
    assert site.admin.get("/admin/shifts/999999").status_code == 404


def test_history_is_of_whom_it_is_asked(site: Site) -> None:
    def tries(query: str) -> int:
        page = site.admin.get(f"/admin/history?{query}").text
        return len(re.findall(r'<td class="tight"><a href="/admin/shifts/\d+">\d{4}-', page))

    everyone = [shift for shift in site.store.shifts() if shift.state == "closed"]
    assert tries("") == len(everyone)
    assert tries("scope=staff&key=1002") == sum(shift.number == "1002" for shift in everyone)
    assert tries("scope=team&key=早班") == sum(shift.team == "早班" for shift in everyone)
    assert tries("kind=spot") == sum(shift.kind == "spot" for shift in everyone)
    assert tries("since=1999-01-01&until=1999-02-01") == 0
    plotted = site.admin.get("/admin/history?clause=ST-02").text
    assert 'class="band"' in plotted


def test_exports_open_again_and_hold_what_the_page_shows(site: Site) -> None:
    closed = [shift for shift in site.store.shifts() if shift.state == "closed"]
    text = site.admin.get("/admin/history.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    start = next(i for i, row in enumerate(rows) if row and row[0] == "日期")
    assert len([row for row in rows[start + 1 : start + 1 + len(closed)] if len(row) == 9]) == len(closed)
    book = openpyxl.load_workbook(io.BytesIO(site.admin.get("/admin/history.xlsx").content))
    names = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert {shift.name for shift in closed} <= names
    month = f"{datetime.now(UTC):%Y-%m}"
    pdf = site.admin.get(f"/admin/appraisal.pdf?month={month}")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-disposition"].startswith("attachment")
    events = [entry.event for entry in site.store.audit_list(event="export")]
    assert events.count("export.history") == 2
    assert "export.appraisal" in events


def test_a_roster_with_errors_changes_nothing_and_names_the_lines(site: Site) -> None:
    before = site.store.staff_list(active_only=False)
    table = "number,name,role\n2001,新人,A\n2002,,A\n2003,某人,X\n1001,改名,A\n"
    answer = site.admin.submit("/admin/roster/import", files={"file": ("r.csv", table.encode("gb18030"), "text/csv")})
    assert answer.status_code == 400
    lines = re.findall(r'<tr><td class="figures">(\d+)</td>', answer.text)
    assert lines == ["3", "4"]
    assert "roster-import-confirm" not in answer.text
    assert site.store.staff_list(active_only=False) == before


def test_a_roster_is_previewed_then_taken_once_by_who_sent_it(site: Site) -> None:
    table = "工号,姓名,角色,班组\n3001,=HYPERLINK(1),A,早班\n3002,李四,B,中班\n"
    answer = site.admin.submit("/admin/roster/import", files={"file": ("r.csv", table.encode(), "text/csv")})
    assert answer.status_code == 200
    assert site.store.staff_by_number("3001") is None
    ticket = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    assert ticket is not None
    assert site.security.store is site.store
    taken = site.admin.submit("/admin/roster/import/take", {"ticket": ticket[1]})
    assert taken.headers["location"] == "/admin/roster?done=imported"
    person = site.store.staff_by_number("3001")
    assert person is not None
    assert person.name == "=HYPERLINK(1)"
    assert site.admin.submit("/admin/roster/import/take", {"ticket": ticket[1]}).status_code == 409
    exported = site.admin.get("/admin/roster.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in exported
    for number in ("3001", "3002"):
        site.admin.submit("/admin/roster/archive", {"number": number})
    assert "=HYPERLINK" not in site.admin.get("/admin/roster").text
    assert "=HYPERLINK" in site.admin.get("/admin/roster?archived=1").text


def test_an_entry_is_checked_before_it_is_saved(site: Site) -> None:
    form = {"number": "4001", "name": "新人", "role": "B", "variant": "seated", "exemptions": "ha，BE-01", "new": "1"}
    wrong = (
        {"name": ""},
        {"role": "C"},
        {"stature_cm": "900"},
        {"stature_cm": "tall"},
        {"exemptions": "ZZ-99"},
        {"number": "a/b"},
        {"number": "1001"},
    )
    for change in wrong:
        answer = site.admin.submit("/admin/roster/save", {**form, **change})
        assert answer.status_code == 400, change
        assert 'data-kind="bad"' in answer.text
    assert site.store.staff_by_number("4001") is None
    assert site.admin.submit("/admin/roster/save", {**form, "stature_cm": "171,5"}).status_code == 303
    person = site.store.staff_by_number("4001")
    assert person is not None
    assert person.exemptions == ("HA", "BE-01")
    assert person.stature_cm == 171.5
    assert site.admin.submit("/admin/roster/archive", {"number": "4001"}).status_code == 303
    assert site.admin.submit("/admin/roster/restore", {"number": "4001"}).status_code == 303
    again = site.store.staff_by_number("4001")
    assert again is not None
    assert again.active
    site.admin.submit("/admin/roster/archive", {"number": "4001"})


def test_what_people_typed_is_never_markup(site: Site) -> None:
    name = "<script>alert(1)</script>"
    form = {"number": "4002", "name": name, "role": "A", "variant": "usual", "team": '"><b>', "new": "1"}
    assert site.admin.submit("/admin/roster/save", form).status_code == 303
    for path in ("roster", "staff/4002", "board", "inspect", "history?scope=staff&key=4002", "roster/badges"):
        page = site.admin.get(f"/admin/{path}").text
        assert name not in page
        assert "&lt;script&gt;" in page
    site.admin.submit("/admin/roster/archive", {"number": "4002"})


def test_an_inspection_that_was_started_is_the_next_check_once(site: Site) -> None:
    assert site.supervisor.submit("/admin/inspect", {"kind": "spot", "number": "1003"}).status_code == 303
    assert site.supervisor.submit("/admin/inspect", {"kind": "mystery"}).status_code == 303
    assert site.supervisor.submit("/admin/inspect", {"kind": "self"}).status_code == 400
    assert site.supervisor.submit("/admin/inspect", {"kind": "peer", "number": "9999"}).status_code == 400
    now = datetime.now(UTC)
    theirs = take_inspection(site.store, "1003", now)
    assert theirs is not None
    assert (theirs.kind, theirs.by) == ("spot", SUPERVISOR[0])
    anybodys = take_inspection(site.store, "1004", now)
    assert anybodys is not None
    assert anybodys.kind == "mystery"
    assert take_inspection(site.store, "1003", now) is None
    site.supervisor.submit("/admin/inspect", {"kind": "peer"})
    assert take_inspection(site.store, "1001", now + timedelta(hours=3)) is None
    site.supervisor.submit("/admin/inspect/cancel", {"number": ""})
    assert take_inspection(site.store, "1001", now) is None


def test_a_checklist_with_errors_is_not_saved(site: Site) -> None:
    book = load_rules()
    text = checklist_to_text(load_checklist(None, book))
    for wrong in (
        "",
        "version: 1",
        "a: [",
        text.replace("hold_s: ", "hold_s: -", 1),
        text.replace("ST-02", "ST-99", 1),
    ):
        answer = site.admin.submit("/admin/checklist", {"text": wrong, "base": "0"})
        assert answer.status_code == 400, wrong[:40]
        first = re.findall(r'<li class="mono">(.*?)</li>', answer.text)[0]
        assert re.match(r"第 \d+ 行|清单读不通", first), first
    assert active_checklist(site.store, book) == load_checklist(None, book)


def test_a_checklists_steps_are_changed_one_by_one_and_nothing_is_saved_by_that(site: Site) -> None:
    book = load_rules()
    text = checklist_to_text(load_checklist(None, book))

    def change(text: str, what: str, step: str, value: str = "") -> Any:
        given = {"text": text, "as": "A:usual", "what": what, "step": step, "value": value}
        return site.admin.submit("/admin/checklist/change", given)

    for what, step, value in (
        ("remove", "side", ""),
        ("down", "front", ""),
        ("hold_s", "front", "5"),
        ("add", "side", ""),
    ):
        answer = change(text, what, step, value)
        assert answer.status_code == 200, answer.text
        text = answer.json()["text"]
    read, wrong = look_over(text, "x", book)
    assert read is not None
    assert not wrong
    assert read.steps_for("A", "usual")[1].id == "front"
    assert "hold_s: 5.0" in text
    for what, step, value in (("hold_s", "front", "50"), ("add", "nothing", ""), ("fly", "front", ""), ("up", "x", "")):
        answer = change(text, what, step, value)
        assert answer.status_code == 409
        assert answer.json()["error"]["zh"].startswith("不能这样改")
    assert change("a: [", "up", "front").status_code == 409
    assert active_checklist(site.store, book) == load_checklist(None, book)


def test_a_checklist_is_saved_with_its_versions_and_can_be_taken_back(site: Site) -> None:
    book = load_rules()
    shipped = load_checklist(None, book)
    before = active_checklist_sha256(site.store, book)
    text = checklist_to_text(shipped.model_copy(update={"retries": 5}))
    data = {"text": text.replace("\n", "\r\n"), "base": "0", "note": "fünf"}
    assert site.admin.submit("/admin/checklist", data).status_code == 303
    assert active_checklist(site.store, book).retries == 5
    assert active_checklist_sha256(site.store, book) != before
    # Somebody who began from the older one is told, and nothing is lost.
    late = site.admin.submit("/admin/checklist", {"text": text.replace("retries: 5", "retries: 7"), "base": "0"})
    assert late.status_code == 400
    assert "retries: 7" in late.text
    assert active_checklist(site.store, book).retries == 5
    assert site.admin.submit("/admin/checklist/restore").status_code == 303
    assert active_checklist(site.store, book) == shipped
    assert "retries: 5" in site.admin.get("/admin/checklist?version=1").text
    assert site.admin.get("/admin/checklist?version=99").status_code == 404
    assert "fünf" in site.admin.get("/admin/checklist").text


def test_the_preview_is_of_the_chosen_person_and_lists_all_problems(site: Site) -> None:
    book = load_rules()
    text = checklist_to_text(load_checklist(None, book))
    data = {"text": text, "as": "A:seated"}
    seated = site.admin.submit("/admin/checklist/check", data).text
    usual = site.admin.submit("/admin/checklist/check", {**data, "as": "B:usual"}).text
    steps = [step.title.zh for step in load_checklist(None, book).steps_for("A", "seated")]
    assert re.findall(r"<h2>([^<]+?) <span", seated) == steps
    assert seated != usual
    two = text.replace("ST-02", "ST-99", 1).replace("HY-01", "HY-99", 1)
    wrong = site.admin.submit("/admin/checklist/check", {"text": two}).text
    assert "ST-99" in wrong
    assert 'data-count="0"' not in wrong


def test_the_camera_is_chosen_and_nonsense_refused(site: Site) -> None:
    assert active_camera(site.store, "browser") == "browser"
    for wrong in ("", "file:///etc/passwd", "/dev/video0", "rtsp://a b", "browser\nx", "simulate:"):
        assert site.admin.submit("/admin/camera", {"camera": wrong}).status_code == 400, wrong
    assert site.admin.submit("/admin/camera", {"camera": "rtsp://10.0.0.9/1"}).status_code == 303
    assert active_camera(site.store, "browser") == "rtsp://10.0.0.9/1"


def test_a_cameras_password_is_kept_and_never_shown(site: Site) -> None:
    address, shown = "rtsp://desk:s3cret@10.0.0.9/1", "rtsp://desk:***@10.0.0.9/1"
    assert site.admin.submit("/admin/camera", {"camera": address}).status_code == 303
    pages = [site.admin.get(f"/admin/{page}").text for page in ("camera", "audit")]
    assert all(shown in text for text in pages)
    assert not any("s3cret" in text for text in pages)
    assert site.admin.submit("/admin/camera", {"camera": shown}).status_code == 303  # saved as it was shown
    assert active_camera(site.store, "browser") == address


def test_a_profile_is_made_from_figures_and_a_chair_from_marked_points(site: Site) -> None:
    assert active_calibration(site.store, site.folder) is None
    figures = {"how": "figures", "hfov_deg": "62", "height_m": "1,3", "pitch_deg": "15", "roll_deg": ""}
    for change in ({"hfov_deg": ""}, {"height_m": "high"}, {"hfov_deg": "400"}, {"name": "../evil"}):
        answer = site.admin.submit("/admin/camera/measure", {**figures, **change})
        assert answer.status_code == 400, change
    assert not (site.folder / "calibration").exists()
    held = site.admin.submit("/admin/camera/grab").json()
    assert (held["width"], held["height"]) == (1280, 720)
    assert site.admin.get(f"/admin/camera/held/{held['ticket']}").content == site.station.jpeg
    assert site.supervisor.get(f"/admin/camera/held/{held['ticket']}").status_code == 403
    assert site.admin.submit("/admin/camera/measure", {**figures, "ticket": held["ticket"]}).status_code == 200
    path = active_calibration(site.store, site.folder)
    assert path is not None
    profile = load_profile(path)
    assert profile.camera.height_m == 1.3
    assert profile.camera.size == (1280, 720)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in profile.camera.camera(1280, 720).project(corners(60)))
    chair = {"ticket": held["ticket"], "seat_depth_cm": "44", "seat_height_cm": "45"}
    wrong = site.admin.submit("/admin/camera/chair", {**chair, "points": "1,1 2,2"})
    assert wrong.status_code == 400
    assert "标记了 2 个点：需要 4 个" in wrong.text
    crossed = " ".join(points.split(" ")[i] for i in (0, 2, 1, 3))
    assert "四个点没有绕座面一圈" in site.admin.submit("/admin/camera/chair", {**chair, "points": crossed}).text
    assert load_profile(path).chair is None
    answer = site.admin.submit("/admin/camera/chair", {**chair, "points": points})
    assert answer.status_code == 200, answer.text
    made = load_profile(path).chair
    assert made is not None
    assert made.depth_cm == 44
    checked = site.admin.submit("/admin/camera/check", {"ticket": held["ticket"]})
    assert "calibration-findings" in checked.text
    assert site.admin.submit("/admin/camera/profile", {"name": "../../sessions"}).status_code == 404


def test_pictures_that_are_none_and_no_picture_at_all_are_told(site: Site) -> None:
    answer = site.admin.submit("/admin/camera/grab", files={"picture": ("x.jpg", b"not a picture", "image/jpeg")})
    assert answer.status_code == 400
    assert "JPEG" in answer.json()["error"]
    kept, site.station.jpeg = site.station.jpeg, None
    assert site.admin.submit("/admin/camera/grab").status_code == 409
    assert site.admin.get("/admin/camera/picture.jpg").status_code == 404
    site.station.jpeg = kept
    assert site.admin.get("/admin/camera/picture.jpg").content == kept


@pytest.mark.parametrize("sheet", ["mat", "board", "seat"])
def test_sheets_are_printed_in_true_scale(site: Site, sheet: str) -> None:
    answer = site.admin.get(f"/admin/camera/print/{sheet}.pdf")
    assert answer.content.startswith(b"%PDF")
    assert b"595.2" in answer.content  # A4 in points


def test_terms_are_changed_all_or_none(site: Site) -> None:
    form = {
        "retention_days": "90",
        "evidence_days": "7",
        "leaver_days": "30",
        "audit_days": "400",
        "timezone": "Asia/Shanghai",
        "evidence": "1",
    }
    for change in ({"retention_days": "0"}, {"audit_days": "x"}, {"retention_days": "800"}, {"timezone": "Moon/Base"}):
        assert site.admin.submit("/admin/retention", {**form, **change}).status_code == 400, change
    assert site.store.setting("evidence_days") == 30
    assert site.admin.submit("/admin/retention", form).status_code == 303
    assert (site.store.setting("retention_days"), site.store.setting("evidence")) == (90, True)
    longer = {**form, "retention_days": "2000", "audit_days": "3000", "evidence": ""}
    assert site.admin.submit("/admin/retention", longer).status_code == 303
    shorter = {**form, "retention_days": "370", "audit_days": "380"}
    assert site.admin.submit("/admin/retention", shorter).status_code == 303
    assert (site.store.setting("retention_days"), site.store.setting("audit_days")) == (370, 380)
    assert site.admin.submit("/admin/retention/sweep").status_code == 200


def test_a_new_consent_text_asks_everybody_anew(site: Site) -> None:
    assert site.store.consent_given("1001")
    assert site.admin.submit("/admin/retention/consent", {"zh": "新文本", "en": ""}).status_code == 400
    assert site.store.consent_given("1001")
    assert site.admin.submit("/admin/retention/consent", {"zh": "新文本", "en": "A new text"}).status_code == 303
    assert site.store.consent_current().text.en == "A new text"
    assert not site.store.consent_given("1001")


def test_the_audit_log_is_filtered_verified_and_exported(site: Site) -> None:
    page = site.admin.get("/admin/audit?event=setting&actor=ming").text
    assert "setting.changed" in page
    assert ">shift.opened<" not in page
    verified = site.admin.submit("/admin/audit/verify")
    assert 'data-ok="true"' in verified.text
    rows = list(
        csv.DictReader(io.StringIO(site.admin.get("/admin/audit.csv?event=account").content.decode("utf-8-sig")))
    )
    assert rows
    assert all(row["event"].startswith("account") for row in rows)
    assert json.loads(rows[-1]["detail"])
    older = site.admin.get("/admin/audit?before=4").text
    assert re.findall(r'<tr><td class="figures">(\d+)</td>', older) == ["3", "2", "1"]


def test_accounts_are_made_and_shut_out_at_once(site: Site) -> None:
    app = site.admin.app
    assert site.admin.submit("/admin/accounts", {"login": "neu", "role": "admin", "secret": "short"}).status_code == 400
    assert (
        site.admin.submit("/admin/accounts", {"login": "neu", "role": "king", "secret": "long enough"}).status_code
        == 400
    )
    form = {"login": "neu", "role": "supervisor", "secret": "long enough secret", "pin": "719203"}
    assert site.admin.submit("/admin/accounts", form).status_code == 303
    assert site.admin.submit("/admin/accounts", {**form, "login": "neu2"}).status_code == 400  # the PIN is in use
    theirs = Browser(app)  # type: ignore[arg-type]
    assert theirs.log_in("neu", "long enough secret").status_code == 303
    assert theirs.get("/admin/board").status_code == 200
    assert site.admin.submit("/admin/accounts/neu/disable").status_code == 303
    assert theirs.get("/admin/board").status_code == 303
    assert site.security.pin("10.9.9.9", "719203").account is None
    assert site.admin.submit("/admin/accounts/neu/enable").status_code == 303
    assert site.admin.submit("/admin/accounts/ming/disable").status_code == 400  # the last administrator
    assert site.admin.get("/admin/board").status_code == 200


def test_ones_own_password_needs_the_present_one_and_ends_every_login(site: Site) -> None:
    mine = Browser(site.admin.app)  # type: ignore[arg-type]
    mine.log_in(*SUPERVISOR)
    form = {"old": SUPERVISOR[1], "secret": "a third long secret", "again": "a third long secret"}
    assert mine.submit("/admin/me", {**form, "old": "wrong"}).status_code == 400
    assert mine.submit("/admin/me", {**form, "again": "other"}).status_code == 400
    assert mine.submit("/admin/me", {**form, "secret": "short", "again": "short"}).status_code == 400
    assert site.store.account_verify(*SUPERVISOR) is not None
    assert mine.submit("/admin/me", form).headers["location"] == "/login"
    assert mine.get("/admin/board").status_code == 303
    assert site.supervisor.get("/admin/board").status_code == 303
    assert site.store.account_verify(SUPERVISOR[0], "a third long secret") is not None
    assert site.store.pin_verify(PIN) is not None


def test_a_still_is_shown_while_it_is_kept_and_looking_is_written_down(site: Site) -> None:
    site.store.set_setting("evidence", True, "test")
    site.store.shift_open("still", "1001", "self", "A", "c", "c" * 64, "d" * 64, "none", "{}")
    assert site.station.jpeg is not None
    number = site.store.evidence_save("still", "front", site.station.jpeg)
    assert number is not None
    answer = site.admin.get(f"/admin/evidence/{number}.jpg")
    assert answer.content == site.station.jpeg
    assert answer.headers["cache-control"] == "no-store"
    assert site.store.audit_list(event="evidence")[0].actor == "ming"
    path = site.store.evidence_path(number)
    assert path is not None
    path.unlink()
    assert site.admin.get(f"/admin/evidence/{number}.jpg").status_code == 404
