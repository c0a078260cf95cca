"""A whole audit over simulated people: every source has its line, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from posture_check.audit import AuditSummary, run_audit
from posture_check.audit.job import track_name
from posture_check.errors import InputError
from posture_check.landmarks.track import load_tracks
from posture_check.pipeline import Options
from posture_check.rules.result import Result

GOOD, BAD = "simulate:standing_v60", "simulate:hands_on_hips"


def _summary(**counts: int) -> AuditSummary:
    fields = {"passed": 0, "failed": 0, "incomplete": 0, "unreadable": 0} | counts
    return AuditSummary(Path("out"), sum(fields.values()), **fields, interrupted=False)


@pytest.mark.parametrize(
    ("summary", "code"),
    [
        (_summary(passed=3), 0),
        (_summary(passed=2, failed=1, unreadable=1), 1),
        (_summary(passed=2, incomplete=1), 3),
        (_summary(passed=2, unreadable=1), 3),
        (AuditSummary(Path("out"), 3, 2, 0, 0, 0, interrupted=True), 3),
    ],
)
def test_exit_codes(summary: AuditSummary, code: int) -> None:
    assert summary.exit_code == code


def test_every_source_has_its_line_and_its_tracks(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("not a video")
    steps: list[tuple[str, float | None]] = []
    summary = run_audit([GOOD, str(text), BAD, GOOD], tmp_path / "out", Options(), 2, lambda *step: steps.append(step))
    lines = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
    by_path = {line["source"]["path"]: line for line in lines}
    assert set(by_path) == {GOOD, BAD, str(text)}
    assert len(lines) == summary.sources == 3
    assert set(by_path[str(text)]) == {"schema", "source", "error"}
    assert str(text) in by_path[str(text)]["error"]
    for spec in (GOOD, BAD):
        Result.model_validate(by_path[spec])
        assert len(load_tracks(tmp_path / "out" / "tracks" / track_name(spec)).tracks) == 1
    assert by_path[BAD]["verdict"] == "fail"
    assert (summary.failed, summary.unreadable, summary.exit_code) == (1, 1, 1)
    for name in ("checks.csv", "checks.parquet", "report.html"):
        assert (tmp_path / "out" / name).stat().st_size > 0
    shares = [share for _, share in steps if share is not None]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_results_of_an_earlier_audit_are_never_touched(tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match=r"results\.jsonl of an earlier audit: choose another --out"):
        run_audit([GOOD], tmp_path, Options(), 1)
    assert (tmp_path / "results.jsonl").read_text() == "{}\n"


@pytest.mark.parametrize(
    ("paths", "options", "said"),
    [
        (["nowhere.mp4"], Options(), "nowhere.mp4"),
        ([], Options(), "nothing to check"),
        (["rtsp://camera/1"], Options(), "a live source has no end"),
        ([GOOD], Options(rules=Path("no-rules.yaml")), "no-rules.yaml"),
        ([GOOD], Options(calibration=Path("no-profile.yaml")), "no-profile.yaml"),
    ],
)
def test_bad_usage_is_told_once_and_leaves_no_lines(
    tmp_path: Path, paths: list[str], options: Options, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        run_audit(paths, tmp_path / "out", options, 1)
    results = tmp_path / "out" / "results.jsonl"
    assert not results.exists() or results.stat().st_size == 0


def test_an_out_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        run_audit([GOOD], tmp_path / "file" / "out", Options(), 1)


def _alive_in_group(group: int) -> list[str]:
    alive = []
    for process in psutil.process_iter(["status", "name"]):
        try:
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                alive.append(process.info["name"])
        except ProcessLookupError:
            continue
    return alive


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_keeps_what_is_written(tmp_path: Path, number: signal.Signals) -> None:
    """Stop an audit as Ctrl-C and a scheduler do: whole lines, a report, no process left behind."""
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from posture_check.audit import run_audit\n"
        "from posture_check.pipeline import Options\n"
        "if __name__ == '__main__':\n"
        "    paths = [f'simulate:standing_v60?seed={i}' for i in range(500)]\n"
        "    s = run_audit(paths, Path(sys.argv[1]), Options(), 2)\n"
        "    print(s.interrupted, s.passed + s.failed + s.incomplete, s.unreadable)\n"
    )
    (tmp_path / "audit.py").write_text(program)
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "audit.py"), str(out)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
        start_new_session=True,
        text=True,
    )
    deadline = time.monotonic() + 60
    results = out / "results.jsonl"
    while time.monotonic() < deadline and not (results.exists() and results.stat().st_size):
        time.sleep(0.05)
    if number is signal.SIGINT:
        os.killpg(process.pid, number)  # a terminal sends Ctrl-C to the whole group
    else:
        process.send_signal(number)
    said, _ = process.communicate(timeout=60)
    lines = results.read_text().splitlines()
    assert [json.loads(line)["source"]["path"] for line in lines]
    assert said.split() == ["True", str(len(lines)), "0"]
    assert 0 < len(lines) < 500
    assert (out / "report.html").exists()
    assert not list((out / "tracks").glob("*.part"))
    deadline = time.monotonic() + 5
    while _alive_in_group(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _alive_in_group(process.pid) == []
