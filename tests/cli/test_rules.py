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
