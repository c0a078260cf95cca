"""Regression limits: what the bench's figures must not fall below or rise above.

``limits.toml`` has a table per scope (``full``, ``subset``); each line is a figure's name with ``min`` or
``max``. A figure that could not be computed counts as regressed: a check that silently measures nothing
would always pass.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from posture_check.errors import InputError

Figures = Mapping[str, float | None]


def load_limits(path: Path, scope: str) -> dict[str, dict[str, float]]:
    """Return the limits of a scope by the figures' names.

    Raises
    ------
    InputError
        If the file or the scope is not there, or a line has neither ``min`` nor ``max``.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}): name a limits file with --limits") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from error
    if scope not in tables:
        raise InputError(f"{path}: no table [{scope}]: add one, or run the bench in a scope that has limits")
    for name, limit in tables[scope].items():
        if not limit or set(limit) - {"min", "max"}:
            raise InputError(f"{path}: [{scope}] {name}: give 'min', 'max' or both (got {limit})")
    return dict(tables[scope])


def regressions(figures: Figures, limits: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return one line per figure beyond its limit; none means that all is well."""
    lines = []
    for name, limit in limits.items():
        value = figures.get(name)
        if value is None:
            lines.append(f"{name}: not measured in this run")
        elif value < limit.get("min", value):
            lines.append(f"{name}: {value:.3f} is below {limit['min']:g}")
        elif value > limit.get("max", value):
            lines.append(f"{name}: {value:.3f} is above {limit['max']:g}")
    return lines
