import numpy as np
import pytest

from posture_check.reports.draw import COLOURS, Pen, box, chip_size, draw_chip, draw_sign
from posture_check.rules.result import Verdict
from tests.reports.make import standing_points


@pytest.fixture
def blank():
    return np.zeros((200, 300, 3), np.uint8)


def has(image, colour):
    return bool((np.abs(image.astype(int) - colour).max(axis=-1) < 12).any())


def test_signs_differ_in_shape_and_not_only_in_colour():
    shapes = set()
    for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.BORDERLINE, Verdict.NOT_ASSESSED):
        image = np.zeros((40, 40, 3), np.uint8)
        draw_sign(image, verdict, (20, 20), 16)
        lit = np.abs(image.astype(int) - COLOURS[verdict]).max(axis=-1) < 40
        shapes.add(lit.tobytes())
    assert len(shapes) == 4


def test_a_line_keeps_a_dark_edge_on_a_white_picture():
    image = np.full((100, 100, 3), 255, np.uint8)
    Pen(image, 2).line(np.array([10.0, 50.0]), np.array([90.0, 50.0]), (240, 243, 246))
    assert image[:, 50].min() < 100


def test_an_arc_runs_on_the_smaller_side(blank):
    centre = np.array([150.0, 100.0])
    Pen(blank, 1).arc(centre, centre + np.array([50, 1]), centre + np.array([50, -50]), 60, (255, 0, 0))
    rows, columns = np.nonzero(blank[..., 0] > 200)
    assert columns.min() > 150
    assert rows.max() <= 105
    assert rows.min() >= 100 - 60 * np.sin(np.pi / 4) - 4


def test_landmarks_that_are_not_known_draw_nothing(blank):
    nowhere, here = np.full(2, np.nan), np.array([50.0, 50.0])
    pen = Pen(blank, 2)
    pen.line(nowhere, here, (255, 0, 0))
    pen.dashed(nowhere, here)
    pen.arc(here, nowhere, here, 20, (255, 0, 0))
    pen.ring(nowhere, 20, (255, 0, 0))
    pen.dot(nowhere, 3, (255, 0, 0))
    pen.skeleton(np.full((33, 2), np.nan), np.zeros(33))
    assert not blank.any()


def test_landmarks_far_outside_the_picture_harm_nothing(blank):
    Pen(blank, 2).line(np.array([-1e9, 50.0]), np.array([1e12, 60.0]), (255, 0, 0))
    draw_sign(blank, Verdict.PASS, (-500, 5000), 10)


def test_the_skeleton_is_drawn_where_the_landmarks_are():
    image = np.zeros((720, 1280, 3), np.uint8)
    points = standing_points()
    Pen(image, 2).skeleton(points, np.ones(33))
    rows, columns = np.nonzero(image.any(axis=-1))
    assert columns.min() >= points[:, 0].min() - 12
    assert columns.max() <= points[:, 0].max() + 12
    assert rows.max() <= points[:, 1].max() + 12


def test_a_box_over_the_edge_fills_only_what_is_inside(blank):
    box(blank, (-10, 190), (30, 50), (9, 9, 9))
    assert blank[190:, :20].min() == 9
    assert not blank[:190].any()
    assert not blank[:, 20:].any()
    box(blank, (400, 400), (10, 10), (9, 9, 9))


def test_a_chip_takes_the_size_that_it_announces(blank):
    width, height = chip_size("ST-02  5.1°", 16)
    draw_chip(blank, Verdict.FAIL, "ST-02  5.1°", (20, 20), 16)
    rows, columns = np.nonzero(blank.any(axis=-1))
    assert columns.max() - columns.min() + 1 == pytest.approx(width + 2, abs=2)
    assert rows.max() - rows.min() + 1 == pytest.approx(height + 2, abs=2)
    assert has(blank, COLOURS[Verdict.FAIL])
