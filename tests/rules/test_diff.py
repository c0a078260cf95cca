from __future__ import annotations

import pytest

from posture_check.errors import InputError
from posture_check.rules.diff import as_document, difference, two_books
from posture_check.rules.loader import load_rules
from tests.rules.files import ONE, TWO, changed, written


def test_rules_do_not_differ_from_themselves():
    assert difference(load_rules(), load_rules()) == []
    assert as_document(load_rules(), load_rules())["same"] is True


def test_a_change_is_told_field_by_field_with_both_values(tmp_path):
    book = load_rules()
    other = changed(book, "ST-05", enabled=False, views=("left",))
    (change,) = difference(book, other)
    assert (change.what, change.id, change.kind) == ("rule", "ST-05", "changed")
    assert change.fields == {"enabled": (True, False), "views": (" ".join(book.rule("ST-05").views), "left")}
    (back,) = difference(other, book)
    assert back.fields["enabled"] == (False, True)


def test_a_limit_is_compared_by_what_it_permits_not_by_how_it_is_written(tmp_path):
    one = load_rules(written(tmp_path, ONE))
    (tmp_path / "b").mkdir()
    same = load_rules(written(tmp_path / "b", ONE.replace("max_abs: 3.2", "min: -3.2, max: 3.2")))
    assert difference(one, same) == []
    wider = load_rules(written(tmp_path / "b", ONE.replace("max_abs: 3.2", "min: -3.2, max: 4")))
    assert difference(one, wider)[0].fields == {"limit.max": (3.2, 4)}


def test_added_removed_and_reordered_rules(tmp_path):
    one = load_rules(written(tmp_path, ONE))
    (tmp_path / "b").mkdir()
    two = load_rules(written(tmp_path / "b", TWO))
    assert [(c.id, c.kind) for c in difference(one, two)] == [("ST-03", "added")]
    assert [(c.id, c.kind) for c in difference(two, one)] == [("ST-03", "removed")]
    head, first, second = TWO.partition("rules:\n")[0] + "rules:\n", *TWO.split("rules:\n")[1].split("  - id")[1:]
    (tmp_path / "c").mkdir()
    turned = load_rules(written(tmp_path / "c", f"{head}  - id{second}  - id{first}"))
    assert difference(two, turned) == []


def test_choices_are_compared_too():
    book = load_rules()
    feet = next(choice for choice in book.choices if choice.id == "feet")
    fewer = feet.model_copy(update={"default": "ST-08", "options": feet.options[:3]})
    choices = tuple(fewer if choice is feet else choice for choice in book.choices)
    (change,) = difference(book, type(book)(book.rules, choices, book.sha256, book.path))
    assert (change.what, change.id) == ("choice", "feet")
    assert change.fields["default"] == ("ST-07", "ST-08")
    assert change.fields["options.ST-09.rules"] == ("ST-09", None)


def test_which_two_are_compared(tmp_path):
    mine = written(tmp_path, ONE)
    site = tmp_path / "s.yaml"
    site.write_text("version: 1\nname: S\nrules:\n  ST-02: {enabled: false}\n", encoding="utf-8")
    shipped = load_rules().path
    for first, second, at, wanted in (
        (mine, None, "default", [(shipped, None), (mine, None)]),
        (mine, mine, "default", [(mine, None), (mine, None)]),
        (site, None, "default", [(shipped, None), (shipped, site)]),
        (mine, site, "default", [(mine, None), (mine, site)]),
        (site, mine, "default", [(mine, site), (mine, None)]),
        (None, None, str(site), [(shipped, None), (shipped, site)]),
        (mine, None, str(site), [(shipped, site), (mine, site)]),
    ):
        assert [(book.path, book.site_path) for book in two_books(first, second, at)] == wanted
    with pytest.raises(InputError, match="nothing to compare"):
        two_books(None, None, "default")
    with pytest.raises(InputError, match="leave out --site"):
        two_books(site, None, str(site))
    with pytest.raises(InputError, match="cannot be read"):
        two_books(tmp_path / "none.yaml", None, "default")
