"""The report shows the counts, the sources and the errors, and stands alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from posture_check.audit.job import error_line
from posture_check.audit.report import write_report
from posture_check.rules.result import Reason, Verdict

from .conftest import MakeResult, make_check


class _Page(HTMLParser):
    """Text of the page by table row, and everything that would be fetched."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.fetched: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def _report(tmp_path: Path, *lines: str) -> str:
    results = tmp_path / "results.jsonl"
    results.write_text("".join(line + "\n" for line in lines), "utf-8")
    write_report(results, tmp_path / "report.html")
    return (tmp_path / "report.html").read_text("utf-8")


def test_counts_sources_and_errors(tmp_path: Path, make_result: MakeResult) -> None:
    shoulders = [make_check("ST-02", Verdict.FAIL, 4.5), make_check("ST-02", Verdict.PASS, 1.0)]
    head = make_check("ST-01.yaw", Verdict.NOT_ASSESSED, reason=Reason.TOO_SMALL)
    html = _report(
        tmp_path,
        make_result("a<b>.mp4", Verdict.FAIL, shoulders[0], head).to_json(),
        make_result("c.mp4", Verdict.INCOMPLETE, shoulders[1], head).to_json(),
        error_line("d.mp4", "d.mp4: zero bytes: copy it again"),
    )
    page = _Page(html)
    rows = {row[0]: row for row in page.rows}
    assert rows["ST-02"][2:6] == ["1", "", "1", ""]
    assert rows["ST-01.yaw"][2:6] == ["", "", "", "2"]
    assert "too_small 2" in rows["ST-01.yaw"][-1]
    sources = {row[1]: row for row in page.rows if row[0][0] in "✓✗…!" and row[1]}
    assert sources["a<b>.mp4"][4] == "ST-02"
    assert "不合格 fail" in sources["a<b>.mp4"][0]
    assert "unreadable" in sources["d.mp4"][0]
    assert "<li>d.mp4: zero bytes: copy it again</li>" in html
    assert re.findall(r"<b>(\d+)</b>", html)[:5] == ["3", "0", "1", "1", "1"]


def test_nothing_is_fetched_and_nothing_in_a_name_is_markup(tmp_path: Path, make_result: MakeResult) -> None:
    name = '<script src="https://elsewhere/x.js"></script>.mp4'
    html = _report(tmp_path, make_result(name, Verdict.PASS).to_json(), error_line(name, f"{name}: broken"))
    assert _Page(html).fetched == []
    assert "<script" not in html
    assert "url(" not in html


def test_an_audit_that_judged_nothing_has_a_report(tmp_path: Path) -> None:
    assert "<b>0</b>" in _report(tmp_path)
