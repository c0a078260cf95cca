"""Facts about real footage, held against what is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.real import DEMO4, SQUATS, facts
from posture_check.rules.result import Segment

from .conftest import MakeOutcome, make_case, make_check


def _squats(make_outcome: MakeOutcome, *spans: tuple[str, float, float]) -> dict[str, bool | None]:
    outcome = make_outcome(make_case(SQUATS, "videos"))
    assert outcome.result is not None
    segments = [Segment(posture=p, person=0, start_s=a, end_s=b) for p, a, b in spans]
    outcome = replace(outcome, result=outcome.result.model_copy(update={"segments": segments}))
    return {fact.name: fact.holds for fact in facts([outcome])}


def test_squats_are_counted_and_timed(make_outcome: MakeOutcome) -> None:
    good = [("squatting", 1.2, 2.8), ("standing", 3.4, 5.4), ("squatting", 5.8, 7.6), ("standing", 8.4, 10.2),
            ("squatting", 11.0, 12.8)]  # fmt: skip
    assert set(_squats(make_outcome, *good).values()) == {True}
    said = _squats(make_outcome, *good[:3], ("sitting", 11.0, 12.8))
    assert said == {"squats.count": False, "squats.times": False, "squats.between": False, "squats.not-sitting": False}


@pytest.mark.parametrize(("start", "holds"), [(1.6, True), (7.0, False)])
def test_a_walk_backwards_is_not_to_be_scored(make_outcome: MakeOutcome, start: float, holds: bool) -> None:
    check = make_check("WA-03", "pass", start_s=start, end_s=start + 2.0).model_copy(update={"posture": "walking"})
    outcome = make_outcome(make_case(DEMO4, "videos"), check)
    said = {fact.name: fact.holds for fact in facts([outcome])}
    assert said["demo4.backwards"] is holds
    assert said["demo4.arm"] is None


def test_files_that_are_not_there_say_nothing(make_outcome: MakeOutcome) -> None:
    assert facts([make_outcome(make_case("posture/other.mp4", "videos"))]) == []
