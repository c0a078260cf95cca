"""The records by command line."""

from __future__ import annotations

import sqlite3

import pytest

ROSTER = "number,name,role,exemptions\n1001,Jia,A,HA\n1002,Yi,B,\n"


@pytest.fixture
def records(posture_check, tmp_path):
    """Run a command of the records on a folder of our own."""
    return lambda *arguments: posture_check("records", *arguments, "--data-dir", tmp_path / "data")


def test_a_roster_goes_in_and_out(records, tmp_path):
    (tmp_path / "staff.csv").write_text(ROSTER)
    preview = records("import", tmp_path / "staff.csv", "--dry-run")
    assert (preview.code, preview.out) == (0, "would be added 2, changed 0, taken off 0, unchanged 0 (utf-8)\n")
    assert records("import", tmp_path / "staff.csv").out.startswith("added 2,")
    assert records("export", tmp_path / "out.csv", "--lang", "zh").code == 0
    exported = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert exported.splitlines()[:2] == [
        "工号,姓名,角色,方式,豁免,身高,班组,柜台,胸牌码,在岗",
        "1001,Jia,A,usual,HA,,,,,是",
    ]
    assert "unchanged 2" in records("import", tmp_path / "out.csv").out
    assert "1002,Yi,B" in records("export").out


def test_a_bad_roster_is_refused_line_by_line(records, tmp_path):
    (tmp_path / "staff.csv").write_text(ROSTER + "1003,Bing,C,\n1004,Ding,A,XX-99\n")
    outcome = records("import", tmp_path / "staff.csv")
    assert outcome.code == 2
    assert outcome.err.splitlines() == [
        f"{tmp_path}/staff.csv:4: role must be A or B",
        f"{tmp_path}/staff.csv:5: exemption XX-99: there is no such rule, clause or chapter",
        f"posture-check: {tmp_path}/staff.csv: nothing was imported: correct the lines above and try again",
    ]
    assert len(records("export").out.splitlines()) == 1
    assert records("import", tmp_path / "nowhere.csv").code == 2


def test_changed_records_do_not_verify(records, tmp_path):
    (tmp_path / "staff.csv").write_text(ROSTER)
    records("import", tmp_path / "staff.csv")
    whole = records("verify")
    assert (whole.code, "3 entries, unchanged" in whole.out) == (0, True)
    database = sqlite3.connect(tmp_path / "data" / "posture-check.db")
    database.execute("DROP TRIGGER audit_no_update")
    database.execute("UPDATE audit_log SET actor = 'nobody' WHERE seq = 2")
    database.commit()
    database.close()
    changed = records("verify")
    assert (changed.code, "entry 2 was changed" in changed.out) == (1, True)


def test_a_backup_is_whole_and_never_overwrites(records, posture_check, tmp_path):
    (tmp_path / "staff.csv").write_text(ROSTER)
    records("import", tmp_path / "staff.csv")
    copy = tmp_path / "copy" / "posture-check.db"
    assert records("backup", copy).code == 2  # there is no such folder
    copy.parent.mkdir()
    assert records("backup", copy).code == 0
    assert "is there already" in records("backup", copy).err
    assert sorted(path.name for path in copy.parent.iterdir()) == ["posture-check.db"]
    assert posture_check("records", "export", "--data-dir", copy.parent).out == records("export").out


def test_a_sweep_says_what_it_deleted(records):
    assert records("sweep").out.startswith("shifts 0, checks 0, evidence 0, staff 0")


def test_a_server_that_is_not_there_is_one_line(posture_check):
    outcome = posture_check("records", "sweep", "--database-url", "postgresql://posture:secret@127.0.0.1:1/none")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "cannot be reached" in outcome.err
    assert "secret" not in outcome.err
