"""Which calibration profile belongs to which source: a table of patterns, as CSV or YAML."""

from __future__ import annotations

import csv
import fnmatch
import io
from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from posture_check.calibrate.profile import load_profile
from posture_check.errors import InputError

HEADER = ("source", "calibration")
SUFFIXES = (".csv", ".yaml", ".yml")
SHAPE = "write a line 'source,calibration' and a pattern and a profile on each line below it"
YAML_SHAPE = "write each line as '\"pattern\": profile.yaml'"


def profiles_of(specs: Sequence[str], table: Path) -> dict[str, Path]:
    """Return the profile of every source that a table has one for.

    A pattern (``*``, ``?``, ``[…]``) is compared with the source as it was found, with its file name, and with the end
    of its path; the first line that matches counts. Profiles are looked for beside the table.

    Parameters
    ----------
    specs
        Sources as the audit names them.
    table
        CSV with the columns ``source`` and ``calibration``, or a YAML mapping of patterns to profiles.

    Raises
    ------
    InputError
        If the table cannot be read, a pattern matches no source, or a profile is missing or not valid.
    """
    chosen: dict[str, Path] = {}
    for line, pattern, profile in read_table(table):
        where = f"{table}:{line}"
        path = table.parent / profile
        try:
            load_profile(path)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
        matched = [spec for spec in specs if matches(spec, pattern)]
        if not matched:
            raise InputError(f"{where}: {pattern!r} matches none of the {len(specs)} sources: mend it or take it out")
        for spec in matched:
            chosen.setdefault(spec, path)
    return chosen


def matches(spec: str, pattern: str) -> bool:
    """Say whether a source is one that a pattern means."""
    plain, wanted = spec.replace("\\", "/"), pattern.replace("\\", "/").removeprefix("./")
    return (
        fnmatch.fnmatchcase(plain, wanted)
        or fnmatch.fnmatchcase(plain, f"*/{wanted}")
        or fnmatch.fnmatchcase(plain.removeprefix("./"), wanted)
    )


def read_table(table: Path) -> list[tuple[int, str, str]]:
    """Return line number, pattern and profile of every line of a table.

    Raises
    ------
    InputError
        If it is not such a table, holds nothing, or names a pattern twice.
    """
    if table.suffix.lower() not in SUFFIXES:
        raise InputError(f"--calibrations {table}: unknown kind of file: let its name end in {' or '.join(SUFFIXES)}")
    try:
        text = table.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            f"--calibrations {table}: cannot be read ({error.strerror}): name an existing table"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"--calibrations {table}: not UTF-8 text: save it as UTF-8") from error
    rows = _from_csv(table, text) if table.suffix.lower() == ".csv" else _from_yaml(table, text)
    if not rows:
        raise InputError(f"--calibrations {table}: holds no line: {SHAPE}")
    seen: dict[str, int] = {}
    for line, pattern, _ in rows:
        if pattern in seen:
            raise InputError(f"{table}:{line}: {pattern!r} is there already, in line {seen[pattern]}: take one out")
        seen[pattern] = line
    return rows


def _from_csv(table: Path, text: str) -> list[tuple[int, str, str]]:
    reader = csv.reader(io.StringIO(text))
    rows: list[tuple[int, str, str]] = []
    head = False
    for cells in reader:
        cells = [cell.strip() for cell in cells]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if not head:
            if tuple(cell.lower() for cell in cells) != HEADER:
                raise InputError(f"{table}:{reader.line_num}: the first line is not 'source,calibration': {SHAPE}")
            head = True
            continue
        if len(cells) != len(HEADER) or not all(cells):
            raise InputError(f"{table}:{reader.line_num}: {len(cells)} cells: {SHAPE}")
        rows.append((reader.line_num, cells[0], cells[1]))
    return rows


def _from_yaml(table: Path, text: str) -> list[tuple[int, str, str]]:
    try:
        tree = YAML().load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise InputError(
            f"{table}{line}: not YAML (a pattern that starts with * wants quotes): {YAML_SHAPE}"
        ) from error
    if tree is None:
        return []
    if not isinstance(tree, CommentedMap):
        raise InputError(f"{table}: not a table: {YAML_SHAPE}")
    rows = []
    for pattern, profile in tree.items():
        at = int(tree.lc.key(pattern)[0]) + 1
        if not isinstance(pattern, str) or not isinstance(profile, str) or not pattern or not profile:
            raise InputError(f"{table}:{at}: not a pattern and a profile: {YAML_SHAPE}")
        rows.append((at, pattern, profile))
    return rows
