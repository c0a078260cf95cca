"""Small rules files for the tests of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from posture_check.resources import rules_path
from posture_check.rules.loader import RuleBook, load_rules

ONE = """\
version: 1
rules:
  - id: ST-02
    posture: standing
    title: {zh: 双肩端平, en: Shoulders level}
    source: {document: S1, section: 站姿 2}
    basis: house
    measure: shoulder_tilt
    limit: {max_abs: 3.2}
    wrong: {low: {zh: 右高, en: right higher}, high: {zh: 左高, en: left higher}}
    fix: {low: {zh: 放低右肩, en: lower the right}, high: {zh: 放低左肩, en: lower the left}}
"""
"""A valid file of one rule; its limit stands in line 9."""

TWO = ONE + ONE.split("rules:\n")[1].replace("ST-02", "ST-03")


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "rules.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def shipped(folder: Path, *changes: tuple[str, str]) -> RuleBook:
    """Return the shipped rules with some text of the file exchanged."""
    text = rules_path().read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the rules"
        text = text.replace(old, new)
    return load_rules(written(folder, text))


def changed(book: RuleBook, rule_id: str, **fields: Any) -> RuleBook:
    """Return a rule book with some fields of one rule changed."""
    rules = tuple(r.model_copy(update=fields) if r.id == rule_id else r for r in book.rules)
    return RuleBook(rules, book.choices, book.sha256, book.path)
