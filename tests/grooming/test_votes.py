from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats, lists, permutations

from posture_check.grooming.votes import Look, vote, vote_on
from posture_check.landmarks.findings import Finding, Mark


def looks(name: str, *found: Finding, weights: list[float] | None = None) -> list[Look]:
    weights = weights or [1.0] * len(found)
    return [Look(float(i), w, {name: f}) for i, (f, w) in enumerate(zip(found, weights, strict=True))]


def test_no_looks_find_nothing() -> None:
    assert vote([]) == {}


def test_one_look_is_what_it_is_at_its_time() -> None:
    mark = Mark("point", ((1.0, 2.0),))
    for name, value in (("tie_worn", 0.93), ("tie_tip", -3.0)):
        (finding,) = vote([Look(4.5, 0.2, {name: Finding(value, 0.4, marks=(mark,))})]).values()
        assert finding == Finding(value, 0.4, None, 1, 4.5, (mark,))


def test_numbers_come_to_their_median_shown_where_it_is_nearest() -> None:
    found = vote_on("knot_offset", looks("knot_offset", *(Finding(v, 0.5) for v in (0.2, 0.3, 0.4, 5.0, 0.5))))
    assert found.value == pytest.approx(0.4)
    assert found.evidence_s == 2.0
    assert found.frames == 5


def test_more_looks_leave_what_they_have_in_common() -> None:
    errors = [
        vote_on("tie_tip", looks("tie_tip", *[Finding(1.0, 2.0)] * n)).error for n in (1, 2, 5, 100)
    ]  # fmt: skip
    assert errors == sorted(errors, reverse=True)  # type: ignore[type-var]
    assert errors[0] == 2.0
    assert errors[-1] == pytest.approx(2.0 * np.sqrt(0.5), rel=0.01)


def test_looks_that_differ_widen_the_error_of_a_number() -> None:
    alike = vote_on("tie_tip", looks("tie_tip", *(Finding(v, 1.0) for v in (0.9, 1.0, 1.1))))
    apart = vote_on("tie_tip", looks("tie_tip", *(Finding(v, 1.0) for v in (-8.0, 1.0, 9.0))))
    assert alike.value == apart.value == 1.0
    assert alike.error is not None
    assert alike.error < 1.0
    assert apart.error is not None
    assert apart.error > 5.0


def test_the_surer_and_the_better_look_count_for_more() -> None:
    found = [Finding(0.0, 0.2), Finding(1.0, 2.0), Finding(1.0, 2.0)]
    assert vote_on("knot_offset", looks("knot_offset", *found)).value == 0.0
    found = [Finding(0.0, 1.0), Finding(1.0, 1.0), Finding(1.0, 1.0)]
    assert vote_on("knot_offset", looks("knot_offset", *found, weights=[1.0, 0.1, 0.1])).value == 0.0


@given(lists(floats(-20, 20), min_size=1, max_size=7).flatmap(permutations))
def test_a_number_lies_among_the_looks_whatever_their_order(values: list[float]) -> None:
    found = vote_on("tie_tip", looks("tie_tip", *(Finding(v, 1.0) for v in values)))
    assert found.value is not None
    assert min(values) <= found.value <= max(values)
    again = vote_on("tie_tip", looks("tie_tip", *(Finding(v, 1.0) for v in values[::-1])))
    assert again.value == pytest.approx(found.value)
    assert again.error == pytest.approx(found.error)


def test_probabilities_come_to_their_mean_log_odds() -> None:
    found = vote_on("beard", looks("beard", Finding(0.9, 0.1), Finding(0.99, 0.1)))
    assert found.value == pytest.approx(1 / (1 + np.exp(-(np.log(9) + np.log(99)) / 2)))
    assert found.reason is None
    assert found.error == 0.1
    assert found.frames == 2


@given(lists(floats(0.71, 1.0), min_size=1, max_size=6))
def test_looks_of_one_mind_decide_however_far_apart(values: list[float]) -> None:
    for worn in (True, False):
        found = vote_on("tie_worn", looks("tie_worn", *(Finding(v if worn else 1 - v, 0.2) for v in values)))
        assert found.reason is None
        assert found.value is not None
        assert abs(found.value - 0.5) > 0.2
        assert (found.value > 0.5) == worn


def test_looks_that_contradict_each_other_decide_nothing() -> None:
    found = vote_on("tie_worn", looks("tie_worn", Finding(0.95, 0.2), Finding(0.04, 0.2)))
    assert found.reason == "uncertain"
    assert found.value is not None
    assert found.error is not None
    assert found.error > 0.2


def test_one_odd_look_among_many_is_outvoted() -> None:
    found = vote_on("tie_worn", looks("tie_worn", *[Finding(0.98, 0.1)] * 4, Finding(0.3, 0.1)))
    assert found.reason is None
    assert found.value is not None
    assert found.value > 0.8
    assert found.evidence_s != 4.0


def test_doubtful_looks_count_and_may_be_settled_by_sure_ones() -> None:
    doubt = Finding(0.55, 0.2, "uncertain")
    assert vote_on("beard", looks("beard", doubt, doubt)).reason == "uncertain"
    settled = vote_on("beard", looks("beard", doubt, Finding(0.97, 0.2), Finding(0.97, 0.2)))
    assert settled.reason is None
    assert settled.frames == 3


def test_only_views_that_show_it_have_a_say() -> None:
    turned, side = Finding(reason="view"), Finding(2.0, 0.5)
    found = vote_on("hair_above_collar", looks("hair_above_collar", turned, side, turned, turned))
    assert found.value == 2.0
    assert found.frames == 1
    assert found.evidence_s == 1.0
    assert found.reason is None


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (("view", "view", "occluded"), "occluded"),
        (("out_of_frame", "view"), "out_of_frame"),
        (("too_small", "occluded", "view"), "too_small"),
        (("too_dark", "out_of_frame"), "too_dark"),
        (("absent", "absent", "occluded"), "absent"),
        (("absent", "occluded", "occluded"), "occluded"),
        (("absent", "view", "view", "view"), "absent"),
        (("absent", "occluded"), "occluded"),
        (("not_enrolled", "not_enrolled"), "not_enrolled"),
        (("view", "view"), "view"),
    ],
)
def test_the_most_telling_reason_stands_for_all(reasons: tuple[str, ...], expected: str) -> None:
    found = vote_on("tie_tip", looks("tie_tip", *(Finding(reason=r) for r in reasons)))  # type: ignore[arg-type]
    assert found.reason == expected
    assert found.value is None


def test_absent_needs_more_looks_than_those_that_have_a_value() -> None:
    none, some = Finding(reason="absent"), Finding(-1.0, 1.0)
    assert vote_on("tie_tip", looks("tie_tip", none, some, some)).value == -1.0
    assert vote_on("tie_tip", looks("tie_tip", none, some)).value == -1.0
    assert vote_on("tie_tip", looks("tie_tip", none, none, some)).reason == "absent"


def test_a_reason_is_shown_on_the_best_look_that_gave_it() -> None:
    mark = Mark("point", ((1.0, 2.0),))
    found = [Finding(reason="view"), Finding(reason="occluded"), Finding(reason="occluded", marks=(mark,))]
    voted = vote_on("tie_tip", looks("tie_tip", *found, weights=[0.9, 0.2, 0.5]))
    assert voted.evidence_s == 2.0
    assert voted.marks == (mark,)
    assert voted.frames == 2


def test_a_number_that_every_look_doubts_keeps_its_value_and_the_doubt() -> None:
    found = vote_on("badge_tilt", looks("badge_tilt", *[Finding(4.0, 3.0, "uncertain")] * 2))
    assert found.value == 4.0
    assert found.reason == "uncertain"
