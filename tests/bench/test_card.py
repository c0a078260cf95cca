"""The held-out figures of a model card."""

from __future__ import annotations

from pathlib import Path

from bench.card import held_out_section
from posture_check.resources import models_dir


def test_the_section_is_taken_whole_and_alone(tmp_path: Path) -> None:
    card = tmp_path / "model.md"
    card.write_text(
        "# Card\nsplit held out\n\n## Figures, held-out\n\n| a |\n|---|\n| 1 |\n\nMore.\n\n## Limits\n\nnone\n"
    )
    assert held_out_section(card) == ["| a |", "|---|", "| 1 |", "", "More."]


def test_no_card_has_no_section(tmp_path: Path) -> None:
    assert held_out_section(tmp_path / "model.md") == []


def test_the_arm_model_has_held_out_figures() -> None:
    assert any("precision" in line for line in held_out_section(models_dir() / "arms.md"))
