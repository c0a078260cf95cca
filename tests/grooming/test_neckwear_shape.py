"""How a tie sits, on drawn maps of known geometry."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posture_check.grooming import neckwear_shape as shape

CELL = 1.2


def drawn_tie(
    x: float = 15.0,
    top: float = 5.0,
    length: float = 36.0,
    tilt: float = 0.0,
    wide: float = 6.0,
    cut: float | None = None,
) -> np.ndarray:
    """Return the share of a tie ``(60, 32)`` in cells of 1.2 cm: knot, blade that widens, right-angled tip."""
    fine = 16
    lean = np.tan(np.radians(tilt))
    end = top + length
    outline = np.array(
        [
            [x - 1.6, top],
            [x + 1.6, top],
            [x + 1.2 + 3.5 * lean, top + 3.5],
            [x + lean * (length - wide / 2 / CELL) + wide / 2 / CELL, end - wide / 2 / CELL],
            [x + lean * length, end],
            [x + lean * (length - wide / 2 / CELL) - wide / 2 / CELL, end - wide / 2 / CELL],
            [x - 1.2 + 3.5 * lean, top + 3.5],
        ]
    )
    canvas = np.zeros((60 * fine, 32 * fine), np.float32)
    cv2.fillPoly(canvas, [np.round((outline + 0.5) * fine).astype(np.int32)], 1.0)
    if cut is not None:
        canvas[round((cut + 0.5) * fine) :] = 0
    return canvas.reshape(60, fine, 32, fine).mean((1, 3))


@pytest.mark.parametrize("x", [9.0, 15.3, 21.7])
@pytest.mark.parametrize("tilt", [-8.0, 0.0, 5.0])
def test_knot_and_tilt_are_those_drawn(x: float, tilt: float) -> None:
    blade = shape.blade_of(drawn_tie(x, tilt=tilt), CELL)
    assert blade is not None
    knot = shape.knot_of(blade, CELL)
    assert knot[0] * CELL == pytest.approx((x + np.tan(np.radians(tilt))) * CELL, abs=0.5)
    found = shape.tilt_of(blade, CELL, blade.end)
    assert found is not None
    assert found[0] == pytest.approx(tilt, abs=1.0)


@pytest.mark.parametrize("length", [25.0, 33.4, 41.7])
def test_end_of_the_tie_is_its_tip(length: float) -> None:
    blade = shape.blade_of(drawn_tie(length=length), CELL)
    assert blade is not None
    assert blade.end * CELL == pytest.approx((5 + length) * CELL, abs=1.2)
    assert blade.top * CELL == pytest.approx(5 * CELL, abs=0.8)


def test_tip_is_told_from_the_opening_of_a_jacket() -> None:
    whole = shape.blade_of(drawn_tie(), CELL)
    tie = drawn_tie(length=40)
    rows, columns = np.mgrid[:60, :32]
    opening = abs(columns - 15) < (26 - rows) * 0.25
    hidden = shape.blade_of(tie * opening, CELL)
    assert whole is not None
    assert hidden is not None
    assert not shape.tapers(whole, CELL)
    assert shape.tapers(hidden, CELL)


def test_a_lanyard_across_the_tie_does_not_end_it() -> None:
    tie = drawn_tie(length=36)
    tie[20:23] = 0
    blade = shape.blade_of(tie, CELL)
    assert blade is not None
    assert blade.end == pytest.approx(41, abs=1)


def test_a_speck_far_below_is_not_the_tie() -> None:
    tie = drawn_tie(length=20)
    tie[50:52, 14:17] = 1
    blade = shape.blade_of(tie, CELL)
    assert blade is not None
    assert blade.end == pytest.approx(25, abs=1)


def test_no_tie_has_no_outline() -> None:
    assert shape.blade_of(np.full((60, 32), 0.05), CELL) is None


def test_a_short_blade_has_no_tilt() -> None:
    blade = shape.blade_of(drawn_tie(cut=14.0), CELL)
    assert blade is not None
    assert shape.tilt_of(blade, CELL, blade.end) is None


def test_collar_is_between_cells() -> None:
    rows, columns = np.mgrid[:20, :32]
    scores = -((columns - 14.3) ** 2 + (rows - 5.6) ** 2)
    x, y, spread = shape.collar_of(scores)
    assert (x, y) == pytest.approx((14.3, 5.6), abs=0.1)
    assert spread < 1.5


@pytest.mark.parametrize("line", [39.0, 41.5])
def test_belt_line_is_the_upper_edge_of_the_trousers(line: float) -> None:
    lower = np.clip(np.arange(60)[:, None] - line + 0.5, 0, 1) * np.ones((1, 32))
    lower[:, 14:17] = 0  # the tie hides it
    inside = np.ones((60, 32), bool)
    found = shape.belt_of(lower, inside, (15.0, 45.0), CELL)
    assert found is not None
    assert found[0] == pytest.approx(line, abs=0.6)


def test_no_belt_line_where_no_trousers_are_seen() -> None:
    inside = np.ones((60, 32), bool)
    assert shape.belt_of(np.zeros((60, 32)), inside, (15.0, 40.0), CELL) is None
    inside[30:] = False
    assert shape.belt_of(np.ones((60, 32)) * (np.arange(60) > 29)[:, None], inside, (15.0, 29.0), CELL) is not None
