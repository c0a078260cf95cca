"""Every clause of the standard that a camera can check has a rule, and every rule says where it comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posture_check.measures import MEASURES
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Text

DIGEST = Path(__file__).parents[3] / "shared" / "standard" / "STANDARD.md"

FAMILIES = {
    "ST": (15, "standing"),
    "SI": (13, "sitting"),
    "WA": (9, "walking"),
    "SQ": (4, "squatting"),
    "GE": (12, "gesture"),
    "FA": (2, "expression"),
    "HA": (7, "grooming"),
    "BE": (1, "grooming"),
    "MK": (1, "grooming"),
    "TI": (4, "grooming"),
    "SC": (1, "grooming"),
    "BD": (1, "grooming"),
    "SU": (4, "grooming"),
    "AC": (1, "grooming"),
    "SH": (1, "grooming"),
    "HY": (1, "grooming"),
}
"""How many clauses each family of the standard's digest has, numbered from 01, and the posture of its rules."""
CLAUSES = {f"{family}-{i:02d}" for family, (count, _) in FAMILIES.items() for i in range(1, count + 1)}
MANUAL: dict[str, str] = {
    "HA-07": "tidy is a matter of taste",
    "MK-01": "advice only in the standard's digest",
    "TI-04": "a clip is a few pixels",
    "SU-03": "a pen in a pocket and a shirt's tail are told by a person",
    "AC-01": "jewellery is too small",
    "HY-01": "hands and nails at close range",
}
"""Clauses of these families that are left to a person, each with why."""
ROLE_A_ONLY = {"HA-01", "HA-02", "HA-03", "HA-05", "BE-01", "TI-01", "TI-02", "TI-03", "TI-04"}
ROLE_B_ONLY = {"ST-09", "HA-04", "SC-01"}


def test_every_clause_has_a_rule_that_measures_something():
    measured = {rule.clause for rule in load_rules().rules if rule.measure}
    assert sorted(CLAUSES - measured - set(MANUAL)) == []


def test_a_clause_left_to_a_person_says_why_and_has_no_measure():
    assert set(MANUAL) <= CLAUSES
    assert all(MANUAL.values())
    assert not {rule.clause for rule in load_rules().rules if rule.measure} & set(MANUAL)
    assert not [rule.id for rule in load_rules().rules if rule.measure is None and rule.required]


@pytest.mark.skipif(not DIGEST.exists(), reason=f"the standard's digest is not at {DIGEST}")
def test_the_clauses_are_those_of_the_digest():
    told = set(re.findall(rf"^\| ((?:{'|'.join(FAMILIES)})-\d\d) \|", DIGEST.read_text(encoding="utf-8"), re.MULTILINE))
    assert told == CLAUSES


def test_no_rule_is_of_a_clause_that_there_is_not():
    families = {rule.clause for rule in load_rules().rules if rule.clause[:2] in FAMILIES}
    assert sorted(families - CLAUSES) == []


def test_every_clause_applies_to_both_roles():
    for role in ("A", "B"):
        has = {rule.clause for rule in load_rules().rules if role in rule.roles}
        assert sorted(CLAUSES - has) == sorted(ROLE_B_ONLY if role == "A" else ROLE_A_ONLY)


def test_every_rule_is_of_the_posture_of_its_family():
    for rule in load_rules().rules:
        if rule.clause[:2] in FAMILIES:
            assert rule.posture == FAMILIES[rule.clause[:2]][1], rule.id


@pytest.mark.parametrize("rule", load_rules().rules, ids=lambda rule: rule.id)
def test_every_rule_says_where_it_comes_from_and_what_it_asks(rule):
    assert rule.basis in ("documented", "house"), "the site's basis is for site files"
    assert rule.source.section.strip()
    said = [rule.title]
    for wording in (rule.wrong, rule.fix):
        said += [wording] if isinstance(wording, Text) else [wording.low, wording.high]
    for text in said:
        assert re.search(r"[\u4e00-\u9fff]", text.zh), text.zh
        assert re.search(r"[A-Za-z]{3}", text.en), text.en
        assert not re.search(r"[\u4e00-\u9fff]", text.en), text.en


def test_every_measure_serves_a_rule_and_every_rule_has_its_measure():
    used = {name for rule in load_rules().rules for name in (rule.measure, *rule.figures) if name}
    assert sorted(used - set(MEASURES)) == []
    assert sorted(set(MEASURES) - used) == []


def test_every_measure_says_what_it_is_in_which_unit():
    for name, measure in MEASURES.items():
        assert (measure.function.__doc__ or "").strip(), name
        assert measure.unit, name


def test_rules_stand_in_the_order_of_the_standard():
    order = list(dict.fromkeys(rule.clause[:2] for rule in load_rules().rules))
    assert order == [family for family in FAMILIES if family in order]
