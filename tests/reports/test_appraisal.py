from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from posture_check import fonts
from posture_check.errors import InputError
from posture_check.reports import appraisal_pdf
from posture_check.reports.appraisal import (
    Column,
    Report,
    Table,
    appraisal_report,
    as_csv,
    history_report,
    inspections_of,
    pass_rate,
    verdict_text,
)
from posture_check.reports.appraisal_pdf import as_pdf
from posture_check.reports.appraisal_xlsx import as_xlsx
from posture_check.reports.wording import Lang
from posture_check.rules.result import Verdict
from posture_check.store import Store, open_store
from posture_check.store.records import Appraisal, AppraisalRow, Tally
from tests.store.make import Clock, begin, check, person

MADE = datetime(2026, 11, 30, 4, tzinfo=UTC)
EVIL = "=HYPERLINK(A1)"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock = Clock()
    with open_store(None, tmp_path_factory.mktemp("records"), clock=clock) as made:
        made.set_setting("timezone", "Asia/Shanghai", "test")
        made.staff_save(person("1001", name="欧阳若曦"), "test")
        made.staff_save(person("1002", name=EVIL, team="=1+1", counter="+2"), "test")
        for number, verdicts, kind in (
            ("1001", ("fail", "pass"), "self"),
            ("1001", ("pass",), "self"),
            ("1001", ("fail",), "spot"),
            ("1002", ("fail",), "self"),
        ):
            token = begin(made, number, kind)
            for attempt, verdict in enumerate(verdicts, 1):
                made.shift_save_step(token, "stand", attempt, [check(verdict=verdict, value=2.0 + attempt)], "{}")
            made.shift_close(token, verdicts[-1], "{}")
            clock.now += timedelta(days=1)
        yield made


def report_of(store: Store, lang: Lang = "zh") -> Report:
    return appraisal_report(store.appraisal("2026-11"), lang, MADE, "Asia/Shanghai")


def cells(report: Report, title: str) -> list[dict[str, object]]:
    table = next(table for table in report.tables if table.title == title)
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows]


def test_the_appraisal_has_a_row_for_everybody_and_every_team_and_counter(store: Store) -> None:
    report = report_of(store)
    people = {row["工号"]: row for row in cells(report, "个人")}
    assert set(people) == {"1001", "1002"}
    mine = people["1001"]
    assert (mine["自查"], mine["首次合格"], mine["重试合格"], mine["合格率"]) == (2, 1, 1, 1.0)
    assert (mine["抽查等"], mine["其中合格"]) == (1, 0)
    assert mine["常见问题"] == "ST-02 条款ST-02 (2)"
    assert people["1002"]["合格率"] == 0.0
    assert {row["班组"] for row in cells(report, "班组")} == {"甲组", "=1+1"}
    assert {row["柜台"] for row in cells(report, "柜台")} == {"3号", "+2"}


def test_who_did_no_check_has_no_rate_rather_than_zero() -> None:
    nobody = AppraisalRow(scope="person", key="1", name="a", days_missing=3)
    assert pass_rate(nobody.self_check) is None
    report = appraisal_report(Appraisal(month="2026-11", rows=(nobody,), site_days=3), "en", MADE)
    assert cells(report, "People")[0]["Pass rate"] is None
    assert ",,0,0,0,0,0,3,0,0," in as_csv(report)


def test_overrides_are_counted_apart_and_never_as_passed() -> None:
    tally = Tally(made=4, passed_first=1, passed_retried=1, failed=1, overridden=1)
    assert pass_rate(tally) == 0.5


def test_inspections_are_all_but_self_checks() -> None:
    row = AppraisalRow(
        scope="person", key="1", name="a", self_check=Tally(made=9), spot=Tally(made=1), peer=Tally(made=2, failed=1)
    )
    assert inspections_of(row).made == 3
    assert inspections_of(row).failed == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_history_tells_inspections_clauses_days_and_values(store: Store, lang: Lang) -> None:
    history = store.history(since=date(2026, 11, 1), until=date(2026, 11, 30), staff="1001", clause="ST-02")
    report = history_report(history, "欧阳若曦", lang, "Asia/Shanghai")
    assert [len(table.rows) for table in report.tables] == [3, 1, 3, 4]
    for table in report.tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
    shift = dict(zip([column.name for column in report.tables[0].columns], report.tables[0].rows[-1], strict=True))
    assert shift["时间" if lang == "zh" else "Time"] == "09:00"  # one in the morning UTC


def test_an_override_stands_beside_the_verdict() -> None:
    assert verdict_text(Verdict.FAIL, True, "en") == "fail (let start)"
    assert verdict_text(None, False, "zh") == "未完成"


def test_csv_opens_in_a_spreadsheet_and_holds_no_formula(store: Store) -> None:
    text = as_csv(report_of(store))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    flat = [cell for row in rows for cell in row]
    assert "欧阳若曦" in flat
    assert f"'{EVIL}" in flat
    assert not any(cell.startswith(("=", "+", "@")) for cell in flat)
    assert "100%" in flat


def test_xlsx_opens_again_with_numbers_as_numbers_and_no_formula(store: Store) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(report_of(store))))
    assert book.sheetnames == ["个人", "班组", "柜台"]
    sheet = book["个人"]
    found = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert found[EVIL].data_type == "s"
    rates = [cell for row in sheet.iter_rows() for cell in row if cell.number_format == "0%" and cell.value is not None]
    assert [(cell.value, cell.data_type) for cell in rates] == [(1, "n"), (0, "n")]
    assert sheet.freeze_panes is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_xlsx_takes_any_title_and_any_character() -> None:
    table = Table("a/b*c" * 20, (Column("x"),), (("bad \x07 bell",), (None,)))
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(Report("r", (), (table,), "en"))))
    assert len(book.sheetnames[0]) <= 31


@pytest.mark.skipif(fonts.find_cjk_font() is None, reason="no font that draws Chinese on this machine")
def test_pdf_holds_the_names_in_a_font_that_draws_them(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        content = as_pdf(report_of(store))
    assert content.startswith(b"%PDF-")
    assert b"/ToUnicode" in content
    assert not caplog.records  # a glyph that is missing would be warned of
    assert len(content) < 2_000_000


def test_pdf_without_a_chinese_font_says_the_cure(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appraisal_pdf, "find_cjk_font", lambda: None)
    with pytest.raises(InputError, match=r"no font.*fonts-noto-cjk.*CSV or XLSX"):
        as_pdf(report_of(store))


def test_pdf_without_chinese_needs_no_such_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appraisal_pdf, "find_cjk_font", lambda: None)
    table = Table("People", (Column("Name"), Column("n")), tuple((f"A – B… {i}", i) for i in range(120)))
    content = as_pdf(Report("Appraisal", ("note",), (table,), "en"))
    assert content.count(b"/Type /Page\n") >= 3
