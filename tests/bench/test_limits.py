"""The bench can fail: a worsened figure, a lost figure and a wrong limits file are all noticed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bench import accuracy
from bench.families import LABELLED, SETTINGS
from bench.figures import findings
from bench.limits import load_limits, regressions
from bench.real import DEMO4, SQUATS
from bench.write import markdown
from posture_check.errors import InputError

from .conftest import MakeOutcome, make_case, make_check

LIMITS = {"a.right": {"min": 0.95}, "a.median": {"max": 8.0}}


def test_figures_at_their_limit_hold() -> None:
    assert regressions({"a.right": 0.95, "a.median": 8.0, "other": 0.0}, LIMITS) == []


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"a.right": 0.949, "a.median": 8.0}, "a.right: 0.949 is below 0.95"),
        ({"a.right": 1.0, "a.median": 8.01}, "a.median: 8.010 is above 8"),
        ({"a.right": None, "a.median": 1.0}, "a.right: not measured in this run"),
        ({"a.right": 1.0}, "a.median: not measured in this run"),
    ],
)
def test_a_worse_or_lost_figure_is_a_regression(figures: dict[str, float | None], said: str) -> None:
    assert regressions(figures, LIMITS) == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[full]\n", r"no table \[subset\]"),
        ("[subset]\n'x' = { mim = 1.0 }\n", "x: give 'min', 'max' or both"),
        ("[subset\n", "not valid TOML"),
    ],
)
def test_a_wrong_limits_file_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "limits.toml").write_text(text)
    with pytest.raises(InputError, match=said):
        load_limits(tmp_path / "limits.toml", "subset")


def test_the_shipped_limits_name_figures_that_exist(make_outcome: MakeOutcome, tmp_path: Path) -> None:
    joints = {f"{side}_shoulder": [[0, 1.4, 0], [0, 0.9, 0]] for side in ("left", "right")}
    with gzip.open(tmp_path / "truth.json.gz", "wt") as file:
        json.dump({"joints_3d": joints}, file)
    stands = make_case(labels={"ST-02": "pass"}, numbers={"shoulder_tilt_deg": 0.0}, yaw_deg=0)
    others = [make_case(f, f, truth=tmp_path / "truth.json.gz", scenario="gest_bow") for f in LABELLED]
    real = [make_case(f, f, labels={"ST-10": "pass", "ST-11": "pass", "ST-12": "pass"}, must_not_pass="x")
            for f in ("photos-labelled", "photos", "videos")]  # fmt: skip
    facts = [make_case(name, "videos") for name in (DEMO4, SQUATS)]
    scene = make_case("simulate:a", "simulated", labels={"ST-02": "pass"}, yaw_deg=0)
    cases = (stands, *others, *real, *facts, scene)
    outcomes = [make_outcome(case, setting=setting) for setting in SETTINGS for case in cases]
    names = set(findings(outcomes).figures)
    for scope in ("full", "subset"):
        limits = load_limits(accuracy.HERE / "limits.toml", scope)
        assert limits
        assert set(limits) <= names


def test_worse_verdicts_make_worse_figures(make_outcome: MakeOutcome) -> None:
    case = make_case(labels={"ST-02": "fail"}, numbers={"shoulder_tilt_deg": 5.0}, yaw_deg=0)
    good = findings([make_outcome(case, make_check("ST-02", "fail", value=5.2, error=0.5))])
    bad = findings([make_outcome(case, make_check("ST-02", "pass", value=0.2, error=0.5))])
    limits = {"rendered.none.ST-02.right_share": {"min": 0.9}, "measure.none.ST-02.median": {"max": 1.0}}
    assert regressions(good.figures, limits) == []
    assert len(regressions(bad.figures, limits)) == 2
    assert "| ST-02 | 1 (1) | 1.00 (1/1) |" in markdown(good, [], {})
    text = markdown(bad, ["a run"], limits)
    assert "Wrong verdicts: ST-02: a.mp4" in text
    assert "| rendered.none.ST-02.right_share | 0.000 | min 0.9 | **no** |" in text


def _footage(folder: Path) -> Path:
    """Make a footage folder with one file, which is not a picture."""
    (folder / "posture").mkdir(parents=True)
    (folder / "posture" / "nothing.jpg").write_bytes(b"")
    record = {"path": "nothing.jpg", "kind": "image", "view": "unknown", "people": 0, "full_body": False,
              "posture": [], "labels": {}, "note": "empty"}  # fmt: skip
    (folder / "posture" / "manifest.jsonl").write_text(json.dumps(record) + "\n")
    return folder


def test_check_fails_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accuracy, "simulated_cases", list)  # half a minute of people who do not matter here
    limits = tmp_path / "limits.toml"
    arguments = ["--footage", str(_footage(tmp_path / "footage")), "--tracks-cache", str(tmp_path / "tracks"),
                 "--workers", "1", "--limits", str(limits),
                 "--out", str(tmp_path / "R.md"), "--check"]  # fmt: skip
    limits.write_text("[full]\n'never.documents_passed' = { max = 0 }\n'errors.broken' = { max = 0 }\n")
    assert accuracy.main(arguments) == 0
    limits.write_text("[full]\n'never.documents_passed' = { max = -1 }\n")
    assert accuracy.main(arguments) == 1
    assert "regressed: never.documents_passed: 0.000 is above -1" in capsys.readouterr().err
    assert "nothing.jpg" in (tmp_path / "R.md").read_text("utf-8")


def test_bad_usage_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accuracy.main(["--footage", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
