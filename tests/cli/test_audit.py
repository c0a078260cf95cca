import json


def test_an_audit_writes_a_line_per_source_and_sums_them_up(posture_check, tmp_path):
    out = tmp_path / "out"
    done = posture_check("audit", "simulate:standing_v60", "simulate:hands_on_hips", "--out", out, "--workers", 1)
    assert done.code == 1
    assert "2 sources: 1 pass, 1 fail, 0 incomplete, 0 unreadable" in done.out
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["source"]["path"] for line in lines] == ["simulate:standing_v60", "simulate:hands_on_hips"]


def test_options_reach_the_audit(posture_check, tmp_path):
    out = tmp_path / "out"
    posture_check("audit", "simulate:standing_v60", "--out", out, "--workers", 1, "--role", "B", "--site", "x")
    settings = json.loads((out / "results.jsonl").read_text(encoding="utf-8"))["settings"]
    assert (settings["role"], settings["site"]) == ("B", "x")


def test_no_recordings_is_bad_input(posture_check, tmp_path):
    (tmp_path / "empty").mkdir()
    done = posture_check("audit", tmp_path / "empty", "--out", tmp_path / "out")
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
