from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from posture_check import fonts
from posture_check.fonts import find_cjk_font


@pytest.fixture(autouse=True)
def forget() -> None:
    find_cjk_font.cache_clear()
    yield
    find_cjk_font.cache_clear()


def test_the_font_found_draws_different_chinese_characters_differently() -> None:
    from PIL import ImageFont

    path = find_cjk_font()
    if path is None:
        pytest.skip("no Chinese font on this machine: ./test installs one where it may")
    font = ImageFont.truetype(str(path), 32)
    drawn = {bytes(font.getmask(character)) for character in "站坐行蹲"}
    assert len(drawn) == 4  # a font without them draws the same empty box each time


def test_fontconfig_is_asked_when_the_usual_places_are_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    font = tmp_path / "own.ttf"
    font.touch()
    program = tmp_path / "fc-list"
    program.write_text(f"#!/bin/sh\necho {tmp_path}/gone.ttf\necho {font}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(fonts, "_USUAL", {})
    monkeypatch.setattr(shutil, "which", lambda name: str(program))
    assert find_cjk_font() == font


def test_a_machine_without_one_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_USUAL", {})
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert find_cjk_font() is None
