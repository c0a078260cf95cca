import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.reports.wording import (
    REASON_WORDS,
    SIGNS,
    VERDICT_WORDS,
    advice,
    alternatives_text,
    fit_encoding,
    language,
    limit_text,
    posture_word,
    reason_text,
    title,
    value_text,
)
from posture_check.rules.result import Limit, Reason, Text, Verdict
from tests.reports.make import make_check


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
    ],
)
def test_language_follows_the_environment_with_lc_all_first(environment, expected):
    assert language(None, environment) == expected


def test_the_chosen_language_outranks_the_environment():
    assert language("en", {"LC_ALL": "zh_CN.UTF-8"}) == "en"
    assert language("zh", {"LC_ALL": "en_US.UTF-8"}) == "zh"


def test_every_verdict_and_reason_of_the_contract_has_words_and_verdicts_differ_in_sign():
    assert set(VERDICT_WORDS) == set(Verdict) == set(SIGNS)
    assert set(REASON_WORDS) == set(Reason)
    of_checks = [v for v in Verdict if v is not Verdict.INCOMPLETE]
    assert len({SIGNS[v] for v in of_checks}) == len(of_checks)


@pytest.mark.parametrize(
    ("value", "error", "unit", "expected"),
    [
        (62.34, 4.02, "deg", "62.3 ± 4.0°"),
        (5.128, 0.21, "deg", "5.13 ± 0.21°"),
        (174.2, 12.0, "deg", "174 ± 12°"),
        (-3.14, 0.5, "deg", "−3.1 ± 0.5°"),
        (1.234, None, "cm", "1.23 cm"),
        (0.98, 0.02, "ratio", "0.980 ± 0.020"),
        (0.256, None, "share", "25.6%"),
        (-0.004, 0.4, "cm", "0.0 ± 0.4 cm"),
        (math.nan, 0.4, "cm", ""),
        (None, None, "cm", ""),
    ],
)
def test_values_show_the_decimals_that_their_error_leaves(value, error, unit, expected):
    assert value_text(make_check(value=value, error=error, unit=unit), "en") == expected


def test_a_value_can_be_written_without_its_error_but_with_the_same_decimals():
    check = make_check(value=62.34, error=4.02, unit="deg")
    assert value_text(check, "en", error=False) == "62.3°"


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e3))
def test_the_value_as_written_is_within_its_error_of_the_value(value, error):
    text = value_text(make_check(value=value, error=error, unit="ratio"), "en")
    written = float(text.split(" ± ")[0].replace("−", "-"))
    assert abs(written - value) <= 0.5 * max(error, 1e-3)


@pytest.mark.parametrize(
    ("limit", "unit", "expected"),
    [
        (Limit(max=4), "cm", "≤ 4 cm"),
        (Limit(min=164), "deg", "≥ 164°"),
        (Limit(min=45, max=75), "deg", "45–75°"),
        (Limit(min=-3.2, max=3.2), "deg", "± 3.2°"),
        (Limit(min=-6.5, max=16), "deg", "−6.5 … 16°"),
        (Limit(), "deg", ""),
        (None, "deg", ""),
    ],
)
def test_limits_are_short_and_open_ends_are_inequalities(limit, unit, expected):
    assert limit_text(limit, unit, "en") == expected


def test_a_title_names_the_side_of_its_rule_once():
    assert title(make_check("ST-05.left"), "en") == "Shoulders level, left"
    assert title(make_check("ST-05.left"), "zh") == "双肩端平（左）"
    said = Text(zh="左腿伸直", en="Left leg straight")
    assert title(make_check("ST-05.left", title=said), "en") == "Left leg straight"
    assert title(make_check("ST-05.left", title=said), "zh") == "左腿伸直"
    assert title(make_check("ST-01.pitch"), "en") == "Shoulders level"


def test_a_check_that_does_not_count_says_so():
    assert title(make_check(required=False), "en").endswith("advice")
    assert "建议" in title(make_check(required=False), "zh")
    unseen = make_check(verdict=Verdict.NOT_ASSESSED, reason=Reason.VIEW, required=False)
    assert title(unseen, "en") == "Shoulders level"


def test_advice_is_the_fix_of_what_is_wrong_and_the_reason_of_what_was_not_seen():
    fix, hint = Text(zh="请放平左肩", en="Lower it"), Text(zh="请侧身", en="turn side-on")
    assert advice(make_check(verdict=Verdict.FAIL, fix=fix), "zh") == "请放平左肩"
    assert advice(make_check(verdict=Verdict.BORDERLINE, fix=fix), "en") == "Lower it"
    assert advice(make_check(verdict=Verdict.PASS, fix=fix), "en") == ""
    unseen = make_check(verdict=Verdict.NOT_ASSESSED, reason=Reason.VIEW, hint=hint, fix=fix)
    assert advice(unseen, "en") == "turn side-on"
    assert reason_text(unseen, "zh") == "请侧身"
    assert reason_text(make_check(verdict=Verdict.NOT_ASSESSED, reason=Reason.VIEW), "zh") == "拍摄角度不合适"


def test_alternatives_carry_their_signs_and_leave_the_clause_itself_out():
    check = make_check(
        "ST-07", alternatives={"ST-07": Verdict.PASS, "ST-08": Verdict.FAIL, "ST-09": Verdict.BORDERLINE}
    )
    assert alternatives_text(check) == "ST-08 ✗  ST-09 ~"
    assert alternatives_text(make_check()) == ""


def test_an_unknown_posture_is_called_by_its_name():
    assert posture_word("standing", "zh") == "站姿"
    assert posture_word("juggling", "zh") == "juggling"


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252", "utf-8"])
@given(text=st.text(alphabet="✓✗~–±°≥≤·…−双肩端平abc 012"))
def test_whatever_is_written_fits_the_encoding_of_the_terminal(encoding, text):
    fit_encoding(text, encoding).encode(encoding)


def test_signs_stay_apart_in_every_encoding():
    for encoding in ("ascii", "gbk", "utf-8"):
        assert len(set(fit_encoding("✓ ✗ ~ –", encoding).split())) == 4
    assert fit_encoding("✓ 双肩", "gbk") == "√ 双肩"
