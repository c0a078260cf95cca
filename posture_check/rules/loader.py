"""Reads ``rules.yaml``, and says in which line it is wrong."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from posture_check.errors import InputError
from posture_check.resources import rules_path
from posture_check.rules.schema import Choice, Rule, RuleFile


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules in force, and the fingerprint of the file they came from."""

    rules: tuple[Rule, ...]
    choices: tuple[Choice, ...]
    sha256: str
    path: Path

    def rule(self, rule_id: str) -> Rule:
        """Return one rule by its id.

        Raises
        ------
        InputError
            If there is no such rule.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise InputError(f"{self.path.name}: no rule {rule_id!r}; 'posture-check rules list' shows them all")

    def clause(self, clause: str) -> tuple[Rule, ...]:
        """Return every rule of a clause (``ST-03``) or the one rule of that id (``ST-03.side``).

        Raises
        ------
        InputError
            If there is none.
        """
        found = tuple(rule for rule in self.rules if clause.upper() in (rule.clause, rule.id.upper()))
        if not found:
            raise InputError(f"{self.path.name}: no clause {clause!r}; 'posture-check rules list' shows them all")
        return found


def load_rules(path: Path | None = None) -> RuleBook:
    """Read and validate a rules file; None reads the one that ships.

    Raises
    ------
    InputError
        If the file is missing, not YAML, or not valid; the message gives file and line.
    """
    path = path or rules_path()
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise InputError(f"{path}: cannot be read ({e.strerror}): name an existing rules file") from e
    return _parsed(path, raw)


@functools.lru_cache(maxsize=8)
def _parsed(path: Path, raw: bytes) -> RuleBook:
    """Read a rules file's content; kept, since every source of a batch is judged by the same one."""
    from posture_check.measures import MEASURES

    try:
        tree = YAML(typ="rt").load(raw.decode("utf-8"))
    except UnicodeDecodeError as e:
        raise InputError(f"{path}: not UTF-8 text: save it as UTF-8") from e
    except MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        raise InputError(f"{path}:{mark.line + 1 if mark else 1}: not valid YAML: {e.problem}") from e
    except ReaderError as e:
        line = raw.decode("utf-8").count("\n", 0, e.position) + 1
        raise InputError(f"{path}:{line}: not valid YAML: character U+{e.character:04X} is not allowed") from e
    if not isinstance(tree, dict):
        raise InputError(f"{path}:1: expected 'version:' and 'rules:' at the top")
    try:
        book = RuleFile.model_validate(tree)
    except ValidationError as e:
        raise InputError(_first_error(path, tree, e)) from e
    for i, rule in enumerate(book.rules):
        for name in (rule.measure, *rule.figures):
            if name is not None and name not in MEASURES:
                line = _line(tree, ("rules", i, "measure" if name == rule.measure else "figures"))
                raise InputError(
                    f"{path}:{line}: {rule.id}: unknown measure {name!r}; known: {', '.join(sorted(MEASURES))}"
                )
    return RuleBook(book.rules, book.choices, hashlib.sha256(raw).hexdigest(), path)


def _first_error(path: Path, tree: Any, error: ValidationError) -> str:
    found = error.errors()
    first = found[0]
    where = first["loc"] or _named(tree, first["msg"])
    node: Any = tree
    name = ""
    for key in where:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(node, dict) and "id" in node:
            name = f"{node['id']}: "
    field = ".".join(str(k) for k in where if isinstance(k, str) and k not in ("rules", "choices"))
    said = first["msg"].removeprefix("Value error, ")
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    got = first.get("input")
    shown = f" (got {got!r})" if isinstance(got, str | int | float | bool) else ""
    return f"{path}:{_line(tree, where)}: {name}{field + ': ' if field else ''}{said}{shown}{more}"


def _named(tree: Any, said: str) -> tuple[int | str, ...]:
    """Return where the last choice or rule stands that an error of the whole file names."""
    for part in ("choices", "rules"):
        entries = tree.get(part) or []
        for i in reversed(range(len(entries))):
            if re.search(rf"(?<![\w.-]){re.escape(entries[i]['id'])}(?![\w.-])", said):
                return (part, i)
    return ()


def _line(tree: Any, where: tuple[int | str, ...]) -> int:
    """Return the line (from 1) of the deepest part of ``where`` that is in the file."""
    line = 0
    node = tree
    for key in where:
        try:
            position = node.lc.data[key]
            line = position[0]
            node = node[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line + 1
