"""What is taken from the labels, and what is left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.footage import FAMILIES, Case, all_cases
from posture_check.errors import InputError


def _write(path: Path, *records: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def _photo(name: str, **fields: Any) -> dict[str, Any]:
    return {"path": f"../photos/{name}.jpg", "view": "front", "stance": "standing", "hands_on_hips": 0,
            "arms_crossed": False, "hands_in_pockets": 0, "unsure": []} | fields  # fmt: skip


def _record(name: str, **fields: Any) -> dict[str, Any]:
    return {"path": name, "kind": "image", "view": "front", "people": 1, "full_body": True,
            "posture": ["standing"], "labels": {}, "note": ""} | fields  # fmt: skip


def _cases(tmp_path: Path) -> dict[str, Case]:
    return {Path(case.name).stem: case for case in all_cases(tmp_path)}


def test_photos_give_one_clause_per_sure_label(tmp_path: Path) -> None:
    names = ("both", "unsure", "walking", "side", "unsure_stance")
    _write(
        tmp_path / "posture" / "ccp_labels.jsonl",
        _photo("both", hands_on_hips=2, hands_in_pockets=1),
        _photo("unsure", unsure=["hands_in_pockets"]),
        _photo("walking", stance="walking"),
        _photo("side", view="side"),
        _photo("unsure_stance", unsure=["stance"]),
        _photo("not there"),
    )
    (tmp_path / "photos").mkdir()
    for name in names:
        (tmp_path / "photos" / f"{name}.jpg").touch()
    cases = _cases(tmp_path)
    assert set(cases) == set(names)
    assert cases["both"].labels == {"ST-10": "fail", "ST-11": "pass", "ST-12": "fail"}
    assert cases["unsure"].labels == {"ST-10": "pass", "ST-11": "pass"}
    assert all(cases[name].labels == {} for name in ("walking", "side", "unsure_stance"))
    assert cases["both"].name == "photos/both.jpg"


def test_whoever_cannot_stand_well_in_a_file_must_not_pass(tmp_path: Path) -> None:
    records = {
        "empty": _record("empty.jpg", people=0),
        "drawn": _record("drawn.mp4", kind="video", people=0, note="CARTOON figure"),
        "behind": _record("behind.jpg", view="back"),
        "bust": _record("bust.jpg", full_body=False),
        "sits": _record("sits.jpg", posture=["sitting"]),
        "skates": _record("skates.jpg", posture=["skating"]),
        "stands": _record("stands.jpg", labels={"hands_on_hips": True, "arms_crossed": False}),
        "leans": _record("leans.jpg", labels={"leaning_on_wall": True, "hands_in_pockets": "left person"}),
    }
    _write(tmp_path / "posture" / "manifest.jsonl", *records.values())
    for record in records.values():
        (tmp_path / "posture" / record["path"]).touch()
    cases = _cases(tmp_path)
    never = {name: case.must_not_pass for name, case in cases.items()}
    assert never == {
        "empty": "nobody to be seen",
        "drawn": "drawn, not a person",
        "behind": "seen from behind",
        "bust": "upper body only",
        "sits": None,
        "skates": "nothing that is judged (skating)",
        "stands": None,
        "leans": None,
    }
    assert cases["stands"].labels == {"ST-10": "fail", "ST-11": "pass"}
    assert cases["leans"].labels == {"ST-13": "fail"}
    assert cases["sits"].labels == {}
    assert cases["drawn"].family == "videos"


def test_no_footage_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--footage"):
        all_cases(tmp_path / "nowhere")


def test_the_real_footage_is_read(footage: Path) -> None:
    cases = all_cases(footage)
    names = [case.name for case in cases]
    assert len(set(names)) == len(names)
    assert {case.family for case in cases} == set(FAMILIES) - {"derived", "simulated"}
    rendered = [case for case in cases if case.rendered]
    assert all(case.camera and case.numbers and case.labels and case.yaw_deg is not None for case in rendered)
    assert all(case.truth and case.truth.exists() for case in rendered)
    positives = {
        clause: sum(c.labels.get(clause) == "fail" for c in cases if c.family == "photos-labelled")
        for clause in ("ST-10", "ST-11", "ST-12")
    }
    assert positives["ST-10"] >= 10
    assert positives["ST-11"] >= 2
    assert positives["ST-12"] >= 60
