"""What a person is exempt from is neither judged nor held against them."""

from __future__ import annotations

import pytest

from posture_check.errors import InputError
from posture_check.pipeline import Options, judge
from posture_check.rules.exempt import validate_exemptions
from posture_check.rules.loader import load_rules
from posture_check.rules.result import Reason, Result, Verdict
from posture_check.simulate.source import simulated_tracks


def judged(*exempt: str) -> Result:
    found = simulated_tracks("simulate:shoulder_tilt")[0]
    return judge(found, Options(posture=("standing",), exempt=exempt))


def test_an_exemption_takes_a_failure_out_of_the_verdict_and_leaves_it_on_the_list():
    plain, excused = judged(), judged("ST-02")
    assert plain.verdict is Verdict.FAIL
    assert excused.verdict is not Verdict.FAIL
    assert [check.rule for check in plain.checks] == [check.rule for check in excused.checks]
    check = next(check for check in excused.checks if check.clause == "ST-02")
    assert (check.verdict, check.reason, check.required, check.value) == (
        Verdict.NOT_ASSESSED, Reason.EXEMPT, False, None,
    )  # fmt: skip
    assert excused.settings.exempt == ["ST-02"]


def test_a_chapter_covers_its_clauses_and_no_other():
    excused = {check.clause for check in judged("ST").checks if check.reason is Reason.EXEMPT}
    assert excused == {check.clause for check in judged().checks}
    with pytest.raises(InputError, match="--exempt ST-1: no such rule"):
        validate_exemptions(load_rules(), ["ST-1"])


@pytest.mark.parametrize("name", ["XX", "ST-99", "", "HA-"])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(InputError, match="--exempt"):
        validate_exemptions(load_rules(), [name])


@pytest.mark.parametrize("name", ["ha", "HA-04", "BD-01.worn", "be-01"])
def test_rules_clauses_and_chapters_are_known_in_either_case(name):
    validate_exemptions(load_rules(), [name])
