"""The tables say what the lines say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from posture_check.audit.job import error_line
from posture_check.audit.tables import COLUMNS, read_lines, write_tables
from posture_check.rules.result import Reason, Verdict

from .conftest import MakeResult, make_check


@pytest.fixture
def results(tmp_path: Path, make_result: MakeResult) -> Path:
    good = make_result(
        "录像/甲, 1.mp4",
        Verdict.FAIL,
        make_check("ST-02", Verdict.FAIL, 4.5),
        make_check("ST-07", Verdict.NOT_ASSESSED, reason=Reason.VIEW),
    )
    path = tmp_path / "results.jsonl"
    path.write_text(good.to_json() + "\n" + error_line("b.mp4", "b.mp4: empty\nfile") + "\n", "utf-8")
    return path


def test_csv_and_parquet_hold_every_check(results: Path, tmp_path: Path) -> None:
    write_tables(results, tmp_path)
    with (tmp_path / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(tmp_path / "checks.parquet").to_pylist()
    assert [row["rule"] for row in rows] == [row["rule"] for row in table] == ["ST-02", "ST-07"]
    assert list(rows[0]) == list(table[0]) == list(COLUMNS)
    assert rows[0]["source"] == table[0]["source"] == "录像/甲, 1.mp4"
    assert (table[0]["value"], table[0]["limit_min"], table[0]["limit_max"]) == (4.5, None, 3.2)
    assert (table[1]["value"], table[1]["reason"]) == (None, "view")
    assert json.loads(table[1]["alternatives"]) == {"ST-08": "fail"}
    assert not list(tmp_path.glob("*.part"))


def test_a_spreadsheet_can_tell_the_encoding(results: Path, tmp_path: Path) -> None:
    write_tables(results, tmp_path)
    assert (tmp_path / "checks.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_no_checks_at_all_still_give_tables_with_columns(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    results.write_text("")
    write_tables(results, tmp_path)
    table = pq.read_table(tmp_path / "checks.parquet")
    assert (table.num_rows, table.column_names) == (0, list(COLUMNS))


def test_a_line_cut_off_by_a_crash_is_left_out(results: Path) -> None:
    with results.open("a", encoding="utf-8") as file:
        file.write('{"schema": "posture-check/result/1", "sour')
    assert len(list(read_lines(results))) == 2
