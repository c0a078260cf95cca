from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.store.roster_csv import COLUMNS, read_roster, write_roster
from tests.store.make import person

HEADER = ",".join(COLUMNS.values())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_are_read_as_spreadsheets_save_them(encoding, delimiter):
    table = f"{HEADER}\r\n1001,员工甲,a,坐姿,ha be-01,171.5,甲组,,,是\r\n1002,员工乙,B,,,,,,,\r\n"
    sheet = read_roster(table.replace(",", delimiter).encode(encoding))
    assert sheet.problems == ()
    first, second = (line.staff for line in sheet.lines)
    assert first.name == "员工甲"
    assert (first.role, first.variant, first.exemptions, first.stature_cm) == ("A", "seated", ("HA", "BE-01"), 171.5)
    assert (second.name, second.variant, second.active) == ("员工乙", "usual", True)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        ("number,name,role\n", "nobody under it"),
        ("number,name\n1,x\n", "column role is missing"),
        ("number,name,role,gender\n1,x,A,m\n", "unknown column gender"),
        ("number,name,role,name\n1,x,A,m\n", "column name is there twice"),
        ('number,name,role\n1,"x,A\n', "a quotation mark is not closed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff", "cannot be read"),
        (b"PK\x03\x04\x14\x00\x06\x00", "cannot be read"),
        (b"x" * 5_000_001, "too large"),
        ("number,name,role\n" + "1,x,A\n" * 20_001, "too many lines"),
    ],
)
def test_what_is_no_roster_is_refused_in_words(table, told):
    sheet = read_roster(table)
    assert told in sheet.problems[0].text.en


words = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=20)


@given(name=words, team=words, badge=words, lang=st.sampled_from(["zh", "en"]))
def test_whatever_people_are_called_comes_back_and_is_no_formula(name, team, badge, lang):
    someone = person(name=name, team=team, badge_code=badge)
    text = write_roster([someone], lang)
    assert [line.staff for line in read_roster(text.encode()).lines] == [someone]
    for cell in list(csv.reader(io.StringIO(text)))[1]:
        assert not cell.startswith(("=", "+", "-", "@"))


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_file_makes_the_reader_fall(table):
    sheet = read_roster(table)
    assert sheet.lines or sheet.problems
