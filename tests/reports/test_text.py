import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture_check.reports import text
from posture_check.reports.text import line_height, put_text, shorten, text_mask, text_size, wrap

CHARACTERS = "脚尖张开双肩端平站姿叉腰抱胸插口袋请侧身对着镜头合格不未评定临界"


def test_every_chinese_character_is_drawn_with_a_shape_of_its_own():
    shapes = {text_mask(c, 24).tobytes() for c in dict.fromkeys(CHARACTERS)}
    assert len(shapes) == len(set(CHARACTERS))
    assert all(text_mask(c, 24).sum() > 20 for c in CHARACTERS)


def test_this_installation_draws_chinese():
    assert text.draws_chinese()


@given(st.text(alphabet=CHARACTERS + "abcXYZ 0123°±≤", min_size=1, max_size=20), st.integers(10, 40))
def test_all_texts_of_a_size_are_one_line_high_and_longer_texts_are_wider(words, px):
    width, height = text_size(words, px)
    assert height == line_height(px)
    assert text_size(words + "站", px)[0] > width


def test_nothing_is_cut_off_at_the_top_or_bottom_of_a_line():
    for px in (12, 16, 24, 40):
        mask = text_mask("Agjpqy|()平齐底线°", px)
        assert mask[0].max() < 0.2
        assert mask[-1].max() < 0.2


def test_text_is_drawn_in_its_colour_where_it_was_put():
    image = np.zeros((60, 200, 3), np.uint8)
    end = put_text(image, "站姿", (20, 10), 24, (250, 0, 120))
    drawn = np.argwhere(image.any(axis=2))
    assert drawn.min(axis=0)[0] >= 10
    assert drawn.min(axis=0)[1] >= 20
    assert drawn.max(axis=0)[1] <= end
    assert image[..., 0].max() > 240
    assert image[..., 1].max() == 0


@pytest.mark.parametrize("at", [(-30, 5), (190, 5), (5, -20), (5, 55), (500, 500), (-500, -500)])
def test_text_over_the_edge_is_cut_off_and_harms_nothing(at):
    put_text(np.zeros((60, 200, 3), np.uint8), "双肩端平 Shoulders", at, 24, (255, 255, 255))


@given(st.integers(60, 400))
def test_wrapped_lines_fit_and_say_everything_if_there_is_room(width):
    words = "请放平左肩，保持端正。 Lower your left shoulder a little and hold it"
    lines = wrap(words, 16, width, lines=50)
    assert all(text_size(line, 16)[0] <= width for line in lines if len(line) > 1 and "…" not in line)
    if width >= 90:
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")


def test_chinese_punctuation_never_begins_a_line():
    for width in range(40, 200, 7):
        assert not any(
            line[0] in "，。：" for line in wrap("脚尖张开，双肩端平。站姿：合格，请侧身，对着镜头。", 16, width, 20)
        )


@given(st.integers(30, 300))
def test_what_does_not_fit_ends_in_an_ellipsis_within_the_width(width):
    words = "Take your hands off your hips 请把手从腰间放下"
    for line in (shorten(words, 16, width), *wrap(words, 16, width, lines=2)):
        assert text_size(line, 16)[0] <= width or line == "…"
    short = shorten(words, 16, width)
    assert short == words or short.endswith("…")


def test_without_a_font_in_opencv_the_machines_chinese_font_is_used(monkeypatch):
    if text.find_cjk_font() is None:
        pytest.skip("no Chinese font on this machine")
    monkeypatch.setattr(text, "_opencv_has_fonts", lambda: False)
    text_mask.cache_clear()
    try:
        assert text_mask("双", 24).shape[0] == line_height(24)
        assert (text_mask("双", 24).shape != text_mask("肩", 24).shape) or (
            text_mask("双", 24) != text_mask("肩", 24)
        ).any()
    finally:
        text_mask.cache_clear()


def test_without_any_chinese_font_we_know_it(monkeypatch):
    monkeypatch.setattr(text, "_opencv_has_fonts", lambda: False)
    monkeypatch.setattr(text, "find_cjk_font", lambda: None)
    text.draws_chinese.cache_clear()
    try:
        assert not text.draws_chinese()
    finally:
        text.draws_chinese.cache_clear()
