from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats

from posture_check.errors import InputError
from posture_check.resources import rules_path
from posture_check.rules.loader import RuleBook, load_rules
from posture_check.rules.site import RuleChange
from tests.rules.files import ONE, written

HEAD = "version: 1\nname: 南站\n"


def at(folder: Path, rules: str, head: str = HEAD) -> RuleBook:
    path = folder / "site.yaml"
    path.write_text(head + rules, encoding="utf-8")
    return load_rules(None, str(path))


def refused(folder: Path, text: str, head: str = HEAD) -> str:
    with pytest.raises(InputError) as told:
        at(folder, text, head)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_site_changes_what_it_names_and_nothing_else(tmp_path):
    shipped = load_rules()
    book = at(tmp_path, "rules:\n  ST-02: {limit: {max: 5}}\n  ST-15: {enabled: false}\n")
    assert book.rule("ST-02").limit.limit().model_dump() == {"min": -3.2, "max": 5}
    assert not book.rule("ST-15").enabled
    changed = {old.id for old, new in zip(shipped.rules, book.rules, strict=True) if old != new}
    assert changed == {"ST-02", "ST-15"}
    assert book.choices == shipped.choices
    kept = shipped.rule("ST-02").model_dump(exclude={"limit", "basis"})
    assert book.rule("ST-02").model_dump(exclude={"limit", "basis"}) == kept


def test_a_limit_of_the_sites_own_is_said_to_be_so(tmp_path):
    book = at(tmp_path, "rules:\n  ST-07.opening: {limit: {min: 40}}\n  ST-15: {required: true}\n")
    assert load_rules().rule("ST-07.opening").basis == "documented"
    assert book.rule("ST-07.opening").basis == "site"
    assert book.rule("ST-15").basis == "house"


@settings(deadline=None, max_examples=10)
@given(low=floats(-20, 0), high=floats(1, 20))
def test_any_two_ends_of_a_limit_can_be_set(tmp_path_factory, low, high):
    book = at(tmp_path_factory.mktemp("site"), f"rules:\n  ST-02:\n    limit: {{min: {low!r}, max: {high!r}}}\n")
    assert book.rule("ST-02").limit.limit().model_dump() == {"min": low, "max": high}


def test_an_end_of_a_limit_can_be_taken_away_or_both_replaced(tmp_path):
    book = at(tmp_path, "rules:\n  ST-07.opening: {limit: {max: null}}\n  ST-02: {limit: {max_abs: 5}}\n")
    assert book.rule("ST-07.opening").limit.limit().model_dump() == {"min": 45, "max": None}
    assert book.rule("ST-02").limit.limit().model_dump() == {"min": -5, "max": 5}


def test_a_hold_keeps_what_the_site_does_not_name(tmp_path):
    before = load_rules().rule("ST-14.sway").hold
    after = at(tmp_path, "rules:\n  ST-14.sway: {hold: {seconds: 4}}\n").rule("ST-14.sway").hold
    assert (after.seconds, after.share) == (4, before.share)
    assert before.seconds != 4


def test_a_clause_stands_for_all_its_rules_and_a_rule_outranks_its_clause(tmp_path):
    book = at(tmp_path, "rules:\n  ST-03.fore: {required: true}\n  ST-03: {required: false}\n")
    assert book.rule("ST-03.side").required is False
    assert book.rule("ST-03.fore").required is True


def test_a_choice_can_have_another_default_and_an_option_can_be_switched_off(tmp_path):
    book = at(tmp_path, "choices:\n  feet: {default: ST-08}\nrules:\n  ST-07: {enabled: false}\n")
    assert next(choice for choice in book.choices if choice.id == "feet").default == "ST-08"
    assert not any(rule.enabled for rule in book.clause("ST-07"))


def test_the_fingerprint_is_of_both_files(tmp_path):
    first = at(tmp_path, "rules:\n  ST-02: {limit: {max: 5}}\n")
    again = at(tmp_path, "rules:\n  ST-02: {limit: {max: 5}}\n")
    other = at(tmp_path, "rules:\n  ST-02: {limit: {max: 6}}\n")
    assert first.sha256 == again.sha256
    assert len({first.sha256, other.sha256, load_rules().sha256}) == 3
    assert re.fullmatch(r"[0-9a-f]{64}", first.sha256)
    mine = written(tmp_path, ONE)
    assert load_rules(mine, str(tmp_path / "site.yaml")).sha256 != other.sha256


def test_a_bare_name_is_a_name_unless_a_file_of_it_lies_beside_the_rules(tmp_path):
    mine = written(tmp_path, ONE)
    book = load_rules(mine, "南站")
    assert (book.site, book.site_path, book.sha256) == ("南站", None, load_rules(mine).sha256)
    (tmp_path / "sites").mkdir()
    beside = tmp_path / "sites" / "nan.yaml"
    beside.write_text(HEAD + "rules:\n  ST-02: {enabled: false}\n", encoding="utf-8")
    book = load_rules(mine, "nan")
    assert (book.site, book.site_path) == ("南站", beside)
    assert not book.rule("ST-02").enabled
    for name in ("../sites/nan", "sites/nan", ".", "..", ""):
        assert load_rules(mine, name).site_path is None
    assert load_rules(mine).rule("ST-02").enabled


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("rules:\n  ST-2: {enabled: false}\n", 4, r"no rule 'ST-2': did you mean .*ST-02"),
        ("rules:\n  ST-02: {enable: false}\n", 4, r"ST-02\.enable: .*not permitted"),
        ("rules:\n  ST-02:\n    limit: {max: wide}\n", 5, r"ST-02\.limit\.max: .*number.*\(got 'wide'\)"),
        ("rules:\n  ST-02: {limit: {min: 9}}\n", 4, "ST-02: 'min' must be below 'max'"),
        ("rules:\n  ST-02: {limit: {min: null, max: null}}\n", 4, "ST-02: a limit needs"),
        ("rules:\n  ST-02: {measure: tilt}\n", 4, "ST-02: unknown measure 'tilt'; known: .*shoulder_tilt"),
        ("rules:\n  ST-03: {limit: {max: 4}}\n", 4, r"ST-03: .*name one of ST-03\.side, ST-03\.fore"),
        ("rules:\n  ST-02: {id: ST-03}\n", 4, r"ST-02\.id: .*not permitted"),
        ("rules:\n  ST-02: {views: []}\n", 4, r"ST-02\.views"),
        ("choices:\n  foot: {default: ST-08}\n", 4, "no choice 'foot': did you mean feet"),
        ("choices:\n  feet: {default: ST-10}\n", 4, "default 'ST-10' is not one of its options"),
        ("rules:\n  ST-09: {roles: [A]}\n", 3, "option ST-09 is for role B"),
        ("rules:\n- id: ST-02\n", 3, "this is a rules file"),
        ("colour: red\n", 3, "colour: .*not permitted"),
        ("rules: {ST-02: {enabled: false}\n", None, "not valid YAML"),
    ],
)
def test_an_error_is_told_with_file_and_line(tmp_path, text, line, said):
    message = refused(tmp_path, text)
    where = re.match(rf"{re.escape(str(tmp_path / 'site.yaml'))}:(\d+): ", message)
    assert where, message
    assert line is None or int(where.group(1)) == line, message
    assert re.search(said, message), message


def test_a_site_file_needs_its_head(tmp_path):
    assert "name" in refused(tmp_path, "rules: {}\n", "version: 1\n")
    assert "version" in refused(tmp_path, "rules: {}\n", "name: x\n")
    assert "expected 'version:', 'name:'" in refused(tmp_path, "", "")


def test_a_site_file_that_is_not_there_is_told_so(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read .*name an existing site file"):
        load_rules(None, str(tmp_path / "none.yaml"))


def test_a_site_adds_and_removes_no_rule(tmp_path):
    book = at(tmp_path, "rules:\n  ST-02: {enabled: false}\n")
    assert [rule.id for rule in book.rules] == [rule.id for rule in load_rules().rules]
    assert book.path == rules_path()


def test_the_example_of_the_documents_is_a_valid_site(tmp_path):
    told = (Path(__file__).parents[2] / "docs" / "sites.md").read_text(encoding="utf-8")
    example = told.split("```yaml\n")[1].split("```")[0]
    book = at(tmp_path, example, head="")
    assert book.site == "South station"
    assert book.rule("ST-02").limit.limit().model_dump() == {"min": -4, "max": 4}
    assert {rule.required for rule in book.clause("WA-09")} == {True}
    for field in re.findall(r"`(\w+)`", told.split("Only the fields that are named change:")[1].split(".")[0]):
        assert field in RuleChange.model_fields, field
