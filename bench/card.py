"""What a model's card says of its held-out figures: the honest ones where the bench's own are in-sample."""

from __future__ import annotations

from pathlib import Path


def held_out_section(card: Path) -> list[str]:
    """Return the lines of the card's section on held-out figures, without its heading; none without a card.

    The section is the first one whose heading says ``held out``.
    """
    if not card.exists():
        return []
    lines: list[str] = []
    inside = False
    for line in card.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            if inside:
                break
            inside = "held out" in line.lower().replace("-", " ")
        elif inside:
            lines.append(line)
    return "\n".join(lines).strip().splitlines()
