import hashlib
import re

import pytest

from posture_check.errors import InputError
from posture_check.resources import rules_path
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Text
from tests.rules.files import ONE, TWO, written


def test_the_shipped_rules_hold_every_standing_clause_for_both_roles():
    book = load_rules()
    for role in ("A", "B"):
        clauses = {rule.clause for rule in book.rules if role in rule.roles and rule.posture == "standing"}
        wanted = {f"ST-{i:02d}" for i in range(1, 16)} - ({"ST-09"} if role == "A" else set())
        assert wanted <= clauses


def test_every_shipped_rule_with_two_ends_says_what_to_do_on_each_side():
    for rule in load_rules().rules:
        if rule.limit is not None and rule.limit.max_abs is not None:
            assert isinstance(rule.fix, Text) == isinstance(rule.wrong, Text), rule.id


def test_a_book_carries_the_fingerprint_of_its_file(tmp_path):
    path = written(tmp_path, ONE)
    book = load_rules(path)
    assert book.sha256 == hashlib.sha256(ONE.encode()).hexdigest()
    assert book.path == path
    assert load_rules().sha256 == hashlib.sha256(rules_path().read_bytes()).hexdigest()


def test_a_changed_file_is_read_anew(tmp_path):
    path = written(tmp_path, ONE)
    assert load_rules(path).rule("ST-02").limit.max_abs == 3.2
    written(tmp_path, ONE.replace("3.2", "4.5"))
    assert load_rules(path).rule("ST-02").limit.max_abs == 4.5


def test_rules_are_found_by_id_and_by_clause_in_any_case(tmp_path):
    book = load_rules()
    assert book.rule("ST-03.side").measure == "trunk_lean_side"
    assert {rule.id for rule in book.clause("st-03")} == {"ST-03.side", "ST-03.fore"}
    assert [rule.id for rule in book.clause("st-03.SIDE")] == ["ST-03.side"]
    for ask in (book.rule, book.clause):
        with pytest.raises(InputError, match=r"rules\.yaml: no .*ST-77.*rules list"):
            ask("ST-77")


LIMIT = "    limit: {max_abs: 3.2}\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (ONE.replace("3.2", "-3.2"), 9, r"ST-02: limit\.max_abs: .*greater than 0 \(got -3\.2\)"),
        (ONE.replace("3.2", "wide"), 9, r"ST-02: limit\.max_abs: .*number.*\(got 'wide'\)"),
        (ONE.replace(LIMIT, "    limit: {min: 5, max: 4}\n"), 9, "ST-02: limit: 'min' must be below 'max'"),
        (ONE.replace(LIMIT, ""), 3, "ST-02: 'measure' and 'limit' go together"),
        (ONE.replace("basis: house", "basis: house\n    colour: red"), 8, r"ST-02: colour: .*not permitted"),
        (ONE.replace("basis: house\n", "basis: felt\n"), 7, "ST-02: basis"),
        (ONE.replace("shoulder_tilt", "tilt"), 8, "ST-02: unknown measure 'tilt'; known: .*shoulder_tilt"),
        (ONE.replace("ST-02", "2"), 3, "id: "),
        (TWO.replace("ST-03", "ST-02"), 12, "rule ids must be unique: ST-02"),
        (TWO.replace("max_abs: 3.2", "max_abs: -1"), 9, r"\(and \d more\)"),
        ("version: 1\n", 1, "rules"),
        (ONE.replace("version: 1", "version: 7"), 1, "version"),
        ("- a\n- b\n", 1, "expected 'version:' and 'rules:'"),
        ("", 1, "expected 'version:' and 'rules:'"),
        (ONE.replace("{max_abs: 3.2}", "{max_abs: 3.2"), 10, "not valid YAML"),
        (ONE + "  - id: [\n", None, "not valid YAML"),
        (ONE.replace("    basis: house", "    basis: house\n    basis: house"), 8, "not valid YAML: .*duplicate key"),
        (ONE.replace("    measure", "\tmeasure"), 8, "not valid YAML"),
    ],
)
def test_an_error_is_told_with_file_and_line(tmp_path, text, line, said):
    path = written(tmp_path, text)
    with pytest.raises(InputError) as told:
        load_rules(path)
    message = str(told.value)
    where = re.match(rf"{re.escape(str(path))}:(\d+): ", message)
    assert where, message
    assert line is None or int(where.group(1)) == line, message
    assert re.search(said, message), message
    assert "\n" not in message


def test_a_file_that_is_not_text_is_told_so(tmp_path):
    with pytest.raises(InputError, match="not UTF-8 text: save it as UTF-8"):
        load_rules(written(tmp_path, ONE.encode("utf-16")))
    with pytest.raises(InputError, match="not UTF-8 text"):
        load_rules(written(tmp_path, ONE.encode("gb18030")))


def test_a_file_that_is_not_there_is_told_so(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read .*name an existing rules file"):
        load_rules(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        load_rules(tmp_path)


def test_control_characters_are_told_in_one_line(tmp_path):
    with pytest.raises(InputError, match=r"yaml:7: not valid YAML: character U\+0000") as told:
        load_rules(written(tmp_path, ONE.replace("house", "ho\x00use")))
    assert "\n" not in str(told.value)
