from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.reports.body_marks import Figure
from posture_check.reports.draw import COLOURS, Pen
from posture_check.reports.marks import MARKS, draw_checks, label_text, spread
from posture_check.rules.result import Verdict
from tests.reports.make import SIZE, make_check, standing_points


def drawn(*checks, points=None, visibility=None, right=True):
    """Return the picture with the marks of some checks on black."""
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    points = standing_points() if points is None else points
    trail = np.array([[640.0 + x, 172.0] for x in range(-20, 20)])
    figure = Figure(points, np.ones(33) if visibility is None else visibility, trail)
    draw_checks(Pen(image, 2.0), figure, checks, "en", 15, right=right)
    return image


def coloured(image, verdict):
    return np.argwhere(np.abs(image.astype(int) - COLOURS[verdict]).max(axis=-1) < 12)


@pytest.mark.parametrize("rule", sorted(MARKS))
def test_every_mark_draws_in_the_colour_of_its_verdict(rule):
    image = drawn(make_check(rule, Verdict.FAIL, value=5.0, unit="deg"))
    assert len(coloured(image, Verdict.FAIL)) > 50
    assert len(coloured(image, Verdict.PASS)) == 0


@pytest.mark.parametrize("rule", sorted(MARKS))
def test_no_mark_minds_a_body_that_is_not_there(rule):
    drawn(make_check(rule, Verdict.FAIL), points=np.full((33, 2), np.nan), visibility=np.zeros(33))
    parallel = standing_points()
    parallel[29:33, 0] = [600, 680, 600, 680]
    drawn(make_check(rule, Verdict.FAIL), points=parallel)


def test_a_shoulder_mark_lies_at_the_shoulders():
    rows = coloured(drawn(make_check("ST-02", Verdict.PASS, value=0.1, unit="deg")), Verdict.PASS)[:, 0]
    assert abs(np.median(rows) - 172) < 25


def test_the_feet_mark_lies_at_the_feet():
    rows = coloured(drawn(make_check("ST-07", Verdict.PASS)), Verdict.PASS)[:, 0]
    assert rows.min() > 560


def test_a_rule_of_one_side_is_marked_on_that_side():
    for side, sign in (("left", 1), ("right", -1)):
        columns = coloured(drawn(make_check(f"ST-10.{side}", Verdict.FAIL)), Verdict.FAIL)[:, 1]
        hand = 640 + sign * 84
        assert abs(np.median(columns) - hand) < 120
        assert not np.any(np.abs(columns - (640 - sign * 84)) < 20)


def test_what_was_not_assessed_is_not_drawn_and_what_is_fine_with_the_hands_neither():
    assert not drawn(make_check("ST-02", Verdict.NOT_ASSESSED), make_check("ST-10", Verdict.PASS)).any()


def test_an_unknown_clause_draws_nothing():
    assert not drawn(make_check("XX-99", Verdict.FAIL)).any()


def test_labels_say_clause_and_value_with_its_decimals():
    check = make_check("ST-07", value=57.23, error=6.1, unit="deg")
    assert label_text(check, "en") == "ST-07  57.2°"
    assert label_text(make_check("ST-10", value=0.97, unit="probability"), "en") == "ST-10"


def test_labels_stand_on_the_side_that_is_asked_for():
    check = make_check("ST-12", Verdict.FAIL)
    for right in (True, False):
        columns = coloured(drawn(check, right=right), Verdict.FAIL)[:, 1]
        assert (columns > 765).any() == right
        assert (columns < 515).any() != right


def test_labels_keep_their_order_while_the_body_moves(monkeypatch):
    order = []
    monkeypatch.setattr("posture_check.reports.marks.draw_chip", lambda *call: order.append((call[3][1], call[2])))
    checks = [make_check(rule, Verdict.FAIL) for rule in ("ST-07", "ST-02", "ST-13", "ST-01.roll", "ST-10")]
    for shift in np.linspace(-60, 60, 9):
        order.clear()
        points = standing_points()
        points[11:17, 1] += shift
        drawn(*checks, points=points)
        assert [text for _, text in sorted(order)] == ["ST-01", "ST-02", "ST-13", "ST-10", "ST-07"]


def test_labels_stay_beside_the_body():
    image = drawn(make_check("ST-02", Verdict.FAIL, value=5.0, unit="deg"), make_check("ST-07", Verdict.FAIL))
    plain = drawn()
    changed = (image != plain).any(axis=-1)
    # A chip has rows of solid colour: its dark ground is wider than any stroke.
    points = standing_points()
    inside = changed[:, int(points[:, 0].min()) : int(points[:, 0].max())]
    assert inside.mean() < 0.15


@given(st.lists(st.floats(-100, 900), min_size=1, max_size=12))
def test_spread_labels_do_not_overlap_and_keep_their_order_inside_the_picture(wanted):
    tops = spread(sorted(wanted), 30, 720)
    assert all(b - a >= 30 - 1e-6 for a, b in pairwise(tops))
    assert tops[0] >= 2
    assert tops[-1] <= 720 - 30 + 1e-6


def test_labels_with_room_stay_where_they_belong():
    assert spread([100.0, 300.0, 500.0], 30, 720) == [100.0, 300.0, 500.0]
