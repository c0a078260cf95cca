"""The grooming bench: figures of hand-made readings, promises, the report, held-out predictions and bad usage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench import grooming
from bench.grooming_cases import BY_NAME, Case
from bench.grooming_cost import Cost
from bench.grooming_figures import CROSS, IN_SAMPLE, UNSEEN, clause_verdict, findings
from bench.grooming_folds import Folds, family_of, load_folds
from bench.grooming_groups import SKIN, groups, thirds
from bench.grooming_promises import PROMISES, kept, over_all_views
from bench.grooming_read import Reading
from bench.grooming_sheet import sheets, write_sheets
from bench.grooming_subset import subset
from bench.grooming_write import markdown
from bench.limits import load_limits
from posture_check.errors import InputError
from posture_check.grooming.train.footage import RENDERED, Example, LandmarkCache
from posture_check.landmarks.findings import Finding, Mark
from posture_check.measures import MEASURES

from .conftest import make_check

NOTHING = Folds()


def example(name: str, family: str, folder: Path = Path()) -> Example:
    return Example(folder / f"{name}.png", f"grooming/{family}/{name}", family, {}, folder, LandmarkCache())


def reading(name: str, family: str, measure: str, finding: Finding | None, **case: Any) -> Reading:
    skin = case.pop("skin", None)
    checks = case.pop("checks", {})
    found = None if finding is None else {measure: finding}
    return Reading(Case(example(name, family), **case), found, checks, skin=skin)


def ties(family: str, *answers: tuple[bool, float | None]) -> list[Reading]:
    return [
        reading(f"{i}", family, "tie_worn", Finding(p, 0.2) if p is not None else None, answers={"tie": truth})
        for i, (truth, p) in enumerate(answers)
    ]


def test_a_family_that_trained_a_model_is_judged_by_the_predictions_on_people_left_out() -> None:
    readings = ties("congress", (True, 0.99), (False, 0.01))
    held = {"tie_worn": {"grooming/congress/0": 0.9, "grooming/congress/1": 0.8}}
    found = findings(readings, Folds(held))
    assert {row.how for row in found.rows} == {IN_SAMPLE, CROSS}
    assert found.figures["tie.congress.balanced"] == 0.5
    unseen = findings(readings, NOTHING)
    assert [row.how for row in unseen.rows] == [UNSEEN]
    assert unseen.figures["tie.congress.balanced"] == 1.0


def test_held_out_predictions_keep_the_products_gates_and_its_band() -> None:
    readings = [
        reading("0", "congress", "beard", Finding(0.9, 0.2), answers={"beard": True}),
        reading("1", "congress", "beard", Finding(reason="too_small"), answers={"beard": True}),
        reading("2", "congress", "beard", Finding(0.6, 0.2, "uncertain"), answers={"beard": True}),
    ]
    held = Folds({"beard": {f"grooming/congress/{i}": p for i, p in enumerate((0.65, 0.9, 0.9))}})
    row = findings(readings, held).row("beard", "congress")
    assert row is not None
    assert row.how == CROSS
    assert [(a.said, a.reason) for a in row.answers] == [(None, "uncertain"), (None, "too_small"), (True, None)]


def test_nobody_found_is_not_assessed() -> None:
    found = findings(ties("fr_parl", (True, 0.9), (True, None)), NOTHING)
    assert found.figures["tie.fr_parl.not_assessed"] == 0.5
    assert found.figures["people.not_found_share"] == 0.5


def test_open_collar_men_are_counted_by_themselves() -> None:
    readings = ties("fr_parl", (True, 0.9), (False, 0.1))
    men = {"answers": {"tie": False}, "traits": frozenset({"open-collar man"})}
    readings += [reading(f"m{i}", "fr_parl", "tie_worn", Finding(p, 0.2), **men) for i, p in enumerate((0.9, 0.1, 0.6))]
    assert findings(readings, NOTHING).figures["tie.fr_parl.open_collar"] == 0.5


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ({"worn": "pass", "side": "pass", "upright": "fail"}, ("fail", None)),
        ({"worn": "pass", "side": "borderline"}, ("borderline", None)),
        ({"worn": "pass", "side": ("not_assessed", "view")}, ("not_assessed", "view")),
        ({"worn": "pass", "side": ("not_assessed", "absent")}, ("pass", None)),
        ({"worn": "fail", "side": ("not_assessed", "absent")}, ("fail", None)),
        ({}, ("not_assessed", "no_person")),
    ],
)
def test_a_clause_is_as_good_as_its_worst_rule_that_had_something_to_judge(verdicts, expected) -> None:
    checks = {}
    for name, told in verdicts.items():
        verdict, reason = told if isinstance(told, tuple) else (told, None)
        fields = {"reason": reason} if reason else {}
        checks[f"BD-01.{name}"] = make_check(f"BD-01.{name}", verdict, **fields)
    assert clause_verdict("BD-01", checks) == expected


def still(name: str, verdict: str, offset: float = 0.3, front: bool = True) -> Reading:
    checks = {"TI-02": make_check("TI-02", verdict, **({"reason": "view"} if verdict == "not_assessed" else {}))}
    case = {"clauses": {"TI-02": "pass"}, "numbers": {"knot_offset": 0.0, "badge_side": -1.0}, "front": front}
    found = {"knot_offset": Finding(offset, 0.2), "badge_side": Finding(-8.0, 1.0)}
    row = Example(Path(name), f"{RENDERED}/{name}", RENDERED, {}, Path(), LandmarkCache())
    return Reading(Case(row, **case), found, checks)  # type: ignore[arg-type]


def test_rendered_stills_give_verdicts_and_errors_and_silence_counts_in_front_alone() -> None:
    readings = [
        still("a", "pass"),
        still("b", "fail"),
        still("c", "not_assessed"),
        still("d", "not_assessed", 0.9, False),
    ]
    found = findings(readings, NOTHING)
    found.figures |= over_all_views(found)
    assert found.figures["rendered.right_share"] == 0.5
    assert found.figures["rendered.front.not_assessed_share"] == pytest.approx(1 / 3)
    assert found.figures[f"{RENDERED}.knot_offset.front.median"] == pytest.approx(0.3)
    assert found.figures[f"{RENDERED}.knot_offset.within"] == pytest.approx(0.75)
    assert found.figures[f"{RENDERED}.badge_side.right"] == 1.0


def test_promises_are_met_missed_or_not_measured() -> None:
    found = findings(ties("fr_parl", *[(True, 0.9), (False, 0.1)] * 20, (False, 0.95)), NOTHING)
    told = {k.promise.figure: k for k in kept(found)}
    assert (told["tie.fr_parl.balanced"].met, told["tie.fr_parl.balanced"].n) == (True, 41)
    assert told["beard.congress.balanced"].met is None
    silent = findings(ties("fr_parl", (True, 0.9), (False, 0.1), (True, None)), NOTHING)
    assert {k.promise.figure: k.met for k in kept(silent)}["tie.fr_parl.not_assessed"] is False


def test_the_report_tells_counts_promises_and_groups() -> None:
    readings = [*ties("fr_parl", (True, 0.9), (False, 0.1), (False, 0.95)), still("a", "pass"), still("b", "fail")]
    text = markdown(findings(readings, NOTHING), Cost(4, 80.0, 20.0, {"beard": 5.0}, 9.4), ["a run"], {})
    assert f"of {len(PROMISES)} met" in text
    assert "| a necktie is worn | fr_parl | not trained on | 3 (1) | 1 | 1 | 1 | 0 |" in text
    assert "- tie, fr_parl, said wrongly: 2" in text
    assert "TI-02: b (fails wrongly)" in text
    assert "4.0 times the bare pose" in text
    assert "| all photos | 3 |" in text
    assert "in-sample" not in text.split("## Verdicts")[0].split("## Questions")[1].split("|", 1)[1]


def test_groups_hold_photos_alone_and_thirds_are_within_a_family() -> None:
    dark = [
        reading(f"d{i}", "fr_parl", "tie_worn", Finding(0.9, 0.2), answers={"tie": True}, skin=10.0 + i)
        for i in range(3)
    ]
    light = [
        reading(f"l{i}", "congress", "tie_worn", Finding(0.1, 0.2), answers={"tie": True}, skin=70.0 + i)
        for i in range(3)
    ]
    assert thirds([*dark, *light]) == [*SKIN, *SKIN]
    assert thirds([reading("n", "ccp", "tie_worn", None)]) == [""]
    rows = {g.name: g for g in groups(findings([*dark, *light, still("a", "pass")], NOTHING))}
    assert rows["all photos"].photos == 6
    assert (rows[SKIN[0]].counts["tie"].tp, rows[SKIN[0]].counts["tie"].fn) == (1, 1)


def test_tables_of_held_out_predictions_are_read_by_the_measures_name(tmp_path: Path) -> None:
    (tmp_path / "neckwear.cv.csv").write_text("path,label,tie_worn,bow_worn\ngrooming/congress/a.jpg,tie,0.9,\n")
    (tmp_path / "beard.cv.csv").write_text(f"path,label,probability\ncongress/b.jpg,1,0.25\n{RENDERED}/c.jpg,0,0.1\n")
    (tmp_path / "limbs.cv.csv").write_text(
        "path,part,side,found\ngrooming/ccp/1.jpg,forearm,0,0.1\ngrooming/ccp/1.jpg,forearm,1,0.4\n"
    )
    (tmp_path / "hair.cv.csv").write_text("path,iou\ngrooming/ccp/1.jpg,0.8\n")
    folds = load_folds(tmp_path)
    assert folds.probability("tie_worn", "grooming/congress/a.jpg") == 0.9
    assert folds.probability("bow_worn", "grooming/congress/a.jpg") is None
    assert folds.probability("beard", "grooming/congress/b.jpg") == 0.25
    assert folds.trained_on("beard", RENDERED)
    assert not folds.trained_on("beard", "ccp")
    assert folds.probability("forearm_bare", "grooming/ccp/1.jpg") == 0.4
    assert folds.hair_iou("grooming/ccp/1.jpg") == 0.8
    assert family_of("grooming/ccp/1.jpg") == "ccp"


@pytest.mark.parametrize(
    ("text", "told"), [("label,probability\n1,0.5\n", "no 'path'"), ("path,probability\na,yes\n", "'yes' is no number")]
)
def test_a_table_that_makes_no_sense_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "beard.cv.csv").write_text(text)
    with pytest.raises(InputError, match=f"beard.cv.csv:2: .*{told}"):
        load_folds(tmp_path)


def test_sheets_hold_the_failures_with_their_regions(tmp_path: Path) -> None:
    import cv2

    cv2.imwrite(str(tmp_path / "x.png"), np.full((200, 100, 3), 90, np.uint8))
    marks = (Mark("area", ((10.0, 20.0), (60.0, 20.0), (60.0, 90.0))), Mark("point", ((30.0, 50.0),), "reference"))
    wrong = Reading(
        Case(example("x", "fr_parl", tmp_path), answers={"tie": False}), {"tie_worn": Finding(0.9, 0.1, marks=marks)}
    )
    found = findings([wrong], NOTHING)
    assert list(sheets(found)) == ["tie fr_parl not trained on false yes"]
    (written,) = write_sheets(found, tmp_path / "sheets")
    picture = cv2.imread(str(written))
    assert picture.std() > 5
    drawn = (np.abs(picture.astype(int) - picture.mean(axis=2, keepdims=True)).max(axis=2) > 60).sum()
    assert drawn > 50


def test_the_subset_and_the_limits_name_what_exists(footage: Path) -> None:
    cases = grooming.all_cases(footage)
    chosen = grooming.choose(cases, None, grooming._subset())
    assert {case.name for case in chosen} == set(subset(cases))
    assert 120 <= len(chosen) <= 180
    assert {case.family for case in chosen} == set(grooming.FAMILIES)
    for scope in ("full", "subset"):
        for name in load_limits(grooming.HERE / "grooming_limits.toml", scope):
            first, second, *_ = name.split(".")
            assert first in {"hair", "rendered", "cost", "people", RENDERED} or first in BY_NAME, name
            assert first != RENDERED or second in MEASURES


def test_bad_usage_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grooming.main(["--footage", str(tmp_path)]) == 2
    assert grooming.main(["--check", "--only", "ccp"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 2
    assert "no footage" in said


def test_a_picture_of_the_subset_that_is_gone_is_told() -> None:
    with pytest.raises(InputError, match=r"not in the footage: grooming/ccp/gone\.jpg"):
        grooming.choose([], None, ["grooming/ccp/gone.jpg"])
