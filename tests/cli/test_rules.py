import json
import re

import pytest

from posture_check.resources import rules_path
from posture_check.rules.loader import load_rules


def test_list_shows_every_rule_with_its_limit(posture_check):
    done = posture_check("rules", "list")
    assert done.code == 0
    assert all(rule.id in done.out for rule in load_rules().rules)
    assert "± 3.2°" in done.out
    assert "documented" in done.out


def test_explain_tells_source_limit_views_and_cure_of_every_rule_of_a_clause(posture_check):
    done = posture_check("rules", "explain", "ST-02")
    for words in ("Shoulders level", "S1", "± 3.2°", "our figure", "shoulder_tilt", "front"):
        assert words in done.out
    both = posture_check("rules", "explain", "st-03").out
    assert "ST-03.side" in both
    assert "ST-03.fore" in both
    assert "ST-03.fore" not in posture_check("rules", "explain", "ST-03.side").out


def test_explain_speaks_chinese(posture_check):
    assert "双肩端平" in posture_check("rules", "explain", "ST-02", "--lang", "zh").out


def test_every_clause_can_be_explained(posture_check):
    for clause in {rule.clause for rule in load_rules().rules}:
        assert posture_check("rules", "explain", clause).code == 0


def test_an_unknown_clause_is_bad_input(posture_check):
    done = posture_check("rules", "explain", "ST-99")
    assert done.code == 2
    assert "'posture-check rules list' shows them all" in done.err


def test_the_rules_that_ship_are_valid(posture_check):
    done = posture_check("rules", "validate")
    assert done.code == 0
    assert f"{len(load_rules().rules)} rules" in done.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("max_abs: 3.2", "max_abs: -3.2", "ST-02"),
        ("measure: shoulder_tilt", "measure: shoulder_tlit", "unknown measure 'shoulder_tlit'"),
        ("measure: shoulder_tilt", "mesure: shoulder_tilt", "ST-02"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(posture_check, tmp_path, old, new, said):
    text = rules_path().read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = posture_check("rules", "validate", file)
    assert done.code == 2
    assert said in done.err
    told = int(done.err.split("mine.yaml:")[1].split(":")[0])
    assert abs(told - line) <= 8


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "south.yaml"
    path.write_text(
        "version: 1\nname: South station\nrules:\n  ST-02: {limit: {max_abs: 5}}\n  ST-15: {enabled: false}\n",
        encoding="utf-8",
    )
    return path


def test_a_site_is_listed_explained_and_validated(posture_check, site):
    listed = posture_check("rules", "list", "--site", site).out
    assert "± 5°" in listed
    assert "(switched off)" in listed
    told = posture_check("rules", "explain", "ST-02", "--site", site).out
    assert "± 5°" in told
    assert "this site's own figure" in told
    assert "South station" in told
    assert "this site's own figure" not in posture_check("rules", "explain", "ST-02").out
    for command in (("rules", "validate", site), ("rules", "validate", "--site", site)):
        done = posture_check(*command)
        assert done.code == 0
        assert "site South station" in done.out


def test_the_list_is_in_order_of_postures(posture_check):
    out = posture_check("rules", "list").out
    rows = re.findall(r"^ (ST-\S+) ", out, re.MULTILINE)
    assert rows == [rule.id for rule in load_rules().rules if rule.posture == "standing"]
    assert "standing" in [line.strip() for line in out.splitlines()]
    assert "站姿" in [line.strip() for line in posture_check("rules", "list", "--lang", "zh").out.splitlines()]


def test_explain_says_on_what_a_rule_is_judged_and_what_is_measured(posture_check):
    out = posture_check("rules", "explain", "ST-02").out
    assert "judged on" in out
    assert "Tilt of the shoulder line" in out
    assert "评定时段" in posture_check("rules", "explain", "ST-02", "--lang", "zh").out


def test_diff_tells_same_different_and_bad_apart(posture_check, site, tmp_path):
    done = posture_check("rules", "diff", site)
    assert done.code == 1
    for words in ("ST-02", "limit.max", "3.2", "ST-15", "enabled", "false"):
        assert words in done.out
    mine = tmp_path / "mine.yaml"
    mine.write_bytes(rules_path().read_bytes())
    same = posture_check("rules", "diff", mine)
    assert (same.code, same.out) == (0, "no difference\n")
    assert posture_check("rules", "diff").code == 2
    assert posture_check("rules", "diff", tmp_path / "none.yaml").code == 2


def test_diff_as_json(posture_check, site):
    done = posture_check("rules", "diff", "--json", "--site", site)
    assert done.code == 1
    document = json.loads(done.out)
    assert document["same"] is False
    assert document["to"]["site"] == "South station"
    assert document["from"]["sha256"] != document["to"]["sha256"]
    changes = {change["rule"]: change for change in document["changes"]}
    assert changes["ST-02"]["fields"]["limit.max"] == {"from": 3.2, "to": 5}
    assert changes["ST-15"]["fields"] == {"enabled": {"from": True, "to": False}}
    assert json.loads(posture_check("rules", "diff", rules_path(), rules_path(), "--json").out)["changes"] == []


def test_a_check_carries_the_site_and_judges_by_its_rules(posture_check, site):
    usual = json.loads(posture_check("check", "simulate:shoulder_tilt", "--json", "--site", "South").out)
    assert usual["settings"]["site"] == "South"
    tolerant = site.with_name("tolerant.yaml")
    tolerant.write_text("version: 1\nname: T\nrules:\n  ST-02: {limit: {max_abs: 20}}\n", encoding="utf-8")
    done = json.loads(posture_check("check", "simulate:shoulder_tilt", "--json", "--site", tolerant).out)
    assert done["settings"]["site"] == "T"
    assert done["settings"]["rules_sha256"] != usual["settings"]["rules_sha256"]
    verdicts = [next(c["verdict"] for c in d["checks"] if c["rule"] == "ST-02") for d in (usual, done)]
    assert verdicts == ["fail", "pass"]
    bad = posture_check("check", "simulate:shoulder_tilt", "--site", site.with_name("none.yaml"))
    assert bad.code == 2
    assert "none.yaml: cannot be read" in bad.err
