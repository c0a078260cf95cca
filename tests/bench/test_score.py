"""Scores, against counts done by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.score import Judged, Reading, score, spread

VERDICTS = ("pass", "fail", "borderline", "not_assessed")


def _judged(*pairs: tuple[str, str]) -> list[Judged]:
    return [Judged(f"clip{i}", "ST-02", truth, verdict, "view") for i, (truth, verdict) in enumerate(pairs)]


def test_abstained_positives_count_as_missed() -> None:
    s = score(
        _judged(("fail", "fail"), ("fail", "borderline"), ("fail", "not_assessed"), ("fail", "pass"))
        + _judged(("pass", "fail"), ("pass", "pass"))
    )
    assert s.recall == 1 / 4
    assert s.precision == 1 / 2
    assert s.right_share == 2 / 4
    assert s.wrong == ["clip3", "clip0"]


def test_borderline_is_a_pass_as_the_document_counts_it() -> None:
    s = score(_judged(("fail", "borderline"), ("pass", "borderline"), ("pass", "pass")))
    assert s.right_share == 1
    assert s.right_share_counted == 2 / 3
    assert s.borderline_share == 2 / 3


def test_not_assessed_counts_only_where_it_could_be_judged() -> None:
    seen = Judged("a", "ST-02", "pass", "not_assessed", "too_small", in_view=True)
    judged = Judged("b", "ST-02", "pass", "pass", None, in_view=True)
    from_the_side = Judged("c", "ST-02", "pass", "not_assessed", "view", in_view=False)
    s = score([seen, judged, from_the_side])
    assert s.not_assessed_share == 1 / 2
    assert s.reasons == {"too_small": 1, "view": 1}


def test_nothing_gives_no_figure_rather_than_a_perfect_one() -> None:
    s = score([])
    assert (s.precision, s.recall, s.right_share, s.not_assessed_share) == (None, None, None, None)
    assert spread([]) is None


@given(st.lists(st.tuples(st.sampled_from(("pass", "fail")), st.sampled_from(VERDICTS))))
def test_every_case_is_counted_once(pairs: list[tuple[str, str]]) -> None:
    s = score(_judged(*pairs))
    assert s.tp + s.fp + s.tn + s.missed + s.borderline + s.not_assessed == s.n == len(pairs)
    assert len(s.wrong) == s.fp + s.missed


def test_spread_of_errors_and_coverage() -> None:
    readings = [
        Reading("a", value=11.0, truth=10.0, error=0.5),  # just within two errors
        Reading("b", value=13.0, truth=10.0, error=1.0),
        Reading("c", value=8.0, truth=10.0, error=None),
    ]
    s = spread(readings)
    assert s is not None
    assert (s.n, s.median, s.bias) == (3, 2.0, 1.0)
    assert s.p95 == pytest.approx(2.9)
    assert s.coverage == 1 / 2
