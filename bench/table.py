"""Markdown tables and the numbers in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bench.score import Spread

NAMES_SHOWN = 8


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def ratio(part: int, whole: int) -> str:
    """Return a share with its counts."""
    return f"{part / whole:.2f} ({part}/{whole})" if whole else "-"


def share(value: float | None) -> str:
    """Return a share, a dash for none."""
    return "-" if value is None else f"{value:.2f}"


def figure(value: float | None) -> str:
    """Return a number with three digits, a dash for none."""
    return "-" if value is None else f"{value:.3g}"


def spread_of(s: Spread | None) -> str:
    """Return median, 95th percentile and number of some errors."""
    return f"{s.median:.2g} / {s.p95:.2g} ({s.n})" if s else ""


def short(name: str) -> str:
    """Return the last part of a case's name."""
    return name.rsplit("/", 1)[-1]


def listed(names: Sequence[str], shown: int = NAMES_SHOWN) -> str:
    """Return the first names of some, and how many more there are."""
    more = len(names) - shown
    return ", ".join(short(name) for name in names[:shown]) + (f" and {more} more" if more > 0 else "")
