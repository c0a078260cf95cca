from __future__ import annotations

import itertools
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.web.admin import plots
from posture_check.web.admin.badges import QUIET, badge_svg

SVG = "{http://www.w3.org/2000/svg}"
START = datetime(2026, 11, 1, tzinfo=UTC)


def read(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_span_the_range_and_are_few(low: float, width: float) -> None:
    steps = plots.ticks(low, low + width)
    assert steps[0] <= low + 1e-6 * (width + abs(low))
    assert steps[-1] >= low + width - 1e-6 * (width + abs(low))
    assert 2 <= len(steps) <= 9
    assert steps == sorted(steps)


@pytest.mark.parametrize(("low", "high"), [(0, 0), (5, 3), (float("nan"), 1), (0, float("inf"))])
def test_ticks_of_no_range_are_ticks_all_the_same(low: float, high: float) -> None:
    if np.isfinite(low):
        assert len(plots.ticks(low, high)) >= 2


def test_bars_stand_on_one_another_and_add_up() -> None:
    bars = [plots.Bar("11-01", (8, 1, 2, 1)), plots.Bar("11-02", (4, 0, 0, 0))]
    drawn = read(plots.stacked_bars(bars, title="t", describe="d", y_label="n", names=("a", "b", "c", "d")))
    first = [
        rect for rect in drawn.iter(f"{SVG}rect") if rect.get("x") == drawn.find(f"{SVG}rect[@class='m-pass']").get("x")
    ]  # type: ignore[union-attr]
    heights = [float(rect.get("height") or 0) for rect in first]
    assert len(heights) == 4
    assert heights[0] / heights[1] == pytest.approx(8, rel=0.02)
    tops = sorted((float(rect.get("y") or 0), float(rect.get("height") or 0)) for rect in first)
    for (y, height), (below, _) in itertools.pairwise(tops):
        assert y + height == pytest.approx(below, abs=0.2)


def test_values_outside_the_limit_lie_outside_the_band() -> None:
    dots = [
        plots.Dot(START, 2.0, 0.4, "pass", "inside"),
        plots.Dot(START + timedelta(days=3), 5.0, 0.4, "fail", "above"),
        plots.Dot(START + timedelta(days=5), -6.0, None, "fail", "below"),
    ]
    drawn = read(
        plots.dots_over_time(
            dots, title="t", describe="d", y_label="°", names=("a", "b", "c", ""), limit=(-3.2, 3.2), limit_name="l"
        )
    )
    band = drawn.find(f"{SVG}rect[@class='band']")
    assert band is not None
    top = float(band.get("y") or 0)
    end = top + float(band.get("height") or 0)
    inside = drawn.find(f".//{SVG}circle[@class='d-pass']")
    assert inside is not None
    assert top < float(inside.get("cy") or 0) < end
    crosses = [path for path in drawn.iter(f"{SVG}path") if path.find(f"{SVG}title") is not None]
    assert len(crosses) == 2
    for path, said in zip(crosses, ("above", "below"), strict=True):
        y = float((path.get("d") or "").split()[1].split("l")[0]) + 4.5
        assert y < top if said == "above" else y > end


@pytest.mark.parametrize("limit", [(None, 3.0), (1.0, None), (None, None)])
def test_open_limits_and_one_value_can_be_drawn(limit: tuple[float | None, float | None]) -> None:
    dots = [plots.Dot(START, 2.0, None, "pass", "one")]
    read(
        plots.dots_over_time(
            dots, title="t", describe="d", y_label="", names=("a", "b", "c", ""), limit=limit, limit_name="l"
        )
    )


def test_nothing_can_be_drawn() -> None:
    read(plots.stacked_bars([], title="t", describe="d", y_label="n", names=("a", "b", "c", "d")))
    read(plots.share_lines([], title="t", describe="d", names=("a", "b")))


def test_what_is_drawn_is_escaped_and_needs_no_inline_style() -> None:
    evil = '"><script>alert(1)</script>'
    for markup in (
        plots.stacked_bars([plots.Bar(evil, (1, 0, 0, 0))], title=evil, describe=evil, y_label=evil, names=(evil,) * 4),
        plots.share_lines([plots.Share(evil, 0.5, 0.2, evil)], title=evil, describe=evil, names=(evil, evil)),
        plots.dots_over_time(
            [plots.Dot(START, 1.0, 0.1, "warn", evil)],
            title=evil,
            describe=evil,
            y_label=evil,
            names=(evil,) * 4,
            limit=(0, 2),
            limit_name=evil,
        ),
    ):
        assert "<script" not in markup
        assert "style=" not in markup
        read(markup)


@pytest.mark.parametrize("code", ["1001", "PC-1001", "工号1001", "A" * 120])
def test_a_badge_code_is_read_again(code: str) -> None:
    drawn = read(badge_svg(code))
    side = int((drawn.get("viewBox") or "").split()[2])
    path = drawn.find(f"{SVG}path")
    assert path is not None
    picture = np.full((side, side), 255, np.uint8)
    for move in (path.get("d") or "").split("M")[1:]:
        x, y = (int(part) for part in move.split("h")[0].split())
        picture[y, x] = 0
    assert (picture[:QUIET] == 255).all()
    large = cv2.resize(picture, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    text, *_ = cv2.QRCodeDetector().detectAndDecode(large)
    assert text == code
