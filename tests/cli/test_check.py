import json
import os
import signal
import subprocess
import sys
import time

import jsonschema
import pytest
from PIL import Image as Pillow

from posture_check.landmarks.track import load_tracks
from posture_check.rules.result import EXIT_CODES, Verdict
from tests.conftest import ROOT

GOOD, BAD = "simulate:standing_v60", "simulate:hands_on_hips"
UNSEEN = "simulate:upper_body_only"


@pytest.mark.parametrize("spec", [GOOD, BAD, UNSEEN, "simulate:no_person", "simulate:standing_back"])
def test_json_is_one_valid_document_and_its_verdict_is_the_exit_code(posture_check, spec):
    done = posture_check("check", spec, "--json")
    document = json.loads(done.out)
    schema = json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert done.code == EXIT_CODES[Verdict(document["verdict"])]
    assert done.err == ""


def test_exit_codes_tell_pass_fail_and_incomplete_apart(posture_check):
    assert [posture_check("check", spec).code for spec in (GOOD, BAD, UNSEEN)] == [0, 1, 3]


def test_json_is_utf_8_whatever_the_terminal_writes():
    done = subprocess.run(
        [sys.executable, "-m", "posture_check.cli", "check", GOOD, "--json"],
        capture_output=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    titles = [check["title"]["zh"] for check in json.loads(done.stdout.decode("utf-8"))["checks"]]
    assert all(any(c >= "\u4e00" for c in title) for title in titles)


def test_the_table_is_in_the_language_of_the_system_and_lang_wins(posture_check, monkeypatch):
    assert "不叉腰" in posture_check("check", GOOD, "--lang", "zh").out
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "不叉腰" in posture_check("check", GOOD).out
    assert "不叉腰" not in posture_check("check", GOOD, "--lang", "en").out


def test_several_sources_get_a_table_each_and_the_worst_code(posture_check, tmp_path):
    done = posture_check("check", GOOD, UNSEEN)
    assert done.code == 3
    assert done.out.count("role A") == 2
    assert posture_check("check", UNSEEN, BAD, GOOD).code == 1


def test_one_bad_source_does_not_hide_the_others(posture_check, tmp_path):
    (tmp_path / "a.mp4").write_text("this is text")
    done = posture_check("check", tmp_path / "a.mp4", GOOD)
    assert done.code == 2
    assert "simulate:standing_v60" in done.out
    assert len(done.err.splitlines()) == 1
    assert "a.mp4" in done.err


@pytest.mark.parametrize("option", [["--json"], ["--annotate", "a.mp4"], ["--track", "a.npz"]])
def test_what_takes_one_source_refuses_two(posture_check, option):
    done = posture_check("check", GOOD, BAD, *option)
    assert (done.code, done.out) == (2, "")
    assert "take one; use 'posture-check audit'" in done.err


def test_options_reach_the_document(posture_check):
    chosen = ["--role", "B", "--site", "南京路", "--posture", "standing", "--exempt", "st-02,HA"]
    settings = json.loads(posture_check("check", GOOD, "--json", *chosen).out)["settings"]
    assert (settings["role"], settings["site"], settings["exempt"]) == ("B", "南京路", ["ST-02", "HA"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--posture", "lying"], "--posture lying: not known: choose from auto, standing"),
        (["--exempt", "hats"], "--exempt HATS: no such rule, clause or chapter"),
        (["--person", "tallest"], "--person tallest: not known: choose largest, central, all, or a number"),
        (["--person", "-1"], "--person -1: not known"),
        (["--person", "7"], "no such person"),
        (["--rules", "gone.yaml"], "gone.yaml: cannot be read"),
        (["--calibration", "gone.yaml"], "gone.yaml: cannot be read"),
        (["--annotate", "a.avi"], "unknown kind of file: let its name end in .mp4 or .png"),
        (["--annotate", "gone/a.mp4"], "no folder gone"),
        (["--track", "a.json"], "let its name end in .npz"),
    ],
)
def test_bad_options_are_one_clear_line(posture_check, arguments, said):
    done = posture_check("check", GOOD, *arguments)
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert said in done.err


def test_a_target_that_cannot_be_written_is_refused_before_the_work(posture_check, monkeypatch):
    monkeypatch.setattr("posture_check.pipeline.check", lambda *_: pytest.fail("the work was begun"))
    assert posture_check("check", GOOD, "--annotate", "a.avi").code == 2


def test_the_source_is_never_written_over(posture_check, tmp_path, track_file):
    before = track_file.read_bytes()
    assert "is the source itself" in posture_check("check", track_file, "--track", track_file).err
    assert track_file.read_bytes() == before


def test_a_saved_track_is_judged_again_without_its_video(posture_check, tmp_path):
    out = tmp_path / "轨迹.npz"
    first = json.loads(posture_check("check", BAD, "--json", "--track", out).out)
    assert len(load_tracks(out).tracks) == 1
    again = json.loads(posture_check("check", out, "--json").out)
    assert [(c["rule"], c["verdict"]) for c in again["checks"]] == [(c["rule"], c["verdict"]) for c in first["checks"]]


def test_a_damaged_track_is_bad_input(posture_check, tmp_path):
    (tmp_path / "a.npz").write_bytes(b"not a track")
    done = posture_check("check", tmp_path / "a.npz")
    assert done.code == 2
    assert "not a track file" in done.err


def test_a_saved_track_can_be_annotated_while_its_video_is_there(posture_check, track_file, tmp_path):
    done = posture_check("check", track_file, "--annotate", tmp_path / "a.png", "--lang", "zh")
    assert done.code in EXIT_CODES.values()
    assert Pillow.open(tmp_path / "a.png").size[1] == 900


def test_a_simulation_can_be_annotated(posture_check, tmp_path):
    done = posture_check("check", BAD, "--annotate", tmp_path / "a.png")
    assert done.code == 1
    assert done.out.endswith(f"wrote {tmp_path / 'a.png'}\n")
    assert Pillow.open(tmp_path / "a.png").size[0] > 1600


def test_a_folder_stands_for_the_recordings_in_it(posture_check, tmp_path):
    for name in ("1.jpg", "2.jpg"):
        (tmp_path / name).write_text("no picture")
    done = posture_check("check", tmp_path)
    assert done.code == 2
    assert [line.rpartition("1.jpg")[1] or line.rpartition("2.jpg")[1] for line in done.err.splitlines()] == [
        "1.jpg",
        "2.jpg",
    ]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_while_writing_leaves_no_file_and_no_traceback(tmp_path, number, code):
    out = tmp_path / "a.mp4"
    command = [
        sys.executable,
        "-m",
        "posture_check.cli",
        "check",
        f"{GOOD}?duration=60",
        "--annotate",
        str(out),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not any(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"Traceback" not in err
    assert not any(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_reader_that_leaves_early_does_not_change_the_verdict(option):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "posture_check.cli", "check", GOOD, *option]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
