import pytest
from hypothesis import given
from hypothesis.strategies import floats
from pydantic import ValidationError

from posture_check.rules.result import Limit, Reason, Verdict
from posture_check.rules.schema import Band, Choice, Rule, RuleFile

RULE = {
    "id": "ST-02",
    "posture": "standing",
    "title": {"zh": "双肩端平", "en": "Shoulders level"},
    "source": {"document": "S1", "section": "2"},
    "basis": "house",
    "measure": "shoulder_tilt",
    "limit": {"max_abs": 3.2},
    "wrong": {"zh": "不平", "en": "not level"},
    "fix": {"zh": "放平", "en": "level them"},
}
CHOICE = {
    "id": "feet",
    "posture": "standing",
    "title": {"zh": "脚位", "en": "Feet"},
    "default": "ST-07",
    "options": [{"id": "ST-07", "rules": ["ST-07"]}, {"id": "ST-08", "rules": ["ST-08"]}],
}
FILE = {"version": 1, "rules": [RULE | {"id": i} for i in ("ST-02", "ST-07", "ST-08")], "choices": [CHOICE]}


@given(size=floats(0.01, 1e3))
def test_a_magnitude_is_permitted_on_both_sides(size):
    assert Band(max_abs=size).limit() == Limit(min=-size, max=size)


@given(low=floats(-1e3, 1e3), width=floats(0.1, 1e3))
def test_ends_are_kept_as_written(low, width):
    assert Band(min=low).limit() == Limit(min=low)
    assert Band(min=low, max=low + width).limit() == Limit(min=low, max=low + width)


@pytest.mark.parametrize(
    ("band", "said"),
    [
        ({}, "needs 'min', 'max' or 'max_abs'"),
        ({"max_abs": 3, "min": 1}, "not both"),
        ({"max_abs": -3.2}, "greater than 0"),
        ({"min": 5, "max": 5}, "below"),
        ({"min": 6, "max": 5}, "below"),
        ({"max": "wide"}, "number"),
    ],
)
def test_a_band_that_permits_nothing_sensible_is_refused(band, said):
    with pytest.raises(ValidationError, match=said):
        Band.model_validate(band)


@pytest.mark.parametrize("missing", sorted(set(RULE) - {"measure", "limit"}))
def test_a_rule_says_all_that_a_reader_needs(missing):
    with pytest.raises(ValidationError, match=missing):
        Rule.model_validate({k: v for k, v in RULE.items() if k != missing})


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"id": "ST-2"},
        {"id": "st-02"},
        {"posture": "flying"},
        {"roles": []},
        {"roles": ["C"]},
        {"basis": "felt"},
        {"views": ["above"]},
        {"hold": {"seconds": -1}},
        {"hold": {"share": 0}},
        {"hold": {"share": 1.2}},
        {"required": "sometimes"},
        {"title": {"en": "only one language"}},
        {"title": {"zh": "", "en": "empty"}},
        {"fix": {"zh": "只有中文"}},
        {"source": {"document": "S9", "section": "1"}},
    ],
)
def test_a_rule_with_a_field_out_of_bounds_is_refused(change):
    with pytest.raises(ValidationError):
        Rule.model_validate(RULE | change)


@pytest.mark.parametrize("gone", ["measure", "limit"])
def test_a_measure_and_its_limit_go_together(gone):
    with pytest.raises(ValidationError, match="go together"):
        Rule.model_validate(RULE | {gone: None})
    manual = Rule.model_validate(RULE | {"measure": None, "limit": None})
    assert manual.measure is None


def test_the_clause_is_the_id_without_its_suffix():
    assert Rule.model_validate(RULE | {"id": "ST-03.side"}).clause == "ST-03"


def test_a_rule_cannot_be_changed_in_passing():
    with pytest.raises(ValidationError):
        Rule.model_validate(RULE).enabled = False


def test_doubled_ids_are_named():
    with pytest.raises(ValidationError, match="ST-02"):
        RuleFile.model_validate(FILE | {"rules": [RULE, RULE]})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"default": "ST-09"}, "ST-09"),
        ({"options": CHOICE["options"][:1]}, "at least 2"),
        ({"options": [*CHOICE["options"], {"id": "ST-09", "rules": ["ST-99"]}]}, "ST-99"),
        ({"options": [*CHOICE["options"], {"id": "ST-09", "rules": []}]}, "at least 1"),
    ],
)
def test_a_choice_between_what_is_not_there_is_refused(change, said):
    with pytest.raises(ValidationError, match=said):
        RuleFile.model_validate(FILE | {"choices": [CHOICE | change]})


def test_an_option_for_a_role_that_its_rules_do_not_apply_to_is_refused():
    rules = [RULE, RULE | {"id": "ST-07", "roles": ["A"]}, RULE | {"id": "ST-08"}]
    with pytest.raises(ValidationError, match=r"feet.*option ST-07 is for role B, ST-07 is not"):
        RuleFile.model_validate(FILE | {"rules": rules})
    only_a = [{"id": "ST-07", "rules": ["ST-07"], "roles": ["A"]}, CHOICE["options"][1]]
    assert RuleFile.model_validate(FILE | {"rules": rules, "choices": [CHOICE | {"options": only_a}]}).choices


def test_a_choice_is_between_whole_clauses():
    assert Choice.model_validate(CHOICE).options[0].roles == ("A", "B")


def test_verdicts_and_reasons_are_closed_lists():
    assert {v.value for v in Verdict} == {"pass", "fail", "borderline", "not_assessed", "incomplete"}
    assert {"no_person", "view", "out_of_frame", "occluded", "too_small", "too_short", "not_calibrated",
            "posture_not_seen", "manual", "switched_off"} <= {r.value for r in Reason}  # fmt: skip
