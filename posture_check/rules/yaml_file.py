"""Reads the YAML files of rules and sites, and says in which line one is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from posture_check.errors import InputError


def read_bytes(path: Path, what: str) -> bytes:
    """Return a file's content; ``what`` names the kind of file in the error.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as e:
        raise InputError(f"{path}: cannot be read ({e.strerror}): name an existing {what} file") from e


def parse(path: Path, raw: bytes) -> Any:
    """Return the tree of a YAML file, which knows the line of each of its parts.

    Raises
    ------
    InputError
        If it is not UTF-8 or not YAML; the message gives file and line.
    """
    try:
        return YAML(typ="rt").load(raw.decode("utf-8"))
    except UnicodeDecodeError as e:
        raise InputError(f"{path}: not UTF-8 text: save it as UTF-8") from e
    except MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        raise InputError(f"{path}:{mark.line + 1 if mark else 1}: not valid YAML: {e.problem}") from e
    except ReaderError as e:
        line = raw.decode("utf-8").count("\n", 0, e.position) + 1
        raise InputError(f"{path}:{line}: not valid YAML: character U+{e.character:04X} is not allowed") from e


def first_error(path: Path, tree: Any, error: ValidationError) -> str:
    """Return the first of a file's errors in one line: file, line, entry, field, and what is wrong."""
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
    field = ".".join(str(k) for k in where if isinstance(k, str) and k not in ("rules", "choices", "steps"))
    return f"{path}:{line_of(tree, where)}: {name}{field + ': ' if field else ''}{said(error)}"


def said(error: ValidationError) -> str:
    """Return what is wrong first, with what was given, and how many more errors there are."""
    found = error.errors()
    first = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    got = first.get("input")
    shown = f" (got {got!r})" if isinstance(got, str | int | float | bool) else ""
    return f"{first['msg'].removeprefix('Value error, ')}{shown}{more}"


def line_of(tree: Any, where: tuple[int | str, ...]) -> int:
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


def _named(tree: Any, said: str) -> tuple[int | str, ...]:
    """Return where the last choice or rule stands that an error of the whole file names."""
    for part in ("choices", "rules"):
        entries = tree.get(part) or []
        if not isinstance(entries, list):
            continue
        for i in reversed(range(len(entries))):
            if re.search(rf"(?<![\w.-]){re.escape(entries[i]['id'])}(?![\w.-])", said):
                return (part, i)
    return ()
